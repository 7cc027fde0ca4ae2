"""Files that the program names: which of the project's each of them is, and what it holds."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jwtlint.facts import Attribute, Binding, Name, Span, Term
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project import calls, mappings, objects, parts, settings
from jwtlint.project.names import Module
from jwtlint.project.value import UNKNOWN, External, FileName, Frame, Made, Sequence, Table, Value

if TYPE_CHECKING:
    from jwtlint.project.parts import Bound
    from jwtlint.project.values import Evaluator

OPENING = frozenset({"open()", "io.open()", "codecs.open()"})
JOINING = frozenset(
    {"pathlib.Path()", "pathlib.PurePath()", "os.path.join()", "os.path.abspath()", "os.path.normpath()"}
)
SAME_FILE = frozenset({"read", "read_text", "read_bytes", "open", "resolve", "absolute", "expanduser", "as_posix"})


@dataclass(frozen=True)
class Documents:
    """The files of the project that hold settings."""

    paths: frozenset[str]

    def find(self, importer: str, name: str) -> str | None:
        """The file that `importer` means by `name`.

        It is looked for in the folder of `importer`, then in those above it, as a program is started in one of them;
        else it is the only one whose path ends so.
        """
        if posixpath.isabs(name) or not name:
            return None
        folder = posixpath.dirname(importer)
        while True:
            path = posixpath.normpath(posixpath.join(folder, name))
            if path in self.paths:
                return path
            if not folder:
                break
            folder = posixpath.dirname(folder)
        ending = "/" + posixpath.normpath(name).lstrip("./")
        found = [path for path in self.paths if path.endswith(ending)]
        return found[0] if len(found) == 1 else None


def named(evaluator: Evaluator, value: Value, within: frozenset[int] = frozenset()) -> str:
    """The end of the path of a file, given as its name, as what opened it, or as the text read of it; empty if unknown.

    Args:
        within: the calls, by identity, that the path is part of: a loop lengthens a path by itself.
    """
    match value.data:
        case str(text):
            return text
        case FileName(path=path):
            return path
        case External(path=path, of=Made(call=call, frame=frame)) if id(call) not in within:
            within |= {id(call)}
            if path in JOINING:
                return _joined(evaluator, [argument.value for argument in call.args], frame, within)
            if path in OPENING and call.args:
                return _joined(evaluator, [call.args[0].value], frame, within)
            if isinstance(call.func, Attribute) and call.func.name in SAME_FILE:
                return _joined(evaluator, [call.func.base], frame, within)
    return ""


def _joined(evaluator: Evaluator, terms: list[Term], frame: Frame, within: frozenset[int]) -> str:
    """The parts of a path from the last one backwards, as far as each is known."""
    path = ""
    for term in reversed(terms):
        names = {name for value in evaluator.values(term, frame) if (name := named(evaluator, value, within))}
        if len(names) != 1:
            break
        path = posixpath.join(names.pop(), path) if path else names.pop()
    return path


def below(evaluator: Evaluator, folder: Value, name: Value) -> Value | None:
    """`folder / name`, where the folder is no number and the name is known."""
    if isinstance(name.data, str) and (folder.data is UNKNOWN or isinstance(folder.data, External | FileName)):
        return name.of(FileName(posixpath.join(named(evaluator, folder), name.data)))
    return None


def content(evaluator: Evaluator, name: str, home: Module, *, opened: bool = True) -> Value | None:
    """What the file of a name holds, as `home` means it; None where it is not the project's, or not read yet.

    Args:
        opened: whether the program itself opens it, and fails where it cannot be read.
    """
    if name.endswith(".py"):
        path = Documents(evaluator.names.paths).find(home.path, name)
    else:
        path = evaluator.documents.find(home.path, name)
    if path is None:
        return None
    if opened:
        evaluator.loaded.add(path)
    if not evaluator.read(path):
        return None
    return of_file(evaluator, evaluator.modules[path])


def of_file(evaluator: Evaluator, module: Module) -> Value | None:
    """What a file holds, as one value; None where it could not be read."""
    if module.facts.problem:
        return None
    whole = module.definitions.get(("", ""))
    if whole and isinstance(whole[0], Binding):
        return evaluator.values(whole[0].value, evaluator.roots[module])[0]
    names = {item.target.id for item in module.facts.bindings if isinstance(item.target, Name) and not item.scope}
    return Value(Table({name: objects.of_module(evaluator, module, name) for name in sorted(names) if name.isupper()}))


def traced(value: Value, home: Module, at: Span, name: str, *, loose: bool = False, section: str = "") -> Value:
    """What a file holds with the step to the code that loads it, at each entry by itself.

    Args:
        loose: whether tables are objects of settings, see `Table`.
        section: the deployment that it is for, if the file says so.
    """

    def within(inner: Iterable[Value]) -> tuple[Value, ...]:
        return tuple(traced(one, home, at, name, loose=loose, section=section) for one in inner)

    match value.data:
        case Table(entries=entries, closed=closed):
            return value.of(Table({key: within(found) for key, found in entries.items()}, closed, loose))
        case Sequence(items=items, closed=closed):
            return value.of(Sequence(tuple(within(item) for item in items), closed))
    found = value.through(home.at(at), f"loaded from {name}")
    if set(words_of(section)) & vocabulary().development:
        return replace(found, given="development")
    return found


def is_for_development(path: str) -> bool:
    """Whether a file's name, or a folder's around it, says that it is for a developer's machine: `compose.dev.yml`, `dev/app.env`."""
    *folders, name = path.lower().split("/")
    return bool({*folders, *words_of(name)} & vocabulary().development)


def loaded(bound: Bound, at: Span, *, loose: bool = False) -> Iterator[Value]:
    """What a call that loads a file gives: the file's content, or the mapping that it is given."""
    role = bound.model.roles["loads"]
    yield from (value for value in bound.part(role.get("mapping")))
    given = parts.elements(bound.part(role.get("file")))
    opened = (value for value in bound.part(role.get("text")) if not isinstance(value.data, str))
    for value in (*given, *opened):
        name = named(bound.evaluator, value)
        found = content(bound.evaluator, name, bound.frame.module)
        yield traced(found, bound.frame.module, at, name, loose=loose) if found else Value(UNKNOWN)


def held(bound: Bound, at: Span) -> Value:
    """The object of settings that a call makes: what its files hold, and its environment before them."""
    role = bound.model.roles["holds"]
    home, entries = bound.frame.module, dict[str, tuple[Value, ...]]()
    by_section = any(value.known and value.data not in (None, False) for value in bound.part(role.get("sections")))
    for name in _held_files(bound):
        found = content(bound.evaluator, name, home)
        if found and isinstance(found.data, Table):
            entries |= _sections(found, home, at, name) if by_section else _entries(found, home, at, name)
    for value in bound.part(role.get("prefix")):
        prefix = f"{value.data}_" if isinstance(value.data, str) and value.data else ""
        for name, values in settings.prefixed(bound.evaluator, prefix).items():
            key = next((key for key in entries if key.casefold() == name.casefold()), name)
            entries[key] = (*values, *entries.get(key, ()))
    return Value(Table(entries, closed=False, loose=True))


def _held_files(bound: Bound) -> Iterator[str]:
    """The files that an object of settings reads: those that it is given, each with the one beside it (`settings.local.toml`)."""
    role = bound.model.roles["holds"]
    words = [value.data for value in bound.part(role.get("beside")) if isinstance(value.data, str)]
    for value in parts.elements((*bound.part(role.get("files")), *bound.part(role.get("includes")))):
        stem, extension = posixpath.splitext(named(bound.evaluator, value))
        yield from (f"{stem}{extension}", *(f"{stem}.{word}{extension}" for word in words))


def _entries(value: Value, home: Module, at: Span, name: str, section: str = "") -> dict[str, tuple[Value, ...]]:
    found = traced(value, home, at, name, loose=True, section=section).data
    return dict(found.entries) if isinstance(found, Table) else {}


def _sections(value: Value, home: Module, at: Span, name: str) -> dict[str, tuple[Value, ...]]:
    """What each deployment has, where a file's outermost tables are deployments."""
    found: dict[str, tuple[Value, ...]] = {}
    assert isinstance(value.data, Table)
    for section, values in value.data.entries.items():
        for one in values:
            for key, inner in _entries(one, home, at, name, section).items():
                found[key] = (*found.get(key, ()), *inner)
    return found


def gathered(bound: Bound) -> Table:
    """What an object holds after all calls that load something into it."""
    made = bound.target.of
    table = Table(loose=True)
    if not isinstance(made, Made):
        return Table(closed=False)
    evaluator, module = bound.evaluator, made.frame.module
    for called in sorted(evaluator.models.names({"loads"}) & module.uses.keys()):
        for use in module.uses[called]:
            frame = made.frame if made.frame.scope == use.scope else calls.alone(evaluator, module, use.scope)
            for target in (value.data for value in evaluator.values(use.call.func, frame)):
                if not (isinstance(target, External) and isinstance(target.of, Made) and target.of.call is made.call):
                    continue
                model = evaluator.models.call(target.path)
                if model and "into" in model.roles.get("loads", {}):
                    inner = parts.bind(evaluator, model, use.call.args, frame, target)
                    for value in loaded(inner, use.call.at, loose=True):
                        given = value.data if isinstance(value.data, Table) else Table(closed=False)
                        table = mappings.merged(table, given)
    return table
