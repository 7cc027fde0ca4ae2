"""Which bindings of a name reach a place in the code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from jwtlint.facts import Attribute, Binary, Binding, Constant, Guard, Name, Return, Term, Unary, Use
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project.value import Frame

if TYPE_CHECKING:
    from jwtlint.project.names import Definition
    from jwtlint.project.values import Evaluator

Guarded = TypeVar("Guarded", Binding, Return, Use)


def truth(evaluator: Evaluator, term: Term, frame: Frame) -> bool | None:
    """Whether `term` holds in `frame`; None if that is not known of every value it can have."""
    answers = {value.holds for value in evaluator.values(term, frame)}
    return answers.pop() if len(answers) == 1 else None


def state(evaluator: Evaluator, guards: Iterable[Guard], here: tuple[Guard, ...], frame: Frame) -> bool | None:
    """Whether code under `guards` has run where `here` holds: True surely, False never, None perhaps."""
    sure = True
    arms = {guard.branch: guard.holds for guard in here}
    for guard in guards:
        if guard.branch in arms:
            if arms[guard.branch] != guard.holds:
                return False
            continue
        answer = truth(evaluator, guard.test, frame)
        if answer is None:
            sure = False
        elif answer != guard.holds:
            return False
    return True if sure else None


def for_development(guards: Iterable[Guard]) -> bool:
    """Whether code under `guards` runs on a developer's machine only, by the words of a test: `if not production`."""
    words = vocabulary()
    for guard in guards:
        positive = not isinstance(guard.test, Unary) and getattr(guard.test, "operator", "") not in ("!=", "is not")
        named = set(mentioned(guard.test))
        if named & words.production:
            if guard.holds != positive:
                return True
        elif named & words.development and guard.holds == positive:
            return True
    return False


def mentioned(term: Term) -> Iterator[str]:
    """The words of the names and texts in a test."""
    match term:
        case Name(id=name) | Attribute(name=name) | Constant(value=str(name)):
            yield from words_of(name)
        case Unary(operand=operand):
            yield from mentioned(operand)
        case Binary(operator="==" | "!=" | "is" | "is not", left=left, right=right):
            yield from mentioned(left)
            yield from mentioned(right)


def reaching(evaluator: Evaluator, definitions: list[Definition], point: int | None, frame: Frame) -> list[Definition]:
    """The definitions of one name in one scope that `point` may see; None stands for a place after all of them."""
    here = frame.module.conditions.get(point, ()) if point is not None else ()
    before = definitions if point is None else [item for item in definitions if item.point < point]
    found: list[Definition] = []
    arms: set[tuple[int, bool]] = set()
    for definition in reversed(before or definitions):
        guards = definition.when if isinstance(definition, Binding) else ()
        reached = state(evaluator, guards, here, frame)
        if reached is False:
            continue
        found.append(definition)
        if reached or _other_arm_taken(guards, arms):
            break
        if guards:
            arms.add((guards[-1].branch, guards[-1].holds))
    return found


def _other_arm_taken(guards: tuple[Guard, ...], arms: set[tuple[int, bool]]) -> bool:
    """Whether the other arm of a single `if` has been seen to bind the name too, so that nothing before it counts."""
    return len(guards) == 1 and (guards[0].branch, not guards[0].holds) in arms


def possible(evaluator: Evaluator, items: Iterable[Guarded], frame: Frame) -> Iterator[Guarded]:
    """Those facts of a function's body that may happen in `frame`, up to the first that surely ends it."""
    for item in items:
        if state(evaluator, item.when, (), frame) is not False:
            yield item
