"""What JavaScript's own functions and methods give: clocks, conversions, and methods of built-in values.

What only hands its argument on (`Object.freeze`, `Buffer.from`) is in the models.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from jwtlint.facts import Arg, Call, Closure, Name, Use
from jwtlint.project import inheritance
from jwtlint.project.names import last_name
from jwtlint.project.value import NOTHING, UNKNOWN, Duration, External, Frame, FunctionRef, Moment, Sequence, Value

if TYPE_CHECKING:
    from jwtlint.project.values import Evaluator

MILLISECONDS = 0.001
ROUNDING = frozenset({"js:Math.floor", "js:Math.ceil", "js:Math.round", "js:Math.trunc", "js:parseInt"})
# Parts of a date, in the seconds that one more of it is later by; a month is taken for the twelfth of a year.
_PARTS = {
    "Milliseconds": MILLISECONDS,
    "Seconds": 1.0,
    "Minutes": 60.0,
    "Hours": 3600.0,
    "Date": 86400.0,
    "Month": 2629800.0,
    "FullYear": 31557600.0,
    "Time": MILLISECONDS,
}
SAME_MOMENT = frozenset({"getTime", "valueOf", "toISOString", "toString", "toUTCString", "toJSON", "toFixed"})
_TEXT_METHODS: Mapping[str, Callable[[str], str]] = {
    "toLowerCase": str.lower,
    "toUpperCase": str.upper,
    "trim": str.strip,
}
_SAME_TEXT = frozenset({"toString", "valueOf", "normalize"})


def called(evaluator: Evaluator, path: str, args: tuple[Arg, ...], frame: Frame) -> Iterable[Value] | None:
    """What a function of the language gives; None where it is not one that is known."""
    if path == "js:super":
        return inheritance.parent(frame)
    if path == "js:Date.now" or path == "js:Date" and not args:
        return (Value(Moment(0.0, MILLISECONDS)),)
    if not args:
        return None
    values = evaluator.values(args[0].value, frame)
    if path == "js:Date":
        return (value if isinstance(value.data, Moment) else Value(UNKNOWN) for value in values)
    if path in ROUNDING or path in ("js:Number", "js:parseFloat"):
        return (_number(value, whole=path in ROUNDING) for value in values)
    if path == "js:String":
        return (value.of(str(value.data)) if isinstance(value.data, str | int) else Value(UNKNOWN) for value in values)
    return None


def _number(value: Value, *, whole: bool) -> Value:
    """The value as a number; a moment or duration is its own."""
    if isinstance(value.data, Moment | Duration):
        return value
    try:
        number = float(value.data) if isinstance(value.data, str | int | float) else None
        if number is not None:
            return value.of(int(number) if whole or number.is_integer() else number)
    except (ValueError, OverflowError):
        pass
    return Value(UNKNOWN)


def method(evaluator: Evaluator, receiver: Value, name: str, call: Call, frame: Frame) -> Iterable[Value]:
    """What a method of a built-in value gives."""
    match receiver.data:
        case Moment() | Duration() if name in SAME_MOMENT:
            return (receiver,)
        case Moment() as date if name.removeprefix("getUTC").removeprefix("get") in _PARTS:
            unit = _PARTS[name.removeprefix("getUTC").removeprefix("get")]
            return (receiver.of(Moment(date.after, unit)),)
        case str() if name in _SAME_TEXT:
            return (receiver,)
        case int() | float() if name in _SAME_TEXT:
            return (receiver.of(f"{receiver.data:g}"),)
        case str(text) if name in _TEXT_METHODS:
            return (receiver.of(_TEXT_METHODS[name](text)),)
        case str(text) if name == "split" and len(call.args) == 1:
            return _split(evaluator, receiver, text, call.args[0], frame)
    return NOTHING


def moved(evaluator: Evaluator, values: tuple[Value, ...], edits: Iterable[object], frame: Frame) -> tuple[Value, ...]:
    """Dates after what has been set of them: `date.setDate(date.getDate() + 7)`; unknown where that is not told by a date."""
    if not any(isinstance(value.data, Moment) for value in values):
        return values
    for edit in edits:
        if isinstance(edit, Use) and last_name(edit.call.func).removeprefix("setUTC").removeprefix("set") in _PARTS:
            given = evaluator.values(edit.call.args[0].value, frame) if edit.call.args else ()
            dates = (
                value.of(Moment(value.data.after, MILLISECONDS)) for value in given if isinstance(value.data, Moment)
            )
            values = tuple(dates) or (Value(UNKNOWN),)
    return values


def wrapped(evaluator: Evaluator, call: Call, frame: Frame) -> tuple[Value, ...]:
    """The function that is all that a wrapper is given: `login` of `asyncHandler(login)`; nothing where it is no wrapper.

    A wrapper is a function that nobody knows, or one of the project's that gives a function of its own.
    """
    called = call.func.id if isinstance(call.func, Name) else ""
    if len(call.args) != 1 or not called or called[0].isupper():
        return ()
    given = evaluator.values(call.args[0].value, frame)
    if not all(isinstance(value.data, FunctionRef) for value in given):
        return ()
    return given if all(_wraps(evaluator, value.data) for value in evaluator.values(call.func, frame)) else ()


def _wraps(evaluator: Evaluator, callee: object) -> bool:
    match callee:
        case FunctionRef(module=module, function=function):
            returned = module.returns.get(function.path, ())
            return bool(returned) and all(isinstance(item.value, Closure) for item in returned)
        case External(path=path):
            return evaluator.models.call(path) is None
    return callee is UNKNOWN


def _split(evaluator: Evaluator, receiver: Value, text: str, by: Arg, frame: Frame) -> Iterable[Value]:
    for value in evaluator.values(by.value, frame):
        if isinstance(value.data, str) and value.data:
            yield receiver.of(Sequence(tuple((receiver.of(part),) for part in text.split(value.data))))
        else:
            yield Value(UNKNOWN)
