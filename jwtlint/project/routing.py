"""Routes and mounts, as the calls of a framework say them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jwtlint.facts import Call, Use
from jwtlint.finding import Location
from jwtlint.project import handlers, objects, parts
from jwtlint.project.concepts import Occurrence
from jwtlint.project.handlers import Handler
from jwtlint.project.names import Module
from jwtlint.project.occurrences import modelled
from jwtlint.project.value import ClassRef, External, Frame, FunctionRef, Instance, Made, ModuleRef, Sequence, Value

if TYPE_CHECKING:
    from jwtlint.project.values import Evaluator

Group = int | Module  # what is mounted as one: the routes of a router, by the call that made it, or of a file


@dataclass(frozen=True)
class Route:
    """That a handler answers a path.

    Args:
        group: what it was added to.
        home: the file that says so, which is what it lies under where the group is mounted nowhere.
        prefix: what the group's paths begin with by itself.
        before: what runs first.
        answer: the class of what is answered, as the route has it; absent where it says nothing.
    """

    methods: tuple[str, ...]
    path: str
    handler: Handler
    group: Group
    home: Module
    prefix: str
    before: tuple[Handler, ...]
    at: Location
    answer: ClassRef | None = None


@dataclass(frozen=True)
class Mount:
    """That a group, or a handler by itself, lies under another group at a prefix.

    Args:
        home: the file that says so.
        outer: what the paths of the group that it lies under begin with by itself.
        replaces: whether the prefix stands for the one that the group has by itself.
        before: what runs before every handler of it.
        at: the call that says so.
        ordered: whether it concerns only what is added after it.
    """

    what: Group | Handler
    under: Group
    home: Module
    prefix: str = ""
    outer: str = ""
    replaces: bool = False
    before: tuple[Handler, ...] = ()
    at: Location | None = None
    ordered: bool = False


def mounts(evaluator: Evaluator) -> tuple[Mount, ...]:
    """The mounts, those of groups that are mounted nowhere else under the files that make them among them."""
    found = (*_mounting(evaluator), *_including(evaluator))
    placed = {mount.what for mount in found if mount.what != mount.under}
    groups = [(mount.under, mount.home) for mount in found] + [(r.group, r.home) for r in _routes(evaluator)]
    loose = dict.fromkeys((group, home) for group, home in groups if group not in placed)
    routers = {group for group, _ in groups}
    return (*(_without(mount, routers) for mount in found), *(Mount(group, home, home) for group, home in loose))


def _without(mount: Mount, routers: Set[Group]) -> Mount:
    """The mount without routers among what runs first: what they answer, nothing else does."""
    first = (
        one
        for one in mount.before
        if not (isinstance(one, External) and isinstance(one.of, Made) and id(one.of.call) in routers)
    )
    return replace(mount, before=tuple(first))


def _mounting(evaluator: Evaluator) -> Iterator[Mount]:
    """The mounts that calls say; what precedes a group is mounted under the group itself."""
    for found in modelled(evaluator, {"mounts", "precedes"}):
        group = _group(found)
        if found.role == "precedes":
            before = tuple(handlers.handlers(evaluator, found.part("what")))
            ordered = any(value.data is True for value in found.part("ordered"))
            prefix = _text(parts.elements(found.part("prefix")))
            yield Mount(group, group, found.module, prefix, before=before, at=found.at, ordered=ordered)
            continue
        before = tuple(handlers.preceding(found.bound, found.bound.model.roles["mounts"].get("before")))
        replaces = any(value.data is True for value in found.part("replaces"))
        for what in _mounted(evaluator, found.part("what")):
            prefix, outer = _text(parts.elements(found.part("prefix"))), _text(found.part("outer"))
            yield Mount(what, group, found.module, prefix, outer, replaces, before, found.at)


def mounts_of_others(evaluator: Evaluator) -> Iterator[Occurrence]:
    """Mounts of what is not the project's: it answers requests that nobody here knows."""
    for found in modelled(evaluator, {"mounts"}):
        for value in parts.elements(found.part("what")):
            outside = isinstance(value.data, External) and value.data.of is None
            named = isinstance(value.data, str) and not evaluator.names.find(found.module.path, value.data, 0)
            if outside or named:
                yield found


def _including(evaluator: Evaluator) -> Iterator[Mount]:
    """Routes to a group."""
    for route in _routes(evaluator):
        included = _included(evaluator, route.handler)
        if included is not None:
            yield Mount(included, route.group, route.home, route.path, route.prefix, False, route.before)


def routes(evaluator: Evaluator) -> Iterator[Route]:
    """The routes that end at a handler."""
    return (route for route in _routes(evaluator) if _included(evaluator, route.handler) is None)


def _routes(evaluator: Evaluator) -> Iterator[Route]:
    yield from _operations(evaluator)
    for found in modelled(evaluator, {"routes"}):
        before = tuple(handlers.preceding(found.bound, found.bound.model.roles[found.role].get("before")))
        answered = tuple(str(value.data) for value in parts.elements(found.part("method")) if value.text)
        prefix = _text(found.part("prefix"))
        answer = next((value.data for value in found.part("answer") if isinstance(value.data, ClassRef)), None)
        for path, values in _targets(found):
            for handler in handlers.handlers(evaluator, values):
                group = _group(found)
                yield Route(answered, path, handler, group, found.module, prefix, before, found.at, answer)


def _operations(evaluator: Evaluator) -> Iterator[Route]:
    """What OpenAPI documents say that functions of the project answer."""
    for module in evaluator.modules.values():
        for item in module.facts.operations:
            for handler in handlers.handlers(evaluator, (Value(item.handler),)):
                yield Route((item.method,), item.path, handler, module, module, "", (), module.at(item.at))


def _targets(found: Occurrence) -> Iterator[tuple[str, tuple[Value, ...]]]:
    """Each path of a route with what answers it; of a table, each of its rows."""
    for row in parts.elements(found.part("table")):
        if isinstance(row.data, Sequence) and len(row.data.items) > 1:
            yield _text(row.data.items[0]), row.data.items[1]
    if found.has("handler"):
        paths = [value.data for value in parts.elements(found.part("path")) if isinstance(value.data, str)]
        for path in dict.fromkeys(paths or [""]):
            yield path, found.part("handler")


def _group(found: Occurrence) -> Group:
    """What a route or mount was added to: a router, or else what the call itself gives."""
    made = (_making(value) for value in found.part("under"))
    return id(next(filter(None, made), found.use.call))


def _making(router: Value) -> Call | None:
    """The call that gave a router of a library's class, or of one of the project that inherits it."""
    match router.data:
        case External(of=Made(call=call)) | Instance(frame=Frame(use=Use(call=call))):
            return call
    return None


def _included(evaluator: Evaluator, handler: Handler) -> Group | None:
    """The group that stands in a handler's place: `include("shop.urls")` as a view."""
    if isinstance(handler, External) and isinstance(handler.of, Made):
        model = evaluator.models.call(handler.path.removesuffix("()"))
        if model is not None and "mounts" in model.roles:
            return id(handler.of.call)
    return None


def _mounted(evaluator: Evaluator, values: Iterable[Value]) -> Iterator[Group | Handler]:
    """Routers, files (by their dotted path, too), handlers, and lists of them."""
    for value in parts.elements(tuple(values)):
        call = _making(value)
        if call is not None:
            yield id(call)
        match value.data:
            case ModuleRef(module=module):
                yield module
            case FunctionRef() | ClassRef() as own:
                yield own
            case str(path):
                found = (item.data for item in objects.dotted(evaluator, path))
                yield from (item.module for item in found if isinstance(item, ModuleRef))


def _text(values: Iterable[Value]) -> str:
    return next((value.data for value in values if isinstance(value.data, str)), "")
