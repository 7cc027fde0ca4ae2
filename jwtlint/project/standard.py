"""What Python's own functions and methods give: clocks, conversions, and the methods of built-in values."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from jwtlint.facts import Arg, Call, Constant
from jwtlint.project import ecmascript, files, inheritance, mappings, objects
from jwtlint.project.languages import JAVASCRIPT
from jwtlint.project.times import NOW, SAME_MOMENT, SAME_VALUE, TIMEDELTA_ORDER, UNITS, duration_of, timedelta
from jwtlint.project.value import NOTHING, UNKNOWN, Duration, External, FileName, Frame, Moment, Sequence, Table, Value

if TYPE_CHECKING:
    from jwtlint.project.values import Evaluator

SAME_OBJECT = frozenset({"list", "tuple", "set", "copy.copy", "copy.deepcopy", "bytes"})
FRESH = (
    "uuid.uuid1",
    "uuid.uuid4",
    "uuid.uuid7",
    "secrets.token_hex",
    "secrets.token_urlsafe",
    "secrets.token_bytes",
    "os.urandom",
)
TEXT_METHODS = frozenset({"casefold", "lower", "lstrip", "rstrip", "strip", "title", "upper"})


def called(evaluator: Evaluator, path: str, args: tuple[Arg, ...], frame: Frame) -> Iterable[Value] | None:
    """What a function of Python or its standard library gives; None where it is not one that is known.

    The text of a mapping is taken for the mapping: it is claims that are written so before they are signed.
    """
    if path.startswith(JAVASCRIPT.prefix):
        return ecmascript.called(evaluator, path, args, frame)
    if path in NOW:
        return (Value(Moment(0.0)),)
    if path == "datetime.timedelta":
        return _timedelta(evaluator, args, frame)
    if path == "dict":
        return mappings.constructed(evaluator, args, frame)
    if path == "super":
        return inheritance.parent(frame)
    if path == "getattr":
        return _getattr(evaluator, args, frame)
    if path in SAME_OBJECT and args:
        return evaluator.values(args[0].value, frame)
    if path == "json.dumps" and args:
        return (
            value if isinstance(value.data, Table) else Value(UNKNOWN)
            for value in evaluator.values(args[0].value, frame)
        )
    if path in SAME_VALUE and args:
        return (converted(path, value) for value in evaluator.values(args[0].value, frame))
    return None


def is_fresh(value: Value) -> bool:
    """Whether a value is of a random one that no earlier call gave."""
    return isinstance(value.data, External) and value.data.path.startswith(tuple(f"{path}()" for path in FRESH))


def method(evaluator: Evaluator, receiver: Value, name: str, call: Call, frame: Frame) -> Iterable[Value]:
    """What a method of a built-in value gives."""
    if frame.module.language is JAVASCRIPT:
        return ecmascript.method(evaluator, receiver, name, call, frame)
    plain = [item.value.value for item in call.args if isinstance(item.value, Constant) and item.name is None]
    match receiver.data:
        case Table() if name in ("encode", "decode"):
            return (receiver,)
        case Table() as table:
            return mappings.method(evaluator, receiver, table, name, call, frame)
        case Moment() | Duration() if name in SAME_MOMENT:
            return (receiver,)
        case str() | bytes() if name in ("encode", "decode"):
            return (receiver,)
        case FileName() if name in files.SAME_FILE:
            return (receiver,)
        case str(text) if len(plain) == len(call.args) and name in {"split", *TEXT_METHODS}:
            return _of_text(receiver, text, name, plain)
    return NOTHING


def _of_text(receiver: Value, text: str, name: str, args: list[str | int | float | bool | None]) -> Iterable[Value]:
    try:
        found = getattr(text, name)(*args)
    except (TypeError, ValueError):
        return NOTHING
    if isinstance(found, list):
        return (receiver.of(Sequence(tuple((receiver.of(part),) for part in found))),)
    return (receiver.of(found),)


def _getattr(evaluator: Evaluator, args: tuple[Arg, ...], frame: Frame) -> Iterable[Value] | None:
    """`getattr(base, "name", default)` is `base.name`, or the default where nothing of that name is known."""
    if len(args) < 2 or not isinstance(args[1].value, Constant) or not isinstance(args[1].value.value, str):
        return NOTHING
    name = args[1].value.value
    found = [
        value for base in evaluator.values(args[0].value, frame) for value in objects.member(evaluator, base, name)
    ]
    if len(args) > 2 and not all(value.known for value in found):
        found += evaluator.values(args[2].value, frame)
    return found


def converted(path: str, value: Value) -> Value:
    """The value after `int`, `str` and their like, given by their path."""
    if isinstance(value.data, Moment | Duration) or path == "str" and isinstance(value.data, FileName):
        return value
    if path in _READ and isinstance(value.data, str):
        return value.of(_READ[path](value.data))
    try:
        if path in ("int", "float") and isinstance(value.data, str | int | float):
            return value.of(float(value.data) if path == "float" else int(float(value.data)))
        if path == "str" and isinstance(value.data, str | int | float):
            return value.of(str(value.data))
        if path in ("round", "math.floor", "math.ceil") and isinstance(value.data, int | float):
            return value.of(int(value.data))
    except (ValueError, OverflowError):
        pass
    return Value(UNKNOWN)


def _truth(text: str) -> object:
    """What readers of settings take a text for."""
    known = dict.fromkeys(("1", "on", "t", "true", "y", "yes"), True) | dict.fromkeys(
        ("", "0", "f", "false", "n", "no", "off"), False
    )
    return known.get(text.strip().casefold(), UNKNOWN)


def plain(text: str) -> object:
    """A text of the environment as readers take it that look for numbers and truth values in it."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return found if isinstance(found, int | float | str | None) else UNKNOWN


_READ: Mapping[str, Callable[[str], object]] = {
    "bool": _truth,
    "plain": plain,
    "datetime.timedelta": lambda text: duration_of(text) or UNKNOWN,
}


def _units(evaluator: Evaluator, args: tuple[Arg, ...], frame: Frame) -> Iterator[tuple[str, tuple[Value, ...]]]:
    """The parts of a `timedelta` by their units, those of a `**` spread among them."""
    for index, argument in enumerate(args):
        values = evaluator.values(argument.value, frame)
        if argument.name == "**" and len(values) == 1 and isinstance(values[0].data, Table) and values[0].data.closed:
            yield from values[0].data.entries.items()
        elif argument.name is None and index < len(TIMEDELTA_ORDER):
            yield TIMEDELTA_ORDER[index], values
        else:
            yield argument.name or "", values


def _timedelta(evaluator: Evaluator, args: tuple[Arg, ...], frame: Frame) -> Iterable[Value]:
    """`timedelta(…)`; its steps are those of the part that has any, since the others stand in the call itself."""
    sizes: dict[str, float] = {}
    leading: Value | None = None
    for unit, values in _units(evaluator, args, frame):
        if unit not in UNITS or len(values) != 1 or not isinstance(values[0].data, int | float):
            numbers = [value for value in values if isinstance(value.data, int | float)]
            several = [value.of(timedelta({unit: float(value.data)})) for value in numbers]  # type: ignore[arg-type]
            return (*several, Value(UNKNOWN)) if len(args) == 1 else NOTHING
        sizes[unit] = float(values[0].data)
        if values[0].steps and (leading is None or sizes[unit]):
            leading = values[0]
    length = timedelta(sizes)
    return (leading.of(length) if leading else Value(length),)
