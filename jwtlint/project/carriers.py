"""Values that are tokens, or all that tokens say."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from jwtlint.models.vocabulary import words_of
from jwtlint.project.concepts import Issuance, Occurrence
from jwtlint.project.names import Module
from jwtlint.project.origins import origins, spelled
from jwtlint.project.value import External, Frame, Made, Value

if TYPE_CHECKING:
    from jwtlint.project import Project

Found = TypeVar("Found", bound=Occurrence)
Holder = tuple[Module, str, str]  # file, scope, and the name or dotted name


class Carriers:
    """Answers what a value carries, by the calls of the project that make and read tokens."""

    def __init__(self, project: Project) -> None:
        self._project = project

    @cached_property
    def frames(self) -> dict[tuple[Module, str], list[Frame]]:
        """The ways into functions that lead to a token, by the function."""
        found: dict[tuple[Module, str], list[Frame]] = {}
        for token in (*self._project.payloads, *self._read):
            for frame in token.frame.chain:
                known = found.setdefault((frame.module, frame.scope), [])
                if not any(frame is other for other in known):
                    known.append(frame)
        return found

    @cached_property
    def _read(self) -> tuple[Occurrence, ...]:
        """Calls that read tokens, and give what they say."""
        inspections = (item for item in self._project.inspections if item.gives != "header")
        return (*self._project.verifications, *inspections)

    @cached_property
    def _issued(self) -> dict[int, list[Issuance]]:
        return _by_call(self._project.payloads)

    @cached_property
    def _claims(self) -> dict[int, list[Occurrence]]:
        return _by_call(self._read)

    def issued(self, value: Value) -> Issuance | None:
        """The issuance whose token a value is, also as an attribute of what the call gives that is named so."""
        made = _made(value)
        if made is None or not isinstance(value.data, External):
            return None
        rest = value.data.path.rpartition("()")[2]
        known = self._issued.get(id(made.call), [])
        if not known or (rest and "token" not in words_of(rest)):
            return None
        return next((token for token in known if token.frame is made.frame), known[0])

    def is_claims(self, value: Value) -> bool:
        """Whether a value is all that a token says."""
        made = _made(value)
        if made is None or id(made.call) not in self._claims or not isinstance(value.data, External):
            return False
        return any(value.data.path == f"{token.bound.target.path}()" for token in self._claims[id(made.call)])

    @cached_property
    def holders(self) -> frozenset[Holder]:
        """Variables and attributes that hold a token which is read afterwards, or the header that it is cut out of."""
        found: set[Holder] = set()
        for token in (*self._project.verifications, *self._project.inspections):
            given = token.argument("token")
            for term, frame in origins(self._project.evaluator, given, token.frame) if given is not None else ():
                name = spelled(term)
                if name:
                    found.add((frame.module, frame.scope, name))
        return frozenset(found)


def _by_call(tokens: Iterable[Found]) -> dict[int, list[Found]]:
    found: dict[int, list[Found]] = {}
    for token in tokens:
        found.setdefault(id(token.use.call), []).append(token)
    return found


def _made(value: Value) -> Made | None:
    return value.data.of if isinstance(value.data, External) and isinstance(value.data.of, Made) else None
