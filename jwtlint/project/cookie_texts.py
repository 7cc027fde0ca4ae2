"""Cookies that are set as one text, `token=…; Path=/; Secure`, as `document.cookie` takes them (RFC 6265, section 4.1.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jwtlint.facts import Binary, Constant, Term, Text

_NAMED = re.compile(r"\s*([^=;\s]+)\s*=")
_SAME_SITE = re.compile(r";\s*samesite\s*=\s*(\w+)", re.IGNORECASE)
_SECURE = re.compile(r";\s*secure\b", re.IGNORECASE)


@dataclass(frozen=True)
class CookieText:
    """A cookie as a text has it: what stands between the name and the flags is its value."""

    name: str
    value: Term
    flags: dict[str, object]


def read(term: Term) -> CookieText | None:
    """The cookie that a text with parts that are worked out sets; None of other texts, and where it takes one away."""
    parts = tuple(_parts(term))
    first = parts[0] if parts else None
    named = _NAMED.match(first.value) if isinstance(first, Constant) and isinstance(first.value, str) else None
    text = "".join(str(part.value) if isinstance(part, Constant) else "?" for part in parts)
    computed = [part for part in parts[1:] if not isinstance(part, Constant)]
    if named is None or not computed or named.end() < len(str(first.value).rstrip()):  # type: ignore[union-attr]
        return None
    site = _SAME_SITE.search(text)
    flags = {"secure": bool(_SECURE.search(text)), "samesite": site[1].lower() if site else ""}
    unsure = len(computed) > 1
    return CookieText(named[1], computed[0], {} if unsure else flags)


def _parts(term: Term) -> Iterator[Term]:
    """What a text is put together of, in order."""
    match term:
        case Text(parts=parts):
            for part in parts:
                yield from _parts(part)
        case Binary(operator="+", left=left, right=right):
            yield from _parts(left)
            yield from _parts(right)
        case _:
            yield term
