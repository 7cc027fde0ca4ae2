"""Signatures of a version that cannot be installed beside the one of the tests.

`python tests/extract_signatures.py DISTRIBUTION VERSION PATH…` installs the distribution into an environment of its own
and writes `tests/signatures/DISTRIBUTION-VERSION.json`: parameters by path, each with its kind and its default's text.
"""

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

PROGRAM = """
import importlib, inspect, json, sys
found = {}
for path in sys.argv[1:]:
    home, _, name = path.rpartition(".")
    parameters = inspect.signature(getattr(importlib.import_module(home), name)).parameters.values()
    found[path] = [[item.name, item.kind.name, repr(item.default)] for item in parameters]
print(json.dumps(found))
"""


def main(distribution: str, version: str, *paths: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder, "bin", "python"))
        subprocess.run([python, "-m", "pip", "install", "-q", f"{distribution}=={version}"], check=True)
        done = subprocess.run([python, "-c", PROGRAM, *paths], check=True, capture_output=True, text=True)
    target = Path(__file__).parent / "signatures" / f"{distribution}-{version}.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(json.loads(done.stdout), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
