"""What a function reaches: the functions that it calls, hands on, depends on, or is decorated with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from jwtlint.facts import Arg, Attribute, Call, Constant, Function, Name, Subscript, inside
from jwtlint.project import calls, handlers, objects
from jwtlint.project.handlers import Handler
from jwtlint.project.names import Module, called, last_name
from jwtlint.project.objects import COMPUTED
from jwtlint.project.value import ClassRef, External, FunctionRef, Instance, Value

if TYPE_CHECKING:
    from jwtlint.project.values import Evaluator

Place = tuple[Module, str]  # a function's body

MAX_DEPTH = 7
MAX_PLACES = 150
OWNERS = 2  # names before the last one that tell what a call is of


@dataclass(frozen=True)
class Reached:
    """What was reached, the names of what was called and is not known, and with the names of what that was given."""

    places: frozenset[Place]
    unknown: frozenset[str]
    given: frozenset[tuple[str, str]] = frozenset()

    def holds(self, module: Module, scope: str) -> bool:
        """Whether a function, or one that it is defined in, was reached."""
        return any(
            module is other and (scope == outer or scope.startswith(f"{outer}.")) for other, outer in self.places
        )


@dataclass(frozen=True)
class _Own:
    """What a function calls by itself."""

    places: tuple[Place, ...] = ()
    unknown: frozenset[str] = frozenset()
    given: frozenset[tuple[str, str]] = frozenset()


@dataclass
class Reach:
    """Answers what a handler reaches, and remembers each function's own calls."""

    evaluator: Evaluator
    _steps: dict[Place, _Own] = field(default_factory=dict)

    def of(self, starts: Iterable[Handler]) -> Reached:
        """All that the handlers reach, themselves among it."""
        pending = [(place, 0) for start in starts for place in self._entered(start)]
        seen: set[Place] = set()
        unknown: set[str] = set()
        given: set[tuple[str, str]] = set()
        while pending and len(seen) < MAX_PLACES:
            place, depth = pending.pop(0)
            if place in seen:
                continue
            seen.add(place)
            own = self._from(place)
            unknown |= own.unknown
            given |= own.given
            if depth < MAX_DEPTH:
                pending += [(step, depth + 1) for step in own.places]
        return Reached(frozenset(seen), frozenset(unknown), frozenset(given))

    def _from(self, place: Place) -> _Own:
        if place not in self._steps:
            self._steps[place] = _Own()
            found: dict[Place, None] = {}
            unknown: set[str] = set()
            given: set[tuple[str, str]] = set()
            for value, name, args in self._called(place):
                if isinstance(value.data, External):
                    found |= dict.fromkeys(self._run_by(value.data))
                if not self._is_known(value):
                    unknown |= {name, *_told_by(value)}
                    given |= {(name, told) for told in _named_in(args)}
                elif isinstance(value.data, Handler | Instance):
                    target = value.data.of if isinstance(value.data, Instance) else value.data
                    found |= dict.fromkeys(self._entered(target))
            found |= dict.fromkeys(self._properties(place))
            self._steps[place] = _Own(tuple(found), frozenset(unknown), frozenset(given))
        return self._steps[place]

    def _is_known(self, value: Value) -> bool:
        """Whether it is known what a call does: it is the project's, or a model says."""
        if isinstance(value.data, External):
            return self.evaluator.models.call(value.data.path) is not None
        return value.known

    def _called(self, place: Place) -> Iterator[tuple[Value, str, tuple[Arg, ...]]]:
        """What a function calls, hands on as an argument, or is preceded by, with its name and what it is given."""
        module, scope = place
        for use in module.facts.uses:
            if use.scope != scope and not use.scope.startswith(f"{scope}."):
                continue
            frame = calls.alone(self.evaluator, module, use.scope)
            for value in self.evaluator.values(use.call.func, frame):
                yield value, called(use.call.func), use.call.args
            for argument in use.call.args:
                for value in self.evaluator.values(argument.value, frame) if last_name(argument.value) else ():
                    if isinstance(value.data, FunctionRef):
                        yield value, value.data.name, ()
        function = module.functions.get(scope)
        if function is not None:
            for handler in handlers.before(self.evaluator, FunctionRef(module, function)):
                yield Value(handler), handlers.name(handler), ()

    def _entered(self, handler: Handler) -> Iterator[Place]:
        """The bodies that run when a handler is called: a class's constructor and call method."""
        match handler:
            case FunctionRef(module=module, function=function):
                yield module, function.path
            case ClassRef(module=module, definition=definition):
                for name in ("__init__", "__call__", "__post_init__"):
                    if f"{definition.path}.{name}" in module.functions:
                        yield module, f"{definition.path}.{name}"

    def _run_by(self, target: External) -> Iterator[Place]:
        """Methods of the project's class that an inherited method calls in turn, as its model says."""
        model = self.evaluator.models.call(target.path)
        part = model.roles.get("runs", {}).get("methods") if model else None
        if part is None or not isinstance(target.of, ClassRef | Instance):
            return
        for name in part.options[0].literal:  # type: ignore[attr-defined]
            for value in objects.member(self.evaluator, Value(target.of), str(name)):
                if isinstance(value.data, FunctionRef):
                    yield from self._entered(value.data)

    def _properties(self, place: Place) -> Iterator[Place]:
        """Properties that the function reads, where their name is a property's alone."""
        module, scope = place
        names = {term.name for term in module.terms(scope) if isinstance(term, Attribute)}
        for name in sorted(names & self._computed.keys()):
            yield self._computed[name]

    @cached_property
    def _computed(self) -> dict[str, Place]:
        """The project's properties by name, those whose name only one class has."""
        found: dict[str, list[Place]] = {}
        for module in self.evaluator.modules.values():
            for function in module.facts.functions:
                if _is_property(function):
                    found.setdefault(function.name, []).append((module, function.path))
        return {name: places[0] for name, places in found.items() if len(places) == 1}


def functions(places: Iterable[Place]) -> Iterator[FunctionRef]:
    """The functions of places that are one."""
    for module, scope in places:
        if scope in module.functions:
            yield FunctionRef(module, module.functions[scope])


def _told_by(value: Value) -> frozenset[str]:
    """What the path of something outside says that its last name does not: `DeniedToken` of `DeniedToken.objects.create`."""
    path = value.data.path if isinstance(value.data, External) else ""
    return frozenset(path.split(".")[-OWNERS - 1 : -1])


def _named_in(args: Iterable[Arg]) -> Iterator[str]:
    """The names of what arguments hand on: keywords, variables, attributes, keys."""
    for argument in args:
        if argument.name not in (None, "*", "**"):
            yield str(argument.name)
        for term in inside(argument.value):
            match term:
                case Name(id=name) | Attribute(name=name) | Subscript(key=Constant(value=str(name))):
                    yield name
                case Call(func=Attribute(name="get"), args=(Arg(value=Constant(value=str(name))), *_)):
                    yield name


def _is_property(function: Function) -> bool:
    return bool(COMPUTED & {last_name(term) for term in function.decorators})
