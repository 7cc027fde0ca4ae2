"""An endpoint of a token's life, and what it does to the tokens that are out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jwtlint.facts import Attribute, Binding, Constant, Name
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project.concepts import Issuance, Kind, Occurrence
from jwtlint.project.endpoints import Endpoint
from jwtlint.project.evidence import asks_elsewhere, sets_password, setting_fields
from jwtlint.project.names import Module, last_name
from jwtlint.project.reach import Place, Reached
from jwtlint.project.state import Access
from jwtlint.project.value import External

OTHERS = frozenset({"single-use", "service", "id"})


@dataclass(frozen=True)
class Stage:
    """An endpoint of a token's life with what it does there.

    What a library's view does is known only where its model says so.

    Args:
        tokens: those that it hands out.
        changes: what it writes and deletes on the server.
        ends: what it asks a library to revoke.
        unsure: words of what it calls and nobody knows.
    """

    endpoint: Endpoint
    reached: Reached
    tokens: tuple[Issuance, ...]
    changes: tuple[Access, ...]
    ends: tuple[Occurrence, ...]
    unsure: frozenset[str]

    @property
    def issued(self) -> frozenset[Kind]:
        """Kinds of the tokens that it hands out."""
        return frozenset(token.kind for token in self.tokens)

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields that it sets and that end all tokens of a user when they change."""
        names = sorted(vocabulary().version_fields)
        return tuple(name for name in names if self.reached.places & set(setting_fields(self._modules, [name])))

    @property
    def _modules(self) -> frozenset[Module]:
        return frozenset(module for module, _ in self.reached.places)

    @property
    def changes_tokens(self) -> bool:
        """Whether it changes state that tells live tokens from others, or may."""
        known = bool(self.ends or self.fields) or any(is_token_state(access) for access in self.changes)
        return known or bool(self.unsure & vocabulary().ending)

    @property
    def ends_old(self) -> bool:
        """Whether it changes what was known of older tokens, or may: a further row beside theirs leaves them as they are.

        Where rows are told apart by their age, a further one may end the others.
        """
        older = any(is_token_state(access) and not _adds_beside(access) for access in self.changes)
        newer = any(vocabulary().ordering & {*names_in(place)} for place in self.reached.places)
        known = bool(self.ends) or older or (newer and self.changes_tokens)
        marked = any(_marks(place) for place in self.reached.places)
        return known or marked or bool(self.unsure & vocabulary().ending) or _may_end(self.reached)

    @property
    def writes(self) -> str:
        """What it writes of tokens, as evidence of what it does not end."""
        rows = sorted({access.subject for access in self.changes if is_token_state(access)})
        return f"it adds a row of {rows[0]} and leaves the old one" if rows else "it writes nothing on the server"

    @property
    def may_rotate(self) -> bool:
        """Whether it hands out a refresh token, or something that may be one."""
        words = vocabulary()
        unsure = ({*words_of(name)} for name in self.reached.unknown)
        called = any("rotate" in told or ("refresh" in told and told & words.making) for told in unsure)
        return called or not self.issued.isdisjoint({"refresh", "unknown"})

    @property
    def authenticates_client(self) -> bool:
        """Whether it asks for a secret of the client, which a thief of the token has not."""
        names = vocabulary().client_secrets
        return any(names & {*names_in(place)} for place in self.reached.places)

    @property
    def changes_anything(self) -> bool:
        """Whether anything changes on the server, or may; in a logout that is taken for the end of the session."""
        words = vocabulary()
        elsewhere = isinstance(self.endpoint.handler, External) or asks_elsewhere(self.reached.places)
        told = self.changes_tokens or elsewhere or not all(map(_is_record, self.changes))
        ending = words.ending_in_logout - (words.completing if self._only_records else frozenset())
        return bool(told or self.unsure & ending)

    @property
    def sets_password(self) -> bool:
        """Whether it gives a user who is there already a password."""
        words = vocabulary()
        rows = (access for access in self.changes if access.action == "write" and not access.new)
        told = any(
            access.fields & words.password_fields and words.users & {*words_of(access.subject)} for access in rows
        )
        return told or any(sets_password(place) for place in self.reached.places)

    @property
    def is_of_plain_login(self) -> bool:
        """Whether it takes away cookies that only say who somebody is: there is no token to end."""
        dropped = {name for place in self.reached.places for name in _dropped_cookies(place)}
        return bool(dropped) and all("_".join(words_of(name)) in vocabulary().login_keys for name in dropped)

    @property
    def _only_records(self) -> bool:
        """Whether all that there is to complete is a record of what has happened."""
        fields = (
            item.target
            for module, scope in self.reached.places
            for item in module.facts.bindings
            if item.scope == scope
        )
        return (
            bool(self.changes)
            and all(map(_is_record, self.changes))
            and not any(isinstance(item, Attribute) for item in fields)
        )


def is_token_state(access: Access) -> bool:
    """Whether what is accessed tells live tokens from others, by its words; tables of links and API keys do not."""
    words = vocabulary()
    if any(field in words.version_fields or words.token_fields & {*words_of(field)} for field in access.fields):
        return True
    named = set(words_of(access.subject))
    home = words_of(access.module.path) if access.kind == "memory" else ()
    other = {*named, *home} & words.other_sessions and named & words.token_state <= words.sessions
    return bool(named & words.token_state) and not other and words.kind(access.subject) not in OTHERS


def sets_field(place: Place, names: frozenset[str], *, items: bool = True) -> bool:
    """Whether a function sets an attribute or an item of one of the names; a constructor only fills its own object.

    Args:
        items: whether items count: what is answered has items, too.
    """
    module, scope = place
    if scope.endswith("__init__"):
        return False
    return any(
        binding.scope == scope
        for held in ((module.members, module.items) if items else (module.members,))
        for name in names & held.keys()
        for binding in held[name]
    )


def names_in(place: Place) -> Iterator[str]:
    """Names of parameters, variables, attributes and keys in a function."""
    module, scope = place
    function = module.functions.get(scope)
    yield from (parameter.name for parameter in function.params) if function else ()
    for term in module.terms(scope):
        match term:
            case Name(id=name) | Attribute(name=name) | Constant(value=str(name)):
                yield name


def _dropped_cookies(place: Place) -> Iterator[str]:
    """Names of the cookies that a function takes away."""
    module, scope = place
    for use in module.uses.get("delete_cookie", ()):
        for item in use.call.args[:1] if use.scope == scope else ():
            named = (module.definitions.get((around, last_name(item.value)), ()) for around in module.enclosing(scope))
            bound = [one.value for found in named for one in found if isinstance(one, Binding)]
            yield from (str(term.value) for term in (item.value, *bound) if isinstance(term, Constant))


def _marks(place: Place) -> bool:
    """Whether a function sets a field that ends an older token: `used_at`, `token_version`, `user.refresh_jti`."""
    module, _ = place
    words = vocabulary()
    marks = frozenset(name for name in module.members if (words.marks | words.token_fields) & {*words_of(name)})
    return sets_field(place, words.version_fields) or sets_field(place, marks, items=False)


def _is_record(access: Access) -> bool:
    """Whether a write adds a row to a record of what has happened, which nobody asks whether it may happen again."""
    return access.new and bool({*words_of(access.subject)} & vocabulary().records)


def _adds_beside(access: Access) -> bool:
    """Whether a write adds a row and leaves the older ones good; a row in a list of those that are not ends one."""
    words = vocabulary()
    return access.new and not {*words_of(access.subject)} & (words.denying | words.marks)


def _may_end(reached: Reached) -> bool:
    """Whether something unknown is given a refresh token, or the id of a token, to end it."""
    words = vocabulary()
    verbs = words.ending | words.retiring | words.marks
    return any(verbs & {*words_of(name)} and _is_token(told) for name, told in reached.given if not _is_cookie(name))


def _is_token(name: str) -> bool:
    """Whether a name is that of a refresh token, or of the id of a token."""
    words = vocabulary()
    return bool((words.token_ids | words.token_fields) & {name, *words_of(name)})


def _is_cookie(name: str) -> bool:
    return bool({"cookie", "cookies"} & {*words_of(name)})


def may_ask(reached: Reached) -> bool:
    """Whether something unknown is asked of a list of tokens, or of the id of one."""
    words = vocabulary()
    listed = any((words.denying | words.allowing) & {*words_of(name)} for name in reached.unknown)
    return listed or any(
        words.token_ids & {*words_of(told)} and words.looking & {*words_of(name)} for name, told in reached.given
    )


def may_keep(reached: Reached) -> bool:
    """Whether something unknown is given a refresh token, or the id of a token, to keep; a cookie is no place to."""
    verbs = vocabulary().keeping
    return any(verbs & {*words_of(name)} and _is_token(told) for name, told in reached.given if not _is_cookie(name))
