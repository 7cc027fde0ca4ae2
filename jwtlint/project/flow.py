"""Where the claims of a verified token go: through variables, models, returns, calls and dependencies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from jwtlint.facts import (
    Attribute,
    Binary,
    Binding,
    Call,
    Constant,
    Items,
    Name,
    Raise,
    Return,
    Subscript,
    Term,
    Use,
    inside,
)
from jwtlint.project import calls, hints, mappings
from jwtlint.project.carried import Spot
from jwtlint.project.value import External, Frame, FunctionRef, Instance, Made, Sequence, Table, Value

if TYPE_CHECKING:
    from jwtlint.project.concepts import Occurrence
    from jwtlint.project.values import Evaluator

MAX_LEVELS = 64
MAX_UNREAD = 16  # files; a name that more of them hold is too common to say who is handed the claims
# One attribute, or the innermost key: `.role`, `[role]`, `[user][role]`, `.extras[role]`, `[roles][0]`.
_CLAIM = re.compile(r"\.(\w+)|(?:\[\w+\]|\.\w+)*?\[([^\W\d]\w*)\](?:\[\d+\])*")
_TAKING = frozenset({"get", "pop", "setdefault"})
_HARMLESS = frozenset({"bool", "isinstance", "len", "print", "str"})
Fact = Binding | Return | Use | Raise


class Read(NamedTuple):
    """A claim that a term reads: `of` is what it is read of, nothing for a variable that has held it since."""

    name: str
    of: Term | None
    fallback: Term | None = None


@dataclass(frozen=True)
class Dependents:
    """Which functions of the project are handed what a function gives, by their parameters alone."""

    evaluator: Evaluator

    def decorated(self, call: Call, frame: Frame) -> Iterator[FunctionRef]:
        """The functions that a decorator calls in the place of what it is given."""
        name = call.func.id if isinstance(call.func, Name) else ""
        scopes = (scope for scope in frame.module.enclosing(frame.scope) if frame.module.parameter(scope, name))
        yield from self._decorated.get((frame.module, next(scopes, "")), ())

    @cached_property
    def _decorated(self) -> dict[tuple[object, str], tuple[FunctionRef, ...]]:
        """The functions under each decorator of the project."""
        found: dict[tuple[object, str], tuple[FunctionRef, ...]] = {}
        for module in self.evaluator.modules.values():
            for function in module.facts.functions:
                for term in function.decorators:
                    for value in self.evaluator.values(term, self.evaluator.roots[module]):
                        if isinstance(value.data, FunctionRef):
                            key = (value.data.module, value.data.function.path)
                            found[key] = (*found.get(key, ()), FunctionRef(module, function))
        return found

    @cached_property
    def _known(self) -> dict[tuple[object, str], tuple[FunctionRef, ...]]:
        found: dict[tuple[object, str], tuple[FunctionRef, ...]] = {}
        for module in self.evaluator.modules.values():
            for function in module.facts.functions:
                for parameter in function.params:
                    for value in hints.dependencies(self.evaluator, parameter, module):
                        if isinstance(value.data, FunctionRef):
                            key = (value.data.module, value.data.function.path)
                            found[key] = (*found.get(key, ()), FunctionRef(module, function))
        return found

    def of(self, frame: Frame) -> Iterator[Frame]:
        """The frames of those that depend on a frame's function."""
        for target in self._known.get((frame.module, frame.scope), ()):
            yield calls.root(self.evaluator, target.module, target.function)


class Flow:
    """Follows the claims of one way to a verification.

    Attributes:
        levels: the frames that see the claims, or a part of them.
        whole: whether all that is done with the claims as a whole was followed.
        names: names of the claims that are read anywhere.
        loose: names of claims that go where nobody follows them.
    """

    def __init__(self, token: Occurrence, dependents: Dependents) -> None:
        self._call = token.use.call
        kept = [str(value.data) for value in token.part("object")]
        self._path = kept[0] if kept else f"{token.bound.target.path}()"
        self.evaluator = token.bound.evaluator
        self._dependents = dependents
        self.levels: list[Frame] = [] if kept else [token.frame]
        self._before: dict[Frame, Frame] = {}
        self.whole = not token.has("into")
        self.names: set[str] = set()
        self.loose: set[str] = set()
        for name in kept:
            self.levels += self._reading(Spot(*name.split(".")[-2:]))
        for frame in self.levels:
            self._follow(frame)

    def values(self, term: Term, frame: Frame) -> tuple[Value, ...]:
        """What a term can be."""
        return self.evaluator.values(term, frame)

    def is_whole(self, term: Term, frame: Frame) -> bool:
        """Whether a term is all of the claims, or a model that was made of them."""
        return any(self._is_whole(value) for value in self.evaluator.values(term, frame))

    def _is_whole(self, value: Value) -> bool:
        match value.data:
            case External() as given:
                return given.path == self._path and self._is_own(given)
            case Instance(frame=Frame(use=Use(call=call), caller=Frame() as caller)):
                return any(item.name == "**" and self.is_whole(item.value, caller) for item in call.args)
        return False

    def _is_own(self, given: External) -> bool:
        """Whether something is of the very call that gives the claims, or of the object that holds them."""
        return given.of.call is self._call if isinstance(given.of, Made) else given.of is None

    def read(self, term: Term, frame: Frame) -> Read | None:
        """The claim that a term reads; nothing for other terms."""
        match term:
            case Subscript(base=base, key=key) if self.is_whole(base, frame):
                return self._named(key, frame, base, None)
            case Call(func=Attribute(base=base, name=name), args=(key, *others)) if name in _TAKING and self.is_whole(
                base, frame
            ):
                fallback = others[0].value if others else None if name == "pop" else Constant(None)
                return self._named(key.value, frame, base, fallback)
            case Binary(operator="in" | "not in", left=left, right=right) if self.is_whole(right, frame):
                return self._named(left, frame, right, Constant(None))
            case Attribute(base=base, name=name) if name not in _TAKING and self.is_whole(base, frame):
                return Read(name, base)
            case Name() | Attribute() | Subscript() | Call():
                return next(self._held(term, frame), None)
        return None

    def _named(self, key: Term, frame: Frame, base: Term, fallback: Term | None) -> Read:
        names = mappings.keys(self.evaluator, key, frame)
        return Read(names[0] if len(names) == 1 else "?", base, fallback)

    def _held(self, term: Name | Attribute | Subscript | Call, frame: Frame) -> Iterator[Read]:
        """The claim that a variable or field holds, as it was read."""
        for value in self.evaluator.values(term, frame):
            name = self._claim(value)
            if name:
                read = self._first_read(term, frame) if isinstance(term, Name) else None
                yield read or Read(name, None)

    def _claim(self, value: Value) -> str:
        """The name of the claim that a value is; empty for other values."""
        match value.data:
            case External(path=path) as given if (
                path.startswith(self._path) and path != self._path and self._is_own(given)
            ):
                found = _CLAIM.fullmatch(path.removeprefix(self._path))
                return found[1] or found[2] if found else "?"
        return ""

    def _has_a_part(self, value: Value) -> bool:
        """Whether an object, mapping or list was made with a claim."""
        match value.data:
            case Instance(frame=Frame(args=args)):
                return any(self._claim(inner) for given in args.values() for inner in given)
            case Table(entries=entries):
                return any(self._claim(inner) for given in entries.values() for inner in given)
            case Sequence(items=items):
                return any(self._claim(inner) for given in items for inner in given)
        return False

    def _first_read(self, term: Name, frame: Frame) -> Read | None:
        """What a local variable was bound to, if that is a read that says what stands in for a missing claim."""
        for item in frame.module.definitions.get((frame.scope, term.id), ()):
            if isinstance(item, Binding) and not isinstance(item.value, Name):
                found = self.read(item.value, frame)
                if found:
                    return found
        return None

    def facts(self, frame: Frame) -> Iterator[Fact]:
        """What a frame's function does."""
        facts = frame.module.facts
        for items in (facts.bindings, facts.returns, facts.uses, facts.raises):
            yield from (item for item in items if item.scope == frame.scope)

    def _follow(self, frame: Frame) -> None:
        """Go on from a frame to those that it hands claims to, and note what is lost on the way."""
        seen: set[int] = set()
        for fact in self.facts(frame):
            for guard in fact.when:
                seen |= {id(term) for term in inside(guard.test)}
            match fact:
                case Binding(target=Name() as target, value=value):
                    seen |= {id(target), id(value)}
                case Binding(target=target, value=value) if self._carried(fact, value, frame):
                    seen |= {id(target), id(value)}
                case Return(value=value):
                    seen |= self._returned(value, frame)
                    self._carried(fact, value, frame)
                case Use(call=call):
                    seen |= self._passed(call, frame)
        for term in frame.module.terms(frame.scope):
            read = self.read(term, frame)
            if read:
                self.names.add(read.name)
            if read and read.of is not None and not isinstance(term, Name):
                seen.add(id(read.of))
        for term in frame.module.terms(frame.scope):
            if id(term) not in seen:
                self._lose(term, frame)

    def _lose(self, term: Term, frame: Frame) -> None:
        read = self.read(term, frame)
        if read:
            self.loose.add(read.name)
        elif isinstance(term, Name | Call) and self.is_whole(term, frame):
            self.whole = False

    def _carries(self, term: Term, frame: Frame) -> bool:
        values = self.values(term, frame)
        return (
            any(self._is_whole(value) or self._claim(value) for value in values) or self.read(term, frame) is not None
        )

    def _carried(self, fact: Binding | Return, value: Term, frame: Frame) -> bool:
        """Go on to those that read what a statement leaves with the request; whether it leaves claims there."""
        spots = self.evaluator.carried.given_by(fact)
        given = value.items if isinstance(value, Items) else (value,)
        if not spots or not any(self._carries(item, frame) or self._is_part(item, frame) for item in given):
            return False
        for spot in spots:
            self._enter(self._reading(spot), frame)
        return True

    def _reading(self, spot: Spot) -> list[Frame]:
        """The frames of the functions that read what a request carries; files that may do so are wanted."""
        texts = (f"{spot.holder}.{spot.name}", f'{spot.holder}["{spot.name}"]', f"{spot.holder}['{spot.name}']")
        found = {path for text in texts for path in self.evaluator.mentioning(text)}
        unread = found - self.evaluator.modules.keys()
        self.evaluator.wanted |= unread if len(unread) <= MAX_UNREAD else set()
        readers = self.evaluator.carried.readers(spot)
        return [calls.root(self.evaluator, one.module, one.function) for one in readers]

    def _is_part(self, value: Term, frame: Frame) -> bool:
        """Whether a term is an object, mapping or list that was made with a claim."""
        return any(map(self._has_a_part, self.values(value, frame)))

    def _returned(self, value: Term, frame: Frame) -> set[int]:
        """What is returned goes to the caller, or to those that depend on the function."""
        if not self._carries(value, frame) and not self._is_part(value, frame):
            return set()
        outer = [frame.caller] if frame.caller and frame.use else list(self._dependents.of(frame))
        if not outer and frame.function:
            known = self.evaluator.modules.keys()
            unread = self.evaluator.speaking(frame.function.name, frame.module) - known
            self.evaluator.wanted |= unread if len(unread) <= MAX_UNREAD else set()
        self._enter(outer, frame)
        return {id(value)} if outer else set()

    def _passed(self, call: Call, frame: Frame) -> set[int]:
        """What is given to a function of the project goes on in there, and what a model is made of is in the model."""
        callees = [value.data for value in self.evaluator.values(call.func, frame)]
        callees = [*self._dependents.decorated(call, frame)] or callees
        if isinstance(call.func, Attribute) and call.func.name not in _TAKING and self.is_whole(call.func.base, frame):
            self.whole = self.whole and all(self._is_modelled(callee) for callee in callees)
        given = [item for item in call.args if self._carries(item.value, frame)]
        inner = [
            calls.enter(self.evaluator, callee, call.args, frame, call)
            for callee in callees
            if isinstance(callee, FunctionRef) and given
        ]
        known = [item for item in inner if item is not None]
        self._enter(known, frame)
        kept = self.is_whole(call, frame) or self.read(call, frame) is not None or len(known) == len(callees)
        harmless = all(isinstance(callee, External) and callee.path in _HARMLESS for callee in callees)
        return {id(item.value) for item in given if kept or harmless}

    def _is_modelled(self, callee: object) -> bool:
        return isinstance(callee, External) and self.evaluator.models.call(callee.path) is not None

    def way_to(self, frame: Frame) -> tuple[Frame, ...]:
        """The levels by which the claims came to one, that one first."""
        way = [frame]
        while way[-1] in self._before:
            way.append(self._before[way[-1]])
        return tuple(way)

    def _enter(self, frames: Iterable[Frame], before: Frame) -> None:
        for frame in frames:
            if len(self.levels) >= MAX_LEVELS:
                self.whole = False
            elif not any(frame is known for known in self.levels):
                self.levels.append(frame)
                self._before[frame] = before
