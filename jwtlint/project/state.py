"""State on the server: what is written, looked up and deleted, where, and how long it stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from jwtlint.facts import (
    Attribute,
    Binary,
    Binding,
    Call,
    Constant,
    Entries,
    Name,
    Opaque,
    Span,
    Subscript,
    Term,
    Text,
    inside,
)
from jwtlint.finding import Location
from jwtlint.models.vocabulary import words_of
from jwtlint.project import calls, objects, parts, standard
from jwtlint.project.concepts import Occurrence
from jwtlint.project.names import Module, last_name
from jwtlint.project.occurrences import modelled
from jwtlint.project.value import ClassRef, Duration, External, Frame, FunctionRef, Instance, Made, Value

if TYPE_CHECKING:
    from jwtlint.project.values import Evaluator

Action = Literal["write", "look up", "delete"]
Kind = Literal["memory", "cache", "database"]

ROLES: dict[str, Action] = {"writes": "write", "looks-up": "look up", "deletes": "delete"}
_STATEMENT = re.compile(
    r"\s*(?:(INSERT\s+(?:OR\s+\w+\s+)?INTO|UPDATE|REPLACE\s+INTO)|(DELETE\s+FROM)|SELECT\b.*?\bFROM)\s+[\"`\[]?(\w+)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Access:
    """One access to state.

    Args:
        subject: the table, class, collection or variable, or the constant part of the key; empty where that is not known.
        at: the call.
        scope: the function that it is in.
        ttl: how long a write stays, where it says so.
        endless: whether a write to a cache surely says nothing of when the entry ends.
        home: where what is accessed is defined: the class of a table, the variable.
        point: the ordinal of the statement.
        library: by what; empty for what the language has itself.
        fields: columns, keywords and keys of mappings that it names.
        new: whether a write surely leaves what was there before as it is.
    """

    action: Action
    kind: Kind
    subject: str
    module: Module
    scope: str
    at: Location
    ttl: tuple[Value, ...] = ()
    endless: bool = False
    home: Location | None = None
    point: int = 0
    library: str = ""
    fields: frozenset[str] = frozenset()
    new: bool = False


def accesses(evaluator: Evaluator) -> Iterator[Access]:
    """What the files that have been read do with state."""
    for found in modelled(evaluator, {*ROLES, "queries"}):
        if found.role == "queries":
            yield from _queried(found)
        else:
            yield _accessed(found)
    for module in evaluator.modules.values():
        yield from _of_rows(evaluator, module)


def _accessed(found: Occurrence) -> Access:
    """The access that a modelled call is."""
    kind: Kind = next((value.data for value in found.part("kind")), "database")  # type: ignore[misc]
    subject, home = _subject(found)
    told = _said(found)
    lives = tuple(parts.duration(value, found.unit) for value in told if value.data is not None)
    return Access(
        ROLES[found.role],
        kind,
        subject,
        found.module,
        found.use.scope,
        found.at,
        tuple(life for life in lives if isinstance(life.data, Duration)),
        kind == "cache" and all(value.data is None for value in (*told, *found.part("ends"))),
        home,
        found.use.point,
        found.library,
        _fields(found),
        _is_new(found),
    )


def _said(found: Occurrence) -> tuple[Value, ...]:
    """How long a write stays; a None that the call itself gives is for ever, whatever the settings say."""
    argument = found.argument("ttl")
    values = found.bound.evaluator.values(argument, found.frame) if argument is not None else ()
    return values if values and all(value.data is None for value in values) else found.part("ttl")


def _queried(found: Occurrence) -> Iterator[Access]:
    """What the text of a statement in SQL does."""
    for value in found.part("statement"):
        match = _STATEMENT.match(value.data) if isinstance(value.data, str) else None
        if match:
            action: Action = "write" if match[1] else "delete" if match[2] else "look up"
            new = (match[1] or "").upper().split() == ["INSERT", "INTO"]
            scope, point = found.use.scope, found.use.point
            yield Access(action, "database", match[3], found.module, scope, found.at, new=new, point=point)


def _subject(found: Occurrence) -> tuple[str, Location | None]:
    """What an access is to, and where that is defined: the class, the text of a key, or else the name of what it is called on."""
    for name in ("subject", "key"):
        for value in found.part(name):
            told, home = _named(found.bound.evaluator, value)
            if told:
                return told, home
        argument = found.argument(name)
        if isinstance(argument, Attribute):  # a column stands for its table
            for value in found.bound.evaluator.values(argument.base, found.frame):
                if isinstance(value.data, ClassRef):
                    return _named(found.bound.evaluator, value)
        if argument is not None:
            return _spelled(found.bound.evaluator, argument, found.frame), None
    called = found.use.call.func
    holder = called.base if isinstance(called, Attribute) else None
    if isinstance(holder, Attribute) and last_name(holder.base)[:1].isupper():
        holder = holder.base  # a manager of a class is of the class
    named = _spelled(found.bound.evaluator, holder, found.frame) if holder else ""
    return named or found.use.scope.rpartition(".")[0], None  # a wrapper is of what its class is called after


def _named(evaluator: Evaluator, value: Value) -> tuple[str, Location | None]:
    """The class or table that a value is, is of, or was asked of; a text itself."""
    match value.data:
        case ClassRef() as own:
            return own.definition.name, table(own)
        case Instance(of=own):
            return own.definition.name, table(own)
        case External() as asked:
            row = objects.row_class(evaluator, asked)
            return (row.definition.name, table(row)) if row else ("", None)
        case str(text):
            return text, None
    return "", None


def table(own: ClassRef) -> Location:
    """Where a class stands, from its name to its last field."""
    fields = (item.at for item in own.module.facts.bindings if item.scope == own.definition.path)
    start = own.definition.at
    end = max(((at.end_line, at.end_column) for at in fields), default=(start.end_line, start.end_column))
    return own.module.at(Span(start.line, start.column, *end))


def _is_new(found: Occurrence) -> bool:
    """Whether a write adds a row: the call can do nothing else, the row was made a moment ago, or its key is random."""
    if any(value.data is True for value in found.part("new")):
        return True
    key, evaluator = found.argument("key"), found.bound.evaluator
    if any(standard.is_fresh(value) for part in inside(key) for value in evaluator.values(part, found.frame)):
        return True
    rows = [value.data for value in found.part("subject")]
    return bool(rows) and all(map(_is_made, rows))


def _is_made(row: object) -> bool:
    """Whether an object was made by a call of its class, the project's or one that nobody knows."""
    match row:
        case Instance(frame=frame):
            return frame.caller is not None
        case External(path=path, of=Made(call=call)):
            return path.endswith("()") and last_name(call.func)[:1].isupper()
    return False


def _fields(found: Occurrence) -> frozenset[str]:
    """The columns that the call names as keywords or as keys of a mapping."""
    args = found.use.call.args
    keywords = {argument.name for argument in args if argument.name} - {"*", "**"}
    terms = (term for argument in args for term in inside(argument.value) if isinstance(term, Entries))
    keys = {str(item.key.value) for term in terms for item in term.items if isinstance(item.key, Constant)}
    return frozenset(keywords | keys)


def _spelled(evaluator: Evaluator, term: Term, frame: Frame) -> str:
    """A text that is only partly known, by its constant parts; of anything else its last name."""
    match term:
        case Constant(value=str(text)):
            return text
        case Text(parts=inner):
            said = [_constant(evaluator, part, frame) for part in inner]
            return "".join(said) if any(map(words_of, said)) else next(filter(None, map(last_name, inner)), "")
        case Binary(operator="+" | "%", left=left):
            said = [_constant(evaluator, left, frame)] if not isinstance(left, Binary) else []
            known = said[0] if said else _spelled(evaluator, left, frame)
            return f"{known.removesuffix('{}')}{{}}" if words_of(known) else ""
        case Subscript(key=Constant(value=str(text))):
            return text
        case Call(func=called):
            name = last_name(called)
            return next(_returned(evaluator, called, frame), name if name[:1].isupper() else "")
        case Name(id=name) if source := _source(term, frame):
            return _spelled(evaluator, source, frame) or name
    return last_name(term)


def _source(name: Name, frame: Frame) -> Term | None:
    """What a call was asked for whose results a variable goes through: `f"session:{user}:*"` of a scan for keys."""
    for item in frame.module.definitions.get((frame.scope, name.id), ()):
        value = item.value if isinstance(item, Binding) else None
        if isinstance(value, Opaque) and value.kind == "each":
            value = value.parts[0]
        if isinstance(value, Call) and value.args and isinstance(value.args[0].value, Text):
            return value.args[0].value
    return None


def _constant(evaluator: Evaluator, part: Term, frame: Frame) -> str:
    """What a part of a text is, where that is known."""
    texts = {value.data for value in evaluator.values(part, frame)}
    only = texts.pop() if len(texts) == 1 else None
    return only if isinstance(only, str) else "{}"


def _returned(evaluator: Evaluator, called: Term, frame: Frame) -> Iterator[str]:
    """What a function of the project that makes keys spells."""
    for callee in evaluator.values(called, frame):
        if isinstance(callee.data, FunctionRef):
            module, path = callee.data.module, callee.data.function.path
            for item in module.returns.get(path, ()):
                if isinstance(item.value, Text | Binary):
                    yield _spelled(evaluator, item.value, calls.alone(evaluator, module, path))


def _of_rows(evaluator: Evaluator, module: Module) -> Iterator[Access]:
    """Fields of rows that are set: `row.revoked = True` is written with the row."""
    for binding in module.facts.bindings:
        target = binding.target
        if binding.scope and isinstance(target, Attribute) and isinstance(target.base, Name | Call):
            for value in evaluator.values(target.base, calls.alone(evaluator, module, binding.scope)):
                own = objects.row_class(evaluator, value.data) if isinstance(value.data, External) else None
                if own is not None:
                    at = module.at(binding.at)
                    home = table(own)
                    yield Access(
                        "write",
                        "database",
                        own.definition.name,
                        module,
                        binding.scope,
                        at,
                        home=home,
                        point=binding.point,
                        fields=frozenset({target.name}),
                    )
