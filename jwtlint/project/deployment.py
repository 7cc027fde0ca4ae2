"""Whether a value hangs on where the application runs: `not DEBUG`, `settings.ENV == "production"`, `request.is_secure()`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from jwtlint.facts import Attribute, Binding, Constant, Entries, Name, Term, inside
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project.keys import passed
from jwtlint.project.value import Frame

if TYPE_CHECKING:
    from jwtlint.project.values import Evaluator

MAX_DEPTH = 4


def varies(evaluator: Evaluator, term: Term, frame: Frame, depth: int = 0) -> bool:
    """Whether words of a term, or of what its names are set to anywhere, tell a developer's machine from one that serves."""
    words = vocabulary()
    telling = words.production | words.development | words.deployments
    for part in inside(term):
        match part:
            case Name(id=name) | Attribute(name=name) | Constant(value=str(name)) if telling & {*words_of(name)}:
                return True
    return depth < MAX_DEPTH and any(
        varies(evaluator, other, where, depth + 1) for other, where in _set_to(evaluator, term, frame)
    )


def setting_varies(evaluator: Evaluator, name: str) -> bool:
    """The same of what sets an application's setting, or an entry of one: `TOKENS.SECURE`."""
    head, *keys = name.split(".")
    for module in evaluator.modules.values():
        for item in module.settings.get(head, ()):
            written = [
                entry.value
                for term in inside(item.value)
                if isinstance(term, Entries)
                for entry in term.items
                if isinstance(entry.key, Constant) and entry.key.value in keys
            ]
            if any(varies(evaluator, term, evaluator.roots[module]) for term in (written if keys else [item.value])):
                return True
    return False


def _set_to(evaluator: Evaluator, term: Term, frame: Frame) -> Iterator[tuple[Term, Frame]]:
    """What the names in a term are set to: by the caller, in the function, as settings of any file."""
    for part in inside(term):
        outer = passed(part, frame) if isinstance(part, Name) else None
        if outer is not None:
            yield outer
        elif isinstance(part, Name):
            for scope in frame.module.enclosing(frame.scope):
                for item in frame.module.definitions.get((scope, part.id), ()):
                    if isinstance(item, Binding) and item.value is not term:
                        yield item.value, frame
        elif isinstance(part, Attribute) or isinstance(part, Constant) and _is_setting(part.value):
            name = part.name if isinstance(part, Attribute) else str(part.value)
            for module in evaluator.modules.values():
                yield from ((item.value, evaluator.roots[module]) for item in module.settings.get(name, ()))


def _is_setting(key: object) -> bool:
    return isinstance(key, str) and key.isidentifier() and key.isupper()
