"""Requests that another site can have a browser send: a token comes along as a cookie, and nothing else is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, get_args

from jwtlint.facts import Constant, Guard, inside
from jwtlint.finding import Location
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project import handlers
from jwtlint.project.deliveries import Delivery, Flag
from jwtlint.project.endpoints import Endpoint, Purpose
from jwtlint.project.names import called
from jwtlint.project.receptions import Reception
from jwtlint.project.stages import Stage, names_in
from jwtlint.project.state import Access
from jwtlint.project.value import ClassRef, FunctionRef

if TYPE_CHECKING:
    from jwtlint.project import Project

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
VERBS = frozenset({"GET", *UNSAFE})
HARMLESS = frozenset({"login", "token", "register", "logout"})  # what nobody gains anything by having others do
ANY = "*"


@dataclass(frozen=True)
class Forgeable:
    """A token that is taken from a cookie where a forged request has it, too.

    Args:
        samesite: of the cookie: `none`, `lax`, or empty where it has none.
        set_at: where the cookie is set; absent where a library does.
        method: of the request that can be forged.
        endpoint: what answers it.
    """

    reception: Reception
    at: Location
    samesite: str
    set_at: Location | None
    method: str
    endpoint: Endpoint


class Forgery:
    """Finds what takes tokens from cookies without a defence against forged requests."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._evaluator = project.evaluator
        self._words = vocabulary()

    def all(self) -> Iterator[Forgeable]:
        """The places that take a token so, each with one request that can be forged; none where SameSite is not known."""
        cookies = [item for item in self._project.receptions if item.where == "cookie"]
        if cookies:
            self._look_around()
        for reception in cookies:
            known = self._samesite(reception)
            if known is not None:
                samesite, set_at = known
                for stage in self._stages:
                    method = self._forged(stage, reception, samesite) if self._takes(stage, reception) else ""
                    if method:
                        at = next((value.origin for value in reception.csrf if value.origin), reception.at)
                        yield Forgeable(reception, at, samesite, set_at, method, stage.endpoint)
                        break

    def _look_around(self) -> None:
        """Have the files read that may defend."""
        for word in ("csrf", "xsrf"):
            self._evaluator.wanted |= set(self._evaluator.mentioning(word)) - self._evaluator.modules.keys()

    @cached_property
    def _stages(self) -> tuple[Stage, ...]:
        """All endpoints, those that change most visibly first."""
        found = self._project.life.stages(*get_args(Purpose))
        return tuple(sorted(found, key=lambda stage: (stage.endpoint.purpose != "", stage.endpoint.method == "GET")))

    def _samesite(self, reception: Reception) -> tuple[str, Location | None] | None:
        """The weakest SameSite of a cookie, and where it is set; nothing where it is not known or strict, or a library asks
        for a second value.
        """
        if reception.by_library:
            off = [value for value in reception.csrf if value.known and not value.data]
            text = Flag("samesite", reception.samesite).text
            return (text, None) if off and len(off) == len(reception.csrf) and text not in ("?", "strict") else None
        setting = [(_samesite_of(item), item.at) for item in self._deliveries(reception)]
        if not setting or any(text == "?" for text, _ in setting):
            return None
        weakest = min(setting, key=lambda pair: ("none", "", "lax", "strict").index(pair[0]))
        return None if weakest[0] == "strict" else weakest

    def _deliveries(self, reception: Reception) -> Iterator[Delivery]:
        """Where the cookie is set that is read."""
        for item in self._project.deliveries:
            if item.place == "cookie" and (item.name == reception.name or not (item.name and reception.name)):
                yield item

    def _takes(self, stage: Stage, reception: Reception) -> bool:
        """Whether a request to an endpoint goes through what takes the token, or that is the library's own."""
        if reception.by_library or reception.place in stage.reached.places:
            return True
        module, scope = reception.place
        before = (*stage.endpoint.before, *handlers.before(self._evaluator, stage.endpoint.handler))
        classes = [item for item in before if isinstance(item, ClassRef)]
        return any(item.module is module and item.definition.path == scope.rpartition(".")[0] for item in classes)

    def _forged(self, stage: Stage, reception: Reception, samesite: str) -> str:
        """The method of a request to an endpoint that can be forged; empty where none can."""
        if any(self._words.defends(name) for place in stage.reached.places for name in names_in(place)):
            return ""
        endpoint = stage.endpoint
        if endpoint.purpose in HARMLESS:
            return ""
        own = [access for access in stage.changes if _is_own(access, endpoint)]
        if endpoint.method in ("GET", ANY) and not endpoint.purpose and any("GET" in _methods(access) for access in own):
            return "GET"
        if samesite == "lax" or self._is_defended(endpoint):
            return ""
        if endpoint.method in UNSAFE:
            return endpoint.method
        posted = endpoint.method == ANY and any("POST" in _methods(access) for access in stage.changes)
        return "POST" if posted else ""

    def _is_defended(self, endpoint: Endpoint) -> bool:
        """Whether the framework, or what is put before all handlers, tells forged requests from others."""
        before = (*endpoint.before, *handlers.before(self._evaluator, endpoint.handler))
        named = [handlers.name(item) for item in before]
        if any(self._exempts(name) for name in named) or self._is_exempt(endpoint, before):
            return False
        return self._defends_all or any(self._words.guards(name) for name in named)

    def _is_exempt(self, endpoint: Endpoint, before: Iterable[handlers.Handler]) -> bool:
        """Whether a library's class or decorator has the endpoint pass by the framework's check."""
        own = (handlers.owner(endpoint.handler), *before)
        return any(model.csrf_exempt for item in own for model in handlers.classes(self._evaluator, item))

    def _exempts(self, name: str) -> bool:
        return self._words.guards(name) and bool(self._words.exempting & {*words_of(name)})

    @cached_property
    def _defends_all(self) -> bool:
        """Whether a defence is switched on by a call: `CSRFProtect(app)`, `CSRFConfig(…)`."""
        uses = (use for module in self._project.modules.values() for use in module.facts.uses)
        names = (called(use.call.func) for use in uses)
        return any(self._words.guards(name) and not self._exempts(name) for name in names)


def _samesite_of(delivery: Delivery) -> str:
    flag = delivery.flags.get("samesite")
    return "?" if flag is None or flag.varies else flag.text


def _is_own(access: Access, endpoint: Endpoint) -> bool:
    """Whether the endpoint's own function makes a change, and not what runs for every request."""
    handler = endpoint.handler
    return (
        isinstance(handler, FunctionRef)
        and access.module is handler.module
        and access.scope.startswith(handler.function.path)
    )


def _methods(access: Access) -> frozenset[str]:
    """The methods of the requests that a change is made for, by the tests around it."""
    asked = [verbs for guard in access.module.conditions.get(access.point, ()) if (verbs := _asked(guard))]
    return frozenset.intersection(VERBS, *asked)


def _asked(guard: Guard) -> frozenset[str]:
    """The methods that a test leaves: `request.method == "POST"`."""
    named = {term.value for term in inside(guard.test) if isinstance(term, Constant) and isinstance(term.value, str)}
    verbs = VERBS & {name.upper() for name in named}
    negated = getattr(guard.test, "operator", "") in ("!=", "not in", "not")
    if not verbs:
        return frozenset()
    return verbs if guard.holds != negated else VERBS - verbs
