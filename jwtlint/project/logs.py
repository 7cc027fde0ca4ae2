"""Tokens that are written to a log or a console."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jwtlint.facts import (
    Attribute,
    Binary,
    Call,
    Either,
    Entries,
    Function,
    Items,
    Name,
    Opaque,
    Subscript,
    Term,
    Text,
    Use,
)
from jwtlint.finding import Location, Step
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project import calls, parts, script_tokens
from jwtlint.project.concepts import Occurrence
from jwtlint.project.languages import JAVASCRIPT
from jwtlint.project.names import Module, called, last_name
from jwtlint.project.occurrences import modelled
from jwtlint.project.origins import spelled
from jwtlint.project.receipts import receipt
from jwtlint.project.value import External, Frame, FunctionRef, Table, Value

if TYPE_CHECKING:
    from jwtlint.project import Project

ROLE = "logs"
AUTHORIZATION = frozenset({"authorization", "http_authorization"})  # RFC 9110 section 11.6.2; as PEP 3333 spells it
# Functions and methods whose text shows all that they are given, or are of.
SHOWING = frozenset({"dict", "dumps", "format", "join", "list", "pformat", "repr", "str", "vars"})
SAME = frozenset({"copy", "decode", "encode", "format", "items", "join", "lstrip", "rstrip", "strip", "values"})


@dataclass(frozen=True)
class Leak:
    """A call that writes a token, or what one says, where others read it.

    Args:
        what: what is written.
        is_usable: whether who reads it can use it as the token.
    """

    what: str
    at: Location
    steps: tuple[Step, ...]
    is_usable: bool


def leaks(project: Project) -> Iterator[Leak]:
    """The calls that log tokens, each once."""
    search = _Search(project)
    for module in project.modules.values():
        for use, on_console in search.uses(module):
            alone = calls.alone(project.observer, module, use.scope)
            known = project.carriers.frames.get((module, use.scope)) or [alone]
            frames = [frame for frame in known if not (on_console and _is_script(frame))]
            found = (leak for frame in frames for leak in search.leaks(use, frame))
            first = next(found, None)
            if first is not None:
                yield first
    yield from _of_pages(project)


def _of_pages(project: Project) -> Iterator[Leak]:
    """Tokens that scripts write to a console, by what those are called or as the whole answer of a login."""
    for found in modelled(project.evaluator, {ROLE}):
        given = found.use.call.args if found.module.language is JAVASCRIPT else ()
        told = next((told for item in given if (told := script_tokens.told(found, item.value, []))), None)
        if told:
            yield Leak(f"a token ({told.source})", found.at, (Step(found.at, "logged"),), is_usable=True)


class _Search:
    """Looks for tokens in what calls that log are given."""

    def __init__(self, project: Project) -> None:
        self._carriers = project.carriers
        self._observer = project.observer
        self._evaluator = project.evaluator
        self._models = project.evaluator.models

    def uses(self, module: Module) -> Iterator[tuple[Use, bool]]:
        """The calls of a file that log, and whether on the console."""
        names = self._models.names({ROLE})
        for use in (use for name in sorted(names & module.uses.keys()) for use in module.uses[name]):
            to = self._target(use, module)
            if to is not None:
                yield use, to == "console"

    def _target(self, use: Use, module: Module) -> str | None:
        """Where a call logs, as its model says, or by its name and that of an object that nobody knows; None if it does not."""
        frame = calls.alone(self._observer, module, use.scope)
        callees = self._observer.values(use.call.func, frame)
        for target in (value.data for value in callees if isinstance(value.data, External)):
            model = self._models.call(target.path)
            if model and ROLE in model.roles:
                bound = parts.bind(self._observer, model, use.call.args, frame, target)
                found = Occurrence(use, frame, bound, ROLE)
                to = next((value.data for value in found.part("to") if isinstance(value.data, str)), "")
                return to if found.takes_place else None
        function = use.call.func
        owner = last_name(function.base) if isinstance(function, Attribute) else ""
        own = any(isinstance(value.data, FunctionRef) and value.certain for value in callees)
        return None if own or not vocabulary().loggers & set(words_of(owner)) else ""

    def leaks(self, use: Use, frame: Frame) -> Iterator[Leak]:
        """What a call shows that it should not."""
        at = frame.module.at(use.call.at)
        for argument in use.call.args:
            for term in _shown(argument.value):
                for what, usable, value in self._carried(term, frame):
                    steps = value.steps if value else ()
                    yield Leak(what, at, (*steps, Step(at, "logged")), usable)

    def _carried(self, term: Term, frame: Frame) -> Iterator[tuple[str, bool, Value | None]]:
        """What is shown by a term: a token, the header that holds one, or all that one says."""
        values = self._values(term, frame)
        for value in values:
            received = receipt(self._observer, value)
            if self._carriers.issued(value):
                yield "a token that is issued here", True, value
            elif self._carriers.is_claims(value):
                yield "all claims of a token", False, value
            elif received and received.place == "header" and received.name.casefold() in AUTHORIZATION:
                yield "the Authorization header", True, value
            elif isinstance(term, Attribute) and self._holds_headers(value, term):
                yield "all headers of a request, its token among them", True, value
        name = spelled(term)
        if name and (frame.module, frame.scope, name) in self._carriers.holders:
            yield f"the token of a request (`{name}`)", True, None

    def _holds_headers(self, value: Value, term: Attribute) -> bool:
        """Whether a term is all headers of a request: headers of one name are those of an answer, too."""
        path = value.data.path if isinstance(value.data, External) else ""
        model = self._models.call(f"{path}.get") if path else None
        is_request = bool(vocabulary().requests & set(words_of(last_name(term.base))))
        places = model.roles.get("receives", {}).get("place") if model else None
        return is_request and places is not None and any(path.literal == "header" for path in places.options)

    def _values(self, term: Term, frame: Frame) -> Iterator[Value]:
        """What a term can be, and what a mapping holds that it can be."""
        alone = frame is calls.alone(self._observer, frame.module, frame.scope)
        evaluator = self._observer if alone else self._evaluator
        for value in evaluator.values(term, frame):
            yield value
            if isinstance(value.data, Table):
                yield from (inner for held in value.data.entries.values() for inner in held)


def _is_script(frame: Frame) -> bool:
    """Whether what is printed is the result of a command or script: called by the file itself, or made a command."""
    outermost = frame.chain[-1]
    made = outermost.function.decorators if isinstance(outermost.function, Function) else ()
    names = {called(item.func if isinstance(item, Call) else item) for item in made}
    return not outermost.scope or bool(names & vocabulary().commands)


def _shown(term: Term) -> Iterator[Term]:
    """What is shown whole where a term is turned into text: not its length, its type, a part of it, or what masks it."""
    match term:
        case Text(parts=inner) | Items(items=inner) | Either(options=inner) | Opaque(kind="*", parts=inner):
            for one in inner:
                yield from _shown(one)
        case Binary(operator="+" | "%" | "or" | "and", left=left, right=right):
            yield from _shown(left)
            yield from _shown(right)
        case Entries(items=entries):
            for entry in entries:
                yield from _shown(entry.value)
        case Call(func=function, args=args) if last_name(function) in SHOWING | SAME:
            base = (function.base,) if isinstance(function, Attribute) and function.name in SAME else ()
            given = tuple(item.value for item in args) if last_name(function) in SHOWING else ()
            for one in (*base, *given):
                yield from _shown(one)
        case Name() | Attribute() | Subscript() | Call():
            yield term
