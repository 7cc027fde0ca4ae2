"""What a term can be in a frame, with the way each value came: the question that everything else is built on."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping
from itertools import product

from jwtlint.facts import (
    EXPORTS,
    Attribute,
    Binary,
    Binding,
    Call,
    Class,
    Closure,
    Constant,
    Either,
    Entries,
    Function,
    Import,
    Items,
    Name,
    Octets,
    Opaque,
    Param,
    Subscript,
    Term,
    Text,
    Unary,
)
from jwtlint.models import Models
from jwtlint.paths import role
from jwtlint.project import calls, exchange, files, hints, mappings, objects, templates
from jwtlint.project.carried import Carried
from jwtlint.project.languages import JAVASCRIPT, of_path
from jwtlint.project.lookup import for_development, reaching, truth
from jwtlint.project.names import Definition, Module, Modules
from jwtlint.project.times import combine
from jwtlint.project.value import (
    NOTHING,
    UNKNOWN,
    ClassRef,
    External,
    Frame,
    FunctionRef,
    ModuleRef,
    Sequence,
    Value,
)

MAX_VALUES = 8
MAX_DEPTH = 60  # terms within terms, so that no program exhausts the stack


class Evaluator:
    """Answers `values(term, frame)` and remembers; what it ran into and had no facts of is in `wanted`.

    Args:
        modules: the read files by path.
        names: where dotted names lead, over all files of the project, read or not.
        models: what is known of libraries.
        mentioning: gives the paths of files whose text holds a word.
        documents: paths of files that hold settings, read or not.
        deploying: gives the paths of files that may put a variable of a name into an environment.
    """

    def __init__(
        self,
        modules: Mapping[str, Module],
        names: Modules,
        models: Models,
        mentioning: Callable[[str], Iterable[str]],
        documents: Iterable[str] = (),
        deploying: Callable[[str], Iterable[str]] = lambda _: (),
    ) -> None:
        self.modules = modules
        self.names = names
        self.models = models
        self.mentioning = mentioning
        self.documents = files.Documents(frozenset(documents))
        self.deploying = deploying
        self.wanted: set[str] = set()
        self.loaded: set[str] = set()  # files of settings that the program itself opens
        self.carried = Carried(self)
        self.frames_of: dict[tuple[Module, str], tuple[Frame, ...]] = {}
        self.roots: dict[Module, Frame] = {module: Frame(module) for module in modules.values()}
        self.entered: dict[tuple[object, ...], Frame] = {}
        self.members: dict[tuple[Module, str], tuple[Value, ...]] = {}
        self._memo: dict[tuple[int, Frame], tuple[Value, ...]] = {}
        self._depth = 0

    def speaking(self, word: str, module: Module) -> set[str]:
        """The paths of files in the language of a module whose text holds a word."""
        named = self.mentioning(f"{module.language.prefix}{word}")
        return {path for path in named if of_path(path) is module.language}

    def values(self, term: Term, frame: Frame) -> tuple[Value, ...]:
        """Everything that `term` can be in `frame`; what is not known is among it as UNKNOWN.

        The entry is filled with unknown before it is worked out, which ends cycles. Terms are told apart by
        identity: they live as long as their facts, and `Constant(1) == Constant(True)`.
        """
        key = (id(term), frame)
        known = self._memo.get(key)
        if known is not None:
            return known
        if self._depth > MAX_DEPTH:
            return NOTHING
        self._memo[key] = NOTHING
        self._depth += 1
        try:
            self._memo[key] = found = distinct(self.carried.values(term, frame) or self._evaluated(term, frame))
        finally:
            self._depth -= 1
        return found

    def _evaluated(self, term: Term, frame: Frame) -> Iterable[Value]:
        match term:
            case Constant(value=data) | Octets(value=data):
                value = Value(data, given="file" if frame.module.is_document else "literal")
                return templates.rendered(self, value, frame.module) if templates.is_unfilled(data) else (value,)
            case Name():
                return self.name(term.id, term.point, frame)
            case Attribute():
                return objects.attribute(self, term, frame)
            case Subscript():
                return mappings.item(self, term, frame)
            case Call():
                return calls.result(self, term, frame)
            case Unary():
                return self._unary(term, frame)
            case Binary():
                return self._binary(term, frame)
            case Either():
                return self._either(term, frame)
            case Entries():
                return mappings.display(self, term, frame)
            case Items():
                return (self._sequence(term, frame),)
            case Text():
                return self._text(term, frame)
            case Closure(scope=scope) if scope in frame.module.functions:
                return (Value(FunctionRef(frame.module, frame.module.functions[scope])),)
            case Opaque(kind="with", parts=(managed,)):
                return self.values(managed, frame)
            case Opaque(kind="each", parts=(iterable,)):
                return self._each(iterable, frame)
        return NOTHING

    def name(self, name: str, point: int, frame: Frame) -> Iterable[Value]:
        """What `name` is at `point` of `frame`'s own scope, or of the scopes around it."""
        module = frame.module
        for scope in module.enclosing(frame.scope):
            own = scope == frame.scope
            where = frame if own else self.frame_around(frame, scope)
            definitions = module.definitions.get((scope, name))
            if own and not scope and _brought(module, definitions, point):
                break
            parameter = module.parameter(scope, name)
            if own and parameter:  # what it holds until it is bound anew: `delta = delta or timedelta(hours=1)`
                definitions = [item for item in definitions or () if item.point < point]
            seen = reaching(self, definitions, point if own else None, where) if definitions else []
            if own and parameter and (not seen or all(_conditional(item) for item in seen)) or parameter and not seen:
                plain = self.argument(parameter, where)
            else:
                plain = ()
            if seen or plain:
                found = (*(value for item in seen for value in self.defined(item, module, where)), *plain)
                return mappings.edited(self, found, name, scope, point if own else None, where, _since(seen))
        outside = tuple(self._outside(name, module))
        return mappings.edited(self, outside, name, "", None if frame.scope else point, self.roots[module], -1)

    def frame_around(self, frame: Frame, scope: str) -> Frame:
        """The frame of an enclosing scope: the caller's where the way led through it, else any way in."""
        if not scope:
            return self.roots[frame.module]
        for outer in frame.chain:
            if outer.module is frame.module and outer.scope == scope:
                return outer
        return calls.frames(self, frame.module, scope)[0]

    def _outside(self, name: str, module: Module) -> Iterable[Value]:
        for star in (star for star in module.stars if star.scope != EXPORTS):
            for value in self.imported(module, star.target, star.level):
                if isinstance(value.data, ModuleRef):
                    found = tuple(objects.of_module(self, value.data.module, name))
                    if found and any(item.known for item in found):
                        return found
        path = f"{module.language.prefix}{name}"
        known = name in module.language.builtins or module.language is JAVASCRIPT and self.models.is_global(path)
        return (Value(External(path)),) if known else NOTHING

    def argument(self, parameter: Param, frame: Frame) -> tuple[Value, ...]:
        """What a parameter holds in `frame`."""
        given = frame.args.get(parameter.name)
        if given is not None:
            return given
        annotated = hints.given(self, parameter, frame.module)
        if parameter.default is None:
            return annotated or NOTHING
        note = f"default of {parameter.name}"
        root = self.roots[frame.module]
        default = [value.through(frame.module.at(parameter.at), note) for value in self.values(parameter.default, root)]
        if annotated and not any(map(self._tells_anything, default)):
            return annotated
        return tuple(default) if frame.use else (*default, Value(UNKNOWN))

    def _tells_anything(self, value: Value) -> bool:
        """Whether more is known of a value than that some package gives it, of which no model speaks."""
        return value.known and not (isinstance(value.data, External) and not self.models.knows(value.data.path))

    def defined(self, item: Definition, module: Module, frame: Frame) -> Iterable[Value]:
        """What a definition gives."""
        match item:
            case Binding():
                return self.bound(item, module, frame)
            case Function():
                return (Value(FunctionRef(module, item, frame.receiver if item.scope == frame.scope else None)),)
            case Class():
                return (Value(ClassRef(module, item)),)
            case Import() if module.language is JAVASCRIPT:
                return exchange.taken(self, module, item)
            case Import(member=None):
                alias = item.name != item.target.split(".")[0]
                return self.imported(module, item.target if alias else item.name, item.level)
            case Import(member=member):
                sources = self.imported(module, item.target, item.level, str(member))
                return (value for source in sources for value in objects.member(self, source, str(member)))
        return NOTHING

    def bound(self, binding: Binding, module: Module, frame: Frame) -> Iterable[Value]:
        """The values of a binding, one step further on."""
        at, note = module.at(binding.at), f"set as {_target(binding.target)}"
        found = [value.through(at, note) for value in self.values(binding.value, frame)]
        return [value.in_development() for value in found] if for_development(binding.when) else found

    def imported(self, module: Module, target: str, level: int, member: str = "") -> tuple[Value, ...]:
        """The module or package that an import names; unread modules are wanted, foreign ones external.

        Of a package that has not been read its modules are known.
        """
        path = None if self._is_of_library(module, target) else self.names.find(module.path, target, level)
        if path is None:
            return NOTHING if level else (Value(External(target)),)
        if path == module.path and member:
            path = f"{posixpath.dirname(path)}/"  # what a package imports from itself is one of its modules
        if path.endswith("/__init__.py") and not self.read(path):
            path = path.removesuffix("__init__.py")
        if path.endswith("/"):
            inner = self.names.module_in(path.rstrip("/"), member) if member else None
            if inner is not None:
                self.read(inner)
            return (Value(External(path)),)
        return (Value(ModuleRef(self.modules[path])),) if self.read(path) else NOTHING

    def _is_of_library(self, module: Module, target: str) -> bool:
        """Whether an example names a library that models know: in a library's own repository, it is shown how that is used."""
        return role(module.path) == "example" and target.partition(".")[0] in self.models.packages

    def read(self, path: str) -> bool:
        """Whether the facts of `path` are at hand; if not, they are wanted."""
        if path in self.modules:
            return True
        self.wanted.add(path)
        return False

    def _unary(self, term: Unary, frame: Frame) -> Iterable[Value]:
        for value in self.values(term.operand, frame):
            if term.operator == "not":
                yield value.of(UNKNOWN if value.holds is None else not value.holds)
            elif term.operator == "-" and isinstance(value.data, int | float):
                yield value.of(-value.data)
            else:
                yield Value(UNKNOWN)

    def _binary(self, term: Binary, frame: Frame) -> Iterable[Value]:
        if term.operator == "and":
            yield from self._and(term, frame)
            return
        if term.operator == "|":
            united = mappings.united(self.values(term.left, frame), self.values(term.right, frame))
            if united:
                yield from united
                return
        for left, right in product(self.values(term.left, frame), self.values(term.right, frame)):
            path = files.below(self, left, right) if term.operator == "/" else None
            if path is not None:
                yield path
                continue
            yield (
                combine(term.operator, left, right) or Value(UNKNOWN) if left.known and right.known else Value(UNKNOWN)
            )

    def _and(self, term: Binary, frame: Frame) -> Iterable[Value]:
        left = truth(self, term.left, frame)
        if left is False:
            return (Value(False),)
        right = self.values(term.right, frame)
        return right if left else (*right, Value(UNKNOWN))

    def _either(self, term: Either, frame: Frame) -> Iterable[Value]:
        if term.test is not None:
            answer = truth(self, term.test, frame)
            options = term.options if answer is None else (term.options[0 if answer else 1],)
            for option in options:
                yield from self.values(option, frame)
            return
        for index, option in enumerate(term.options):
            values = self.values(option, frame)
            yield from (
                calls.as_fallback(value) if index else value for value in values if value.data not in (None, "")
            )
            if all(value.holds for value in values):
                return
            if index == len(term.options) - 1:
                yield from (value for value in values if value.data in (None, ""))

    def _sequence(self, term: Items, frame: Frame) -> Value:
        spread = any(isinstance(item, Opaque) for item in term.items)
        items = [self.values(item, frame) for item in term.items]
        for index, place in enumerate(term.places):
            at = frame.module.at(place)
            items[index] = tuple(value if value.steps else value.through(at, "listed") for value in items[index])
        return Value(Sequence(tuple(items), closed=not spread))

    def _each(self, iterable: Term, frame: Frame) -> Iterable[Value]:
        for value in self.values(iterable, frame):
            if isinstance(value.data, Sequence):
                for item in value.data.items:
                    yield from item
            else:
                yield Value(UNKNOWN)

    def _text(self, term: Text, frame: Frame) -> Iterable[Value]:
        parts = [self.values(part, frame) for part in term.parts]
        if all(len(part) == 1 and isinstance(part[0].data, str | int | float) for part in parts):
            steps = next((part[0].steps for part in parts if part[0].steps), ())
            return (Value("".join(str(part[0].data) for part in parts), steps),)
        return NOTHING


def distinct(values: Iterable[Value]) -> tuple[Value, ...]:
    """The values without repetition, unknown once and last; too many are as good as unknown."""
    found: dict[object, Value] = {}
    for value in values:
        data = value.data
        key = (type(data), data, value.steps) if value.known else UNKNOWN
        found.setdefault(key, value)
        if len(found) > MAX_VALUES:
            found = dict(list(found.items())[:MAX_VALUES])
            found[UNKNOWN] = Value(UNKNOWN)
            break
    unknown = found.pop(UNKNOWN, None)
    return (*found.values(), unknown) if unknown else tuple(found.values()) or NOTHING


def _brought(module: Module, definitions: list[Definition] | None, point: int) -> bool:
    """Whether a star import stands before a point of the module and none of the name's definitions does."""
    if not definitions or any(item.point < point for item in definitions):
        return False
    return any(star.point < point for star in module.stars)


def _conditional(item: Definition) -> bool:
    return isinstance(item, Binding) and bool(item.when)


def _since(seen: list[Definition]) -> int:
    return min((item.point for item in seen), default=-1)


def _target(term: Term) -> str:
    match term:
        case Name(id=name) | Attribute(name=name):
            return name
        case Subscript(key=Constant(value=key)):
            return str(key)
    return "it"
