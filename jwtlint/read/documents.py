"""Settings files as facts: the whole file is one mapping whose entries know their places.

What every format has in common: places by offsets, and plain data as terms.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

from jwtlint.facts import AnyTerm, Binding, Constant, Entries, Entry, Facts, Items, Name, Opaque, Span
from jwtlint.read.ignores import of_lines
from jwtlint.read.manifests import variables
from jwtlint.templates import without_statements

MAX_BYTES = 500_000
MAX_NODES = 20_000  # of one file; what comes after them, as of aliases within aliases, is unknown
MAX_DEPTH = 100
MAX_SECTIONS = 10_000
_LARGEST = 2**63
Place = tuple[str | int, ...]


def decoded(data: bytes) -> str:
    """The text of a file; what is no UTF-8 is replaced.

    Raises:
        ValueError: it is too large to hold settings.
    """
    if len(data) > MAX_BYTES:
        raise ValueError(f"larger than {MAX_BYTES // 1_000} kB, not read")
    return data.decode("utf-8-sig", errors="replace")


def in_sections(data: bytes) -> str:
    """The text of a file of sections, the statements of a template left out.

    Raises:
        ValueError: it is too large to hold settings, or has too many sections.
    """
    text = without_statements(decoded(data))
    if text.count("\n[") > MAX_SECTIONS:
        raise ValueError(f"more than {MAX_SECTIONS} sections, not read")
    return text


class Lines:
    """Where offsets of a text lie, with lines as editors count them."""

    def __init__(self, text: str) -> None:
        self.starts = [0, *(match.end() for match in re.finditer(r"\r\n?|\n", text))]

    def span(self, start: int, end: int) -> Span:
        first, last = (bisect_right(self.starts, offset) - 1 for offset in (start, end))
        return Span(first + 1, start - self.starts[first] + 1, last + 1, end - self.starts[last] + 1)


def facts(text: str, *documents: AnyTerm) -> Facts:
    """The facts of a file that holds a value, or a stream of them: the binding of a name that no program can spell."""
    document = documents[0] if len(documents) == 1 else Opaque("stream", documents)
    at = Lines(text).span(0, max(0, len(text.rstrip())))
    binding = Binding("", Name("", 0), document, None, at, 0, ())
    found = tuple(variable for one in documents for variable in variables(one))
    return Facts(bindings=(binding,), variables=found, ignores=of_lines(text))


def scalar(value: object) -> AnyTerm:
    """A text, number, truth value or None; anything else, and what cannot be written again, is unknown."""
    match value:
        case bool() | None:
            return Constant(value)
        case int() if abs(value) < _LARGEST:
            return Constant(value)
        case float() if math.isfinite(value):
            return Constant(value)
        case str() if not any("\ud800" <= letter <= "\udfff" for letter in value):
            return Constant(value)
    return Opaque(type(value).__name__)


@dataclass
class Plain:
    """Plain data lowered into terms.

    Args:
        places: where the entry at a path of keys stands; one that is not there stands where the one around it does.
    """

    places: Mapping[Place, Span] = field(default_factory=dict)
    count: int = 0

    def term(self, value: object, path: Place = (), around: Span = Span(1, 1, 1, 1)) -> AnyTerm:
        """The term of a value at a path."""
        self.count += 1
        if self.count > MAX_NODES or len(path) > MAX_DEPTH:
            return Opaque("deep")
        if isinstance(value, dict):
            return Entries(tuple(self._entry(str(key), inner, path, around) for key, inner in value.items()))
        if isinstance(value, list):
            return Items("list", tuple(self.term(inner, (*path, at), around) for at, inner in enumerate(value)))
        return scalar(value)

    def _entry(self, key: str, value: object, path: Place, around: Span) -> Entry:
        place = (*path, key)
        at = self.places.get(place, around)
        return Entry(scalar(key), self.term(value, place, at), at)
