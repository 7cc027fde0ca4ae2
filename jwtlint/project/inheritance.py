"""What classes and those that they inherit have of each other: `super()`, the constructors that it leads through, heirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from jwtlint.facts import Attribute, Call, Function, Name
from jwtlint.project import calls, parts
from jwtlint.project.names import last_name
from jwtlint.project.value import NOTHING, ClassRef, External, Frame, FunctionRef, Instance, Parent, Value

if TYPE_CHECKING:
    from jwtlint.project.values import Evaluator

MAX_HEIRS = 4  # files that have not been read
MAX_ABOVE = 5  # constructors that call each other


def parent(frame: Frame) -> tuple[Value, ...]:
    """What `super()` is in a method."""
    owner = frame.module.classes.get(frame.function.scope) if frame.function else None
    if owner is None or frame.receiver is None:
        return NOTHING
    return (Value(Parent(frame.receiver, ClassRef(frame.module, owner))),)


def constructors(evaluator: Evaluator, instance: Instance) -> Mapping[Function, Frame]:
    """The constructors of the project that an object went through, by what they are, its own first."""
    found: dict[Function, Frame] = {}
    frame: Frame | None = instance.frame
    while frame is not None and isinstance(frame.function, Function) and len(found) < MAX_ABOVE:
        found[frame.function] = frame
        frame = next(_above(evaluator, frame), None)
    return found


def of_heirs(evaluator: Evaluator, definition: ClassRef, name: str) -> Iterator[Value]:
    """The methods that heirs have of what a class only declares: where one is asked for, a framework gives one of them."""
    module, own = definition.module, definition.definition.name
    wanted = (evaluator.speaking(f"{word} {own.lower()}", module) for word in ("extends", "implements"))
    unread = {path for paths in wanted for path in paths} - evaluator.modules.keys()
    if len(unread) <= MAX_HEIRS:
        evaluator.wanted |= unread
    for other in evaluator.modules.values():
        for item in other.facts.classes if other.language is module.language else ():
            method = other.functions.get(f"{item.path}.{name}")
            if method is not None and own in map(last_name, item.bases):
                heir = ClassRef(other, item)
                yield Value(
                    FunctionRef(other, method, Instance(heir, calls.body(evaluator, heir), open=True)), certain=False
                )


def handed_up(evaluator: Evaluator, instance: Instance, name: str) -> Iterator[Value]:
    """What the constructor of a library's class that an object inherits was given for a parameter."""
    for frame in constructors(evaluator, instance).values():
        for call, callee in _calls_up(evaluator, frame):
            model = evaluator.models.call(callee.path) if isinstance(callee, External) else None
            if isinstance(callee, External) and model is not None and name in model.signature.names:
                yield from parts.bind(evaluator, model, call.args, frame, callee).parameter(name)


def _above(evaluator: Evaluator, frame: Frame) -> Iterator[Frame]:
    """The frames of the constructors that one calls by `super()`."""
    for call, callee in _calls_up(evaluator, frame):
        if isinstance(callee, FunctionRef):
            inside = calls.enter(evaluator, callee, call.args, frame, call)
            if inside is not None:
                yield inside


def _calls_up(evaluator: Evaluator, frame: Frame) -> Iterator[tuple[Call, object]]:
    """Calls of `super().__init__`, and what each is of."""
    for use in frame.module.uses.get("__init__", ()):
        if use.scope == frame.scope and _is_super(use.call):
            yield from ((use.call, value.data) for value in evaluator.values(use.call.func, frame))


def _is_super(call: Call) -> bool:
    match call.func:
        case Attribute(base=Call(func=Name(id="super"))):
            return True
    return False
