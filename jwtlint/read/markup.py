"""Scripts within pages: HTML, Vue, Svelte, Astro, and templates of Jinja and its kin.

Pages are no one language: tags of templates stand in them wherever their authors like. So scripts are found by their
own tags alone, and are parsed where they stand, so that every place is the file's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Point, Range

from jwtlint.facts import Facts
from jwtlint.read.javascript import facts
from jwtlint.read.trees import utf8

_SCRIPT = re.compile(
    rb"""<!--.*?-->|<script\b(?P<tag>(?:"[^"]*"|'[^']*'|[^>"'])*)>(?P<text>.*?)</script\s*>""",
    re.DOTALL | re.IGNORECASE,
)
_FRONT_MATTER = re.compile(rb"\A\s*---\r?\n(?P<text>.*?)^---\s*$", re.DOTALL | re.MULTILINE)
_TYPE = re.compile(rb"""\btype\s*=\s*["']?([\w/+.-]+)""", re.IGNORECASE)
_TYPESCRIPT = re.compile(rb"""\blang\s*=\s*["']?tsx?\b""", re.IGNORECASE)
_PROGRAMS = re.compile(rb"module|(text|application)/(x-)?(java|ecma|babel|jsx|typescript)\w*", re.IGNORECASE)
_TEMPLATE = re.compile(rb"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)


def parse(data: bytes) -> Facts:
    """The facts of the scripts of a page, as one program."""
    data = utf8(data)
    front = _FRONT_MATTER.match(data)
    scripts = [match for match in _SCRIPT.finditer(data) if match["text"] and _is_program(match["tag"])]
    typed = front is not None or any(_TYPESCRIPT.search(match["tag"]) for match in scripts)
    within = [_range(data, *match.span("text")) for match in (*([front] if front else ()), *scripts)]
    return (
        facts("typescript" if typed else "javascript", _without_templates(data, within), within) if within else Facts()
    )


def _is_program(tag: bytes) -> bool:
    """Whether a script is one: data and templates stand in such tags, too."""
    kind = _TYPE.search(tag)
    return kind is None or _PROGRAMS.fullmatch(kind[1]) is not None


def _range(data: bytes, start: int, end: int) -> Range:
    return Range(_point(data, start), _point(data, end), start, end)


def _point(data: bytes, offset: int) -> Point:
    return Point(data.count(b"\n", 0, offset), offset - data.rfind(b"\n", 0, offset) - 1)


def _without_templates(data: bytes, within: list[Range]) -> bytes:
    """The page with spaces for what a template engine fills in, so that every offset stays."""
    return b"".join(_pieces(data, within))


def _pieces(data: bytes, within: list[Range]) -> Iterator[bytes]:
    end = 0
    for part in within:
        yield data[end : part.start_byte]
        yield _TEMPLATE.sub(lambda match: re.sub(rb"[^\n]", b" ", match[0]), data[part.start_byte : part.end_byte])
        end = part.end_byte
    yield data[end:]
