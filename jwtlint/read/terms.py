"""Expressions: libcst nodes lowered into terms."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping

import libcst as cst

from jwtlint.facts import (
    AnyTerm,
    Arg,
    Attribute,
    Binary,
    Call,
    Closure,
    Constant,
    Either,
    Entries,
    Entry,
    Items,
    Name,
    Octets,
    Opaque,
    Span,
    Subscript,
    Text,
    Unary,
)

MAX_DEPTH = 200
_LARGEST = 2**63
_CONSTANTS = {"None": None, "True": True, "False": False}
_SYMBOLS: Mapping[str, str] = {
    "Add": "+", "Subtract": "-", "Multiply": "*", "Divide": "/", "FloorDivide": "//", "Modulo": "%", "Power": "**",
    "LeftShift": "<<", "RightShift": ">>", "BitOr": "|", "BitAnd": "&", "BitXor": "^", "MatrixMultiply": "@",
    "Equal": "==", "NotEqual": "!=", "LessThan": "<", "LessThanEqual": "<=", "GreaterThan": ">",
    "GreaterThanEqual": ">=", "Is": "is", "IsNot": "is not", "In": "in", "NotIn": "not in",
    "Not": "not", "Minus": "-", "Plus": "+", "BitInvert": "~",
}  # fmt: skip


class Terms:
    """Lowers expressions at one point of a file, handing every call and walrus it meets to its owner.

    Args:
        span: where a node stands.
        on_call: takes each call, inner ones first.
        on_walrus: takes each `name := value`.
        on_lambda: takes each lambda and gives the scope of its body.
        on_text: takes each text literal.
    """

    def __init__(
        self,
        span: Callable[[cst.CSTNode], Span],
        on_call: Callable[[Call], None],
        on_walrus: Callable[[AnyTerm, AnyTerm, Span], None],
        on_lambda: Callable[[cst.Lambda], str],
        on_text: Callable[[str, cst.CSTNode], None],
    ) -> None:
        self.span = span
        self.on_call = on_call
        self.on_walrus = on_walrus
        self.on_lambda = on_lambda
        self.on_text = on_text
        self.point = 0
        self._depth = 0

    def term(self, node: cst.BaseExpression) -> AnyTerm:
        """The term of an expression; beyond a depth of 200 it is opaque."""
        self._depth += 1
        try:
            return Opaque("deep") if self._depth > MAX_DEPTH else self._lower(node)
        finally:
            self._depth -= 1

    def _lower(self, node: cst.BaseExpression) -> AnyTerm:
        match node:
            case cst.Name(value=name):
                return Constant(_CONSTANTS[name]) if name in _CONSTANTS else Name(name, self.point)
            case cst.Attribute(value=base, attr=attribute):
                return Attribute(self.term(base), attribute.value)
            case cst.Call():
                return self._call(node)
            case cst.SimpleString() | cst.ConcatenatedString() | cst.FormattedString() | cst.TemplatedString():
                return self._string(node)
            case cst.Integer() | cst.Float() | cst.Imaginary():
                return _number(node)
            case cst.Dict():
                return Entries(tuple(self._entry(item) for item in node.elements))
            case cst.List() | cst.Tuple() | cst.Set():
                kind = type(node).__name__.lower()
                return Items(kind, tuple(self._element(item) for item in node.elements))  # type: ignore[arg-type]
            case cst.Subscript():
                return self._subscript(node)
        return self._operation(node)

    def _operation(self, node: cst.BaseExpression) -> AnyTerm:
        match node:
            case cst.BooleanOperation(left=left, operator=cst.Or(), right=right):
                first, second = self.term(left), self.term(right)
                options = first.options if isinstance(first, Either) and first.test is None else (first,)
                return Either(None, (*options, second))
            case cst.BooleanOperation(left=left, right=right):
                return Binary("and", self.term(left), self.term(right))
            case cst.BinaryOperation(left=left, operator=operator, right=right):
                return Binary(symbol(operator), self.term(left), self.term(right))
            case cst.UnaryOperation(operator=operator, expression=operand):
                return Unary(symbol(operator), self.term(operand))
            case cst.Comparison():
                return self._comparison(node)
            case cst.IfExp(test=test, body=body, orelse=orelse):
                return Either(self.term(test), (self.term(body), self.term(orelse)))
            case cst.Await(expression=inner):
                return self.term(inner)
            case cst.NamedExpr(target=target, value=value):
                named, given = self.term(target), self.term(value)
                self.on_walrus(named, given, self.span(node))
                return given
            case cst.Lambda():
                return Closure(self.on_lambda(node))
        return self._rest(node)

    def _rest(self, node: cst.BaseExpression) -> AnyTerm:
        """What has no term of its own: its parts are lowered for the calls that they hold."""
        match node:
            case cst.GeneratorExp(elt=element) | cst.ListComp(elt=element) | cst.SetComp(elt=element):
                self._clauses(node.for_in)
                return Opaque("comprehension", (self.term(element),))
            case cst.DictComp(key=key, value=value):
                self._clauses(node.for_in)
                return Opaque("comprehension", (self.term(key), self.term(value)))
            case cst.Yield(value=cst.From(item=inner)) | cst.Yield(value=cst.BaseExpression() as inner):
                return Opaque("yield", (self.term(inner),))
        return Opaque(type(node).__name__.lower())

    def _clauses(self, clause: cst.CompFor | None) -> None:
        while clause:
            self.term(clause.iter)
            for condition in clause.ifs:
                self.term(condition.test)
            clause = clause.inner_for_in

    def _call(self, node: cst.Call) -> Call:
        function = self.term(node.func)
        call = Call(function, tuple(self._argument(item) for item in node.args), self.span(node))
        self.on_call(call)
        return call

    def _argument(self, node: cst.Arg) -> Arg:
        name = node.star or (node.keyword.value if node.keyword else None)
        return Arg(name, self.term(node.value), self.span(node))

    def arguments(self, nodes: tuple[cst.Arg, ...] | list[cst.Arg]) -> tuple[Arg, ...]:
        return tuple(self._argument(item) for item in nodes)

    def _entry(self, node: cst.BaseDictElement) -> Entry:
        key = self.term(node.key) if isinstance(node, cst.DictElement) else None
        return Entry(key, self.term(node.value), self.span(node))

    def _element(self, node: cst.BaseElement) -> AnyTerm:
        value = self.term(node.value)
        return Opaque("*", (value,)) if isinstance(node, cst.StarredElement) else value

    def _subscript(self, node: cst.Subscript) -> Subscript:
        base = self.term(node.value)
        if len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index):
            return Subscript(base, self.term(node.slice[0].slice.value))
        indexes = [item.slice.value for item in node.slice if isinstance(item.slice, cst.Index)]
        return Subscript(base, Opaque("slice", tuple(self.term(index) for index in indexes)))

    def _comparison(self, node: cst.Comparison) -> AnyTerm:
        left = self.term(node.left)
        links: list[AnyTerm] = []
        for target in node.comparisons:
            right = self.term(target.comparator)
            links.append(Binary(symbol(target.operator), left, right))
            left = right
        chained = links[0]
        for link in links[1:]:
            chained = Binary("and", chained, link)
        return chained

    def _string(self, node: cst.BaseExpression) -> AnyTerm:
        parts = list(self._pieces(node))
        if all(isinstance(part, bytes) for part in parts):
            return Octets(b"".join(part for part in parts if isinstance(part, bytes)))
        if all(isinstance(part, str) for part in parts):
            text = "".join(str(part) for part in parts)
            self.on_text(text, node)
            return _text(text)
        return Text(tuple(_text(part) if isinstance(part, str) else self._computed(part) for part in parts))

    def _computed(self, part: bytes | cst.BaseExpression) -> AnyTerm:
        return Octets(part) if isinstance(part, bytes) else self.term(part)

    def _pieces(self, node: cst.CSTNode) -> Iterator[str | bytes | cst.BaseExpression]:
        match node:
            case cst.SimpleString():
                yield node.evaluated_value
            case cst.ConcatenatedString(left=left, right=right):
                yield from self._pieces(left)
                yield from self._pieces(right)
            case cst.FormattedString() | cst.TemplatedString():
                for part in node.parts:
                    yield from self._pieces(part)
            case cst.FormattedStringText(value=value) | cst.TemplatedStringText(value=value):
                yield value
            case cst.FormattedStringExpression(expression=inner) | cst.TemplatedStringExpression(expression=inner):
                yield inner


def symbol(operator: cst.CSTNode) -> str:
    """`+` of libcst's `Add`."""
    return _SYMBOLS.get(type(operator).__name__.removesuffix("Assign"), "?")


def _text(text: str) -> AnyTerm:
    """A text, unless it holds a lone surrogate, which no encoding can write."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return Opaque("text")
    return Constant(text)


def _number(node: cst.BaseNumber) -> AnyTerm:
    try:
        value = node.evaluated_value  # type: ignore[attr-defined]
    except ValueError:
        return Opaque("number")
    if isinstance(value, int) and abs(value) < _LARGEST or isinstance(value, float) and math.isfinite(value):
        return Constant(value)
    return Opaque("number")
