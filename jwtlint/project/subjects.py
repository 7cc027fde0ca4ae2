"""What a payload names its user by, as the code writes it."""

from __future__ import annotations

from collections.abc import Iterator

from jwtlint.facts import Arg, Attribute, Binding, Call, Constant, Entries, Items, Name, Opaque, Subscript, Term, Text
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project import keys, mappings
from jwtlint.project.concepts import Issuance
from jwtlint.project.value import Frame

MAX_NESTING = 8


def subject(token: Issuance) -> str:
    """What the user is named by, as the code has it: `id` of `{"sub": str(user.id)}`; empty where that is not known."""
    payload = token.argument("claims")
    for name in sorted(vocabulary().user_claims) if payload is not None else ():
        for term, frame in _entries(token, payload, token.frame, name):
            words = words_of(_origin(term, frame))
            return words[-1] if words and words[-1] != "sub" else ""  # whoever an earlier token named
    return ""


def _entries(
    token: Issuance, term: Term | None, frame: Frame, name: str, depth: int = 0
) -> Iterator[tuple[Term, Frame]]:
    """What is written for an entry of a mapping, the last first."""
    if term is None or depth > MAX_NESTING:
        return
    match term:
        case Entries(items=items):
            for item in reversed(items):
                if item.key is None:
                    yield from _entries(token, item.value, frame, name, depth + 1)
                elif name in mappings.keys(token.bound.evaluator, item.key, frame):
                    yield item.value, frame
        case Call(func=Attribute(base=base, name="copy")):
            yield from _entries(token, base, frame, name, depth + 1)
        case Call(args=args):
            for argument in args:
                if argument.name == name:
                    yield argument.value, frame
                elif argument.name in (None, "**"):
                    yield from _entries(token, argument.value, frame, name, depth + 1)
        case Name(id=held):
            for edit in frame.module.edits.get((frame.scope, held), ()):
                if isinstance(edit, Binding) and isinstance(edit.target, Subscript):
                    if name in mappings.keys(token.bound.evaluator, edit.target.key, frame):
                        yield edit.value, frame
                elif not isinstance(edit, Binding):
                    yield from _entries(token, edit.call, frame, name, depth + 1)
            for bound, home in _given(term, frame):
                yield from _entries(token, bound, home, name, depth + 1)


def _given(term: Name, frame: Frame) -> Iterator[tuple[Term, Frame]]:
    """What a local variable was bound to, or what the caller gave a parameter."""
    for item in reversed(frame.module.definitions.get((frame.scope, term.id), [])):
        if isinstance(item, Binding) and item.point < term.point:
            yield item.value, frame
            return
    outer = keys.passed(term, frame)
    if outer is not None:
        yield outer


def _origin(term: Term, frame: Frame, depth: int = 0) -> str:
    """The name that a term is known by where it comes from: through `str()`, variables, loops, and parameters."""
    if depth > MAX_NESTING:
        return ""
    match term:
        case Call(func=Name(), args=(Arg(value=inner),)) | Text(parts=(inner,)):
            return _origin(inner, frame, depth + 1)
        case Opaque(kind="each", parts=(Items(items=(first, *_)),)):
            return _origin(first, frame, depth + 1)
        case Name():
            for bound, home in _given(term, frame):
                return _origin(bound, home, depth + 1)
            return "" if frame.module.parameter(frame.scope, term.id) is None else term.id
        case Attribute(name=name):
            return name
        case Subscript(key=Constant(value=str(name))):
            return name
    return ""
