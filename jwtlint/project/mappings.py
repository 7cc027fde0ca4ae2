"""Mappings: displays, spreads, item access, methods, and the edits that are part of what a mapping is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Sequence as Ordered
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

from jwtlint.facts import NOWHERE, Arg, Attribute, Binding, Call, Constant, Entries, Opaque, Subscript, Term, Use
from jwtlint.project import calls, ecmascript, standard
from jwtlint.project.languages import JAVASCRIPT
from jwtlint.project.lookup import state
from jwtlint.project.value import NOTHING, UNKNOWN, ClassRef, External, Frame, Instance, Sequence, Table, Value

if TYPE_CHECKING:
    from jwtlint.project.names import Module
    from jwtlint.project.values import Evaluator

CASTS = {"getint": "int", "getfloat": "float", "getboolean": "bool"}
EDITING = frozenset({"update", "setdefault", "pop", "clear"})


def display(evaluator: Evaluator, term: Entries, frame: Frame) -> Iterable[Value]:
    """The table that `{…}` makes."""
    entries: dict[str, tuple[Value, ...]] = {}
    closed = True
    for item in term.items:
        if item.key is None:
            for value in evaluator.values(item.value, frame)[:1]:
                spread = value.data if isinstance(value.data, Table) else Table(closed=False)
                entries |= spread.entries
                closed = closed and spread.closed
            continue
        names = keys(evaluator, item.key, frame)
        closed = closed and bool(names)
        for name in names:
            at = frame.module.at(item.at)
            entries[name] = tuple(
                value if value.steps else value.through(at, f"set as {name}")
                for value in evaluator.values(item.value, frame)
            )
    return (Value(Table(entries, closed, attributes=frame.module.language is JAVASCRIPT)),)


def keys(evaluator: Evaluator, term: object, frame: Frame) -> tuple[str, ...]:
    """The texts that a key can be; none if that is not known."""
    if isinstance(term, Constant):
        return (str(term.value),)
    found = [value.data for value in evaluator.values(term, frame)]  # type: ignore[arg-type]
    return tuple(str(data) for data in found if isinstance(data, str | int)) if UNKNOWN not in found else ()


def item(evaluator: Evaluator, term: Subscript, frame: Frame) -> Iterable[Value]:
    """What `base[key]` is; a class with the types that it is generic in is that class."""
    for base in evaluator.values(term.base, frame):
        match base.data:
            case Table() as table:
                yield from _entry(evaluator, table, term.key, frame)
            case Sequence(items=items):
                yield from _element(items, term)
            case External(path=path) as holder if evaluator.models.call(f"{path}.__getitem__"):
                getting = Call(term.base, (Arg(None, term.key, NOWHERE),), NOWHERE)
                yield from calls.external(evaluator, base, holder.member(f"{path}.__getitem__"), getting, frame)
            case ClassRef():
                yield base
            case External(path=path) if evaluator.models.call(path):
                yield base
            case External(path=path) as holder:
                names = keys(evaluator, term.key, frame) or ("?",)
                yield from (base.of(holder.member(f"{path}[{key}]")) for key in names)
            case _:
                yield Value(UNKNOWN)


def kept(evaluator: Evaluator, base: Value, term: Attribute, frame: Frame) -> Iterable[Value] | None:
    """What a modelled object of a package keeps under a name: `process.env.HOME`; None where it keeps nothing so."""
    match base.data:
        case External(path=path) as holder if evaluator.models.call(f"{path}.__getitem__"):
            getting = Call(term.base, (Arg(None, Constant(term.name), NOWHERE),), NOWHERE)
            return calls.external(evaluator, base, holder.member(f"{path}.__getitem__"), getting, frame)
    return None


def _entry(evaluator: Evaluator, table: Table, key: Term, frame: Frame) -> Iterable[Value]:
    """What a table has at a key; a key that is not known may choose any of its classes and objects."""
    names = keys(evaluator, key, frame)
    if names:
        return [value for name in names for value in table.get(name)]
    choices = [value for found in table.entries.values() for value in found]
    return (*(value for value in choices if isinstance(value.data, ClassRef | Instance)), Value(UNKNOWN))


def _element(items: tuple[tuple[Value, ...], ...], term: Subscript) -> Iterable[Value]:
    if (
        isinstance(term.key, Constant)
        and isinstance(term.key.value, int)
        and -len(items) <= term.key.value < len(items)
    ):
        return items[term.key.value]
    return NOTHING


def united(lefts: tuple[Value, ...], rights: tuple[Value, ...]) -> tuple[Value, ...]:
    """`left | right` where either is a table; nothing where neither is."""
    if not any(isinstance(value.data, Table) for value in (*lefts, *rights)):
        return ()
    return tuple(Value(merged(_table(left), _table(right))) for left, right in product(lefts, rights))


def merged(left: Table, right: Table) -> Table:
    entries = {**left.entries, **right.entries}
    closed, loose = left.closed and right.closed, left.loose or right.loose
    return Table(entries, closed, loose, left.attributes or right.attributes)


def _table(value: Value) -> Table:
    return value.data if isinstance(value.data, Table) else Table(closed=False)


def method(evaluator: Evaluator, receiver: Value, table: Table, name: str, call: Call, frame: Frame) -> Iterable[Value]:
    """What a method of a table gives."""
    if name in ("copy", "deepcopy"):
        return (receiver,)
    if name in ("get", "pop", "setdefault", *CASTS) and call.args:
        names = keys(evaluator, call.args[0].value, frame)
        found = tuple(value for key in names for value in table.get(key))
        fallback = evaluator.values(call.args[1].value, frame) if len(call.args) > 1 else (Value(None),)
        if table.loose and len(call.args) > 1 and not any(value.known for value in found):
            found = (*(calls.as_fallback(value) for value in fallback), *found)
        found = found or (fallback if names else NOTHING)
        return [standard.converted(CASTS[name], value) for value in found] if name in CASTS else found
    return NOTHING


def is_method(name: str) -> bool:
    """Whether a mapping, or a section of a parsed file, has a method of that name."""
    return name in CASTS or hasattr(dict, name)


def constructed(evaluator: Evaluator, args: tuple[Arg, ...], frame: Frame) -> Iterable[Value]:
    """What `dict(…)` makes."""
    table = Table()
    for argument in args:
        table = merged(table, _given(evaluator, argument, frame))
    return (Value(table),)


def _given(evaluator: Evaluator, argument: Arg, frame: Frame) -> Table:
    """The entries that one argument of `dict(…)` or `update(…)` brings."""
    values = evaluator.values(argument.value, frame)
    if argument.name in (None, "**"):
        return pairs(values[0]) if len(values) == 1 else Table(closed=False)
    at = frame.module.at(argument.at)
    placed = tuple(value if value.steps else value.through(at, f"set as {argument.name}") for value in values)
    return Table({str(argument.name): placed})


def pairs(value: Value) -> Table:
    """A table, or the table that a list of pairs makes."""
    if isinstance(value.data, Sequence):
        entries: dict[str, tuple[Value, ...]] = {}
        for element in value.data.items:
            pair = element[0].data if len(element) == 1 else None
            if not (isinstance(pair, Sequence) and len(pair.items) == 2 and isinstance(pair.items[0][0].data, str)):
                return Table(entries, closed=False)
            entries[pair.items[0][0].data] = pair.items[1]
        return Table(entries, value.data.closed)
    return _table(value)


def edited(
    evaluator: Evaluator,
    values: tuple[Value, ...],
    name: str,
    scope: str,
    point: int | None,
    frame: Frame,
    since: int,
) -> tuple[Value, ...]:
    """`values` of a name with all that has been done to them in place before `point`."""
    edits = [
        edit
        for edit in frame.module.edits.get((scope, name), ())
        if since < edit.point and (point is None or edit.point < point)
    ]
    if frame.module.language is JAVASCRIPT and edits:
        values = ecmascript.moved(evaluator, values, edits, frame)
    edits = [edit for edit in edits if _edits(edit)]
    if not edits or not any(isinstance(value.data, Table) or not value.known for value in values):
        return values
    return tuple(_after(evaluator, value, edits, point, frame) for value in values)


def is_edited(module: Module, name: str) -> bool:
    """Whether a module changes a mapping of that name in place, its own or one that it imports."""
    return any(_edits(edit) for edit in module.edits.get(("", name), ()))


def _edits(edit: Binding | Use) -> bool:
    if isinstance(edit, Binding):
        return True
    return isinstance(edit.call.func, Attribute) and edit.call.func.name in EDITING


def _after(evaluator: Evaluator, value: Value, edits: Ordered[Binding | Use], point: int | None, frame: Frame) -> Value:
    if value.known and not isinstance(value.data, Table):
        return value
    table = _table(value)
    if frame.module.language is JAVASCRIPT:
        table = replace(table, attributes=True)
    here = frame.module.conditions.get(point, ()) if point is not None else ()
    for edit in edits:
        happened = state(evaluator, edit.when, here, frame)
        if happened is False:
            continue
        table = _applied(evaluator, table, edit, frame, sure=bool(happened))
    return value.of(table)


def _applied(evaluator: Evaluator, table: Table, edit: Binding | Use, frame: Frame, *, sure: bool) -> Table:
    if isinstance(edit, Use):
        return _called(evaluator, table, edit, frame, sure=sure)
    assert isinstance(edit.target, Subscript | Attribute)
    names = (edit.target.name,) if isinstance(edit.target, Attribute) else keys(evaluator, edit.target.key, frame)
    if isinstance(edit.value, Opaque) and edit.value.kind == "deleted":
        return _without(table, names) if sure else table
    given = tuple(evaluator.bound(edit, frame.module, frame))
    return _with(table, dict.fromkeys(names, given), sure=sure) if names else replace(table, closed=False)


def _called(evaluator: Evaluator, table: Table, edit: Use, frame: Frame, *, sure: bool) -> Table:
    assert isinstance(edit.call.func, Attribute)
    arguments = edit.call.args
    if edit.call.func.name == "update":
        for argument in arguments:
            given = _given(evaluator, argument, frame)
            table = replace(_with(table, given.entries, sure=sure), closed=table.closed and given.closed)
        return table
    names = keys(evaluator, arguments[0].value, frame) if arguments else ()
    if edit.call.func.name == "setdefault" and len(arguments) > 1:
        given_values = evaluator.values(arguments[1].value, frame)
        return _with(table, {name: given_values for name in names if name not in table.entries}, sure=sure)
    return _without(table, names) if sure else table


def _with(table: Table, given: Mapping[str, tuple[Value, ...]], *, sure: bool) -> Table:
    """The table with entries set; what may not have happened stands beside what was there, or beside what is not known."""
    entries = dict(table.entries)
    for name, values in given.items():
        entries[name] = values if sure else (*values, *entries.get(name, NOTHING))
    return replace(table, entries=entries)


def _without(table: Table, names: tuple[str, ...]) -> Table:
    return replace(table, entries={name: values for name, values in table.entries.items() if name not in names})
