"""Which verifications take a token of another kind than the one that they are meant for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from jwtlint.finding import Location, Step
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project import calls, keys
from jwtlint.project.concepts import Issuance, Verification
from jwtlint.project.flow import Dependents, Flow
from jwtlint.project.subjects import subject
from jwtlint.project.trial import SOME, Trial, plain
from jwtlint.project.user_tokens import kind_of, ways
from jwtlint.project.value import Table, Value

if TYPE_CHECKING:
    from jwtlint.project import Project

TIMES = frozenset({"exp", "iat", "nbf", "jti"})
KINDS = ("access", "refresh", "single-use")


@dataclass(frozen=True)
class Confusion:
    """A verification that takes a token of another kind.

    Args:
        expected: the kind that the verification is for.
        taken: the kind of the other token.
        telling: claims that tell the two apart and that nobody looks at; empty where no claim does.
        at: where a claim is missing, else where one should be looked at.
        steps: the other token, and the verification that takes it.
    """

    expected: str
    taken: str
    telling: tuple[str, ...]
    at: Location
    steps: tuple[Step, ...]


def confusions(project: Project) -> Iterator[Confusion]:
    """The verifications that take a token of another kind, one a place and pair of kinds."""
    dependents = Dependents(project.evaluator)
    found: dict[tuple[Location, str], Confusion] = {}
    tokens = (*project.tokens.verifications, *project.tokens.renewals, *project.tokens.redemptions)
    for token in sorted(tokens, key=lambda token: KINDS.index(_expected(token))):
        kind, key = _expected(token), keys.key_name(token)
        same = [issued for issued in project.issuances if key and keys.key_name(issued) == key]
        genuine = [issued for issued in same if issued.kind == kind]
        if not genuine or len({issued.kind for issued in same}) < 2 or not _looks_at_claims_alone(project, token):
            continue
        flow = Flow(token, dependents)
        for other in KINDS if flow.names - TIMES else ():
            others = [issued for issued in same if issued.kind == other != kind]
            confusion = _untold(token, genuine, others) or _unasked(flow, token, genuine, others)
            if confusion is not None:
                found.setdefault((confusion.at, other), confusion)
    yield from _first_of_each_pair(found.values())


def _first_of_each_pair(found: Iterable[Confusion]) -> Iterator[Confusion]:
    """Where no claim tells two kinds apart, both directions are one mistake."""
    seen: set[frozenset[str]] = set()
    for confusion in found:
        pair = frozenset({confusion.expected, confusion.taken})
        if confusion.telling or pair not in seen:
            yield confusion
        if not confusion.telling:
            seen.add(pair)


def _expected(token: Verification) -> str:
    """The kind that a verification is for; what refreshes is for refresh tokens."""
    kind = kind_of(token)
    renewing = any(vocabulary().purpose(scope) == "refresh" for _, scope in ways(token))
    return "refresh" if kind == "access" and renewing else kind


def _looks_at_claims_alone(project: Project, token: Verification) -> bool:
    """Whether nothing but claims could tell tokens apart: no audience is asked for, and no list of live tokens."""
    words = vocabulary()
    asked = any(value.data is not None for value in token.audience)
    listed = [name for name in project.state.consulted(token) if name not in words.version_fields]
    denied = all(words.denying & set(words_of(name)) for name in listed)
    return token.checks("signature") is not False and not asked and denied


def _untold(token: Verification, genuine: list[Issuance], others: list[Issuance]) -> Confusion | None:
    """That no claim tells any token of one kind from any of the other."""
    tables = [[_table(issued) for issued in tokens] for tokens in (genuine, others)]
    pairs = list(product(*tables))
    alike = all(one and other and not _telling(one, other) for one, other in pairs)
    same = all(_same_subject(one, other) for one, other in product(genuine, others))
    return _confusion(token, genuine[0], others[0]) if pairs and alike and same else None


def _unasked(flow: Flow, token: Verification, genuine: list[Issuance], others: list[Issuance]) -> Confusion | None:
    """That what tells the kinds apart is not looked at, or not so that it would matter."""
    for issued, other in product(genuine, others) if flow.whole else ():
        one, taken = _table(issued), _table(other)
        telling = _telling(one, taken) if one and taken else frozenset()
        if one and taken and telling and not telling & {"aud", "iss"} and _same_subject(issued, other):
            trial = Trial(flow, one, taken, telling)
            if trial.passes:
                return _confusion(token, issued, other, telling, next(trial.tests, None))
    return None


def _confusion(
    token: Verification,
    genuine: Issuance,
    other: Issuance,
    telling: frozenset[str] = frozenset(),
    test: Location | None = None,
) -> Confusion:
    """The confusion, at the test that lets the other token through, or where there should be one."""
    at = test or _use_of(token) if telling else other.at
    steps = (Step(other.at, f"{other.kind} token issued"), Step(token.at, f"{genuine.kind} token expected"))
    return Confusion(genuine.kind, other.kind, tuple(sorted(telling)), at, steps)


def _use_of(token: Verification) -> Location:
    """The verification; where several functions share it, the call of the one."""
    frame = token.frame
    ways = calls.frames(token.bound.evaluator, frame.module, frame.scope)
    callers = {id(way.use.call) for way in ways if way.use}
    if len(callers) > 1 and frame.caller and frame.use:
        return frame.caller.module.at(frame.use.call.at)
    return token.at


def _table(token: Issuance) -> Table | None:
    """The claims of a token that are known whole, with those that the library adds."""
    (first, *more) = token.claims or (Value(None),)
    if more or not isinstance(first.data, Table) or not first.data.closed:
        return None
    added = {name: (Value(SOME),) for name in token.added}
    return Table({**added, **first.data.entries})


def _telling(one: Table, other: Table) -> frozenset[str]:
    """Names of the claims that only one of two tokens has, or that hold another constant in each."""
    names = (one.entries.keys() | other.entries.keys()) - TIMES
    return frozenset(name for name in names if _differs(one.entries.get(name), other.entries.get(name)))


def _differs(one: tuple[Value, ...] | None, other: tuple[Value, ...] | None) -> bool:
    if one is None or other is None:
        return True
    first, second = ({plain(value) for value in values} for values in (one, other))
    return SOME not in first | second and not first & second or (SOME in first) != (SOME in second)


def _same_subject(one: Issuance, other: Issuance) -> bool:
    """Whether both tokens name the user in the same way, so far as their payloads say; mailed ones must say so."""
    names = [subject(token) for token in (one, other)]
    if "" in names:
        return "single-use" not in (one.kind, other.kind)
    return names[0] == names[1]
