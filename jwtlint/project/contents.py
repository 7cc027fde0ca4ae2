"""What is written into the payload of a token, and where: entries, spreads, and what is set on it afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jwtlint.facts import (
    Arg,
    Attribute,
    Binary,
    Binding,
    Call,
    Constant,
    Either,
    Entries,
    Name,
    Opaque,
    Subscript,
    Term,
    Use,
)
from jwtlint.finding import Location, Step
from jwtlint.models.vocabulary import vocabulary
from jwtlint.project import calls, keys, trust
from jwtlint.project.names import last_name
from jwtlint.project.value import External, Frame, FunctionRef, Instance

if TYPE_CHECKING:
    from jwtlint.project.concepts import Issuance
    from jwtlint.project.values import Evaluator

COPYING = frozenset({"copy", "deepcopy"})
REMAKING = frozenset({"dict", "json.dumps", "copy.copy", "copy.deepcopy"})


@dataclass(frozen=True)
class Written:
    """One thing that is written into a payload.

    Args:
        name: the claim; empty for what is taken in as a whole.
        value: what is written, and `frame` where its names are those that it has.
        at: the entry, argument or statement that writes it.
    """

    name: str
    value: Term
    frame: Frame
    at: Location

    @property
    def steps(self) -> tuple[Step, ...]:
        """The way of the value: each call that handed it on, then where it is written."""
        found = [Step(self.at, f"written as {self.name}" if self.name else "written into the claims")]
        term, frame = self.value, self.frame
        while isinstance(term, Name) and (outer := keys.passed(term, frame)) and frame.use and frame.caller:
            found.append(Step(frame.caller.module.at(frame.use.call.at), f"passed as {term.id}"))
            term, frame = outer
        return tuple(reversed(found))


def written(token: Issuance) -> Iterator[Written]:
    """What the call is given for claims and for their subject, then what is set on the token that it makes."""
    evaluator, frame = token.bound.evaluator, token.frame
    writing = _Writing(evaluator)
    claims, subject = token.argument("claims"), token.argument("subject")
    if subject is not None:
        yield Written("sub", subject, frame, token.at)
    if claims is not None:
        yield from writing.of(claims, frame, token.at)
    for name in trust.results(token):
        yield from writing.edits(name, frame)


@dataclass
class _Writing:
    """One look through what makes a payload; a name is followed once a frame."""

    evaluator: Evaluator
    _seen: set[tuple[Frame, str]] = field(default_factory=set)

    def of(self, term: Term, frame: Frame, at: Location) -> Iterator[Written]:
        """What a mapping that is written at a place holds."""
        match term:
            case Name():
                yield from self._named(term, frame)
            case Entries(items=items):
                for item in items:
                    yield from self._entry(item.key, item.value, frame, frame.module.at(item.at))
            case Binary(operator="|", left=left, right=right):
                for side in (left, right):
                    yield from self.of(side, frame, at)
            case Either(options=options):
                for option in options:
                    yield from self.of(option, frame, at)
            case Call():
                yield from self._called(term, frame, at)
            case _:
                yield Written("", term, frame, at)

    def _entry(self, key: Term | None, value: Term, frame: Frame, at: Location) -> Iterator[Written]:
        """An entry of a mapping; a key from a loop over another mapping's items takes in that one as a whole."""
        if key is None:
            yield from self.of(value, frame, at)
        elif isinstance(key, Constant):
            yield Written(str(key.value), value, frame, at)
        elif isinstance(key, Name):
            whole = _looped_over(key, frame)
            if whole is not None:
                yield from (Written(item.name, item.value, item.frame, at) for item in self.of(whole, frame, at))

    def _named(self, term: Name, frame: Frame) -> Iterator[Written]:
        """What a variable was bound to, what the caller gave a parameter, and what has been changed in place."""
        if (frame, term.id) in self._seen:
            return
        self._seen.add((frame, term.id))
        module = frame.module
        outer = keys.passed(term, frame)
        if outer is not None and frame.use and frame.caller:
            yield from self.of(*outer, frame.caller.module.at(frame.use.call.at))
        known = module.definitions
        for item in known.get((frame.scope, term.id)) or known.get(("", term.id)) or ():
            if isinstance(item, Binding):
                yield from self.of(item.value, frame, module.at(item.at))
        yield from self.edits(term.id, frame)

    def edits(self, name: str, frame: Frame) -> Iterator[Written]:
        """What is set in a mapping after it was made: `name[key] = value`, `name.update(…)`."""
        for edit in frame.module.edits.get((frame.scope, name), ()):
            match edit:
                case Binding(target=Subscript(key=key), value=value, at=span) if not _is_deleted(value):
                    yield from self._entry(key, value, frame, frame.module.at(span))
                case Use(call=Call(func=Attribute(name="update")) as call):
                    yield from self._arguments(call.args, frame)

    def _arguments(self, args: tuple[Arg, ...], frame: Frame) -> Iterator[Written]:
        """What `dict(…)`, a copy and `update(…)` are given."""
        for argument in args:
            at = frame.module.at(argument.at)
            if argument.name in (None, "*", "**"):
                yield from self.of(argument.value, frame, at)
            else:
                yield Written(str(argument.name), argument.value, frame, at)

    def _called(self, call: Call, frame: Frame, at: Location) -> Iterator[Written]:
        """What a copy, `dict(…)`, or a function of the project gives; anything else is taken in as a whole."""
        if isinstance(call.func, Attribute) and call.func.name in COPYING and not call.args:
            yield from self.of(call.func.base, frame, at)
            return
        callees = [value.data for value in self.evaluator.values(call.func, frame) if value.certain]
        paths = {callee.path for callee in callees if isinstance(callee, External)}
        if paths & REMAKING:
            yield from self._arguments(call.args if "dict" in paths else call.args[:1], frame)
            return
        for maker, where in self._made(call, frame):
            yield from self._arguments(maker.args, where)
        own = [callee for callee in callees if isinstance(callee, FunctionRef)]
        for inside in (calls.enter(self.evaluator, callee, call.args, frame, call) for callee in own):
            if inside is not None:
                for returned in inside.module.returns.get(inside.scope, ()):
                    yield from self.of(returned.value, inside, inside.module.at(returned.at))
        if not own:
            yield Written("", call, frame, at)

    def _made(self, call: Call, frame: Frame) -> Iterator[tuple[Call, Frame]]:
        """The call that made an object of the project whose fields a call gives: `Claims(sub=…)` of `claims.model_dump()`."""
        if last_name(call.func) not in vocabulary().dumping:
            return
        objects = [item.value for item in call.args[:1]]
        if isinstance(call.func, Attribute):
            objects.append(call.func.base)
        for value in (value for term in objects for value in self.evaluator.values(term, frame)):
            if isinstance(value.data, Instance) and value.data.frame.use and value.data.frame.caller:
                yield value.data.frame.use.call, value.data.frame.caller


def _is_deleted(value: Term) -> bool:
    return isinstance(value, Opaque) and value.kind == "deleted"


def _looped_over(key: Name, frame: Frame) -> Term | None:
    """`mapping` of `for key, value in mapping.items()`."""
    for item in frame.module.definitions.get((frame.scope, key.id), ()):
        match item:
            case Binding(
                value=Subscript(base=Opaque(kind="each", parts=(Call(func=Attribute(base=whole, name="items")),)))
            ):
                return whole
    return None
