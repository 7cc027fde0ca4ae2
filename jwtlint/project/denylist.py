"""Denylists: state that holds the tokens which are no longer good, how long it keeps them, and where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from jwtlint.facts import Attribute, Constant, Name, Term, inside
from jwtlint.finding import Location, Step
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.paths import role
from jwtlint.project import parts
from jwtlint.project.concepts import Occurrence
from jwtlint.project.names import Module, called, last_name
from jwtlint.project.occurrences import modelled, referred
from jwtlint.project.state import Access, Kind
from jwtlint.project.value import Duration, Value

if TYPE_CHECKING:
    from jwtlint.project import Project


@dataclass(frozen=True)
class Store:
    """One table, collection, key or variable, and all that is done with it.

    Args:
        home: where it is defined; None for keys and collections, which are where they are first used.
    """

    kind: Kind
    subject: str
    home: Location | None
    accesses: tuple[Access, ...]

    def doing(self, action: str) -> tuple[Access, ...]:
        """The accesses that do one thing."""
        return tuple(access for access in self.accesses if access.action == action)

    @property
    def writes(self) -> tuple[Access, ...]:
        return self.doing("write")

    @property
    def looks(self) -> tuple[Access, ...]:
        return self.doing("look up")

    @property
    def at(self) -> Location:
        """The place to edit: the definition, else the first write."""
        return self.home or (self.writes or self.accesses)[0].at

    @property
    def denies(self) -> bool:
        """Whether it holds what is no longer good: it is called so, or what writes an otherwise nameless key is."""
        words = vocabulary()
        if words.denies(self.subject):
            return True
        scopes = (access.scope for access in self.writes if access.home is None)
        return any(words.denies(scope) or words.purpose(scope) == "logout" for scope in scopes)


@dataclass(frozen=True)
class ShortEntry:
    """A write whose entry ends before the token that it denies.

    Args:
        lasts: how long it is kept.
        token: how long the shortest-lived token lives that it may be of.
        default: whose default that is; empty where it was set.
    """

    lasts: Duration
    token: Duration
    default: str
    at: Location
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Forgetting:
    """State about tokens that is gone with the process.

    Args:
        medium: what keeps it: a variable, or the backend that the settings name.
    """

    store: Store
    medium: str
    at: Location
    steps: tuple[Step, ...] = ()


class Denylists:
    """What rules ask of the state that denies tokens."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._evaluator = project.evaluator

    @cached_property
    def stores(self) -> tuple[Store, ...]:
        """All state that tells live tokens from others."""
        grouped: dict[tuple[object, ...], list[Access]] = defaultdict(list)
        for access in self._project.state.accesses:
            grouped[access.kind, access.subject, access.home].append(access)
        return tuple(Store(found[0].kind, found[0].subject, found[0].home, tuple(found)) for found in grouped.values())

    @cached_property
    def denying(self) -> tuple[Store, ...]:
        """Denylists that are written and looked up."""
        return tuple(store for store in self.stores if store.denies and store.writes and store.looks)

    @cached_property
    def growing(self) -> tuple[Store, ...]:
        """Denylists outside the process whose entries nothing ever takes out."""
        kept = (store for store in self.denying if store.kind == "database" or self._endless(store))
        return tuple(store for store in kept if not self._is_purged(store))

    def _endless(self, store: Store) -> bool:
        """Whether no write to a cache, nor anything beside it, says when an entry ends."""
        lasting = [access for access in store.writes if access.endless]
        return store.kind == "cache" and len(lasting) == len(store.writes)

    def _is_purged(self, store: Store) -> bool:
        """Whether anything takes entries out, or may: what is not read yet is asked for."""
        names = {store.subject, *self.table_names(store)}
        for name in names:
            self._evaluator.wanted |= set(self._evaluator.mentioning(name)) - self._evaluator.modules.keys()
        if store.doing("delete") or any(_ends_rows(module) for module in self._modules):
            return True
        return any(self._purges(module, scope, names) for module in self._modules for scope in _scopes(module))

    @cached_property
    def _modules(self) -> tuple[Module, ...]:
        return tuple(module for module in self._evaluator.modules.values() if module.is_program)

    def table_names(self, store: Store) -> Iterator[str]:
        """What the class says that its table is called."""
        module = self._evaluator.modules.get(store.home.path) if store.home else None
        for binding in module.facts.bindings if module else ():
            named = last_name(binding.target) in ("__tablename__", "db_table", "tablename")
            if named and binding.scope.split(".")[0] == store.subject and isinstance(binding.value, Constant):
                yield str(binding.value.value)

    def _purges(self, module: Module, scope: str, names: set[str]) -> bool:
        """Whether a function is called after taking expired things away, or calls something so near the store's name."""
        words = vocabulary()
        if words.purges(scope) and (words.denies(scope) or words.expired & set(words_of(scope))):
            return True
        acting = [use for use in module.facts.uses if use.scope == scope and words.purges(called(use.call.func))]
        told = (_says(term, names) or words.denies(last_name(term)) for use in acting for term in inside(use.call))
        if any(told):
            return True
        return any(_says(term, names) and (bool(acting) or _deletes(term)) for term in module.terms(scope))

    @cached_property
    def short_lived(self) -> tuple[ShortEntry, ...]:
        """Entries that end before every token that they may be of."""
        found = []
        for store in self.denying:
            for access in store.writes:
                token = self._life(access)
                for value in self._lives(access):
                    if token and isinstance(value.data, Duration) and 0 < value.data.seconds < token.seconds:
                        at = value.origin or access.at
                        found.append(ShortEntry(value.data, token, value.default, at, value.steps))
        return tuple(found)

    def _lives(self, access: Access) -> tuple[Value, ...]:
        """How long a write stays; a library's default counts once the files have been read that may set another."""
        unread: set[str] = set()
        for value in access.ttl:
            setting = value.source.partition(" ")[0]
            if value.given == "library":
                unread |= set(self._evaluator.mentioning(setting.partition(".")[0])) - self._evaluator.modules.keys()
        self._evaluator.wanted |= unread
        return () if unread else access.ttl

    def _life(self, access: Access) -> Duration | None:
        """The shortest life of the tokens that a write may deny, where all of them are known."""
        issued = self._project.tokens.issuances
        kind = vocabulary().kind(access.subject) or vocabulary().kind(access.scope)
        lives = [life.data for token in issued if kind in ("", token.kind) for life in token.lifetimes]
        known = [life for life in lives if isinstance(life, Duration)]
        return min(known) if known and len(known) == len(lives) else None

    @cached_property
    def forgetting(self) -> tuple[Forgetting, ...]:
        """Denylists, and other state that verifications consult, that a restart forgets and that no other process sees."""
        return tuple(found for store in self.stores if self._decides(store) for found in self._forgotten(store))

    def _decides(self, store: Store) -> bool:
        """Whether what a store holds decides about tokens that are shown."""
        if not (store.writes and store.looks):
            return False
        if store.denies:
            return True
        checking, issuing = self._project.state.checking.places, self._project.state.issuing.places
        looked = any((access.module, access.scope) in checking for access in store.looks)
        return looked and any((access.module, access.scope) in issuing for access in store.writes)

    def _forgotten(self, store: Store) -> Iterator[Forgetting]:
        if store.kind == "memory":
            yield Forgetting(store, "a variable", store.at)
            return
        libraries = {access.library for access in store.accesses}
        media = [item for item in self._media if next((v.data for v in item.part("kind")), "") == store.kind]
        if store.kind == "cache":
            media = [item for item in media if item.library in libraries] if len(libraries) == 1 else []
        homes = {access.module for access in store.accesses}
        media = [item for item in media if item.module in homes] or media  # several applications, a file each
        found = [(item, value) for item in media for value in item.part("in")]
        if any(role(item.module.path) == "example" for item in media):
            return  # what runs by itself in one file keeps all there
        if all(_is_volatile(item, value) for item, value in found):
            for item, value in found[:1]:
                yield Forgetting(store, f"`{value.data}`{value.default}", value.origin or item.at, value.steps)

    @cached_property
    def _media(self) -> tuple[Occurrence, ...]:
        return (*modelled(self._evaluator, {"keeps"}), *referred(self._evaluator, {"keeps"}))


def _is_volatile(item: Occurrence, value: Value) -> bool:
    """Whether an address is surely one whose content is lost; what serves a developer alone is not."""
    names = {one.data for one in parts.elements(item.part("volatile"))}
    return value.known and value.data in names and value.given not in ("fallback", "development")


def _scopes(module: Module) -> Iterator[str]:
    """The bodies of a file: its own, and those of its functions."""
    yield ""
    yield from module.functions


def _says(term: Term, names: set[str]) -> bool:
    """Whether a term is one of the names, or a text that holds one."""
    if isinstance(term, Constant) and isinstance(term.value, str):
        return any(name in term.value for name in names)
    return isinstance(term, Name | Attribute) and last_name(term) in names


def _deletes(term: Term) -> bool:
    """Whether a text is a statement that takes rows away."""
    return isinstance(term, Constant) and isinstance(term.value, str) and vocabulary().purges(term.value)


def _ends_rows(module: Module) -> bool:
    """Whether a file has the database end rows itself, by an option of an index."""
    options = vocabulary().ending_indexes
    facts = module.facts
    given = (argument.name for use in facts.uses for argument in use.call.args)
    if any(name in options for name in given):
        return True
    return any(
        isinstance(term, Constant) and term.value in options for item in facts.bindings for term in inside(item.value)
    )
