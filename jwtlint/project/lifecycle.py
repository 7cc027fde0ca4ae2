"""A token's whole life: who issues it, what may take it back, and what each endpoint does about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from jwtlint.facts import Attribute, Binding, Subscript
from jwtlint.finding import Location
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project import calls, handlers
from jwtlint.project.concepts import Issuance, Kind, Occurrence, Verification
from jwtlint.project.endpoints import Endpoint
from jwtlint.project.evidence import (
    compared_passwords,
    counted,
    listed,
    sets_password,
    setting_fields,
    unsure_asking,
    version_fields,
)
from jwtlint.project.names import Module, last_name
from jwtlint.project.occurrences import modelled, referred
from jwtlint.project.reach import Place, Reach, Reached
from jwtlint.project.routing import mounts_of_others
from jwtlint.project.stages import Stage, is_token_state, may_ask, may_keep, sets_field
from jwtlint.project.state import Access
from jwtlint.project.value import Duration, External, FunctionRef

if TYPE_CHECKING:
    from jwtlint.project import Project

USERS: frozenset[Kind] = frozenset({"access", "refresh"})
MAX_UNREAD = 8  # files; a table that more of them name is surely looked up somewhere


class Lifecycle:
    """What rules ask of a token's life; tokens of users alone count."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._evaluator = project.evaluator
        self._reach = Reach(project.evaluator)

    @cached_property
    def issuances(self) -> tuple[Issuance, ...]:
        """Calls that make access and refresh tokens of users."""
        return tuple(token for token in self._project.issuances if token.kind in USERS)

    @cached_property
    def verifications(self) -> tuple[Verification, ...]:
        """Calls by which access tokens that the application issues itself are let in."""
        return tuple(token for token in self._own if kind_of(token) == "access")

    @property
    def is_whole(self) -> bool:
        """Whether tokens of users are both made and let in here."""
        return bool(self.issuances and self.verifications)

    @cached_property
    def renewals(self) -> tuple[Verification, ...]:
        """Calls by which refresh tokens are let in."""
        return tuple(token for token in self._own if kind_of(token) == "refresh")

    @cached_property
    def redemptions(self) -> tuple[Verification, ...]:
        """Calls by which tokens are let in that are good for one thing, as those that are mailed."""
        return tuple(token for token in self._own if kind_of(token) == "single-use")

    @cached_property
    def _own(self) -> tuple[Verification, ...]:
        found = (token for token in self._project.verifications if not token.third_party)
        return tuple(token for token in found if token.is_trusted)

    @property
    def use(self) -> str:
        """What the application is, by what it does: who logs in where, and whose tokens it takes."""
        if self.issuances:
            return "web" if self._project.has_browser else "api"
        if self.sessions:
            return "web"
        issues = any(token.kind == "service" for token in self._project.issuances)
        return "service" if issues or not self._project.verifications else "resource-server"

    @property
    def is_issuer(self) -> bool:
        """Whether the application issues tokens of users; if so, the files of the rest of their life are wanted."""
        if self._project.use not in ("web", "api", "high-security") or not self.issuances:
            return False
        self.look_around()
        return True

    def look_around(self) -> None:
        """Have the files read that may hold the rest of a token's life."""
        known = self._evaluator.modules.keys()
        for word in vocabulary().life:
            self._evaluator.wanted |= set(self._evaluator.mentioning(word)) - known

    @cached_property
    def state(self) -> tuple[Access, ...]:
        """Accesses to state that tells live tokens from others."""
        found = tuple(access for access in self._project.accesses if is_token_state(access))
        kept = {access.subject for access in found if access.action == "write"}
        return tuple(access for access in found if access.kind != "memory" or access.subject in kept)

    @cached_property
    def hooks(self) -> tuple[Occurrence, ...]:
        """Where a library is told to ask for revoked tokens, or does so by itself."""
        return tuple(self._with_role("checks-revocation"))

    @cached_property
    def sessions(self) -> tuple[Occurrence, ...]:
        """Calls that open a session on the server, beside or instead of tokens."""
        return tuple(self._with_role("opens-session"))

    @cached_property
    def logs_in_elsewhere(self) -> bool:
        """Whether a user is kept in the framework's own session: by a call, or as an item of the session."""
        return bool(self.sessions) or any(self._keeps_user(module) for module in self._project.modules.values())

    def _keeps_user(self, module: Module) -> bool:
        """Whether a file sets an item of a library's session that names a user."""
        named = (name for name in module.items if vocabulary().user_claims & {name, *words_of(name)})
        return any(self._is_session(module, binding) for name in named for binding in module.items[name])

    def _is_session(self, module: Module, binding: Binding) -> bool:
        """Whether what an item is set of is a library's session."""
        assert isinstance(binding.target, Subscript | Attribute)
        base = binding.target.base
        observer = self._project.observer
        found = observer.values(base, calls.alone(observer, module, binding.scope))
        named = f"{module.language.prefix}{last_name(base)}"
        paths = {value.data.path if isinstance(value.data, External) else named for value in found}
        models = (observer.models.call(f"{path}.__setitem__") for path in paths if path)
        return any(model is not None and "opens-session" in model.roles for model in models)

    def _with_role(self, role: str) -> Iterator[Occurrence]:
        yield from (item for item in self.told(role) if item.takes_place)

    def told(self, role: str) -> tuple[Occurrence, ...]:
        """What has a role, whether the role takes place or is switched off."""
        return (*modelled(self._project.observer, {role}), *referred(self._project.observer, {role}))

    def consulted(self, token: Verification) -> tuple[str, ...]:
        """The state that may refuse a live token on the ways to a verification: tables, keys, fields, hooks."""
        hooks = [hook for hook in self.hooks if _covers(hook, kind_of(token))]
        asked = [handler for hook in hooks for handler in handlers.handlers(self._evaluator, hook.part("by"))]
        reached = self._reach.of((*self._functions(ways(token)), *asked))
        named = ("the row that the token names",) if token.names_state else ()
        looked = (
            access.subject
            for access in self.state
            if access.action == "look up" and self._within(access, reached.places)
        )
        fields = (*version_fields(reached.places), *compared_passwords(token, reached.places))
        named_so = sorted(name for name in reached.unknown if vocabulary().asking & set(words_of(name)))
        may = ("what is not known",) if may_ask(reached) else ()
        unsure = (*named_so, *unsure_asking(ways(token)), *may)
        hooked = (name for hook in hooks for name in self._asked(hook))
        found = (*named, *looked, *fields, *hooked, *unsure)
        return tuple(dict.fromkeys(found))

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """The state that may refuse a live access token, on any way on which one is let in that is no logout."""
        entering = (token for token in self.verifications if "logout" not in map(vocabulary().purpose, token.functions))
        return tuple(dict.fromkeys(name for token in entering for name in self.consulted(token)))

    @cached_property
    def asked_on_refresh(self) -> tuple[str, ...]:
        """The state that may refuse a live refresh token."""
        told = (name for token in self.renewals for name in self.consulted(token))
        return tuple(dict.fromkeys((*told, *(hook.library for hook in self.hooks if _covers(hook, "refresh")))))

    @cached_property
    def unread(self) -> tuple[str, ...]:
        """State of tokens that is written and that no way on which a token is let in reads."""
        read = {*self.asked, *self.asked_on_refresh}
        kept = dict.fromkeys(access.subject for access in self.state if access.action == "write" and access.subject)
        return tuple(name for name in kept if name not in read)

    @cached_property
    def longest_access(self) -> Duration | None:
        """The longest life of an access token; None where one is not known."""
        lives = [life.data for token in self.issuances if token.kind == "access" for life in token.lifetimes]
        known = [life for life in lives if isinstance(life, Duration)]
        return max(known) if known and len(known) == len(lives) else None

    @property
    def evidence(self) -> str:
        """What else was looked for that could end a token, in words."""
        told = []
        if self.asked_on_refresh:
            told.append(f"only the refresh asks ({listed(self.asked_on_refresh)})")
        elif self.unread:
            told.append(f"{listed(self.unread)} is written and not read there")
        else:
            told.append("no denylist, allow-list, token version or session row")
        logouts = self.stages("logout")
        idle = sum(not stage.changes_anything for stage in logouts)
        told.append(
            f"{counted(len(logouts), 'logout')}{', which changes nothing on the server' if idle == len(logouts) else ''}"
            if logouts
            else "no logout"
        )
        return "; ".join(told)

    def _asked(self, hook: Occurrence) -> tuple[str, ...]:
        """What a library asks for revoked tokens: a function of the project, a field of the user, or what it keeps itself."""
        own = (handlers.name(item) for item in handlers.handlers(self._evaluator, hook.part("by")))
        return (*own, *(str(value.data) for value in hook.part("follows"))) or (hook.library,)

    @cached_property
    def logs_in(self) -> bool:
        """Whether users log in here, by an endpoint or by a function on the way to a token: a library that only can issue
        tokens has no sessions.
        """
        named = (vocabulary().purpose(scope) for token in self.issuances for _, scope in ways(token))
        return any(purpose in ("login", "register") for purpose in named) or bool(self.stages("login", "token"))

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

    @cached_property
    def session_evidence(self) -> str:
        """What was looked for and found of the server's part in a token's life, in one line."""
        checks = len({token.at for token in self._own})
        logouts = self.stages("logout")
        idle = [stage for stage in logouts if not stage.changes_anything]
        parts = [
            f"{checks} verification{'s' * (checks != 1)} and no session, refresh row, allow-list, denylist or token version "
            "that is asked",
            f"{len(logouts)} logout{'s' * (len(logouts) != 1)}" if logouts else "no endpoint logs out",
        ]
        if idle and len(idle) == len(logouts):
            parts[-1] += (
                ", which changes nothing on the server" if len(idle) == 1 else ", none of which changes the server"
            )
        return "; ".join(filter(None, parts))

    @staticmethod
    def until(token: Issuance) -> str:
        """How long the token is good, as the end of a sentence."""
        known = [life.data for life in token.lifetimes if isinstance(life.data, Duration)]
        return f"for {max(known)}" if known else "until it expires"

    @property
    def refresh_until(self) -> str:
        """How long the longest refresh token is good, as the end of a sentence; empty where that is not known."""
        ends = {self.until(token) for token in self.issuances if token.kind == "refresh"}
        return f" {ends.pop()}" if len(ends) == 1 else ""

    @cached_property
    def logins(self) -> tuple[Stage, ...]:
        """Endpoints that log a user in and give tokens; those that say so where a library or an unseen way gives them."""
        stages = self.stages("login")
        giving = tuple(stage for stage in stages if stage.issued & USERS)
        return giving or (() if self.sessions else stages)

    @cached_property
    def may_log_out(self) -> bool:
        """Whether anything ends a login, or may: an endpoint, a function that is called so, or routes of somebody else."""
        modules = self._evaluator.modules.values()
        named = (function.name for module in modules for function in module.facts.functions)
        if self.stages("logout") or any(vocabulary().purpose(name) == "logout" for name in named):
            return True
        if any(True for _ in mounts_of_others(self._project.observer)):
            return True
        ending = [access for access in self.state if access.action == "delete"]
        places = {(item.module, item.scope) for item in ending} | {
            (item.module, item.use.scope) for item in self._revoking
        }
        others = (e for e in self._project.endpoints if places and e.purpose not in ("login", "refresh", "register"))
        return any(reached.places & places for e in others if (reached := self._reach.of((e.handler, *e.before))))

    @property
    def has_refresh(self) -> bool:
        """Whether refresh tokens are issued."""
        return any(token.kind == "refresh" for token in self.issuances)

    @property
    def denied_only(self) -> str:
        """That a list knows tokens once they have been ended, as a part of a sentence; empty where none does."""
        asked = any(self.consulted(token) for token in self._own)
        return " (a denylist knows only those that were handed in)" if asked or self.hooks else ""

    @cached_property
    def keeps_refresh(self) -> bool:
        """Whether the server writes down refresh tokens, random ones among them."""
        fields = (name for access in self.state for name in (access.subject, *access.fields))
        return any("refresh" in words_of(name) for name in fields)

    @cached_property
    def tokens_name_sessions(self) -> bool:
        """Whether a login writes state that the verifications look up: the token is the key of a session."""
        if any(token.names_state for token in self._own):
            return True
        issuing = self._issuing(USERS).places
        written = {item.subject for item in self.state if item.action == "write" and self._within(item, issuing)}
        return any(written & set(self.consulted(token)) for token in self._own)

    @cached_property
    def tracks_refresh(self) -> bool:
        """Whether what issues refresh tokens also writes state that knows of them, or a library does."""
        issuing = self._issuing(frozenset({"refresh"}))
        written = any(access.action == "write" and self._within(access, issuing.places) for access in self.state)
        fields = frozenset(name for module in self._project.modules.values() for name in module.members)
        kept = frozenset(name for name in fields if vocabulary().token_fields & {*words_of(name)})
        held = any(sets_field(place, kept, items=False) for place in issuing.places)
        covered = any("refresh" in _covered(hook) for hook in self.hooks)
        versioned = any(vocabulary().version_fields & {*self.consulted(token)} for token in self._own)
        return written or held or covered or versioned or may_keep(issuing)

    @cached_property
    def keeps_state(self) -> bool:
        """Whether the server knows anything of sessions or tokens."""
        if self.hooks or self.logs_in_elsewhere or any(self.consulted(token) for token in self._own):
            return True
        issuing = self._issuing(USERS)
        if may_keep(issuing):
            return True
        return any(self._within(access, issuing.places) and self._is_read(access) for access in self.state)

    def _issuing(self, kinds: frozenset[Kind]) -> Reached:
        """What is reached from the functions on the ways to tokens of those kinds."""
        places = {place for token in self.issuances if token.kind in kinds for place in ways(token)}
        return self._reach.of(self._functions(places))

    def _is_read(self, access: Access) -> bool:
        """Whether a table that a login writes is more than a log: something looks its rows up, or changes them later."""
        if access.action != "write" or not access.subject.isidentifier() or access.subject.islower():
            return True
        unread = set(self._evaluator.mentioning(access.subject)) - self._evaluator.modules.keys()
        if len(unread) > MAX_UNREAD:
            return True
        self._evaluator.wanted |= unread
        return any(other.subject == access.subject and other.action != "write" for other in self.state)

    @cached_property
    def compared(self) -> tuple[str, ...]:
        """Fields of a user that tokens are compared with where they are let in."""
        words = vocabulary()
        fields = words.version_fields | words.user_keys
        return tuple(name for name in self.asked if name in fields)

    @cached_property
    def follows_password(self) -> bool:
        """Whether a token ends by itself when the password changes: its hash is compared, or is a part of the key."""
        told = any(value.data == "password" for hook in self.hooks for value in hook.part("follows"))
        return told or bool({*self.asked} & vocabulary().password_fields)

    @cached_property
    def password_changes(self) -> tuple[Stage, ...]:
        """Endpoints that set the password of a user who is there already and leave the tokens as they are."""
        if self.follows_password:
            return ()
        setting = set(setting_fields(self._evaluator.modules.values(), self.compared)) if self.compared else set()
        changing = (self._stage(endpoint) for endpoint in self._project.endpoints if _may_change_a_user(endpoint))
        found = tuple(
            stage
            for stage in changing
            if any(sets_password(place) for place in stage.reached.places)
            and not stage.changes_tokens
            and not setting & stage.reached.places
            and not (stage.issued and not stage.endpoint.purpose)
        )
        return () if found and self._unreached(setting) else found

    def _unreached(self, places: set[Place]) -> bool:
        """Whether some of the functions are called by no endpoint: by an event, perhaps, that nobody sees."""
        if not places:
            return False
        reached = (self._reach.of((e.handler, *e.before)).places for e in self._project.endpoints)
        return bool(places.difference(*reached))

    def stages(self, *purposes: str) -> tuple[Stage, ...]:
        """The endpoints with one of the purposes, each with what it does."""
        found = (endpoint for endpoint in self._project.endpoints if endpoint.purpose in purposes)
        return tuple(self._stage(endpoint) for endpoint in found)

    @cached_property
    def refreshes(self) -> tuple[Stage, ...]:
        """What gives tokens for a token: endpoints that say so, and functions that verify one of a user and issue one."""
        named = [stage for stage in self.stages("refresh") if stage.issued & USERS]
        known = {place for stage in named for place in stage.reached.places}
        verifying = {place for token in (*self.verifications, *self.renewals) for place in ways(token)}
        issuing = {place for token in self.issuances for place in ways(token)}
        acting = [
            Endpoint("*", "", function, function.module.at(function.function.at), (), "refresh")
            for function in self._functions(sorted(verifying & issuing - known, key=lambda place: place[1]))
            if vocabulary().purpose(function.function.path) == "refresh"
        ]
        return (*named, *(self._stage(endpoint) for endpoint in acting))

    @cached_property
    def library_refreshes(self) -> tuple[Occurrence, ...]:
        """Where a library gives new tokens for old ones by its settings alone."""
        return tuple(self._with_role("refreshes"))

    def _stage(self, endpoint: Endpoint) -> Stage:
        reached = self._reach.of((endpoint.handler, *endpoint.before))
        changes = (access for access in self._project.accesses if access.action != "look up")
        here = tuple(access for access in changes if self._within(access, reached.places))
        revoking = (*self._revoking, *(self._closing if self.sessions else ()))
        ends = tuple(item for item in revoking if self._at(item, reached.places))
        told = (words for name in reached.unknown if not {"cookie", "cookies"} & set(words := words_of(name)))
        unsure = frozenset(word for words in told for word in words)
        return Stage(endpoint, reached, self._issued(endpoint, reached), here, ends, unsure)

    @cached_property
    def _revoking(self) -> tuple[Occurrence, ...]:
        return tuple(self._with_role("revokes"))

    @cached_property
    def _closing(self) -> tuple[Occurrence, ...]:
        return tuple(self._with_role("closes-session"))

    def _issued(self, endpoint: Endpoint, reached: Reached) -> frozenset[Kind]:
        """Kinds of the tokens on whose way the handler is, or whose whole way was reached."""
        own = endpoint.handler
        handler = (own.module, own.function.path) if isinstance(own, FunctionRef) else None
        found = ((token.kind, ways(token)) for token in self._project.issuances)
        return frozenset(kind for kind, way in found if way and (handler in way or reached.places.issuperset(way)))

    def issued_in(self, reached: Reached) -> Iterator[Issuance]:
        """The tokens whose innermost way to be issued was reached."""
        for token in self.issuances:
            innermost = ways(token)[:2]
            if innermost and reached.places.issuperset(innermost):
                yield token

    @cached_property
    def checking(self) -> Reached:
        """What decides about a token that is shown: all that is on the ways to verifications, and hooks."""
        named = [value for hook in self.hooks for value in hook.part("by")]
        asked = handlers.handlers(self._project.observer, named)
        return self._reach.of((*self._functions({place for token in self._own for place in ways(token)}), *asked))

    @cached_property
    def issuing(self) -> Reached:
        """What is done on the ways to a token that is handed out."""
        return self._reach.of(self._functions({place for token in self.issuances for place in ways(token)}))

    @property
    def own(self) -> tuple[Verification, ...]:
        """Calls by which tokens of users that the application issues itself are let in."""
        return self._own

    @property
    def verifies(self) -> bool:
        """Whether tokens of users are let in here at all."""
        return bool(self._own)

    def _within(self, access: Access, places: frozenset[Place]) -> bool:
        return any(access.module is module and _inside(access.scope, scope) for module, scope in places)

    def _at(self, item: Occurrence, places: frozenset[Place]) -> bool:
        return any(item.module is module and _inside(item.use.scope, scope) for module, scope in places)

    def _functions(self, places: Iterable[Place]) -> Iterator[FunctionRef]:
        for module, scope in places:
            if scope in module.functions:
                yield FunctionRef(module, module.functions[scope])


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


def _covered(hook: Occurrence) -> frozenset[object]:
    """The kinds of token that a library asks of, as far as its model names them."""
    return frozenset(value.data for value in hook.part("covers"))


def _covers(hook: Occurrence, kind: str) -> bool:
    """Whether a library asks of that kind of token; of every kind where its model names none."""
    covered = _covered(hook)
    return not covered or kind in covered


def _inside(scope: str, outer: str) -> bool:
    return scope == outer or scope.startswith(f"{outer}.")


def _may_change_a_user(endpoint: Endpoint) -> bool:
    """Whether an endpoint may be one that changes a user, by its method and the words of its handler and path."""
    words = vocabulary()
    if endpoint.purpose in ("password-change", "password-reset"):
        return endpoint.method != "GET"
    named = {*words_of(endpoint.name), *words_of(endpoint.path)}
    changing = endpoint.purpose == "" and endpoint.method in ("PUT", "PATCH", "*")
    return changing and bool(named & words.users) and not named & words.creating
