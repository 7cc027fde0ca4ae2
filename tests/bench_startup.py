"""What a project without any token costs: CPU seconds of `jwtlint check`, beside those of `import click` in the same run.

Run it with the interpreter of an environment into which a wheel is installed: `python tests/bench_startup.py [ROUNDS]`.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

FILES = 20
LINES = "import os\n\n\ndef area(width, height):\n    return width * height\n\n\n" * 20


def cpu(command: list[str], folder: str) -> float:
    """The CPU seconds, user and system, that a command takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for number in range(FILES):
            Path(folder, f"shape{number}.py").write_text(LINES, encoding="utf-8")
        Path(folder, "pyproject.toml").touch()
        ours, click = [], []
        for _ in range(rounds):
            click.append(cpu([sys.executable, "-c", "import click"], folder))
            ours.append(cpu([sys.executable, "-m", "jwtlint", "check", "."], folder))
    one, other = statistics.median(ours), statistics.median(click)
    print(f"jwtlint check {one:.3f} s, import click {other:.3f} s, ratio {one / other:.2f}, median of {rounds} rounds")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
