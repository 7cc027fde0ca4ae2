"""Other names that the functions of objects go by in a script: `const verify = promisify(jwt.verify)`."""

from __future__ import annotations

from collections.abc import Iterator

from jwtlint.facts import Arg, Attribute, Call, Facts, Name, Term


def held(facts: Facts) -> Iterator[tuple[str, str]]:
    """The name of a function with one that calls of it have: the variable that holds it, or `wrap()` where what wraps it
    alone is called at once.
    """
    for item in facts.bindings:
        method = _method(item.value)
        if method and isinstance(item.target, Name):
            yield method, item.target.id
    for use in facts.uses:
        match use.call.func:
            case Call(func=Name(id=wrapper) | Attribute(name=wrapper)) as wrapped:
                method = _method(wrapped)
                if method:
                    yield method, f"{wrapper}()"


def _method(term: Term) -> str:
    """The name of the method that a term is: `verify` of `jwt.verify`, of what wraps that alone, and of what is bound to an object."""
    match term:
        case Call(func=Attribute(base=inner, name="bind")):
            return _method(inner)
        case Call(func=Name() | Attribute(), args=(Arg(value=Attribute(name=name)),)) | Attribute(name=name):
            return name
    return ""
