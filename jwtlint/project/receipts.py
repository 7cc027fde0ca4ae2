"""What a request brings: values that models say come from its address, a header, a cookie or its body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jwtlint.facts import Call, Use
from jwtlint.project import parts
from jwtlint.project.concepts import Occurrence
from jwtlint.project.value import External, Made, Value

if TYPE_CHECKING:
    from jwtlint.project.values import Evaluator

ROLE = "receives"


@dataclass(frozen=True)
class Receipt:
    """One value of a request.

    Args:
        place: `url`, `header`, `cookie` or `body`.
        name: what it is called there; empty where that is not known.
        call: what reads it of the request.
    """

    place: str
    name: str
    call: Call


def receipt(evaluator: Evaluator, value: Value) -> Receipt | None:
    """Where a value was received; None where no model says that it was."""
    if not isinstance(value.data, External) or not isinstance(value.data.of, Made):
        return None
    made = value.data.of
    for path in _made_by(value.data.path):
        model = evaluator.models.call(path)
        if model and ROLE in model.roles and "handler" not in model.roles[ROLE]:
            bound = parts.bind(evaluator, model, made.call.args, made.frame, External(path))
            found = Occurrence(Use(made.frame.scope, made.call, 0, (), ()), made.frame, bound, ROLE)
            if found.takes_place:
                return Receipt(_text(found, "place"), _text(found, "name"), made.call)
    return None


def _made_by(path: str) -> Iterator[str]:
    """The calls that a path leads through, the last one first: `a.get` and `a` of `a().get()[0]`."""
    end = path.rfind("()")
    while end > 0:
        yield path[:end]
        end = path.rfind("()", 0, end)


def _text(found: Occurrence, part: str) -> str:
    return next((value.data for value in found.part(part) if isinstance(value.data, str)), "")
