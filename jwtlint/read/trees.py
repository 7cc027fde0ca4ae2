"""Programs in JavaScript and TypeScript as trees, with the places of their nodes.

The grammars are wheels of their own: nothing is loaded at run time. A tree of broken text has error nodes, and what
stands beside them is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from tree_sitter import Language, Node, Parser, Range

from jwtlint.facts import Span

_BOM = b"\xef\xbb\xbf"
# What is tried where a file does not fit: types in JavaScript (as Flow has them), elements in TypeScript.
_OTHERWISE = {"javascript": "tsx", "typescript": "tsx", "tsx": "typescript"}


@dataclass(frozen=True)
class Tree:
    """A parsed file: its text in UTF-8, and its root."""

    data: bytes
    root: Node

    def text(self, node: Node) -> str:
        """The text of a node as it is written."""
        return self.data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def span(self, node: Node, end: Node | None = None) -> Span:
        """Where a node stands, or the stretch from it to the end of another."""
        first, last = node.start_point, (end or node).end_point
        return Span(first.row + 1, self._column(*first), last.row + 1, self._column(*last))

    def _column(self, row: int, column: int) -> int:
        """The column of an offset in bytes, in code points."""
        if self._lines is None or row >= len(self._lines):
            return column + 1
        return len(self._lines[row][:column].decode("utf-8", "replace")) + 1

    @cached_property
    def _lines(self) -> list[bytes] | None:
        return None if self.data.isascii() else self.data.split(b"\n")

    def comments(self) -> Iterator[Node]:
        """All comments."""
        pending = [self.root]
        while pending:
            node = pending.pop()
            if node.type in ("comment", "html_comment"):
                yield node
            pending += node.children


def utf8(data: bytes) -> bytes:
    """A file's bytes in UTF-8 without a byte order mark; what is no UTF-8 is taken for Latin-1."""
    data = data.removeprefix(_BOM)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1").encode("utf-8")
    return data


def parsed(dialect: str, data: bytes, within: Sequence[Range] = ()) -> Tree:
    """The tree of a program.

    Args:
        dialect: `javascript`, `typescript` or `tsx`.
        data: the file in UTF-8.
        within: the stretches of the file that are the program; all of it if there are none.
    """
    tree = _parsed(dialect, data, within)
    if tree.root.has_error:
        other = _parsed(_OTHERWISE[dialect], data, within)
        return tree if other.root.has_error else other
    return tree


def _parsed(dialect: str, data: bytes, within: Sequence[Range]) -> Tree:
    parser = Parser(_language(dialect))
    if within:
        parser.included_ranges = list(within)
    return Tree(data, parser.parse(data).root_node)


@cache
def _language(dialect: str) -> Language:
    if dialect == "javascript":
        import tree_sitter_javascript

        return Language(tree_sitter_javascript.language())
    import tree_sitter_typescript as typescript

    return Language(typescript.language_tsx() if dialect == "tsx" else typescript.language_typescript())
