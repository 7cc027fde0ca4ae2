"""Languages that programs are written in: how what is outside is told apart, and what is there without import."""

from __future__ import annotations

from dataclasses import dataclass

from jwtlint import paths
from jwtlint.survey import SCRIPT


@dataclass(frozen=True)
class Language:
    """A language.

    Args:
        prefix: what paths of its packages and globals begin with, so that `jose` of one is not that of another.
        builtins: names that are there without import.
    """

    prefix: str
    builtins: frozenset[str]


PYTHON = Language(
    "",
    frozenset(
        [
            "abs",
            "all",
            "any",
            "bool",
            "bytes",
            "dict",
            "float",
            "getattr",
            "int",
            "len",
            "list",
            "max",
            "min",
            "open",
            "print",
            "round",
            "set",
            "str",
            "super",
            "tuple",
        ]
    ),
)
JAVASCRIPT = Language(
    SCRIPT, frozenset(["Date", "Math", "Number", "String", "parseFloat", "parseInt", "super"])
)  # and all that models know


def of_kind(kind: str) -> Language:
    """The language of a kind of file; what holds settings is as Python has it."""
    return JAVASCRIPT if paths.is_script(kind) else PYTHON


def of_path(path: str) -> Language:
    """The language of a file of the project."""
    return of_kind(paths.kind(path) or "")


def of_outside(path: str) -> Language:
    """The language that a path outside the project is of."""
    return JAVASCRIPT if path.startswith(JAVASCRIPT.prefix) else PYTHON
