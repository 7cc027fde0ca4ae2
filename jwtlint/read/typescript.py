"""TypeScript files: read as JavaScript is."""

from __future__ import annotations

from jwtlint.facts import Facts
from jwtlint.read.javascript import facts
from jwtlint.read.trees import utf8


def parse(data: bytes) -> Facts:
    """The facts of a file of TypeScript."""
    return facts("typescript", utf8(data))
