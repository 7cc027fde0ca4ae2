"""Parameters of modelled functions of packages for scripts, as the packages themselves have them.

`python tests/extract_script_signatures.py MODEL…` installs the package of each model with npm, asks Node for the source of
every function that the model has, reads its parameters, and writes `tests/signatures/js-PACKAGE-VERSION.json`: their names
by path, without what the parameters are by default.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jwtlint.models.documents import documents
from jwtlint.models.signatures import opening
from jwtlint.read import read
from jwtlint.read.trees import parsed
from jwtlint.survey import SCRIPT

SIGNATURES = Path(__file__).parent / "signatures"
# `X()` is an instance: what follows is looked up in the prototype where `X` is a class, else in what it gives.
SOURCES = """
const [name, ...paths] = process.argv.slice(1);
const found = {};
const follow = ([owner, value], step) => {
  if (step !== '()') return [value, value[step]];
  return [value, /^class/.test(value.toString()) ? value.prototype : value.call(owner, '/')];
};
const loaded = await import(name);
const whole = typeof loaded.default === 'function' ? loaded.default : { ...loaded, ...loaded.default };
const made = (value) => {
  const own = value.toString().match(/constructor(\\([^)]*\\))/);
  return own ? own[1] : /^class/.test(value.toString()) ? made(Object.getPrototypeOf(value)) : '()';
};
for (const path of paths) {
  const steps = path.slice(name.length).replaceAll('()', '.()').split('.').filter(Boolean);
  const value = steps.reduce(follow, [loaded, whole])[1] ?? loaded[steps[0]];
  found[path] = /^class/.test(value.toString()) ? made(value) : value.toString();
}
console.log(JSON.stringify(found));
"""


def file_of(package: str, version: str) -> Path:
    """Where the signatures of a package are kept."""
    return SIGNATURES / f"js-{package.removeprefix(SCRIPT).replace('/', '+')}-{version}.json"


def paths_of(document: dict[str, Any]) -> list[str]:
    """The functions of a model that are its package's own."""
    named = (key[: opening(key)] for key in document.get("calls") or {})
    return [path for path in named if path.startswith(document["package"]) and "__" not in path]


def parameters(source: str) -> list[str]:
    """The names of a function's parameters; one that is taken apart has none."""
    forms = (f"({source})", f"({{ {source} }})", f"function f{source} {{}}")
    whole = (form.encode() for form in forms if not parsed("javascript", form.encode()).root.has_error)
    functions = next(filter(None, (read("javascript", form).functions for form in whole)))
    return [item.name for item in functions[0].params]


def extracted(package: str, version: str, paths: Iterable[str]) -> dict[str, list[str]]:
    """The parameters of functions of an installed package."""
    name = package.removeprefix(SCRIPT)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "install", "--silent", f"{name}@{version}"], cwd=folder, check=True)
        asked = [path.removeprefix(SCRIPT) for path in paths]
        argv = ["node", "--input-type=module", "-e", SOURCES, name, *asked]
        done = subprocess.run(argv, cwd=folder, check=True, capture_output=True, text=True)
    return {SCRIPT + path: parameters(source) for path, source in json.loads(done.stdout.splitlines()[-1]).items()}


def main(*models: str) -> None:
    for model in models:
        document = dict(documents()[f"{model}.yml"])
        package, version = document["package"], str(document["newest"])
        text = json.dumps(extracted(package, version, paths_of(document)), indent=1)
        file_of(package, version).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
