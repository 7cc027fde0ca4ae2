"""Environments of their own for dialects whose library cannot be installed beside the others.

`python tests/isolated.py FOLDER` makes one a dialect that is marked so, with the dependencies that the application's own
`pyproject.toml` asks for; the tests look for them in the folder that the environment variable `JWTLINT_ISOLATED` names.
"""

import os
import subprocess
import sys
import tomllib
import venv
from collections.abc import Iterator
from pathlib import Path

DIALECTS = Path(__file__).parent.parent / "fixtures" / "dialects"


def told(library: str) -> dict[str, object]:
    """What `dialect.toml` of a library says: `isolated`, `opaque` and `impossible`, each with its reason."""
    file = DIALECTS / library / "dialect.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def isolated() -> Iterator[str]:
    """The dialects that need an environment of their own."""
    return (path.name for path in sorted(DIALECTS.iterdir()) if "isolated" in told(path.name))


def python(library: str) -> str:
    """The interpreter that runs a dialect's applications; empty where its environment has not been made."""
    if "isolated" not in told(library):
        return sys.executable
    interpreter = Path(os.environ.get("JWTLINT_ISOLATED", ""), library, "bin", "python")
    return str(interpreter) if interpreter.is_file() else ""


def main(folder: str) -> None:
    for library in isolated():
        home = Path(folder, library)
        project = tomllib.loads((DIALECTS / library / "careless" / "pyproject.toml").read_text(encoding="utf-8"))
        venv.create(home, with_pip=True)
        install = [str(home / "bin" / "python"), "-m", "pip", "install", "-q", *project["project"]["dependencies"]]
        subprocess.run(install, check=True)


if __name__ == "__main__":
    main(sys.argv[1])
