"""Where a model's words meet a call: which value each part of it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar, cast

from jwtlint.facts import Arg, Attribute, Call, Items, Span, Term
from jwtlint.models import CallModel, Part, Path
from jwtlint.project import calls, files, inheritance, objects, settings, standard
from jwtlint.project.times import UNITS, duration_of, timedelta
from jwtlint.project.value import (
    NOTHING,
    UNKNOWN,
    ClassRef,
    Duration,
    External,
    Frame,
    Instance,
    Made,
    Moment,
    Sequence,
    Table,
    Value,
)

if TYPE_CHECKING:
    from jwtlint.project.values import Evaluator


@dataclass(frozen=True, slots=True)
class Bound:
    """A call outside the project, its arguments laid on the model's signature.

    Args:
        open: whether a spread may have given more than is known.
        spread: what `**` spreads have given, by name.
        rest: positional arguments beyond those that the signature names.
    """

    evaluator: Evaluator
    model: CallModel
    args: dict[str, Arg]
    open: bool
    frame: Frame
    target: External
    spread: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    rest: tuple[Arg, ...] = ()

    def part(self, part: Part | None) -> tuple[Value, ...]:
        """The values of a part: those of its first path that is given; nothing where the model has no such part."""
        if part is None:
            return ()
        found: list[Value] = []
        for index, path in enumerate(part.options):
            last = index == len(part.options) - 1
            values = tuple(self.path(path))
            found += [value for value in values if last or not (value.data is None or value.data == "")]
            if values and not any(value.data is None for value in values):
                break
        if part.negated:
            return tuple(value.of(UNKNOWN if not value.known else not value.data) for value in found)
        return tuple(found)

    def path(self, path: Path) -> Iterable[Value]:
        """The values of one path; nothing where what it names is not there."""
        if path.kind == "literal":
            return (literal(path.literal, self.model.library),)
        if path.kind == "setting":
            values = settings.values_of(self.evaluator, path.name, self.frame.module, self.model.file)
        else:
            values = self.owner() if path.kind == "self" else self.parameter(path.name)
        for key in path.keys:
            values = tuple(inner for value in values for inner in _within(self.evaluator, value, key))
        return (
            tuple(_holds(value, path.member) for value in values if value.data is not None) if path.member else values
        )

    def terms(self, part: Part | None) -> Iterator[tuple[Term, Frame]]:
        """What is written for a part, and the frame that it is written in: elements of a list one by one."""
        for path in part.options if part else ():
            if path.kind == "parameter" and path.name == self.model.signature.rest:
                yield from ((item.value, self.frame) for item in _chosen(self.rest, path.keys))
                continue
            bound = self if path.kind == "parameter" else None
            name = path.name
            if path.kind == "self" and path.keys:
                bound, name = self.maker(path.keys[:-1]), path.keys[-1]
            argument = bound.args.get(name) if bound else None
            if bound and argument:
                inner = argument.value.items if isinstance(argument.value, Items) else (argument.value,)
                yield from ((term, bound.frame) for term in inner)

    def maker(self, keys: tuple[str, ...] = ()) -> Bound | None:
        """The call that made the object; with `self`, the one that made that one's."""
        for value in self.owner():
            if isinstance(value.data, External) and isinstance(value.data.of, Made):
                made = maker(self.evaluator, value.data.of)
                return made.maker(keys[1:]) if made and keys else made
        return None

    def owner(self) -> tuple[Value, ...]:
        """The object that the call is of; for a call of what another call gave, that one."""
        match self.target.of:
            case Made() as made:
                return (Value(External(f"{self.model.signature.maker}()", made)),)
            case ClassRef() | Instance() as own:
                return (Value(own),)
        return ()

    def parameter(self, name: str) -> tuple[Value, ...]:
        """What the call gives a parameter: the argument with its place, or the default of the library."""
        if name == self.model.signature.rest:
            further = tuple(self.evaluator.values(item.value, self.frame) for item in self.rest)
            return (Value(Sequence(further, closed=not self.open)),)
        argument = self.args.get(name)
        if argument is not None:
            at = self.frame.module.at(argument.at)
            values = self.evaluator.values(argument.value, self.frame)
            return tuple(value.through(at, f"given as {name}") for value in values)
        if name in self.spread:
            return self.spread[name]
        if name == self.model.signature.named_rest:
            return self._named_rest()
        if self.open:
            return NOTHING
        default = self.model.signature.defaults.get(name, _REQUIRED)
        source = f"`{name}` in {self.model.library}"
        return () if default is _REQUIRED else (literal(default, source),)

    def gives(self, name: str) -> bool:
        """Whether the call gives a parameter, by itself or in a spread."""
        return name in self.args or name in self.spread

    def _named_rest(self) -> tuple[Value, ...]:
        """The keywords that the signature does not name, as a table."""
        names = [name for name in (*self.args, *self.spread) if name not in self.model.signature.names]
        return (Value(Table({name: self.parameter(name) for name in names}, closed=not self.open)),)


_REQUIRED = object()
LAST, OTHERS = "last", "others"  # keys of a list: its last element, and all before that

Element = TypeVar("Element")


def _chosen(items: tuple[Element, ...], keys: tuple[str, ...]) -> tuple[Element, ...]:
    """The elements that a key of a list means."""
    return items[-1:] if keys == (LAST,) else items[:-1] if keys == (OTHERS,) else items


def literal(said: object, source: str) -> Value:
    """What a model itself says: a list is a sequence of the project's language."""
    data = Sequence(tuple((Value(item),) for item in said)) if isinstance(said, list | tuple) else said
    return Value(data, given="library", source=source)


def _holds(value: Value, member: str) -> Value:
    """Whether a mapping has an entry, or a list names a text, or it is that text; what is false holds nothing."""
    match value.data:
        case str(text):
            return value.of(text == member)
        case Table(entries=entries, closed=closed):
            return value.of(True if member in entries else False if closed else UNKNOWN)
        case Sequence(closed=closed):
            named = {item.data for item in elements((value,))}
            return value.of(True if member in named else False if closed and UNKNOWN not in named else UNKNOWN)
        case str(text):
            return value.of(text == member)
        case False:
            return value
    return value.of(UNKNOWN)


def _within(evaluator: Evaluator, value: Value, key: str) -> Iterable[Value]:
    """What a mapping has at a key, an object was made with, or its maker's own object is (`self`)."""
    match value.data:
        case Table() as table:
            return table.get(key)
        case Sequence(items=items) if key in (LAST, OTHERS):
            chosen = _chosen(items, (key,))
            return (
                (Value(Sequence(chosen, value.data.closed)),) if key == OTHERS else (v for item in chosen for v in item)
            )
        case External(of=Made() as made):
            return _of_made(evaluator, made, key)
        case Instance() | ClassRef():
            found = objects.member(evaluator, value, key)
            own = tuple(one for one in found if one.known and not one.inherited)
            below = value.data if isinstance(value.data, Instance) else None
            return own or (tuple(inheritance.handed_up(evaluator, below, key)) if below else ())
    return () if value.known else NOTHING


def _of_made(evaluator: Evaluator, made: Made, key: str) -> tuple[Value, ...]:
    """What a parameter of the call that made an object holds, or what its attribute has been set to since."""
    bound = maker(evaluator, made)
    if bound is None:
        return NOTHING
    if key == "self":
        return bound.owner()
    since = (*_set_since(evaluator, made, key), *_told_since(evaluator, made, key))
    return since or bound.parameter(key)


def maker(evaluator: Evaluator, made: Made) -> Bound | None:
    """The call that made an object, if it is modelled."""
    return next(bindings(evaluator, made.call, made.frame), None)


def _set_since(evaluator: Evaluator, made: Made, key: str) -> Iterator[Value]:
    """The values of `object.key = …` in the file that made the object."""
    module = made.frame.module
    for binding in module.members.get(key, ()):
        assert isinstance(binding.target, Attribute)
        frame = calls.alone(evaluator, module, binding.scope)
        owners = evaluator.values(binding.target.base, frame)
        if any(isinstance(owner.data, External) and owner.data.of == made for owner in owners):
            yield from evaluator.bound(binding, module, frame)


def _told_since(evaluator: Evaluator, made: Made, key: str) -> Iterator[Value]:
    """What the first parameter of `object.key(…)` was given in the file that made the object."""
    module = made.frame.module
    for use in module.uses.get(key, ()):
        frame = made.frame if made.frame.scope == use.scope else calls.alone(evaluator, module, use.scope)
        for target in (value.data for value in evaluator.values(use.call.func, frame)):
            model = evaluator.models.call(target.path) if isinstance(target, External) else None
            if isinstance(target, External) and target.of == made and model and model.signature.positional:
                yield from bind(evaluator, model, use.call.args, frame, target).parameter(model.signature.positional[0])


def bind(evaluator: Evaluator, model: CallModel, args: tuple[Arg, ...], frame: Frame, target: External) -> Bound:
    """The arguments by the names of the model's signature; `open` where a spread may have given more."""
    names = list(model.signature.positional)
    bound: dict[str, Arg] = {}
    spread: dict[str, tuple[Value, ...]] = {}
    rest: list[Arg] = []
    is_open = False
    for argument in args:
        if argument.name in ("*", "**"):
            table = _spread(evaluator, argument, frame)
            spread |= table.entries
            is_open = is_open or not table.closed
        elif argument.name is not None:
            bound[argument.name] = argument
        elif names:
            bound[names.pop(0)] = argument
        else:
            rest.append(argument)
    return Bound(evaluator, model, bound, is_open, frame, target, spread, tuple(rest))


def bindings(evaluator: Evaluator, call: Call, frame: Frame, role: str = "") -> Iterator[Bound]:
    """A call bound to each of the models that it may be of, with a role to those that have it."""
    for target in (value.data for value in evaluator.values(call.func, frame)):
        model = evaluator.models.call(target.path) if isinstance(target, External) else None
        if isinstance(target, External) and model and (not role or role in model.roles):
            yield bind(evaluator, model, call.args, frame, target)


def _spread(evaluator: Evaluator, argument: Arg, frame: Frame) -> Table:
    """What a `**spread` gives, as far as it is known."""
    values = evaluator.values(argument.value, frame) if argument.name == "**" else ()
    table = values[0].data if len(values) == 1 else None
    return table if isinstance(table, Table) else Table(closed=False)


def given_back(bound: Bound, at: Span) -> Iterable[Value] | None:
    """What a modelled call at a place gives, where its roles say so: a setting, a file, its own argument, a dependency."""
    roles = bound.model.roles
    if "loads" in roles and "into" not in roles["loads"]:
        found = tuple(files.loaded(bound, at))
        return found if any(value.known for value in found) else None
    if "holds" in roles:
        return (files.held(bound, at),)
    if "reads" in roles:
        return tuple(_read(bound))
    if "returns" in roles:
        return _returned(bound)
    if "supplies" in roles:
        return tuple(_supplied(bound))
    return None


def _returned(bound: Bound) -> tuple[Value, ...]:
    """What `returns` names: a value, or the result of calling `factory`."""
    role = bound.model.roles["returns"]
    found = bound.part(role.get("value"))
    if not found or all(value.data is None and value.given == "library" for value in found):
        made = [value for value in bound.part(role.get("factory")) if value.data is not None]
        found = tuple(inner for value in made for inner in _result(bound, value))
    elif "field" in role:
        found = tuple(calls.as_fallback(value) for value in found)
    return tuple(_cast(bound, role.get("cast"), value) for value in found) or NOTHING


def _supplied(bound: Bound) -> Iterator[Value]:
    for value in bound.part(bound.model.roles["supplies"]["dependency"]):
        yield from _result(bound, value)


def _result(bound: Bound, value: Value) -> Iterable[Value]:
    """What calling `value` without arguments gives."""
    return calls.invoked(bound.evaluator, value, bound.frame)


def _read(bound: Bound) -> Iterator[Value]:
    """A setting of the environment, of the application or of the object's files: every place that sets it, then what it
    falls back on.
    """
    role = bound.model.roles["reads"]
    sure = False
    for name in _texts(bound, role.get("environment")):
        yield from (_cast(bound, role.get("cast"), value) for value in _variables(bound, name))
    for name in _texts(bound, role.get("setting")):
        yield from settings.values_of(bound.evaluator, name, bound.frame.module, bound.model.file)
    for name in _texts(bound, role.get("entry")):
        held = files.gathered(bound).get(*_texts(bound, role.get("section")), name)
        yield from (_cast(bound, role.get("cast"), value) for value in held)
        sure = bool(held) and all(value.known for value in held)
    for value in () if sure else (*bound.part(role.get("default")), *_declared(bound, 1)):
        if value.given != "library" and not ("setting" in role and isinstance(value.data, Table)):  # how to read it
            yield _cast(bound, role.get("cast"), calls.as_fallback(value))
    if "environment" in role:
        yield Value(UNKNOWN)


def _texts(bound: Bound, part: Part | None) -> list[str]:
    return [value.data for value in bound.part(part) if isinstance(value.data, str)]


def _variables(bound: Bound, name: str) -> Iterator[Value]:
    """What the environment sets a variable to, under the prefix that the reader has."""
    prefixes = _texts(bound, bound.model.roles["reads"].get("prefix")) or [""]
    for prefix in prefixes:
        yield from settings.environment(bound.evaluator, f"{prefix}{name}")


def _declared(bound: Bound, index: int) -> tuple[Value, ...]:
    """What the reader was made with for the variable: `(type, default)`, or the type alone."""
    role = bound.model.roles["reads"]
    maker = bound.maker() if "declared" in role else None
    for name in _texts(bound, role.get("environment")) if maker else ():
        argument = maker.args.get(name) if maker else None
        if maker and argument:
            term = argument.value
            terms = term.items if isinstance(term, Items) else (term,)
            return maker.evaluator.values(terms[index], maker.frame) if index < len(terms) else ()
    return ()


def _cast(bound: Bound, part: Part | None, value: Value) -> Value:
    """The value after the reader's `cast`: a type, or what a model calls one."""
    declared = _declared(bound, 0) if "reads" in bound.model.roles else ()
    for kind in (*bound.part(part), *declared):
        if isinstance(kind.data, External):
            return standard.converted(kind.data.path, value)
        if isinstance(kind.data, str):
            return standard.converted(kind.data, value)
    return value


def duration(value: Value, unit: float, text_unit: float = 1.0) -> Value:
    """The value as a lifetime: numbers count in `unit` seconds, moments from now, texts and mappings as they name it.

    A text that names no unit counts in `text_unit` seconds. A model writes defaults in seconds, whatever the unit: libraries share the names of settings.
    """
    match value.data:
        case Duration():
            return value
        case Moment(after=after):
            return value.of(Duration(after))
        case bool() | None:
            return value
        case int() | float() as number:
            return value.of(Duration(number if value.given == "library" else number * unit))
        case str() as text:
            return value.of(duration_of(text, text_unit) or UNKNOWN)
        case Table(entries=entries, closed=True) if entries and entries.keys() <= UNITS.keys():
            sizes = {name: found[0].data if len(found) == 1 else UNKNOWN for name, found in entries.items()}
            if all(isinstance(size, int | float) for size in sizes.values()):
                return value.of(timedelta(cast("dict[str, float]", sizes)))
    return Value(UNKNOWN)


def elements(values: Iterable[Value]) -> tuple[Value, ...]:
    """The elements of lists among `values`, each by itself, and the keys of mappings; other values as they are."""
    found: list[Value] = []
    for value in values:
        if isinstance(value.data, Sequence):
            for item in value.data.items:
                found += [inner if inner.steps else replace(inner, steps=value.steps) for inner in item]
        elif isinstance(value.data, Table):
            found += [value.of(key) for key in value.data.entries]
        else:
            found.append(value)
        if isinstance(value.data, Sequence | Table) and not value.data.closed:
            found.append(Value(UNKNOWN))
    return tuple(found)
