"""The application's life as it is: which step issues, verifies, renews and revokes, and which steps are missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

from jwtlint.finding import Location
from jwtlint.project.concepts import Occurrence
from jwtlint.project.lifecycle import Stage
from jwtlint.project.value import Duration

if TYPE_CHECKING:
    from jwtlint.project import Project
    from jwtlint.project.concepts import Issuance

Token = TypeVar("Token", bound=Occurrence)
Phase = Literal["login", "verify", "refresh", "logout", "password"]


@dataclass(frozen=True)
class Step:
    """One step of a token's life.

    Args:
        what: the endpoint or function.
        does: what it does there, in a few words.
        missing: what it ought to do and does not; empty where nothing is missing.
        stores: the state that it asks or changes.
    """

    phase: Phase
    what: str
    does: str
    missing: str = ""
    at: Location | None = None
    stores: tuple[str, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A token's life in one application; `use` is what the application is, as the configuration has it."""

    use: str
    has_browser: bool
    steps: tuple[Step, ...]


def picture(project: Project) -> Picture:
    """What the application does with its tokens, step by step."""
    steps = (
        *_logins(project),
        *_verifications(project),
        *_refreshes(project),
        *_logouts(project),
        *_passwords(project),
    )
    return Picture(project.use, project.has_browser, steps)


def _logins(project: Project) -> Iterator[Step]:
    life = project.life
    stages = [stage for stage in life.stages("login", "register") if stage.issued]
    for stage in stages:
        yield Step("login", _called(stage), f"issues {_kinds(stage)}", at=stage.endpoint.at, stores=_changed(stage))
    if not stages:
        for token in _by_place(life.issuances):
            what = token.functions[-1] if token.functions else token.library
            yield Step("login", what, f"issues {token.kind}{_life(token)}", at=token.at)


def _verifications(project: Project) -> Iterator[Step]:
    life = project.life
    for token in _by_place(project.verifications):
        asked = life.consulted(token)
        what = token.functions[0] if token.functions else token.library
        if token.third_party:
            yield Step("verify", what, "checks a token of another issuer with its published keys", at=token.at)
        elif asked:
            yield Step("verify", what, f"checks the token and asks {', '.join(asked)}", at=token.at, stores=asked)
        elif token in life.verifications and project.life.is_issuer:
            missing = "asks nothing that could refuse a live token"
            yield Step("verify", what, "checks signature and expiry", missing, token.at)
        else:
            yield Step("verify", what, "checks the token", at=token.at)


def _refreshes(project: Project) -> Iterator[Step]:
    if not project.life.is_issuer:
        return
    life = project.life
    for stage in life.refreshes:
        rotates = "refresh" in stage.issued
        missing = "" if stage.changes_tokens and rotates else "keeps the old refresh token good"
        yield Step("refresh", _called(stage), f"issues {_kinds(stage)}", missing, stage.endpoint.at, _changed(stage))
    for renewal in life.library_refreshes:
        rotates = any(value.data is True for value in renewal.part("rotates"))
        does = "gives a new pair" if rotates else "gives a new access token"
        yield Step("refresh", renewal.library, does, "" if rotates else "does not rotate", renewal.at)
    if not life.refreshes and not life.library_refreshes:
        yield Step("refresh", "", "", "there is no refresh: the token has to live as long as a session")


def _logouts(project: Project) -> Iterator[Step]:
    if not project.life.is_issuer:
        return
    stages = project.life.stages("logout")
    for stage in stages:
        missing = "" if stage.changes_anything else "changes nothing on the server: the token stays good"
        yield Step("logout", _called(stage), "ends the session", missing, stage.endpoint.at, _changed(stage))
    if not stages:
        yield Step("logout", "", "", "there is no logout on the server")


def _passwords(project: Project) -> Iterator[Step]:
    if not project.life.is_issuer:
        return
    for endpoint in project.life.password_changes:
        what = f"{endpoint.method} {endpoint.path or endpoint.name}"
        yield Step("password", what, "sets a new password", "leaves issued tokens good", endpoint.at)


def _called(stage: Stage) -> str:
    endpoint = stage.endpoint
    return f"{endpoint.method} {endpoint.path}" if endpoint.path else endpoint.name


def _kinds(stage: Stage) -> str:
    return " and ".join(sorted(stage.issued)) + " token" + "s" * (len(stage.issued) > 1)


def _changed(stage: Stage) -> tuple[str, ...]:
    return tuple(dict.fromkeys(access.subject for access in stage.changes if access.subject))


def _life(token: Issuance) -> str:
    lengths = [str(value.data) for value in token.lifetimes if isinstance(value.data, Duration)]
    return f" token for {lengths[0]}" if lengths else " token"


def _by_place(tokens: Iterable[Token]) -> Iterable[Token]:
    """One of the tokens a place."""
    return {token.at: token for token in tokens}.values()
