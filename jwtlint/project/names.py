"""Modules, imports, scopes: what a name stands for before anything is evaluated."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from jwtlint.facts import (
    NOWHERE,
    Attribute,
    Binding,
    Call,
    Class,
    Constant,
    Entries,
    Facts,
    Function,
    Guard,
    Import,
    Name,
    Param,
    Return,
    Span,
    Subscript,
    Term,
    Use,
    Variable,
    inside,
)
from jwtlint.finding import Location
from jwtlint.paths import PROGRAMS
from jwtlint.project.entering import entering
from jwtlint.project.languages import JAVASCRIPT, Language, of_kind, of_path
from jwtlint.project.renaming import held
from jwtlint.project.scripts import Scripts
from jwtlint.templates import filled, is_plain, plain

_DOTTED = re.compile(r"\w+(\.\w+)+")
PACKAGE = (None, "*", "default")  # members of a package of scripts that are the package itself
Definition = Import | Binding | Function | Class


@dataclass(frozen=True, eq=False)
class Module:
    """A file of the project with the indexes that questions need. Compared by identity."""

    path: str
    kind: str
    facts: Facts = field(repr=False)

    @cached_property
    def language(self) -> Language:
        """The language that it is written in."""
        return of_kind(self.kind)

    @property
    def is_program(self) -> bool:
        """Whether it says what the application does."""
        return self.kind in PROGRAMS

    @property
    def is_document(self) -> bool:
        """Whether it is a file of settings that a program loads, and no program."""
        return self.kind.startswith("settings") or self.kind == "properties"

    def at(self, span: Span) -> Location:
        return Location(self.path, span)

    @cached_property
    def definitions(self) -> Mapping[tuple[str, str], list[Definition]]:
        """What (scope, name) is bound to, in order."""
        found: dict[tuple[str, str], list[Definition]] = defaultdict(list)
        named: tuple[Import | Function | Class, ...] = (
            *self.facts.imports,
            *self.facts.functions,
            *self.facts.classes,
        )
        for definition in named:
            found[definition.scope, definition.name].append(definition)
        for binding in self.facts.bindings:
            if isinstance(binding.target, Name):
                found[binding.scope, binding.target.id].append(binding)
        for definitions in found.values():
            definitions.sort(key=lambda item: item.point)
        return found

    @cached_property
    def named(self) -> Mapping[str, Span]:
        """Dotted paths that the file names, in an import or in a text of its settings, and where it does first."""
        found: dict[str, Span] = {}
        for binding in self.facts.bindings:
            for term in inside(binding.value):
                if isinstance(term, Constant) and isinstance(term.value, str) and _DOTTED.fullmatch(term.value):
                    found.setdefault(term.value, binding.at)
        for item in self.facts.imports:
            if item.level == 0:
                found.setdefault(self._outside(item), item.at)
        return found

    def _outside(self, item: Import) -> str:
        """The path of what an import brings, if that is outside the project."""
        if self.language is JAVASCRIPT and item.member in PACKAGE:
            return f"{JAVASCRIPT.prefix}{item.target}"
        return f"{self.language.prefix}{item.target}.{item.member}"

    def used(self, path: str) -> Span:
        """Where the file first does something with a dotted path that it names; where it names it, if it only does that."""
        names = {item.name for item in self.facts.imports if item.level == 0 and self._outside(item) == path}
        if not names:
            return self.named[path]

        def holds(*terms: object) -> bool:
            return any(isinstance(term, Name) and term.id in names for term in inside(terms))

        uses, bindings = self.facts.uses, self.facts.bindings
        called = (use.call.at for use in uses if holds(use.call.func))
        passed = (use.call.at for use in uses if holds(*(item.value for item in use.call.args)))
        inherited = (item.at for item in self.facts.classes if holds(item.bases))
        bound = (item.at for item in bindings if holds(item.value))
        return next(chain(called, passed, inherited, bound), self.named[path])

    @cached_property
    def stars(self) -> tuple[Import, ...]:
        return tuple(item for item in self.facts.imports if item.member == "*")

    @cached_property
    def functions(self) -> Mapping[str, Function]:
        """Functions by the scope of their bodies."""
        return {function.path: function for function in self.facts.functions}

    @cached_property
    def classes(self) -> Mapping[str, Class]:
        return {item.path: item for item in self.facts.classes}

    @cached_property
    def methods(self) -> Mapping[str, list[Function]]:
        """Functions of classes, by name."""
        found: dict[str, list[Function]] = defaultdict(list)
        for function in self.facts.functions:
            if function.scope in self.classes:
                found[function.name].append(function)
        return found

    @cached_property
    def members(self) -> Mapping[str, list[Binding]]:
        """Bindings of `anything.name`, by name."""
        found: dict[str, list[Binding]] = defaultdict(list)
        for binding in self.facts.bindings:
            if isinstance(binding.target, Attribute):
                found[binding.target.name].append(binding)
        return found

    @cached_property
    def items(self) -> Mapping[str, list[Binding]]:
        """Bindings of `anything["key"]`, by key; in a script those of `anything.key`, too."""
        found: dict[str, list[Binding]] = defaultdict(list)
        for binding in self.facts.bindings:
            match binding.target:
                case Subscript(key=Constant(value=key)):
                    found[str(key)].append(binding)
                case Attribute(name=name) if self.language is JAVASCRIPT:
                    found[name].append(binding)
        return found

    @cached_property
    def returns(self) -> Mapping[str, list[Return]]:
        found: dict[str, list[Return]] = defaultdict(list)
        for item in self.facts.returns:
            found[item.scope].append(item)
        return found

    @cached_property
    def settings(self) -> Mapping[str, list[Binding]]:
        """Bindings that may set something, by the name, the key or the attribute that they set."""
        found: dict[str, list[Binding]] = defaultdict(list)
        for binding in self.facts.bindings:
            match binding.target:
                case Name(id=name) | Attribute(name=name) | Subscript(key=Constant(value=str(name))):
                    found[name].append(binding)
        return found

    @cached_property
    def variables(self) -> Mapping[str, list[Variable]]:
        """What the file puts into an environment, by name without regard to case."""
        found: dict[str, list[Variable]] = defaultdict(list)
        for variable in self.facts.variables:
            found[variable.name.casefold()].append(variable)
        return found

    @cached_property
    def renamed(self) -> Mapping[str, frozenset[str]]:
        """What members of other modules, and functions that variables hold, are called here; packages by their paths."""
        found: dict[str, set[str]] = defaultdict(set)
        for item in self.facts.imports:
            if self.language is JAVASCRIPT and item.member in PACKAGE:
                found[self._outside(item)].add(item.name)
            elif item.member:
                found[item.member].add(item.name)
        for member, name in held(self.facts) if self.language is JAVASCRIPT else ():
            found[member].add(name)
        return {member: frozenset(names) for member, names in found.items()}

    def terms(self, scope: str) -> tuple[Term, ...]:
        """Every expression of a function's body."""
        if scope not in self._terms:
            self._terms[scope] = tuple(inside(self._bodies.get(scope, ())))
        return self._terms[scope]

    @cached_property
    def _terms(self) -> dict[str, tuple[Term, ...]]:
        return {}

    def place(self, term: Term, scope: str) -> Span | None:
        """Where a term of a function's body stands: a call by itself, else the argument or statement that it is a part of."""
        if isinstance(term, Call) and term.at != NOWHERE:
            return term.at
        return next((at for whole, at in self._placed(scope) if any(one is term for one in inside(whole))), None)

    def _placed(self, scope: str) -> Iterator[tuple[Term, Span]]:
        """What has a place of its own in a function's body, the narrowest first."""
        uses = [use for use in self.facts.uses if use.scope == scope]
        returned = self.returns.get(scope, ())
        for use in reversed(uses):
            yield from ((item.value, item.at) for item in use.call.args)
        yield from ((item.value, item.at) for item in self.facts.bindings if item.scope == scope)
        yield from ((item.value, item.at) for item in returned)
        for fact in (*uses, *returned):
            yield from ((guard.test, guard.at) for guard in fact.when)

    @cached_property
    def _bodies(self) -> Mapping[str, tuple[object, ...]]:
        """What stands in each scope."""
        found: dict[str, tuple[object, ...]] = defaultdict(tuple)
        for binding in self.facts.bindings:
            found[binding.scope] += (binding.target, binding.value, binding.when)
        for returned in self.facts.returns:
            found[returned.scope] += (returned.value, returned.when)
        for raised in self.facts.raises:
            found[raised.scope] += (raised.value, raised.when)
        for use in self.facts.uses:
            found[use.scope] += (use.call, use.when)
        return found

    @cached_property
    def uses(self) -> Mapping[str, list[Use]]:
        """Calls by the last name of what is called, see `called`."""
        found: dict[str, list[Use]] = defaultdict(list)
        for use in self.facts.uses:
            found[called(use.call.func)].append(use)
        return found

    @cached_property
    def entered(self) -> tuple[Use, ...]:
        """What a script puts into objects, as calls: `localStorage.token = x` as `localStorage.__setitem__("token", x)`."""
        return tuple(filter(None, map(entering, self.facts.bindings)))

    @cached_property
    def labels(self) -> Mapping[int, list[str]]:
        """The variables, keys and keywords that what a call gives is put under, by the call's identity."""
        found: dict[int, list[str]] = defaultdict(list)
        for binding in self.facts.bindings:
            target = binding.target
            name = target.id if isinstance(target, Name) else last_name(target)
            for call in _called_on(binding.value):
                found[id(call)].append(name)
        facts = (*self.facts.bindings, *self.facts.returns, *self.facts.uses)
        for term in (term for fact in facts for term in inside(fact)):
            for label, value in _labelled(term):
                for call in _called_on(value):
                    found[id(call)].append(label)
        return found

    @cached_property
    def edits(self) -> Mapping[tuple[str, str], list[Binding | Use]]:
        """What changes the mapping (scope, name) in place, in order: `d[k] = v`, `d.update(…)`, `d.pop(…)`.

        In a script `d.k = v` does, too.
        """
        found: dict[tuple[str, str], list[Binding | Use]] = defaultdict(list)
        keyed = Subscript | Attribute if self.language is JAVASCRIPT else Subscript
        for binding in self.facts.bindings:
            if isinstance(binding.target, keyed) and isinstance(binding.target.base, Name):
                found[binding.scope, binding.target.base.id].append(binding)
        for use in self.facts.uses:
            function = use.call.func
            if isinstance(function, Attribute) and isinstance(function.base, Name):
                found[use.scope, function.base.id].append(use)
        for edits in found.values():
            edits.sort(key=lambda item: item.point)
        return found

    @cached_property
    def conditions(self) -> Mapping[int, tuple[Guard, ...]]:
        """The guards that each point of the file stands under."""
        facts: Iterable[Binding | Use | Return] = (*self.facts.bindings, *self.facts.uses, *self.facts.returns)
        return {fact.point: fact.when for fact in facts}

    def enclosing(self, scope: str) -> Iterator[str]:
        """The scopes that a name is looked up in from `scope`: its own, then functions around it, then the module."""
        yield scope
        while scope:
            scope = scope.rpartition(".")[0]
            if not scope or scope in self.functions:
                yield scope

    def parameter(self, scope: str, name: str) -> Param | None:
        function = self.functions.get(scope)
        return next((item for item in function.params if item.name == name), None) if function else None

    def function_of(self, scope: str) -> Function | None:
        """The innermost function that `scope` lies in."""
        while scope:
            if scope in self.functions:
                return self.functions[scope]
            scope = scope.rpartition(".")[0]
        return None


def last_name(term: Term) -> str:
    """`encode` of `jwt.encode`."""
    match term:
        case Name(id=name) | Attribute(name=name):
            return name
    return ""


def called(function: Term) -> str:
    """The last name of what is called: `Box` of `Box[int](…)`, `route()` of what a call of `route` gives and is called itself."""
    match function:
        case Call(func=inner):
            return f"{last_name(inner)}()"
        case Subscript(base=inner):
            return last_name(inner)
    return last_name(function)


def _labelled(term: Term) -> Iterator[tuple[str, Term]]:
    """What a mapping puts under its keys, and a call under its keywords."""
    match term:
        case Entries(items=items):
            yield from ((str(item.key.value), item.value) for item in items if isinstance(item.key, Constant))
        case Call(args=args):
            yield from ((item.name, item.value) for item in args if item.name)


def _called_on(term: Term) -> Iterator[Call]:
    """A call, and those on whose results it is a method: `jwt.encode(…)` of `jwt.encode(…).decode("utf-8")`."""
    while isinstance(term, Call):
        yield term
        if not isinstance(term.func, Attribute):
            return
        term = term.func.base


@dataclass(frozen=True)
class Modules:
    """Where a dotted name leads in this project, and what an import of a script names.

    A file's root is its first ancestor folder without `__init__.py`; names are looked up from the importing file's
    root first, then from the others. A name is never matched by its suffix: `datetime` is not a project's own
    `db/utils/datetime.py`.
    """

    paths: frozenset[str]
    scripts: Scripts = field(default_factory=Scripts)

    @cached_property
    def roots(self) -> tuple[str, ...]:
        return tuple(
            sorted({self.root(posixpath.dirname(path)) for path in self.paths}, key=lambda root: (len(root), root))
        )

    def root(self, folder: str) -> str:
        while folder and f"{folder}/__init__.py" in self.paths:
            folder = posixpath.dirname(folder)
        return folder

    def bases(self, folder: str) -> Iterator[str]:
        """Folders that absolute imports of files in `folder` are tried from: the root, those above it, the other roots."""
        folder = self.root(folder)
        seen = set()
        while True:
            seen.add(folder)
            yield folder
            if not folder:
                break
            folder = posixpath.dirname(folder)
        yield from (other for other in self.roots if other not in seen)

    def find(self, importer: str, target: str, level: int) -> str | None:
        """The path of the module that `importer` means by `target`; None if it is not the project's.

        A folder without `__init__.py` (a namespace package) is answered as `folder/`.
        """
        if of_path(importer) is JAVASCRIPT:
            return self.scripts.find(importer, target)
        folder, target = posixpath.dirname(importer), filled(target) if "{{" in target else target
        key = (folder, target, level)
        if key not in self._found:
            self._found[key] = self._find(folder, target, level)
        return self._found[key]

    @cached_property
    def _found(self) -> dict[tuple[str, str, int], str | None]:
        return {}

    def _find(self, folder: str, target: str, level: int) -> str | None:
        if level:
            for _ in range(level - 1):
                folder = posixpath.dirname(folder)
            return self.module_in(folder, target)
        return next((found for base in self.bases(folder) if (found := self.module_in(base, target))), None)

    def module_in(self, base: str, target: str) -> str | None:
        stem = posixpath.join(base, *target.split(".")) if target else base
        for candidate in (f"{stem}.py", f"{stem}/__init__.py"):
            if candidate in self.paths:
                return candidate
            if self._unfilled and (found := self._unfilled.get(plain(candidate))):
                return found
        return f"{stem}/" if target and stem in self.folders else None

    @cached_property
    def _unfilled(self) -> Mapping[str, str]:
        """The paths that somebody has to fill in, by what programs call them."""
        return {plain(path): path for path in sorted(self.paths) if not is_plain(path)}

    @cached_property
    def folders(self) -> frozenset[str]:
        """Folders that hold Python files, at any depth."""
        found: set[str] = set()
        for path in self.paths:
            folder = posixpath.dirname(path)
            while folder and folder not in found:
                found.add(folder)
                folder = posixpath.dirname(folder)
        return frozenset(found)
