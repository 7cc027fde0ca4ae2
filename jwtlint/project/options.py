"""Options and settings that are written down and change nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jwtlint.facts import Attribute, Binding, Name, inside
from jwtlint.finding import Location, Step
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project import objects, settings
from jwtlint.project.concepts import Occurrence
from jwtlint.project.names import Module
from jwtlint.project.value import ClassRef, External

if TYPE_CHECKING:
    from jwtlint.models import SettingModel
    from jwtlint.models.calls import Ignored
    from jwtlint.project.values import Evaluator


@dataclass(frozen=True)
class InertOption:
    """An option that has no effect: its name, why, and what happens instead; `needs` is what the application would have to
    name for it.
    """

    name: str
    effect: str
    at: Location
    steps: tuple[Step, ...] = ()
    needs: str = ""


def inert(evaluator: Evaluator, occurrences: Iterable[Occurrence]) -> Iterator[InertOption]:
    """Options that a library takes and ignores, settings that it does not know or that need another, and lifetimes that
    nothing reads.
    """
    found = tuple(occurrences)
    for occurrence in found:
        for ignored in occurrence.bound.model.ignored:
            yield from _given(occurrence, ignored)
    files = {occurrence.bound.model.file for occurrence in found}
    for name, models in evaluator.models.settings.items():
        for file in sorted(files & models.keys()):
            yield from _set(evaluator, name, models[file])
    if found:
        for module in evaluator.modules.values():
            yield from _unread(evaluator, module)


def _given(occurrence: Occurrence, ignored: Ignored) -> Iterator[InertOption]:
    (path,) = ignored.option.options
    for value in occurrence.bound.path(path):
        if value.known and value.given != "library" and (not ignored.only or value.data in ignored.only):
            name = ".".join((path.name, *path.keys))
            effect = f"{occurrence.library} ignores it: {ignored.effect}"
            yield InertOption(name, effect, value.origin or occurrence.at, value.steps)


def _set(evaluator: Evaluator, name: str, model: SettingModel) -> Iterator[InertOption]:
    for value in settings.given(evaluator, name):
        if value.origin is None or not value.known:
            continue
        if model.ignored:
            yield InertOption(name, f"{model.library} ignores it: {model.ignored}", value.origin, value.steps)
        elif (
            model.needs
            and value.data is not None
            and value.data is not False
            and (lack := settings.lacking(evaluator, model.needs, model.file))
        ):
            yield InertOption(name, lack, value.origin, value.steps, next(iter(model.needs), ""))


def _unread(evaluator: Evaluator, module: Module) -> Iterator[InertOption]:
    """Lifetimes of tokens among the fields of a settings class that no other line of the project names."""
    for binding in module.facts.bindings:
        if binding.scope not in module.classes or not isinstance(binding.target, Name):
            continue
        name = binding.target.id
        if not _names_a_lifetime(name) or name in evaluator.models.settings:
            continue
        owner = ClassRef(module, module.classes[binding.scope])
        if _is_settings_class(evaluator, owner) and _is_named_once(evaluator, module, binding, name):
            effect = "nothing in the project reads it, so tokens live as long as something else says"
            yield InertOption(name, effect, module.at(binding.at))


def _names_a_lifetime(name: str) -> bool:
    words = set(words_of(name))
    known = vocabulary()
    return bool(words & known.lifetimes and (words & known.bearer or words & {"access", "refresh"}))


def _is_settings_class(evaluator: Evaluator, owner: ClassRef) -> bool:
    known = evaluator.models.settings_classes
    return any(isinstance(base, External) and base.path in known for base in objects.bases(evaluator, owner))


def _is_named_once(evaluator: Evaluator, module: Module, binding: Binding, name: str) -> bool:
    if set(evaluator.mentioning(name)) - {module.path}:
        return False
    facts = module.facts
    terms = inside((facts.bindings, facts.returns, facts.uses))
    named = (item for item in terms if getattr(item, "id", getattr(item, "name", "")) == name)
    return all(item is binding.target for item in named if isinstance(item, Name | Attribute))
