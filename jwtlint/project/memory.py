"""State in a process's own memory: sets, mappings and lists of a file, a class or an object that functions write to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from jwtlint.facts import (
    Attribute,
    Binary,
    Binding,
    Call,
    Entries,
    Import,
    Items,
    Name,
    Opaque,
    Raise,
    Return,
    Span,
    Subscript,
    Term,
    Use,
    inside,
)
from jwtlint.finding import Location
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project import calls
from jwtlint.project.names import Module, last_name
from jwtlint.project.state import Access, Action
from jwtlint.project.value import ClassRef, Instance, ModuleRef

if TYPE_CHECKING:
    from jwtlint.project.values import Evaluator

_METHODS: dict[str, Action] = {
    **dict.fromkeys(("add", "append", "update", "setdefault", "insert"), "write"),
    **dict.fromkeys(("discard", "remove", "pop", "clear"), "delete"),
    "get": "look up",
}
_CONTAINERS = frozenset({"set", "dict", "list", "defaultdict", "OrderedDict", "deque"})
_MAX_HOPS = 4  # imports of imports


def in_memory(evaluator: Evaluator, reader: Evaluator) -> Iterator[Access]:
    """Accesses from functions to containers that outlive them.

    Args:
        reader: has those files read that hold what is called like state about tokens.
    """
    found = _Memory(evaluator)
    words = vocabulary()
    for module in evaluator.modules.values():
        for item in module.facts.imports:
            if item.member and not item.member.istitle() and set(words_of(item.member)) <= words.token_state:
                reader.imported(module, item.target, item.level, item.member)
    for module in evaluator.modules.values():
        yield from found.accesses(module)


@dataclass
class _Memory:
    """Answers which container a term is."""

    evaluator: Evaluator
    _homes: dict[Location, str] = field(default_factory=dict)

    @cached_property
    def names(self) -> frozenset[str]:
        """Names of all containers and what they are imported as, so that few terms are evaluated."""
        modules = self.evaluator.modules.values()
        found = {
            last_name(item.target)
            for module in modules
            for item in module.facts.bindings
            if is_container(item) and _outlives(module, item)
        }
        renamed = {item.name for module in modules for item in module.facts.imports if item.member in found}
        return frozenset((found | renamed) - {""})

    def accesses(self, module: Module) -> Iterator[Access]:
        """What a file's functions do with containers."""
        for use in module.facts.uses:
            called = use.call.func
            if isinstance(called, Attribute) and called.name in _METHODS:
                yield from self._access(_METHODS[called.name], called.base, module, use.scope, use.call.at, use.point)
        for binding in module.facts.bindings:
            if isinstance(binding.target, Subscript):
                deleted = isinstance(binding.value, Opaque) and binding.value.kind == "deleted"
                action: Action = "delete" if deleted else "write"
                at, point = binding.at, binding.point
                yield from self._access(action, binding.target.base, module, binding.scope, at, point)
        yield from self._looked_up(module)

    def _looked_up(self, module: Module) -> Iterator[Access]:
        """Functions that ask whether something is in a container, or take an entry of it."""
        targets = {id(binding.target) for binding in module.facts.bindings}
        for function in module.facts.functions:
            seen: set[tuple[str, int]] = set()
            statements = _statements(module, function.path)
            for term in module.terms(function.path):
                asked = _looked_in(term) if id(term) not in targets else None
                if asked is not None and (last_name(asked), _point(asked)) not in seen:
                    seen.add((last_name(asked), _point(asked)))
                    at = statements.get(_point(asked), function.at)
                    yield from self._access("look up", asked, module, function.path, at, _point(asked))

    def _access(
        self, action: Action, term: Term, module: Module, scope: str, at: object, point: int
    ) -> Iterator[Access]:
        home = self._home(term, module, scope) if scope and last_name(term) in self.names else None
        if home is not None:
            name = self._homes[home]
            yield Access(action, "memory", name, module, scope, module.at(at), home=home, point=point)  # type: ignore[arg-type]

    def _home(self, term: Term, module: Module, scope: str) -> Location | None:
        """Where the container is set that a term names; None where it names none."""
        match term:
            case Name(id=name):
                local = any((around, name) in module.definitions for around in module.enclosing(scope) if around)
                return None if local or module.parameter(scope, name) else self._of_module(module, name)
            case Attribute(base=base, name=name):
                for value in self.evaluator.values(base, calls.alone(self.evaluator, module, scope)):
                    match value.data:
                        case ModuleRef(module=other):
                            return self._of_module(other, name)
                        case ClassRef() | Instance() as owner:
                            return self._of_class(owner.of if isinstance(owner, Instance) else owner, name)
        return None

    def _of_module(self, module: Module, name: str, hops: int = 0) -> Location | None:
        """Where a file's own container is set, or the one that it imports."""
        definitions = module.definitions.get(("", name), ())
        for item in definitions:
            if isinstance(item, Binding) and is_container(item):
                return self._noted(module, item, name)
            if isinstance(item, Import) and item.member and hops < _MAX_HOPS:
                for value in self.evaluator.imported(module, item.target, item.level, item.member):
                    if isinstance(value.data, ModuleRef):
                        return self._of_module(value.data.module, item.member, hops + 1)
        return None

    def _of_class(self, owner: ClassRef, name: str) -> Location | None:
        """Where a class sets a container in its body, or in its constructor."""
        path = owner.definition.path
        for item in owner.module.facts.bindings:
            in_body = item.scope == path and isinstance(item.target, Name)
            made = item.scope == f"{path}.__init__" and isinstance(item.target, Attribute)
            if (in_body or made) and last_name(item.target) == name and is_container(item):
                return self._noted(owner.module, item, name)
        return None

    def _noted(self, module: Module, item: Binding, name: str) -> Location:
        at = module.at(item.at)
        self._homes[at] = name
        return at


def is_container(binding: Binding) -> bool:
    """Whether a variable holds a set, mapping or list that begins empty or with entries of its own."""
    value = binding.value
    called = last_name(value.func) if isinstance(value, Call) else ""
    return isinstance(value, Items | Entries) or called in _CONTAINERS


def _outlives(module: Module, binding: Binding) -> bool:
    """Whether what a binding sets is there after a function has ended."""
    return binding.scope not in module.functions or isinstance(binding.target, Attribute)


def _looked_in(term: Term) -> Term | None:
    """What a term looks something up in."""
    match term:
        case Binary(operator="in" | "not in", right=asked) | Subscript(base=asked):
            return asked
    return None


def _statements(module: Module, scope: str) -> dict[int, Span]:
    """Where the statements of a function stand, and the tests that decide about them, by their ordinals."""
    facts = module.facts
    found: dict[int, Span] = {}
    items: tuple[Binding | Return | Raise | Use, ...] = (*facts.bindings, *facts.returns, *facts.raises, *facts.uses)
    for item in items:
        if item.scope == scope:
            found.setdefault(item.point, item.call.at if isinstance(item, Use) else item.at)
            for guard in item.when:
                found |= {_point(term): guard.at for term in inside(guard.test) if isinstance(term, Name)}
    return found


def _point(term: Term) -> int:
    """The ordinal of the statement that a dotted name stands in."""
    while isinstance(term, Attribute):
        term = term.base
    return term.point if isinstance(term, Name) else 0
