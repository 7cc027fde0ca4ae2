"""Ways past a denylist: a token that has no id to ask by, and a store that does not answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from jwtlint.facts import (
    Arg,
    Attribute,
    Binary,
    Binding,
    Call,
    Constant,
    Either,
    Function,
    Guard,
    Handler,
    Name,
    Opaque,
    Raise,
    Return,
    Term,
    Unary,
    inside,
)
from jwtlint.finding import Location
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project import calls, parts
from jwtlint.project.handlers import handlers
from jwtlint.project.names import Module, last_name
from jwtlint.project.value import FunctionRef

if TYPE_CHECKING:
    from jwtlint.project import Project
    from jwtlint.project.values import Evaluator

_MAX_HOPS = 2  # functions between a look-up and who decides by it


@dataclass(frozen=True)
class Ask:
    """A statement that asks a denylist, by itself or through a function that does.

    Args:
        subject: the denylist.
        call: what asks, where it is a call.
    """

    subject: str
    module: Module
    scope: str
    point: int
    at: Location
    call: Call | None

    @property
    def function(self) -> Function | None:
        return self.module.function_of(self.scope)


@dataclass(frozen=True)
class Bypass:
    """A way past a denylist.

    Args:
        when: what lets a token through, as in "where …".
        certain: False where every token that is issued has an id, so that only one of another issuer would pass.
    """

    subject: str
    when: str
    at: Location
    certain: bool = True


class Bypasses:
    """Answers in which cases a denylist lets through what it should refuse."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._evaluator = project.observer

    @cached_property
    def found(self) -> tuple[Bypass, ...]:
        """All ways past the project's denylists."""
        found: dict[Location, Bypass] = {}
        for ask in self._asks:
            for way in (*self._unanswered(ask), *self._unnamed(ask)):
                found.setdefault(way.at, way)
        return tuple(found.values())

    @cached_property
    def _asks(self) -> tuple[Ask, ...]:
        """Statements that ask a denylist, those of functions that only write to it left out."""
        found: list[Ask] = []
        for store in self._project.denylists.denying:
            writing = {(access.module, access.scope) for access in store.writes}
            for access in store.looks:
                if (access.module, access.scope) not in writing:
                    call = _call_at(access.module, access.scope, access.at)
                    first = Ask(store.subject, access.module, access.scope, access.point, access.at, call)
                    found += [first, *self._through(first)]
        return tuple(dict.fromkeys(found))

    def _through(self, ask: Ask, hops: int = 0) -> Iterator[Ask]:
        """Calls of the function that asks."""
        function = ask.function
        if function is None or hops >= _MAX_HOPS or not _tells(function):
            return
        for module in self._evaluator.modules.values():
            for use in module.uses.get(function.name, ()):
                values = self._evaluator.values(use.call.func, calls.alone(self._evaluator, module, use.scope))
                if any(isinstance(v.data, FunctionRef) and v.data.function is function for v in values):
                    outer = Ask(ask.subject, module, use.scope, use.point, module.at(use.call.at), use.call)
                    yield outer
                    yield from self._through(outer, hops + 1)

    @cached_property
    def _hooks(self) -> frozenset[tuple[Module, str]]:
        """Functions that a library asks whether a token is revoked."""
        asked = [item for hook in self._project.state.hooks for item in handlers(self._evaluator, hook.part("by"))]
        return frozenset((item.module, item.function.path) for item in asked if isinstance(item, FunctionRef))

    def _answers(self, ask: Ask) -> bool:
        """Whether the function that asks answers True for a token that is revoked."""
        function = ask.function
        return (ask.module, ask.scope) in self._hooks or function is not None and _tells(function)

    def _decides(self, ask: Ask) -> bool:
        """Whether the function that asks lets tokens in itself."""
        return (ask.module, ask.scope) in self._project.state.checking.places and not self._answers(ask)

    def _unanswered(self, ask: Ask) -> Iterator[Bypass]:
        """Handlers of a store's failure after which the token counts as good."""
        for use in ask.module.facts.uses:
            if use.scope != ask.scope or use.point != ask.point:
                continue
            for handler in use.handlers:
                if _catches_failure(handler) and self._lets_through(ask, handler):
                    yield Bypass(ask.subject, "where it does not answer", ask.module.at(handler.at))

    def _lets_through(self, ask: Ask, handler: Handler) -> bool:
        if handler.outcome == "raises":
            return False
        if handler.outcome == "returns":
            said = [term.value if isinstance(term, Constant) else term for term in handler.returned]
            if self._answers(ask):
                return bool(said) and all(value is False or value is None for value in said)
            good = (value for value in said if value is True or isinstance(value, Name))
            return self._decides(ask) and any(True for _ in good)
        set_there = [item for item in _within(ask.module, ask.scope, handler) if isinstance(item.target, Name)]
        if any(not (isinstance(item.value, Constant) and item.value.value is False) for item in set_there):
            return False
        if self._answers(ask):
            returned = [item for item in ask.module.returns.get(ask.scope, ()) if item.at.line > handler.at.line]
            return all(isinstance(item.value, Constant) and not item.value.value for item in returned)
        return self._decides(ask)

    def _unnamed(self, ask: Ask) -> Iterator[Bypass]:
        """Whether a token without an id is let through where the denylist would be asked by it."""
        if not (self._answers(ask) or self._decides(ask)) or self._requires_id:
            return
        ids = _Ids(self._evaluator, ask)
        if not self._refuses(ask, ids):
            if self._is_guarded(ask, ids):
                yield Bypass(ask.subject, "where the token has no id", ask.at, not self._always_named)
            elif not self._always_named and ids.may_be_missing:
                yield Bypass(ask.subject, "where the token has no id, which is then looked up as None", ask.at)

    @cached_property
    def _requires_id(self) -> bool:
        """Whether every verification refuses tokens without an id."""
        required = [
            {value.data for value in parts.elements(token.part("required"))} for token in self._project.tokens.own
        ]
        return bool(required) and all(any(name in vocabulary().id_claims for name in names) for names in required)

    @cached_property
    def _always_named(self) -> bool:
        """Whether every token that is issued has an id."""
        names = vocabulary().id_claims
        issued = self._project.tokens.issuances
        return all(
            names & token.added
            or token.claims
            and all(names & set(getattr(claims.data, "entries", ())) for claims in token.claims)
            for token in issued
        )

    def _is_guarded(self, ask: Ask, ids: _Ids) -> bool:
        """Whether the denylist is asked only where there is an id."""
        whens = [use.when for use in ask.module.facts.uses if use.scope == ask.scope and use.point == ask.point]
        for when in whens[:1]:
            if any(ids.told(guard) is True for guard in when):
                return True
        for term in ask.module.terms(ask.scope):
            if isinstance(term, Binary) and term.operator == "and" and ids.holds(term.left) is True:
                if ask.call is None or any(part is ask.call for part in inside(term.right)):
                    if any(isinstance(part, Name) and part.point == ask.point for part in inside(term)):
                        return True
        return False

    def _refuses(self, ask: Ask, ids: _Ids) -> bool:
        """Whether the function does anything but let a token through where it has no id."""
        facts = ask.module.facts
        ends: tuple[Return | Raise, ...] = (*facts.raises, *facts.returns)
        for item in ends:
            if item.scope == ask.scope and any(ids.told(guard) is False for guard in item.when):
                value = item.value.value if isinstance(item.value, Constant) else item.value
                if isinstance(item, Raise):
                    return True
                if value is True and self._answers(ask) or value in (None, False) and not self._answers(ask):
                    return True
        return any(ids.lacks_in(term) for term in ask.module.terms(ask.scope))


def _call_at(module: Module, scope: str, at: Location) -> Call | None:
    return next((use.call for use in module.facts.uses if use.scope == scope and module.at(use.call.at) == at), None)


def _tells(function: Function) -> bool:
    """Whether a function is called after telling what is revoked."""
    words = set(words_of(function.name))
    return vocabulary().denies(function.name) and not words & {"not", "non", "ensure", "require", "assert", "add"}


def _catches_failure(handler: Handler) -> bool:
    """Whether a handler is for what a store raises that does not answer, or for everything."""
    known = vocabulary().store_failures
    return not handler.catches or any(last_name(term) in known for term in handler.catches)


def _within(module: Module, scope: str, handler: Handler) -> Iterator[Binding]:
    """What a handler's own body sets: what stands under it before anything that does not."""
    for item in module.facts.bindings:
        caught = any(getattr(guard.test, "kind", "") == "caught" for guard in item.when)
        if item.scope == scope and caught and item.at.line > handler.at.line:
            if not isinstance(item.value, Opaque):
                yield item


class _Ids:
    """The ids of tokens in a function that asks: which terms read one, and which tests hold only where there is one."""

    def __init__(self, evaluator: Evaluator, ask: Ask) -> None:
        self._evaluator = evaluator
        self._ask = ask
        self._frame = calls.alone(evaluator, ask.module, ask.scope)
        here = [item for item in ask.module.facts.bindings if item.scope == ask.scope and isinstance(item.target, Name)]
        self._missing = frozenset(last_name(item.target) for item in here if self._may_miss(item.value))
        params = (param.name for param in (ask.function.params if ask.function else ()))
        read = {last_name(item.target) for item in here if self._reads_id(item.value)}
        self._variables = frozenset(read | {name for name in params if name in vocabulary().id_claims})

    def _is_claim(self, key: Term) -> bool:
        values = self._evaluator.values(key, self._frame)
        return any(isinstance(value.data, str) and value.data in vocabulary().id_claims for value in values)

    def _may_miss(self, term: Term) -> bool:
        """Whether a term reads the id of a token in a way that gives None where there is none."""
        match term:
            case Call(func=Attribute(name="get"), args=(Arg(value=key), *rest)):
                nothing = all(isinstance(item.value, Constant) and item.value.value is None for item in rest)
                return nothing and self._is_claim(key)
        return False

    def _reads_id(self, term: Term) -> bool:
        """Whether a term reads the id of a token in any way that may give None."""
        return self._may_miss(term) or isinstance(term, Attribute) and term.name in vocabulary().id_claims

    def holds(self, term: Term) -> bool | None:
        """Whether a test holds where there is an id; False where it holds without one, None where it is of something else."""
        match term:
            case Name(id=name):
                return True if name in self._variables else None
            case Unary(operator="not", operand=operand):
                inner = self.holds(operand)
                return None if inner is None else not inner
            case Binary(operator="is" | "==" | "is not" | "!=", left=left, right=Constant(value=None)):
                inner = self.holds(left)
                return None if inner is None else inner == (term.operator in ("is not", "!="))
            case Binary(operator="in" | "not in", left=Constant() as key):
                return term.operator == "in" if self._is_claim(key) else None
            case Binary(operator="and", left=left, right=right):
                return next((told for told in (self.holds(left), self.holds(right)) if told is not None), None)
            case Either(test=None, options=options):
                return next((told for one in options if (told := self.holds(one)) is not None), None)
            case Call() | Attribute() if self._reads_id(term):
                return True
        return None

    def told(self, guard: Guard) -> bool | None:
        """Whether what stands under a guard runs where there is an id (True), or where there is none."""
        told = self.holds(guard.test)
        mixed = isinstance(guard.test, Binary) and guard.test.operator == "and" and not guard.holds
        mixed = mixed or isinstance(guard.test, Either) and guard.holds and told is True
        return None if told is None or mixed else told == guard.holds

    def lacks_in(self, term: Term) -> bool:
        """Whether a term is `not jti or …`, which also holds where there is no id."""
        return isinstance(term, Either) and term.test is None and self.holds(term.options[0]) is False

    @property
    def may_be_missing(self) -> bool:
        """Whether what asks is given an id that may be None."""
        ask = self._ask
        if ask.call is not None:
            parts_of = [term for term in inside(ask.call) if term is not ask.call]
            named = any(isinstance(term, Name) and term.id in self._missing for term in parts_of)
            return named or any(self._may_miss(term) for term in parts_of)
        looked = (term for term in ask.module.terms(ask.scope) if isinstance(term, Binary))
        here = (
            term for term in looked if any(isinstance(one, Name) and one.point == ask.point for one in inside(term))
        )
        return any(
            self._may_miss(term.left) or isinstance(term.left, Name) and term.left.id in self._missing
            for term in here
            if term.operator in ("in", "not in")
        )
