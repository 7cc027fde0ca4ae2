"""What the readers of programs have in common: facts as they are collected, and where in the program the reader stands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

from jwtlint.facts import (
    Binding,
    Class,
    Facts,
    Function,
    Guard,
    Handler,
    Ignore,
    Import,
    Raise,
    Return,
    TokenText,
    Use,
)


@dataclass
class Place:
    """Where the reader stands: the scope, the `if`s and the `try`s around it within its function."""

    scope: str = ""
    when: tuple[Guard, ...] = ()
    handlers: tuple[Handler, ...] = ()


class Collected:
    """Collects facts in the order of the source."""

    def __init__(self) -> None:
        self.place = Place()
        self.branches = count()
        self.imports: list[Import] = []
        self.bindings: list[Binding] = []
        self.functions: list[Function] = []
        self.classes: list[Class] = []
        self.returns: list[Return] = []
        self.raises: list[Raise] = []
        self.uses: list[Use] = []
        self.tokens: list[TokenText] = []

    def facts(self, ignored: tuple[Ignore, ...]) -> Facts:
        """What has been collected, with the comments that ignore findings."""
        return Facts(
            tuple(self.imports), tuple(self.bindings), tuple(self.functions), tuple(self.classes),
            tuple(self.returns), tuple(self.raises), tuple(self.uses), tuple(self.tokens), ignored,
        )  # fmt: skip

    @contextmanager
    def at(self, place: Place) -> Iterator[None]:
        """Read what stands at another place, and come back."""
        before, self.place = self.place, place
        try:
            yield
        finally:
            self.place = before
