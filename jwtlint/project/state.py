"""State on the server: what is written, looked up and deleted, where, and how long it stays."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeGuard

from jwtlint.facts import (
    Attribute,
    Binary,
    Binding,
    Call,
    Constant,
    Entries,
    Items,
    Name,
    Opaque,
    Span,
    Subscript,
    Term,
    Text,
)
from jwtlint.finding import Location
from jwtlint.project import calls, objects, parts
from jwtlint.project.concepts import Occurrence
from jwtlint.project.names import Module, last_name
from jwtlint.project.occurrences import modelled
from jwtlint.project.value import ClassRef, Duration, External, Instance, Value

if TYPE_CHECKING:
    from jwtlint.project.values import Evaluator

Action = Literal["write", "look up", "delete"]
Kind = Literal["memory", "cache", "database"]

ROLES: dict[str, Action] = {"writes": "write", "looks-up": "look up", "deletes": "delete"}
_STATEMENT = re.compile(
    r"\s*(?:(INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|REPLACE\s+INTO)|(DELETE\s+FROM)|SELECT\b.*?\bFROM)\s+[\"`\[]?(\w+)",
    re.IGNORECASE | re.DOTALL,
)
_METHODS: dict[str, Action] = {
    **dict.fromkeys(("add", "append", "update", "setdefault", "insert"), "write"),
    **dict.fromkeys(("discard", "remove", "pop", "clear"), "delete"),
    "get": "look up",
}
_CONTAINERS = frozenset({"set", "dict", "list", "defaultdict", "OrderedDict", "deque"})


@dataclass(frozen=True)
class Access:
    """One access to state.

    Args:
        subject: the table, class, collection or variable, or the constant part of the key; empty where that is not known.
        at: the call.
        scope: the function that it is in.
        ttl: how long a write stays, where it says so.
    """

    action: Action
    kind: Kind
    subject: str
    module: Module
    scope: str
    at: Location
    ttl: tuple[Value, ...] = ()


def accesses(evaluator: Evaluator) -> Iterator[Access]:
    """What the files that have been read do with state."""
    for found in modelled(evaluator, {*ROLES, "queries"}):
        if found.role == "queries":
            yield from _queried(found)
        else:
            kind: Kind = next((value.data for value in found.part("kind")), "database")  # type: ignore[misc]
            lives = tuple(parts.duration(value, found.unit) for value in found.part("ttl") if value.data is not None)
            known = tuple(life for life in lives if isinstance(life.data, Duration))
            yield Access(ROLES[found.role], kind, _subject(found), found.module, found.use.scope, found.at, known)
    for module in evaluator.modules.values():
        yield from _in_memory(module)
        yield from _of_rows(evaluator, module)


def _queried(found: Occurrence) -> Iterator[Access]:
    """What the text of a statement in SQL does."""
    for value in found.part("statement"):
        match = _STATEMENT.match(value.data) if isinstance(value.data, str) else None
        if match:
            action: Action = "write" if match[1] else "delete" if match[2] else "look up"
            yield Access(action, "database", match[3], found.module, found.use.scope, found.at)


def _subject(found: Occurrence) -> str:
    """What an access is to: the class, the text of a key, or where the call is given none the name of what it is called on."""
    for name in ("subject", "key"):
        for value in found.part(name):
            told = _named(found.bound.evaluator, value)
            if told:
                return told
        argument = found.argument(name)
        if argument is not None:
            return _spelled(argument)
    called = found.use.call.func
    owner = called.base if isinstance(called, Attribute) else None
    if isinstance(owner, Attribute) and last_name(owner.base)[:1].isupper():
        owner = owner.base  # a manager of a class is of the class
    named = _spelled(owner) if owner else ""
    return named or found.use.scope.rpartition(".")[0]  # a wrapper is of what its class is called after


def _named(evaluator: Evaluator, value: Value) -> str:
    """The class or table that a value is, is of, or was asked of; a text itself."""
    match value.data:
        case ClassRef(definition=definition) | Instance(of=ClassRef(definition=definition)):
            return definition.name
        case External() as asked:
            own = objects.row_class(evaluator, asked)
            return own.definition.name if own else ""
        case str(text):
            return text
    return ""


def _spelled(term: Term) -> str:
    """A text that is only partly known, by its constant parts; of anything else its last name."""
    match term:
        case Constant(value=str(text)):
            return text
        case Text(parts=inner):
            return "".join(part.value if isinstance(part, Constant) else "{}" for part in inner)  # type: ignore[misc]
        case Binary(operator="+" | "%", left=left):
            return f"{_spelled(left)}{{}}" if isinstance(left, Constant | Binary) else ""
        case Subscript(key=Constant(value=str(text))):
            return text
    return last_name(term)


def _of_rows(evaluator: Evaluator, module: Module) -> Iterator[Access]:
    """Fields of rows that are set: `row.revoked = True` is written with the row."""
    for binding in module.facts.bindings:
        target = binding.target
        if binding.scope and isinstance(target, Attribute) and isinstance(target.base, Name):
            for value in evaluator.values(target.base, calls.alone(evaluator, module, binding.scope)):
                own = objects.row_class(evaluator, value.data) if isinstance(value.data, External) else None
                if own is not None:
                    at = module.at(binding.at)
                    yield Access("write", "database", own.definition.name, module, binding.scope, at)


def _in_memory(module: Module) -> Iterator[Access]:
    """Accesses from functions to the sets, mappings and lists that a file holds."""
    held = {
        binding.target.id: binding
        for binding in module.facts.bindings
        if not binding.scope and isinstance(binding.target, Name) and _is_container(binding)
    }
    if not held:
        return

    def is_held(term: Term, scope: str) -> TypeGuard[Name]:
        return isinstance(term, Name) and term.id in held and scope != "" and (scope, term.id) not in module.definitions

    for use in module.facts.uses:
        called = use.call.func
        if isinstance(called, Attribute) and is_held(called.base, use.scope) and called.name in _METHODS:
            yield _access(_METHODS[called.name], called.base.id, module, use.scope, use.call.at)
    for binding in module.facts.bindings:
        target = binding.target
        if isinstance(target, Subscript) and is_held(target.base, binding.scope):
            deleted = isinstance(binding.value, Opaque) and binding.value.kind == "deleted"
            yield _access("delete" if deleted else "write", target.base.id, module, binding.scope, binding.at)
    yield from _looked_up(module, held)


def _is_container(binding: Binding) -> bool:
    """Whether a variable holds a set, mapping or list that begins empty or with entries of its own."""
    value = binding.value
    called = last_name(value.func) if isinstance(value, Call) else ""
    return isinstance(value, Items | Entries) or called in _CONTAINERS


def _looked_up(module: Module, held: Container[str]) -> Iterator[Access]:
    """Functions that ask whether something is in a container, or take an entry of it."""
    targets = {id(binding.target) for binding in module.facts.bindings}
    for function in module.facts.functions:
        terms = (term for term in module.terms(function.path) if id(term) not in targets)
        for name in sorted({_looked_in(term) for term in terms}):
            if name in held and (function.path, name) not in module.definitions:
                yield _access("look up", name, module, function.path, function.at)


def _looked_in(term: Term) -> str:
    """The variable that a term looks something up in; empty for other terms."""
    match term:
        case Binary(operator="in" | "not in", right=Name(id=name)) | Subscript(base=Name(id=name)):
            return name
    return ""


def _access(action: Action, name: str, module: Module, scope: str, at: Span) -> Access:
    return Access(action, "memory", name, module, scope, module.at(at))
