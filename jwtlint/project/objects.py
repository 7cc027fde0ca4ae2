"""Attributes: of modules, classes, instances, packages outside the project, and built-in values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from jwtlint.facts import Attribute, Binding, Call, Constant, Function, Name
from jwtlint.project import calls, exchange, hints, inheritance, mappings, settings
from jwtlint.project.languages import JAVASCRIPT, PYTHON, Language
from jwtlint.project.names import Module, last_name
from jwtlint.project.value import (
    NOTHING,
    UNKNOWN,
    ClassRef,
    External,
    Frame,
    FunctionRef,
    Instance,
    Made,
    Method,
    ModuleRef,
    Parent,
    Table,
    Value,
)

if TYPE_CHECKING:
    from jwtlint.project.values import Evaluator

COMPUTED = frozenset({"property", "cached_property", "computed_field", "lazy_property", "hybrid_property"})
MAX_BASES = 64
MAX_CHAIN = 12


def attribute(evaluator: Evaluator, term: Attribute, frame: Frame) -> Iterable[Value]:
    """What `base.name` is; of an unknown base, what its name and the attribute's together tell."""
    language = frame.module.language
    found: list[Value] = []
    for base in evaluator.values(term.base, frame):
        kept = mappings.kept(evaluator, base, term, frame) if language is JAVASCRIPT else None
        found += member(evaluator, base, term.name, language) if kept is None else kept
    guess = f"{language.prefix}any.{last_name(term.base)}.{term.name}"
    if not any(value.known and value.certain for value in found) and guess in evaluator.models.calls:
        return (Value(External(guess)),)
    return found


def member(evaluator: Evaluator, base: Value, name: str, language: Language = PYTHON) -> Iterable[Value]:
    """What `base.name` is, written in a language."""
    match base.data:
        case ModuleRef(module=module):
            return of_module(evaluator, module, name)
        case ClassRef():
            return of_class(evaluator, base.data, name, base.data)
        case Instance(of=definition, frame=frame):
            return of_instance(evaluator, base.data, definition, frame, name)
        case Parent(receiver=receiver, below=below):
            return _of_parent(evaluator, receiver, below, name)
        case External(path=path) if path.endswith("/"):
            return _of_folder(evaluator, path, name)
        case External() as holder:
            own = _of_row(evaluator, holder, name) if holder.of else ()
            return own or _of_package(evaluator, base, holder, name)
        case Table() as table if table.has_attribute(name) and (table.attributes or not mappings.is_method(name)):
            return table.get(name)
        case _ if base.known:
            return (base.of(Method(base, name)),)
    return _of_unknown(evaluator, name, language)


def row_class(evaluator: Evaluator, given: External) -> ClassRef | None:
    """The project's class that a library was asked for: `User` of `User.query.first()` and of `session.get(User, 1)`."""
    for _ in range(MAX_CHAIN):
        match given.of:
            case ClassRef() as own:
                return own
            case Instance(of=own):
                return own
            case Made(call=call, frame=frame):
                asked = (value.data for item in call.args[:1] for value in evaluator.values(item.value, frame))
                own_class = next((data for data in asked if isinstance(data, ClassRef)), None)
                if own_class:
                    return own_class
                callees = (value.data for value in evaluator.values(call.func, frame))
                outer = next((data for data in callees if isinstance(data, External)), None)
                if outer is None:
                    return None
                given = outer
            case _:
                return None
    return None


def _of_row(evaluator: Evaluator, given: External, name: str) -> tuple[Value, ...]:
    """A method or property that the project's class has of what a library gives for it, as a guess that it is an instance."""
    own = row_class(evaluator, given)
    if own is None or f"{own.definition.path}.{name}" not in own.module.functions:
        return ()
    row = Instance(own, calls.body(evaluator, own), open=True)
    return tuple(replace(value, certain=False) for value in of_class(evaluator, own, name, row))


def of_module(evaluator: Evaluator, module: Module, name: str) -> tuple[Value, ...]:
    """What a module's `name` is after it has been imported; modules that import from each other end as unknown."""
    key = (module, name)
    if key not in evaluator.members:
        evaluator.members[key] = NOTHING
        evaluator.members[key] = tuple(_of_module(evaluator, module, name))
    return evaluator.members[key]


def _of_module(evaluator: Evaluator, module: Module, name: str) -> Iterable[Value]:
    """A definition, a submodule, or what its star imports bring; of a script, what it exports."""
    if module.language is JAVASCRIPT:
        return exchange.given(evaluator, module, name)
    if ("", name) in module.definitions or mappings.is_edited(module, name):
        return evaluator.name(name, 1 << 60, evaluator.roots[module])
    if module.path.endswith("__init__.py"):
        path = evaluator.names.module_in(module.path.rpartition("/")[0], name)
        if path and not path.endswith("/"):
            return (Value(ModuleRef(evaluator.modules[path])),) if evaluator.read(path) else NOTHING
    for star in module.stars:
        for value in evaluator.imported(module, star.target, star.level):
            if isinstance(value.data, ModuleRef) and value.data.module is not module:
                found = tuple(of_module(evaluator, value.data.module, name))
                if any(item.known for item in found):
                    return found
            elif isinstance(value.data, External):
                return (Value(External(f"{value.data.path}.{name}")),)
    return NOTHING


def dotted(evaluator: Evaluator, path: str) -> tuple[Value, ...]:
    """What a dotted path in a text leads to: a module of the project, or something in one; else the package's."""
    names = path.split(".")
    for count in range(len(names), 0, -1):
        home = evaluator.names.find("", ".".join(names[:count]), 0)
        if home and not home.endswith("/"):
            if not evaluator.read(home):
                return NOTHING
            found: tuple[Value, ...] = (Value(ModuleRef(evaluator.modules[home])),)
            for name in names[count:]:
                found = tuple(inner for value in found for inner in member(evaluator, value, name))
            return found
    return (Value(External(path)),)


def _of_folder(evaluator: Evaluator, folder: str, name: str) -> Iterable[Value]:
    path = evaluator.names.module_in(folder.rstrip("/"), name)
    if path is None:
        return NOTHING
    if path.endswith("/"):
        return (Value(External(path)),)
    return (Value(ModuleRef(evaluator.modules[path])),) if evaluator.read(path) else NOTHING


def _of_package(evaluator: Evaluator, base: Value, holder: External, name: str) -> Iterable[Value]:
    if holder.path in evaluator.models.namespaces:
        return settings.values_of(evaluator, name)
    path = evaluator.models.canonical(f"{holder.path}.{name}")
    if path in evaluator.models.settings_attributes:
        return settings.values_of(evaluator, evaluator.models.settings_attributes[path])
    return (base.of(holder.member(path)),)


def _of_unknown(evaluator: Evaluator, name: str, language: Language) -> Iterable[Value]:
    """A member of something unknown: the project's only method of that name, as a guess."""
    if evaluator.models.knows(f"{language.prefix}any.{name}"):
        return (Value(External(f"{language.prefix}any.{name}")),)
    named = ((module, item) for module in evaluator.modules.values() for item in module.methods.get(name, ()))
    found = [(module, item) for module, item in named if module.language is language]
    if len(found) != 1:
        return NOTHING
    module, function = found[0]
    owner = ClassRef(module, module.classes[function.scope])
    receiver = Instance(owner, evaluator.roots[module])
    return (Value(FunctionRef(module, function, receiver), certain=False),)


def bases(evaluator: Evaluator, definition: ClassRef) -> Iterator[ClassRef | External]:
    """The class, then its bases, nearest first; bases outside the project as External."""
    pending: list[ClassRef | External] = [definition]
    seen: list[ClassRef | External] = []
    while pending and len(seen) < MAX_BASES:
        one = pending.pop(0)
        if one in seen:
            continue
        seen.append(one)
        yield one
        if isinstance(one, ClassRef):
            frame = evaluator.roots[one.module]
            for base in one.definition.bases:
                pending += [v.data for v in evaluator.values(base, frame) if isinstance(v.data, ClassRef | External)]


def fields(evaluator: Evaluator, definition: ClassRef) -> Iterator[str]:
    """The names that a decorated class takes by position, those of its bases first."""
    for one in reversed([one for one in bases(evaluator, definition) if isinstance(one, ClassRef)]):
        for binding in one.module.facts.bindings if one.definition.decorators else ():
            declares = binding.annotation is not None or isinstance(binding.value, Call)
            if binding.scope == one.definition.path and isinstance(binding.target, Name) and declares:
                yield binding.target.id


def of_class(evaluator: Evaluator, definition: ClassRef, name: str, receiver: ClassRef | Instance) -> Iterable[Value]:
    """A class attribute or method, looked for in the class and then in its bases; a library's where it is modelled."""
    return _inherited(evaluator, bases(evaluator, definition), definition, name, receiver)


def _of_parent(evaluator: Evaluator, receiver: ClassRef | Instance, below: ClassRef, name: str) -> Iterable[Value]:
    """What `super().name` is; a constructor is the class itself where a library has it."""
    above = tuple(bases(evaluator, below))[1:]
    if name == "__init__" and above and isinstance(above[0], External):
        path = evaluator.models.canonical(above[0].path)
        return (Value(External(path, receiver)),) if path in evaluator.models.calls else NOTHING
    return _inherited(evaluator, above, below, name, receiver)


def _inherited(
    evaluator: Evaluator,
    ones: Iterable[ClassRef | External],
    definition: ClassRef,
    name: str,
    receiver: ClassRef | Instance,
) -> Iterable[Value]:
    """What the first of some classes that has a name says of it."""
    inherited = "" if isinstance(receiver, ClassRef) else "()"
    for one in ones:
        if isinstance(one, External):
            path = evaluator.models.canonical(f"{one.path}{inherited}.{name}")
            if not inherited or path in evaluator.models.calls or evaluator.models.knows(f"{one.path}{inherited}.any"):
                return (Value(External(path, receiver)),)
            continue
        found = one.module.definitions.get((one.definition.path, name))
        if not found:
            continue
        item = found[-1]
        if isinstance(item, Function):
            return _method(evaluator, one.module, item, receiver)
        values = tuple(evaluator.defined(item, one.module, calls.body(evaluator, one)))
        if isinstance(item, Binding) and not any(value.known for value in values):
            values = hints.of_class(evaluator, item.annotation, one.module) or values
        if isinstance(item, Binding):
            return settings.field(evaluator, definition, name, item, one.module, values)
        return values
    is_abstract = isinstance(receiver, Instance) and definition.module.language is JAVASCRIPT
    return tuple(inheritance.of_heirs(evaluator, definition, name)) or NOTHING if is_abstract else NOTHING


def _method(evaluator: Evaluator, module: Module, function: Function, receiver: ClassRef | Instance) -> Iterable[Value]:
    names = {last_name(item) for item in function.decorators}
    reference = FunctionRef(module, function, None if "staticmethod" in names else receiver)
    if isinstance(receiver, ClassRef) and "classmethod" not in names:
        reference = FunctionRef(module, function, None)
    if names & COMPUTED:
        return calls.entered(evaluator, reference, (), None, None)
    return (Value(reference),)


def of_instance(
    evaluator: Evaluator, instance: Instance, definition: ClassRef, frame: Frame, name: str
) -> Iterable[Value]:
    """What the constructor was given, a method has set, or the class says."""
    given = frame.args.get(name) if frame.function is None else None
    if given is not None:
        return given
    found = tuple(_of_object(evaluator, instance, definition, frame, name))
    is_data = not any(isinstance(value.data, FunctionRef) for value in found)
    return (*found, Value(UNKNOWN)) if instance.open and is_data else found


def _of_object(
    evaluator: Evaluator, instance: Instance, definition: ClassRef, frame: Frame, name: str
) -> Iterable[Value]:
    """What methods have set, else what the class says."""
    assigned: list[Value] = []
    frames = inheritance.constructors(evaluator, instance)
    for one in bases(evaluator, definition):
        if isinstance(one, ClassRef):
            assigned += _assigned(evaluator, frames, one, name)
    declared = of_class(evaluator, definition, name, instance)
    return (*assigned, *(value for value in declared if value.known)) if assigned else declared


def _assigned(
    evaluator: Evaluator, constructors: Mapping[Function, Frame], definition: ClassRef, name: str
) -> Iterator[Value]:
    """Values of `self.name = …` in the methods of a class."""
    module = definition.module
    for binding in module.members.get(name, ()):
        function = module.function_of(binding.scope)
        if function is None or function.scope != definition.definition.path or not function.params:
            continue
        target = binding.target
        if not (isinstance(target, Attribute) and isinstance(target.base, Name)):
            continue
        if (
            target.base.id != function.params[0].name
            or isinstance(binding.value, Constant)
            and binding.value.value is None
        ):
            continue
        inside = constructors.get(function) or calls.root(evaluator, module, function)
        yield from evaluator.bound(binding, module, inside)
