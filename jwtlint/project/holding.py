"""Which tokens a term carries: those that issuing calls gave, however they are spelt, cut, joined or handed on since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from jwtlint.facts import Attribute, Binary, Binding, Call, Name, Opaque, Subscript, Term, Text, Use
from jwtlint.project import parts
from jwtlint.project.concepts import Issuance
from jwtlint.project.keys import passed
from jwtlint.project.names import last_name
from jwtlint.project.value import External, Frame, Made, Value

if TYPE_CHECKING:
    from jwtlint.project.values import Evaluator

MAX_DEPTH = 8
# Python's own functions and methods that give back what they are given, as text, in parts or in another alphabet.
SPELLING = frozenset(
    ["str", "bytes", "decode", "encode", "strip", "join", "format", "list", "tuple", "iter", "enumerate", "zip"]
    + ["b64encode", "urlsafe_b64encode", "quote", "dumps"]
)


def tokens(evaluator: Evaluator, term: Term, frame: Frame, depth: int = 0) -> Iterator[Issuance]:
    """The tokens that a term is, or is made of in a way that keeps them readable."""
    values = evaluator.values(term, frame)
    yield from of_values(evaluator, values)
    if depth < MAX_DEPTH and (isinstance(term, Subscript) or not all(value.known for value in values)):
        for part, where in _made_of(term, frame):
            yield from tokens(evaluator, part, where, depth + 1)


def of_values(evaluator: Evaluator, values: Iterable[Value], depth: int = 0) -> Iterator[Issuance]:
    """The tokens among values."""
    for value in values:
        match value.data:
            case External(path=path, of=Made(call=call, frame=frame)):
                model = evaluator.models.call(path.removesuffix("()")) if path.endswith("()") else None
                if model is not None and "issues" in model.roles:
                    target = External(path.removesuffix("()"), value.data.of)
                    bound = parts.bind(evaluator, model, call.args, frame, target)
                    use = next((use for use in frame.module.facts.uses if use.call is call), None)
                    yield Issuance(use or Use(frame.scope, call, 0, (), ()), frame, bound, "issues")
                elif depth < MAX_DEPTH and isinstance(call.func, Attribute) and call.func.name in SPELLING:
                    yield from of_values(evaluator, evaluator.values(call.func.base, frame), depth + 1)


def _made_of(term: Term, frame: Frame) -> Iterator[tuple[Term, Frame]]:
    """What a term is made of, each part with the frame that it stands in."""
    match term:
        case Text(parts=inner) | Opaque(kind="comprehension" | "each" | "yield", parts=inner):
            yield from ((part, frame) for part in inner)
        case Binary(operator="+" | "%", left=left, right=right):
            yield from ((left, frame), (right, frame))
        case Subscript(base=Opaque() as base) | Subscript(base=base, key=Opaque(kind="slice")):
            yield base, frame
        case Call(func=function, args=args) if last_name(function) in SPELLING:
            yield from ((item.value, frame) for item in args)
            if isinstance(function, Attribute):
                yield function.base, frame
        case Name():
            outer = passed(term, frame)
            if outer is not None:
                yield outer
            for item in frame.module.definitions.get((frame.scope, term.id), ()):
                if isinstance(item, Binding) and item.point <= term.point:
                    yield item.value, frame
