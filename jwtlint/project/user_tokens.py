"""The tokens of users: where they are issued, handed out and let in, by kind."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from jwtlint.finding import Location
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project.concepts import Issuance, Kind, Occurrence, Verification
from jwtlint.project.reach import Place, Reached
from jwtlint.project.value import Duration, FunctionRef

if TYPE_CHECKING:
    from jwtlint.project import Project

USERS: frozenset[Kind] = frozenset({"access", "refresh"})


class UserTokens:
    """Answers which tokens the application makes for users, and where it takes them back."""

    def __init__(self, project: Project) -> None:
        self._project = project

    @cached_property
    def issuances(self) -> tuple[Issuance, ...]:
        """Calls that make access and refresh tokens of users."""
        return tuple(token for token in self._project.issuances if token.kind in USERS)

    @cached_property
    def own(self) -> tuple[Verification, ...]:
        """Calls by which tokens are let in that the application issues itself."""
        found = (token for token in self._project.verifications if not token.third_party)
        return tuple(token for token in found if token.admits)

    @cached_property
    def verifications(self) -> tuple[Verification, ...]:
        """Calls by which access tokens that the application issues itself are let in."""
        return tuple(token for token in self.own if kind_of(token) == "access")

    @property
    def is_whole(self) -> bool:
        """Whether tokens of users are both made and let in here."""
        return bool(self.issuances and self.verifications)

    @cached_property
    def renewals(self) -> tuple[Verification, ...]:
        """Calls by which refresh tokens are let in."""
        return tuple(token for token in self.own if kind_of(token) == "refresh")

    @cached_property
    def redemptions(self) -> tuple[Verification, ...]:
        """Calls by which tokens are let in that are good for one thing, as those that are mailed."""
        return tuple(token for token in self.own if kind_of(token) == "single-use")

    @property
    def has_refresh(self) -> bool:
        """Whether refresh tokens are issued."""
        return any(token.kind == "refresh" for token in self.issuances)

    @cached_property
    def longest_access(self) -> Duration | None:
        """The longest life of an access token; None where one is not known."""
        lives = [life.data for token in self.issuances if token.kind == "access" for life in token.lifetimes]
        known = [life for life in lives if isinstance(life, Duration)]
        return max(known) if known and len(known) == len(lives) else None

    @property
    def refresh_until(self) -> str:
        """How long the longest refresh token is good, as the end of a sentence; empty where that is not known."""
        ends = {token.until for token in self.issuances if token.kind == "refresh"}
        return f" {ends.pop()}" if len(ends) == 1 else ""

    @cached_property
    def handed_out(self) -> tuple[tuple[Issuance, Location], ...]:
        """The tokens, access tokens of logins first, each with the call that gets it: the login's where one is known."""
        entering = {
            (endpoint.handler.module, endpoint.handler.function.path)
            for endpoint in self._project.endpoints
            if endpoint.purpose in ("login", "token") and isinstance(endpoint.handler, FunctionRef)
        }
        found = [(token, self._got(token, entering)) for token in self.issuances]
        found.sort(key=lambda pair: (pair[0].kind != "access", pair[1] is None))
        return tuple((token, at or token.at) for token, at in found)

    def _got(self, token: Issuance, entering: set[Place]) -> Location | None:
        """The call of a login that gets a token."""
        call = token.use.call
        for frame in token.frame.chain:
            if (frame.module, frame.scope) in entering or vocabulary().purpose(frame.scope) == "login":
                return frame.module.at(call.at)
            call = frame.use.call if frame.use else call
        return None

    def issued_in(self, reached: Reached) -> Iterator[Issuance]:
        """The tokens whose innermost way to be issued was reached."""
        for token in self.issuances:
            innermost = ways(token)[:2]
            if innermost and reached.places.issuperset(innermost):
                yield token


def ways(token: Occurrence) -> tuple[Place, ...]:
    """The functions on the way to a call, innermost first."""
    return tuple((frame.module, frame.scope) for frame in token.frame.chain if frame.function)


def kind_of(token: Verification) -> str:
    """The kind of token that a verification is for, by the names on the way to it: access where they tell nothing else."""
    words = vocabulary()
    for name in token.functions:
        told = words.kind("_".join(word for word in words_of(name) if word not in words.verifying))
        if told:
            return told
    return "access"
