"""What the server knows of the tokens that are out: what it keeps, and what is asked where a token is let in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from jwtlint.facts import Attribute, Binding, Subscript
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project import calls, contents, handlers
from jwtlint.project.concepts import Kind, Occurrence, Verification
from jwtlint.project.evidence import compared_fields, compared_passwords, unsure_asking, user_fields, version_fields
from jwtlint.project.names import Module, last_name
from jwtlint.project.occurrences import taking_place
from jwtlint.project.reach import Reached, functions
from jwtlint.project.stages import is_token_state, may_ask, may_keep, sets_field
from jwtlint.project.state import Access
from jwtlint.project.user_tokens import USERS, kind_of, ways
from jwtlint.project.value import External

if TYPE_CHECKING:
    from jwtlint.project import Project

UNSEEN = "what is not known"
ROW = "the row that the token names"
MAX_UNREAD = 8  # files; a table that more of them name is surely looked up somewhere


class TokenState:
    """Answers what could end a token before its time."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._evaluator = project.evaluator
        self._tokens = project.tokens

    @cached_property
    def accesses(self) -> tuple[Access, ...]:
        """Accesses to state that tells live tokens from others."""
        found = tuple(access for access in self._project.accesses if is_token_state(access))
        kept = {access.subject for access in found if access.action == "write"}
        return tuple(access for access in found if access.kind != "memory" or access.subject in kept)

    @cached_property
    def hooks(self) -> tuple[Occurrence, ...]:
        """Where a library is told to ask for revoked tokens, or does so by itself."""
        return taking_place(self._project.observer, "checks-revocation")

    @cached_property
    def sessions(self) -> tuple[Occurrence, ...]:
        """Calls that open a session on the server, beside or instead of tokens."""
        return taking_place(self._project.observer, "opens-session")

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

    def consulted(self, token: Verification) -> tuple[str, ...]:
        """The state that may refuse a live token on the ways to a verification: tables, keys, fields, hooks."""
        hooks = [hook for hook in self.hooks if _covers(hook, kind_of(token))]
        asked = [handler for hook in hooks for handler in handlers.handlers(self._evaluator, hook.part("by"))]
        reached = self._project.reach.of((*self._deciding(token), *asked))
        named = (ROW,) if token.names_state else ()
        looked = self._looked_up(reached)
        fields = (
            *version_fields(reached.places),
            *compared_fields(self._copied, reached.places),
            *compared_passwords(token, reached.places),
        )
        named_so = sorted(name for name in reached.unknown if vocabulary().asking & set(words_of(name)))
        may = (UNSEEN,) if may_ask(reached) else ()
        unsure = (*named_so, *unsure_asking(ways(token)), *may)
        hooked = (name for hook in hooks for name in self._asked(hook))
        found = (*named, *looked, *fields, *hooked, *unsure)
        return tuple(dict.fromkeys(found))

    def _deciding(self, token: Verification) -> Iterator[handlers.Handler]:
        """The functions on the ways to a verification, and those that a library hands the claims to."""
        yield from functions(ways(token))
        yield from handlers.handlers(self._evaluator, token.part("callback"))

    def _asked(self, hook: Occurrence) -> tuple[str, ...]:
        """What a library asks for revoked tokens: a function of the project, a field of the user, or what it keeps itself."""
        own = (handlers.name(item) for item in handlers.handlers(self._evaluator, hook.part("by")))
        return (*own, *(str(value.data) for value in hook.part("follows"))) or (hook.library,)

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """The state that may refuse a live access token, on any way on which one is let in that is no logout."""
        entering = (
            token for token in self._tokens.verifications if "logout" not in map(vocabulary().purpose, token.functions)
        )
        consulted = [name for token in entering for name in self.consulted(token)]
        named = (*self._looked_up(self.guarding), *sorted(self.guarding.unknown))
        listed = (name for name in named if vocabulary().asking & set(words_of(name)))
        return tuple(dict.fromkeys((*consulted, *listed)))

    @cached_property
    def guarding(self) -> Reached:
        """What runs before requests of users who are logged in, whether it verifies tokens itself or stands beside what does."""
        outside = ("login", "logout", "register", "refresh")
        entering = (one for one in self._project.endpoints if one.purpose not in outside)
        before = ((*one.before, *handlers.before(self._evaluator, one.handler)) for one in entering)
        return self._project.reach.of(dict.fromkeys(guard for guards in before for guard in guards))

    def _looked_up(self, reached: Reached) -> Iterator[str]:
        """The state that is looked up in what was reached."""
        for access in self.accesses:
            if access.action == "look up" and reached.holds(access.module, access.scope):
                yield access.subject

    @cached_property
    def asked_on_refresh(self) -> tuple[str, ...]:
        """The state that may refuse a live refresh token."""
        told = [name for token in self._tokens.renewals for name in self.consulted(token)]
        for endpoint in self._project.endpoints:
            if endpoint.purpose == "refresh":
                told += self._looked_up(self._project.reach.of((endpoint.handler, *endpoint.before)))
        return tuple(dict.fromkeys((*told, *(hook.library for hook in self.hooks if _covers(hook, "refresh")))))

    @cached_property
    def unread(self) -> tuple[str, ...]:
        """State of tokens that is written and that no way on which a token is let in reads; sessions may be of anything."""
        words = vocabulary()
        read, telling = {*self.asked, *self.asked_on_refresh}, words.token_state - words.sessions
        kept = dict.fromkeys(access.subject for access in self.accesses if access.action == "write" and access.subject)
        return tuple(name for name in kept if name not in read and telling & {*words_of(name)})

    @cached_property
    def compared(self) -> tuple[str, ...]:
        """Fields of a user that tokens are compared with where they are let in."""
        words = vocabulary()
        fields = words.version_fields | words.user_keys | self._copied
        return tuple(name for name in self.asked if name in fields)

    @cached_property
    def _copied(self) -> frozenset[str]:
        """Fields of users that tokens carry a copy of, and that say neither who they are nor what they may do: whatever
        they are called, they are there to be compared.
        """
        words = vocabulary()
        telling = words.user_claims | words.authorization_claims | words.personal_claims | words.standing
        written = (item.value for token in self._tokens.issuances for item in contents.written(token))
        names = {name for value in written for name in user_fields(value)}
        return frozenset(name for name in names if not telling & {name, *words_of(name)})

    @cached_property
    def follows_password(self) -> bool:
        """Whether a token ends by itself when the password changes: its hash is compared, or is a part of the key."""
        told = any(value.data == "password" for hook in self.hooks for value in hook.part("follows"))
        return told or bool({*self.asked} & vocabulary().password_fields)

    @cached_property
    def keeps_refresh(self) -> bool:
        """Whether the server writes down refresh tokens, random ones among them."""
        fields = (name for access in self.accesses for name in (access.subject, *access.fields))
        return any("refresh" in words_of(name) for name in fields)

    @cached_property
    def tokens_name_sessions(self) -> bool:
        """Whether a login writes state that the verifications look up: the token is the key of a session."""
        if any(token.names_state for token in self._tokens.own):
            return True
        issuing = self._issuing(USERS)
        written = {
            item.subject for item in self.accesses if item.action == "write" and issuing.holds(item.module, item.scope)
        }
        return any(written & set(self.consulted(token)) for token in self._tokens.own)

    @cached_property
    def tracks_refresh(self) -> bool:
        """Whether what issues refresh tokens also writes state that knows of them, or a library does."""
        issuing = self._issuing(frozenset({"refresh"}))
        written = any(
            access.action == "write" and issuing.holds(access.module, access.scope) for access in self.accesses
        )
        fields = frozenset(name for module in self._project.modules.values() for name in module.members)
        kept = frozenset(name for name in fields if vocabulary().token_fields & {*words_of(name)})
        held = any(sets_field(place, kept, items=False) for place in issuing.places)
        covered = any("refresh" in _covered(hook) for hook in self.hooks)
        versioned = any(vocabulary().version_fields & {*self.consulted(token)} for token in self._tokens.own)
        return written or held or covered or versioned or may_keep(issuing)

    @cached_property
    def keeps_state(self) -> bool:
        """Whether the server knows anything of sessions or tokens."""
        if (
            self.hooks
            or self.logs_in_elsewhere
            or self.asked
            or any(self.consulted(token) for token in self._tokens.own)
        ):
            return True
        issuing = self._issuing(USERS)
        if may_keep(issuing):
            return True
        return any(issuing.holds(access.module, access.scope) and self._is_read(access) for access in self.accesses)

    def _is_read(self, access: Access) -> bool:
        """Whether a table that a login writes is more than a log: something looks its rows up, or changes them later."""
        if access.action != "write" or not access.subject.isidentifier() or access.subject.islower():
            return True
        unread = set(self._evaluator.mentioning(access.subject)) - self._evaluator.modules.keys()
        if len(unread) > MAX_UNREAD:
            return True
        self._evaluator.wanted |= unread
        return any(other.subject == access.subject and other.action != "write" for other in self.accesses)

    @cached_property
    def checking(self) -> Reached:
        """What decides about a token that is shown: all that is on the ways to verifications, and hooks."""
        named = [value for hook in self.hooks for value in hook.part("by")]
        asked = handlers.handlers(self._project.observer, named)
        deciding = dict.fromkeys(one for token in self._tokens.own for one in self._deciding(token))
        return self._project.reach.of((*deciding, *asked))

    @cached_property
    def issuing(self) -> Reached:
        """What is done on the ways to a token that is handed out."""
        return self._project.reach.of(functions({place for token in self._tokens.issuances for place in ways(token)}))

    def _issuing(self, kinds: frozenset[Kind]) -> Reached:
        """What is reached from the functions on the ways to tokens of those kinds."""
        places = {place for token in self._tokens.issuances if token.kind in kinds for place in ways(token)}
        return self._project.reach.of(functions(places))


def _covered(hook: Occurrence) -> frozenset[object]:
    """The kinds of token that a library asks of, as far as its model names them."""
    return frozenset(value.data for value in hook.part("covers"))


def _covers(hook: Occurrence, kind: str) -> bool:
    """Whether a library asks of that kind of token; of every kind where its model names none."""
    covered = _covered(hook)
    return not covered or kind in covered
