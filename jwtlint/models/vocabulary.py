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
    purposes: tuple[tuple[str, frozenset[str]], ...]
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
    authorization_claims: frozenset[str]
    production: frozenset[str]
    purging: frozenset[str]
    expired: frozenset[str]
    respelling: frozenset[str]
    store_failures: frozenset[str]
    ending_indexes: frozenset[str]
    dumping: frozenset[str]
    people: frozenset[str]
    payloads: frozenset[str]
    right_lists: frozenset[str]
    loggers: frozenset[str]
    requests: frozenset[str]
    commands: frozenset[str]

    def kind(self, name: str) -> str:
        """The kind of token that an identifier speaks of; empty if of none."""
        return _first(self.kinds, name)

    def purpose(self, name: str) -> str:
        """What an endpoint is for by a name of its handler, or a path; empty if that tells nothing."""
        return _first(self.purposes, name)

    def denies(self, name: str) -> bool:
        """Whether an identifier speaks of what is no longer good: a denylist, or what is revoked."""
        return bool(_first((("denying", self.denying),), name))

    def purges(self, name: str) -> bool:
        """Whether an identifier speaks of taking something away."""
        return bool(_first((("purging", self.purging),), name))

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


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary that comes with the program."""
    document = documents()[VOCABULARY]
    return Vocabulary(
        kinds=tuple((kind, frozenset(known)) for kind, known in document["kinds"].items()),
        purposes=tuple((purpose, frozenset(known)) for purpose, known in document["purposes"].items()),
        kept=frozenset(document["kept"]),
        bearer=frozenset(document["bearer"]),
        lifetimes=frozenset(document["lifetimes"]),
        kind_claims=tuple(document["kind-claims"]),
        type_claims=frozenset(document["type-claims"]),
        user_claims=frozenset(document["user-claims"]),
        guessable=frozenset(str(word) for word in document["guessable"]),
        state_claims=frozenset(document["state-claims"]),
        verifying=frozenset(document["verifying"]),
        routing_claims=frozenset(document["routing-claims"]),
        development=frozenset(document["development"]),
        secret_claims=frozenset(document["secret-claims"]),
        personal_claims=frozenset(document["personal-claims"]),
        life=frozenset(document["life"]),
        token_state=frozenset(document["token-state"]),
        token_fields=frozenset(document["token-fields"]),
        token_ids=frozenset(document["token-ids"]),
        denying=frozenset(document["denying"]),
        allowing=frozenset(document["allowing"]),
        asking=frozenset(document["asking"]),
        keeping=frozenset(document["keeping"]),
        retiring=frozenset(document["retiring"]),
        making=frozenset(document["making"]),
        marks=frozenset(document["marks"]),
        ordering=frozenset(document["ordering"]),
        client_secrets=frozenset(document["client-secrets"]),
        version_fields=frozenset(document["version-fields"]),
        setting=frozenset(document["setting"]),
        sessions=frozenset(document["sessions"]),
        other_sessions=frozenset(document["other-sessions"]),
        rows=frozenset(document["rows"]),
        user_keys=frozenset(document["user-keys"]),
        looking=frozenset(document["looking"]),
        ending=frozenset(document["ending"]),
        requesting=frozenset(document["requesting"]),
        ending_in_logout=frozenset(document["ending-in-logout"]),
        password_fields=frozenset(document["password-fields"]),
        password_setters=frozenset(document["password-setters"]),
        users=frozenset(document["users"]),
        creating=frozenset(document["creating"]),
        changing=frozenset(document["changing"]),
        authorization_claims=frozenset(document["authorization-claims"]),
        login_keys=frozenset(document["login-keys"]),
        ends=frozenset(document["ends"]),
        bounding=frozenset(document["bounding"]),
        id_claims=frozenset(document["id-claims"]),
        production=frozenset(document["production"]),
        purging=frozenset(document["purging"]),
        expired=frozenset(document["expired"]),
        respelling=frozenset(document["respelling"]),
        store_failures=frozenset(document["store-failures"]),
        ending_indexes=frozenset(document["ending-indexes"]),
        dumping=frozenset(document["dumping"]),
        people=frozenset(document["people"]),
        payloads=frozenset(document["payloads"]),
        right_lists=frozenset(document["right-lists"]),
        loggers=frozenset(document["loggers"]),
        requests=frozenset(document["requests"]),
        commands=frozenset(document["commands"]),
    )
