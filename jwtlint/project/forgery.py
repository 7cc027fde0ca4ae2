"""Requests that another site can have a browser send: a token comes along as a cookie, and nothing else is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from jwtlint.facts import Constant, Guard, inside
from jwtlint.finding import Location
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project import handlers
from jwtlint.project.deliveries import Delivery, Flag
from jwtlint.project.endpoints import Endpoint
from jwtlint.project.names import Module, called
from jwtlint.project.reach import Reach, Reached
from jwtlint.project.receptions import Reception
from jwtlint.project.stages import names_in
from jwtlint.project.state import Access
from jwtlint.project.value import ClassRef, FunctionRef

if TYPE_CHECKING:
    from jwtlint.project import Project

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
VERBS = frozenset({"GET", *UNSAFE})
HARMLESS = frozenset({"login", "token", "register", "logout"})  # what nobody gains anything by having others do
COMMITTING = frozenset({"commit", "execute", "flush"})
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
        self._reach = Reach(project.evaluator)

    def all(self) -> Iterator[Forgeable]:
        """The places that take a token so, each with one request that can be forged; none where SameSite is not known."""
        cookies = [item for item in self._project.receptions if item.where == "cookie"]
        if cookies:
            self._look_around()
        for reception in cookies:
            known = self._samesite(reception)
            if known is not None:
                samesite, set_at = known
                found = ((item, self._forged(item, reception, samesite)) for item in self._endpoints)
                for endpoint, method in ((item, method) for item, method in found if method):
                    at = next((value.origin for value in reception.csrf if value.origin), reception.at)
                    yield Forgeable(reception, at, samesite, set_at, method, endpoint)
                    break

    def _look_around(self) -> None:
        """Have the files read that may defend."""
        for word in ("csrf", "xsrf"):
            self._evaluator.wanted |= set(self._evaluator.mentioning(word)) - self._evaluator.modules.keys()

    @cached_property
    def _endpoints(self) -> tuple[Endpoint, ...]:
        """Those where a forged request does harm, of the others first those that change most visibly."""
        found = (item for item in self._project.endpoints if item.purpose not in HARMLESS)
        return tuple(sorted(found, key=lambda item: (item.purpose != "", item.method == "GET")))

    @cached_property
    def _changes(self) -> dict[Module, list[Access]]:
        """What changes state on the server, by file."""
        found: dict[Module, list[Access]] = {}
        for access in self._project.accesses:
            if access.action != "look up":
                found.setdefault(access.module, []).append(access)
        return found

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

    def _forged(self, endpoint: Endpoint, reception: Reception, samesite: str) -> str:
        """The method of a request to an endpoint that can be forged; empty where none can."""
        by_link = endpoint.method in ("GET", ANY) and not endpoint.purpose and self._may_change(endpoint)
        may_post = endpoint.method in (*UNSAFE, ANY) and samesite != "lax" and not self._is_defended(endpoint)
        if not by_link and not may_post:
            return ""
        reached = self._reach.of((endpoint.handler, *endpoint.before))
        asked = any(self._words.defends(name) for place in reached.places for name in names_in(place))
        if asked or not self._takes(endpoint, reached, reception):
            return ""
        if by_link and self._changes_on(endpoint, "GET"):
            return "GET"
        if not may_post or endpoint.method != ANY:
            return endpoint.method if may_post else ""
        changes = (
            access
            for module, scope in reached.places
            for access in self._changes.get(module, ())
            if access.scope == scope
        )
        return "POST" if any("POST" in _methods(access) for access in changes) else ""

    def _takes(self, endpoint: Endpoint, reached: Reached, reception: Reception) -> bool:
        """Whether a request to an endpoint goes through what takes the token, or that is the library's own."""
        if reception.by_library or reception.place in reached.places:
            return True
        module, scope = reception.place
        before = (*endpoint.before, *handlers.before(self._evaluator, endpoint.handler))
        classes = [item for item in before if isinstance(item, ClassRef)]
        return any(item.module is module and item.definition.path == scope.rpartition(".")[0] for item in classes)

    def _may_change(self, endpoint: Endpoint) -> bool:
        """Whether the endpoint's own function calls something that may change state, by its name: only then is it followed."""
        handler, words = endpoint.handler, self._words
        verbs = words.keeping | words.retiring | words.setting | COMMITTING
        uses = handler.module.facts.uses if isinstance(handler, FunctionRef) else ()
        own = (use for use in uses if use.scope == handler.function.path)  # type: ignore[union-attr]
        return any(verbs & {*words_of(called(use.call.func))} for use in own)

    def _changes_on(self, endpoint: Endpoint, method: str) -> bool:
        """Whether the endpoint's own function, and not what runs for every request, changes something for a method."""
        handler = endpoint.handler
        changes = self._changes.get(handler.module, ()) if isinstance(handler, FunctionRef) else ()
        own = (access for access in changes if access.scope == handler.function.path)  # type: ignore[union-attr]
        return any(method in _methods(access) for access in own)

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
