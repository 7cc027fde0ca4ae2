"""Where models meet uses: the calls of a project that have to do with tokens, once a way to each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from typing import TYPE_CHECKING

from jwtlint.facts import Attribute, Call, Class, Constant, Name, Use, inside
from jwtlint.models import CallModel, Reference
from jwtlint.models.signatures import last_name
from jwtlint.project import calls, objects, parts, settings
from jwtlint.project.concepts import Inspection, Issuance, KeyFetch, Occurrence, Validation, Verification
from jwtlint.project.entering import ENTERING
from jwtlint.project.languages import JAVASCRIPT
from jwtlint.project.names import last_name as last_name_of
from jwtlint.project.value import ClassRef, External, Frame, Value

if TYPE_CHECKING:
    from jwtlint.project.names import Module
    from jwtlint.project.values import Evaluator

ROLES: Mapping[str, type[Occurrence]] = {
    "issues": Issuance,
    "gives-token": Issuance,
    "verifies": Verification,
    "validates": Validation,
    "inspects": Inspection,
    "fetches-key": KeyFetch,
}


def occurrences(evaluator: Evaluator) -> Iterator[Occurrence]:
    """Every modelled call that has to do with tokens, once a way to it.

    Only uses whose last name is a modelled name are evaluated.
    """
    inspecting: set[tuple[Module, str]] = set()
    incomplete = False
    for use, frame in _uses(evaluator, _with_heirs(evaluator, evaluator.models.token_names)):
        for found in _at(evaluator, use, frame):
            if isinstance(found, Inspection):
                inspecting.add((frame.module, use.scope))
            incomplete = incomplete or found.has("completion")
            yield found
    for use, frame in _handed(evaluator) if incomplete else ():
        yield from _at(evaluator, use, frame)
    yield from referred(evaluator, ROLES.keys())
    fetching = evaluator.models.names({"fetches-key"}) - evaluator.models.token_names
    for use, frame in _uses(evaluator, fetching, inspecting):
        yield from _at(evaluator, use, frame)


def modelled(evaluator: Evaluator, roles: Set[str]) -> Iterator[Occurrence]:
    """Calls that have one of the roles, each once, without regard to the ways to it."""
    for module, use in _named(evaluator, evaluator.models.names(roles)):
        yield from _occurring(evaluator, use, calls.alone(evaluator, module, use.scope), roles)


def of_call(evaluator: Evaluator, call: Call, frame: Frame, roles: Set[str]) -> Iterator[Occurrence]:
    """What a call does of the roles, wherever it stands: in the default of a parameter, too."""
    return _occurring(evaluator, Use(frame.scope, call, 0, (), ()), frame, roles)


def _occurring(evaluator: Evaluator, use: Use, frame: Frame, roles: Set[str]) -> Iterator[Occurrence]:
    for model, target in _models(evaluator, use, frame, roles):
        bound = parts.bind(evaluator, model, use.call.args, frame, target)
        yield from (Occurrence(use, frame, bound, role) for role in sorted(model.roles.keys() & roles))


def by_ways(evaluator: Evaluator, roles: Set[str]) -> Iterator[Occurrence]:
    """Calls that have one of the roles, each once a way to it: a helper does what its callers give it to do."""
    for use, frame in _uses(evaluator, evaluator.models.names(roles), roles=roles):
        for model, target in _models(evaluator, use, frame, roles):
            known = _imported(evaluator, frame.module, model) or model
            bound = parts.bind(evaluator, known, use.call.args, frame, target)
            yield from (Occurrence(use, frame, bound, role) for role in sorted(known.roles.keys() & roles))


def _imported(evaluator: Evaluator, module: Module, model: CallModel) -> CallModel | None:
    """The model that a method of an unknown object has in the one library with such a method that the file imports."""
    if model.signature.path != f"any.{model.name}":
        return None
    roots = {item.target.partition(".")[0] for item in module.facts.imports if not item.level}
    homes = evaluator.models.methods(model.name, frozenset(roots))
    return evaluator.models.calls[homes[0]] if len(homes) == 1 else None


def _named(evaluator: Evaluator, names: frozenset[str]) -> Iterator[tuple[Module, Use]]:
    """Calls by those names, and by what they are imported as."""
    for module in evaluator.modules.values():
        renamed = (module.renamed[name] for name in names & module.renamed.keys())
        for name in sorted(names.union(*renamed) & module.uses.keys()):
            yield from ((module, use) for use in module.uses[name])
        if ENTERING in names and module.language is JAVASCRIPT:
            yield from ((module, use) for use in module.entered)


def _with_heirs(evaluator: Evaluator, names: frozenset[str]) -> frozenset[str]:
    """The names, and those of the project's classes that inherit something so named, directly or through another.

    Where there are such classes, their constructors may call the one that they inherit.
    """
    heirs = [
        (item.name, _inherited(module, item)) for module in evaluator.modules.values() for item in module.facts.classes
    ]
    while more := {name for name, bases in heirs if bases & names} - names:
        names |= more
    return names | {"__init__"} if any(bases & names for _, bases in heirs) else names


def _inherited(module: Module, item: Class) -> frozenset[str]:
    """The names of what a class inherits, as their own files have them; of a mixin that a call makes, what that is given."""
    said = {last_name_of(term) for term in inside(item.bases) if isinstance(term, Name | Attribute)}
    return frozenset(said | {name for name, others in module.renamed.items() if said & {*others}})


def _uses(
    evaluator: Evaluator,
    names: frozenset[str],
    within: set[tuple[Module, str]] | None = None,
    roles: Set[str] = ROLES.keys(),
) -> Iterator[tuple[Use, Frame]]:
    """Modelled calls of those names, once a way to them.

    What is called must be known without regard to who calls: `text.encode()` in a hundred functions asks for no caller.
    """
    for module, use in _named(evaluator, names):
        if within is not None and (module, use.scope) not in within:
            continue
        models = tuple(_models(evaluator, use, calls.alone(evaluator, module, use.scope), roles))
        for model, _ in models:
            _follow(evaluator, use, module, model)
        if models:
            for frame in calls.frames(evaluator, module, use.scope):
                yield use, frame


def _handed(evaluator: Evaluator) -> Iterator[tuple[Use, Frame]]:
    """Calls that validate what a helper is handed, once a way to them: what it is, only the callers tell."""
    for module, use in _named(evaluator, evaluator.models.names({"validates"})):
        known = calls.alone(evaluator, module, use.scope)
        if _is_of_a_parameter(use, module) and not any(_models(evaluator, use, known)):
            for frame in calls.frames(evaluator, module, use.scope):
                yield use, frame


def _is_of_a_parameter(use: Use, module: Module) -> bool:
    """Whether a method is called on what the function is given."""
    function = use.call.func
    return (
        isinstance(function, Attribute)
        and isinstance(function.base, Name)
        and module.parameter(use.scope, function.base.id) is not None
    )


def _follow(evaluator: Evaluator, use: Use, module: Module, model: CallModel) -> None:
    """Have the files read that call a modelled method of what `use` makes: they need not name the library."""
    own = evaluator.models.canonical(f"{model.signature.path}()")
    methods = {last_name(path) for path in evaluator.models.calls if path.startswith(f"{own}.")}
    for binding in module.facts.bindings if methods else ():
        if binding.value is use.call and (name := last_name_of(binding.target)):
            for method in methods:
                evaluator.wanted |= evaluator.speaking(f"{name}.{method}", module) - evaluator.modules.keys()


def _models(
    evaluator: Evaluator, use: Use, frame: Frame, roles: Set[str] = ROLES.keys()
) -> Iterator[tuple[CallModel, External]]:
    """What is known of the callables that a use may be of, where they have one of the roles."""
    for callee in evaluator.values(use.call.func, frame):
        target = _outside(evaluator, callee)
        model = evaluator.models.call(target.path) if target else None
        if target and model and model.roles.keys() & roles:
            yield model, target


def _outside(evaluator: Evaluator, callee: Value) -> External | None:
    """What is called outside the project: also the constructor that a class of the project inherits."""
    match callee.data:
        case External() as target:
            return target
        case ClassRef(module=module, definition=definition) as own:
            if f"{definition.path}.__init__" not in module.functions:
                bases = (base for base in objects.bases(evaluator, own) if isinstance(base, External))
                known = next((base for base in bases if evaluator.models.call(base.path)), None)
                return known and replace(known, of=own)
    return None


def _at(evaluator: Evaluator, use: Use, frame: Frame) -> Iterator[Occurrence]:
    for model, target in _models(evaluator, use, frame):
        bound = parts.bind(evaluator, model, use.call.args, frame, target)
        for role in model.roles.keys() & ROLES.keys():
            found = ROLES[role](use, frame, bound, role)
            if found.takes_place:
                yield found


def referred(evaluator: Evaluator, roles: Set[str]) -> Iterator[Occurrence]:
    """What libraries do by their settings alone once the project names them, where they have one of the roles."""
    for reference in evaluator.models.references:
        if reference.model.roles.keys() & roles:
            yield from _referred(evaluator, reference, roles)


def with_role(evaluator: Evaluator, role: str) -> tuple[Occurrence, ...]:
    """What has a role by a call or by a library's settings, whether the role takes place or is switched off."""
    return (*modelled(evaluator, {role}), *referred(evaluator, {role}))


def taking_place(evaluator: Evaluator, role: str) -> tuple[Occurrence, ...]:
    """What has a role that takes place."""
    return tuple(item for item in with_role(evaluator, role) if item.takes_place)


def _referred(evaluator: Evaluator, reference: Reference, roles: Set[str]) -> Iterator[Occurrence]:
    """What a reference does, at the first of its settings that is set, else where the library is named."""
    places = (
        module.at(module.used(path))
        for module in evaluator.modules.values()
        for path in sorted(reference.paths & module.named.keys())
    )
    place = next(places, None)
    model = reference.model
    if place is None or settings.lacking(evaluator, reference.needs, model.file):
        return
    for role in sorted(model.roles.keys() & roles):
        heads = (path.name.partition(".")[0] for part in model.roles[role].values() for path in part.options)
        at = next((found for head in heads if head for found in settings.origins(evaluator, head)), place)
        module = evaluator.modules[at.path]
        use = Use("", Call(Constant(model.signature.path), (), at.span), 0, (), ())
        frame = evaluator.roots[module]
        bound = parts.bind(evaluator, model, (), frame, External(model.signature.path))
        if reference.when is None or any(value.known and value.data for value in bound.part(reference.when)):
            yield ROLES.get(role, Occurrence)(use, frame, bound, role)
