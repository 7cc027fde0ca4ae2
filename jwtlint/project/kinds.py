"""What a token is for: by the model, by a claim that says so, by the names on the way to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from jwtlint.facts import Call
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project.value import Table

if TYPE_CHECKING:
    from jwtlint.project.concepts import Issuance, Kind


def kind(token: Issuance) -> Kind:
    """The kind of a token; unknown where nothing tells it. A model says it outright, or where its name stands."""
    words = vocabulary()
    said = [value.data for value in token.part("kind") if isinstance(value.data, str)]
    if said and said[0] in dict(words.kinds):
        return said[0]  # type: ignore[return-value]
    for name in (*said, *_claimed(token), *token.functions, *_receiving(token)):
        found = words.kind(name)
        if found:
            return found  # type: ignore[return-value]
    names = (*token.functions, token.module.path)
    if any(words.bearer & set(words_of(name)) for name in names) and _names_a_user(token):
        return "access"
    if token.added & words.user_claims or (_surely_names_a_user(token) and _is_kept_as_access(token)):
        return "access"
    return "unknown"


def _claimed(token: Issuance) -> Iterator[str]:
    """What claims such as `type` say of the token."""
    for claims in token.claims:
        if isinstance(claims.data, Table):
            for name in vocabulary().kind_claims:
                for value in claims.data.entries.get(name, ()):
                    if isinstance(value.data, str):
                        yield value.data


def _receiving(token: Issuance) -> Iterator[str]:
    """Names of the variables that take the token, here and along the way."""
    for frame in token.frame.chain:
        call = frame.use.call if frame.use else None
        home = frame.caller
        for where, made in ((frame, token.use.call), (home, call)):
            if where is None or made is None:
                continue
            for binding in where.module.facts.bindings:
                if _made_by(binding.value, made):
                    target = getattr(binding.target, "id", None) or getattr(binding.target, "name", "")
                    yield str(target)


def _made_by(term: object, call: Call) -> bool:
    """Whether a bound value is that call, perhaps with a method called on it (`.decode("utf-8")`)."""
    while isinstance(term, Call) and term is not call:
        base = getattr(term.func, "base", None)
        term = base
    return term is call


def _is_kept_as_access(token: Issuance) -> bool:
    """Whether a variable that takes the token, or a class that makes it, says that a login is what it is for."""
    words = vocabulary()
    kept = {word for name in _receiving(token) for word in words_of(name)}
    owners = (frame.function.scope for frame in token.frame.chain if frame.function)
    return bool(kept & (words.bearer | words.kept)) or any(words.kind(owner) == "access" for owner in owners)


def _surely_names_a_user(token: Issuance) -> bool:
    tables = [claims.data for claims in token.claims if isinstance(claims.data, Table)]
    return any(vocabulary().user_claims & table.entries.keys() for table in tables)


def _names_a_user(token: Issuance) -> bool:
    tables = [claims.data for claims in token.claims if isinstance(claims.data, Table)]
    return not tables or any(vocabulary().user_claims & table.entries.keys() or not table.closed for table in tables)
