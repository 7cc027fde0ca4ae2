"""Expressions of JavaScript and TypeScript lowered into terms.

The terms are those of Python where both languages mean the same: `===` is `==`, `&&` is `and`, `a ?? b` is one of two,
`new X()` is the call of `X`, and `await`, types and parentheses are looked through.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from tree_sitter import Node

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
    Opaque,
    Span,
    Subscript,
    Text,
    Unary,
)
from jwtlint.read.script_literals import escaped, number, plain
from jwtlint.read.trees import Tree

MAX_DEPTH = 200
_PLAIN = {"true": True, "false": False, "null": None, "undefined": None}
_BINARY = {"===": "==", "!==": "!=", "&&": "and"}
_UNARY = {"!": "not", "-": "-", "+": "+", "~": "~"}
_THROUGH = frozenset(  # nodes that stand for their first named child
    [
        "parenthesized_expression",
        "await_expression",
        "as_expression",
        "satisfies_expression",
        "non_null_expression",
        "instantiation_expression",
        "jsx_expression",
        "computed_property_name",
        "type_annotation",
    ]
)
FUNCTIONS = frozenset(["arrow_function", "function_expression", "generator_function", "function"])
_KEYS = frozenset(["property_identifier", "private_property_identifier", "shorthand_property_identifier"])


class Owner(Protocol):
    """What takes the things in expressions that are facts of their own."""

    point: int

    def on_call(self, call: Call) -> None: ...
    def on_binding(self, target: AnyTerm, value: AnyTerm, at: Span) -> None: ...
    def on_function(self, node: Node, name: str) -> str: ...
    def on_class(self, node: Node) -> str: ...
    def on_import(self, target: str, at: Span) -> str: ...
    def on_text(self, text: str, at: Span) -> None: ...


class Nobody:
    """Takes nothing: of terms that are lowered once more where they stand, where they count."""

    def __init__(self, point: int) -> None:
        self.point = point

    def on_call(self, call: Call) -> None: ...
    def on_binding(self, target: AnyTerm, value: AnyTerm, at: Span) -> None: ...
    def on_text(self, text: str, at: Span) -> None: ...

    def on_function(self, node: Node, name: str) -> str:
        return ""

    def on_class(self, node: Node) -> str:
        return ""

    def on_import(self, target: str, at: Span) -> str:
        return ""


class ScriptTerms:
    """Lowers expressions of one file; every call, assignment, function and import in them goes to its owner."""

    def __init__(self, tree: Tree, owner: Owner) -> None:
        self.tree = tree
        self.owner = owner
        self._depth = 0

    def term(self, node: Node | None, name: str = "") -> AnyTerm:
        """The term of an expression; beyond a depth of 200 it is opaque.

        Args:
            name: what a function is called that has no name of its own.
        """
        self._depth += 1
        try:
            if node is None:
                return Constant(None)
            return Opaque("deep") if self._depth > MAX_DEPTH else self._lower(node, name)
        finally:
            self._depth -= 1

    def _lower(self, node: Node, name: str) -> AnyTerm:
        kind = node.type
        if kind in ("identifier", "this", "super", "type_identifier", "shorthand_property_identifier_pattern"):
            return self._name(node)
        if kind in _PLAIN:
            return Constant(_PLAIN[kind])
        if kind in FUNCTIONS:
            return Closure(self.owner.on_function(node, name))
        if kind in _THROUGH:
            return self.term(first(node), name)
        match kind:
            case "member_expression":
                return Attribute(self.term(node.child_by_field_name("object")), self.text_of(node, "property"))
            case "subscript_expression":
                return self._subscript(node)
            case "call_expression" | "new_expression":
                return self._call(node, name)
            case "string" | "template_string":
                return self._text(node)
            case "number":
                return number(self.tree.text(node))
            case "object":
                return Entries(tuple(self._entries(node)))
            case "array":
                return Items("list", tuple(self._element(item) for item in named(node)))
        return self._operation(node)

    def _operation(self, node: Node) -> AnyTerm:
        match node.type:
            case "binary_expression":
                return self._binary(node)
            case "unary_expression":
                return self._unary(node)
            case "ternary_expression":
                test, one, other = (
                    node.child_by_field_name(key) for key in ("condition", "consequence", "alternative")
                )
                return Either(self.term(test), (self.term(one), self.term(other)))
            case "assignment_expression":
                return self._assignment(node)
            case "augmented_assignment_expression":
                return self._augmented(node)
            case "sequence_expression":
                return [self.term(item) for item in named(node)][-1]
            case "class":
                return Name(self.owner.on_class(node), self.owner.point)
            case "yield_expression":
                return Opaque("yield", (self.term(first(node)),))
            case "regex" | "comment":
                return Opaque(node.type)
        return self._rest(node)

    def _rest(self, node: Node) -> AnyTerm:
        """What has no term of its own, elements of a page among it: its parts are lowered for what they hold."""
        return Opaque(node.type, tuple(self._part(item) for item in named(node)))

    def _part(self, node: Node) -> AnyTerm:
        if node.type == "jsx_attribute":
            return self.term(node.named_children[-1], self.tree.text(node.named_children[0]))
        if node.type.startswith("jsx_") and node.type != "jsx_expression":
            return self._rest(node)
        return self.term(node) if node.type != "jsx_text" else Opaque("text")

    def _name(self, node: Node) -> AnyTerm:
        name = self.tree.text(node)
        return Constant(None) if name == "undefined" else Name(name, self.owner.point)

    def _subscript(self, node: Node) -> AnyTerm:
        """`a["b"]` is `a.b`, as the language has it; a computed key stays one."""
        base, key = self.term(node.child_by_field_name("object")), self.term(node.child_by_field_name("index"))
        return member(base, key) if _label(key).isidentifier() else Subscript(base, key)

    def _call(self, node: Node, name: str) -> AnyTerm:
        function = node.child_by_field_name("function") or node.child_by_field_name("constructor")
        target = self.imported(node)
        if target is not None:
            return Name(self.owner.on_import(target, self.tree.span(node)), self.owner.point)
        called = self.term(function)
        if function is not None and function.type == "super":
            called = Attribute(Call(called, (), self.tree.span(function)), "__init__")
        elif isinstance(called, Attribute) and called.base == Name("super", self.owner.point):
            called = Attribute(Call(called.base, (), self.tree.span(node)), called.name)
        given = node.child_by_field_name("arguments")
        only = name if len(named(given)) == 1 else ""  # what wraps a function has its name
        call = Call(called, tuple(self.arguments(given, only)), self.tree.span(node))
        self.owner.on_call(call)
        return call

    def imported(self, node: Node) -> str | None:
        """What `require("…")` or `import("…")` names; None for any other call."""
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        given = named(arguments) if arguments is not None and arguments.type == "arguments" else []
        if function is None or not given or given[0].type not in ("string", "template_string"):
            return None
        if function.type == "import" or function.type == "identifier" and self.tree.text(function) == "require":
            return self.string(given[0])
        return None

    def arguments(self, node: Node | None, name: str = "") -> Iterator[Arg]:
        """The arguments of a call, and the parts of a template that a function is called with."""
        for item in named(node) if node is not None else ():
            if item.type == "spread_element":
                yield Arg("*", self.term(first(item)), self.tree.span(item))
            elif item.type not in ("string_fragment", "escape_sequence"):
                inner = first(item) if item.type == "template_substitution" else item
                yield Arg(None, self.term(inner, name), self.tree.span(item))

    def _entries(self, node: Node) -> Iterator[Entry]:
        for item in named(node):
            at = self.tree.span(item)
            if item.type == "spread_element":
                yield Entry(None, self.term(first(item)), at)
            elif item.type == "shorthand_property_identifier":
                yield Entry(Constant(self.tree.text(item)), self._name(item), at)
            elif item.type == "pair":
                key = self.key(item.child_by_field_name("key"))
                yield Entry(key, self.term(item.child_by_field_name("value"), _label(key)), at)
            elif item.type == "method_definition":
                key = self.key(item.child_by_field_name("name"))
                method = Closure(self.owner.on_function(item, _label(key)))
                computed = any(child.type in ("get", "set") for child in item.children)
                yield Entry(key, Opaque("computed", (method,)) if computed else method, at)

    def key(self, node: Node | None) -> AnyTerm:
        """The key of an entry or the name of a member."""
        if node is not None and node.type in _KEYS:
            return Constant(self.tree.text(node))
        return self.term(node)

    def _element(self, node: Node) -> AnyTerm:
        return Opaque("*", (self.term(first(node)),)) if node.type == "spread_element" else self.term(node)

    def _binary(self, node: Node) -> AnyTerm:
        left, right = self.term(node.child_by_field_name("left")), self.term(node.child_by_field_name("right"))
        symbol = self.text_of(node, "operator")
        if symbol in ("||", "??"):
            options = left.options if isinstance(left, Either) and left.test is None else (left,)
            return Either(None, (*options, right))
        return Binary(_BINARY.get(symbol, symbol), left, right)

    def _unary(self, node: Node) -> AnyTerm:
        symbol, operand = self.text_of(node, "operator"), self.term(node.child_by_field_name("argument"))
        if symbol == "void":
            return Constant(None)
        if symbol == "delete":
            self.owner.on_binding(operand, Opaque("deleted"), self.tree.span(node))
        return Unary(_UNARY[symbol], operand) if symbol in _UNARY else Opaque(symbol, (operand,))

    def _assignment(self, node: Node) -> AnyTerm:
        left = node.child_by_field_name("left")
        value = self.term(node.child_by_field_name("right"), self._assigned_name(left))
        for target, part in self.targets(left, value):
            self.owner.on_binding(target, part, self.tree.span(node))
        return value

    def _assigned_name(self, node: Node | None) -> str:
        """The last name of what is assigned to."""
        inner = node.child_by_field_name("property") if node is not None and node.type == "member_expression" else node
        return self.tree.text(inner) if inner is not None and not inner.child_count else ""

    def _augmented(self, node: Node) -> AnyTerm:
        target, given = self.term(node.child_by_field_name("left")), self.term(node.child_by_field_name("right"))
        symbol = self.text_of(node, "operator").removesuffix("=")
        either = symbol in ("||", "??")
        value = Either(None, (target, given)) if either else Binary(_BINARY.get(symbol, symbol), target, given)
        self.owner.on_binding(target, value, self.tree.span(node))
        return value

    def targets(self, node: Node | None, value: AnyTerm) -> Iterator[tuple[AnyTerm, AnyTerm]]:
        """What `pattern = value` binds: names and members, each with the part of the value that it gets."""
        match node.type if node is not None else "":
            case "object_pattern":
                for item in named(node):
                    yield from self._property(item, value)
            case "array_pattern":
                for index, item in _places(node):
                    yield from self.targets(item, Subscript(value, Constant(index)))
            case "assignment_pattern" | "object_assignment_pattern":
                left, right = (node.child_by_field_name(key) for key in ("left", "right"))  # type: ignore[union-attr]
                default = Either(None, (value, self.term(right)))
                shorthand = node is not None and node.type == "object_assignment_pattern"
                yield from (
                    self._property(left, value, right)
                    if shorthand and left is not None
                    else self.targets(left, default)
                )
            case "rest_pattern":
                yield self.term(first(node)), Opaque("rest", (value,))
            case "":
                return
            case _:
                yield self.term(node), value

    def _property(self, node: Node, value: AnyTerm, default: Node | None = None) -> Iterator[tuple[AnyTerm, AnyTerm]]:
        """What one member of an object's pattern binds."""
        match node.type:
            case "shorthand_property_identifier_pattern":
                part = Attribute(value, self.tree.text(node))
                yield self.term(node), Either(None, (part, self.term(default))) if default else part
            case "pair_pattern":
                key = self.key(node.child_by_field_name("key"))
                yield from self.targets(node.child_by_field_name("value"), member(value, key))
            case _:
                yield from self.targets(node, value)

    def _text(self, node: Node) -> AnyTerm:
        parts: list[str | Node] = []
        for item in named(node):
            said = item if item.type == "template_substitution" else self._said(item)
            if isinstance(said, str) and parts and isinstance(parts[-1], str):
                parts[-1] += said
            else:
                parts.append(said)
        for part in parts:
            if isinstance(part, str):
                self.owner.on_text(part, self.tree.span(node))
        if all(isinstance(part, str) for part in parts):
            return plain("".join(str(part) for part in parts))
        return Text(tuple(plain(part) if isinstance(part, str) else self.term(first(part)) for part in parts))

    def string(self, node: Node) -> str:
        """The value of a text without computed parts."""
        return "".join(self._said(item) for item in named(node))

    def _said(self, node: Node) -> str:
        text = self.tree.text(node)
        return escaped(text) if node.type == "escape_sequence" else text

    def text_of(self, node: Node, field: str) -> str:
        """The text of a node's field; empty where it has none."""
        found = node.child_by_field_name(field)
        return self.tree.text(found) if found is not None else ""


def named(node: Node | None) -> list[Node]:
    """The children of a node that are no punctuation and no comments."""
    return [item for item in node.named_children if item.type != "comment"] if node is not None else []


def first(node: Node | None) -> Node | None:
    """The first of them."""
    return next(iter(named(node)), None)


def _places(node: Node | None) -> Iterable[tuple[int, Node]]:
    """The members of an array's pattern by their index: some may be left out."""
    index = 0
    for item in node.children if node is not None else ():
        if item.type == ",":
            index += 1
        elif item.is_named and item.type != "comment":
            yield index, item


def member(base: AnyTerm, key: AnyTerm) -> AnyTerm:
    """What an object has at a key: an attribute where the key is a plain text."""
    return (
        Attribute(base, key.value) if isinstance(key, Constant) and isinstance(key.value, str) else Subscript(base, key)
    )


def _label(key: AnyTerm) -> str:
    return key.value if isinstance(key, Constant) and isinstance(key.value, str) else ""
