"""Sessions that go on for as long as somebody renews them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jwtlint.facts import Attribute, Call, Constant, Entries, Name, Subscript, Term, inside
from jwtlint.finding import Location, Step
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project.concepts import Issuance
from jwtlint.project.names import called
from jwtlint.project.reach import Place
from jwtlint.project.stages import Stage
from jwtlint.project.user_tokens import ways
from jwtlint.project.value import Duration, FunctionRef, Table

if TYPE_CHECKING:
    from jwtlint.project import Project


@dataclass(frozen=True)
class Sliding:
    """A refresh that gives a whole life again, without an end of the whole.

    Args:
        name: what does it.
        kind: the kind of token that lives on by it.
        life: how long each one lives.
        at: the refresh.
    """

    name: str
    kind: str
    life: str
    at: Location
    steps: tuple[Step, ...]


def sliding(project: Project) -> Iterator[Sliding]:
    """The refreshes of libraries by their settings, and those of the application."""
    life = project.life
    for renewal in life.library_refreshes:
        if all(any(value.data is True for value in renewal.part(part)) for part in ("rotates", "renews")):
            yield Sliding(renewal.library, "refresh", "", renewal.at, renewal.way_of("rotates"))
    kind = "refresh" if project.tokens.has_refresh else "access"
    for stage in life.refreshes:
        if kind == "access" and not _takes_a_token(project, stage):
            continue
        for token in project.tokens.issued_in(stage.reached):
            if token.kind == kind and _is_given(token, stage) and _has_whole_life(token) and not _is_bounded(stage):
                length = token.lifetimes[0]
                steps = (*length.steps, *token.via)
                yield Sliding(stage.endpoint.name, kind, str(length.data), stage.endpoint.at, steps)
                break


def _takes_a_token(project: Project, stage: Stage) -> bool:
    """Whether a refresh verifies a token: what else it takes has an end that only its own state knows."""
    return any(stage.reached.places.issuperset(ways(token)[:1]) for token in project.verifications if ways(token))


def _is_given(token: Issuance, stage: Stage) -> bool:
    """Whether a token is issued on the way of a refresh, and not on another by the same functions."""
    places, handler = ways(token), stage.endpoint.handler
    own = isinstance(handler, FunctionRef) and (handler.module, handler.function.path) in places
    return own or stage.reached.places.issuperset(places)


def _has_whole_life(token: Issuance) -> bool:
    """Whether a token surely lives as long as every other, and says nothing of when its session began."""
    lives = token.lifetimes
    if not lives or not all(isinstance(life.data, Duration) for life in lives):
        return False
    tables = [value.data for value in token.part("claims") if value.data is not None]
    names = {name for table in tables if isinstance(table, Table) for name in table.entries} | token.added
    known = all(isinstance(table, Table) and table.closed for table in tables)
    return known and not any(_bounds(name) for name in names)


def _bounds(name: str) -> bool:
    """Whether a name speaks of the beginning or the end of a whole session."""
    known, words = vocabulary().bounding, words_of(name)
    return bool(known & set(words)) or "_".join(words) in known


def _is_bounded(stage: Stage) -> bool:
    """Whether anything that a refresh reaches may bound the whole: a beginning that is kept, or an end that is not moved."""
    terms = [term for place in stage.reached.places for term in _terms(place)]
    if any(_bounds(_name(term)) or isinstance(term, Call) and called(term.func) == "min" for term in terms):
        return True
    moved = [value for place in stage.reached.places for value in _ends_set(place)]
    kept = any(_is_end(term) for value in moved for term in inside(value))
    return kept or not moved and any(_is_end(term) for term in terms)


def _terms(place: Place) -> Iterator[Term]:
    yield from place[0].terms(place[1])


def _name(term: Term) -> str:
    match term:
        case Name(id=name) | Attribute(name=name) | Subscript(key=Constant(value=str(name))):
            return name
        case Call(func=Attribute(name="get"), args=(first, *_)) if isinstance(first.value, Constant):
            return str(first.value.value)
    return ""


def _is_end(term: Term) -> bool:
    """Whether a term is a field that says when something ends; what is written in capitals is a constant length."""
    name = _name(term) if isinstance(term, Attribute | Subscript) else ""
    joined = "_".join(words_of(name))
    return not name.isupper() and any(joined == end or "_" in end and joined.endswith(end) for end in vocabulary().ends)


def _ends_set(place: Place) -> Iterator[Term]:
    """What the end of something is set to."""
    module, scope = place
    for binding in module.facts.bindings:
        if binding.scope == scope and _is_end(binding.target):
            yield binding.value
    for term in _terms(place):
        match term:
            case Call(args=args):
                yield from (item.value for item in args if item.name and _is_end(Attribute(term.func, item.name)))
            case Entries(items=items):
                yield from (item.value for item in items if item.key and _is_end(Subscript(term, item.key)))
