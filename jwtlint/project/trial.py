"""What the code makes of a token: whether one of another kind goes the way of the genuine one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jwtlint.facts import (
    Binary,
    Binding,
    Call,
    Constant,
    Either,
    Guard,
    Items,
    Name,
    Opaque,
    Raise,
    Term,
    Unary,
    inside,
)
from jwtlint.finding import Location
from jwtlint.project.flow import Flow, Read
from jwtlint.project.names import last_name
from jwtlint.project.objects import bases
from jwtlint.project.value import ClassRef, Frame, Instance, Table, Value


class _Some:
    """What a claim holds that is there and differs from token to token."""


class _Refused(Exception):
    """The token lacks what the code cannot do without."""


SOME = _Some()


def plain(value: Value) -> object:
    return value.data if isinstance(value.data, str | int | bool) or value.data is None else SOME


@dataclass(frozen=True)
class Trial:
    """What the code makes of a token, by the claims that it looks at."""

    flow: Flow
    genuine: Table
    other: Table
    telling: frozenset[str]

    @property
    def passes(self) -> bool:
        """Whether the other token surely goes the way of the genuine one, and that way does not refuse it."""
        if self.telling & self.flow.loose or "?" in self.flow.loose:
            return False
        try:
            return all(self._passes_in(frame) for frame in self.flow.levels)
        except _Refused:
            return False

    @property
    def tests(self) -> Iterator[Location]:
        """The tests of the claims that the two tokens do not have alike."""
        for frame in self.flow.levels:
            for fact in self.flow.facts(frame):
                yield from (frame.module.at(guard.at) for guard in fact.when if self._asks(guard, frame))

    def _passes_in(self, frame: Frame) -> bool:
        for fact in self.flow.facts(frame):
            guards = [guard for guard in fact.when if self._asks(guard, frame)]
            if not all(self._same_way(guard, frame) for guard in guards):
                return False
            by_claims_alone = guards and len(guards) == len(fact.when)
            if by_claims_alone and isinstance(fact, Raise) and all(self._taken(guard, frame) for guard in guards):
                return False
        return self._has_all_that_is_read(frame)

    def _has_all_that_is_read(self, frame: Frame) -> bool:
        """Whether every claim is there that is read otherwise than in a test.

        Raises:
            _Refused: reading one of them fails.
        """
        facts = tuple(self.flow.facts(frame))
        tested = {id(term) for fact in facts for guard in fact.when for term in inside(guard.test)}
        held = {id(fact.value) for fact in facts if isinstance(fact, Binding)}
        for term in self._terms(frame):
            read = self.flow.read(term, frame)
            if read and read.of is not None and not isinstance(term, Name):
                self._claim(read, frame, self.other)
                if read.name in self.telling and not {id(term)} & (tested | held):
                    return False
        return not self._is_model_refusing(frame)

    def _terms(self, frame: Frame) -> Iterator[Term]:
        for fact in self.flow.facts(frame):
            yield from inside(fact)

    def _is_model_refusing(self, frame: Frame) -> bool:
        """Whether a model that is made of the claims wants something else than the other token has."""
        for term in self._terms(frame):
            if isinstance(term, Call) and self.flow.is_whole(term, frame):
                for value in self.flow.values(term, frame):
                    if isinstance(value.data, Instance) and self._refuses(value.data.of):
                        return True
        return False

    def _refuses(self, model: ClassRef) -> bool:
        for one in bases(self.flow.evaluator, model):
            if not isinstance(one, ClassRef):
                continue
            for item in one.module.facts.bindings:
                scope, name = one.definition.path, last_name(item.target)
                if item.scope == scope and isinstance(item.target, Name) and item.annotation is not None:
                    bare = isinstance(item.value, Opaque) and item.value.kind == "declared"
                    if bare and name not in self.other.entries or self._is_narrow(item, name):
                        return True
                if item.scope in (f"{scope}.Config", scope) and name in ("extra", "model_config"):
                    return True
        return False

    def _is_narrow(self, item: Binding, name: str) -> bool:
        """Whether the annotation of a telling claim says more than that it is a text or a truth value."""
        names = {last_name(term) for term in inside(item.annotation)} - {"", "Optional", "Union", "None"}
        return name in self.telling and not names <= {"str", "bool", "int"}

    def _asks(self, guard: Guard, frame: Frame) -> bool:
        """Whether a test looks at the claims otherwise than at what both tokens have alike."""
        alike = (self.genuine.entries.keys() & self.other.entries.keys()) - self.telling
        reads = [read for term in inside(guard.test) if (read := self.flow.read(term, frame))]
        bare = {id(read.of) for read in reads if read.of is not None}
        whole = any(
            isinstance(term, Name | Call) and id(term) not in bare and self.flow.is_whole(term, frame)
            for term in inside(guard.test)
        )
        return whole or any(read.name not in alike for read in reads)

    def _same_way(self, guard: Guard, frame: Frame) -> bool:
        first, second = (self._truth(self._value(guard.test, frame, table)) for table in (self.genuine, self.other))
        return first is not None and first == second

    def _taken(self, guard: Guard, frame: Frame) -> bool:
        return self._truth(self._value(guard.test, frame, self.other)) is guard.holds

    def _truth(self, value: object) -> bool | None:
        """Whether a value counts as true: a claim that is there is taken to be filled."""
        return None if value is Ellipsis else True if value is SOME else bool(value)

    def _value(self, term: Term, frame: Frame, table: Table) -> object:
        """What a term is for a token with those claims; Ellipsis where that is not known."""
        read = self.flow.read(term, frame)
        if read:
            value = self._claim(read, frame, table)
            if isinstance(term, Binary):
                return (read.name in table.entries) is (term.operator == "in") if read.name != "?" else Ellipsis
            return value
        match term:
            case Constant(value=data):
                return data
            case Unary(operator="not", operand=operand):
                truth = self._truth(self._value(operand, frame, table))
                return Ellipsis if truth is None else not truth
            case Either(test=None, options=options):
                return self._any([self._truth(self._value(option, frame, table)) for option in options])
            case Binary(operator="and", left=left, right=right):
                both = [self._truth(self._value(one, frame, table)) for one in (left, right)]
                opposite = self._any([None if one is None else not one for one in both])
                return Ellipsis if opposite is Ellipsis else not opposite
            case Binary(operator=operator, left=left, right=right):
                return self._compared(operator, self._value(left, frame, table), self._value(right, frame, table))
            case Items(items=items):
                return tuple(self._value(item, frame, table) for item in items)
        values = self.flow.values(term, frame)
        known = plain(values[0]) if len(values) == 1 else SOME
        return Ellipsis if known is SOME else known

    def _any(self, truths: list[bool | None]) -> object:
        return True if True in truths else Ellipsis if None in truths else False

    def _compared(self, operator: str, left: object, right: object) -> object:
        """A comparison; that a claim which varies is not None is all that is known of it."""
        if Ellipsis in (left, right) or isinstance(right, tuple) and Ellipsis in right:
            return Ellipsis
        if SOME in (left, right) or isinstance(right, tuple) and SOME in right:
            known = None in (left, right) and operator in ("==", "is", "!=", "is not")
            return operator in ("!=", "is not") if known else Ellipsis
        match operator:
            case "==" | "is":
                return left == right
            case "!=" | "is not":
                return left != right
            case "in" | "not in" if isinstance(right, tuple):
                return (left in right) is (operator == "in")
        return Ellipsis

    def _claim(self, read: Read, frame: Frame, table: Table) -> object:
        """What a claim holds; where it is missing, what stands in for it."""
        found = table.entries.get(read.name)
        if read.name == "?":
            return Ellipsis
        if found is not None:
            known = {plain(value) for value in found}
            return known.pop() if len(known) == 1 else Ellipsis
        if read.fallback is not None:
            return self._value(read.fallback, frame, table)
        if read.of is None:
            return Ellipsis
        return self._default(read, frame)

    def _default(self, read: Read, frame: Frame) -> object:
        """What a model says that a missing claim is.

        Raises:
            _Refused: it is no model, or has no default, so that reading fails.
        """
        assert read.of is not None
        for value in self.flow.values(read.of, frame):
            if isinstance(value.data, Instance):
                for one in bases(self.flow.evaluator, value.data.of):
                    if isinstance(one, ClassRef):
                        for item in one.module.definitions.get((one.definition.path, read.name), ()):
                            declared = isinstance(item, Binding) and item.value
                            return declared.value if isinstance(declared, Constant) else Ellipsis
                return Ellipsis
        raise _Refused
