"""Settings that a call gives as a whole: mappings, objects, functions that give one, files, and prefixes of the environment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from jwtlint.facts import Span
from jwtlint.project import calls, files, mappings, objects, parts, settings
from jwtlint.project.names import Module
from jwtlint.project.value import ClassRef, External, Frame, FunctionRef, Instance, Sequence, Table, Value

if TYPE_CHECKING:
    from jwtlint.project.values import Evaluator


def configured(evaluator: Evaluator, module: Module, name: str) -> Iterator[Value]:
    """What calls of a file that set settings as a whole set `name` to."""
    for called in sorted(evaluator.models.names({"configures"}) & module.uses.keys()):
        for use in module.uses[called]:
            frame = calls.alone(evaluator, module, use.scope)
            for bound in parts.bindings(evaluator, use.call, frame, "configures"):
                under = bound.part(bound.model.roles["configures"].get("under"))
                for value in _given_to(bound, use.call.at):
                    if any(_path(one) == name for one in under):
                        yield from _whole(evaluator, value, frame)
                    elif not under:
                        yield from _held(evaluator, value, name, frame)


def _path(value: Value) -> object:
    """What settings are under: a name, or the plugin that they are given to."""
    return value.data.path if isinstance(value.data, External) else value.data


def _given_to(bound: parts.Bound, at: Span) -> Iterator[Value]:
    """What a call that sets settings as a whole is given: mappings, files by their names, prefixes of the environment."""
    role, home = bound.model.roles["configures"], bound.frame.module
    yield from bound.part(role.get("settings"))
    variables = (value.data for value in bound.part(role.get("variable")) if isinstance(value.data, str))
    named = (value for variable in variables for value in settings.environment(bound.evaluator, variable))
    for value in (*bound.part(role.get("file")), *named):
        name = files.named(bound.evaluator, value)
        found = None if name.endswith(".py") else files.content(bound.evaluator, name, home)
        if found:
            yield files.traced(found, home, at, name)
    for value in bound.part(role.get("prefix")):
        if isinstance(value.data, str):
            yield Value(Table(settings.prefixed(bound.evaluator, f"{value.data}_"), closed=False))


def _whole(evaluator: Evaluator, value: Value, frame: Frame) -> Iterator[Value]:
    """What is given as a whole: a function's is what it gives back."""
    return iter(calls.invoked(evaluator, value, frame) if isinstance(value.data, FunctionRef) else (value,))


def _held(evaluator: Evaluator, value: Value, name: str, frame: Frame) -> Iterator[Value]:
    """What a mapping, a list of pairs, an object or what functions give holds by a name."""
    match value.data:
        case FunctionRef():
            for given_back in calls.invoked(evaluator, value, frame):
                if not isinstance(given_back.data, FunctionRef):
                    yield from _held(evaluator, given_back, name, frame)
        case Sequence(items=items) if any(isinstance(one.data, FunctionRef) for item in items for one in item):
            for item in items:
                for one in item:
                    yield from _held(evaluator, one, name, frame)
        case Table() | Sequence():
            yield from mappings.pairs(value).entries.get(name, ())
        case Instance() | ClassRef():
            found = objects.member(evaluator, value, name)
            yield from (one for one in found if one.known and not one.inherited)
