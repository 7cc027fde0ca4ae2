"""Where a text came from: what it was cut out of, back through variables, parameters and the methods of texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from jwtlint.facts import Attribute, Binary, Binding, Call, Constant, Either, Name, Opaque, Subscript, Term
from jwtlint.project import calls, hints, keys
from jwtlint.project.names import last_name
from jwtlint.project.value import Frame, FunctionRef

if TYPE_CHECKING:
    from jwtlint.project.values import Evaluator

Source = tuple[Term, Frame]

# Methods and functions whose result is, or is a part of, the text that they are of or are given.
CUTTING = frozenset(
    ["decode", "encode", "lower", "lstrip", "partition", "removeprefix", "replace", "rpartition", "rsplit", "rstrip"]
    + ["split", "strip"]
)
KEEPING = frozenset({"bytes", "cast", "force_str", "list", "smart_str", "str", "unquote", "unquote_plus"})
MAX_SOURCES = 40


def origins(evaluator: Evaluator, term: Term, frame: Frame) -> Iterator[Source]:
    """A term and everything that its text was taken from, the nearest first."""
    pending: list[Source] = [(term, frame)]
    seen: set[tuple[int, Frame]] = set()
    while pending and len(seen) < MAX_SOURCES:
        one, where = pending.pop(0)
        if (id(one), where) in seen:
            continue
        seen.add((id(one), where))
        yield one, where
        pending += _before(evaluator, one, where)


def _before(evaluator: Evaluator, term: Term, frame: Frame) -> Iterator[Source]:
    match term:
        case Name():
            yield from _bound(evaluator, term, frame)
        case Subscript(base=base, key=Constant(value=int()) | Opaque(kind="slice")):
            yield base, frame
        case Either(options=options):
            yield from ((option, frame) for option in options)
        case Binary(operator="and", right=right):
            yield right, frame
        case Call(func=Attribute(base=base, name=name)) if name in CUTTING:
            yield base, frame
        case Call(func=function, args=args) if last_name(function) in KEEPING and args:
            yield args[-1].value, frame
        case Call():
            yield from _returned(evaluator, term, frame)


def _bound(evaluator: Evaluator, term: Name, frame: Frame) -> Iterator[Source]:
    """What a variable was bound to, what the caller gave a parameter, or what a framework is told to fill it with."""
    module = frame.module
    outer = keys.passed(term, frame)
    if outer is not None:
        yield outer
    for item in module.definitions.get((frame.scope, term.id), ()):
        if isinstance(item, Binding):
            yield item.value, frame
    parameter = module.parameter(frame.scope, term.id)
    if parameter and not frame.use:
        if parameter.default is not None:
            yield parameter.default, evaluator.roots[module]
        for part, home in hints.annotated(evaluator, parameter, module):
            yield part, evaluator.roots[home]
        for value in hints.dependencies(evaluator, parameter, module):
            if isinstance(value.data, FunctionRef):
                yield from _results(calls.root(evaluator, value.data.module, value.data.function))


def _returned(evaluator: Evaluator, call: Call, frame: Frame) -> Iterator[Source]:
    """What a function of the project returns."""
    for value in evaluator.values(call.func, frame):
        if isinstance(value.data, FunctionRef) and value.certain:
            inside = calls.enter(evaluator, value.data, call.args, frame, call)
            if inside is not None:
                yield from _results(inside)


def _results(frame: Frame) -> Iterator[Source]:
    return ((item.value, frame) for item in frame.module.returns.get(frame.scope, ()))


def spelled(term: Term) -> str:
    """`a.b.c` of names and attributes; empty for other terms."""
    match term:
        case Name(id=name):
            return name
        case Attribute(base=base, name=name):
            owner = spelled(base)
            return f"{owner}.{name}" if owner else ""
    return ""
