"""Texts and numbers of JavaScript as values."""

from __future__ import annotations

import math
import re

from jwtlint.facts import AnyTerm, Constant, Opaque

_LARGEST = 2**63
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}


def plain(text: str) -> AnyTerm:
    """A text, unless it holds a lone surrogate, which no encoding can write."""
    return Constant(text) if not re.search("[\ud800-\udfff]", text) else Opaque("text")


def escaped(text: str) -> str:
    """What `\\n`, `\\x41`, `\\u{1F600}` and the like stand for; a line that goes on is nothing."""
    body = text[1:]
    code = re.fullmatch(r"(?:x|u)\{?([0-9a-fA-F]+)\}?", body)
    if code:
        number = int(code[1], 16)
        return chr(number) if number < 0x110000 else ""
    return "" if body[:1] in "\r\n" else _ESCAPES.get(body, body)


def number(text: str) -> AnyTerm:
    """A number as the language writes it; one that 64 bits cannot hold is opaque."""
    text = text.replace("_", "").removesuffix("n").lower()
    try:
        value: int | float = int(text, 0) if re.fullmatch(r"0[xob][0-9a-f]+|[1-9]\d*|0", text) else float(text)
    except (ValueError, OverflowError):
        return Opaque("number")
    large = abs(value) >= _LARGEST if isinstance(value, int) else not math.isfinite(value)
    return Opaque("number") if large else Constant(value)
