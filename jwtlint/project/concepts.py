"""The nouns that rules ask for: issuances, verifications, inspections."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from jwtlint.facts import Term, Use, entry
from jwtlint.finding import Location, Step
from jwtlint.models.vocabulary import vocabulary
from jwtlint.project import kinds, parts, settings, trust
from jwtlint.project.value import (
    UNKNOWN,
    ClassRef,
    Duration,
    External,
    Frame,
    FunctionRef,
    Instance,
    Made,
    Sequence,
    Table,
    Value,
)

if TYPE_CHECKING:
    from jwtlint.project.names import Module

_ALGORITHM = re.compile(r"(HS|RS|ES|PS)\d{3}|EdDSA")
Kind = Literal["access", "refresh", "single-use", "service", "id", "unknown"]


@dataclass(frozen=True)
class Occurrence:
    """A modelled call on one way to it."""

    use: Use
    frame: Frame
    bound: parts.Bound
    role: str

    @property
    def module(self) -> Module:
        return self.frame.module

    @property
    def at(self) -> Location:
        """The call."""
        return self.module.at(self.use.call.at)

    @property
    def library(self) -> str:
        return self.bound.model.library

    def part(self, name: str) -> tuple[Value, ...]:
        """What the model says of `name` here; nothing where it says nothing."""
        return self.bound.part(self.bound.model.roles[self.role].get(name))

    def has(self, name: str) -> bool:
        """Whether the library has such a part at all."""
        return name in self.bound.model.roles[self.role]

    @property
    def takes_place(self) -> bool:
        """Whether the call has this role at all: some have it only where they are given something, or are not."""
        needed, barred = (
            any(value.data is not None and value.data is not False for value in self.part(name))
            for name in ("if", "unless")
        )
        return (needed or not self.has("if")) and not (barred and self.has("unless"))

    @cached_property
    def functions(self) -> tuple[str, ...]:
        """Names of the functions on the way here, innermost first; a constructor is called after its class."""
        named = (frame.function for frame in self.frame.chain if frame.function)
        return tuple(one.scope.rpartition(".")[2] if one.name == "__init__" else one.name for one in named)

    @cached_property
    def keys(self) -> tuple[Value, ...]:
        """What signs or verifies."""
        return self.part("key")

    def argument(self, part: str) -> Term | None:
        """The expression that the call gives a part directly, by itself or as an entry of a mapping."""
        model = self.bound.model.roles[self.role].get(part)
        paths = (path for path in model.options if path.kind == "parameter") if model else ()
        given = (entry(self.bound.args[path.name].value, path.keys) for path in paths if path.name in self.bound.args)
        return next((term for term in given if term is not None), None)

    def parameters(self, part: str) -> tuple[str, ...]:
        """The parameters that may give a part."""
        model = self.bound.model.roles[self.role].get(part)
        return tuple(path.name for path in model.options if path.kind == "parameter") if model else ()

    def entry_of(self, part: str) -> str:
        """The entry of an object among the arguments that may give a part: `httpOnly` of `options.httpOnly`."""
        model = self.bound.model.roles[self.role].get(part)
        keys = (path.keys for path in model.options if path.kind == "parameter") if model else ()
        return next((key[-1] for key in keys if key), "")

    def setting_of(self, part: str) -> str:
        """The setting that a part comes from: the first that is set, else the last, through what it stands for."""
        model = self.bound.model.roles[self.role].get(part)
        names = [path.name for path in model.options if path.kind == "setting"] if model else []
        if not names:
            return ""
        evaluator = self.bound.evaluator
        given = (name for name in names if settings.is_set(evaluator, name))
        return next(given, "") or settings.last(evaluator, names[-1], self.bound.model.file)

    def way_of(self, part: str) -> tuple[Step, ...]:
        """The steps of the first value of a part that came any way."""
        return next((value.steps for value in self.part(part) if value.steps), ())

    @cached_property
    def unit(self) -> float:
        """Seconds that a number counts for, where the library takes numbers for durations."""
        return self._seconds("unit")

    @cached_property
    def text_unit(self) -> float:
        """Seconds that a text counts for that is a number alone."""
        return self._seconds("text-unit")

    def _seconds(self, part: str) -> float:
        return next((float(v.data) for v in self.part(part) if isinstance(v.data, int | float)), 1.0)


@dataclass(frozen=True)
class Issuance(Occurrence):
    """A call that makes a token."""

    @cached_property
    def via(self) -> tuple[Step, ...]:
        return (Step(self.at, "issued"),)

    @cached_property
    def algorithms(self) -> tuple[Value, ...]:
        return tuple(map(_spelled, self.part("algorithm")))

    @cached_property
    def claims(self) -> tuple[Value, ...]:
        """The payload: tables, or unknown."""
        return tuple(value if isinstance(value.data, Table) else Value(UNKNOWN) for value in self.part("claims"))

    @cached_property
    def added(self) -> frozenset[str]:
        """Names of claims that the library adds by itself."""
        return frozenset(str(value.data) for value in parts.elements(self.part("adds")))

    @cached_property
    def claims_without_expiry(self) -> tuple[Value, ...]:
        """Payloads that are known whole and hold no `exp`, where the library adds none itself.

        A payload that is only the key of state on the server is left out: the state has an expiry of its own.
        """
        may_add = any(not value.known for value in parts.elements(self.part("adds")))
        if self._given_life or "exp" in self.added or may_add:
            return ()
        state = vocabulary().state_claims
        return tuple(
            claims
            for claims in self.claims
            if isinstance(claims.data, Table)
            and claims.data.closed
            and "exp" not in claims.data.entries
            and not (claims.data.entries and claims.data.entries.keys() <= state)
        )

    @property
    def is_unnamed(self) -> bool:
        """Whether it surely has no claim that tells it from other tokens: payloads are known whole, and none has one.

        A class of the application that inherits the library's may add what it likes.
        """
        tables = [claims.data for claims in self.claims if isinstance(claims.data, Table)]
        if self.has("id"):
            own = isinstance(self.bound.target.of, ClassRef | Instance)
            if own or any(value.data is not None for value in self.part("id")) or not tables:
                return not own and all(value.data is None for value in self.part("id"))
        names = vocabulary().id_claims | vocabulary().state_claims
        known = bool(tables) and all(table.closed for table in tables) and len(tables) == len(self.claims)
        return known and not any(names & {*self.added, *table.entries} for table in tables)

    @cached_property
    def claim_names(self) -> tuple[str, ...]:
        """The claims that it is known to have, in order of the alphabet."""
        entries = (claims.data.entries.keys() for claims in self.claims if isinstance(claims.data, Table))
        named = {str(name) for keys in entries for name in keys} | self.added
        return tuple(sorted({*named, "exp"} if self._given_life else named))

    @cached_property
    def lifetimes(self) -> tuple[Value, ...]:
        """How long the token lives: Durations, None or False for ever, or unknown; nothing where no `exp` is set."""
        if self._given_life:
            return self._given_life
        found: list[Value] = []
        for claims in self.claims:
            if isinstance(claims.data, Table):
                found += [parts.duration(_moment_only(value), 1.0) for value in claims.data.get("exp")]
        return tuple(found)

    @property
    def until(self) -> str:
        """How long the token is good, as the end of a sentence."""
        known = [life.data for life in self.lifetimes if isinstance(life.data, Duration)]
        return f"for {max(known)}" if known else "until it expires"

    @cached_property
    def _given_life(self) -> tuple[Value, ...]:
        """How long the call itself says that the token lives; an `exp` that it is given may be a length, too."""
        lengths = tuple(parts.duration(value, self.unit, self.text_unit) for value in self.part("lifetime"))
        dates = (value if isinstance(value.data, str) else _moment_only(value) for value in self.part("exp"))
        return (*lengths, *(parts.duration(value, 1.0) for value in dates))

    @cached_property
    def kind(self) -> Kind:
        """What the token is for: by the model, by a claim that says so, by the names on the way here."""
        return kinds.kind(self)


def _spelled(algorithm: Value) -> Value:
    """The algorithm; a constant of a library, `ALGORITHMS.HS256`, is called after what it is."""
    name = algorithm.data.path.rpartition(".")[2] if isinstance(algorithm.data, External) else ""
    return algorithm.of(name) if _ALGORITHM.fullmatch(name) else algorithm


def _moment_only(value: Value) -> Value:
    """An `exp` that is a plain number is a date of its own, not a length of time."""
    return value if not isinstance(value.data, int | float | str) or value.data is True else Value(UNKNOWN)


@dataclass(frozen=True)
class Validation(Occurrence):
    """A call that checks the claims of a token whose signature has been verified before."""

    @cached_property
    def verified_by(self) -> frozenset[int]:
        """The calls, by identity, that gave the claims."""
        given = (value.data for value in self.part("claims"))
        return frozenset(id(item.of.call) for item in given if isinstance(item, External) and isinstance(item.of, Made))


@dataclass(frozen=True)
class Verification(Occurrence):
    """A call that reads a token and checks it.

    Args:
        completed_by: the calls that check the claims it gives, in libraries where that is a step of its own.
    """

    completed_by: tuple[Validation, ...] = ()

    def part(self, name: str) -> tuple[Value, ...]:
        """What the model says here, or what a completing call says where that one checks more."""
        further = tuple(value for step in self.completed_by for value in step.part(name))
        return further if any(value.data for value in further) else super().part(name)

    @property
    def completion(self) -> str:
        """How the claims are to be checked after the call, where the library leaves that to a call of its own."""
        return next((str(value.data) for value in self.part("completion")), "")

    def enforces(self, claim: str) -> bool:
        """Whether the code around the call looks at `claim` itself, so that a token without it is refused."""
        return trust.enforces(self, claim)

    @property
    def is_trusted(self) -> bool:
        """Whether what the token says is used for more than to choose a key or to tell the time; an object that verifies
        the tokens of every request is made for that.
        """
        return not self.has("token") or self._calls_back or trust.is_trusted(self)

    @property
    def _calls_back(self) -> bool:
        """Whether what the token says goes to a function of the application."""
        return any(isinstance(value.data, FunctionRef) for value in self.part("callback"))

    @property
    def admits(self) -> bool:
        """Whether requests are let in by the token: it is believed, or nothing of it is read and that it is good is enough."""
        return self.is_trusted or (self.checks("signature") is not False and not trust.claims_read(self))

    @property
    def names_state(self) -> bool:
        """Whether all that is read of the token is the key of state on the server, which has an expiry of its own."""
        read = trust.claims_read(self)
        return read is not None and frozenset() < read <= vocabulary().state_claims

    @property
    def verified_elsewhere(self) -> bool:
        """Whether the same token is verified by another call nearby."""
        return trust.verified_elsewhere(self)

    def header_field_of(self, part: str) -> str:
        """The field of the token's unverified header that a part is made of; empty if of none."""
        given = self.argument(part)
        return trust.header_field_in(self.bound.evaluator, given, self.frame) if given is not None else ""

    @property
    def letting_through(self) -> tuple[Location, ...]:
        """Handlers of a failed verification, here or on the way here, after which the request goes on."""
        return trust.letting_through(self)

    @cached_property
    def tokens(self) -> tuple[Value, ...]:
        return self.part("token")

    @cached_property
    def algorithms(self) -> tuple[Value, ...]:
        """The algorithms accepted, one a value; None where no list is given."""
        return tuple(map(_spelled, parts.elements(self.part("algorithms"))))

    @property
    def pinned_by_library(self) -> bool:
        """Whether the library refuses to verify without a list."""
        return any(value.data is True for value in self.part("pins"))

    @property
    def chooses_by_key(self) -> bool:
        """Whether the library takes algorithms that fit the kind of key where no list is given, and no others."""
        return any(value.data == "key" for value in self.part("pins"))

    @cached_property
    def audience(self) -> tuple[Value, ...]:
        return self.part("audience")

    @cached_property
    def issuer(self) -> tuple[Value, ...]:
        return self.part("issuer")

    def copied(self, part: str) -> tuple[Value, ...]:
        """The values of a part, such as `issuer`, that were read unchecked of a token: it is compared with itself."""
        return tuple(value for value in self.part(part) if trust.comes_of(self.bound.evaluator, value, "inspects"))

    @cached_property
    def leeways(self) -> tuple[Value, ...]:
        return tuple(parts.duration(value, self.unit) for value in self.part("leeway"))

    @cached_property
    def requires_expiry(self) -> bool | None:
        """Whether a token without `exp` is refused; None if that is not known."""
        if self.has("requires"):
            return _truth(self.part("requires"))
        if not self.has("required"):
            return None
        required = self.part("required")
        names = {value.data for value in parts.elements(required)}
        if "exp" in names:
            return True
        return None if UNKNOWN in names or any(_is_open(value) for value in required) else False

    def checks(self, name: str) -> bool | None:
        """Whether the check (`signature`, `exp`, `aud`, `iss`) is on; None if that is not known."""
        values = self.part(f"checks.{name}")
        return _truth(values) if values else None

    @cached_property
    def third_party(self) -> bool:
        """Whether the key is fetched from an issuer elsewhere, by the call itself or before it."""
        return "fetches-key" in self.bound.model.roles or any(
            trust.comes_of(self.bound.evaluator, value, "fetches-key", without="local") for value in self.keys
        )


def _is_open(value: Value) -> bool:
    return isinstance(value.data, Sequence) and not value.data.closed


@dataclass(frozen=True)
class Inspection(Occurrence):
    """A call that reads a token without checking it; `gives` is `header` or `claims`."""

    @cached_property
    def gives(self) -> str:
        return next((str(value.data) for value in self.part("gives")), "claims")

    @property
    def is_trusted(self) -> bool:
        """Whether what the token says is used for more than to choose a key or to tell the time."""
        return trust.is_trusted(self)

    @property
    def verified_elsewhere(self) -> bool:
        """Whether the same token is verified by another call nearby."""
        return trust.verified_elsewhere(self)


@dataclass(frozen=True)
class KeyFetch(Occurrence):
    """A call that fetches something by an address or path."""

    @cached_property
    def from_header(self) -> str:
        """The field of an unverified header that the address is made of; empty if of none."""
        source = self.argument("source")
        return trust.header_field_in(self.bound.evaluator, source, self.frame) if source else ""


def _truth(values: Iterable[Value]) -> bool | None:
    answers = {None if value.data is UNKNOWN else bool(value.data) for value in values}
    return answers.pop() if len(answers) == 1 else None
