"""How denylists are asked: by the token's own text or by its id."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from jwtlint.facts import Attribute, Binary, Call, Constant, Entries, Name, Subscript, Term, Text, inside
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project import calls
from jwtlint.project.names import Module, last_name
from jwtlint.project.state import Access
from jwtlint.project.value import External, Frame, FunctionRef, Instance, Value

if TYPE_CHECKING:
    from jwtlint.project import Project

_MAX_DEPTH = 3  # functions that a token is handed on through


class Asking:
    """Answers by what denylists are asked."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._evaluator = project.observer

    @cached_property
    def by_token(self) -> tuple[Access, ...]:
        """Look-ups in denylists whose key is the text of a token that is verified there, too, or a hash of it."""
        found: dict[Access, None] = {}
        looks = [access for store in self._project.denylists.denying for access in store.looks]
        for token in self._project.tokens.own if looks else ():
            given = token.argument("token")
            held = _texts(given) if given is not None else frozenset()
            for frame in token.frame.chain:
                if not held:
                    break
                found |= dict.fromkeys(self._asked(looks, frame.module, frame.scope, held))
                held = _handed_in(frame, held)
        for access in looks:
            if (access.module, access.scope) in self._project.state.guarding.places:
                held = self._given(access.module, access.scope)
                found |= dict.fromkeys(self._asked([access], access.module, access.scope, held)) if held else {}
        return tuple(found)

    def _given(self, module: Module, scope: str) -> frozenset[str]:
        """The parameters of a function that a framework gives the text of the token that others verify."""
        function = module.functions.get(scope)
        frame = calls.alone(self._evaluator, module, scope)
        return frozenset(
            parameter.name
            for parameter in (function.params if function else ())
            if self._sources & {*_paths(self._evaluator.argument(parameter, frame))}
        )

    @cached_property
    def _sources(self) -> frozenset[str]:
        """What frameworks give the tokens by that are verified."""
        given = ((token, token.argument("token")) for token in self._project.tokens.own)
        values = (self._evaluator.values(term, token.frame) for token, term in given if term is not None)
        return frozenset(path for found in values for path in _paths(found))

    def _asked(
        self, looks: list[Access], module: Module, scope: str, held: frozenset[str], depth: int = 0
    ) -> Iterator[Access]:
        """The look-ups by what variables hold, in a function and in those that it hands them on to."""
        held = _spread(module, scope, held)
        for access in looks:
            if access.module is module and access.scope == scope and _is_key(access, held):
                yield access
        if depth >= _MAX_DEPTH:
            return
        for use in module.facts.uses:
            if use.scope == scope and any(_derives(item.value, held) for item in use.call.args):
                for value in self._evaluator.values(use.call.func, calls.alone(self._evaluator, module, scope)):
                    if isinstance(value.data, FunctionRef):
                        inner = _received(value.data, use.call, held)
                        function = value.data
                        yield from self._asked(looks, function.module, function.function.path, inner, depth + 1)


def _paths(values: Iterable[Value]) -> Iterator[str]:
    """The paths of what calls outside the project have given."""
    yield from (value.data.path for value in values if isinstance(value.data, External) and value.data.of is not None)


def path(term: Term) -> str:
    """A dotted name, with constant keys; empty for anything else."""
    match term:
        case Name(id=name):
            return name
        case Attribute(base=base, name=name):
            return f"{path(base)}.{name}" if path(base) else ""
        case Subscript(base=base, key=Constant(value=key)):
            return f"{path(base)}[{key}]" if path(base) else ""
    return ""


def _texts(given: Term) -> frozenset[str]:
    """What the text of a token is read from: itself, or what it is respelled from."""
    if path(given):
        return frozenset({path(given)})
    if isinstance(given, Call):
        base = given.func.base if isinstance(given.func, Attribute) else None
        parts = [item.value for item in given.args] + ([base] if base is not None else [])
        if _respells(given):
            return frozenset(told for part in parts if (told := path(part)))
    return frozenset()


def _respells(call: Call) -> bool:
    return bool(vocabulary().respelling & set(words_of(last_name(call.func))))


def _derives(term: Term, held: frozenset[str]) -> bool:
    """Whether a term is the text that one of the names holds, or that text in another form."""
    if path(term) in held:
        return True
    match term:
        case Call(func=Attribute(base=base), args=args) if _respells(term):
            return _derives(base, held) or any(_derives(item.value, held) for item in args)
        case Call(args=args) if _respells(term):
            return any(_derives(item.value, held) for item in args)
        case Text(parts=parts):
            return any(_derives(part, held) for part in parts)
        case Binary(operator="+" | "%", left=left, right=right):
            return _derives(left, held) or _derives(right, held)
        case Subscript(base=base):
            return isinstance(base, Call) and _derives(base, held)
    return False


def _spread(module: Module, scope: str, held: frozenset[str]) -> frozenset[str]:
    """The names, and those of the function's variables that hold the same text in another form."""
    for binding in module.facts.bindings:
        if binding.scope == scope and isinstance(binding.target, Name) and _derives(binding.value, held):
            held |= {binding.target.id}
    return held


def _is_key(access: Access, held: frozenset[str]) -> bool:
    """Whether the statement of a look-up compares or gives as an argument what the names hold."""
    for term in access.module.terms(access.scope):
        if not any(isinstance(part, Name) and part.point == access.point for part in inside(term)):
            continue
        match term:
            case Call(args=args) if not _respells(term):
                if any(_derives(item.value, held) for item in args) and _is_of(access, term):
                    return True
            case Binary(operator="==" | "in" | "not in", left=left, right=right):
                if _derives(left, held) or _derives(right, held):
                    return True
            case Entries(items=items) if any(_derives(item.value, held) for item in items):
                return True
            case Subscript(key=key) if _derives(key, held):
                return True
    return False


def _is_of(access: Access, call: Call) -> bool:
    """Whether a call is the look-up, or one of those that it is put together of."""
    uses = (use for use in access.module.facts.uses if use.scope == access.scope and use.point == access.point)
    whole = next((use.call for use in uses if access.module.at(use.call.at) == access.at), None)
    return whole is None or any(one is call for one in _chain(whole)) or any(one is whole for one in _chain(call))


def _chain(call: Call) -> Iterator[Call]:
    """A call, and those whose results its methods are of."""
    term: Term = call
    while isinstance(term, Call | Attribute):
        if isinstance(term, Call):
            yield term
        term = term.func if isinstance(term, Call) else term.base


def _received(function: FunctionRef, call: Call, held: frozenset[str]) -> frozenset[str]:
    """The parameters of a function that a call gives what the names hold."""
    names = [item.name for item in function.function.params if item.kind == "positional"]
    if isinstance(function.receiver, Instance) or (function.receiver and names[:1] in (["self"], ["cls"])):
        names = names[1:]
    found = set()
    for index, item in enumerate(call.args):
        name = item.name or (names[index] if index < len(names) else "")
        if name and _derives(item.value, held):
            found.add(name)
    return frozenset(found)


def _handed_in(frame: Frame, held: frozenset[str]) -> frozenset[str]:
    """What the caller of a function calls the same text, where it hands it in as an argument."""
    if frame.use is None or frame.function is None:
        return frozenset()
    params = [item.name for item in getattr(frame.function, "params", ()) if item.kind == "positional"]
    if frame.receiver is not None and params[:1] in (["self"], ["cls"]):
        params = params[1:]
    found: set[str] = set()
    for index, item in enumerate(frame.use.call.args):
        name = item.name or (params[index] if index < len(params) else "")
        if name in held:
            found |= _texts(item.value)
    return frozenset(found)
