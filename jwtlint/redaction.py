"""Which parts of a source line may hold a secret: a key that reads `secret` is no reason to blacken names."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator

from jwtlint.paths import PROGRAMS

# A text, to the end of the line where it goes on below; a comment. What is left are names, numbers and signs.
_WRITTEN = re.compile(r"""("{3}|'{3}|["'])(?:\\.|(?!\1).)*(?:\1|$)|#.*""")
_SCRIPTED = re.compile(r"""(["'`])(?:\\.|(?!\1).)*(?:\1|$)|//.*|/?\*.*""")
_VALUE = re.compile(r"(?<=[=:]).*|^[^=:]*$")
HIDDEN = "***"


def spellings(secret: str) -> frozenset[str]:
    """How a secret may be written in a line: as it is, escaped, or as a manifest has it in base64.

    Shorter ones than three characters would blacken whole lines.
    """
    encoded = (base64.b64encode(f"{secret}{end}".encode(errors="replace")).decode() for end in ("", "\n"))
    escaped = json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1], secret.replace("'", "''")
    found = (*secret.splitlines(), *escaped, *(text.rstrip("=") for text in encoded))
    return frozenset(text for text in found if len(text) > 2) if len(secret) > 2 else frozenset()


def hidden(line: str, secrets: Iterable[str], kind: str | None) -> list[tuple[int, int]]:
    """Where secrets stand in a line, in order: in the texts and comments of code, in the value of another kind of file."""
    pattern = _WRITTEN if kind == "python" else _SCRIPTED if kind in PROGRAMS else _VALUE
    parts = [match.span() for match in pattern.finditer(line)]
    found = sorted(span for secret in secrets for span in _places(line, secret, parts))
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _places(line: str, secret: str, parts: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for start, end in parts:
        at = line.find(secret, start, end)
        while at >= 0:
            yield at, at + len(secret)
            at = line.find(secret, at + 1, end)


def without(line: str, spans: Iterable[tuple[int, int]], start: int, end: int) -> str:
    """A part of a line, stars in place of what is hidden."""
    shown, at = [], start
    for first, last in spans:
        if first < end and last > start:
            shown += [line[at : max(at, first)], HIDDEN]
            at = last
    return "".join((*shown, line[at:end]))
