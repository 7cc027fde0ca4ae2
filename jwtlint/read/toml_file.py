"""TOML files of settings: the standard library's values, and a scan for where they stand."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

from jwtlint.facts import Facts, Span
from jwtlint.read.documents import Lines, Place, Plain, facts, in_sections
from jwtlint.read.nodes import MAX_NESTED, nesting

_PART = r"""(?:"(?:\\.|[^"\\\n])*"|'[^'\n]*'|[\w-]+)"""
_KEY = re.compile(rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*")
_PARTS = re.compile(_PART)
_HEADER = re.compile(rf"(\[\[?)[ \t]*({_KEY.pattern})[ \t]*\]")
_ASSIGNED = re.compile(rf"({_KEY.pattern})[ \t]*=[ \t]*")
_LONG_KEY = re.compile(rf"^[ \t]*+\[*+[ \t]*+(?:[\w\"'-]+[ \t]*\.[ \t]*){{{MAX_NESTED}}}", re.MULTILINE)
_BETWEEN = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)+")
_TOKEN = re.compile(
    r'''"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|\#[^\n]*|[\[{]|[\]}]|\r?\n|[^"'\#\[\]{}\r\n]+''',
    re.DOTALL,
)


def parse(data: bytes) -> Facts:
    """The facts of a TOML file.

    Raises:
        ValueError: it is none, or nested too deeply.
    """
    text = in_sections(data)
    if nesting(text) > MAX_NESTED or _LONG_KEY.search(text):
        raise ValueError("nested too deeply to be read")
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"not valid TOML: {error}") from None
    return facts(text, Plain(dict(_places(text))).term(document))


def _places(text: str) -> Iterator[tuple[Place, Span]]:
    """The path of each assignment and header of a valid document, and where it stands."""
    lines = Lines(text)
    table: Place = ()
    counts: dict[Place, int] = {}
    at = 0
    while at < len(text):
        if header := _HEADER.match(text, at):
            names = _names(header[2])
            table = _indexed(names, counts)
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
            yield table, lines.span(header.start(), header.end())
            table = _indexed(names, counts)
            at = header.end()
        elif assigned := _ASSIGNED.match(text, at):
            at = _end_of_value(text, assigned.end())
            end = assigned.start() + len(text[assigned.start() : at].rstrip())
            yield (*table, *_names(assigned[1])), lines.span(assigned.start(), end)
        else:
            between = _BETWEEN.match(text, at)
            at = between.end() if between else at + 1


def _names(key: str) -> list[str]:
    return [part.strip("\"'") for part in _PARTS.findall(key)]


def _indexed(names: list[str], counts: dict[Place, int]) -> Place:
    """The path of a table: of each array of tables on the way, its last one."""
    path: Place = ()
    for index, name in enumerate(names):
        path = (*path, name)
        if path in counts and index < len(names) - 1:
            path = (*path, counts[path])
    return path


def _end_of_value(text: str, at: int) -> int:
    """Where a value that begins at an offset ends: at the line's end or a comment outside of brackets."""
    depth = 0
    while token := _TOKEN.match(text, at):
        first = token[0][0]
        if first in "\r\n#" and depth == 0:
            break
        depth += (first in "[{") - (first in "]}")
        at = token.end()
    return at
