"""Endpoints: which function answers which request, whatever the framework calls it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, cast

from jwtlint.finding import Location
from jwtlint.models.vocabulary import vocabulary
from jwtlint.project import handlers, objects
from jwtlint.project.handlers import Handler
from jwtlint.project.routing import Group, Mount, Route, mounts, routes
from jwtlint.project.value import ClassRef, FunctionRef, Value

if TYPE_CHECKING:
    from jwtlint.project.values import Evaluator

Purpose = Literal[
    "login", "token", "refresh", "logout", "register", "password-change", "password-reset", "deactivate", "delete", ""
]
Place = tuple[str, tuple[Handler, ...]]  # a prefix, and what runs before all that is under it

MAX_NESTING = 8


@dataclass(frozen=True)
class Endpoint:
    """A request that the application answers.

    Args:
        method: as in HTTP; `*` for any.
        path: with the prefixes of the routers that it is mounted under, as far as they are known.
        handler: the project's function, or a library's view.
        at: the function, or the route to a library's view.
        before: what the route, its router and the settings say that runs first; see also `handlers.before`.
        purpose: empty where nothing tells it.
        answer: the class of what is answered, as the route has it; absent where it says nothing.
    """

    method: str
    path: str
    handler: Handler
    at: Location
    before: tuple[Handler, ...]
    purpose: Purpose
    answer: ClassRef | None = None

    @property
    def name(self) -> str:
        """The handler's name, with its class; of one without a name, what it answers."""
        return handlers.name(self.handler) or f"{self.method} {self.path}"


def endpoints(evaluator: Evaluator) -> Iterator[Endpoint]:
    """The endpoints of the files that have been read: by their routes, or by what a class inherits."""
    known, everywhere = mounts(evaluator), tuple(handlers.everywhere(evaluator))
    for route in routes(evaluator):
        for prefix, method, target, before in _routed(evaluator, route, known):
            found = _endpoint(evaluator, method, prefix, target, (*everywhere, *before), route.at)
            yield replace(found, answer=route.answer)
    for module in evaluator.modules.values():
        for definition in module.facts.classes if evaluator.models.answering_alone else ():
            handler = ClassRef(module, definition)
            if any(model.alone for model in handlers.classes(evaluator, handler)):
                for method, target in handlers.methods(evaluator, handler, ()):
                    if isinstance(target, FunctionRef):
                        yield _endpoint(evaluator, method, "", target, (), module.at(definition.at))


def _routed(
    evaluator: Evaluator, route: Route, known: tuple[Mount, ...]
) -> Iterator[tuple[str, str, Handler, tuple[Handler, ...]]]:
    """Path, method, handler and what precedes it of each endpoint that a route makes."""
    for method, target in handlers.methods(evaluator, route.handler, route.methods):
        path = _joined(_prefix_of_class(evaluator, handlers.owner(target)), route.path)
        for prefix, before in _places(route, target, known):
            yield _joined(prefix, path), method, target, (*before, *route.before)


def _endpoint(
    evaluator: Evaluator, method: str, path: str, handler: Handler, before: tuple[Handler, ...], at: Location
) -> Endpoint:
    if isinstance(handler, FunctionRef):
        at = handler.module.at(handler.function.at)
    purpose = cast("Purpose", _purpose(evaluator, handler, path))
    if method.upper() == "DELETE" and purpose in ("login", "refresh"):
        purpose = "logout"  # of what a login or refresh made, as `DELETE /tokens/refresh` says
    return Endpoint(method.upper(), path, handler, at, tuple(dict.fromkeys(before)), purpose)


def _purpose(evaluator: Evaluator, handler: Handler, path: str) -> str:
    """What the library's class is for, else what the words of the handler, of its class and of the path say."""
    inherited = (model.purpose for model in handlers.classes(evaluator, handlers.owner(handler)))
    words = vocabulary()
    return next(filter(None, inherited), "") or words.purpose(handlers.name(handler)) or words.purpose(path)


def _prefix_of_class(evaluator: Evaluator, owner: Handler) -> str:
    """What a class says that the paths of its methods begin with."""
    for model in handlers.classes(evaluator, owner):
        if model.prefix:
            for value in objects.member(evaluator, Value(owner), model.prefix):
                if isinstance(value.data, str):
                    return value.data
    return ""


@dataclass(frozen=True)
class _Way:
    """What was added to a group: where that stands, and the path that it is for there."""

    at: Location
    path: str

    def leads_through(self, mount: Mount) -> bool:
        """Whether what runs before a group runs before this."""
        later = (
            mount.ordered and mount.at is not None and mount.at.path == self.at.path and mount.at.span > self.at.span
        )
        return not later and (not mount.prefix or f"{self.path}/".startswith(f"/{mount.prefix.strip('/')}/"))


def _places(route: Route, target: Handler, known: tuple[Mount, ...]) -> Iterator[Place]:
    """Where a route stands: under its own mounts, if its handler or class is mounted by itself, else under its group's."""
    single = [mount for mount in known if mount.what in (route.handler, target, handlers.owner(target))]
    if not single:
        yield from _above(route.group, route.prefix, _Way(route.at, _joined(route.prefix, route.path)), known)
    for mount in single:
        for prefix, before in _above(mount.under, mount.outer, _Way(mount.at or route.at, mount.prefix), known):
            yield _joined(prefix, mount.prefix), (*before, *mount.before)


def _above(group: Group, own: str, way: _Way, known: tuple[Mount, ...], depth: int = 0) -> Iterator[Place]:
    """The prefixes of a group that has `own` by itself, one a way that it is mounted."""
    within = (mount for mount in known if mount.what == mount.under == group and way.leads_through(mount))
    first = tuple(handler for mount in within for handler in mount.before)
    outer = [mount for mount in known if mount.what == group and mount.under != group]
    if not outer or depth > MAX_NESTING:
        yield own, first
        return
    for mount in outer:
        inner = mount.prefix if mount.replaces and mount.prefix else _joined(mount.prefix, own)
        upwards = _Way(mount.at or way.at, _joined(mount.prefix, way.path))
        for prefix, before in _above(mount.under, mount.outer, upwards, known, depth + 1):
            yield _joined(prefix, inner), (*before, *mount.before, *first)


def _joined(prefix: str, path: str) -> str:
    """Two parts of a path with one slash between them, regular expressions without their anchors."""
    parts = (part.removeprefix("^").removesuffix("$").lstrip("/") for part in (prefix, path))
    return "/" + posixpath.join(*parts) if prefix or path else ""
