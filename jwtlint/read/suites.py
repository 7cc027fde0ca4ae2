"""Suites of statements: how each ends, and what it returns."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst


def ending(suite: cst.BaseSuite) -> cst.CSTNode | None:
    """The last statement of a suite, on its last line."""
    if not suite.body:
        return None
    last = suite.body[-1]
    return (last.body[-1] if last.body else None) if isinstance(last, cst.SimpleStatementLine) else last


def leaves(suite: cst.BaseSuite) -> bool:
    """Whether what follows the suite is never reached through it."""
    last = ending(suite)
    if isinstance(last, cst.If):
        return bool(last.orelse) and leaves(last.body) and _leaves_otherwise(last.orelse)
    return isinstance(last, cst.Return | cst.Raise | cst.Continue | cst.Break)


def _leaves_otherwise(node: cst.If | cst.Else | None) -> bool:
    if isinstance(node, cst.Else):
        return leaves(node.body)
    return node is not None and leaves(node.body) and _leaves_otherwise(node.orelse)


def returns_in(suite: cst.BaseSuite) -> Iterator[cst.Return]:
    """The `return`s of a suite, not those of functions in it."""
    for statement in suite.body:
        if isinstance(statement, cst.SimpleStatementLine):
            yield from (small for small in statement.body if isinstance(small, cst.Return))
        elif isinstance(statement, cst.Return):
            yield statement
        elif isinstance(statement, cst.If):
            arm: cst.If | cst.Else | None = statement
            while arm:
                yield from returns_in(arm.body)
                arm = arm.orelse if isinstance(arm, cst.If) else None
