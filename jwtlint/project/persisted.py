"""Stores of front ends that a plug-in writes to web storage, and the tokens that are among what it writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from jwtlint.facts import Call, Term
from jwtlint.models.vocabulary import vocabulary
from jwtlint.project import calls, parts
from jwtlint.project.concepts import Kind, Occurrence
from jwtlint.project.deliveries import Delivery
from jwtlint.project.languages import JAVASCRIPT
from jwtlint.project.occurrences import modelled
from jwtlint.project.value import External, FunctionRef, Made, Table, Value

if TYPE_CHECKING:
    from jwtlint.project.values import Evaluator

ROLE = "persists"
STORAGES = {"local": "localStorage", "session": "sessionStorage"}
MAX_DEPTH = 6  # a store, its slices, and their fields, with the functions that each comes of


def persisted(evaluator: Evaluator) -> Iterator[Delivery]:
    """The tokens that a plug-in keeps, the worst of each store."""
    for found in modelled(evaluator, {ROLE}):
        place = next(filter(None, (_storage(evaluator, value) for value in found.part("place"))), "")
        if place and found.takes_place:
            names = (path[-1] for path in _paths(evaluator, found.part("store")) if _is_kept(evaluator, found, path))
            tokens = sorted(filter(vocabulary().heads_token, names), key=lambda name: _kind(name) != "refresh")
            for name in tokens[:1]:
                at = next((value.origin for value in found.part("if") if value.origin), found.at)
                yield Delivery(place, "", _kind(name), None, at, found.library, source=f"the store's `{name}`")


def _storage(evaluator: Evaluator, value: Value) -> str:
    """The storage that a value is, as the browser calls it; empty where it is another, or not known."""
    if isinstance(value.data, External):
        name = evaluator.models.canonical(value.data.path).removeprefix(JAVASCRIPT.prefix)
        return name if name in STORAGES.values() else ""
    return STORAGES.get(str(value.data).removesuffix("Storage"), "") if isinstance(value.data, str) else ""


def _kind(name: str) -> Kind:
    """The kind of token that a name tells."""
    return vocabulary().kind(name) or "unknown"  # type: ignore[return-value]


def _is_kept(evaluator: Evaluator, found: Occurrence, path: tuple[str, ...]) -> bool:
    """Whether the plug-in is told to keep a part of the store; not where nobody knows what it is told."""
    only = [value for value in found.part("only") if value.data is not None]
    but = [value for value in found.part("but") if value.data is not None]
    kept = _listed(evaluator, only)
    if only and (kept is None or not kept & {path[0], ".".join(path)}):
        return False
    left = _listed(evaluator, but)
    return not but or (left is not None and not left & {path[0], ".".join(path)})


def _listed(evaluator: Evaluator, values: Iterable[Value]) -> set[str] | None:
    """The names that a list, or what a function gives, holds; None where some are not known."""
    told = [one for value in values for one in _given(evaluator, value)]
    names = {value.data for value in parts.elements(told)}
    return {name for name in names if isinstance(name, str)} if all(isinstance(name, str) for name in names) else None


def _given(evaluator: Evaluator, value: Value) -> Iterable[Value]:
    if isinstance(value.data, FunctionRef):
        return calls.invoked(evaluator, value, evaluator.roots[value.data.module])
    return (value,)


def _reduced(evaluator: Evaluator, reducer: FunctionRef) -> Iterator[Value]:
    """What a function without a state of its own gives, or what another reducer that it hands its state to is of."""
    frame = calls.root(evaluator, reducer.module, reducer.function)
    for item in reducer.module.returns.get(reducer.function.path, ()):
        term: Term = item.value
        if isinstance(term, Call) and len(term.args) == len(reducer.function.params) > 1:
            term = term.func
        yield from evaluator.values(term, frame)


def _paths(evaluator: Evaluator, values: Iterable[Value], depth: int = 0) -> Iterator[tuple[str, ...]]:
    """The names of what a store holds, each after those that it is in."""
    for value in values if depth < MAX_DEPTH else ():
        match value.data:
            case Table(entries=entries):
                for name, inner in entries.items():
                    yield (name,)
                    yield from ((name, *path) for path in _paths(evaluator, inner, depth + 1))
            case FunctionRef(module=module, function=function):
                states = [item.default for item in function.params[:1] if item.default is not None]
                held = [one for state in states for one in evaluator.values(state, evaluator.roots[module])]
                yield from _paths(evaluator, held or _reduced(evaluator, value.data), depth + 1)
            case External(of=Made() as made):
                bound = parts.maker(evaluator, made)
                if bound and "declares" in bound.model.roles:
                    yield from _paths(evaluator, bound.part(bound.model.roles["declares"]["fields"]), depth + 1)
