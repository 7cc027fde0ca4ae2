"""Manifests: documents that say which variables a program's environment is to have.

Every format has a mapping or a list of variables under a key that says so: compose, GitHub, GitLab and Azure pipelines,
Kubernetes and kustomize, Helm's values, ECS, serverless, `app.json`, `render.yaml`, `fly.toml`. What Kubernetes calls a
ConfigMap or a Secret holds variables by its kind.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from jwtlint.facts import AnyTerm, Constant, Entries, Entry, Items, Span, Variable
from jwtlint.read.substitution import substituted, variable

_HOLDING = re.compile(
    r"environment|(extra_?)?envs?|(extra_?)?env_?vars|environment_?variables|variables|vars|config_?vars|literals",
    re.IGNORECASE,
)
_HOLDERS = {"ConfigMap": ("data",), "Secret": ("data", "stringData")}
_ASSIGNED = re.compile(r"(?P<name>[A-Za-z_][\w.-]*)=(?P<value>.*)", re.DOTALL)


def variables(document: AnyTerm) -> Iterator[Variable]:
    """The variables that a document sets, wherever in it."""
    pending = [document]
    while pending:
        term = pending.pop()
        if isinstance(term, Items):
            pending += reversed(term.items)
        elif isinstance(term, Entries) and term.items:
            yield from _held(term)
            for entry in term.items:
                if entry.key is not None and _HOLDING.fullmatch(_text(entry.key)):
                    yield from _set(entry.value)
            pending += [entry.value for entry in reversed(term.items) if not isinstance(entry.value, Constant)]


def _set(held: AnyTerm) -> Iterator[Variable]:
    """The variables of a mapping or list of such."""
    match held:
        case Entries(items=entries):
            for entry in entries:
                yield from _of_entry(entry)
        case Items(items=items, places=places) if len(places) == len(items):
            for item, at in zip(items, places, strict=True):
                yield from _of_item(item, at)


def _of_entry(entry: Entry) -> Iterator[Variable]:
    """`NAME: value`, `NAME: {value: …}`, or what is merged into the mapping."""
    inner = _entry(entry.value, "value")
    if entry.key is None:
        yield from _set(entry.value)
    elif inner is not None:
        yield from _variable(_text(entry.key), inner.value, inner.at)
    else:
        yield from _variable(_text(entry.key), entry.value, entry.at)


def _of_item(item: AnyTerm, at: Span) -> Iterator[Variable]:
    """`NAME=value`, `{name: NAME, value: …}`, or one that refers to what a ConfigMap or a Secret holds."""
    if isinstance(item, Constant) and isinstance(item.value, str) and (found := _ASSIGNED.fullmatch(item.value)):
        yield Variable(found["name"], substituted(found["value"]), at)
        return
    name = _string(item, "name") or _string(item, "key")
    given, elsewhere = _entry(item, "value"), _entry(item, "valueFrom")
    if name and given is not None:
        yield from _variable(name, given.value, given.at)
    elif name and elsewhere is not None and isinstance(elsewhere.value, Entries):
        for source in elsewhere.value.items:
            if key := _string(source.value, "key"):
                yield Variable(name, variable(key, _string(source.value, "name")), elsewhere.at)


def _variable(name: str, value: AnyTerm, at: Span) -> Iterator[Variable]:
    """A variable that is set to something plain: to nothing, and the program that starts it decides."""
    if name and isinstance(value, Constant) and value.value is not None:
        text = str(value.value).lower() if isinstance(value.value, bool) else str(value.value)
        yield Variable(name, substituted(text), at)


def _held(document: Entries) -> Iterator[Variable]:
    """What a ConfigMap or a Secret holds."""
    kind = _string(document, "kind")
    metadata = _entry(document, "metadata")
    holder = _string(metadata.value, "name") if metadata else ""
    for name in _HOLDERS.get(kind, ()):
        section = _entry(document, name)
        for entry in section.value.items if section and isinstance(section.value, Entries) else ():
            text = entry.value.value if isinstance(entry.value, Constant) else None
            if kind == "Secret" and name == "data":
                text = _decoded(text)
            if entry.key and isinstance(text, str):
                yield Variable(_text(entry.key), Constant(text), entry.at, holder)


def _decoded(text: object) -> str | None:
    """What base64 stands for, without the line's end that `echo` leaves; None where it is none, or no text."""
    try:
        return base64.b64decode(str(text).strip(), validate=True).decode().rstrip("\r\n") if text else None
    except (binascii.Error, ValueError):
        return None


def _entry(term: AnyTerm, name: str) -> Entry | None:
    items = term.items if isinstance(term, Entries) else ()
    return next((entry for entry in items if entry.key is not None and _text(entry.key) == name), None)


def _string(term: AnyTerm, name: str) -> str:
    found = _entry(term, name)
    return _text(found.value) if found else ""


def _text(term: AnyTerm) -> str:
    return str(term.value) if isinstance(term, Constant) and term.value is not None else ""
