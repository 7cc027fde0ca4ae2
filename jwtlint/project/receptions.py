"""Where tokens are taken from requests: from which cookie or header, by a call, an item, or a parameter that is filled so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jwtlint.facts import Attribute, Call, Param, Subscript, Term, inside
from jwtlint.finding import Location
from jwtlint.models.vocabulary import vocabulary
from jwtlint.project import calls, mappings
from jwtlint.project.concepts import Occurrence
from jwtlint.project.names import Module
from jwtlint.project.occurrences import modelled, of_call, referred
from jwtlint.project.reach import Place
from jwtlint.project.value import Value

if TYPE_CHECKING:
    from jwtlint.project import Project
    from jwtlint.project.values import Evaluator

ROLE = "receives"
ITEM = ".__getitem__"
PLACES = frozenset({"cookie", "header"})


@dataclass(frozen=True)
class Reception:
    """A token that is taken from a request.

    Args:
        where: `cookie` or `header`.
        name: of the cookie or header; empty where it is not known.
        place: the function that takes it; the file alone where a library does.
        csrf: whether a library asks for a second value with it; nothing where the application takes the token itself.
        samesite: of the cookie, where the library that takes it sets it, too.
    """

    where: str
    name: str
    place: Place
    at: Location
    csrf: tuple[Value, ...] = ()
    samesite: tuple[Value, ...] = ()

    @property
    def by_library(self) -> bool:
        return bool(self.csrf)


def receptions(project: Project) -> Iterator[Reception]:
    """What is taken from cookies and headers and is a token, once a place."""
    known = {item.name for item in project.deliveries if item.place == "cookie" and item.name}
    verifying = {(token.module, token.use.scope) for token in project.verifications}
    words = vocabulary()
    observer = project.observer
    found = (*_called(observer), *_items(observer), *_parameters(observer))
    for item in dict.fromkeys(found):
        alone = item.place in verifying and sum(other.place == item.place for other in found) == 1
        if (
            item.by_library
            or item.name in known
            or words.names_token(item.name)
            or (alone and not words.guards(item.name))
        ):
            yield item


def _called(evaluator: Evaluator) -> Iterator[Reception]:
    """Calls that read a cookie or header, and what libraries take by their settings."""
    functions = (function for module in evaluator.modules.values() for function in module.facts.functions)
    own = {id(call) for function in functions for item in function.params for call in _in_parameter(item)}
    for found in (*modelled(evaluator, {ROLE}), *referred(evaluator, {ROLE})):
        if found.takes_place and id(found.use.call) not in own:
            yield from _reception(found, (found.module, found.use.scope), found.at)


def _reception(found: Occurrence, place: Place, at: Location, otherwise: str = "") -> Iterator[Reception]:
    where = next((str(value.data) for value in found.part("place")), "cookie")
    if where not in PLACES:
        return
    names = [value.data for value in found.part("name") if isinstance(value.data, str)] or [otherwise]
    for name in names:
        yield Reception(where, name, place, at, found.part("csrf"), found.part("samesite"))


def _items(evaluator: Evaluator) -> Iterator[Reception]:
    """Items of what holds a request's cookies: `request.cookies["access_token"]`."""
    paths = [path for path in evaluator.models.calls.having({ROLE}) if path.endswith(ITEM)]
    holders = {path.removesuffix(ITEM).rpartition(".")[2] for path in paths}
    for module in evaluator.modules.values():
        for scope, terms, at in _statements(module):
            for term in (inner for one in terms for inner in inside(one)):
                if isinstance(term, Subscript) and isinstance(term.base, Attribute) and term.base.name in holders:
                    for name in mappings.keys(evaluator, term.key, calls.alone(evaluator, module, scope)):
                        yield Reception("cookie", name, (module, scope), at)


def _statements(module: Module) -> Iterator[tuple[str, tuple[Term, ...], Location]]:
    """What is evaluated in a file, with the scope and the place of each statement."""
    for binding in module.facts.bindings:
        yield binding.scope, (binding.value,), module.at(binding.at)
    for returned in module.facts.returns:
        yield returned.scope, (returned.value,), module.at(returned.at)
    for use in module.facts.uses:
        yield use.scope, tuple(item.value for item in use.call.args), module.at(use.call.at)


def _parameters(evaluator: Evaluator) -> Iterator[Reception]:
    """Parameters that a framework fills from a cookie or header: what is not given a name has that of the parameter."""
    for module in evaluator.modules.values():
        for function in module.facts.functions:
            for parameter in function.params:
                for call in _in_parameter(parameter):
                    for found in of_call(evaluator, call, evaluator.roots[module], {ROLE}):
                        yield from _reception(found, (module, function.path), module.at(parameter.at), parameter.name)


def _in_parameter(parameter: Param) -> Iterator[Call]:
    """The calls in a parameter's default and annotation."""
    return (term for term in inside((parameter.default, parameter.annotation)) if isinstance(term, Call))
