"""What a term can be, and how it came to be that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from jwtlint.finding import Location, Step

if TYPE_CHECKING:
    from jwtlint.facts import Call, Class, Function, Use
    from jwtlint.project.names import Module

Given = Literal["literal", "development", "fallback", "file", "library"]
MAX_STEPS = 12


class Unknown:
    """What nobody knows. It is never equal to anything and no rule may fire on it."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()


@dataclass(frozen=True, slots=True, order=True)
class Duration:
    """A length of time in seconds."""

    seconds: float

    def __str__(self) -> str:
        for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
            count = self.seconds / size
            if abs(count) >= 1 and count == round(count, 2):
                return f"{count:,.10g} {unit}{'' if count == 1 else 's'}"
        return f"{self.seconds:,.10g} second{'' if self.seconds == 1 else 's'}"


def minutes(count: float) -> Duration:
    return Duration(count * 60)


def hours(count: float) -> Duration:
    return Duration(count * 3600)


def days(count: float) -> Duration:
    return Duration(count * 86400)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time counted from now, in seconds.

    Args:
        unit: seconds that it counts in where numbers are added to it, as clocks of milliseconds are.
    """

    after: float
    unit: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A mapping.

    Args:
        closed: whether nothing unknown can be in it.
        loose: whether its entries are found without regard to case, by dotted names, and as attributes.
        attributes: whether its entries are its attributes, and it has no others: an object of a script.
    """

    entries: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    closed: bool = True
    loose: bool = False
    attributes: bool = False

    def has_attribute(self, name: str) -> bool:
        """Whether an entry may be asked for as an attribute."""
        return self.loose or self.attributes or name in self.entries

    def get(self, *path: str) -> tuple[Value, ...]:
        """What is at `path`; unknown where the table is open, nothing where it is closed."""
        head, *rest = path
        found = self.entries.get(head)
        if found is None and self.loose:
            found = next((values for key, values in self.entries.items() if key.casefold() == head.casefold()), None)
            if found is None and "." in head:
                return self.get(*head.split("."), *rest)
        if found is None:
            return () if self.closed else (Value(UNKNOWN),)
        if not rest:
            return found
        nested: list[Value] = []
        for value in found:
            nested += value.data.get(*rest) if isinstance(value.data, Table) else (Value(UNKNOWN),)
        return tuple(nested)


@dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    """A list, tuple or set: one group of values an element."""

    items: tuple[tuple[Value, ...], ...]
    closed: bool = True


@dataclass(frozen=True, slots=True)
class FileName:
    """A file by the end of its path, as much of it as is known."""

    path: str


@dataclass(frozen=True, slots=True)
class ModuleRef:
    """A module of the project."""

    module: Module


@dataclass(frozen=True, slots=True)
class FunctionRef:
    """A function of the project, bound to `receiver` where it was reached through an instance or class."""

    module: Module
    function: Function
    receiver: Instance | ClassRef | None = None

    @property
    def name(self) -> str:
        return self.function.name


@dataclass(frozen=True, slots=True)
class ClassRef:
    """A class of the project."""

    module: Module
    definition: Class


@dataclass(frozen=True, slots=True)
class Instance:
    """An object of a class of the project.

    Args:
        frame: the one in which its constructor ran.
        open: whether its fields may hold other things than are known.
    """

    of: ClassRef
    frame: Frame
    open: bool = False


@dataclass(frozen=True, slots=True)
class Parent:
    """`super()`: an object as one of the classes above that whose method this stands in."""

    receiver: Instance | ClassRef
    below: ClassRef


@dataclass(frozen=True, slots=True)
class Made:
    """The call outside the project that gave an object."""

    call: Call
    frame: Frame


@dataclass(frozen=True, slots=True)
class External:
    """Something of a package outside the project, by the path that leads to it: `jwt.PyJWT().encode`.

    Args:
        of: the object that it belongs to: the call that gave it, or the project's own class that inherits it; None for
            what a package has by itself.
    """

    path: str
    of: Made | ClassRef | Instance | None = None

    def member(self, path: str) -> External:
        """Something of the same object, at a path of its own."""
        return External(path, self.of)


@dataclass(frozen=True, slots=True)
class Method:
    """A method of a built-in value: `get` of a table, `timestamp` of a moment."""

    receiver: Value
    name: str


@dataclass(frozen=True, slots=True)
class Value:
    """One thing that a term can be.

    Args:
        data: a Python constant, or one of the classes of this module.
        steps: how it came, the place it was written first.
        certain: False where the way leads through a guess (an unknown receiver).
        given: whether it is written in code, is meant for a developer's machine there, is what a setting falls back on, stands in a config file, or is a
            library's own default.
        source: which default of which library it is; empty for anything else.
    """

    data: object
    steps: tuple[Step, ...] = ()
    certain: bool = True
    given: Given = "literal"
    source: str = ""

    @property
    def known(self) -> bool:
        return self.data is not UNKNOWN

    @property
    def inherited(self) -> bool:
        """Whether a class of the project has it from a library alone, so that its value is the library's own."""
        return isinstance(self.data, External) and isinstance(self.data.of, ClassRef | Instance)

    @property
    def holds(self) -> bool | None:
        """Whether it counts as true in a test; None where that is not known, as of what a package gives."""
        return None if self.data is UNKNOWN or isinstance(self.data, External) else bool(self.data)

    @property
    def text(self) -> str | None:
        """The value as text without regard to case, if it is one."""
        return self.data.casefold() if isinstance(self.data, str) else None

    @property
    def origin(self) -> Location | None:
        """Where it was written."""
        return self.steps[0].at if self.steps else None

    @property
    def default(self) -> str:
        """` (the default of SETTING in LIBRARY)` where nobody set it; empty otherwise."""
        return f" (the default of {self.source})" if self.given == "library" else ""

    def through(self, at: Location, note: str) -> Value:
        """The value one step further on."""
        if not self.known or (self.steps and self.steps[-1].at == at) or len(self.steps) >= MAX_STEPS:
            return self
        return replace(self, steps=(*self.steps, Step(at, note)))

    def in_development(self) -> Value:
        """The value as one that only a developer's machine takes from the code."""
        return replace(self, given="development") if self.given == "literal" else self

    def of(self, data: object) -> Value:
        """Another value that came the same way."""
        return replace(self, data=data)


NOTHING: tuple[Value, ...] = (Value(UNKNOWN),)


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One way into a function: what its parameters are there, and who called. Compared by identity."""

    module: Module
    function: Function | Class | None = None
    args: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    receiver: Instance | ClassRef | None = None
    caller: Frame | None = None
    use: Use | None = None

    @property
    def scope(self) -> str:
        return self.function.path if self.function else ""

    @property
    def chain(self) -> tuple[Frame, ...]:
        """This frame and those that led to it, innermost first."""
        frames: list[Frame] = []
        frame: Frame | None = self
        while frame:
            frames.append(frame)
            frame = frame.caller
        return tuple(frames)
