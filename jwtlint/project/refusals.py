"""Keys that the program itself refuses: where the word that stands in the source is still there, it does not start."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from jwtlint.facts import Binary, Call, Constant, Either, Guard, Items, Term, inside
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project import calls
from jwtlint.project.lookup import mentioned
from jwtlint.project.names import Module, last_name
from jwtlint.project.value import FunctionRef

if TYPE_CHECKING:
    from jwtlint.project.values import Evaluator

EXITS = frozenset({"exit", "_exit", "quit"})
EQUAL = {True: frozenset({"==", "===", "in"}), False: frozenset({"!=", "!==", "not in"})}
KEYS = frozenset({"key", "secret"})


def is_refused(evaluator: Evaluator, text: str) -> bool:
    """Whether a test finds that a key is this text, or as short as it, and ends the program in every environment."""
    words = vocabulary()
    telling = words.development | words.production | words.deployments
    for module in evaluator.modules.values() if text else ():
        for guards in _ending(evaluator, module):
            told = any(telling & {*words_of(name)} for guard in guards for name in mentioned(guard.test))
            if not told and any(_finds(guard, text) for guard in guards):
                return True
    return False


def _ending(evaluator: Evaluator, module: Module) -> Iterator[tuple[Guard, ...]]:
    """The tests under which something is raised, or the program exits."""
    yield from (item.when for item in module.facts.raises if item.when)
    for use in module.facts.uses:
        if use.when and (_exits(use.call) or _ends(evaluator, module, use.call, use.scope)):
            yield use.when


def _exits(call: Call) -> bool:
    return last_name(call.func) in EXITS


def _ends(evaluator: Evaluator, module: Module, call: Call, scope: str) -> bool:
    """Whether a call is of a function that always exits."""
    if scope or not call.args:
        return False  # a program is checked where it starts
    called = (value.data for value in evaluator.values(call.func, calls.alone(evaluator, module, scope)))
    functions = [data for data in called if isinstance(data, FunctionRef)]
    return any(
        use.scope == one.function.path and not use.when and _exits(use.call)
        for one in functions
        for use in one.module.facts.uses
    )


def _finds(guard: Guard, text: str) -> bool:
    """Whether a test, or one of several of which one is enough, holds where a key is the text."""
    if guard.holds:
        return any(_is_met(part, text) for part in _alternatives(guard.test))
    return isinstance(guard.test, Binary) and _compares(guard.test, text, EQUAL[False])


def _alternatives(test: Term) -> Iterator[Term]:
    """The parts of a test of which one is enough."""
    if isinstance(test, Either) and test.test is None:
        for option in test.options:
            yield from _alternatives(option)
    else:
        yield test


def _is_met(test: Term, text: str) -> bool:
    match test:
        case Binary(operator="<" | "<=", left=Call(args=(item,)) as measure, right=Constant(value=int(least))):
            named = {word for term in inside(item.value) for word in words_of(last_name(term) or _text(term))}
            return last_name(measure.func) == "len" and bool(named & KEYS) and len(text) < least
        case Binary():
            return _compares(test, text, EQUAL[True])
    return False


def _compares(test: Binary, text: str, operators: frozenset[str]) -> bool:
    sides = (test.left, test.right)
    listed = [item for side in sides for item in (side.items if isinstance(side, Items) else (side,))]
    return test.operator in operators and any(_text(item) == text for item in listed)


def _text(term: Term) -> str:
    return term.value if isinstance(term, Constant) and isinstance(term.value, str) else ""
