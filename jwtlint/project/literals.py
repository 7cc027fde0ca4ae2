"""Tokens that stand in the source: decoded, so that samples and expired ones are told from live ones."""

from __future__ import annotations

import base64
import binascii
import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jwtlint.finding import Location

if TYPE_CHECKING:
    from jwtlint.project.names import Module

_SAMPLE_SUBJECTS = frozenset({"1234567890"})  # jwt.io's, which every tutorial copies
_SHORTEST_SIGNATURE = 43  # base64url of 32 bytes, the shortest that RFC 7518 section 3.1 has


@dataclass(frozen=True)
class TokenLiteral:
    """A text that is a token."""

    at: Location
    text: str
    header: dict[str, Any]
    claims: dict[str, Any]

    @property
    def is_live(self) -> bool:
        """Whether it may still be accepted somewhere: signed, whole, not expired, and not the well-known sample."""
        expires = self.claims.get("exp")
        expired = isinstance(expires, int | float) and expires < time.time()
        signed = str(self.header.get("alg", "none")).lower() != "none"
        whole = len(self.text.rpartition(".")[2]) >= _SHORTEST_SIGNATURE
        return signed and whole and not expired and self.claims.get("sub") not in _SAMPLE_SUBJECTS

    @property
    def described(self) -> str:
        """What kind it is, without its text."""
        forever = "exp" not in self.claims
        return f"{self.header.get('alg')}, {'it never expires' if forever else 'it has not expired'}"


def token_literals(modules: Iterable[Module]) -> Iterator[TokenLiteral]:
    """The texts of files that decode as tokens."""
    for module in modules:
        for found in module.facts.tokens:
            header, claims = (_decoded(part) for part in found.value.split(".")[:2])
            if header is not None and claims is not None:
                yield TokenLiteral(module.at(found.at), found.value, header, claims)


def _decoded(part: str) -> dict[str, Any] | None:
    try:
        data = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return None
    return data if isinstance(data, dict) else None
