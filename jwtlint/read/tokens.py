"""Tokens that stand in a text of the source."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jwtlint.facts import Span, TokenText

_TOKEN = re.compile(r"(?<![A-Za-z0-9_.-])eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*")


def tokens(text: str, at: Span) -> Iterator[TokenText]:
    """The tokens in a text literal, all at its place."""
    return (TokenText(match[0], at) for match in _TOKEN.finditer(text))
