"""What a payload tells about a user beyond who it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jwtlint.facts import Attribute, Constant, Entries, Name, Term, inside
from jwtlint.finding import Location, Step
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project.keys import as_given
from jwtlint.project.names import last_name
from jwtlint.project.value import Frame, Table

if TYPE_CHECKING:
    from jwtlint.project.concepts import Issuance

REGISTERED = frozenset(["iss", "aud", "exp", "nbf", "iat", "jti"])  # RFC 7519 section 4.1, without the subject
MAILED = frozenset({"single-use", "id", "service"})  # a link goes to that very address, an ID token is about the person


@dataclass(frozen=True)
class TellingClaim:
    """A claim whose value should not be read by others.

    Args:
        what: the claim by its name, and what it holds where that is told by another name.
        is_personal: whether it is about a person rather than a secret.
    """

    what: str
    at: Location
    steps: tuple[Step, ...]
    is_personal: bool


def telling(token: Issuance) -> Iterator[TellingClaim]:
    """The claims of a token that tell too much: by their own names, or by the name of what they are filled with."""
    words = vocabulary()
    seen: set[str] = set()
    for claims in token.claims:
        if not isinstance(claims.data, Table):
            continue
        for name, values in claims.data.entries.items():
            if name in REGISTERED:
                continue
            steps = next((value.steps for value in values if value.steps), claims.steps)
            constant = all(isinstance(value.data, str | int | float) for value in values)  # a text tells what it says
            names = (name,) if constant else (name, *_written(token, name))
            holder = next((held for held in names if _among(held, words.secret_claims)), "")
            person = next((held for held in names if _among(held, words.personal_claims)), "")
            told = holder or (person if token.kind not in MAILED else "")
            if told and name not in seen:
                seen.add(name)
                what = f"`{name}`" if told == name else f"`{told}` as `{name}`"
                yield TellingClaim(what, token.at, steps, not holder)


def _among(name: str, known: frozenset[str]) -> bool:
    """Whether a name is one of those known, or ends with one: `user_email` is `email`."""
    parts = words_of(name)
    return any("_".join(parts[index:]) in known for index in range(len(parts)))


def _written(token: Issuance, name: str) -> Iterator[str]:
    """The names that fill a claim where it is written, through parameters: `user.email` of `{"sub": user.email}`."""
    for frame in token.frame.chain:
        for value in _values(frame, name):
            for part in inside(value):
                if isinstance(part, Attribute | Name):
                    yield last_name(as_given(part, frame)[0] or part)


def _values(frame: Frame, name: str) -> Iterator[Term]:
    """What is written for a claim in a function: in a display, by an argument of `dict` or `update`, by an item."""
    for term in frame.module.terms(frame.scope):
        if isinstance(term, Entries):
            yield from (item.value for item in term.items if isinstance(item.key, Constant) and item.key.value == name)
    for binding in frame.module.items.get(name, ()):
        if binding.scope == frame.scope:
            yield binding.value
