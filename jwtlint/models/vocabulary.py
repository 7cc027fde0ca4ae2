"""Words by which people name things, from `_vocabulary.yml`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from jwtlint.models.documents import VOCABULARY, documents

_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_IN_ORDER = frozenset({"kind_claims"})
_AS_WRITTEN = frozenset(
    {"front_ends", "guessable", "life", "mounting"}
)  # texts that are looked for, not parts of names
_NOISE = re.compile(r"[-_ .!]")


@dataclass(frozen=True)
class Vocabulary:
    """Kinds of token by word, claims that tell the kind or the user, and secrets that are guessed first."""

    kinds: tuple[tuple[str, frozenset[str]], ...]
    purposes: tuple[tuple[str, frozenset[str]], ...]
    single_use_owners: frozenset[str]
    bearer: frozenset[str]
    kept: frozenset[str]
    lifetimes: frozenset[str]
    kind_claims: tuple[str, ...]
    type_claims: frozenset[str]
    user_claims: frozenset[str]
    guessable: frozenset[str]
    state_claims: frozenset[str]
    verifying: frozenset[str]
    routing_claims: frozenset[str]
    development: frozenset[str]
    secret_claims: frozenset[str]
    personal_claims: frozenset[str]
    life: frozenset[str]
    mounting: frozenset[str]
    token_state: frozenset[str]
    token_fields: frozenset[str]
    token_ids: frozenset[str]
    denying: frozenset[str]
    allowing: frozenset[str]
    asking: frozenset[str]
    keeping: frozenset[str]
    retiring: frozenset[str]
    making: frozenset[str]
    marks: frozenset[str]
    ordering: frozenset[str]
    client_secrets: frozenset[str]
    version_fields: frozenset[str]
    setting: frozenset[str]
    sessions: frozenset[str]
    other_sessions: frozenset[str]
    rows: frozenset[str]
    user_keys: frozenset[str]
    looking: frozenset[str]
    ending: frozenset[str]
    ending_in_logout: frozenset[str]
    requesting: frozenset[str]
    password_fields: frozenset[str]
    password_setters: frozenset[str]
    users: frozenset[str]
    creating: frozenset[str]
    changing: frozenset[str]
    id_claims: frozenset[str]
    bounding: frozenset[str]
    ends: frozenset[str]
    login_keys: frozenset[str]
    records: frozenset[str]
    standing: frozenset[str]
    completing: frozenset[str]
    refusing: frozenset[str]
    carriers: frozenset[str]
    authorization_claims: frozenset[str]
    production: frozenset[str]
    purging: frozenset[str]
    expired: frozenset[str]
    respelling: frozenset[str]
    store_failures: frozenset[str]
    ending_indexes: frozenset[str]
    template_defaults: tuple[tuple[str, str], ...]
    dumping: frozenset[str]
    people: frozenset[str]
    payloads: frozenset[str]
    right_lists: frozenset[str]
    loggers: frozenset[str]
    requests: frozenset[str]
    commands: frozenset[str]
    token_names: frozenset[str]
    token_heads: frozenset[str]
    other_tokens: frozenset[str]
    storing: frozenset[str]
    answers: frozenset[str]
    logins_kept: frozenset[str]
    front_ends: frozenset[str]
    refresh_names: frozenset[str]
    forgery: frozenset[str]
    forgery_beside: frozenset[str]
    exempting: frozenset[str]
    deployments: frozenset[str]
    native: frozenset[str]

    def kind(self, name: str) -> str:
        """The kind of token that an identifier speaks of; empty if of none. What something is found by says nothing of it."""
        words = words_of(name)
        return _first(self.kinds, "_".join(words[: words.index("by")] if "by" in words else words))

    def purpose(self, name: str) -> str:
        """What an endpoint is for by a name of its handler, or a path; empty if that tells nothing."""
        return _first(self.purposes, name)

    def denies(self, name: str) -> bool:
        """Whether an identifier speaks of what is no longer good: a denylist, or what is revoked."""
        return bool(_first((("denying", self.denying),), name))

    def purges(self, name: str) -> bool:
        """Whether an identifier speaks of taking something away."""
        return bool(_first((("purging", self.purging),), name))

    def names_token(self, name: str) -> bool:
        """Whether an identifier is surely that of a token: `access_token`, `shop.jwt`; not what guards one against forgery."""
        return bool(_first((("token", self.token_names),), name)) and not self.guards(name)

    def heads_token(self, name: str) -> bool:
        """Whether an identifier of a script is that of a login's token by its last word: `shop.token`, `ACCESS_TOKEN_KEY`;
        not `tokenType`, `deviceToken`, `csrfToken`, nor plain `tokens`, which a text has, too.
        """
        parts = [part for part in words_of(name) if not part.isdigit()]
        while parts and parts[-1] in self.storing:
            parts.pop()
        return bool(parts) and parts != ["tokens"] and parts[-1] in self.token_heads and not self.is_of_others(name)

    def is_of_others(self, name: str) -> bool:
        """Whether an identifier speaks of a token that logs nobody in: one against forgery, of a device, to reset a password."""
        return (
            self.guards(name)
            or bool(self.other_tokens & {*words_of(name)})
            or self.kind(name) in ("single-use", "service")
        )

    def guards(self, name: str) -> bool:
        """Whether an identifier speaks of telling forged requests from others: `csrf_token`, `check_origin`."""
        return bool(_first((("forgery", self.forgery),), name))

    def defends(self, name: str) -> bool:
        """Whether an identifier is of what asks whether another site sent a request, and speaks of nothing else."""
        return self.guards(name) and {*words_of(name)} <= self.forgery | self.forgery_beside

    def is_guessable(self, secret: str) -> bool:
        """Whether a secret is one that is tried first."""
        return _NOISE.sub("", secret.casefold()) in self.guessable


def _first(known: tuple[tuple[str, frozenset[str]], ...], name: str) -> str:
    """The first meaning one of whose words is among the words of a name; `log_out` is two that follow each other."""
    parts = words_of(name)
    joined = f"_{'_'.join(parts)}_"
    for meaning, words in known:
        if words & set(parts) or any("_" in word and f"_{word}_" in joined for word in words):
            return meaning
    return ""


def words_of(name: str) -> tuple[str, ...]:
    """`create`, `access`, `token` of `createAccessToken` and of `create_access_token`."""
    return tuple(part.lower() for part in _PARTS.findall(name))


def _names(listed: Iterable[str]) -> frozenset[str]:
    """Names as they are listed, and as languages spell them that write no underscores: `token_version`, `tokenVersion`."""
    return frozenset(
        spelt for name in listed for spelt in (name, re.sub(r"(?<=.)_(\w)", lambda it: it[1].upper(), name))
    )


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary that comes with the program."""
    document = {name.replace("-", "_"): listed for name, listed in documents()[VOCABULARY].items()}
    return Vocabulary(**{field.name: _read(field.name, document[field.name]) for field in fields(Vocabulary)})


def _read(name: str, listed: Any) -> Any:
    """What the vocabulary says under a name: words by what they mean, words that are tried in order, or a set of them."""
    if name == "template_defaults":
        return tuple(listed.items())
    if isinstance(listed, dict):
        return tuple((meaning, frozenset(words)) for meaning, words in listed.items())
    if name in _IN_ORDER:
        return tuple(listed)
    return frozenset(map(str, listed)) if name in _AS_WRITTEN else _names(listed)
