"""What an annotation says of a parameter or field: the class of an object, or what a framework gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from jwtlint.facts import (
    Attribute,
    Binary,
    Binding,
    Call,
    Constant,
    Import,
    Name,
    Opaque,
    Param,
    Subscript,
    Term,
    inside,
)
from jwtlint.project import calls, parts
from jwtlint.project.names import Module, last_name
from jwtlint.project.value import ClassRef, External, Frame, Instance, ModuleRef, Value

if TYPE_CHECKING:
    from jwtlint.project.values import Evaluator

MAX_ALIASES = 4


def given(evaluator: Evaluator, parameter: Param, module: Module) -> tuple[Value, ...]:
    """What a framework gives to a parameter by its annotation alone; nothing where that is not known."""
    if parameter.annotation is None:
        return ()
    term, home = _spelled(evaluator, parameter.annotation, module)
    return injected(evaluator, term, home) or of_class(evaluator, term, home)


def injected(evaluator: Evaluator, annotation: Term, module: Module) -> tuple[Value, ...]:
    """What `Annotated[T, Depends(f)]` gives; nothing where the call names no function of the project."""
    root = evaluator.roots[module]
    for part in _parts(annotation):
        if isinstance(part, Call):
            for callee in evaluator.values(part.func, root):
                model = evaluator.models.call(callee.data.path) if isinstance(callee.data, External) else None
                if model is not None and "supplies" in model.roles:
                    found = evaluator.values(part, root)
                    return found if any(value.known for value in found) else ()
    return ()


def dependencies(evaluator: Evaluator, parameter: Param, module: Module) -> Iterator[Value]:
    """What a framework calls to fill a parameter, by its default or its annotation."""
    if parameter.default is not None:
        yield from dependency(evaluator, parameter.default, evaluator.roots[module])
    for part, home in annotated(evaluator, parameter, module):
        yield from dependency(evaluator, part, evaluator.roots[home])


def annotated(evaluator: Evaluator, parameter: Param, module: Module) -> Iterator[tuple[Term, Module]]:
    """What stands between the brackets of a parameter's annotation, and the file that it is written in."""
    if parameter.annotation is not None:
        spelled, home = _spelled(evaluator, parameter.annotation, module)
        yield from ((part, home) for part in _parts(spelled))


def dependency(evaluator: Evaluator, term: Term, frame: Frame) -> Iterator[Value]:
    """`f` of `Depends(f)`; nothing where the term is no such call."""
    if not isinstance(term, Call):
        return
    for bound in parts.bindings(evaluator, term, frame, "supplies"):
        yield from bound.part(bound.model.roles["supplies"]["dependency"])


def of_class(evaluator: Evaluator, annotation: Term | None, module: Module) -> tuple[Value, ...]:
    """An object of the class that an annotation names, the project's or a modelled one."""
    named = _class(annotation)
    if named is None:
        return ()
    found: list[Value] = []
    for value in evaluator.values(named, evaluator.roots[module]):
        match value.data:
            case ClassRef() as own:
                found.append(Value(Instance(own, calls.body(evaluator, own), open=True)))
            case External(path=path) if evaluator.models.knows(f"{path}()"):
                found.append(Value(External(evaluator.models.canonical(f"{path}()"))))
    return tuple(found)


def is_mandatory(item: Binding) -> bool:
    """Whether a field of a model has to be given: it has no default, and is not one that may be None."""
    declared = isinstance(item.value, Opaque) and item.value.kind == "declared"
    optional = any(isinstance(term, Constant) and term.value is None for term in inside(item.annotation))
    return declared and not optional and "Optional" not in {last_name(term) for term in inside(item.annotation)}


def _class(annotation: Term | None) -> Name | Attribute | None:
    """`T` of `T`, `T | None`, `Optional[T]` and `Annotated[T, …]`."""
    match annotation:
        case Name() | Attribute():
            return annotation
        case Binary(operator="|", left=left):
            return _class(left)
        case Subscript(base=base) if last_name(base) in ("Annotated", "Optional"):
            return _class(_parts(annotation)[0])
    return None


def _parts(annotation: Term) -> tuple[Term, ...]:
    """What stands between the brackets."""
    if not isinstance(annotation, Subscript):
        return ()
    key = annotation.key
    return key.parts if isinstance(key, Opaque) and key.kind == "slice" else getattr(key, "items", (key,))


def _spelled(evaluator: Evaluator, annotation: Term, module: Module) -> tuple[Term, Module]:
    """An annotation and its file; where it is only a name for another one, that one."""
    for _ in range(MAX_ALIASES):
        definitions = module.definitions.get(("", annotation.id), ()) if isinstance(annotation, Name) else ()
        match definitions[-1] if definitions else None:
            case Binding(value=Subscript() as value):
                return value, module
            case Import(target=target, level=level, member=str() as member):
                homes = [value.data for value in evaluator.imported(module, target, level, member)]
                home = next((item.module for item in homes if isinstance(item, ModuleRef)), None)
                if home is None or ("", member) not in home.definitions:
                    break
                annotation, module = Name(member, 1 << 60), home
            case _:
                break
    return annotation, module
