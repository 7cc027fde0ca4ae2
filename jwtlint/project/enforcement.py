"""Revocation that has no effect: state that nothing asks, hooks that are switched off, tokens that are let in unasked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from jwtlint.facts import (
    Attribute,
    Binding,
    Call,
    Constant,
    Function,
    Name,
    Raise,
    Return,
    Subscript,
    Term,
    Use,
    inside,
)
from jwtlint.finding import Location, Step
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project import objects
from jwtlint.project.denylist import Store
from jwtlint.project.handlers import handlers
from jwtlint.project.names import Module, last_name
from jwtlint.project.occurrences import with_role
from jwtlint.project.state import Access
from jwtlint.project.value import ClassRef, FunctionRef, Sequence

if TYPE_CHECKING:
    from jwtlint.project import Project
    from jwtlint.project.concepts import Occurrence

_PLAIN = frozenset({"staticmethod", "classmethod"})


@dataclass(frozen=True)
class Idle:
    """Something that is meant to end tokens and does not.

    Args:
        what: it, as the beginning of a sentence.
        why: why it has no effect, as the rest of it.
    """

    what: str
    why: str
    at: Location
    steps: tuple[Step, ...] = ()


class Enforcement:
    """Answers what of a project's revocation has no effect."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._evaluator = project.evaluator
        self._state = project.state
        self._unused: dict[tuple[Module, str], bool] = {}

    @cached_property
    def idle(self) -> tuple[Idle, ...]:
        """All that is meant to end tokens and does not."""
        if not self._project.tokens.own:
            return ()
        return (*self._unasked(), *self._unread(), *self._switched_off(), *self._skipping(), *self._uninstalled())

    def _unasked(self) -> Iterator[Idle]:
        """Denylists that are written and that no verification looks up."""
        words = vocabulary()
        for name in self._state.checking.unknown:
            told = set(words_of(name))
            if words.denies(name) or told & words.verifying and told & words.bearer:
                return  # what nobody knows may ask
        for store in self._project.denylists.stores:
            own = any(
                access.kind != "database" or access.home for access in store.writes
            )  # else a library's, which may ask
            if not (store.denies and own) or self._is_asked(store):
                continue
            idle = (one for one in store.looks if self._is_unused(one.module, one.scope, store))
            dead = [(one.module, found) for one in idle if (found := one.module.function_of(one.scope))]
            if dead:
                module, function = dead[0]
                why = f"looks up {store.subject}, and nothing calls it or registers it"
                yield Idle(function.name, why, module.at(function.at))
            else:
                why = "is written, and nothing that verifies a token looks it up"
                yield Idle(store.subject, why, store.writes[0].at)

    def _is_asked(self, store: Store) -> bool:
        """Whether a verification looks a store up, or may: only functions that end tokens and those that nobody uses do not."""
        known = {(access.module, access.scope) for access in store.writes}
        for access in store.looks:
            place = (access.module, access.scope)
            if place in self._state.checking.places:
                return True
            ending = place in known and _ends_tokens(access.scope)
            if not ending and not self._is_unused(access.module, access.scope, store):
                return True
            known.add(place)
        if store.home is None and self._looks_somewhere(store):
            return True
        names = {store.subject.replace("{}", ""), *self._project.denylists.table_names(store)}
        for name in names:
            self._want(name)
        return any(
            any(_names(term, name) for name in names for term in terms)
            for module in self._modules
            for scope, terms in _mentioning(module)
            if (module, scope) not in known
            and not (scope == store.subject and store.home and store.home.path == module.path)
            and not (scope and self._is_unused(module, scope, store))
        )

    def _looks_somewhere(self, store: Store) -> bool:
        """Whether a verification asks the same kind of state anything: keys may be spelled in more than one way."""
        places = self._state.checking.places
        asked = (
            access for access in self._project.accesses if access.action == "look up" and access.kind == store.kind
        )
        return any((access.module, access.scope) in places for access in asked)

    def _is_unused(self, module: Module, scope: str, store: Store) -> bool:
        """Whether surely nothing uses a function: no decorator, no library around it, no mention of its name."""
        key = (module, scope)
        if key not in self._unused:
            function = module.function_of(scope)
            checks = key in self._state.checking.places
            self._unused[key] = not checks and function is not None and self._has_no_user(module, function, store)
        return self._unused[key]

    def _has_no_user(self, module: Module, function: Function, store: Store) -> bool:
        if function.name.startswith("__") or any(last_name(term) not in _PLAIN for term in function.decorators):
            return False
        owner = module.classes.get(function.scope)
        if function.scope and (owner is None or owner.name != store.subject):
            bases = objects.bases(self._evaluator, ClassRef(module, owner)) if owner else ()
            if owner is None or not all(isinstance(base, ClassRef) for base in bases) or len(owner.bases) > 1:
                return False
        self._want(function.name)
        return not any(_uses(other, function, module) for other in self._modules)

    def _unread(self) -> Iterator[Idle]:
        """Columns that say that a row is revoked, that are set and that nothing reads."""
        told: dict[Location, list[tuple[str, Access]]] = {}
        for access in self._state.accesses:
            if access.action == "write" and access.home:
                names = (name for name in _fields_set(access.module, access.at) if vocabulary().denies(name))
                told.setdefault(access.home, []).extend((name, access) for name in names)
        for found in told.values():
            if found and not any(self._is_read(name, access.subject) for name, access in found):
                name, access = found[0]
                what = f"{access.subject}.{name}"
                yield Idle(what, "is set, and nothing that verifies a token reads it", access.at)

    def _is_read(self, name: str, owner: str) -> bool:
        """Whether anything but the row's own making and setting names a column."""
        self._want(name)
        writing = self._evaluator.models.names({"writes"}) | {owner}
        for module in self._modules:
            targets = {id(item.target) for item in module.facts.bindings}
            terms = (term for item in _statements(module) for term in inside(item) if id(term) not in targets)
            if any(_reads(term, name, writing) for term in terms):
                return True
        return False

    def _switched_off(self) -> Iterator[Idle]:
        """Hooks that are registered and that a setting keeps a library from asking."""
        for hook in with_role(self._project.observer, "checks-revocation"):
            if hook.takes_place or not all(value.known for value in hook.part("if")):
                continue
            asked = [item for item in handlers(self._evaluator, hook.part("by")) if isinstance(item, FunctionRef)]
            if asked:
                setting = hook.setting_of("if")
                why = f"is registered, and {hook.library} asks it only where {setting} is on, which it is not"
                yield Idle(asked[0].name, why, hook.at, hook.way_of("if"))

    def _skipping(self) -> Iterator[Idle]:
        """Calls that let a revoked token in, but for those that end it once more."""
        for call in with_role(self._project.observer, "skips-revocation") if self._state.hooks else ():
            if any(value.data is True for value in call.part("if")):
                name = _decorated(call) or call.use.scope
                if vocabulary().purpose(name) != "logout":
                    yield Idle(name or "this call", "has the denylist left unasked", call.at, call.way_of("if"))

    def _uninstalled(self) -> Iterator[Idle]:
        """What asks a library to revoke, where the part of the library that would is not there."""
        for option in self._project.inert_options:
            if option.needs:
                yield Idle(option.name, f"has no effect, {option.effect}", option.at, option.steps)
        for call in with_role(self._project.observer, "revokes"):
            needed = next((str(value.data) for value in call.part("needs")), "")
            lists = [value.data for value in call.part("among")]
            known = bool(lists) and all(isinstance(item, Sequence) and item.closed for item in lists)
            if needed and known and not any(self._evaluator.mentioning(needed)):
                yield Idle("the revocation", f"fails here, it needs {needed} among the installed apps", call.at)

    def _want(self, name: str) -> None:
        """Have the files read that speak of something."""
        self._evaluator.wanted |= set(self._evaluator.mentioning(name)) - self._evaluator.modules.keys()

    @cached_property
    def _modules(self) -> tuple[Module, ...]:
        return tuple(module for module in self._evaluator.modules.values() if module.is_program)


def _ends_tokens(scope: str) -> bool:
    """Whether a function is called after ending tokens."""
    words = vocabulary()
    return words.purpose(scope) == "logout" or words.denies(scope) or bool(words.ending & set(words_of(scope)))


def _statements(module: Module) -> Iterator[Binding | Return | Raise | Use]:
    facts = module.facts
    yield from facts.bindings
    yield from facts.returns
    yield from facts.raises
    yield from facts.uses


def _mentioning(module: Module) -> Iterator[tuple[str, list[Term]]]:
    """The scopes of a file with the terms that they use; names that are only set are left out."""
    targets = {id(item.target) for item in module.facts.bindings}
    for scope in ("", *module.classes, *module.functions):
        yield scope, [term for term in module.terms(scope) if id(term) not in targets]
    for definition in module.facts.classes:
        yield "", [term for base in definition.bases for term in inside(base)]
    for function in module.facts.functions:
        yield function.path, [term for param in function.params for term in inside(param.default)]


def _uses(other: Module, function: Function, home: Module) -> bool:
    """Whether a file names a function anywhere but in its own body, or imports it by another name."""
    name = function.name
    if any(item.member == name and item.name != name for item in other.facts.imports):
        return True
    for item in _statements(other):
        own = other is home and (item.scope == function.path or item.scope.startswith(f"{function.path}."))
        parts = (item.value, item.when) if isinstance(item, Raise) else (item,)
        if not own and any(_is_named(term, name) for part in parts for term in inside(part)):
            return True
    facts = other.facts
    decorators = [term for one in facts.functions for term in one.decorators]
    decorators += [term for one in facts.classes for term in one.decorators]
    defaults = (param.default for one in facts.functions for param in one.params)
    return any(_is_named(term, name) for part in (*decorators, *defaults) for term in inside(part))


def _is_named(term: Term, name: str) -> bool:
    """Whether a term is called so, or is a dotted path that ends so."""
    if isinstance(term, Constant) and isinstance(term.value, str):
        return re.split(r"[.:]", term.value)[-1] == name
    return isinstance(term, Name | Attribute) and last_name(term) == name


def _names(term: Term, name: str) -> bool:
    """Whether a term is called so, or is a text that holds the name."""
    match term:
        case Constant(value=str(text)) | Subscript(key=Constant(value=str(text))):
            return name in text
        case Name() | Attribute():
            return last_name(term) == name
    return False


def _fields_set(module: Module, at: Location) -> tuple[str, ...]:
    """The attribute that the statement at a place sets."""
    targets = (item.target for item in module.facts.bindings if module.at(item.at) == at)
    return tuple(target.name for target in targets if isinstance(target, Attribute))


def _reads(term: Term, name: str, writing: frozenset[str]) -> bool:
    """Whether a term reads a column: as an attribute, in a text, or as a keyword of what does not write."""
    match term:
        case Attribute(name=read):
            return read == name
        case Constant(value=str(text)):
            return text == name or bool(re.search(rf"\b{name}\b", text) and re.search(r"(?i)\b(select|where)\b", text))
        case Call(func=called, args=args):
            told = (argument.name or "" for argument in args)
            return last_name(called) not in writing and any(one == name or one.startswith(f"{name}__") for one in told)
    return False


def _decorated(call: Occurrence) -> str:
    """The function that a call decorates; empty if none."""
    found = (one.path for one in call.module.facts.functions if any(term is call.use.call for term in one.decorators))
    return next(found, "")
