"""Rewrites of Python that keep its meaning, each from the files of a project to the files of its twin."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import libcst as cst
import libcst.matchers as m

from jwtlint.models import load

Files = Mapping[str, str]
Rewrite = Callable[[Files], dict[str, str]]
LITERALS = (cst.SimpleString, cst.Integer, cst.Float)


def each(change: Callable[[cst.Module], cst.Module]) -> Rewrite:
    """A rewrite of every Python file by itself."""

    def rewrite(files: Files) -> dict[str, str]:
        return {
            path: change(cst.parse_module(text)).code if path.endswith(".py") else text for path, text in files.items()
        }

    return rewrite


class Naming(cst.CSTTransformer):
    """Literal arguments of calls within functions get names at the top of the file."""

    def __init__(self) -> None:
        self.named: dict[str, cst.BaseExpression] = {}
        self.depth = 0

    def visit_FunctionDef_body(self, node: cst.FunctionDef) -> None:
        self.depth += 1

    def leave_FunctionDef_body(self, node: cst.FunctionDef) -> None:
        self.depth -= 1

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:
        if not self.depth or not isinstance(updated_node.value, LITERALS):
            return updated_node
        name = f"NAMED_{len(self.named)}"
        self.named[name] = updated_node.value
        return updated_node.with_changes(value=cst.Name(name))


def constants_named(module: cst.Module) -> cst.Module:
    naming = Naming()
    changed = module.visit(naming)
    lines = [_assignment(name, value) for name, value in naming.named.items()]
    return changed.with_changes(body=[*lines, *changed.body])


def _assignment(name: str, value: cst.BaseExpression) -> cst.SimpleStatementLine:
    return cst.SimpleStatementLine([cst.Assign([cst.AssignTarget(cst.Name(name))], value)])


def constants_moved(files: Files) -> dict[str, str]:
    """Module-level constants move to a module of their own, one a file."""
    moved = dict(files)
    for path, text in files.items():
        if not path.endswith(".py"):
            continue
        module = cst.parse_module(text)
        home = f"constants_of_{path.removesuffix('.py').replace('/', '_')}"
        kept: list[cst.BaseStatement | cst.SimpleStatementLine] = []
        away: list[cst.SimpleStatementLine] = []
        for statement in module.body:
            name = _constant_set_by(statement)
            if name is None:
                kept.append(statement)
                continue
            assert isinstance(statement, cst.SimpleStatementLine)
            away.append(statement.with_changes(leading_lines=()))
            kept.append(cst.ensure_type(cst.parse_statement(f"from {home} import {name}"), cst.SimpleStatementLine))
        if away:
            moved[path] = module.with_changes(body=kept).code
            moved[f"{home}.py"] = cst.Module(away).code
    return moved


def _constant_set_by(statement: cst.CSTNode) -> str | None:
    """The name that a statement sets to something made of literals alone."""
    found = m.extract(
        statement,
        m.SimpleStatementLine([m.Assign([m.AssignTarget(m.SaveMatchedNode(m.Name(), "name"))], m.DoNotCare())]),
    )
    if not found or m.findall(statement, m.Call()) or len(m.findall(statement, m.Name())) > 1:
        return None
    return cst.ensure_type(found["name"], cst.Name).value


class Positional(cst.CSTTransformer):
    """Keywords of modelled calls become positional as far as the signature's order lets them."""

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        for order in _orders(updated_node.func):
            args = list(updated_node.args)
            for index, argument in enumerate(args):
                if argument.star or (argument.keyword and argument.keyword.value not in order[index : index + 1]):
                    break
                args[index] = argument.with_changes(keyword=None, equal=cst.MaybeSentinel.DEFAULT)
            return updated_node.with_changes(args=args)
        return updated_node


def _orders(function: cst.BaseExpression) -> Sequence[Sequence[str]]:
    """The parameters of PyJWT's and python-jose's calls, which have the same first ones; nothing for other calls."""
    if m.matches(function, m.Attribute(m.Name("jwt"), m.Name("encode") | m.Name("decode"))):
        name = cst.ensure_type(function, cst.Attribute).attr.value
        first, second = (load().calls[f"{library}.{name}"].signature.positional for library in ("jwt", "jose.jwt"))
        same = [a for a, b in zip(first, second, strict=False) if a == b or first.index(a) == 0]
        return [same]
    return []


def keywords_positional(files: Files) -> dict[str, str]:
    """PyJWT 1 has its parameters in another order."""
    if any("PyJWT==1" in text for text in files.values()):
        return dict(files)
    return each(lambda module: module.visit(Positional()))(files)


class Wrapping(cst.CSTTransformer):
    """`jwt.encode(…)` becomes a call of a function that hands everything on."""

    def __init__(self) -> None:
        self.wrappers: list[str] = []

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        if not m.matches(updated_node.func, m.Attribute(m.Name("jwt"), m.Name("encode"))):
            return updated_node
        if any(argument.star for argument in updated_node.args):
            return updated_node
        name = f"handed_on_{len(self.wrappers)}"
        names = [item.keyword.value if item.keyword else f"a{index}" for index, item in enumerate(updated_node.args)]
        passed = [
            f"{item}={item}" if argument.keyword else item
            for item, argument in zip(names, updated_node.args, strict=True)
        ]
        function = cst.Module([]).code_for_node(updated_node.func)
        self.wrappers.append(f"def {name}({', '.join(names)}):\n    return {function}({', '.join(passed)})\n")
        return updated_node.with_changes(func=cst.Name(name))


def calls_wrapped(module: cst.Module) -> cst.Module:
    wrapping = Wrapping()
    changed = module.visit(wrapping)
    return changed.with_changes(body=[*changed.body, *(cst.parse_statement(text) for text in wrapping.wrappers)])


class Aliasing(cst.CSTTransformer):
    """`jwt` is imported by another name."""

    def leave_ImportAlias(self, original_node: cst.ImportAlias, updated_node: cst.ImportAlias) -> cst.ImportAlias:
        if m.matches(updated_node, m.ImportAlias(m.Name("renamed_jwt"), None)):
            alias = cst.AsName(cst.Name("renamed_jwt"))
            return updated_node.with_changes(name=cst.Name("jwt"), asname=alias)
        return updated_node

    def leave_ImportFrom(self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom) -> cst.ImportFrom:
        return updated_node.with_changes(module=original_node.module)

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.Attribute:
        return updated_node.with_changes(attr=original_node.attr)

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:
        return updated_node.with_changes(value="renamed_jwt") if updated_node.value == "jwt" else updated_node


def imports_aliased(module: cst.Module) -> cst.Module:
    return module.visit(Aliasing())


REWRITES: Mapping[str, Rewrite] = {
    "constant named": each(constants_named),
    "constant in another module": constants_moved,
    "keyword positional": keywords_positional,
    "call wrapped": each(calls_wrapped),
    "import aliased": each(imports_aliased),
}
