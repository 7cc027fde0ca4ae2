"""Durations and moments: the clock of the standard library, and arithmetic that keeps the provenance that matters."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from jwtlint.project.value import Duration, Moment, Value

UNITS = {
    "weeks": 604800.0,
    "days": 86400.0,
    "hours": 3600.0,
    "minutes": 60.0,
    "seconds": 1.0,
    "milliseconds": 1e-3,
    "microseconds": 1e-6,
}
TIMEDELTA_ORDER = ("days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks")

# Calls that give the present, and methods of a moment or duration that give it in another guise.
NOW = frozenset(
    {
        "datetime.datetime.now",
        "datetime.datetime.utcnow",
        "datetime.datetime.today",
        "time.time",
    }
)
SAME_MOMENT = frozenset(
    {"timestamp", "utctimetuple", "timetuple", "replace", "astimezone", "strftime", "total_seconds", "isoformat"}
)
SAME_VALUE = frozenset(
    {"int", "float", "round", "math.floor", "math.ceil", "calendar.timegm", "datetime.datetime.fromtimestamp", "str"}
)

_ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "|": operator.or_,
    "&": operator.and_,
    "^": operator.xor,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "is": lambda left, right: left is right if right is None or left is None else left == right,
    "is not": lambda left, right: left is not right if right is None or left is None else left != right,
}
_LARGEST = 2**63
_WORDS = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*)[\s,]*", re.IGNORECASE)
_UNIT_WORDS = {
    **dict.fromkeys(("", "s", "sec", "secs", "second", "seconds"), 1.0),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 60.0),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3600.0),
    **dict.fromkeys(("d", "day", "days"), 86400.0),
    **dict.fromkeys(("w", "week", "weeks"), 604800.0),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), 31536000.0),
    **dict.fromkeys(("ms", "msec", "msecs", "millisecond", "milliseconds"), 0.001),
}


def duration_of(text: str, bare: float = 1.0) -> Duration | None:
    """The duration that `15m`, `7 days, 45 minutes` or `900` names; a number alone counts in `bare` seconds."""
    pieces = list(_WORDS.finditer(text.strip()))
    sizes = [_UNIT_WORDS.get(piece[2].lower()) if piece[2] else bare for piece in pieces]
    whole = "".join(piece[0] for piece in pieces) == text.strip() and all(piece[2] for piece in pieces[1:])
    if not pieces or not whole or None in sizes:
        return None
    return Duration(sum(float(piece[1]) * (size or 0) for piece, size in zip(pieces, sizes, strict=True)))


def timedelta(parts: Mapping[str, float]) -> Duration:
    """The length of `datetime.timedelta(**parts)`."""
    return Duration(sum(UNITS[unit] * count for unit, count in parts.items() if unit in UNITS))


def combine(symbol: str, left: Value, right: Value) -> Value | None:
    """`left symbol right`, with the steps of the operand that a person would edit; None where it has no meaning."""
    data = _combined(symbol, left.data, right.data)
    if data is NotImplemented:
        return None
    leading = left if symbol in "/*" and isinstance(left.data, Moment) else _leading(left, right)
    merged = leading.of(data)
    return merged if left.certain and right.certain else Value(data, leading.steps, False, leading.given)


def _leading(left: Value, right: Value) -> Value:
    """The operand that says how long: a duration before a moment, one with a way before one without."""
    for value in (right, left):
        if isinstance(value.data, Duration) and value.steps:
            return value
    if isinstance(left.data, Moment) and not isinstance(right.data, Moment):
        return right
    return left if left.steps else right


def _combined(symbol: str, left: object, right: object) -> object:
    match symbol, left, right:
        case "+", Moment() as moment, Duration() | int() | float() as size:
            return _moved(moment, size)
        case "+", Duration() | int() | float() as size, Moment() as moment:
            return _moved(moment, size)
        case "-", Moment() as moment, Duration() | int() | float() as size:
            return _moved(moment, size, -1)
        case "/" | "//", Moment(after=after, unit=unit), int() | float() as factor if factor:
            return Moment(after, unit * factor)
        case "*", Moment(after=after, unit=unit), int() | float() as factor if factor:
            return Moment(after, unit / factor)
        case "+", str(text), int() | float() as number:
            return f"{text}{number:g}"
        case "+", int() | float() as number, str(text):
            return f"{number:g}{text}"
        case "-", Moment(after=after), Moment(after=before):
            return Duration(after - before)
        case "+", Duration(seconds=one), Duration(seconds=other):
            return Duration(one + other)
        case "-", Duration(seconds=one), Duration(seconds=other):
            return Duration(one - other)
        case "*", Duration(seconds=size), int() | float() as factor:
            return Duration(size * float(factor))
        case "*", int() | float() as factor, Duration(seconds=size):
            return Duration(size * float(factor))
        case "/" | "//", Duration(seconds=size), int() | float() as factor if factor:
            return Duration(size / float(factor))
        case "%", str(), _:
            return NotImplemented
        case "**" | "<<", int(), int() as power if not 0 <= power < 64:
            return NotImplemented
        case "*", str() | bytes(), int() as count if count > 1024:
            return NotImplemented
    if not isinstance(left, _PLAIN) or not isinstance(right, _PLAIN) or symbol not in _ARITHMETIC:
        return NotImplemented
    return _plain(symbol, left, right)


def _moved(moment: Moment, size: object, sign: int = 1) -> Moment:
    """A moment that much later; a plain number counts in the moment's own unit."""
    assert isinstance(size, Duration | int | float)
    seconds = size.seconds if isinstance(size, Duration) else float(size) * moment.unit
    return replace(moment, after=moment.after + sign * seconds)


_PLAIN = (int, float, str, bytes, bool, type(None), Duration)


def _plain(symbol: str, left: object, right: object) -> object:
    try:
        data = _ARITHMETIC[symbol](left, right)
    except (TypeError, ValueError, ArithmeticError):
        return NotImplemented
    if isinstance(data, complex) or isinstance(data, float) and not math.isfinite(data):
        return NotImplemented
    if isinstance(data, int) and abs(data) >= _LARGEST:
        return NotImplemented
    return data
