"""A file's bytes → facts. `read` needs no file system and never raises."""

from __future__ import annotations

from importlib import import_module

from jwtlint.facts import Facts
from jwtlint.templates import is_template

# Each is imported when a file needs it: a parser of Python or YAML costs more than most runs.
_READERS = {
    "python": "python",
    "javascript": "javascript",
    "typescript": "typescript",
    "tsx": "tsx",
    "markup": "markup",
    "aliases": "aliases",
    "dotenv": "dotenv_file",
    "pins": "pins",
    "packages": "packages",
    "openapi": "openapi",
    "settings-yaml": "yaml_file",
    "settings-toml": "toml_file",
    "settings-ini": "ini_file",
    "properties": "properties_file",
    "dockerfile": "dockerfile",
}


def read(kind: str, data: bytes) -> Facts:
    """The facts of a file of a kind (see `files.Kind`); what cannot be read has a problem instead.

    The caller sees to it that `data` neither kills nor hangs the parser: see `guards.read_all`.
    """
    try:
        found: Facts = import_module(f"jwtlint.read.{_READERS[kind]}").parse(data)
        return found
    except RecursionError:
        return Facts(problem="nested too deeply to be read")
    except Exception as error:  # libcst raises errors of many kinds, and none may end a run
        return Facts(problem=f"cannot be parsed: {_line(error)}", unfilled=is_template(data.decode(errors="replace")))


def _line(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}"[:200]
