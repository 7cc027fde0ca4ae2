"""Words by which people name things, from `_vocabulary.yml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from jwtlint.models.documents import VOCABULARY, documents

_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_NOISE = re.compile(r"[-_ .!]")


@dataclass(frozen=True)
class Vocabulary:
    """Kinds of token by word, claims that tell the kind or the user, and secrets that are guessed first."""

    kinds: tuple[tuple[str, frozenset[str]], ...]
    bearer: frozenset[str]
    lifetimes: frozenset[str]
    kind_claims: tuple[str, ...]
    user_claims: frozenset[str]
    guessable: frozenset[str]
    state_claims: frozenset[str]
    verifying: frozenset[str]
    routing_claims: frozenset[str]
    development: frozenset[str]
    production: frozenset[str]

    def kind(self, name: str) -> str:
        """The kind of token that an identifier speaks of; empty if of none."""
        parts = words_of(name)
        joined = "_".join(parts)
        for kind, known in self.kinds:
            if known & set(parts) or any("_" in word and word in joined for word in known):
                return kind
        return ""

    def is_guessable(self, secret: str) -> bool:
        """Whether a secret is one that is tried first."""
        return _NOISE.sub("", secret.casefold()) in self.guessable


def words_of(name: str) -> tuple[str, ...]:
    """`create`, `access`, `token` of `createAccessToken` and of `create_access_token`."""
    return tuple(part.lower() for part in _PARTS.findall(name))


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary that comes with the program."""
    document = documents()[VOCABULARY]
    return Vocabulary(
        kinds=tuple((kind, frozenset(known)) for kind, known in document["kinds"].items()),
        bearer=frozenset(document["bearer"]),
        lifetimes=frozenset(document["lifetimes"]),
        kind_claims=tuple(document["kind-claims"]),
        user_claims=frozenset(document["user-claims"]),
        guessable=frozenset(str(word) for word in document["guessable"]),
        state_claims=frozenset(document["state-claims"]),
        verifying=frozenset(document["verifying"]),
        routing_claims=frozenset(document["routing-claims"]),
        development=frozenset(document["development"]),
        production=frozenset(document["production"]),
    )
