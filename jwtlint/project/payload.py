"""What a payload tells about a user beyond who it is, and what makes it grow with the user."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jwtlint.facts import Attribute, Binary, Binding, Call, Either, Entries, Items, Name, Opaque, Term, Text
from jwtlint.finding import Location, Step
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project import contents
from jwtlint.project.contents import Written
from jwtlint.project.keys import as_given
from jwtlint.project.names import called, last_name
from jwtlint.project.value import ClassRef, Frame, Instance, Table

if TYPE_CHECKING:
    from jwtlint.project.concepts import Issuance

REGISTERED = frozenset(["iss", "aud", "exp", "nbf", "iat", "jti"])  # RFC 7519 section 4.1, without the subject
MAILED = frozenset({"single-use", "id", "service"})  # a link goes to that very address, an ID token is about the person
SAME_TEXT = frozenset({"str", "repr", "lower", "upper", "strip", "isoformat", "strftime", "decode", "encode"})


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


@dataclass(frozen=True)
class Growth:
    """A part of a payload whose size nobody chose: it grows with what is stored of the user.

    Args:
        what: a whole object, or a list of rights.
    """

    what: str
    at: Location
    steps: tuple[Step, ...]


def telling(token: Issuance) -> Iterator[TellingClaim]:
    """The claims of a token that tell too much: by their own names, by the name of what fills them, or a whole user."""
    seen: set[str] = set()
    for item in contents.written(token):
        user = whole_user(token, item) if token.kind not in MAILED else ""
        if user:
            yield TellingClaim(f"all of {user}", item.at, item.steps, is_personal=False)
        elif item.name and item.name not in REGISTERED | seen:
            values = token.bound.evaluator.values(item.value, item.frame)
            is_known = all(isinstance(value.data, str | int | float) for value in values)  # a text tells what it says
            told = _told(token, item.name, *(() if is_known else _filling(item.value, item.frame)))
            if told is not None:
                seen.add(item.name)
                yield TellingClaim(told[0], item.at, item.steps, is_personal=told[1])
    for claims in token.claims:
        for name in claims.data.entries if isinstance(claims.data, Table) else ():
            told = _told(token, name) if name not in REGISTERED | seen else None
            if told is not None:
                seen.add(name)
                values = claims.data.entries[name] if isinstance(claims.data, Table) else ()
                steps = next((value.steps for value in values if value.steps), claims.steps)
                yield TellingClaim(told[0], steps[0].at if steps else token.at, steps, is_personal=told[1])


def _told(token: Issuance, name: str, *filling: str) -> tuple[str, bool] | None:
    """What a claim tells by its name or by those that fill it, and whether that is only personal; None if nothing."""
    words = vocabulary()
    for known, personal in ((words.secret_claims, False), (words.personal_claims, True)):
        held = next((held for held in (name, *filling) if _among(held, known)), "")
        if held and not (personal and token.kind in MAILED):
            return f"`{name}`" if held == name else f"`{held}` as `{name}`", personal
    return None


def _among(name: str, known: frozenset[str]) -> bool:
    """Whether a name is one of those known, or ends with one: `user_email` is `email`, `name_or_email` may be either."""
    parts = words_of(name)
    return "or" not in parts and any("_".join(parts[index:]) in known for index in range(len(parts)))


def _filling(term: Term, frame: Frame) -> Iterator[str]:
    """The names of what a claim is filled with, through parameters: `user.email` of `{"sub": user.email}`."""
    term, frame = as_given(term, frame)[0] or term, as_given(term, frame)[1]
    match term:
        case Name() | Attribute():
            yield last_name(term)
        case Call(func=Attribute(base=base, name=name)) if name in SAME_TEXT:
            yield from _filling(base, frame)
        case Call(func=Name(id=name), args=args) if name in SAME_TEXT:
            for argument in args:
                yield from _filling(argument.value, frame)
        case Text(parts=parts) | Either(options=parts) | Items(items=parts):
            for part in parts:
                yield from _filling(part, frame)
        case Binary(operator="+", left=left, right=right):
            yield from _filling(left, frame)
            yield from _filling(right, frame)
        case Entries(items=entries):
            for entry in entries:
                yield from _filling(entry.value, frame)


def growing(token: Issuance) -> Iterator[Growth]:
    """What makes a payload grow: a whole user object, and lists of what a user may do."""
    for item in contents.written(token):
        user = whole_user(token, item)
        if user:
            yield Growth(f"all of {user}", item.at, item.steps)
        elif set(words_of(item.name)) & vocabulary().right_lists and _is_listed(item.value, item.frame):
            yield Growth(f"the list `{item.name}`", item.at, item.steps)


def _is_listed(term: Term, frame: Frame) -> bool:
    """Whether a value is a list that is as long as what is stored: made in a loop, or by a call that says so."""
    return any(_is_made_of_many(value) for value in _bound(term, frame))


def _bound(term: Term, frame: Frame) -> tuple[Term, ...]:
    """What a local variable is bound to; another term by itself."""
    if not isinstance(term, Name):
        return (term,)
    found = frame.module.definitions.get((frame.scope, term.id), ())
    return tuple(item.value for item in found if isinstance(item, Binding))


def _is_made_of_many(term: Term) -> bool:
    match term:
        case Opaque(kind="comprehension"):
            return True
        case Call(func=function, args=args):
            lists = vocabulary().right_lists & set(words_of(called(function)))
            return bool(lists) or any(_is_made_of_many(item.value) for item in args)
    return False


def whole_user(token: Issuance, item: Written) -> str:
    """The user whose fields are all written, whichever those are: `user.dict()`, `asdict(user)`, `UserSerializer(user).data`.

    Nothing where some are chosen, or where it is known what the call gives.
    """
    values = token.bound.evaluator.values(item.value, item.frame)
    if any(isinstance(value.data, Table) and value.data.closed for value in values):
        return ""
    dumped = (one for value in _bound(item.value, item.frame) for one in _dumped(value))
    return next((f"`{name}`" for term in dumped if (name := _user(token, term, item.frame))), "")


def _dumped(term: Term) -> tuple[Term, ...]:
    """What a term gives all fields of: the object, or what makes it a mapping; the likeliest first."""
    words = vocabulary().dumping
    match term:
        case Attribute(base=Call(func=maker, args=args), name=name) if name in words:
            return (*(item.value for item in args if item.name is None), maker)
        case Attribute(base=base, name=name) if name in words:
            return (base,)
        case Call(func=function, args=args) if last_name(function) in words and not any(item.name for item in args):
            given = tuple(item.value for item in args)
            return (*given, function.base) if isinstance(function, Attribute) else given
    return ()


def _user(token: Issuance, term: Term, frame: Frame) -> str:
    """What a term calls a user, by its own name or by that of its class; nothing where it is something else."""
    classes = [value.data for value in token.bound.evaluator.values(term, frame)]
    owners = [data.of if isinstance(data, Instance) else data for data in classes]
    names = [owner.definition.name for owner in owners if isinstance(owner, ClassRef)]
    words = vocabulary()
    for name in (last_name(term), *names):
        parts = set(words_of(name))
        if parts & words.people and not parts & words.payloads:
            return name
    return ""
