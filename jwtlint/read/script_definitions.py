"""Functions and classes of JavaScript: their names, parameters and bodies.

A method has its object as a first parameter `this`, a constructor is `__init__`, a getter is a property: what Python
has in the same place. A function without a name is called after what it is assigned to, as the language does it; it
stands in a scope of its own, so that nothing finds it by that name alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from tree_sitter import Node

from jwtlint.facts import (
    AnyTerm,
    Arg,
    Attribute,
    Binding,
    Call,
    Class,
    Closure,
    Function,
    Name,
    Opaque,
    Param,
    Return,
    Span,
)
from jwtlint.read.script_blocks import statements
from jwtlint.read.script_terms import FUNCTIONS, first, named

if TYPE_CHECKING:
    from jwtlint.read.javascript import Reader

THIS = "this"
_PARAMS = frozenset(["required_parameter", "optional_parameter"])
_FIELDS = frozenset(["field_definition", "public_field_definition"])


class Definitions:
    """Reads the functions and classes of a file into its reader."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._tree = reader.tree
        self._taken: set[str] = set()

    # functions

    def declared(self, node: Node) -> None:
        """`function name() {…}`"""
        name = node.child_by_field_name("name")
        if name is not None:
            self.named(node, self._tree.text(name), self._tree.span(name))

    def named(self, node: Node, name: str, at: Span) -> None:
        """A function that its scope knows by a name; of two that share one, the second is a value of it."""
        scope = self._reader.place.scope
        if self._path(scope, name) in self._taken:
            self._reader.bind(Name(name, self._reader.point), Closure(self.function(node, name)), at)
        else:
            self._function(node, scope, name, at)

    def function(self, node: Node, name: str) -> str:
        """A function that stands in an expression; the scope of its body."""
        own = node.child_by_field_name("name") if node.type in FUNCTIONS else None
        called = self._tree.text(own) if own is not None else name
        scope = self._path(self._reader.place.scope, f"<{len(self._reader.functions)}>")
        called = called if re.fullmatch(r"[\w$#]+", called) else "<anonymous>"
        end = node.child_by_field_name("parameters") or node.child_by_field_name("parameter") or node
        return self._function(node, scope, called, self._tree.span(node, end))

    @staticmethod
    def _path(scope: str, name: str) -> str:
        return f"{scope}.{name}" if scope else name

    def _function(
        self, node: Node, scope: str, name: str, at: Span, *, method: bool = False, decorators: tuple[AnyTerm, ...] = ()
    ) -> str:
        """Note a function and all that is in it."""
        reader, point = self._reader, self._reader.point
        place = self._path(scope, name)
        self._taken.add(place)
        own = (Param(THIS, "positional", None, None, at),) if method else ()
        index = len(reader.functions)
        given = list(self._params(node))
        params = (*own, *(param for param, _ in given))
        reader.functions.insert(index, Function(scope, name, params, None, decorators, at, point))
        with reader.at(type(reader.place)(place)):
            reader.point += 1
            for param, pattern in given:
                if pattern is not None:
                    for target, value in reader.terms.targets(pattern, Name(param.name, reader.point)):
                        reader.bind(target, value, param.at)
            self._body(node.child_by_field_name("body"))
        reader.point += 1
        return place

    def _body(self, body: Node | None) -> None:
        reader = self._reader
        if body is None or body.type == "statement_block":
            reader.block(statements(body))
            return
        reader.point += 1
        value = reader.terms.term(body)
        reader.returns.append(Return(reader.place.scope, value, False, self._tree.span(body), reader.point, ()))

    def _params(self, node: Node) -> Iterator[tuple[Param, Node | None]]:
        """The parameters; one that is a pattern has a name that no program has, and its pattern beside it."""
        single = node.child_by_field_name("parameter")
        listed = [single] if single is not None else named(node.child_by_field_name("parameters"))
        for index, item in enumerate(listed):
            annotation = item.child_by_field_name("type")
            pattern = item.child_by_field_name("pattern") if item.type in _PARAMS else item
            value = item.child_by_field_name("value")
            if pattern is not None and pattern.type == "assignment_pattern":
                pattern, value = (pattern.child_by_field_name(key) for key in ("left", "right"))
            if pattern is None or pattern.type == "this":
                continue
            kind: Literal["positional", "*"] = "*" if pattern.type == "rest_pattern" else "positional"
            plain = first(pattern) if kind == "*" else pattern
            is_name = plain is not None and plain.type == "identifier"
            name = self._tree.text(plain) if is_name and plain is not None else f"<{index}>"
            default = self._reader.terms.term(value) if value is not None else None
            said = self._reader.terms.term(annotation) if annotation is not None else None
            yield Param(name, kind, default, said, self._tree.span(item)), None if is_name else pattern

    # classes

    def class_(self, node: Node) -> str:
        """A class and all that is in it; its name in its scope."""
        reader = self._reader
        own = node.child_by_field_name("name")
        name = self._tree.text(own) if own is not None else f"<class-{len(reader.classes)}>"
        at = self._tree.span(own if own is not None else node, own if own is not None else node.children[0])
        outer = [node.parent] if node.parent is not None and node.parent.type == "export_statement" else []
        decorators = self._decorators(*(item for one in (*outer, node) for item in one.named_children))
        made = Class(reader.place.scope, name, tuple(self._bases(node)), (), decorators, at, reader.point)
        reader.classes.append(made)
        with reader.at(type(reader.place)(made.path)):
            self._members(node.child_by_field_name("body"))
        return name

    def _bases(self, node: Node) -> Iterator[AnyTerm]:
        for heritage in (item for item in node.named_children if item.type == "class_heritage"):
            for item in named(heritage):
                if item.type == "extends_clause":
                    yield self._reader.terms.term(item.child_by_field_name("value"))
                elif item.type != "implements_clause":
                    yield self._reader.terms.term(item)

    def _members(self, body: Node | None) -> None:
        before: list[Node] = []
        for item in named(body):
            self._reader.point += 1
            if item.type == "decorator":
                before.append(item)
                continue
            if item.type == "method_definition":
                self._method(item, self._decorators(*before, *item.named_children))
            elif item.type in _FIELDS:
                self._field(item)
            elif item.type == "class_static_block":
                self._reader.statement(item)
            before = []

    def _method(self, node: Node, decorators: tuple[AnyTerm, ...]) -> None:
        reader, words = self._reader, {child.type for child in node.children}
        own = node.child_by_field_name("name")
        name = self._tree.text(own).strip("'\"") if own is not None else ""
        marks = ("staticmethod",) if "static" in words else ("property",) if "get" in words else ()
        marked = (*(Name(mark, reader.point) for mark in marks), *decorators)
        called = "__init__" if name == "constructor" else name if re.fullmatch(r"[\w$#]+", name) else "<anonymous>"
        at = self._tree.span(own if own is not None else node)
        scope = reader.place.scope
        path = self._function(node, scope, called, at, method="static" not in words, decorators=marked)
        if called == "__init__":
            self._properties(node, path)
        for item in decorators:
            spot = item.at if isinstance(item, Call) else at
            reader.on_call(Call(item, (Arg(None, Name(called, reader.point), at),), spot))

    def _properties(self, node: Node, path: str) -> None:
        """Parameters of a constructor that are fields at once: `constructor(private readonly tokens: Tokens)`."""
        reader = self._reader
        for item in named(node.child_by_field_name("parameters")):
            pattern = item.child_by_field_name("pattern")
            marked = any(child.type in ("accessibility_modifier", "readonly") for child in item.children)
            if marked and pattern is not None and pattern.type == "identifier":
                name, at = self._tree.text(pattern), self._tree.span(item)
                target = Attribute(Name(THIS, reader.point), name)
                reader.bindings.append(Binding(path, target, Name(name, reader.point), None, at, reader.point, ()))

    def _field(self, node: Node) -> None:
        reader = self._reader
        own = node.child_by_field_name("name") or node.child_by_field_name("property")
        value, annotation = node.child_by_field_name("value"), node.child_by_field_name("type")
        name = self._tree.text(own) if own is not None else ""
        if value is not None and value.type in FUNCTIONS:
            self._function(value, reader.place.scope, name, self._tree.span(own or node), method=True)
            return
        said = reader.terms.term(annotation) if annotation is not None else None
        term = reader.terms.term(value) if value is not None else Opaque("declared")
        reader.bind(Name(name, reader.point), term, self._tree.span(node), said)

    def enum(self, node: Node) -> None:
        """`enum Name { A = "a" }`: a class with constants."""
        reader, own = self._reader, node.child_by_field_name("name")
        name = self._tree.text(own) if own is not None else ""
        made = Class(reader.place.scope, name, (), (), (), self._tree.span(node), reader.point)
        reader.classes.append(made)
        with reader.at(type(reader.place)(made.path)):
            for item in named(node.child_by_field_name("body")):
                key, value = item.child_by_field_name("name"), item.child_by_field_name("value")
                if key is not None and value is not None:
                    reader.bind(
                        Name(self._tree.text(key), reader.point), reader.terms.term(value), self._tree.span(item)
                    )

    def _decorators(self, *nodes: Node) -> tuple[AnyTerm, ...]:
        return tuple(self._reader.terms.term(first(item)) for item in nodes if item.type == "decorator")
