"""Texts of templates: what an expression is where nobody fills in anything else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from jwtlint.models.vocabulary import vocabulary
from jwtlint.project import calls, files
from jwtlint.project.names import Module
from jwtlint.project.value import UNKNOWN, Sequence, Table, Value

if TYPE_CHECKING:
    from jwtlint.project.values import Evaluator

_EXPRESSION = re.compile(r"\{\{-?\s*\.?(?P<path>\w+(?:\.\w+)*)\s*(?P<filters>(?:\|[^|{}]*)*?)-?\}\}")
_DEFAULT = re.compile(r"\|\s*default[\s(]\s*(?P<quote>[\"'])(?P<text>.*?)(?P=quote)\s*\)?\s*")
_RESPELLING = re.compile(r"\|\s*(quote|squote|toString|string|trim|safe|b64enc)\s*")
DEFAULT = "default"  # what the description of a variable calls its value


def is_unfilled(data: object) -> bool:
    """Whether a text holds an expression."""
    return isinstance(data, str) and "{{" in data


def rendered(evaluator: Evaluator, value: Value, home: Module) -> Iterable[Value]:
    """What a text becomes by the defaults of a template; a text that is more than one expression stays as it is."""
    found = _EXPRESSION.fullmatch(value.data.strip()) if isinstance(value.data, str) else None
    rest = found["filters"] if found else "|"
    defaults: list[Value] = []
    while given := _DEFAULT.match(rest) or _RESPELLING.match(rest):
        if given.re is _DEFAULT:
            defaults.append(calls.as_fallback(value.of(given["text"])))
        rest = rest[given.end() :]
    if found is None or rest.strip():
        return (value,)
    return (*_defaults(evaluator, found["path"].split("."), home), *defaults) or (value,)


def _defaults(evaluator: Evaluator, path: list[str], home: Module) -> Iterator[Value]:
    """What the files of a template's defaults say of a variable; what is empty there, somebody has to fill in."""
    for name, prefix in vocabulary().template_defaults:
        if prefix and path[0] != prefix:
            continue
        content = files.content(evaluator, name, home, opened=False)
        if content and isinstance(content.data, Table):
            for value in content.data.get(*path[bool(prefix) :]):
                yield from (
                    calls.as_fallback(one)
                    for one in _chosen(value)
                    if isinstance(one.data, str | int) and one.data != ""
                )


def _chosen(value: Value) -> Iterable[Value]:
    """The value of a variable: the first of those to choose from, or what its description says."""
    match value.data:
        case Sequence(items=items) if items:
            return items[0]
        case Table() as table:
            return table.get(DEFAULT)
    return (value,) if value.data is not UNKNOWN else ()
