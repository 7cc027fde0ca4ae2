"""What a request carries from one function to another: `request.state.user`, `g.user`, `request["user"]`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from jwtlint.facts import Arg, Attribute, Binding, Call, Constant, Items, Name, Return, Subscript, Term
from jwtlint.models.vocabulary import vocabulary
from jwtlint.project import calls, handlers
from jwtlint.project.names import Module, last_name
from jwtlint.project.value import ClassRef, Frame, FunctionRef, Value

if TYPE_CHECKING:
    from jwtlint.project.values import Evaluator

MAX_GIVERS = 8  # a name that more functions set tells too little


class Spot(NamedTuple):
    """Where a request carries something: the last name of what holds it, and the name that it has there."""

    holder: str
    name: str


class Gift(NamedTuple):
    """What a function leaves with the request."""

    module: Module
    fact: Binding | Return
    value: Term


@dataclass
class Carried:
    """Answers what is at a spot, who leaves it there, and who reads it."""

    evaluator: Evaluator
    _known: dict[Spot, list[Gift]] | None = None

    def values(self, term: Term, frame: Frame) -> tuple[Value, ...]:
        """What a term reads of a request, as far as that is known; nothing where it reads none."""
        spot = spot_of(term, frame.module, frame.scope)
        gifts = self._gifts.get(spot, []) if spot else []
        if spot is None or len(gifts) > MAX_GIVERS:
            return ()
        found: list[Value] = []
        for module, fact, value in gifts:
            at, giving = module.at(fact.at), calls.alone(self.evaluator, module, fact.scope)
            told = (item for item in self.evaluator.values(value, giving) if item.known and item.data is not None)
            found += [item.through(at, f"carried as {spot.name}") for item in told]
        return tuple(found)

    def given_by(self, fact: Binding | Return) -> tuple[Spot, ...]:
        """Where a statement leaves something."""
        return self._spots.get(id(fact), ())

    def readers(self, spot: Spot) -> Iterator[FunctionRef]:
        """The functions that read what is at a spot."""
        for module in self.evaluator.modules.values():
            given = {id(binding.target) for binding in module.facts.bindings}
            for scope, function in module.functions.items():
                terms = (term for term in module.terms(scope) if id(term) not in given)
                if any(spot_of(term, module, scope) == spot for term in terms):
                    yield FunctionRef(module, function)

    @cached_property
    def _spots(self) -> Mapping[int, tuple[Spot, ...]]:
        """Where statements leave something, by their identity."""
        found: dict[int, tuple[Spot, ...]] = defaultdict(tuple)
        for spot, gifts in self._gifts.items():
            for gift in gifts:
                found[id(gift.fact)] += (spot,)
        return found

    @property
    def _gifts(self) -> Mapping[Spot, list[Gift]]:
        """What is left at each spot; nothing while that is being worked out, which ends cycles."""
        if self._known is None:
            self._known = {}
            self._known = self._collected()
        return self._known

    def _collected(self) -> dict[Spot, list[Gift]]:
        found: dict[Spot, list[Gift]] = defaultdict(list)
        for module in self.evaluator.modules.values():
            for binding in module.facts.bindings:
                spot = spot_of(binding.target, module, binding.scope) if binding.scope else None
                if spot:
                    found[spot].append(Gift(module, binding, binding.value))
            for definition in module.facts.classes if self.evaluator.models.giving else ():
                for spot, gift in self._returned(ClassRef(module, definition)):
                    found[spot].append(gift)
        return found

    def _returned(self, own: ClassRef) -> Iterator[tuple[Spot, Gift]]:
        """What a framework leaves with the request of what a method of the class returns."""
        for model in handlers.classes(self.evaluator, own):
            for method, names in model.gives.items():
                for item in own.module.returns.get(f"{own.definition.path}.{method}", ()):
                    values = item.value.items if isinstance(item.value, Items) else (item.value,)
                    for name, value in zip(names, values, strict=False):
                        yield Spot(*name.split(".")), Gift(own.module, item, value)


def spot_of(term: Term, module: Module, scope: str) -> Spot | None:
    """The spot that a term reads or sets; None where it names none."""
    match term:
        case Attribute(base=base, name=name) | Subscript(base=base, key=Constant(value=str(name))):
            pass
        case Call(func=Attribute(base=base, name="get"), args=(Arg(value=Constant(value=str(name))), *_)):
            pass
        case Call(func=Name(id="getattr"), args=(Arg(value=base), Arg(value=Constant(value=str(name))), *_)):
            pass
        case _:
            return None
    holder = last_name(base)
    if holder not in vocabulary().carriers or isinstance(base, Name) and (scope, holder) in module.definitions:
        return None
    return Spot(holder, name)
