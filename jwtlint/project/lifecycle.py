"""A token's whole life: what each endpoint does about it, and what is looked for and found of its end."""

from __future__ import annotations

import posixpath
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project.concepts import Issuance, Occurrence
from jwtlint.project.endpoints import Endpoint
from jwtlint.project.evidence import counted, listed, setting_fields
from jwtlint.project.occurrences import taking_place
from jwtlint.project.reach import Place, Reached, functions
from jwtlint.project.routing import mounts_of_others
from jwtlint.project.stages import Stage
from jwtlint.project.token_state import UNSEEN
from jwtlint.project.user_tokens import USERS, ways
from jwtlint.project.value import FunctionRef

if TYPE_CHECKING:
    from jwtlint.project import Project

MAX_NAMING = 8  # files


class Lifecycle:
    """What rules ask of a token's life; tokens of users alone count."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._evaluator = project.evaluator
        self._tokens = project.tokens
        self._state = project.state

    @property
    def use(self) -> str:
        """What the application is, by what it does: who logs in where, and whose tokens it takes."""
        if self._tokens.issuances:
            return "web" if self._project.has_browser else "api"
        if self._state.sessions:
            return "web"
        issues = any(token.kind == "service" for token in self._project.issuances)
        return "service" if issues or not self._project.verifications else "resource-server"

    @property
    def is_issuer(self) -> bool:
        """Whether the application issues tokens of users; if so, the files of the rest of their life are wanted."""
        if self._project.use not in ("web", "api", "high-security") or not self._tokens.issuances:
            return False
        self.look_around()
        return True

    def look_around(self) -> None:
        """Have the files read that may hold the rest of a token's life."""
        self._look_for(vocabulary().life)

    def look_for_mounts(self) -> None:
        """Have the files read that say under which paths requests are answered: to draw them, for no rule asks."""
        self._look_for(vocabulary().mounting)
        folders = {folder for endpoint in self._project.endpoints for folder in PurePosixPath(endpoint.at.path).parents}
        self._evaluator.wanted |= {f"{folder}/__init__.py" for folder in folders} & self._project.observer.wanted

    def _look_for(self, words: frozenset[str]) -> None:
        for word in words:
            self._evaluator.wanted |= set(self._evaluator.mentioning(word)) - self._evaluator.modules.keys()

    def stages(self, *purposes: str) -> tuple[Stage, ...]:
        """The endpoints with one of the purposes, each with what it does."""
        found = (endpoint for endpoint in self._project.endpoints if endpoint.purpose in purposes)
        return tuple(self._stage(endpoint) for endpoint in found)

    @cached_property
    def logins(self) -> tuple[Stage, ...]:
        """Endpoints that log a user in and give tokens; those that say so where a library or an unseen way gives them."""
        stages = self.stages("login")
        giving = tuple(stage for stage in stages if stage.issued & USERS)
        return giving or (() if self._state.sessions else stages)

    @cached_property
    def entrances(self) -> tuple[Stage, ...]:
        """Endpoints that hand out tokens of users, by what they do and not by what they are called; refreshes are none."""
        refreshing = {stage.endpoint.handler for stage in self.refreshes}
        others = (e for e in self._project.endpoints if self._may_issue(e) and e.handler not in refreshing)
        return tuple(stage for endpoint in others if (stage := self._stage(endpoint)).issued & USERS)

    def _may_issue(self, endpoint: Endpoint) -> bool:
        """Whether an endpoint may issue tokens of users: it is on the way to one, is called so, or its file names one that is."""
        own = endpoint.handler
        if endpoint.purpose in ("refresh", "logout") or not isinstance(own, FunctionRef):
            return False
        named = endpoint.purpose in ("login", "register", "token")
        return named or self._is_on_the_way(endpoint) or own.module.path in self._naming

    @cached_property
    def _on_the_way(self) -> frozenset[Place]:
        return frozenset(place for token in self._tokens.issuances for place in ways(token))

    @cached_property
    def _naming(self) -> frozenset[str]:
        """Files that name the outermost function on a way to a token; a name that many hold tells nothing."""
        names = {token.functions[-1].rpartition(".")[2] for token in self._tokens.issuances if token.functions}
        files = (frozenset(self._evaluator.mentioning(name)) for name in names)
        return frozenset().union(*(found for found in files if len(found) <= MAX_NAMING))

    @cached_property
    def logs_in(self) -> bool:
        """Whether users log in here, by an endpoint or by a function on the way to a token: a library that only can issue
        tokens has no sessions.
        """
        named = (vocabulary().purpose(scope) for token in self._tokens.issuances for _, scope in ways(token))
        return any(purpose in ("login", "register") for purpose in named) or bool(self.stages("login", "token"))

    @cached_property
    def logouts(self) -> tuple[Stage, ...]:
        """Endpoints that end a login; those beside a login that gives no token, while others do, end something else."""
        return tuple(stage for stage in self.stages("logout") if self._ends_tokens(stage))

    def _ends_tokens(self, logout: Stage) -> bool:
        folder = posixpath.dirname(logout.endpoint.path)
        beside = [stage for stage in self.stages("login") if posixpath.dirname(stage.endpoint.path) == folder]
        giving = {posixpath.dirname(e.path) for e in self._project.endpoints if self._is_on_the_way(e)}
        unsure = any(stage.unsure & vocabulary().bearer for stage in beside)
        return not beside or not giving or folder in giving or unsure

    def _is_on_the_way(self, endpoint: Endpoint) -> bool:
        own = endpoint.handler
        return isinstance(own, FunctionRef) and (own.module, own.function.path) in self._on_the_way

    @cached_property
    def may_log_out(self) -> bool:
        """Whether anything ends a login, or may: an endpoint, a function that is called so, or routes of somebody else."""
        modules = self._evaluator.modules.values()
        named = (function.name for module in modules for function in module.facts.functions)
        if self.stages("logout") or any(vocabulary().purpose(name) == "logout" for name in named):
            return True
        if any(True for _ in mounts_of_others(self._project.observer)):
            return True
        ending = [access for access in self._state.accesses if access.action == "delete"]
        places = {(item.module, item.scope) for item in ending} | {
            (item.module, item.use.scope) for item in self._revoking
        }
        others = (e for e in self._project.endpoints if places and e.purpose not in ("login", "refresh", "register"))
        return any(
            reached.places & places for e in others if (reached := self._project.reach.of((e.handler, *e.before)))
        )

    @cached_property
    def refreshes(self) -> tuple[Stage, ...]:
        """What gives tokens for a token: endpoints that say so, and functions that verify one of a user and issue one."""
        named = [stage for stage in self.stages("refresh") if stage.issued & USERS]
        known = {place for stage in named for place in stage.reached.places}
        verifying = {place for token in (*self._tokens.verifications, *self._tokens.renewals) for place in ways(token)}
        issuing = {place for token in self._tokens.issuances for place in ways(token)}
        acting = [
            Endpoint("*", "", function, function.module.at(function.function.at), (), "refresh")
            for function in functions(sorted(verifying & issuing - known, key=lambda place: place[1]))
            if vocabulary().purpose(function.function.path) == "refresh"
        ]
        return (*named, *(self._stage(endpoint) for endpoint in acting))

    @cached_property
    def library_refreshes(self) -> tuple[Occurrence, ...]:
        """Where a library gives new tokens for old ones by its settings alone."""
        return taking_place(self._project.observer, "refreshes")

    @cached_property
    def password_changes(self) -> tuple[Stage, ...]:
        """Endpoints that set the password of a user who is there already and leave the tokens as they are."""
        if self._state.follows_password:
            return ()
        setting = (
            set(setting_fields(self._evaluator.modules.values(), self._state.compared))
            if self._state.compared
            else set()
        )
        changing = (self._stage(endpoint) for endpoint in self._project.endpoints if _may_change_a_user(endpoint))
        found = tuple(
            stage
            for stage in changing
            if stage.sets_password
            and not stage.changes_tokens
            and not setting & stage.reached.places
            and not (stage.issued and not stage.endpoint.purpose)
        )
        return () if found and self._unreached(setting) else found

    def _unreached(self, places: set[Place]) -> bool:
        """Whether some of the functions are called by no endpoint: by an event, perhaps, that nobody sees."""
        if not places:
            return False
        reached = (self._project.reach.of((e.handler, *e.before)).places for e in self._project.endpoints)
        return bool(places.difference(*reached))

    def _stage(self, endpoint: Endpoint) -> Stage:
        reached = self._project.reach.of((endpoint.handler, *endpoint.before))
        changes = (access for access in self._project.accesses if access.action != "look up")
        own = reached.places - self._done_by_reading(endpoint)
        here = tuple(access for access in changes if (access.module, access.scope) in own)
        revoking = (*self._revoking, *(self._closing if self._state.sessions else ()))
        ends = tuple(item for item in revoking if reached.holds(item.module, item.use.scope))
        told = (words for name in reached.unknown if not {"cookie", "cookies"} & set(words := words_of(name)))
        unsure = frozenset(word for words in told for word in words)
        return Stage(endpoint, reached, self._issued(endpoint, reached), here, ends, unsure)

    def _done_by_reading(self, endpoint: Endpoint) -> frozenset[Place]:
        """What requests of the same file that only read do as well, such as opening a database: it ends nothing."""
        near = [other for other in self._project.endpoints if other.at.path == endpoint.at.path]
        acting = {other.handler for other in near if other.method != "GET" or other.purpose}
        reading = (other for other in near if other.handler not in acting)
        return frozenset().union(*(self._project.reach.of((one.handler, *one.before)).places for one in reading))

    def _issued(self, endpoint: Endpoint, reached: Reached) -> tuple[Issuance, ...]:
        """The tokens on whose way the handler is, or whose whole way was reached."""
        own = endpoint.handler
        handler = (own.module, own.function.path) if isinstance(own, FunctionRef) else None
        found = ((token, ways(token)) for token in self._project.issuances)
        return tuple(token for token, way in found if way and (handler in way or reached.places.issuperset(way)))

    @cached_property
    def _revoking(self) -> tuple[Occurrence, ...]:
        return taking_place(self._project.observer, "revokes")

    @cached_property
    def _closing(self) -> tuple[Occurrence, ...]:
        return taking_place(self._project.observer, "closes-session")

    @property
    def evidence(self) -> str:
        """What was looked for that could end a token, and what was found of it, as the beginning of a sentence."""
        checks = len({token.at for token in self._tokens.verifications})
        asking = "none of which asks a" if checks > 1 else "which asks no"
        told = [f"{counted(checks, 'verification')} of access tokens, {asking}" if checks else "nothing asks a"]
        told[0] += " denylist, allow-list, token version or session row"
        if self._state.asked_on_refresh:
            names = [name for name in self._state.asked_on_refresh if name != UNSEEN]
            told.append(f"only the refresh asks {listed(names) or UNSEEN}")
        elif self._state.unread:
            told.append(f"{listed(self._state.unread)} is written and not read there")
        idle = bool(self.logouts) and not any(stage.changes_anything for stage in self.logouts)
        without = "which changes nothing" if len(self.logouts) == 1 else "none of which changes anything"
        ending = counted(len(self.logouts), "logout") if self.logouts else "no logout"
        return "; ".join((*told, f"{ending}, {without} on the server" if idle else ending))

    @property
    def denied_only(self) -> str:
        """That a list knows tokens once they have been ended, as a part of a sentence; empty where none does."""
        asked = any(self._state.consulted(token) for token in self._tokens.own)
        return " (a denylist knows only those that were handed in)" if asked or self._state.hooks else ""


def _may_change_a_user(endpoint: Endpoint) -> bool:
    """Whether an endpoint may be one that changes a user, by its method and the words of its handler and path."""
    words = vocabulary()
    if endpoint.purpose in ("password-change", "password-reset"):
        return endpoint.method != "GET"
    named = {*words_of(endpoint.name), *words_of(endpoint.path)}
    changing = endpoint.purpose == "" and endpoint.method in ("PUT", "PATCH", "*")
    return changing and bool(named & words.users) and not named & words.creating
