"""How many bytes a token takes, from as much of it as is known.

Its three parts are base64url without padding, with a dot between them (RFC 7515 sections 2 and 7.1).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jwtlint.project.value import Moment, Sequence, Table, Value

if TYPE_CHECKING:
    from jwtlint.project.concepts import Issuance

# Bytes of a signature or MAC: the hash for HMAC, both numbers for ECDSA, the modulus for RSA, which is no shorter than
# 2048 bits (RFC 7518 sections 3.2 to 3.5); Ed25519 (RFC 8037 section 3.1).
SIGNATURES: Mapping[str, int] = {
    "none": 0,
    "hs256": 32,
    "hs384": 48,
    "hs512": 64,
    "es256": 64,
    "es384": 96,
    "es512": 132,
    "eddsa": 64,
    **dict.fromkeys(("rs256", "rs384", "rs512", "ps256", "ps384", "ps512"), 256),
}
SECONDS = 10  # digits of a date as JSON has it (RFC 7519 section 2, NumericDate), until the year 2286
UNIQUE = 36  # characters of a UUID (RFC 9562 section 4), as which libraries write `jti`
DATES = frozenset({"exp", "iat", "nbf"})


@dataclass(frozen=True)
class Size:
    """How long a token is.

    Args:
        least: bytes of what is known of it, encoded; what is not known counts for nothing.
        unknown: claims whose values are not known.
        whole: whether the known claims are all.
    """

    least: int
    unknown: tuple[str, ...]
    whole: bool

    def __str__(self) -> str:
        left = [f"`{name}`" for name in self.unknown] + ([] if self.whole else ["further claims"])
        rest = f" ({', '.join(left)} unknown)" if left else ""
        return f"{self.least} bytes encoded{rest}"


def size(token: Issuance) -> Size:
    """The smallest that a token can be, header and signature with it."""
    tables = [claims.data for claims in token.claims if isinstance(claims.data, Table)] or [Table(closed=False)]
    return min((_size(token, table) for table in tables), key=lambda found: found.least)


def _size(token: Issuance, claims: Table) -> Size:
    algorithms = [value.text for value in token.algorithms if value.text in SIGNATURES] or ["hs256"]
    algorithm = min(algorithms, key=lambda name: SIGNATURES[str(name)])
    lengths = {str(name): _of_claim(str(name), values) for name, values in claims.entries.items()}
    lengths |= {name: _of_claim(name, ()) for name in token.added if name not in lengths}
    if token.has("lifetime"):
        lengths.setdefault("exp", SECONDS)
    payload = 1 + sum(len(json.dumps(name)) + 2 + (length or 0) for name, length in lengths.items())
    header = len(json.dumps({"alg": algorithm, "typ": "JWT"}, separators=(",", ":")))
    least = encoded(header) + 1 + encoded(payload) + 1 + encoded(SIGNATURES[str(algorithm)])
    unknown = tuple(sorted(name for name, length in lengths.items() if length is None))
    return Size(least, unknown, claims.closed)


def encoded(count: int) -> int:
    """Characters that a number of bytes takes in base64url without padding: four for three."""
    return (4 * count + 2) // 3


def _of_claim(name: str, values: tuple[Value, ...]) -> int | None:
    """Characters of a claim's value, the fewest of those that it can have; None where nobody knows."""
    if name in DATES:
        return SECONDS
    if name == "jti" and not values:
        return UNIQUE + 2
    lengths = [_of(value) for value in values] or [None]
    return None if None in lengths else min(length for length in lengths if length is not None)


def _of(value: Value) -> int | None:
    """Characters of a value in JSON without spaces."""
    match value.data:
        case Moment():
            return SECONDS
        case str() | bool() | int() | float() | None:
            return len(json.dumps(value.data))
        case Table(entries=entries, closed=True):
            inner = {name: _of_claim(str(name), values) for name, values in entries.items()}
            known = [len(json.dumps(str(name))) + 2 + length for name, length in inner.items() if length is not None]
            return 1 + sum(known) if len(known) == len(inner) else None
        case Sequence(items=items, closed=True):
            elements = [_of_claim("", element) for element in items]
            known = [length + 1 for length in elements if length is not None]
            return 1 + sum(known) if len(known) == len(elements) else None
    return None
