"""A token's whole life: who issues it, what may take it back, and what each endpoint does about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from jwtlint.facts import Attribute, Call, Constant, Subscript
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project import handlers
from jwtlint.project.concepts import Issuance, Kind, Occurrence, Verification
from jwtlint.project.endpoints import Endpoint
from jwtlint.project.names import last_name
from jwtlint.project.occurrences import modelled, referred
from jwtlint.project.reach import Place, Reach, Reached
from jwtlint.project.state import Access
from jwtlint.project.value import External, FunctionRef

if TYPE_CHECKING:
    from jwtlint.project import Project

USERS: frozenset[Kind] = frozenset({"access", "refresh"})
OTHERS = frozenset({"single-use", "service", "id"})


@dataclass(frozen=True)
class Stage:
    """An endpoint of a token's life with what it does there.

    Args:
        issued: kinds of the tokens that it hands out.
        changes: what it writes and deletes on the server.
        ends: what it asks a library to revoke.
        unsure: words of what it calls and nobody knows.
    """

    endpoint: Endpoint
    reached: Reached
    issued: frozenset[Kind]
    changes: tuple[Access, ...]
    ends: tuple[Occurrence, ...]
    unsure: frozenset[str]

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields that it sets and that end all tokens of a user when they change."""
        names = sorted(vocabulary().version_fields)
        return tuple(name for name in names if any(sets_field(place, {name}) for place in self.reached.places))

    @property
    def changes_tokens(self) -> bool:
        """Whether it changes state that tells live tokens from others, or may."""
        known = bool(self.ends or self.fields) or any(is_token_state(access) for access in self.changes)
        return known or bool(self.unsure & vocabulary().ending)

    @property
    def changes_anything(self) -> bool:
        """Whether anything changes on the server, or may; in a logout that is taken for the end of the session."""
        words = vocabulary()
        elsewhere = isinstance(self.endpoint.handler, External)  # what a library's view does is not said
        told = self.changes or self.changes_tokens or elsewhere
        return bool(told or self.unsure & words.ending_in_logout)


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

    def _with_role(self, role: str) -> Iterator[Occurrence]:
        yield from modelled(self._project.observer, {role})
        yield from referred(self._project.observer, {role})

    def consulted(self, token: Verification) -> tuple[str, ...]:
        """The state that may refuse a live token on the ways to a verification: tables, keys, fields, hooks."""
        reached = self._reach.of(self._functions(ways(token))).places
        named = ("the row that the token names",) if token.names_state else ()
        looked = (
            access.subject for access in self.state if access.action == "look up" and self._within(access, reached)
        )
        hooked = (name for hook in self.hooks if _covers(hook, kind_of(token)) for name in self._asked(hook))
        return tuple(dict.fromkeys((*named, *looked, *self._versions(reached), *hooked)))

    def _asked(self, hook: Occurrence) -> tuple[str, ...]:
        """What a library asks for revoked tokens: a function of the project, a field of the user, or what it keeps itself."""
        own = (handlers.name(item) for item in handlers.handlers(self._evaluator, hook.part("by")))
        return (*own, *(str(value.data) for value in hook.part("follows"))) or (hook.library,)

    def _versions(self, reached: Iterable[Place]) -> Iterator[str]:
        """Fields of a user that end all tokens when they change, as far as the places read one."""
        fields = vocabulary().version_fields
        for module, scope in reached:
            for term in module.terms(scope):
                name = term.name if isinstance(term, Attribute) else ""
                if isinstance(term, Subscript) and isinstance(term.key, Constant):
                    name = str(term.key.value)
                if name in fields:
                    yield name

    @cached_property
    def logs_in(self) -> bool:
        """Whether users log in here, by an endpoint or by a function on the way to a token: a library that only can issue
        tokens has no sessions.
        """
        named = (vocabulary().purpose(scope) for token in self.issuances for _, scope in ways(token))
        return any(purpose in ("login", "register") for purpose in named) or bool(self.stages("login"))

    @property
    def has_refresh(self) -> bool:
        """Whether refresh tokens are issued."""
        return any(token.kind == "refresh" for token in self.issuances)

    @cached_property
    def tracks_refresh(self) -> bool:
        """Whether what issues refresh tokens also writes state that knows of them, or a library does."""
        places = {place for token in self.issuances if token.kind == "refresh" for place in ways(token)}
        reached = self._reach.of(self._functions(places)).places
        written = any(access.action == "write" and self._within(access, reached) for access in self.state)
        return written or any("refresh" in _covered(hook) for hook in self.hooks)

    @cached_property
    def keeps_state(self) -> bool:
        """Whether the server knows anything of sessions or tokens."""
        if self.hooks or self.sessions or any(self.consulted(token) for token in self._own):
            return True
        issuing = {place for token in self.issuances for place in ways(token)}
        reached = self._reach.of(self._functions(issuing)).places
        return any(self._within(access, reached) for access in self.state)

    @cached_property
    def password_changes(self) -> tuple[Endpoint, ...]:
        """Endpoints that set the password of a user who is there already and leave the tokens as they are."""
        asked = {name for token in self.verifications for name in self.consulted(token)} & vocabulary().version_fields
        if self.follow_passwords or asked and self._may_follow_by_itself(asked):
            return ()
        found = []
        for endpoint in self._project.endpoints:
            if not _may_change_a_user(endpoint):
                continue
            stage = self._stage(endpoint)
            if any(sets_password(place) for place in stage.reached.places) and not stage.changes_tokens:
                if not stage.issued:
                    found.append(endpoint)
        return tuple(found)

    @property
    def follow_passwords(self) -> bool:
        """Whether a library ends the tokens of a user whose password has changed."""
        return any(value.data == "password" for hook in self.hooks for value in hook.part("follows"))

    def _may_follow_by_itself(self, fields: Set[str]) -> bool:
        """Whether something else than an endpoint may set the fields: nothing is seen to, or what runs with every save."""
        places = {(module, path) for module in self._project.modules.values() for path in module.functions}
        setting = {place for place in places if sets_field(place, fields)}
        endpoints = self._project.endpoints
        return not setting <= self._reach.of(e.handler for e in endpoints).places if setting else True

    def stages(self, *purposes: str) -> tuple[Stage, ...]:
        """The endpoints with one of the purposes, each with what it does."""
        found = (endpoint for endpoint in self._project.endpoints if endpoint.purpose in purposes)
        return tuple(self._stage(endpoint) for endpoint in found)

    @cached_property
    def refreshes(self) -> tuple[Stage, ...]:
        """What gives tokens for a token: endpoints that say so, and functions that verify one of a user and issue one."""
        named = [stage for stage in self.stages("refresh") if stage.issued]
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
        ends = tuple(item for item in self._revoking if self._at(item, reached.places))
        told = (words for name in reached.unknown if not {"cookie", "cookies"} & set(words := words_of(name)))
        unsure = frozenset(word for words in told for word in words)
        return Stage(endpoint, reached, self._issued(reached), here, ends, unsure)

    @cached_property
    def _revoking(self) -> tuple[Occurrence, ...]:
        return tuple(self._with_role("revokes"))

    def _issued(self, reached: Reached) -> frozenset[Kind]:
        """Kinds of the tokens whose every way to be issued, as far as it is of the project, was reached."""
        kinds = set()
        for token in self.issuances:
            innermost = ways(token)[:2]
            if innermost and reached.places.issuperset(innermost):
                kinds.add(token.kind)
        return frozenset(kinds)

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


def is_token_state(access: Access) -> bool:
    """Whether what is accessed tells live tokens from others, by its words; tables of links and API keys do not."""
    words = vocabulary()
    named = set(words_of(access.subject))
    return bool(named & words.token_state) and words.kind(access.subject) not in OTHERS


def sets_password(place: Place) -> bool:
    """Whether a function gives a user a password: sets a field that holds one, or calls what does."""
    module, scope = place
    words = vocabulary()
    for binding in module.facts.bindings:
        target = binding.target
        name = target.name if isinstance(target, Attribute) else ""
        if isinstance(target, Subscript) and isinstance(target.key, Constant):
            key = str(target.key.value)
            name = key if "_" in key else ""  # `options["password"]` is as often a mail server's
        if name in words.password_fields and binding.scope == scope and not scope.endswith("__init__"):
            return True
    return any(use.scope == scope for name in words.password_setters for use in module.uses.get(name, ()))


def sets_field(place: Place, names: Set[str]) -> bool:
    """Whether a function sets an attribute or an item of one of the names, or hands a value on by one of them; a constructor
    only fills its own object.
    """
    module, scope = place
    if scope.endswith("__init__"):
        return False
    held = (binding for found in (module.members, module.items) for name in names for binding in found.get(name, ()))
    if any(binding.scope == scope for binding in held):
        return True
    calls = (term for term in module.terms(scope) if isinstance(term, Call))
    return any(
        item.name in names and last_name(call.func) in vocabulary().setting for call in calls for item in call.args
    )


def _may_change_a_user(endpoint: Endpoint) -> bool:
    """Whether an endpoint may be one that changes a user, by its method and the words of its handler and path."""
    words = vocabulary()
    if endpoint.purpose in ("password-change", "password-reset"):
        return endpoint.method != "GET"
    named = {*words_of(endpoint.name), *words_of(endpoint.path)}
    changing = endpoint.purpose == "" and (endpoint.method in ("PUT", "PATCH") or bool(named & words.changing))
    return changing and bool(named & words.users) and not named & words.creating
