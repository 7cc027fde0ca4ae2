"""Where the nodes of a libcst tree stand.

libcst's own `PositionProvider` makes three objects a node and takes more time than its parser. This one notes
how many tokens of the file have been written before and after each node, and looks up the few places that are asked for.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from itertools import accumulate
from types import TracebackType

import libcst as cst
from libcst._nodes.internal import CodegenState

from jwtlint.facts import Span
from jwtlint.read.documents import Lines


class Positions:
    """The spans of the nodes of a file, without the white space around them, as `PositionProvider` has them."""

    def __init__(self, module: cst.Module) -> None:
        self._written = _Written(module)
        module._codegen(self._written)
        self._offsets = [0, *accumulate(map(len, self._written.tokens))]
        self._lines = Lines("".join(self._written.tokens))

    def span(self, node: cst.CSTNode) -> Span:
        """Where a node of the file stands."""
        start, end = self._written.bounds[node]
        return self._lines.span(self._offsets[start], self._offsets[min(end, len(self._offsets) - 1)])


class _Written(CodegenState):
    """The file's tokens as libcst writes them, with the count of them before and after each node."""

    def __init__(self, module: cst.Module) -> None:
        super().__init__(module.default_indent, module.default_newline)
        self.bounds: dict[cst.CSTNode, tuple[int, int]] = {}
        self._starts: list[int] = []

    def before_codegen(self, node: cst.CSTNode) -> None:
        self._starts.append(len(self.tokens))

    def after_codegen(self, node: cst.CSTNode) -> None:
        start = self._starts.pop()
        if node not in self.bounds:
            self.bounds[node] = start, len(self.tokens)

    def record_syntactic_position(  # type: ignore[override]  # a generator costs more than what it would note
        self, node: cst.CSTNode, *, start_node: cst.CSTNode | None = None, end_node: cst.CSTNode | None = None
    ) -> AbstractContextManager[None]:
        return _Recorded(self, node, start_node, end_node)


class _Recorded(AbstractContextManager[None]):
    """Notes a node without the white space that it owns."""

    __slots__ = ("end_node", "node", "start", "start_node", "written")

    def __init__(
        self, written: _Written, node: cst.CSTNode, start_node: cst.CSTNode | None, end_node: cst.CSTNode | None
    ) -> None:
        self.written, self.node, self.start_node, self.end_node = written, node, start_node, end_node

    def __enter__(self) -> None:
        self.start = len(self.written.tokens)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        bounds = self.written.bounds
        start = bounds[self.start_node][0] if self.start_node is not None else self.start
        end = bounds[self.end_node][1] if self.end_node is not None else len(self.written.tokens)
        bounds[self.node] = start, end
