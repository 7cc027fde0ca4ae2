"""Signatures of libraries that cannot be installed beside those of the tests.

`python tests/extract_signatures.py MODEL VERSION [REQUIREMENT…]` installs the distribution of a model at that version (and
what else it needs) into an environment of its own, asks it for every callable that the model has of that version, and
writes `tests/signatures/DISTRIBUTION-VERSION.json`: parameters by path, each with its kind and its default's text.
"""

import builtins
import inspect
import itertools
import json
import subprocess
import sys
import tempfile
import venv
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SIGNATURES = Path(__file__).parent / "signatures"
DJANGO_SETTINGS: dict[str, Any] = {
    "SECRET_KEY": "x" * 64,
    "INSTALLED_APPS": [
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "rest_framework",
        "rest_framework.authtoken",
        "rest_framework_simplejwt.token_blacklist",
        "oauth2_provider",
    ],
    "DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
}


def resolved(path: str) -> Any:
    """What a modelled path leads to; `X()` is an instance of a class, so what follows is looked up in the class."""
    parts = path.replace("()", ".()").split(".")
    names = list(itertools.takewhile(lambda part: part != "()", parts))
    found: Any = builtins
    for count in range(len(names), 0, -1):
        with suppress(ImportError):
            found, parts = import_module(".".join(names[:count])), parts[count:]
            break
    for index, part in enumerate(parts):
        if part != "()":
            found = getattr(found, part)
        elif index == len(parts) - 1:
            found = vars(found)["__call__"]
    return found


def parameters(path: str) -> list[tuple[str, str, str]]:
    """Name, kind and default (as text) of each parameter but `self` and `cls`."""
    found = inspect.signature(resolved(path)).parameters.values()
    return [(item.name, item.kind.name, repr(item.default)) for item in found if item.name not in ("self", "cls")]


def with_django() -> None:
    """Settings for libraries that read them when they are imported, with those of the applications that are installed."""
    with suppress(ImportError):
        settings = import_module("django.conf").settings
        if not settings.configured:
            apps = [name for name in DJANGO_SETTINGS["INSTALLED_APPS"] if find_spec(name.partition(".")[0])]
            settings.configure(**DJANGO_SETTINGS | {"INSTALLED_APPS": apps})
            import_module("django").setup()


def paths_of(model: str, version: str) -> tuple[str, list[str]]:
    """The distribution of a model, and the callables that it has of a version."""
    from jwtlint.models.documents import documents
    from jwtlint.models.signatures import opening

    document = documents()[f"{model}.yml"]
    sections = [document, *document.get("versions", ())]
    calls = next(section.get("calls", {}) for section in sections if str(section["newest"]) == version)
    return document["package"], [key[: opening(key)] for key in calls if not key.startswith("any.")]


def main(model: str, version: str, *requirements: str) -> None:
    distribution, paths = paths_of(model, version)
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder, "bin", "python"))
        install = [python, "-m", "pip", "install", "-q", f"{distribution}=={version}", *requirements]
        subprocess.run(install, check=True)
        done = subprocess.run([python, __file__, "--here", *paths], check=True, capture_output=True, text=True)
    text = json.dumps(json.loads(done.stdout.splitlines()[-1]), indent=1)
    (SIGNATURES / f"{distribution}-{version}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1] == "--here":
        with_django()
        print(json.dumps({path: parameters(path) for path in sys.argv[2:]}))
    else:
        main(*sys.argv[1:])
