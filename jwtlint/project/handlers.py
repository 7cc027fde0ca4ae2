"""What answers a request: functions, classes with a method for each verb, views of libraries, and what runs before them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from jwtlint.models import ClassModel, Part
from jwtlint.project import hints, objects, parts, settings
from jwtlint.project.languages import of_outside
from jwtlint.project.value import ClassRef, External, FunctionRef, Instance, Made, Value

if TYPE_CHECKING:
    from jwtlint.project.values import Evaluator

Handler = FunctionRef | ClassRef | External

VERBS = ("get", "post", "put", "patch", "delete")


def handlers(evaluator: Evaluator, values: Iterable[Value]) -> Iterator[Handler]:
    """The functions, classes and library views among values and in lists of them; texts are dotted paths."""
    for value in parts.elements(tuple(values)):
        match value.data:
            case FunctionRef() | ClassRef() as own:
                yield own
            case Instance(of=own):
                yield own
            case External() as outside:
                yield _behind(evaluator, outside)
            case str(path) if "." in path:
                found = (item.data for item in objects.dotted(evaluator, path))
                yield from (item for item in found if isinstance(item, Handler))


def _behind(evaluator: Evaluator, handler: External) -> Handler:
    """The project's class behind what an inherited method of it gives: `MyView.as_view()`."""
    if isinstance(handler.of, Made):
        for callee in evaluator.values(handler.of.call.func, handler.of.frame):
            if isinstance(callee.data, External) and isinstance(callee.data.of, ClassRef):
                return callee.data.of
    return handler


def name(handler: Handler) -> str:
    """What it is called, with the class that it is of; empty where it has no name."""
    match handler:
        case FunctionRef(function=function):
            return ".".join(part for part in function.path.split(".") if not part.startswith("<"))
        case ClassRef(definition=definition):
            return definition.path
    path = handler.path.removeprefix(of_outside(handler.path).prefix)
    return path.removesuffix("()").removesuffix(".as_view")


def owner(handler: Handler) -> Handler:
    """The class that a method is of; what is no method itself."""
    if not isinstance(handler, FunctionRef):
        return handler
    if handler.receiver is not None:
        return handler.receiver.of if isinstance(handler.receiver, Instance) else handler.receiver
    definition = handler.module.classes.get(handler.function.scope)
    return ClassRef(handler.module, definition) if definition else handler


def classes(evaluator: Evaluator, handler: Handler) -> Iterator[ClassModel]:
    """What is known of a class, of those that it inherits, or of the class that a library's view was made of."""
    known = evaluator.models.classes
    if isinstance(handler, ClassRef):
        inherited = (base for base in objects.bases(evaluator, handler) if isinstance(base, External))
        yield from (known[base.path] for base in inherited if base.path in known)
    elif isinstance(handler, External):
        path = handler.path
        while path and path not in known:
            path = path.removesuffix("()") if path.endswith("()") else path.rpartition(".")[0]
        if path:
            yield known[path]


def methods(evaluator: Evaluator, handler: Handler, asked: tuple[str, ...]) -> Iterator[tuple[str, Handler]]:
    """Each HTTP method with the function that answers it: those that were asked for, or those that a class has."""
    if not isinstance(handler, ClassRef):
        yield from ((method, handler) for method in asked or ("*",))
        return
    answered = {name: verb for verb in VERBS for name in (verb, f"on_{verb}")}
    for model in classes(evaluator, handler):
        answered |= model.handlers
    found: list[tuple[str, Handler]] = [
        (method, value.data)
        for called, method in answered.items()
        for value in objects.member(evaluator, Value(handler), called)
        if isinstance(value.data, FunctionRef)
    ]
    yield from found or [("*", handler)]


def _is_routing(evaluator: Evaluator, decorator: Handler) -> bool:
    """Whether a decorator only says which request the function answers."""
    model = evaluator.models.call(decorator.path) if isinstance(decorator, External) else None
    return model is not None and "routes" in model.roles


def preceding(bound: parts.Bound, part: Part | None) -> Iterator[Handler]:
    """What a part says that runs first: functions, or dependencies on them."""
    for term, frame in bound.terms(part):
        supplied = tuple(hints.dependency(bound.evaluator, term, frame))
        yield from handlers(bound.evaluator, supplied or bound.evaluator.values(term, frame))


def everywhere(evaluator: Evaluator) -> Iterator[Handler]:
    """What settings say that runs before every handler of the application."""
    for setting in sorted(evaluator.models.preceding_settings):
        yield from handlers(evaluator, tuple(settings.given(evaluator, setting)))


def before(evaluator: Evaluator, handler: Handler) -> Iterator[Handler]:
    """What runs before a handler: what its class names, its decorators, and its dependencies."""
    for model in classes(evaluator, owner(handler)):
        for attribute in model.before:
            found = objects.member(evaluator, Value(owner(handler)), attribute)
            yield from handlers(evaluator, [value for value in found if not value.inherited])
    if isinstance(handler, FunctionRef):
        module, root = handler.module, evaluator.roots[handler.module]
        for term in handler.function.decorators:
            for decorator in handlers(evaluator, evaluator.values(term, root)):
                if not _is_routing(evaluator, decorator):
                    yield decorator
        for parameter in handler.function.params:
            yield from handlers(evaluator, tuple(hints.dependencies(evaluator, parameter, module)))
