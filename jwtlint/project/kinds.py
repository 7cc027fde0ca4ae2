"""What a token is for: by the model, by a claim that says so, by the names on the way to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from jwtlint.facts import Attribute, Function, Name, inside
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project.names import last_name
from jwtlint.project.value import Frame, Table

if TYPE_CHECKING:
    from jwtlint.project.concepts import Issuance, Kind


def kind(token: Issuance) -> Kind:
    """The kind of a token; unknown where nothing tells it. A model says it outright, or where its name stands."""
    words = vocabulary()
    said = [value.data for value in token.part("kind") if isinstance(value.data, str)]
    if said and said[0] in dict(words.kinds):
        return said[0]  # type: ignore[return-value]
    for name in (*said, *_claimed(token), *_named(token)):
        found = words.kind(name)
        if found == "access" and name in token.functions:
            found = _made_for_one_thing(token) or found
        if found:
            return found  # type: ignore[return-value]
    if _is_said_elsewhere(token):
        return "unknown"
    if any(words.single_use_owners & set(words_of(owner)) for owner in _owners(token)):
        return "single-use"
    names = (*_named(token), token.module.path)
    if any(words.bearer & set(words_of(name)) for name in names) and names_a_user(token):
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


def _is_said_elsewhere(token: Issuance) -> bool:
    """Whether a claim is there to tell the kind, and nobody knows what it says: a wrapper makes tokens of any."""
    tables = [claims.data for claims in token.claims if isinstance(claims.data, Table)]
    names = vocabulary().type_claims
    told = [value for table in tables for name in names for value in table.entries.get(name, ())]
    return bool(told) and not any(value.known for value in told)


def _named(token: Issuance) -> Iterator[str]:
    """The names on the way to the token, innermost first: of each function after those that it puts the token under."""
    for frame, labels in _labelled(token):
        yield from labels
        if frame.function and not _renews(frame):
            yield frame.function.name
        for name in vocabulary().kind_claims:
            yield from (value.data for value in frame.args.get(name, ()) if isinstance(value.data, str))


def _renews(frame: Frame) -> bool:
    """Whether a function is called after what it does with a token that it is given: `refreshToken(token)` makes another."""
    words, function = vocabulary(), frame.function
    first = words_of(function.name)[:1] if function else ()
    if not isinstance(function, Function) or words.kind("".join(first)) != "refresh":
        return False
    params = {item.name for item in function.params}
    attributes = (item for item in frame.module.facts.bindings if isinstance(item.value, Attribute))
    taken = (
        last_name(item.target)
        for item in attributes
        if item.scope == function.path
        and any(isinstance(term, Name) and term.id in params for term in inside(item.value))
    )
    return any(words.bearer & {*words_of(name)} for name in {*params, *taken})


def _made_for_one_thing(token: Issuance) -> str:
    """What a function is called to make that has another make it: `create_file_token`, by way of `create_access_token`."""
    words = vocabulary()
    for name in token.functions:
        parts = words_of(name.rpartition(".")[2])
        if parts and parts[-1] in words.bearer and parts[0] in words.making:
            if (found := words.kind(name)) in ("single-use", "service"):
                return found
    return ""


def _labelled(token: Issuance) -> Iterator[tuple[Frame, tuple[str, ...]]]:
    """The functions on the way to the token, innermost first, each with the names that it puts the token under."""
    call = token.use.call
    for frame in token.frame.chain:
        yield frame, tuple(frame.module.labels.get(id(call), ()))
        call = frame.use.call if frame.use else call


def _is_kept_as_access(token: Issuance) -> bool:
    """Whether a variable that takes the token, or a class that makes it, says that a login is what it is for."""
    words = vocabulary()
    kept = {word for _, labels in _labelled(token) for name in labels for word in words_of(name)}
    return bool(kept & (words.bearer | words.kept)) or any(words.kind(owner) == "access" for owner in _owners(token))


def _owners(token: Issuance) -> Iterator[str]:
    """The classes on the way to the token."""
    return (frame.function.scope for frame in token.frame.chain if frame.function)


def _surely_names_a_user(token: Issuance) -> bool:
    tables = [claims.data for claims in token.claims if isinstance(claims.data, Table)]
    return any(vocabulary().user_claims & table.entries.keys() for table in tables)


def names_a_user(token: Issuance) -> bool:
    """Whether a claim says who somebody is, or may."""
    tables = [claims.data for claims in token.claims if isinstance(claims.data, Table)]
    return not tables or any(vocabulary().user_claims & table.entries.keys() or not table.closed for table in tables)
