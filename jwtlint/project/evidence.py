"""What the code of some functions says of ending tokens: the fields that it reads, compares and sets, and how that is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from jwtlint.facts import Attribute, Binary, Binding, Call, Constant, Name, Subscript, Term, Text, inside
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project.concepts import Verification
from jwtlint.project.names import Module, last_name
from jwtlint.project.value import FunctionRef

Place = tuple[Module, str]  # a function's body

COMPARING = frozenset({"==", "!="})
MAX_NAMED = 3
MAX_DEPTH = 2


def field_of(term: Term) -> str:
    """The field that a term reads: `version` of `user.version` and of `user["version"]`; empty for other terms."""
    match term:
        case Attribute(name=name):
            return name
        case Subscript(key=Constant(value=str(key))):
            return key
    return ""


def version_fields(places: Iterable[Place]) -> Iterator[str]:
    """Fields that end all tokens of a user when they change, as far as the functions read one.

    A key counts only where it is the user's own: the application's has names like it.
    """
    words = vocabulary()
    for module, scope in places:
        for term in module.terms(scope):
            name = field_of(term)
            if name in words.version_fields or (name in words.user_keys and _is_of_user(term)):
                yield name


def _is_of_user(term: Term) -> bool:
    base = term.base if isinstance(term, Attribute | Subscript) else None
    return base is not None and bool(vocabulary().users & set(words_of(field_of(base) or last_name(base))))


def user_fields(term: Term) -> Iterator[str]:
    """The fields of a user that a term is made of."""
    for part in inside(term):
        if isinstance(part, Attribute | Subscript) and _is_of_user(part):
            yield field_of(part)


def compared_fields(fields: frozenset[str], places: Iterable[Place]) -> Iterator[str]:
    """Those of the fields that the functions compare with something."""
    for module, scope in places:
        for term in module.terms(scope):
            if isinstance(term, Binary) and term.operator in COMPARING:
                yield from (name for side in (term.left, term.right) if (name := field_of(side)) in fields)


def compared_passwords(token: Verification, places: Iterable[Place]) -> Iterator[str]:
    """Fields with a password's hash that the token is compared with, or that its key is made of."""
    compared = [
        term
        for module, scope in places
        for term in module.terms(scope)
        if isinstance(term, Binary) and term.operator in COMPARING and _reads_claim(term)
    ]
    for term in (*compared, *_making(token, token.argument("key"))):
        yield from (name for part in inside(term) if (name := field_of(part)) in vocabulary().password_fields)


def _making(token: Verification, term: Term | None, depth: int = 0) -> Iterator[Term]:
    """A term with what its names are set to in the function and what the functions return that it calls."""
    if term is None or depth > MAX_DEPTH:
        return
    yield term
    module, evaluator = token.module, token.bound.evaluator
    for part in inside(term):
        if isinstance(part, Name):
            for item in module.definitions.get((token.use.scope, part.id), ()):
                if isinstance(item, Binding):
                    yield from _making(token, item.value, depth + 1)
        elif isinstance(part, Call):
            called = (value.data for value in evaluator.values(part.func, token.frame))
            for function in (data for data in called if isinstance(data, FunctionRef)):
                yield from function.module.terms(function.function.path)


def _reads_claim(term: Term) -> bool:
    """Whether a comparison has a text key in it, as claims are read."""
    return any(isinstance(part, Constant) and isinstance(part.value, str) for part in inside(term))


def unsure_asking(places: Iterable[Place]) -> Iterator[str]:
    """Attributes of the objects that verify which may ask whether a token was ended: a callback that somebody else sets."""
    for module, scope in places:
        owner = scope.rpartition(".")[0]
        for binding in module.facts.bindings if owner in module.classes else ():
            if isinstance(binding.target, Attribute) and binding.scope.startswith(f"{owner}."):
                if vocabulary().asking & set(words_of(binding.target.name)):
                    yield binding.target.name


def asks_elsewhere(places: Iterable[Place]) -> bool:
    """Whether a login is ended somewhere else: an address that says so, or a request to one."""
    words = vocabulary()
    for module, scope in places:
        for term in module.terms(scope):
            if isinstance(term, Call):
                sent = last_name(term.func) in words.requesting
                texts = [_text_of(part) for item in term.args for part in inside(item.value)]
                if any(("://" in text or (sent and "/" in text)) and words.purpose(text) == "logout" for text in texts):
                    return True
    return False


def _text_of(term: Term) -> str:
    """A text, of one that is only partly known the constant parts."""
    match term:
        case Constant(value=str(text)):
            return text
        case Text(parts=inner):
            return "".join(part.value if isinstance(part, Constant) else "{}" for part in inner)  # type: ignore[misc]
    return ""


def sets_password(place: Place) -> bool:
    """Whether a function gives a user a password: sets a field that holds one, or calls what does."""
    module, scope = place
    words = vocabulary()
    given = (binding for binding in module.facts.bindings if _is_set(binding, scope))
    if not scope.endswith("__init__") and not all(_is_of_new(binding, module) for binding in given):
        return True
    return any(use.scope == scope for name in words.password_setters for use in module.uses.get(name, ()))


def _is_set(binding: Binding, scope: str) -> bool:
    """Whether a binding of the function sets a password of a user; the plain name is also that of a mail server's."""
    words = vocabulary()
    name = field_of(binding.target)
    if binding.scope != scope or name not in words.password_fields:
        return False
    base = binding.target.base if isinstance(binding.target, Attribute | Subscript) else None
    of = words_of(last_name(base)) if base is not None else ()
    owner = words_of(scope.rpartition(".")[0]) if of == ("self",) else of
    return "_" in name or bool({*words.users, *words.rows} & set(owner))


def _is_of_new(binding: Binding, module: Module) -> bool:
    """Whether what a field is set of was made by the same function: nobody who has a password already."""
    base = binding.target.base if isinstance(binding.target, Attribute | Subscript) else None
    made = module.definitions.get((binding.scope, base.id), ()) if isinstance(base, Name) else ()
    values = [item.value for item in made if isinstance(item, Binding)]
    return bool(values) and all(isinstance(item, Call) and last_name(item.func)[:1].isupper() for item in values)


def setting_fields(modules: Iterable[Module], names: Iterable[str]) -> Iterator[Place]:
    """Functions that set one of the fields: by assignment, by a keyword, in the text of a statement."""
    fields = frozenset(names)
    for module in modules:
        for binding in module.facts.bindings:
            if binding.scope and field_of(binding.target) in fields:
                yield module, binding.scope
        for use in module.facts.uses:
            said = {argument.name for argument in use.call.args} | set(_words_in(use.call))
            if use.scope and said & fields:
                yield module, use.scope


def _words_in(call: Call) -> Iterator[str]:
    """The words of the texts that a call is given, and the keys of mappings among them."""
    for term in inside(call.args):
        if isinstance(term, Constant) and isinstance(term.value, str):
            yield from re.findall(r"\w+", term.value)


def counted(number: int, noun: str) -> str:
    """`1 logout`, `2 logouts`."""
    return f"{number} {noun}{'s' * (number != 1)}"


def listed(names: Sequence[str]) -> str:
    """The first few names as code."""
    shown = ", ".join(f"`{name}`" for name in names[:MAX_NAMED])
    return f"{shown} and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else shown
