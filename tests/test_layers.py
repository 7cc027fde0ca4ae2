"""Imports point one way, and knowledge stays where it belongs."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from jwtlint.models import load

ROOT = Path(__file__).parent.parent
PROGRAM = sorted((ROOT / "jwtlint").rglob("*.py"))
RULES = sorted((ROOT / "rules").rglob("*.py"))
FORBIDDEN = {
    "facts.py": ("jwtlint.",),
    "read/": ("jwtlint.project", "jwtlint.rule", "jwtlint.report", "jwtlint.engine", "jwtlint.models"),
    "models/": ("jwtlint.project", "jwtlint.rule", "jwtlint.report", "jwtlint.engine", "jwtlint.read"),
    "project/": ("jwtlint.rule", "jwtlint.report", "jwtlint.engine", "jwtlint.read", "jwtlint.cli"),
    "rule.py": ("jwtlint.report", "jwtlint.engine", "jwtlint.cli"),
    "engine.py": ("jwtlint.report", "jwtlint.cli"),
    "report/": ("jwtlint.cli", "jwtlint.read"),
}


def imports(path: Path, *, typing_too: bool = False) -> Iterator[str]:
    """The modules that a file imports, without those for types alone."""
    pending: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING" and not typing_too:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        pending += ast.iter_child_nodes(node)


def within(path: Path) -> str:
    return path.relative_to(ROOT / "jwtlint").as_posix()


@pytest.mark.parametrize("path", PROGRAM, ids=within)
def test_imports_point_one_way(path: Path) -> None:
    for place, forbidden in FORBIDDEN.items():
        if within(path).startswith(place):
            wrong = [
                name for name in imports(path) if f"{name}.".startswith(tuple(f"{f.rstrip('.')}." for f in forbidden))
            ]
            assert not wrong


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_rules_ask_the_project_alone(path: Path) -> None:
    assert set(imports(path, typing_too=True)) <= {"jwtlint", "collections.abc"}


@pytest.mark.parametrize("path", PROGRAM, ids=within)
def test_only_the_reader_knows_libcst(path: Path) -> None:
    if not within(path).startswith("read/"):
        assert not any(name.split(".")[0] == "libcst" for name in imports(path, typing_too=True))


@pytest.mark.parametrize(
    "path",
    [*RULES, *(path for path in PROGRAM if within(path).startswith("project/"))],
    ids=lambda path: f"{path.parent.name}/{path.stem}",
)
def test_no_library_is_named_outside_the_models(path: Path) -> None:
    roots = {call.split(".")[0].split("(")[0] for call in load().calls} - {
        "any",
        "builtins",
        "json",
        "os",
        "open",
        "print",
        "urllib",
    }
    texts = {
        node.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value
    }
    assert not {text for text in texts if text.split(".")[0] in roots and (text in roots or "." in text)}
