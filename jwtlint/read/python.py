"""Python files: libcst's tree read into facts in one pass of our own.

libcst's visitors, matchers and scope providers cost ten to a hundred times such a pass.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from typing import Literal

import libcst as cst

from jwtlint.facts import (
    AnyTerm,
    Arg,
    Binary,
    Binding,
    Call,
    Class,
    Constant,
    Facts,
    Function,
    Guard,
    Handler,
    Import,
    Items,
    Name,
    Opaque,
    Param,
    Raise,
    Return,
    Span,
    Subscript,
    Use,
)
from jwtlint.read.collected import Collected, Place
from jwtlint.read.ignores import MARK, ignores
from jwtlint.read.positions import Positions
from jwtlint.read.suites import ending, leaves, returns_in
from jwtlint.read.terms import Terms, symbol
from jwtlint.read.tokens import tokens

_RECURSION = 50_000  # positions of a 500-term sum need more than the host's 1,000


def parse(data: bytes) -> Facts:
    """The facts of a Python file.

    Raises:
        Exception: whatever libcst raises on what it cannot read: it is not of one kind.
    """
    limit = sys.getrecursionlimit()
    collecting = gc.isenabled()
    gc.disable()
    sys.setrecursionlimit(_RECURSION)
    try:
        module = cst.parse_module(data)
        reader = _Reader(Positions(module).span)
        reader.block(module.body)
        return reader.facts(ignores(module.code) if MARK.encode() in data else ())
    finally:
        sys.setrecursionlimit(limit)
        if collecting:
            gc.enable()


class _Reader(Collected):
    """Lowers a tree into facts.

    Args:
        span: gives where a node stands.
    """

    def __init__(self, span: Callable[[cst.CSTNode], Span]) -> None:
        super().__init__()
        self.span = span
        self.terms = Terms(span, self._use, self._walrus, self._lambda, self._literal)

    # what terms hand over

    def _use(self, call: Call) -> None:
        self.uses.append(Use(self.place.scope, call, self.terms.point, self.place.when, self.place.handlers))

    def _walrus(self, target: AnyTerm, value: AnyTerm, at: Span) -> None:
        self._bind(target, value, at)

    def _literal(self, text: str, node: cst.CSTNode) -> None:
        self.tokens += tokens(text, self.span(node))

    def _lambda(self, node: cst.Lambda) -> str:
        point = self.terms.point
        name = f"<lambda-{point}-{len(self.functions)}>"
        function = Function(self.place.scope, name, self._params(node.params), None, (), self.span(node), point)
        self.functions.append(function)
        with self.at(Place(function.path)):
            value = self.terms.term(node.body)
            self.returns.append(Return(function.path, value, False, self.span(node.body), point, ()))
        return function.path

    # statements

    def block(self, statements: object) -> None:
        """Statements one after the other; after `if c: return` the rest stands under `not c`."""
        before = self.place.when
        for statement in statements:  # type: ignore[attr-defined]
            self.terms.point += 1
            if isinstance(statement, cst.SimpleStatementLine):
                for small in statement.body:
                    self._small(small)
                    self.terms.point += 1
            else:
                self._compound(statement)
        self.place.when = before

    def _suite(self, suite: cst.BaseSuite) -> None:
        if isinstance(suite, cst.SimpleStatementSuite):
            for small in suite.body:
                self.terms.point += 1
                self._small(small)
        else:
            self.block(suite.body)

    def _small(self, node: cst.BaseSmallStatement) -> None:
        match node:
            case cst.Assign():
                self._assign(node)
            case cst.AnnAssign():
                value = self.terms.term(node.value) if node.value else Opaque("declared")
                annotation = self.terms.term(node.annotation.annotation)
                self._bind(self.terms.term(node.target), value, self.span(node), annotation)
            case cst.AugAssign():
                target = self.terms.term(node.target)
                self._bind(target, Binary(symbol(node.operator), target, self.terms.term(node.value)), self.span(node))
            case cst.Expr(value=value):
                self._expression(value, self.span(node))
            case cst.Return():
                value = self.terms.term(node.value) if node.value else Constant(None)
                self._return(value, False, self.span(node))
            case cst.Raise():
                raised = self.terms.term(node.exc) if node.exc else None
                self.raises.append(Raise(self.place.scope, raised, self.span(node), self.terms.point, self.place.when))
            case cst.Import() | cst.ImportFrom():
                self._import(node)
            case cst.Del(target=target):
                self._delete(target, self.span(node))
            case cst.Assert(test=test):
                failed = Guard(self.terms.term(test), False, next(self.branches), self.span(test))
                when = (*self.place.when, failed)
                self.raises.append(Raise(self.place.scope, None, self.span(node), self.terms.point, when))
            case cst.TypeAlias(name=name, value=value):
                self._bind(self.terms.term(name), self.terms.term(value), self.span(node))

    def _assign(self, node: cst.Assign) -> None:
        value = self.terms.term(node.value)
        self._yielded(value, self.span(node))
        for target in node.targets:
            self._bind(self.terms.term(target.target), value, self.span(node))

    def _expression(self, node: cst.BaseExpression, at: Span) -> None:
        self._yielded(self.terms.term(node), at)

    def _yielded(self, value: AnyTerm, at: Span) -> None:
        if isinstance(value, Opaque) and value.kind == "yield" and value.parts:
            self._return(value.parts[0], True, at)

    def _return(self, value: AnyTerm, yields: bool, at: Span) -> None:
        self.returns.append(Return(self.place.scope, value, yields, at, self.terms.point, self.place.when))

    def _delete(self, target: cst.BaseExpression, at: Span) -> None:
        targets = [item.value for item in target.elements] if isinstance(target, cst.Tuple) else [target]
        for one in targets:
            self._bind(self.terms.term(one), Opaque("deleted"), at)

    def _bind(self, target: AnyTerm, value: AnyTerm, at: Span, annotation: AnyTerm | None = None) -> None:
        if isinstance(target, Items):
            same = isinstance(value, Items) and len(value.items) == len(target.items)
            for index, item in enumerate(target.items):
                part = value.items[index] if same and isinstance(value, Items) else Subscript(value, Constant(index))
                self._bind(item, part, at)
            return
        point, when = self.terms.point, self.place.when
        self.bindings.append(Binding(self.place.scope, target, value, annotation, at, point, when))

    def _import(self, node: cst.Import | cst.ImportFrom) -> None:
        scope, point = self.place.scope, self.terms.point
        if isinstance(node, cst.Import):
            for alias in node.names:
                target = _dotted(alias.name)
                name = _alias(alias) or target.split(".")[0]
                self.imports.append(Import(scope, name, target, None, 0, point, self.span(node)))
            return
        target, level = _dotted(node.module) if node.module else "", len(node.relative)
        if isinstance(node.names, cst.ImportStar):
            self.imports.append(Import(scope, "*", target, "*", level, point, self.span(node)))
            return
        for alias in node.names:
            member = _dotted(alias.name)
            self.imports.append(Import(scope, _alias(alias) or member, target, member, level, point, self.span(node)))

    def _compound(self, node: cst.BaseStatement) -> None:
        match node:
            case cst.If():
                self._if(node)
            case cst.FunctionDef():
                self._function(node)
            case cst.ClassDef():
                self._class(node)
            case cst.Try() | cst.TryStar():
                self._try(node)
            case cst.With():
                for item in node.items:
                    managed = self.terms.term(item.item)
                    if item.asname:
                        target = self.terms.term(item.asname.name)
                        self._bind(target, Opaque("with", (managed,)), self.span(item))
                self._suite(node.body)
            case cst.For():
                iterable = self.terms.term(node.iter)
                self._bind(self.terms.term(node.target), Opaque("each", (iterable,)), self.span(node.target))
                self._branch(node.body, None)
                self._optional(node.orelse)
            case cst.While():
                guard = Guard(self.terms.term(node.test), True, next(self.branches), self.span(node.test))
                self._branch(node.body, guard)
                self._optional(node.orelse)
            case cst.Match():
                subject = self.terms.term(node.subject)
                for case in node.cases:
                    self._branch(case.body, Guard(Opaque("match", (subject,)), True, next(self.branches)))

    def _optional(self, node: cst.Else | cst.Finally | None) -> None:
        if node:
            self._suite(node.body)

    def _branch(self, suite: cst.BaseSuite, guard: Guard | None) -> None:
        when = (*self.place.when, guard) if guard else self.place.when
        with self.at(Place(self.place.scope, when, self.place.handlers)):
            self._suite(suite)

    def _if(self, node: cst.If) -> None:
        test = self.terms.term(node.test)
        branch = next(self.branches)
        taken = Guard(test, True, branch, self.span(node.test))
        passed = Guard(test, False, branch, taken.at)
        self._branch(node.body, taken)
        if isinstance(node.orelse, cst.If):
            with self.at(Place(self.place.scope, (*self.place.when, passed), self.place.handlers)):
                self.terms.point += 1
                self._if(node.orelse)
        elif node.orelse:
            self._branch(node.orelse.body, passed)
        if leaves(node.body):
            self.place.when = (*self.place.when, passed)
        elif isinstance(node.orelse, cst.Else) and leaves(node.orelse.body):
            self.place.when = (*self.place.when, taken)

    def _try(self, node: cst.Try | cst.TryStar) -> None:
        inner = tuple(self._handler(item) for item in node.handlers)
        with self.at(Place(self.place.scope, self.place.when, (*inner, *self.place.handlers))):
            self._suite(node.body)
        for item in node.handlers:
            self.terms.point += 1
            guard = Guard(Opaque("caught"), True, next(self.branches))
            with self.at(Place(self.place.scope, (*self.place.when, guard), self.place.handlers)):
                if item.name:
                    self._bind(self.terms.term(item.name.name), Opaque("caught"), self.span(item.name))
                self._suite(item.body)
        self._optional(node.orelse)
        self._optional(node.finalbody)

    def _handler(self, node: cst.ExceptHandler | cst.ExceptStarHandler) -> Handler:
        """What a handler catches and how it ends; its calls are uses when its own body is read."""
        quiet = Terms(self.span, _ignore, _ignore, lambda _: "", _ignore)
        quiet.point = self.terms.point
        caught = quiet.term(node.type) if node.type else None
        catches = caught.items if isinstance(caught, Items) else (caught,) if caught else ()
        last = ending(node.body)
        returned = tuple(quiet.term(item.value) if item.value else Constant(None) for item in returns_in(node.body))
        outcome: Literal["raises", "returns", "passes"] = (
            "raises" if isinstance(last, cst.Raise) else "returns" if isinstance(last, cst.Return) else "passes"
        )
        at = self.span(node)
        return Handler(catches, outcome, returned, Span(at.line, at.column, at.line, at.column + len("except")))

    def _function(self, node: cst.FunctionDef) -> None:
        point = self.terms.point
        decorators = tuple(self.terms.term(item.decorator) for item in node.decorators)
        params = self._params(node.params)
        returns = self.terms.term(node.returns.annotation) if node.returns else None
        function = Function(self.place.scope, node.name.value, params, returns, decorators, self.span(node.name), point)
        self.functions.append(function)
        with self.at(Place(function.path)):
            self._suite(node.body)
        self._decorated(node, decorators)

    def _class(self, node: cst.ClassDef) -> None:
        point = self.terms.point
        decorators = tuple(self.terms.term(item.decorator) for item in node.decorators)
        bases = tuple(self.terms.term(item.value) for item in node.bases)
        keywords = self.terms.arguments(list(node.keywords))
        made = Class(self.place.scope, node.name.value, bases, keywords, decorators, self.span(node.name), point)
        self.classes.append(made)
        with self.at(Place(made.path)):
            self._suite(node.body)
        self._decorated(node, decorators)

    def _decorated(self, node: cst.FunctionDef | cst.ClassDef, decorators: tuple[AnyTerm, ...]) -> None:
        for item, decorator in zip(node.decorators, decorators, strict=True):
            at = self.span(item)
            self._use(Call(decorator, (Arg(None, Name(node.name.value, self.terms.point), self.span(node.name)),), at))

    def _params(self, node: cst.Parameters) -> tuple[Param, ...]:
        groups: list[tuple[Literal["positional", "keyword", "*", "**"], list[cst.Param]]] = [
            ("positional", [*node.posonly_params, *node.params]),
            ("*", [node.star_arg] if isinstance(node.star_arg, cst.Param) else []),
            ("keyword", list(node.kwonly_params)),
            ("**", [node.star_kwarg] if node.star_kwarg else []),
        ]
        return tuple(self._param(item, kind) for kind, items in groups for item in items)

    def _param(self, node: cst.Param, kind: Literal["positional", "keyword", "*", "**"]) -> Param:
        default = self.terms.term(node.default) if node.default else None
        annotation = self.terms.term(node.annotation.annotation) if node.annotation else None
        return Param(node.name.value, kind, default, annotation, self.span(node))


def _ignore(*_: object) -> None:
    """A handler's terms are lowered once more where its body is read; then they count."""


def _dotted(node: cst.BaseExpression) -> str:
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    return ".".join((node.value if isinstance(node, cst.Name) else "", *reversed(parts)))


def _alias(node: cst.ImportAlias) -> str:
    return node.asname.name.value if node.asname and isinstance(node.asname.name, cst.Name) else ""
