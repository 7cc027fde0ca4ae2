"""What files of JavaScript take from each other and give to each other: `import`, `require`, `export`, `module.exports`.

What a file gives stands in the scope `EXPORTS` under the names that others know it by: `default`, and `WHOLE` for what
`require` gives as one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tree_sitter import Node

from jwtlint.facts import (
    EXPORTS,
    WHOLE,
    AnyTerm,
    Attribute,
    Binding,
    Class,
    Closure,
    Constant,
    Entries,
    Function,
    Import,
    Name,
    Span,
)
from jwtlint.read.script_terms import FUNCTIONS, first, named

if TYPE_CHECKING:
    from jwtlint.read.javascript import Reader

_AFTER_ALL = 1 << 60  # a point behind every statement
_CLASSES = frozenset(["class_declaration", "abstract_class_declaration", "class"])


class Exchange:
    """Reads the imports and exports of a file into its reader."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._tree = reader.tree

    # what it takes

    def imported(self, node: Node) -> None:
        """`import …`"""
        at = self._tree.span(node)
        for clause in named(node):
            source = clause.child_by_field_name("source") or node.child_by_field_name("source")
            target = self._reader.terms.string(source) if source is not None else ""
            if clause.type == "import_require_clause":
                self._import(self._tree.text(named(clause)[0]), target, None, at)
            elif clause.type == "import_clause":
                for name, member in self._clause(clause):
                    self._import(name, target, member, at)

    def _clause(self, clause: Node) -> Iterator[tuple[str, str | None]]:
        """Each name that an import brings, with the member that it is."""
        for item in named(clause):
            if item.type == "identifier":
                yield self._tree.text(item), "default"
            elif item.type == "namespace_import":
                yield self._tree.text(named(item)[0]), None
            elif item.type == "named_imports":
                yield from self._specifiers(item)

    def _specifiers(self, node: Node) -> Iterator[tuple[str, str]]:
        """`member as name` of each; the name is the member's where there is no other."""
        for item in named(node):
            own, alias = item.child_by_field_name("name"), item.child_by_field_name("alias")
            if own is not None:
                member = self._tree.text(own).strip("'\"")
                yield self._tree.text(alias).strip("'\"") if alias is not None else member, member

    def declared(self, pattern: Node, value: Node | None) -> bool:
        """Whether a declaration is an import: `const jwt = require("…")`, `const { sign } = require("…")`."""
        if value is not None and value.type == "await_expression":
            value = first(value)
        member = None
        if value is not None and value.type == "member_expression":
            member = self._reader.terms.text_of(value, "property")
            value = value.child_by_field_name("object")
        target = self._reader.terms.imported(value) if value is not None and value.type == "call_expression" else None
        if target is None or value is None:
            return False
        if pattern.type == "identifier":
            self._import(self._tree.text(pattern), target, member, self._tree.span(pattern, value))
            return True
        return member is None and pattern.type == "object_pattern" and self._taken_apart(pattern, target, value)

    def _taken_apart(self, pattern: Node, target: str, value: Node) -> bool:
        names: list[tuple[str, str]] = []
        for item in named(pattern):
            inner = item.child_by_field_name("value") if item.type == "pair_pattern" else item
            key = item.child_by_field_name("key") if item.type == "pair_pattern" else item
            plain = inner is not None and inner.type in ("identifier", "shorthand_property_identifier_pattern")
            if not plain or inner is None or key is None:
                return False
            names.append((self._tree.text(inner), self._tree.text(key)))
        for name, member in names:
            self._import(name, target, member, self._tree.span(pattern, value))
        return True

    def required(self, target: str, at: Span) -> str:
        """An import in an expression; the name that stands for it, which no program has."""
        name = f"<{target}>"
        if not any(item.name == name for item in self._reader.imports):
            self._import(name, target, None, at, scope="")
        return name

    def _import(self, name: str, target: str, member: str | None, at: Span, scope: str | None = None) -> None:
        reader = self._reader
        level = int(target.startswith("."))
        place = reader.place.scope if scope is None else scope
        reader.imports.append(Import(place, name, target, member, level, reader.point, at))

    # what it gives

    def exported(self, node: Node) -> None:
        """`export …`"""
        source, value = node.child_by_field_name("source"), node.child_by_field_name("value")
        declaration = node.child_by_field_name("declaration")
        default = any(child.type == "default" for child in node.children)
        if source is not None:
            self._handed_on(node, self._reader.terms.string(source))
        elif declaration is not None:
            self._declared(declaration, default)
        elif value is not None and default:
            self._default(value)
        else:
            for item in named(node):
                if item.type == "export_clause":
                    for name, member in self._specifiers(item):
                        self._export(name, Name(member, _AFTER_ALL), self._tree.span(node))
                elif item.type != "decorator":  # `export = value`
                    self._whole(self._reader.terms.term(item), self._tree.span(node))

    def _handed_on(self, node: Node, target: str) -> None:
        """`export … from "…"`"""
        at, given = self._tree.span(node), [item for item in named(node) if item.type != "string"]
        for item in given:
            if item.type == "namespace_export":
                self._import(self._tree.text(named(item)[0]), target, None, at, EXPORTS)
            else:
                for name, member in self._specifiers(item):
                    self._import(name, target, member, at, EXPORTS)
        if not given:
            self._import("*", target, "*", at, EXPORTS)

    def _declared(self, node: Node, default: bool) -> None:
        reader = self._reader
        before = len(reader.imports), len(reader.bindings), len(reader.functions), len(reader.classes)
        scope = reader.place.scope
        reader.statement(node)
        added: tuple[Import | Function | Class, ...] = (
            *reader.imports[before[0] :],
            *reader.functions[before[2] :],
            *reader.classes[before[3] :],
        )
        names = {item.name: self._tree.span(node) for item in added if item.scope == scope}
        for binding in reader.bindings[before[1] :]:
            if binding.scope == scope and isinstance(binding.target, Name):
                names.setdefault(binding.target.id, binding.at)
        for name, at in names.items():
            self._export("default" if default else name, Name(name, _AFTER_ALL), at)

    def _default(self, node: Node) -> None:
        """`export default value`"""
        reader, at = self._reader, self._tree.span(node)
        if node.type in FUNCTIONS:
            self._export("default", Closure(reader.on_function(node, "default")), at)
        elif node.type in _CLASSES:
            self._export("default", Name(reader.on_class(node), _AFTER_ALL), at)
        else:
            self._export("default", reader.terms.term(node), at)

    def assigned(self, target: AnyTerm, value: AnyTerm, at: Span) -> None:
        """What an assignment gives to others: `module.exports = …`, `exports.name = …`."""
        match target:
            case Attribute(base=Name(id="module"), name="exports"):
                self._whole(value, at)
            case Attribute(base=Name(id="exports") | Attribute(base=Name(id="module"), name="exports"), name=name):
                self._export(name, value, at)

    def _whole(self, value: AnyTerm, at: Span) -> None:
        """What the file is as one; an object gives each of its entries by itself."""
        if not isinstance(value, Entries):
            self._export(WHOLE, value, at)
            return
        for item in value.items:
            if item.key is None:
                self._export("*", item.value, item.at)
            elif isinstance(item.key, Constant):
                self._export(str(item.key.value), item.value, item.at)

    def _export(self, name: str, value: AnyTerm, at: Span) -> None:
        point = self._reader.point
        self._reader.bindings.append(Binding(EXPORTS, Name(name, point), value, None, at, point, ()))
