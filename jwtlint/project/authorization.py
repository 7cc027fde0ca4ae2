"""What users may do, where it is decided by the claims of their tokens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from jwtlint.facts import Attribute, Binary, Binding, Call, Name, Raise, Return, Subscript, Term, Unary, Use, inside
from jwtlint.finding import Location, Step
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project import calls
from jwtlint.project.concepts import Issuance, Occurrence
from jwtlint.project.flow import Dependents, Flow
from jwtlint.project.names import called, last_name
from jwtlint.project.occurrences import modelled, referred
from jwtlint.project.state import Access
from jwtlint.project.value import External, Frame, FunctionRef, Table, Value

if TYPE_CHECKING:
    from jwtlint.project import Project


@dataclass(frozen=True)
class Decision:
    """A test of what a token says that its user may do.

    Args:
        claim: the claim that decides.
        at: the test.
        steps: where the claim is issued, and where the token is verified.
    """

    claim: str
    at: Location
    steps: tuple[Step, ...]


class Decisions:
    """Finds them: tests of an issued claim on whose way nobody looks the user up."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._evaluator = project.evaluator
        self._reach = project.reach
        self._dependents = Dependents(project.evaluator)

    def all(self) -> tuple[Decision, ...]:
        """The decisions, one a place."""
        found: dict[Location, Decision] = {}
        for token in self._sources():
            flow = Flow(token, self._dependents)
            for frame in flow.levels:
                for claim, at in _tested(flow, frame):
                    issued = self._issued(claim)
                    if issued is not None and not self._is_looked_up(flow, frame, at):
                        steps = (Step(issued.at, f"issued with {claim}"), Step(token.at, "claims read"))
                        found.setdefault(at, Decision(claim, at, steps))
        return tuple(found.values())

    def _sources(self) -> Iterator[Occurrence]:
        """What gives the claims of a user's verified token, once a way to it."""
        yield from self._project.tokens.verifications
        yield from referred(self._evaluator, {"gives-claims"})
        for found in modelled(self._evaluator, {"gives-claims"}):
            for frame in calls.frames(self._evaluator, found.module, found.use.scope):
                yield replace(found, frame=frame)

    def _issued(self, claim: str) -> Issuance | None:
        """A token of a user that has the claim, or may have it since not all of its claims are known."""
        tokens = self._project.tokens.issuances
        sure = (token for token in tokens for table in _tables(token) if claim in table.entries)
        unsure = (token for token in tokens if not all(table.closed for table in _tables(token)) or not _tables(token))
        return next(sure, None) or next(unsure, None)

    def _is_looked_up(self, flow: Flow, frame: Frame, test: Location) -> bool:
        """Whether a user is looked up on the way of the claims to a test, before it, or may be."""
        for one in flow.way_to(frame):
            uses = [fact for fact in flow.facts(one) if isinstance(fact, Use)]
            before = [use for use in uses if one is not frame or use.call.at.line < test.span.line]
            if any(self._looks_up(use, one) for use in before):
                return True
        return False

    def _looks_up(self, use: Use, frame: Frame) -> bool:
        users = vocabulary().users
        if any(access.at == frame.module.at(use.call.at) for access in self._of_users):
            return True
        for value in self._evaluator.values(use.call.func, frame):
            if isinstance(value.data, FunctionRef):
                reached = self._reach.of((value.data,))
                named = any(users & set(words_of(name)) for name in reached.unknown)
                return named or any((item.module, item.scope) in reached.places for item in self._of_users)
            if not self._is_known(value) and users & set(_words(use.call.func)):
                return True
        return False

    def _is_known(self, value: Value) -> bool:
        if isinstance(value.data, External):
            return self._evaluator.models.call(value.data.path) is not None
        return value.known

    @cached_property
    def _of_users(self) -> tuple[Access, ...]:
        """Look-ups of users."""
        users = vocabulary().users
        found = (access for access in self._project.accesses if access.action == "look up")
        return tuple(access for access in found if users & set(words_of(access.subject)))


def _tables(token: Issuance) -> list[Table]:
    return [claims.data for claims in token.claims if isinstance(claims.data, Table)]


def _tested(flow: Flow, frame: Frame) -> Iterator[tuple[str, Location]]:
    """The claims about what a user may do that a function tests, each with the test."""
    for fact in flow.facts(frame):
        if isinstance(fact, Return | Raise) or isinstance(fact, Use) and _refuses(fact.call):
            for guard in fact.when:
                yield from _claims(flow, frame, guard.test, frame.module.at(guard.at))
        if isinstance(fact, Return) and _is_verdict(fact.value):
            yield from _claims(flow, frame, fact.value, frame.module.at(fact.at))


def _refuses(call: Call) -> bool:
    """Whether a call is made where nobody is let in."""
    return bool(vocabulary().refusing & set(words_of(called(call.func))))


def _claims(flow: Flow, frame: Frame, test: Term, at: Location) -> Iterator[tuple[str, Location]]:
    """The claims of that sort that a test reads, itself or through a variable, and does not compare with a row's field."""
    names = vocabulary().authorization_claims
    terms = [*inside(test), *(part for term in inside(test) for part in _bound(term, frame))]
    reads = {id(term): read.name for term in terms if (read := flow.read(term, frame))}
    other = {last_name(term) for term in terms if isinstance(term, Attribute) and id(term) not in reads}
    for name in dict.fromkeys(reads.values()):
        if "_".join(words_of(name)) in names and name not in other:
            yield name, at


def _bound(term: Term, frame: Frame) -> Iterator[Term]:
    """What a variable of a test was worked out from."""
    if isinstance(term, Name):
        for item in frame.module.definitions.get((frame.scope, term.id), ()):
            if isinstance(item, Binding) and _is_verdict(item.value):
                yield from inside(item.value)


def _is_verdict(value: Term) -> bool:
    """Whether a term is yes or no: a comparison, or a call that asks for all or any of several."""
    match value:
        case Binary(operator=operator):
            return operator in ("==", "!=", "in", "not in", "is", "is not", "and", ">", ">=", "<", "<=")
        case Unary(operator="not"):
            return True
        case Call(func=Name(id=name)):
            return name in ("all", "any", "bool")
    return False


def _words(function: Term) -> Iterator[str]:
    """The words of what is called, with those of what it is called on."""
    while isinstance(function, Attribute | Call | Subscript):
        if isinstance(function, Attribute):
            yield from words_of(function.name)
        function = function.func if isinstance(function, Call) else function.base
    yield from words_of(called(function))
