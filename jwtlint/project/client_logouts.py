"""Logouts of front ends: where one takes the token out of the browser, and whether it tells the server."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from jwtlint.facts import Constant, Function, Use
from jwtlint.finding import Location
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project import calls
from jwtlint.project.deliveries import Delivery
from jwtlint.project.languages import JAVASCRIPT
from jwtlint.project.names import Module, called
from jwtlint.project.occurrences import modelled
from jwtlint.project.value import FunctionRef

if TYPE_CHECKING:
    from jwtlint.project import Project
    from jwtlint.project.concepts import Occurrence

LOGOUT = "logout"
_PAGES = (".jsx", ".tsx", ".vue", ".svelte", ".html")


@dataclass(frozen=True)
class ClientLogout:
    """A function of a front end that logs out.

    Args:
        name: of the function.
        at: where it takes the token away.
        asks: whether it asks the server for anything, or may.
    """

    name: str
    at: Location
    asks: bool


class ClientLogouts:
    """Finds the logouts of a project's front ends, once they keep tokens themselves."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._evaluator = project.evaluator

    def all(self) -> Iterator[ClientLogout]:
        """The functions that are called a logout and take a token out of the browser, the outermost of each."""
        if not self._kept:
            return
        for word in dict(vocabulary().purposes)[LOGOUT]:
            self._evaluator.wanted |= set(self._evaluator.mentioning(f"{JAVASCRIPT.prefix}{word}")) - {
                *self._evaluator.modules
            }
        answering = {endpoint.handler for endpoint in self._project.endpoints}
        for module in self._scripts:
            for function in module.facts.functions:
                own = FunctionRef(module, function)
                if vocabulary().purpose(function.name) == LOGOUT and own not in answering:
                    at = self._dropping(own)
                    if at is not None:
                        yield ClientLogout(function.name, at, self._asks(own))

    @cached_property
    def _scripts(self) -> tuple[Module, ...]:
        return tuple(module for module in self._evaluator.modules.values() if module.language is JAVASCRIPT)

    @cached_property
    def _kept(self) -> tuple[Delivery, ...]:
        """The tokens that scripts keep."""
        scripts = {module.path for module in self._scripts}
        return tuple(item for item in self._project.deliveries if item.at.path in scripts and item.place != "body")

    @cached_property
    def _drops(self) -> tuple[Occurrence, ...]:
        """The modelled calls that take a token away: by its name, or with all else."""
        return tuple(found for found in modelled(self._evaluator, {"drops"}) if self._is_of_token(found))

    def _is_of_token(self, found: Occurrence) -> bool:
        names = [value.data for value in found.part("name") if isinstance(value.data, str)]
        kept = {item.name for item in self._kept}
        return not found.has("name") or any(name in kept or vocabulary().heads_token(name) for name in names)

    def _dropping(self, own: FunctionRef) -> Location | None:
        """Where a function takes a token away: its own call that does, else the function where a helper does it."""
        here = [drop.at for drop in self._drops if drop.module is own.module and _within(drop.use, own.function)]
        if here:
            return here[0]
        named = [use for use in own.module.facts.uses if _within(use, own.function) and _drops_by_name(use)]
        if named and _is_of_front_end(own.module):
            return own.module.at(named[0].call.at)
        reached = self._project.reach.of((own,))
        others = (scope for _, scope in reached.places if scope != own.function.path)
        if any(_is_logout_call(scope.rpartition(".")[2]) for scope in others):
            return None  # that one takes it away
        helped = any(reached.holds(drop.module, drop.use.scope) for drop in self._drops)
        return own.module.at(own.function.at) if helped else None

    def _asks(self, own: FunctionRef) -> bool:
        """Whether a function, or what calls it, asks the server."""
        words = vocabulary()
        reached = self._project.reach.of((own,))
        told = {word for name in reached.unknown for word in words_of(name)} & (words.ending | {"api", "axios"})
        if told or reached.unknown & words.requesting or any(map(_is_logout_call, reached.unknown)):
            return True
        around = calls.callers(self._evaluator, own.module, own.function)
        return any(_tells(module, use.scope, own.function) for module, use in around)


def _within(use: Use, function: Function) -> bool:
    return use.scope == function.path or use.scope.startswith(f"{function.path}.")


def _drops_by_name(use: Use) -> bool:
    """Whether a call says that it takes a token away: `deleteTokens()`, `setToken(null)`."""
    words = vocabulary()
    name = called(use.call.func)
    named = {*words_of(name)}
    empty = bool(use.call.args) and all(
        isinstance(item.value, Constant) and not item.value.value for item in use.call.args
    )
    return words.heads_token(name) and bool(named & words.retiring or empty and "set" in named)


def _is_of_front_end(module: Module) -> bool:
    """Whether a file is shown in a browser, by what it is or by what it imports."""
    packages = {item.target for item in module.facts.imports}
    return posixpath.splitext(module.path)[1] in _PAGES or bool(packages & vocabulary().front_ends)


def _is_logout_call(name: str) -> bool:
    return vocabulary().purpose(name) == LOGOUT


def _tells(module: Module, scope: str, function: Function) -> bool:
    """Whether a function that calls a logout has told the server: it calls another logout, or names an address that is one."""
    names = {called(use.call.func) for use in module.facts.uses if use.scope == scope}
    texts = (term.value for term in module.terms(scope) if isinstance(term, Constant) and isinstance(term.value, str))
    others = any(_is_logout_call(name) for name in names - {function.name})
    return others or any("/" in text and _is_logout_call(text) for text in texts)
