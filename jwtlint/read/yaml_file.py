"""YAML and JSON files of settings, and templates of such."""

from __future__ import annotations

import json

from yaml.constructor import ConstructorError, SafeConstructor
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from jwtlint.facts import AnyTerm, Constant, Entries, Entry, Facts, Items, Opaque, Span
from jwtlint.read.documents import MAX_DEPTH, MAX_NODES, Lines, Plain, decoded, facts, scalar
from jwtlint.read.nodes import compose
from jwtlint.templates import filled, is_template

_TAG = "tag:yaml.org,2002:"
_SCALARS = frozenset(f"{_TAG}{name}" for name in ("bool", "float", "int", "null", "str"))


def parse(data: bytes) -> Facts:
    """The facts of a YAML or JSON file.

    JSON that is no YAML, such as one with surrogates in escapes, is read without places. In a template, what holds a tag is
    a text with it.

    Raises:
        ValueError: it is neither, or nested too deeply.
    """
    text = decoded(data)
    try:
        documents = compose(filled(text) if is_template(text) else text)
    except ValueError:
        found = _json(text)
        if found is None:
            raise
        return facts(text, Plain().term(found))
    reader = _Reader(text)
    return facts(text, *(reader.term(document) for document in documents or (None,)))


def _json(text: str) -> object:
    """What the text is as JSON; None where it is none."""
    try:
        return json.loads(text) if text.lstrip().startswith(("{", "[")) else None
    except (RecursionError, ValueError):
        return None


class _Reader:
    """Lowers nodes into terms; an alias is what it stands for, once more."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = Lines(text)
        self.count = 0
        self.scalars = SafeConstructor()

    def term(self, node: Node | None, depth: int = 0) -> AnyTerm:
        self.count += 1
        if self.count > MAX_NODES or depth > MAX_DEPTH:
            return Opaque("deep")
        match node:
            case MappingNode():
                return self._mapping(node, depth)
            case SequenceNode():
                items = tuple(self.term(inner, depth + 1) for inner in node.value)
                return Items("list", items, tuple(self._span(inner, inner) for inner in node.value))
            case ScalarNode():
                return self._scalar(node)
        return Constant(None)

    def _scalar(self, node: ScalarNode) -> AnyTerm:
        written = self.text[node.start_mark.index : node.end_mark.index]
        if is_template(written):
            return Constant(written.strip("\"'"))
        if node.tag not in _SCALARS:
            return Opaque("tagged")
        try:
            return scalar(self.scalars.construct_object(node))
        except (ConstructorError, ValueError, OverflowError):
            return Opaque("scalar")

    def _mapping(self, node: MappingNode, depth: int) -> Entries:
        """The entries, those that are merged first: what stands in the mapping itself counts before them."""
        merged: list[Entry] = []
        own: list[Entry] = []
        for key, value in node.value:
            if self.count > MAX_NODES:
                own.append(Entry(None, Opaque("deep"), self._span(key, key)))
                break
            end = value if isinstance(value, ScalarNode) and value.start_mark.index >= key.end_mark.index else key
            at = self._span(key, end)
            if key.tag == f"{_TAG}merge":
                sources = reversed(value.value) if isinstance(value, SequenceNode) else (value,)
                merged += [Entry(None, self.term(source, depth + 1), at) for source in sources]
            else:
                named = Constant(key.value) if isinstance(key, ScalarNode) else Opaque("key")
                own.append(Entry(named, self.term(value, depth + 1), at))
        return Entries((*merged, *own))

    def _span(self, first: Node, last: Node) -> Span:
        return self.lines.span(first.start_mark.index, last.end_mark.index)
