"""What one file says, by itself.

A reader turns bytes into `Facts`; nothing here holds a path, so equal content gives equal facts. Terms are the
small expression language that every reader lowers its own syntax into: a rule never learns which language it
looks at.

Spans are 1-based, their end column is exclusive, and columns count code points, as SARIF has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

import msgspec


class Span(NamedTuple):
    """A stretch of a file's text."""

    line: int
    column: int
    end_line: int
    end_column: int


NOWHERE = Span(0, 0, 0, 0)  # of what stands at no place of its own
EXPORTS = "<exports>"  # scope of what a file gives to others, in languages where it says so
WHOLE = "module.exports"  # the name there of what a file is as a whole


class Struct(msgspec.Struct, frozen=True, cache_hash=True):
    """Base of terms and facts: immutable, hashable, and written to msgpack as it is."""


class Term(Struct, frozen=True, cache_hash=True, tag=True):
    """An expression."""


class Constant(Term, frozen=True, cache_hash=True, tag=True):
    """A literal number, text, truth value or None; integers that 64 bits cannot hold are `Opaque`."""

    value: str | int | float | bool | None


class Octets(Term, frozen=True, cache_hash=True, tag=True):
    """A bytes literal."""

    value: bytes


class Name(Term, frozen=True, cache_hash=True, tag=True):
    """A variable, read at `point`: the ordinal of its statement, by which bindings before and after are told apart."""

    id: str
    point: int


class Attribute(Term, frozen=True, cache_hash=True, tag=True):
    """`base.name`"""

    base: AnyTerm
    name: str


class Subscript(Term, frozen=True, cache_hash=True, tag=True):
    """`base[key]`"""

    base: AnyTerm
    key: AnyTerm


class Arg(Struct, frozen=True, cache_hash=True):
    """One argument of a call; `name` is None for a positional one, "*" and "**" for spreads."""

    name: str | None
    value: AnyTerm
    at: Span


class Call(Term, frozen=True, cache_hash=True, tag=True):
    """`func(args)`"""

    func: AnyTerm
    args: tuple[Arg, ...]
    at: Span


class Unary(Term, frozen=True, cache_hash=True, tag=True):
    """`not x`, `-x`, `+x`, `~x`"""

    operator: str
    operand: AnyTerm


class Binary(Term, frozen=True, cache_hash=True, tag=True):
    """Arithmetic, comparison, `and`, `in`, `is`; a chain `a < b < c` is the `and` of its links."""

    operator: str
    left: AnyTerm
    right: AnyTerm


class Either(Term, frozen=True, cache_hash=True, tag=True):
    """One of several: `a or b` (no test), `x if test else y`."""

    test: AnyTerm | None
    options: tuple[AnyTerm, ...]


class Entry(Struct, frozen=True, cache_hash=True):
    """One entry of a mapping display; the key is None for a `**` spread."""

    key: AnyTerm | None
    value: AnyTerm
    at: Span


class Entries(Term, frozen=True, cache_hash=True, tag=True):
    """A mapping display."""

    items: tuple[Entry, ...]


class Items(Term, frozen=True, cache_hash=True, tag=True):
    """A list, tuple or set display; `places` of its items only where a document's reader knows them."""

    kind: Literal["list", "tuple", "set"]
    items: tuple[AnyTerm, ...]
    places: tuple[Span, ...] = ()


class Text(Term, frozen=True, cache_hash=True, tag=True):
    """An f-string or template literal: its constant and computed parts in order."""

    parts: tuple[AnyTerm, ...]


class Closure(Term, frozen=True, cache_hash=True, tag=True):
    """A lambda, whose parameters and result are the facts of scope `scope`."""

    scope: str


class Opaque(Term, frozen=True, cache_hash=True, tag=True):
    """Anything else. It evaluates to unknown; its parts say what it was made of."""

    kind: str
    parts: tuple[AnyTerm, ...] = ()


AnyTerm = (
    Constant
    | Octets
    | Name
    | Attribute
    | Subscript
    | Call
    | Unary
    | Binary
    | Either
    | Entries
    | Items
    | Text
    | Closure
    | Opaque
)


class Guard(Struct, frozen=True, cache_hash=True):
    """An `if` that a fact stands under; `branch` counts the `if`s of the file, so that its two arms are known as such.

    `at` is the test.
    """

    test: AnyTerm
    holds: bool
    branch: int
    at: Span = NOWHERE


class Handler(Struct, frozen=True, cache_hash=True):
    """An `except` around a use: what it catches (nothing = everything) and how it ends."""

    catches: tuple[AnyTerm, ...]
    outcome: Literal["raises", "returns", "passes"]
    returned: tuple[AnyTerm, ...]
    at: Span


class Import(Struct, frozen=True, cache_hash=True):
    """`from target import member as name`: `member` is None for a plain import, "*" for a star."""

    scope: str
    name: str
    target: str
    member: str | None
    level: int
    point: int
    at: Span


class Binding(Struct, frozen=True, cache_hash=True):
    """`target = value`, also of an annotated assignment, a walrus, `with … as`, a loop (the value is then `Opaque`).

    `at` is the whole statement (`with` and loops: the target); `x += y` binds the `Binary` of both.
    An annotation without a value binds `Opaque("declared")`.
    """

    scope: str
    target: AnyTerm
    value: AnyTerm
    annotation: AnyTerm | None
    at: Span
    point: int
    when: tuple[Guard, ...]


class Param(Struct, frozen=True, cache_hash=True):
    """A parameter of a function."""

    name: str
    kind: Literal["positional", "keyword", "*", "**"]
    default: AnyTerm | None
    annotation: AnyTerm | None
    at: Span


class Function(Struct, frozen=True, cache_hash=True):
    """A function or lambda; its body's facts have the scope `path`, e.g. `Auth.login`.

    What has no name in the scope that it stands in, such as a lambda or a callback, has a part in brackets in its path.
    """

    scope: str
    name: str
    params: tuple[Param, ...]
    returns: AnyTerm | None
    decorators: tuple[AnyTerm, ...]
    at: Span
    point: int

    @property
    def path(self) -> str:
        """The scope of its body."""
        return f"{self.scope}.{self.name}" if self.scope else self.name


class Class(Struct, frozen=True, cache_hash=True):
    """A class; its body's facts have the scope `path`."""

    scope: str
    name: str
    bases: tuple[AnyTerm, ...]
    keywords: tuple[Arg, ...]
    decorators: tuple[AnyTerm, ...]
    at: Span
    point: int

    @property
    def path(self) -> str:
        """The scope of its body."""
        return f"{self.scope}.{self.name}" if self.scope else self.name


class Return(Struct, frozen=True, cache_hash=True):
    """`return value`, or the yield of a generator (`yields`)."""

    scope: str
    value: AnyTerm
    yields: bool
    at: Span
    point: int
    when: tuple[Guard, ...]


class Raise(Struct, frozen=True, cache_hash=True):
    """`raise value`; `assert test` raises nothing of its own where the test fails."""

    scope: str
    value: AnyTerm | None
    at: Span
    point: int
    when: tuple[Guard, ...]


class Use(Struct, frozen=True, cache_hash=True):
    """A call as it occurs. `@d` on `f` is the use `d(f)`."""

    scope: str
    call: Call
    point: int
    when: tuple[Guard, ...]
    handlers: tuple[Handler, ...]


class TokenText(Struct, frozen=True, cache_hash=True):
    """A token in a text literal (`Bearer eyJ…`): three base64url parts, the first of which starts as JSON does."""

    value: str
    at: Span


class Pin(Struct, frozen=True, cache_hash=True):
    """A distribution that the project asks for, by its normalized name; the specifier is PEP 440's, empty for any."""

    name: str
    specifier: str
    at: Span


class Operation(Struct, frozen=True, cache_hash=True):
    """A request that an OpenAPI document describes: the HTTP method, the path, and the function that answers it."""

    method: str
    path: str
    handler: str
    at: Span


class Variable(Struct, frozen=True, cache_hash=True):
    """A variable that the file puts into a program's environment.

    A term that refers to another one is `Opaque("variable", (name, holder))`, see `read.substitution`.

    Args:
        holder: the object that sets it, where others refer to it by that: a Secret's name.
    """

    name: str
    value: AnyTerm
    at: Span
    holder: str = ""


class Alias(Struct, frozen=True, cache_hash=True):
    """A rule by which imports name files: `@/*` stands for `src/*`; `*` is the rest, and the target is below the file."""

    pattern: str
    target: str


class Ignore(Struct, frozen=True, cache_hash=True):
    """A comment `jwtlint: ignore[rule, …] reason`."""

    line: int
    rules: tuple[str, ...]
    reason: str


class Facts(Struct, frozen=True, cache_hash=True):
    """Everything that one file says; `problem` names what kept it from being read, `unfilled` that it is only a template."""

    imports: tuple[Import, ...] = ()
    bindings: tuple[Binding, ...] = ()
    functions: tuple[Function, ...] = ()
    classes: tuple[Class, ...] = ()
    returns: tuple[Return, ...] = ()
    raises: tuple[Raise, ...] = ()
    uses: tuple[Use, ...] = ()
    tokens: tuple[TokenText, ...] = ()
    ignores: tuple[Ignore, ...] = ()
    pins: tuple[Pin, ...] = ()
    operations: tuple[Operation, ...] = ()
    variables: tuple[Variable, ...] = ()
    aliases: tuple[Alias, ...] = ()
    problem: str = ""
    unfilled: bool = False


def entry(term: AnyTerm, keys: tuple[str, ...]) -> AnyTerm | None:
    """What a mapping display says at keys, outermost first; None where it has no such entry, or the term is no display."""
    for key in keys:
        items = term.items if isinstance(term, Entries) else ()
        found = [item.value for item in items if isinstance(item.key, Constant) and item.key.value == key]
        if not found:
            return None
        term = found[-1]
    return term


_TERMS: frozenset[type] = frozenset(Term.__subclasses__())
_HOLDERS: tuple[type[Struct], ...] = (*Term.__subclasses__(), Arg, Entry, Guard, Binding, Return, Use, Handler)
_HOLDING: dict[type, tuple[str, ...]] = {kind: kind.__struct_fields__ for kind in _HOLDERS}


def inside(term: object) -> Iterator[Term]:
    """A term and all that it is made of."""
    pending: list[object] = [term]
    while pending:
        one = pending.pop()
        kind = type(one)
        if kind is tuple:
            pending += one  # type: ignore[arg-type]
        elif kind in _HOLDING:
            if kind in _TERMS:
                yield one  # type: ignore[misc]
            pending += [getattr(one, name) for name in _HOLDING[kind]]
