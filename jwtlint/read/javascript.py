"""JavaScript files: a tree of tree-sitter's read into facts in one pass."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from jwtlint.facts import (
    AnyTerm,
    Attribute,
    Binding,
    Call,
    Facts,
    Guard,
    Handler,
    Name,
    Opaque,
    Raise,
    Return,
    Span,
    Subscript,
    Use,
)
from jwtlint.read.collected import Collected, Place
from jwtlint.read.ignores import MARK, of_comment
from jwtlint.read.script_blocks import ending, goes_on, hands_on, leaves, returns_in, statements
from jwtlint.read.script_definitions import Definitions
from jwtlint.read.script_modules import Exchange
from jwtlint.read.script_terms import FUNCTIONS, Nobody, ScriptTerms, first, named
from jwtlint.read.tokens import tokens
from jwtlint.read.trees import Tree, parsed, utf8

if TYPE_CHECKING:
    from tree_sitter import Node, Range

    from jwtlint.facts import Ignore

_RECURSION = 10_000  # frames that 200 nested terms need at most


def parse(data: bytes) -> Facts:
    """The facts of a file of JavaScript."""
    return facts("javascript", utf8(data))


def facts(dialect: str, data: bytes, within: Sequence[Range] = ()) -> Facts:
    """The facts of a program.

    Args:
        dialect: see `trees.parsed`.
        data: the file in UTF-8.
        within: the stretches of it that are the program.
    """
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _RECURSION))
    try:
        reader = Reader(parsed(dialect, data, within))
        reader.block(named(reader.tree.root))
        return reader.facts(tuple(reader.ignores()))
    finally:
        sys.setrecursionlimit(limit)


class Reader(Collected):
    """Lowers a tree into facts."""

    def __init__(self, tree: Tree) -> None:
        super().__init__()
        self.tree = tree
        self.point = 0
        self._depth = 0
        self.terms = ScriptTerms(tree, self)
        self.definitions = Definitions(self)
        self.exchange = Exchange(self)

    def ignores(self) -> Iterator[Ignore]:
        """The comments that ignore findings."""
        if MARK.encode() in self.tree.data:
            for node in self.tree.comments():
                for number, line in enumerate(self.tree.text(node).splitlines(), node.start_point.row + 1):
                    ignore = of_comment(line.removesuffix("*/"), number)
                    if ignore:
                        yield ignore

    # what terms hand over

    def on_call(self, call: Call) -> None:
        self.uses.append(Use(self.place.scope, call, self.point, self.place.when, self.place.handlers))

    def on_binding(self, target: AnyTerm, value: AnyTerm, at: Span) -> None:
        self.bind(target, value, at)
        self.exchange.assigned(target, value, at)

    def on_function(self, node: Node, name: str) -> str:
        return self.definitions.function(node, name)

    def on_class(self, node: Node) -> str:
        return self.definitions.class_(node)

    def on_import(self, target: str, at: Span) -> str:
        return self.exchange.required(target, at)

    def on_text(self, text: str, at: Span) -> None:
        self.tokens += tokens(text, at)

    def bind(self, target: AnyTerm, value: AnyTerm, at: Span, annotation: AnyTerm | None = None) -> None:
        """Note what is bound; what is neither a name nor a member is nothing that can be."""
        if isinstance(target, Name | Attribute | Subscript):
            self.bindings.append(Binding(self.place.scope, target, value, annotation, at, self.point, self.place.when))

    # statements

    def block(self, nodes: Sequence[Node]) -> None:
        """Statements one after the other; after `if (c) return` the rest stands under `not c`."""
        before = self.place.when
        for node in nodes:
            self.point += 1
            self.statement(node)
        self.place.when = before

    def statement(self, node: Node) -> None:
        """One statement, unless it is nested absurdly."""
        self._depth += 1
        if self._depth < 200:
            self._statement(node)
        self._depth -= 1

    def _statement(self, node: Node) -> None:
        match node.type:
            case "expression_statement":
                self._expression(node)
            case "lexical_declaration" | "variable_declaration":
                for item in named(node):
                    self._declaration(item)
            case "return_statement":
                self._return(self.terms.term(first(node)), False, self.tree.span(node))
            case "throw_statement":
                raised = self.terms.term(first(node))
                self.raises.append(Raise(self.place.scope, raised, self.tree.span(node), self.point, self.place.when))
            case "if_statement":
                self._if(node)
            case "try_statement":
                self._try(node)
            case "function_declaration" | "generator_function_declaration":
                self.definitions.declared(node)
            case "class_declaration" | "abstract_class_declaration":
                self.definitions.class_(node)
            case "import_statement":
                self.exchange.imported(node)
            case "export_statement":
                self.exchange.exported(node)
            case "statement_block" | "class_static_block":
                self.block(named(node))
            case _:
                self._loop(node)

    def _loop(self, node: Node) -> None:
        """Loops, choices, and what wraps statements; of anything else, all that stands in it."""
        match node.type:
            case "for_statement":
                for key in ("initializer", "condition", "increment"):
                    self._any(node.child_by_field_name(key))
                self.suite(node.child_by_field_name("body"))
            case "for_in_statement":
                iterable = self.terms.term(node.child_by_field_name("right"))
                left = node.child_by_field_name("left")
                for target, value in self.terms.targets(left, Opaque("each", (iterable,))):
                    self.bind(target, value, self.tree.span(left) if left is not None else self.tree.span(node))
                self.suite(node.child_by_field_name("body"))
            case "while_statement" | "do_statement":
                self.suite(node.child_by_field_name("body"), self._guard(node.child_by_field_name("condition"), True))
            case "switch_statement":
                self._switch(node)
            case "enum_declaration":
                self.definitions.enum(node)
            case "labeled_statement" | "ERROR" | "internal_module" | "module" | "ambient_declaration":
                for item in named(node):
                    self._any(item)
            case kind if kind.endswith(("_identifier", "_declaration", "_alias")) or kind == "comment":
                return  # names and types
            case _:
                self.terms.term(node)

    def _any(self, node: Node | None) -> None:
        """A statement or an expression, wherever either may stand."""
        if node is not None:
            self.point += 1
            self.statement(node)

    def suite(self, node: Node | None, *guards: Guard) -> None:
        """What stands in a branch."""
        with self.at(Place(self.place.scope, (*self.place.when, *guards), self.place.handlers)):
            self.block(statements(node))

    def _guard(self, test: Node | None, holds: bool) -> Guard:
        at = self.tree.span(test) if test is not None else Span(0, 0, 0, 0)
        return Guard(self.terms.term(test), holds, next(self.branches), at)

    def _expression(self, node: Node) -> None:
        value = self.terms.term(first(node))
        match value:
            case Opaque(kind="yield", parts=(given,)):
                self._return(given, True, self.tree.span(node))
            case Call(func=Name(id="next"), args=()):  # what a middleware ends with when it lets a request through
                self._return(value, False, self.tree.span(node))

    def _return(self, value: AnyTerm, yields: bool, at: Span) -> None:
        self.returns.append(Return(self.place.scope, value, yields, at, self.point, self.place.when))

    def _declaration(self, node: Node) -> None:
        """`name = value` of a `const`, `let` or `var`."""
        pattern, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if pattern is None or self.exchange.declared(pattern, value):
            return
        name = self.tree.text(pattern) if pattern.type == "identifier" else ""
        if name and value is not None and value.type in FUNCTIONS:
            self.definitions.named(value, name, self.tree.span(pattern))
            return
        annotation = node.child_by_field_name("type")
        said = self.terms.term(annotation) if annotation is not None else None
        term = self.terms.term(value, name) if value is not None else Opaque("declared")
        for target, part in self.terms.targets(pattern, term):
            self.bind(target, part, self.tree.span(node), said)
        self.point += 1

    def _if(self, node: Node) -> None:
        before = self.place
        self.place = Place(before.scope, before.when, before.handlers)
        passed: list[Guard] = []
        rest: Node | None = node
        while rest is not None and rest.type == "if_statement":
            taken = self._guard(rest.child_by_field_name("condition"), True)
            self.suite(rest.child_by_field_name("consequence"), taken)
            refused = Guard(taken.test, False, taken.branch, taken.at)
            if leaves(rest.child_by_field_name("consequence")):
                passed.append(refused)
            self.place = Place(before.scope, (*self.place.when, refused), before.handlers)
            rest = first(rest.child_by_field_name("alternative"))
            self.point += 1
        self.suite(rest)
        self.place = before
        if rest is not None and leaves(rest) and not passed:
            passed.append(taken)
        self.place.when = (*before.when, *passed)

    def _switch(self, node: Node) -> None:
        subject = self.terms.term(node.child_by_field_name("value"))
        for case in named(node.child_by_field_name("body")):
            value = case.child_by_field_name("value")
            test = Opaque("match", (subject, self.terms.term(value)))
            guard = Guard(test, True, next(self.branches))
            with self.at(Place(self.place.scope, (*self.place.when, guard), self.place.handlers)):
                self.block([item for item in named(case) if item != value])

    def _try(self, node: Node) -> None:
        caught = node.child_by_field_name("handler")
        inner = (self._handler(caught),) if caught is not None else ()
        with self.at(Place(self.place.scope, self.place.when, (*inner, *self.place.handlers))):
            self.block(statements(node.child_by_field_name("body")))
        if caught is not None:
            self.point += 1
            guard = Guard(Opaque("caught"), True, next(self.branches))
            with self.at(Place(self.place.scope, (*self.place.when, guard), self.place.handlers)):
                error = caught.child_by_field_name("parameter")
                for target, _ in self.terms.targets(error, Opaque("caught")):
                    self.bind(target, Opaque("caught"), self.tree.span(caught))
                self.block(statements(caught.child_by_field_name("body")))
        finally_ = node.child_by_field_name("finalizer")
        if finally_ is not None:
            self.block(statements(finally_.child_by_field_name("body")))

    def _handler(self, node: Node) -> Handler:
        """How a `catch` ends; its calls are uses when its own body is read."""
        body, error = node.child_by_field_name("body"), node.child_by_field_name("parameter")
        last = ending(body)
        kind = last.type if last is not None else ""
        raises = kind == "throw_statement" or hands_on(last, self.tree.text(error) if error is not None else "")
        quiet = ScriptTerms(self.tree, Nobody(self.point))
        going_on = [last] if last is not None and kind == "expression_statement" and goes_on(last) else []
        returned = tuple(quiet.term(first(item)) for item in (*returns_in(body), *going_on))
        at = self.tree.span(node)
        start = Span(at.line, at.column, at.line, at.column + len("catch"))
        outcome = "raises" if raises else "returns" if kind == "return_statement" or going_on else "passes"
        return Handler((), outcome, returned, start)  # type: ignore[arg-type]
