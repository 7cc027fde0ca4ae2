"""What endpoints answer: the refresh tokens in their bodies, whatever builds those."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from jwtlint.facts import Name
from jwtlint.finding import Location, Step
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project import calls, hints, holding, objects, parts
from jwtlint.project.deliveries import Delivery
from jwtlint.project.endpoints import Endpoint
from jwtlint.project.lookup import mentioned, possible
from jwtlint.project.occurrences import modelled
from jwtlint.project.reach import Place
from jwtlint.project.stages import names_in
from jwtlint.project.user_tokens import ways
from jwtlint.project.value import ClassRef, External, FunctionRef, Instance, Made, Sequence, Table, Value

if TYPE_CHECKING:
    from jwtlint.project import Project
    from jwtlint.project.concepts import Issuance, Occurrence
    from jwtlint.project.values import Evaluator

ROLE = "answers"
GIVING = frozenset({"login", "token", "refresh", "register"})
MAX_DEPTH = 5
Fields = Mapping[str, tuple[Value, ...]]


class Held(NamedTuple):
    """A refresh token in an answer: under which name, and where it was issued, as far as that is known."""

    name: str
    token: Issuance | None


class Bodies:
    """Finds the refresh tokens that endpoints of a project hand out in the bodies of their answers."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._evaluator = project.evaluator
        self._issuing = {place for token in project.issuances for place in ways(token)}

    def deliveries(self) -> Iterator[Delivery]:
        """The refresh tokens, once an answer; what native and confidential clients are answered is left out."""
        for endpoint in self._project.endpoints:
            handler = endpoint.handler
            if isinstance(handler, FunctionRef):
                place = (handler.module, handler.function.path)
                gives = endpoint.purpose in GIVING or place in self._issuing
                if gives and not _is_for_others(endpoint, place):
                    yield from self._answered(endpoint, place)

    def _answered(self, endpoint: Endpoint, place: Place) -> Iterator[Delivery]:
        """What an endpoint's own calls make an answer of, and what it returns besides."""
        module, scope = place
        shape = self._shape(endpoint, place)
        for made in self._made.get(place, ()):
            held = self._held(made.part("body"), None)
            if held is not None:
                yield _delivery(held, made.at)
        frame = calls.alone(self._evaluator, module, scope)
        for item in possible(self._evaluator, module.returns.get(scope, ()), frame):
            values = [value for value in self._evaluator.values(item.value, frame) if not _is_made_in(value, place)]
            held = self._held(values, shape) if values else None
            if held is not None:
                yield _delivery(held, module.at(item.at))

    @cached_property
    def _made(self) -> Mapping[Place, list[Occurrence]]:
        """The calls that make answers, by the functions that they are in."""
        found: dict[Place, list[Occurrence]] = {}
        for made in modelled(self._evaluator, {ROLE}):
            found.setdefault((made.module, made.use.scope), []).append(made)
        return found

    def _shape(self, endpoint: Endpoint, place: Place) -> ClassRef | None:
        """The class that the route, or the function's annotation, says what is answered is of."""
        module, scope = place
        annotated = hints.of_class(self._evaluator, module.functions[scope].returns, module)
        classes = (value.data.of for value in annotated if isinstance(value.data, Instance))
        return endpoint.answer or next(classes, None)

    def _held(self, values: Iterable[Value], shape: ClassRef | None) -> Held | None:
        """The refresh token that an answer holds; one that the answer's class has no field for is left out of it."""
        values = tuple(values)
        fields = _declared(self._evaluator, shape) if shape else {}
        spelt = {words_of(name) for name in fields}
        for name, inner, beside in self._entries(values):
            if not spelt or words_of(name) in spelt:
                held = self._refresh(name, inner, beside)
                if held is not None:
                    return held
        if not any(isinstance(value.data, Table | Instance | Sequence) for value in values):
            return next((Held(name, None) for name, sure in fields.items() if sure and _names(name, fields)), None)
        return None

    def _entries(self, values: Iterable[Value], depth: int = 0) -> Iterator[tuple[str, tuple[Value, ...], Fields]]:
        """What values hold by name, at any depth, each with all that stands beside it."""
        for value in values if depth < MAX_DEPTH else ():
            inner: Fields = {}
            match value.data:
                case Table(entries=entries):
                    inner = entries
                case Instance(frame=frame) if frame.function is None or frame.scope.endswith("__init__"):
                    inner = frame.args
                case Sequence(items=items):
                    yield from self._entries((one for item in items for one in item), depth + 1)
                case External(of=Made() as made):
                    yield from self._entries(self._body(made), depth + 1)
            for name, found in inner.items():
                yield name, found, inner
                yield from self._entries(found, depth + 1)

    def _body(self, made: Made) -> tuple[Value, ...]:
        """What the call that made an answer was given as its body."""
        bound = parts.maker(self._evaluator, made)
        return bound.part(bound.model.roles[ROLE]["body"]) if bound and ROLE in bound.model.roles else ()

    def _refresh(self, name: str, values: tuple[Value, ...], beside: Fields) -> Held | None:
        """The refresh token that an entry holds: by where it was issued, else by its name where it is never left out."""
        issued = list(holding.of_values(self._evaluator, values))
        refreshing = [token for token in issued if token.kind == "refresh"]
        if refreshing:
            return Held(name, refreshing[0])
        if not _names(name, beside):
            return None
        if issued:
            return Held(name, issued[0]) if issued[0].kind == "unknown" else None
        unsure = all(not value.known or value.holds is None for value in values)
        return Held(name, None) if unsure else None


def _names(name: str, beside: Iterable[str]) -> bool:
    """Whether a name is a refresh token's; the plain word `refresh` only beside another token."""
    spelt = words_of(name)
    if "_".join(spelt) not in vocabulary().refresh_names:
        return False
    others = {word for other in beside if other != name for word in words_of(other)}
    return len(spelt) > 1 or bool(others & (vocabulary().bearer | {"access"}))


def _declared(evaluator: Evaluator, shape: ClassRef) -> dict[str, bool]:
    """The fields of a class, with whether each is surely there."""
    found: dict[str, bool] = {}
    for one in objects.bases(evaluator, shape):
        for item in one.module.facts.bindings if isinstance(one, ClassRef) else ():
            if isinstance(one, ClassRef) and item.scope == one.definition.path and isinstance(item.target, Name):
                found.setdefault(item.target.id, item.annotation is not None and hints.is_mandatory(item))
    return found


def _is_made_in(value: Value, place: Place) -> bool:
    """Whether a call in a function made a value."""
    made = value.data.of if isinstance(value.data, External) else None
    return isinstance(made, Made) and (made.frame.module, made.frame.scope) == place


def _is_for_others(endpoint: Endpoint, place: Place) -> bool:
    """Whether an endpoint answers clients that are no browsers, or tells them apart, by its names and its tests."""
    words = vocabulary()
    module, scope = place
    bound = (item.when for item in module.facts.bindings if item.scope == scope)
    returned = (item.when for item in module.facts.returns if item.scope == scope)
    tested = {word for when in (*bound, *returned) for guard in when for word in mentioned(guard.test)}
    named = {*words_of(endpoint.name), *words_of(endpoint.path), *tested}
    return bool(words.native & named) or bool(words.client_secrets & {*names_in(place)})


def _delivery(held: Held, at: Location) -> Delivery:
    steps = (*held.token.via, Step(at, "answered")) if held.token else ()
    return Delivery("body", held.name, "refresh", held.token, at, "", steps=steps)
