"""Our positions against libcst's own."""

from pathlib import Path
from typing import cast

import libcst as cst
import pytest
from libcst.metadata import CodeRange, PositionProvider

from jwtlint.facts import Span
from jwtlint.read.positions import Positions

PROGRAM = Path(__file__).parent.parent / "jwtlint"
FILES = sorted(path for folder in (PROGRAM / "read", PROGRAM / "project") for path in folder.glob("*.py"))
SHAPES = 'if a:\n\tb = f"{c!r:>{d}}"; e(\\\n  *g, **h)\r\n@i\r\nasync def j(k, /, *, l: "東京" = (1)):\r\n  return [m for n in (yield) if not n]'
END = (cst.Module, cst.Newline, cst.TrailingWhitespace)  # libcst counts a newline that the file ends without


def spans(module: cst.Module) -> dict[cst.CSTNode, Span]:
    provider = PositionProvider()
    provider._gen_impl(module)
    found = cast("dict[cst.CSTNode, CodeRange]", provider._computed)
    return {
        node: Span(at.start.line, at.start.column + 1, at.end.line, at.end.column + 1)
        for node, at in found.items()
        if not isinstance(node, END)
    }


@pytest.mark.parametrize("text", [*(path.read_text(encoding="utf-8") for path in FILES), SHAPES])
def test_every_node_stands_where_libcst_says(text: str) -> None:
    module = cst.parse_module(text)
    expected = spans(module)
    ours = Positions(module)
    assert len(expected) > 10
    assert {node: ours.span(node) for node in expected} == expected
