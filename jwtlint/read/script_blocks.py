"""Blocks of JavaScript: how each ends, and what it returns."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from jwtlint.read.script_terms import FUNCTIONS, first, named

_LEAVING = frozenset(["return_statement", "throw_statement", "continue_statement", "break_statement"])
_DEFINING = FUNCTIONS | {"function_declaration", "class_declaration", "class", "method_definition"}
# What callbacks are called that take an error: handing it on is the `throw` of code with callbacks.
_HANDING = frozenset(["next", "reject", "done", "cb", "callback"])


def statements(node: Node | None) -> list[Node]:
    """The statements of a block, or the statement that stands in its place."""
    if node is None:
        return []
    return named(node) if node.type in ("statement_block", "program", "class_static_block") else [node]


def ending(node: Node | None) -> Node | None:
    """The last statement of a block."""
    found = statements(node)
    return found[-1] if found else None


def leaves(node: Node | None) -> bool:
    """Whether what follows a block is never reached through it."""
    last = ending(node)
    while last is not None and last.type == "if_statement":
        otherwise = first(last.child_by_field_name("alternative"))
        if otherwise is None or not leaves(last.child_by_field_name("consequence")):
            return False
        last = ending(otherwise)
    return last is not None and last.type in _LEAVING


def returns_in(node: Node | None) -> Iterator[Node]:
    """The `return`s of a block, not those of functions in it."""
    pending = [node] if node is not None else []
    while pending:
        one = pending.pop()
        if one.type == "return_statement":
            yield one
        elif one.type not in _DEFINING:
            pending += one.named_children


def goes_on(statement: Node) -> bool:
    """Whether a statement lets a request through: `next()`."""
    return (statement.text or b"").rstrip(b";") == b"next()"


def hands_on(statement: Node | None, error: str) -> bool:
    """Whether a statement gives an error to who asked: `next(error)`, `return reject(error)`."""
    call = first(statement) if statement is not None else None
    if call is None or call.type != "call_expression" or statement is None:
        return False
    called, given = (call.child_by_field_name(key) for key in ("function", "arguments"))
    names = {(item.text or b"").decode("utf-8", "replace") for item in named(given)}
    return called is not None and (called.text or b"").decode() in _HANDING and bool(error) and error in names
