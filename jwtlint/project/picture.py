"""The application's life as it is: which step issues, verifies, renews and revokes, and which steps are missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

from jwtlint.finding import Location
from jwtlint.project.concepts import Occurrence
from jwtlint.project.endpoints import Endpoint
from jwtlint.project.stages import Stage
from jwtlint.project.user_tokens import USERS
from jwtlint.project.value import UNKNOWN, Duration, Value

if TYPE_CHECKING:
    from jwtlint.project import Project
    from jwtlint.project.concepts import Issuance

Token = TypeVar("Token", bound=Occurrence)
Phase = Literal["login", "issue", "verify", "refresh", "logout", "password"]


NAMED = "the row that the token names"


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
    if project.tokens.issuances or project.state.sessions:
        project.life.look_around()
    steps = (
        *_logins(project),
        *_others(project),
        *_verifications(project),
        *_refreshes(project),
        *_logouts(project),
        *_passwords(project),
    )
    return Picture(project.use, project.has_browser, steps)


def _logins(project: Project) -> Iterator[Step]:
    life = project.life
    lives = _lives(project.tokens.issuances)
    own = [stage for stage in life.stages("login", "register") if stage.issued]
    for what, stage in _called(own):
        yield Step("login", what, f"issues {_kinds(stage.issued, lives)}", at=stage.endpoint.at, stores=_changed(stage))
    opening = {(call.module, call.use.scope): call for call in project.state.sessions}
    for what, stage in _called(life.stages("login", "register")):
        if stage.reached.places & opening.keys():
            yield Step("login", what, "opens a session on the server", at=stage.endpoint.at, stores=_changed(stage))
    # What a library's views give is known by its settings, and by no call.
    given = (
        frozenset(token.kind for token in project.tokens.issuances if not token.functions) if not own else frozenset()
    )
    views = [stage for stage in life.stages("login") if not stage.reached.places & opening.keys()] if given else []
    for what, stage in _called(views):
        yield Step("login", what, f"issues {_kinds(given, lives)}", at=stage.endpoint.at)
    if not own and not views:
        for token in _by_place(project.tokens.issuances):
            kinds = frozenset(other.kind for other in project.tokens.issuances if other.at == token.at)
            what = token.functions[-1] if token.functions else token.library
            yield Step("login", what, f"issues {_kinds(kinds, lives)}", at=token.at)


def _others(project: Project) -> Iterator[Step]:
    """Where tokens are made that log nobody in."""
    tokens = [token for token in project.issuances if token.kind not in USERS]
    lives = _lives(tokens)
    for token in _by_place(tokens):
        kinds = frozenset(other.kind for other in tokens if other.at == token.at)
        what = token.functions[0] if token.functions else token.library
        yield Step("issue", what, f"issues {_kinds(kinds, lives)}", at=token.at)


def _verifications(project: Project) -> Iterator[Step]:
    life = project.life
    renewed = any(stage.changes_tokens for stage in life.refreshes)
    longest = _lives(project.tokens.issuances).get("access")
    for token in _by_place(project.verifications):
        asked = tuple(name for name in project.state.consulted(token) if not token.names_state or name != NAMED)
        what = token.functions[0] if token.functions else token.library
        if token.checks("signature") is False:
            if token.is_trusted and not token.verified_elsewhere:
                yield Step("verify", what, "reads the token", "does not check its signature", token.at)
        elif token.third_party:
            yield Step("verify", what, "checks a token of another issuer with its published keys", at=token.at)
        elif asked:
            yield Step("verify", what, f"checks the token and asks {', '.join(asked)}", at=token.at, stores=asked)
        elif token.names_state:
            yield Step("verify", what, "checks the token and takes its id alone", at=token.at)
        elif token not in project.tokens.verifications or not life.is_issuer:
            yield Step("verify", what, "checks the token", at=token.at)
        elif renewed:
            until = f"within {longest}" if longest not in (None, "ever") else "when it ends"
            does = f"checks the token alone; what the refresh refuses is out {until}"
            yield Step("verify", what, does, at=token.at)
        else:
            yield Step("verify", what, "checks the token alone", "asks nothing that could refuse a live one", token.at)


def _refreshes(project: Project) -> Iterator[Step]:
    life = project.life
    if not life.is_issuer:
        return
    lives = _lives(project.tokens.issuances)
    for what, stage in _called(life.refreshes):
        rotates = "refresh" in stage.issued
        missing = ""
        if project.tokens.has_refresh and not rotates:
            missing = "gives no new refresh token for the old one"
        elif rotates and not stage.changes_tokens:
            missing = "keeps the old refresh token good"
        does = f"issues {_kinds(stage.issued, lives)}"
        yield Step("refresh", what, does, missing, stage.endpoint.at, _changed(stage))
    for renewal in life.library_refreshes:
        rotates = any(value.data is True for value in renewal.part("rotates"))
        ends = any(value.data is True for value in renewal.part("ends")) and bool(project.state.hooks)
        does = "gives a new pair" if rotates else "gives a new access token"
        missing = "keeps the old refresh token good" if not ends else ""
        if not rotates:
            missing = "gives no new refresh token for the old one"
        what = next((what for what, _ in _called(life.stages("refresh"))), renewal.library)
        yield Step("refresh", what, does, missing, renewal.at)
    if not life.refreshes and not life.library_refreshes:
        longest = lives.get("access")
        lasts = f"none: a login lasts as long as its token{f', for {longest}' if longest else ''}"
        asked = any(project.state.consulted(token) for token in project.tokens.verifications)
        yield Step("refresh", "", lasts if asked else "", "" if asked else lasts)


def _logouts(project: Project) -> Iterator[Step]:
    life = project.life
    if not life.is_issuer and not project.state.sessions:
        return
    stages = life.stages("logout")
    for what, stage in _called(stages):
        if stage.changes_anything:
            yield Step("logout", what, "ends the session", at=stage.endpoint.at, stores=_changed(stage))
        else:
            missing = "changes nothing on the server: the token stays good"
            yield Step("logout", what, "", missing, stage.endpoint.at)
    if not stages:
        yield Step("logout", "", "", "none on the server")


def _passwords(project: Project) -> Iterator[Step]:
    life = project.life
    if not life.is_issuer:
        return
    for stage in life.stages("password-change", "password-reset"):
        ends = stage.changes_tokens or project.state.follows_password
        if ends and stage.endpoint not in {change.endpoint for change in life.password_changes}:
            what = _named(stage.endpoint)
            does = "sets a new password and ends what was issued before"
            yield Step("password", what, does, at=stage.endpoint.at, stores=_changed(stage))
    for change in life.password_changes:
        what, at = _named(change.endpoint), change.endpoint.at
        yield Step("password", what, "sets a new password", "leaves issued tokens good", at)


def _called(stages: Iterable[Stage]) -> Iterator[tuple[str, Stage]]:
    """Stages with what a request to them looks like: those that one function answers are one."""
    found: dict[tuple[Location, str], list[Stage]] = {}
    for stage in stages:
        found.setdefault((stage.endpoint.at, stage.endpoint.path), []).append(stage)
    for same in found.values():
        methods = "/".join(dict.fromkeys(stage.endpoint.method for stage in same))
        yield _named(same[0].endpoint, methods), same[0]


def _named(endpoint: Endpoint, methods: str = "") -> str:
    """Method and path of an endpoint, or its name where it has no path of its own."""
    methods = methods or endpoint.method
    return (endpoint.path if methods == "*" else f"{methods} {endpoint.path}") if endpoint.path else endpoint.name


def _kinds(kinds: Iterable[str], lives: Mapping[str, str]) -> str:
    """Kinds of token with how long each lives, as far as that is known."""
    told = (f"{kind} token{f' for {lives[kind]}' if kind in lives else ''}" for kind in sorted(kinds))
    return " and ".join(text.removeprefix("unknown ") for text in told)


def _lives(tokens: Iterable[Issuance]) -> dict[str, str]:
    """How long tokens of each kind live, of those where that is known and the same for all."""
    found: dict[str, set[str]] = {}
    for token in tokens:
        lives = token.lifetimes or (Value(None if token.claims_without_expiry else UNKNOWN),)
        found.setdefault(token.kind, set()).update(map(_life, lives))
    return {kind: next(iter(lives)) for kind, lives in found.items() if len(lives) == 1 and "" not in lives}


def _life(life: Value) -> str:
    """A length of time in words; empty where it is not known."""
    if life.data is None or life.data is False:
        return "ever"
    return str(life.data) if isinstance(life.data, Duration) else ""


def _changed(stage: Stage) -> tuple[str, ...]:
    """The state that a stage changes, tables and keys as well as what a library keeps."""
    written = (access.subject for access in stage.changes if access.subject)
    return tuple(dict.fromkeys((*written, *stage.fields, *(item.library for item in stage.ends))))


def _by_place(tokens: Iterable[Token]) -> Iterable[Token]:
    """One of the tokens a place."""
    return {token.at: token for token in tokens}.values()
