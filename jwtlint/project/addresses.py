"""Tokens in addresses: those that are accepted from a query or path, and those that are put into one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from jwtlint.facts import (
    Arg,
    Attribute,
    Binary,
    Call,
    Constant,
    Items,
    Name,
    Param,
    Span,
    Subscript,
    Term,
    Text,
    inside,
)
from jwtlint.finding import Location, Step
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project import script_tokens, trust
from jwtlint.project.concepts import Issuance, Occurrence, Verification
from jwtlint.project.languages import JAVASCRIPT
from jwtlint.project.names import Module
from jwtlint.project.occurrences import modelled, referred
from jwtlint.project.origins import origins
from jwtlint.project.receipts import ROLE, receipt
from jwtlint.project.user_tokens import USERS, kind_of
from jwtlint.project.value import Frame, FunctionRef, Sequence, Table, Value

if TYPE_CHECKING:
    from jwtlint.project import Project

URL = "url"
# The query of a connection's scope (ASGI) and of a request's environment (PEP 3333).
QUERIES = frozenset({"query_string", "QUERY_STRING"})
_ASKED = re.compile(r"[?&#;][\w.\-\[\]]+=$")
_FILLED = re.compile(r"[?&#;][\w.\-\[\]]+=(%s|\{\w*\})")
PLAIN = frozenset({"Optional", "Union", "str"})  # annotations of parameters that a framework fills from the address


@dataclass(frozen=True)
class Exposure:
    """A token of a user in an address.

    Args:
        kind: of the token.
        accepted: whether it is read from one, rather than put into one.
    """

    kind: str
    accepted: bool
    at: Location
    steps: tuple[Step, ...]


def exposures(project: Project) -> Iterator[Exposure]:
    """The places where tokens of users are in addresses, each once."""
    found: dict[tuple[Location, bool], Exposure] = {}
    for exposure in (*_configured(project), *_accepted(project), *_put(project), *_of_pages(project)):
        found.setdefault((exposure.at, exposure.accepted), exposure)
    yield from found.values()


def _configured(project: Project) -> Iterator[Exposure]:
    """Libraries that read tokens there, as a setting or an argument says."""
    for known in _receiving(project):
        if not known.has("if") or not _is_url(known):
            continue
        # Files are read for what a setting says, and not for each `get` that may be of a request.
        found = replace(known, bound=replace(known.bound, evaluator=project.evaluator))
        said = next((value for value in found.part("if") if value.data is True), None)
        if said:
            at = said.origin or found.at
            yield Exposure("access", True, at, said.steps)


def _receiving(project: Project) -> Iterator[Occurrence]:
    yield from modelled(project.observer, {ROLE})
    yield from referred(project.observer, {ROLE})


def _is_url(found: Occurrence) -> bool:
    return any(value.data == URL for value in found.part("place"))


def _accepted(project: Project) -> Iterator[Exposure]:
    """Verifications of users' tokens that were received in an address."""
    filled = frozenset(_filled(project))
    for token in project.verifications:
        kind, given = kind_of(token), token.argument("token")
        if kind not in USERS or given is None or not token.is_trusted or not _names_a_user(token):
            continue
        found: dict[int, Location] = {}
        for term, frame in origins(project.evaluator, given, token.frame):
            received = _received(project, term, frame, filled)
            if received is not None and not _is_for_once(project, frame, received.name):
                span = _place(term, frame)
                found[received.source] = frame.module.at(span) if span else token.at
        for at in found.values():
            yield Exposure(kind, True, at, (Step(at, "received"), Step(token.at, "verified")))


def _names_a_user(token: Verification) -> bool:
    """Whether a claim that is read of a token says who somebody is, as far as it is known which are read."""
    read = trust.claims_read(token)
    return read is None or bool(read & vocabulary().user_claims)


class _Received(NamedTuple):
    """What the address calls something that is read of it, empty where that is not known; `source` tells readings apart."""

    name: str
    source: int


def _received(project: Project, term: Term, frame: Frame, filled: frozenset[tuple[Module, str]]) -> _Received | None:
    """What a term reads of the address; None for other terms."""
    match term:
        case Name(id=name):
            parameter = frame.module.parameter(frame.scope, name)
            is_filled = parameter and not frame.use and _is_plain(parameter) and (frame.module, frame.scope) in filled
            if is_filled:
                return _Received(name, id(parameter))
        case Subscript(key=Constant(value=key)) | Attribute(name=key) if key in QUERIES:
            return _Received("", id(term))
        case Call(func=Attribute(name="get"), args=(Arg(value=Constant(value=key)), *_)) if key in QUERIES:
            return _Received("", id(term))
    for value in project.evaluator.values(term, frame):
        found = receipt(project.evaluator, value)
        if found and found.place == URL:
            return _Received(found.name, id(found.call))
    return None


def _place(term: Term, frame: Frame) -> Span | None:
    parameter = frame.module.parameter(frame.scope, term.id) if isinstance(term, Name) else None
    return parameter.at if parameter else frame.module.place(term, frame.scope)


def _filled(project: Project) -> Iterator[tuple[Module, str]]:
    """Functions whose plain parameters a framework fills from the address."""
    for found in _receiving(project):
        if found.has("handler") and _is_url(found):
            for value in found.part("handler"):
                if isinstance(value.data, FunctionRef):
                    yield value.data.module, value.data.function.path


def _is_plain(parameter: Param) -> bool:
    """Whether a parameter is a text of which nothing else is said."""
    named = {term.id for term in inside(parameter.annotation) if isinstance(term, Name)}
    told = any(isinstance(term, Call) for term in inside(parameter.annotation))
    return isinstance(parameter.default, Constant | None) and named <= PLAIN and not told


def _is_for_once(project: Project, frame: Frame, name: str) -> bool:
    """Whether what is received is good for one thing, by its name, the functions on the way, and the path that takes it."""
    words = vocabulary()
    functions = [one.function for one in frame.chain if one.function]
    taking = (end.path for end in project.endpoints if getattr(end.handler, "function", None) in functions)
    said = ("_".join(part for part in words_of(item.name) if part not in words.verifying) for item in functions)
    return any(words.kind(one) not in {"", *USERS} for one in (name, *said, *taking))


def _put(project: Project) -> Iterator[Exposure]:
    """Users' tokens that are written into the query or fragment of an address."""
    delivering = tuple(modelled(project.observer, {"addresses"}))
    for (module, scope), frames in project.carriers.frames.items():
        here = [found for found in delivering if found.module is module and found.use.scope == scope]
        for term, at in (*_spelled(module, scope), *(put for found in here for put in _delivered(found))):
            for frame in frames:
                for token in _tokens(project, term, frame):
                    if token.kind in USERS:
                        yield Exposure(token.kind, False, at, (*token.via, Step(at, "put into an address")))


def _of_pages(project: Project) -> Iterator[Exposure]:
    """Tokens that scripts write into the query of an address that they ask, by what those are called."""
    for found in modelled(project.evaluator, {"addresses"}):
        for item in found.use.call.args if found.module.language is JAVASCRIPT else ():
            for put in (put for term in inside(item.value) for put in _after_a_name(term)):
                told = script_tokens.told(found, put, [])
                if told and told.kind in USERS:
                    yield Exposure(told.kind, False, found.at, (Step(found.at, f"{told.source} put into an address"),))


def _tokens(project: Project, term: Term, frame: Frame) -> Iterator[Issuance]:
    """The tokens that a term is made of."""
    for source, where in origins(project.evaluator, term, frame):
        for value in _held(project.evaluator.values(source, where)):
            token = project.carriers.issued(value)
            if token:
                yield token


def _spelled(module: Module, scope: str) -> Iterator[tuple[Term, Location]]:
    """What a function writes into the texts of addresses, after `?name=`."""
    for term in module.terms(scope):
        for put in _after_a_name(term):
            span = module.place(term, scope)
            if span:
                yield put, module.at(span)


def _delivered(found: Occurrence) -> Iterator[tuple[Term, Location]]:
    """What a call puts into an address: its token, or all that it is given where the model names none."""
    token = found.argument("token")
    for argument in found.use.call.args:
        if token is None or argument.value is token:
            yield argument.value, found.module.at(argument.at)


def _after_a_name(term: Term) -> Iterator[Term]:
    """What follows `?name=` in an f-string or a sum, and what is filled into a text that has it."""
    pieces: tuple[Term, ...] = ()
    match term:
        case Text(parts=pieces):
            pass
        case Binary(operator="+", left=left, right=right):
            pieces = (left.right if isinstance(left, Binary) else left, right)
        case Binary(operator="%", left=Constant(value=str(text)), right=right) if _FILLED.search(text):
            yield from right.items if isinstance(right, Items) else (right,)
        case Call(func=Attribute(base=Constant(value=str(text)), name="format"), args=args) if _FILLED.search(text):
            yield from (item.value for item in args)
    for before, put in zip(pieces, pieces[1:], strict=False):
        if isinstance(before, Constant) and isinstance(before.value, str) and _ASKED.search(before.value):
            yield put


def _held(values: Iterable[Value]) -> Iterator[Value]:
    """The values, and what mappings and lists of pairs among them hold."""
    for value in values:
        yield value
        match value.data:
            case Table(entries=entries):
                yield from (inner for found in entries.values() for inner in found)
            case Sequence(items=items):
                yield from _held(inner for found in items for inner in found)
