"""What the code around a verification does with the token: whether it is believed, checked further, or let through."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from jwtlint.facts import (
    Arg,
    Attribute,
    Binary,
    Binding,
    Call,
    Constant,
    Entry,
    Handler,
    Name,
    Subscript,
    Term,
    Unary,
    Use,
    inside,
)
from jwtlint.finding import Location
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project import hints, objects
from jwtlint.project.names import Module, last_name
from jwtlint.project.value import ClassRef, External, Frame, Value

if TYPE_CHECKING:
    from jwtlint.project.concepts import Occurrence, Verification
    from jwtlint.project.values import Evaluator

_FIELD = re.compile(r"(.*)\(\)\[(\w+)\]")
_CONTINUING = frozenset({"call_next", "get_response", "next"})


def enforces(token: Verification, claim: str) -> bool:
    """Whether the function reads `claim` in a way that fails without it, compares it, or builds a model that needs it."""
    module, scope = token.module, token.use.scope
    for term in module.terms(scope):
        match term:
            case Subscript(key=Constant(value=key)) if key == claim:
                return True
            case Call(func=Attribute(name="get"), args=(Arg(value=Constant(value=key)), *_)) if key == claim:
                return True
            case Call(args=args) if any(item.name == "**" for item in args) and _needs(token, term, claim):
                return True
    return False


def _needs(token: Verification, call: Call, claim: str) -> bool:
    """Whether the call makes a class of the project that has `claim` as a mandatory field."""
    for callee in token.bound.evaluator.values(call.func, token.frame):
        if isinstance(callee.data, ClassRef):
            for one in objects.bases(token.bound.evaluator, callee.data):
                if isinstance(one, ClassRef):
                    for item in one.module.definitions.get((one.definition.path, claim), ()):
                        if isinstance(item, Binding) and hints.is_mandatory(item):
                            return True
    return False


def results(token: Occurrence) -> tuple[str, ...]:
    """The variables that hold what the call gives, or the object that it fills."""
    function = token.use.call.func
    filled = function.base if token.has("into") and isinstance(function, Attribute) else None
    given = tuple(
        binding.target.id
        for binding in token.module.facts.bindings
        if isinstance(binding.target, Name) and _holds(binding.value, token.use.call)
    )
    return (*given, filled.id) if isinstance(filled, Name) else given


def _holds(term: Term, call: Call) -> bool:
    return term is call


def is_trusted(token: Occurrence) -> bool:
    """Whether the result is returned, stored, or read for a claim that says who somebody is.

    What a library does by its settings alone is no call whose result could go unused; a token that the application has
    just been given by its issuer is the issuer's word, whatever else is checked of it.
    """
    if isinstance(token.use.call.func, Constant):
        return True
    if any(comes_of(token.bound.evaluator, value, "obtains") for value in token.part("token")):
        return False
    read = claims_read(token)
    if read is None:
        return True
    words = vocabulary()
    if _only_answers(token.module, token.use.scope):
        return bool(read & (words.user_claims | words.authorization_claims))
    return bool(read - words.routing_claims)


def _only_answers(module: Module, scope: str) -> bool:
    """Whether a function says yes or no and nothing else: whose token it is, perhaps, so that the right one verifies it."""
    returned = [item.value for item in module.returns.get(scope, ())]
    return bool(returned) and all(isinstance(value, Constant) and isinstance(value.value, bool) for value in returned)


def comes_of(evaluator: Evaluator, value: Value, role: str, *, without: str = "") -> bool:
    """Whether the value is a part of what a call with that role gave, and the role has not the part `without`."""
    data = value.data
    return isinstance(data, External) and any(
        data.path.startswith(f"{path}()") and without not in evaluator.models.calls[path].roles[role]
        for path in evaluator.models.calls.having({role})
    )


def claims_read(token: Occurrence) -> frozenset[str] | None:
    """The claims that the function reads of the result; None where the result goes elsewhere as a whole."""
    module, scope, call = token.module, token.use.scope, token.use.call
    held = set(results(token))
    read: set[str] = set()
    partly = {id(call.func.base)} if isinstance(call.func, Attribute) else set()
    called = {id(term.func) for term in module.terms(scope) if isinstance(term, Call)}
    for term in module.terms(scope):
        base, key = _read_of(term, token) if id(term) not in called else (None, "")
        if base is not None and (base is call or (isinstance(base, Name) and base.id in held)):
            read.add(key)
            partly.add(id(base))
    partly |= {id(term) for whole in module.terms(scope) for term in _asked_for(whole)}
    for term in module.terms(scope):
        if isinstance(term, Name) and term.id in held and id(term) not in partly and not _is_target(module, term):
            return None
    if not held and not read:
        asked = any(isinstance(term, Attribute) and term.base is call for term in module.terms(scope))
        kept = any(item.value is call for item in module.facts.bindings)
        kept = kept or any(item.value is call for item in module.facts.returns)
        goes_on = asked or kept or _is_passed_on(module, call)
        return None if goes_on else frozenset()
    return frozenset(read)


def _asked_for(term: Term) -> Iterator[Term]:
    """What a term only asks whether it is there: `claims` of `claims and claims["exp"]`, and of `not claims`."""
    match term:
        case Binary(operator="and", left=left):
            yield left
        case Unary(operator="not", operand=operand):
            yield operand
        case Binary(operator="is" | "is not" | "==" | "!=", left=left, right=Constant(value=None)):
            yield left


def _read_of(term: Term, token: Occurrence) -> tuple[Term | None, str]:
    """What a term reads a claim of, and which."""
    match term:
        case Subscript(base=base, key=key) | Call(func=Attribute(base=base, name="get"), args=(Arg(value=key), *_)):
            name = _named(key, token)
            return (base, name) if name else (None, "")
        case Attribute(base=base, name=name):
            return base, name
    return None, ""


def _named(key: Term, token: Occurrence) -> str:
    """The text that a key is, or that the constant holds which it names."""
    if isinstance(key, Constant):
        return str(key.value)
    if not isinstance(key, Name) or not key.id.isupper():
        return ""
    values = token.bound.evaluator.values(key, token.frame)
    return str(values[0].data) if len(values) == 1 and isinstance(values[0].data, str) else ""


def _is_target(module: Module, term: Name) -> bool:
    return any(binding.target is term for binding in module.facts.bindings)


def _is_passed_on(module: Module, call: Call) -> bool:
    return any(argument.value is call for use in module.facts.uses for argument in use.call.args)


def verified_elsewhere(token: Occurrence) -> bool:
    """Whether the same variable goes, in the same function, to another call that verifies it."""
    read = token.argument("token")
    names = {term.id for term in inside(read) if isinstance(term, Name)}
    for binding in token.module.facts.bindings:
        if (
            binding.scope == token.use.scope
            and isinstance(binding.target, Name)
            and binding.value is not token.use.call
        ):
            if names & {term.id for term in inside(binding.value) if isinstance(term, Name)}:
                names.add(binding.target.id)
    for use in token.module.facts.uses:
        if use.scope != token.use.scope or use.call is token.use.call:
            continue
        passed = {term.id for item in use.call.args for term in inside(item.value) if isinstance(term, Name)}
        if (
            names & passed
            and vocabulary().verifying & set(words_of(last_name(use.call.func)))
            and _verifies(token, use.call)
        ):
            return True
    return False


def _verifies(token: Occurrence, call: Call) -> bool:
    """Whether a call that takes the token checks its signature, so far as is known."""
    for callee in token.bound.evaluator.values(call.func, token.frame):
        if isinstance(callee.data, External):
            model = token.bound.evaluator.models.call(callee.data.path)
            if model is None or "verifies" not in model.roles:
                continue
            off = any(
                isinstance(term, Entry) or isinstance(term, Constant) and term.value == "verify_signature"
                for term in inside(call)
            )
            return not off
        return True
    return False


def letting_through(token: Verification) -> tuple[Location, ...]:
    """Handlers that answer True, or do nothing before a guarded function is called all the same."""
    found: list[Location] = []
    module, use = token.module, token.use
    for frame in token.frame.chain:
        found += [module.at(handler.at) for handler in use.handlers if _lets_through(module, use, handler)]
        refused = any(handler.outcome != "passes" for handler in use.handlers)
        if found or refused or frame.caller is None or frame.use is None:
            break
        module, use = frame.caller.module, _occurring(frame.caller.module, frame.use)
    return tuple(found)


def _occurring(module: Module, way: Use) -> Use:
    """The use in the file that a way into a function went through, with the handlers around it."""
    return next((use for use in module.uses[last_name(way.call.func)] if use.call is way.call), way)


def _lets_through(module: Module, use: Use, handler: Handler) -> bool:
    if handler.outcome == "returns":
        return any(_goes_on(module, use.scope, term) for term in handler.returned)
    if handler.outcome == "raises":
        return False
    here = [returned for returned in module.facts.returns if returned.scope == use.scope]
    after = [returned for returned in here if returned.at.line > handler.at.line]
    end = min((returned.at.line for returned in after), default=handler.at.line)
    handled = any(handler.at.line < item.at.line < end for item in module.facts.bindings if item.scope == use.scope)
    return not handled and any(
        _goes_on(module, use.scope, returned.value)
        for returned in after
        if not returned.when or returned.when == use.when
    )


def _goes_on(module: Module, scope: str, term: Term) -> bool:
    """Whether a returned term calls what a decorator or middleware guards."""
    if isinstance(term, Constant):
        return term.value is True
    if not (isinstance(term, Call) and isinstance(term.func, Name)) or _hands_error_on(term):
        return False
    outer = [around for around in module.enclosing(scope) if around and around != scope]
    return term.func.id in _CONTINUING or any(module.parameter(around, term.func.id) for around in outer)


def _hands_error_on(call: Call) -> bool:
    """Whether `next` is told what went wrong, so that the request is refused."""
    return isinstance(call.func, Name) and call.func.id == "next" and bool(call.args)


def header_field_in(evaluator: Evaluator, term: Term, frame: Frame, depth: int = 0) -> str:
    """The field of an unverified header that a term is made of, also through local names; empty if of none."""
    if depth > 3:
        return ""
    for part in inside(term):
        if isinstance(part, Name | Subscript | Call):
            for value in evaluator.values(part, frame):
                field = _header_field(evaluator, value.data.path) if isinstance(value.data, External) else ""
                if field:
                    return field
        if isinstance(part, Name):
            for item in frame.module.definitions.get((frame.scope, part.id), ()):
                if isinstance(item, Binding) and item.point < part.point:
                    found = header_field_in(evaluator, item.value, frame, depth + 1)
                    if found:
                        return found
    return ""


def _header_field(evaluator: Evaluator, path: str) -> str:
    """`kid` of what reads a token's header unchecked, at `["kid"]`."""
    match = _FIELD.fullmatch(path)
    model = evaluator.models.call(match[1]) if match else None
    gives = model.roles.get("inspects", {}).get("gives") if model else None
    return match[2] if match and gives and gives.options[0].literal == "header" else ""
