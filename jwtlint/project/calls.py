"""Calls: what a call gives, and every way into a function."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from jwtlint.facts import NOWHERE, Arg, Call, Constant, Function, Use
from jwtlint.project import ecmascript, mappings, objects, parts, standard
from jwtlint.project.languages import JAVASCRIPT
from jwtlint.project.lookup import for_development, possible
from jwtlint.project.names import Module, last_name
from jwtlint.project.value import (
    NOTHING,
    ClassRef,
    External,
    Frame,
    FunctionRef,
    Instance,
    Made,
    Method,
    Table,
    Value,
)

if TYPE_CHECKING:
    from jwtlint.project.values import Evaluator

RECEIVERS = ("self", "cls", "this")
MAX_DEPTH = 5
MAX_FRAMES = 64
MAX_UNREAD = 4  # files; a name that more of them call is too common to say who calls this function


def result(evaluator: Evaluator, call: Call, frame: Frame) -> Iterable[Value]:
    """What `call` gives in `frame`; of a script, what wraps a function is taken for that function, as a decorator is."""
    wrapped = ecmascript.wrapped(evaluator, call, frame) if frame.module.language is JAVASCRIPT else ()
    if wrapped:
        yield from wrapped
        return
    for callee in evaluator.values(call.func, frame):
        yield from called(evaluator, callee, call, frame)


def called(evaluator: Evaluator, callee: Value, call: Call, frame: Frame) -> Iterable[Value]:
    match callee.data:
        case FunctionRef() as function if callee.certain:
            return entered(evaluator, function, call.args, frame, call)
        case FunctionRef() as function if fits(function.function, call.args, method=True):
            return (replace(value, certain=False) for value in entered(evaluator, function, call.args, frame, call))
        case ClassRef() as definition:
            return (Value(construct(evaluator, definition, call, frame)),)
        case External():
            return external(evaluator, callee, callee.data, call, frame)
        case Method(receiver=receiver, name=name):
            return standard.method(evaluator, receiver, name, call, frame)
    return NOTHING


def fits(function: Function, args: tuple[Arg, ...], *, method: bool) -> bool:
    """Whether a call gives a function all that it must be given: `text.encode("ascii")` is not of the project's only
    `encode(self, key, algorithm)`. What a decorator makes of a function may ask for less.
    """
    decorators = {last_name(item) for item in function.decorators}
    if decorators - {"classmethod", "staticmethod"} or any(argument.name in ("*", "**") for argument in args):
        return True
    placed = sum(argument.name is None for argument in args)
    named = {argument.name for argument in args}
    positional = [item for item in function.params if item.kind == "positional"]
    own = method and "staticmethod" not in decorators
    needed = (*positional[placed + own :], *(item for item in function.params if item.kind == "keyword"))
    return all(item.default is not None or item.name in named for item in needed)


def entered(
    evaluator: Evaluator, function: FunctionRef, args: tuple[Arg, ...], frame: Frame | None, call: Call | None
) -> Iterable[Value]:
    """What the function returns (or yields) when entered with `args` from `frame`."""
    inside = enter(evaluator, function, args, frame, call)
    if inside is None:
        return NOTHING
    module = function.module
    returns = module.returns.get(function.function.path, ())
    found: list[Value] = []
    for item in possible(evaluator, returns, inside):
        at, local = module.at(item.at), for_development(item.when)
        for value in evaluator.values(item.value, inside):
            given = value.through(at, f"returned by {function.name}")
            found.append(given.in_development() if local else given)
    return found


def invoked(evaluator: Evaluator, callee: Value, frame: Frame) -> Iterable[Value]:
    """What calling `callee` without arguments gives."""
    match callee.data:
        case FunctionRef() as function:
            return entered(evaluator, function, (), frame, None)
        case ClassRef() as definition:
            return (Value(Instance(definition, body(evaluator, definition))),)
        case External():
            return external(evaluator, callee, callee.data, Call(Constant(callee.data.path), (), NOWHERE), frame)
    return NOTHING


def enter(
    evaluator: Evaluator, function: FunctionRef, args: tuple[Arg, ...], frame: Frame | None, call: Call | None
) -> Frame | None:
    """The frame of a call, one object a call and caller; None where the way is too deep."""
    if frame and len(frame.chain) > MAX_DEPTH:
        return None
    key = (function, id(call), frame)
    if key not in evaluator.entered:
        use = Use(frame.scope, call, 0, (), ()) if call and frame else None
        bound = _bind(evaluator, function, args, frame)
        evaluator.entered[key] = Frame(function.module, function.function, bound, function.receiver, frame, use)
    return evaluator.entered[key]


def _bind(
    evaluator: Evaluator, function: FunctionRef, args: tuple[Arg, ...], frame: Frame | None
) -> dict[str, tuple[Value, ...]]:
    """The values of the parameters; a spread makes those that no argument names unknown."""
    positional = [item for item in function.function.params if item.kind == "positional"]
    bound: dict[str, tuple[Value, ...]] = {}
    if function.receiver is not None and positional:
        bound[positional.pop(0).name] = (Value(function.receiver),)
    assert frame or not args
    names = {item.name for item in function.function.params}
    rest = next((item.name for item in function.function.params if item.kind == "**"), None)
    for argument in args:
        assert frame
        if argument.name in ("*", "**"):
            spread = _spread(evaluator, argument, frame)
            for item in function.function.params:
                bound.setdefault(item.name, spread.get(item.name, NOTHING))
            continue
        parameter = argument.name if argument.name else positional.pop(0).name if positional else None
        if parameter in names:
            bound[str(parameter)] = _passed(evaluator, argument, str(parameter), frame)
    if rest:
        named = {a.name: evaluator.values(a.value, frame) for a in args if frame and a.name and a.name not in names}
        spread_too = any(argument.name == "**" for argument in args)
        bound[rest] = (Value(Table({str(k): v for k, v in named.items() if k != "*"}, closed=not spread_too)),)
    return bound


def _spread(evaluator: Evaluator, argument: Arg, frame: Frame) -> dict[str, tuple[Value, ...]]:
    if argument.name == "**":
        for value in evaluator.values(argument.value, frame)[:1]:
            if isinstance(value.data, Table):
                return dict(value.data.entries)
    return {}


def _passed(evaluator: Evaluator, argument: Arg, parameter: str, frame: Frame) -> tuple[Value, ...]:
    at = frame.module.at(argument.at)
    return tuple(value.through(at, f"passed as {parameter}") for value in evaluator.values(argument.value, frame))


def construct(evaluator: Evaluator, definition: ClassRef, call: Call, frame: Frame) -> Instance:
    """The instance that a call of a class makes; its frame is the constructor's, or holds the named arguments."""
    for one in objects.bases(evaluator, definition):
        if isinstance(one, ClassRef):
            constructor = one.module.functions.get(f"{one.definition.path}.__init__")
            if constructor:
                shell = Instance(definition, evaluator.roots[one.module])
                inside = enter(evaluator, FunctionRef(one.module, constructor, shell), call.args, frame, call)
                return Instance(definition, inside or evaluator.roots[one.module])
    key = (definition, id(call), frame)
    spreads = [item for item in call.args if item.name in ("*", "**")]
    given = {name: values for item in spreads for name, values in _spread(evaluator, item, frame).items()}
    if key not in evaluator.entered:
        named = {a.name: _passed(evaluator, a, a.name, frame) for a in call.args if a.name and a not in spreads}
        placed = [item for item in call.args if item.name is None]
        fields = objects.fields(evaluator, definition) if placed and not spreads else ()
        named |= {name: _passed(evaluator, a, name, frame) for name, a in zip(fields, placed, strict=False)}
        use = Use(frame.scope, call, 0, (), ())
        evaluator.entered[key] = Frame(definition.module, None, {**given, **named}, None, frame, use)
    return Instance(definition, evaluator.entered[key], open=bool(spreads) and not given)


def external(evaluator: Evaluator, callee: Value, target: External, call: Call, frame: Frame) -> Iterable[Value]:
    """What a call outside the project gives: what its model says, what Python does, or just its result."""
    path, args = target.path, call.args
    model = evaluator.models.call(path)
    if model is not None:
        found = parts.given_back(parts.bind(evaluator, model, args, frame, target), call.at)
        if found is not None:
            return found
    found = standard.called(evaluator, path, args, frame)
    if found is not None:
        return found
    if model is None and path.endswith(".get") and args:
        names = mappings.keys(evaluator, args[0].value, frame)
        if names:
            return [callee.of(target.member(f"{path.removesuffix('.get')}[{name}]")) for name in names]
    return (callee.of(External(evaluator.models.canonical(f"{path}()"), Made(call, frame))),)


def as_fallback(value: Value) -> Value:
    """The value as what a setting falls back on when it is not set."""
    return replace(value, given="fallback") if value.given in ("literal", "file") else value


def root(evaluator: Evaluator, module: Module, function: Function) -> Frame:
    """The frame of a function without regard to who calls it."""
    key = ("root", module, function.path)
    if key not in evaluator.entered:
        args: dict[str, tuple[Value, ...]] = {}
        receiver = None
        if function.scope in module.classes and function.params and function.params[0].name in RECEIVERS:
            owner = ClassRef(module, module.classes[function.scope])
            receiver = owner if function.params[0].name == "cls" else Instance(owner, evaluator.roots[module])
            args = {function.params[0].name: (Value(receiver),)}
        evaluator.entered[key] = Frame(module, function, args, receiver)
    return evaluator.entered[key]


def body(evaluator: Evaluator, definition: ClassRef) -> Frame:
    """The frame in which a class's own statements run."""
    key = ("body", definition)
    if key not in evaluator.entered:
        evaluator.entered[key] = Frame(definition.module, definition.definition)
    return evaluator.entered[key]


def alone(evaluator: Evaluator, module: Module, scope: str) -> Frame:
    """The frame of what `scope` is: a function without regard to who calls it, a class, or the module."""
    function = module.function_of(scope)
    if function is not None:
        return root(evaluator, module, function)
    return (
        body(evaluator, ClassRef(module, module.classes[scope])) if scope in module.classes else evaluator.roots[module]
    )


def frames(evaluator: Evaluator, module: Module, scope: str, depth: int = 0) -> tuple[Frame, ...]:
    """Every way into the function that `scope` lies in, one a chain of calls; its root frame if nobody calls it."""
    function = module.function_of(scope)
    uncalled = (alone(evaluator, module, scope),)
    if function is None or depth >= MAX_DEPTH - 1:
        return uncalled
    key = (module, f"{function.path}#{depth}")
    known = evaluator.frames_of.get(key)
    if known is not None:
        return known
    evaluator.frames_of[key] = uncalled
    found: dict[Frame, None] = {}
    for caller, use in callers(evaluator, module, function):
        for outer in frames(evaluator, caller, use.scope, depth + 1):
            found |= dict.fromkeys(_entries(evaluator, module, function, use, outer))
            if len(found) >= MAX_FRAMES:
                break
    evaluator.frames_of[key] = answer = tuple(found) or uncalled
    return answer


def _entries(evaluator: Evaluator, module: Module, function: Function, use: Use, outer: Frame) -> Iterator[Frame]:
    """The frames of `function` that `use` opens from `outer`."""
    for callee in evaluator.values(use.call.func, outer):
        match callee.data:
            case FunctionRef(module=home, function=target) as reference if home is module and target is function:
                inside = enter(evaluator, reference, use.call.args, outer, use.call)
                if inside:
                    yield inside
            case ClassRef() as definition if function.name == "__init__":
                made = construct(evaluator, definition, use.call, outer).frame
                if made.function is function:
                    yield made


def callers(evaluator: Evaluator, module: Module, function: Function) -> Iterator[tuple[Module, Use]]:
    """Calls that may be of `function`: by its name, its class's if it is a constructor, and the names it is imported as.

    Files that call such a name and have not been read are wanted, unless the name is too common to tell anything.
    """
    name = function.name
    if name == "__init__":
        name = function.scope.rpartition(".")[2]
    elif name.startswith("__"):
        return  # Python itself calls it, and files that write its name define one of their own
    unread = evaluator.speaking(f"{name}(", module) - evaluator.modules.keys()
    if len(unread) <= MAX_UNREAD:
        evaluator.wanted |= unread
    for other in (other for other in evaluator.modules.values() if other.language is module.language):
        for alias in {*other.renamed.get(name, ()), name}:
            for use in other.uses.get(alias, ()):
                itself = use.scope == function.path and other is module
                if not itself and fits(function, use.call.args, method=function.scope in module.classes):
                    yield other, use
