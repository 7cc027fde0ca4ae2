"""Reports: a format is a module with a function `write`, imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from jwtlint.engine import Report

_HOMES = {"full": "text", "concise": "concise", "json": "json", "sarif": "sarif"}


def writer(name: str) -> Callable[[Report, TextIO, bool], None]:
    """The function that writes a report in the format `name`, with colours or without."""
    write: Callable[[Report, TextIO, bool], None] = import_module(f"jwtlint.report.{_HOMES[name]}").write
    return write
