"""The application's life as it is: which step issues, verifies, renews and revokes, and which steps are missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

from jwtlint.finding import Location
from jwtlint.models.vocabulary import vocabulary
from jwtlint.project.concepts import Occurrence
from jwtlint.project.endpoints import Endpoint
from jwtlint.project.stages import Stage, is_token_state
from jwtlint.project.token_state import ROW, UNSEEN
from jwtlint.project.user_tokens import USERS
from jwtlint.project.value import UNKNOWN, Duration, Value

if TYPE_CHECKING:
    from jwtlint.project import Project
    from jwtlint.project.concepts import Issuance, Verification

Token = TypeVar("Token", bound=Occurrence)
LOGINS = ("login", "register", "token")
Phase = Literal["login", "issue", "keep", "verify", "refresh", "logout", "password"]


@dataclass(frozen=True)
class Step:
    """One step of a token's life.

    Args:
        what: the endpoint or function; empty where there is none.
        does: what it does there, in a few words.
        missing: what it ought to do and does not; empty where nothing is missing.
        stores: the state on the server that it asks or changes.
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
    if project.tokens.issuances:
        project.life.look_for_mounts()
    steps = (
        *_logins(project),
        *_issuances(project),
        *_kept(project),
        *_verifications(project),
        *_refreshes(project),
        *_logouts(project),
        *_passwords(project),
    )
    return Picture(project.use, project.has_browser, steps)


def _logins(project: Project) -> Iterator[Step]:
    """Where users log in: endpoints that hand out tokens or open a session, views of libraries that do."""
    for what, stage in _called(stage for stage in project.life.entrances if stage.endpoint.purpose in LOGINS):
        yield Step("login", what, _issuing(stage.tokens), at=stage.endpoint.at, stores=_changed(stage))
    opening = {(call.module, call.use.scope) for call in project.state.sessions}
    for what, stage in _called(stage for stage in project.life.stages(*LOGINS) if stage.reached.places & opening):
        yield Step("login", what, "opens a session on the server", at=stage.endpoint.at, stores=_changed(stage))
    for what, stage in _called(_views(project)):
        given = [token for token in project.tokens.issuances if not token.functions]
        yield Step("login", what, _issuing(given), at=stage.endpoint.at)


def _views(project: Project) -> tuple[Stage, ...]:
    """Logins that a library answers: what they give is known by its settings, and by no call."""
    if all(token.functions for token in project.tokens.issuances):
        return ()
    opening = {(call.module, call.use.scope) for call in project.state.sessions}
    known = opening.union(*(stage.reached.places for stage in project.life.entrances))
    return tuple(stage for stage in project.life.stages("login") if not stage.reached.places & known)


def _issuances(project: Project) -> Iterator[Step]:
    """Where tokens are made otherwise: by an endpoint that is not called a login, or by what no known endpoint reaches."""
    for what, stage in _called(stage for stage in project.life.entrances if stage.endpoint.purpose not in LOGINS):
        yield Step("issue", what, _issuing(stage.tokens), at=stage.endpoint.at, stores=_changed(stage))
    known = {id(token) for stage in project.life.refreshes for token in stage.tokens}
    known |= {id(token) for token in project.issuances if _views(project) and not token.functions}
    told = {token.at for stage in project.life.entrances for token in stage.tokens if token.kind in USERS}
    left = [token for token in project.issuances if id(token) not in known and token.at not in told]
    for token in _by_place(left):
        named = token.functions[-1 if token.kind in USERS else 0] if token.functions else token.library
        phase: Phase = "login" if vocabulary().purpose(named) in LOGINS else "issue"
        yield Step(phase, named, _issuing(other for other in left if other.at == token.at), at=token.at)


def _kept(project: Project) -> Iterator[Step]:
    """Where scripts of a page keep tokens."""
    for item in {(item.at, item.place): item for item in project.deliveries}.values():
        if item.is_by_page or item.place not in ("cookie", "body"):
            yield Step(
                "keep",
                f"{item.place} `{item.name}`" if item.name else item.place,
                f"holds {item.what} for every script",
                at=item.at,
            )


def _verifications(project: Project) -> Iterator[Step]:
    for token in _by_place(project.verifications):
        what = token.functions[0] if token.functions else token.library
        if token.checks("signature") is not False:
            yield _verifying(project, token, what)
        elif token.is_trusted and not token.verified_elsewhere:
            yield Step("verify", what, "reads the token", "does not check its signature", token.at)


def _verifying(project: Project, token: Verification, what: str) -> Step:
    """The step of a verification that checks the signature."""
    asked = project.state.consulted(token)
    stores = tuple(name for name in asked if name not in (ROW, UNSEEN))
    if token.third_party:
        return Step("verify", what, "checks a token of another issuer with its published keys", at=token.at)
    if stores or ROW in asked:
        does = "checks the token and asks the server" if stores else "checks the token and takes its id alone"
        return Step("verify", what, does, at=token.at, stores=stores)
    if UNSEEN in asked:
        return Step("verify", what, "checks the token; whether it asks the server is not known", at=token.at)
    if token not in project.tokens.verifications or not project.life.is_issuer:
        return Step("verify", what, "checks the token", at=token.at)
    if any(stage.changes_tokens for stage in project.life.refreshes):
        longest = project.tokens.longest_access
        until = f"within {longest}" if longest else "when it ends"
        return Step("verify", what, f"checks the token alone; what the refresh refuses is out {until}", at=token.at)
    return Step("verify", what, "checks the token alone", "asks nothing that could refuse a live one", token.at)


def _refreshes(project: Project) -> Iterator[Step]:
    life = project.life
    if not life.is_issuer:
        return
    for what, stage in _called(life.refreshes):
        rotates = "refresh" in stage.issued
        missing = ""
        if project.tokens.has_refresh and not rotates:
            missing = "gives no new refresh token for the old one"
        elif rotates and not stage.changes_tokens:
            missing = "keeps the old refresh token good"
        yield Step("refresh", what, _issuing(stage.tokens), missing, stage.endpoint.at, _changed(stage))
    for renewal in life.library_refreshes:
        yield _renewing(project, renewal)
    if not life.refreshes and not life.library_refreshes:
        yield _unrenewed(project)


def _renewing(project: Project, renewal: Occurrence) -> Step:
    """The step of a library that renews tokens by its settings alone."""
    what = next((what for what, _ in _called(project.life.stages("refresh"))), renewal.library)
    if not any(value.data is True for value in renewal.part("rotates")):
        missing = "gives no new refresh token for the old one"
        return Step("refresh", what, "issues an access token", missing, renewal.at)
    ends = any(value.data is True for value in renewal.part("ends")) and bool(project.state.hooks)
    missing = "" if ends else "keeps the old refresh token good"
    return Step("refresh", what, "issues an access token and a refresh token", missing, renewal.at)


def _unrenewed(project: Project) -> Step:
    """That no refresh is known; where the server is asked of every token, none need be."""
    if project.tokens.has_refresh:
        return Step("refresh", "", "", "none: no endpoint takes the refresh tokens that are issued")
    lives = _lives(token for token in project.tokens.issuances if token.kind == "access")
    lasts = f"none: a login lasts as long as its token{','[: bool(lives)]}{_for(lives)}"
    asked = any(project.state.consulted(token) for token in project.tokens.verifications)
    return Step("refresh", "", lasts if asked else "", "" if asked else lasts)


def _logouts(project: Project) -> Iterator[Step]:
    life = project.life
    if not life.is_issuer and not project.state.sessions:
        return
    for what, stage in _called(life.logouts):
        if stage.changes_anything:
            yield Step("logout", what, "ends the session", at=stage.endpoint.at, stores=_changed(stage))
        else:
            missing = "changes nothing on the server: the token stays good"
            yield Step("logout", what, "", missing, stage.endpoint.at)
    for client in project.client_logouts:
        if not client.asks:
            yield Step(
                "logout", client.name, "takes the token out of the browser", "tells the server nothing", client.at
            )
    if not life.logouts:
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


def _issuing(tokens: Iterable[Issuance]) -> str:
    """Which kinds of token are issued, with how long each lives, as far as that is known."""
    kinds: dict[str, list[Issuance]] = {}
    for token in tokens:
        kinds.setdefault(token.kind, []).append(token)
    told = (f"{_with_article(kind)}{_for(_lives(kinds[kind]))}" for kind in sorted(kinds))
    return f"issues {' and '.join(told)}"


def _with_article(kind: str) -> str:
    return "a token" if kind == "unknown" else f"{'an' if kind[0] in 'ai' else 'a'} {kind} token"


def _lives(tokens: Iterable[Issuance]) -> tuple[str, ...]:
    """How long tokens live, each length once; of lengths some of which are not known, the longest one that is."""
    lives = [
        life
        for token in tokens
        for life in token.lifetimes or (Value(None if token.claims_without_expiry else UNKNOWN),)
    ]
    if all(life.known for life in lives):
        return tuple(dict.fromkeys(map(_life, lives)))
    known = [life.data for life in lives if isinstance(life.data, Duration)]
    return (f"for {max(known)} by default",) if known else ()


def _life(life: Value) -> str:
    """A length of time as the end of a phrase; empty where it is not known."""
    if life.data is None or life.data is False:
        return "without an expiry"
    return f"for {life.data}" if isinstance(life.data, Duration) else ""


def _for(lives: Iterable[str]) -> str:
    told = " or ".join(lives).replace(" or for ", " or ")
    return f" {told}" if told else ""


def _changed(stage: Stage) -> tuple[str, ...]:
    """The state of tokens that a stage changes, tables and keys as well as what a library keeps."""
    written = (access.subject for access in stage.changes if access.subject and is_token_state(access))
    return tuple(dict.fromkeys((*written, *stage.fields, *(item.library for item in stage.ends))))


def _by_place(tokens: Iterable[Token]) -> Iterable[Token]:
    """One of the tokens a place."""
    return {token.at: token for token in tokens}.values()
