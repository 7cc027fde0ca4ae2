"""Dockerfiles: what the environment of the image holds that the last stage makes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from jwtlint.facts import Facts, Variable
from jwtlint.read.documents import Lines, decoded
from jwtlint.read.ignores import of_lines
from jwtlint.read.substitution import substituted

# An instruction with the lines that it goes on over; comments among these belong to it.
_INSTRUCTION = re.compile(
    r"^[ \t]*(?P<word>[A-Za-z]+)[ \t]+(?P<rest>(?:\\[ \t]*\r?\n(?:[ \t]*(?:#[^\n]*)?\r?\n)*|[^\r\n])*)", re.MULTILINE
)
_PAIR = re.compile(r"""(?P<name>[A-Za-z_]\w*)=(?P<value>(?:"(?:\\.|[^"\\])*"|'[^']*'|\\[^\r\n]|[^\s"'\\])*)""")
_OLD = re.compile(r"(?P<name>[A-Za-z_]\w*)[ \t]+(?P<value>[^\r\n]*)")
_PLAIN = re.compile(r"""\\(.)|["']""", re.DOTALL)


@dataclass
class _Stage:
    """One stage of a build: what it declares to be given, and its environment."""

    arguments: dict[str, str]
    variables: list[Variable] = field(default_factory=list)


def parse(data: bytes) -> Facts:
    """The facts of a Dockerfile.

    `ENV` sets a variable for the program in the image; `ARG` only says what an `ENV` falls back on that speaks of it
    (https://docs.docker.com/reference/dockerfile/). What a stage sets that the last one is not made from ships nowhere.

    Raises:
        ValueError: it is too large.
    """
    text = decoded(data)
    lines = Lines(text)
    stages: dict[str, _Stage] = {}
    stage = _Stage({})
    for found in _INSTRUCTION.finditer(text):
        word, rest = found["word"].upper(), found["rest"]
        if word == "FROM":
            base, _, name = re.sub(r"--\S+", "", rest).strip().partition(" ")
            before = stages.get(base.lower(), _Stage(stage.arguments if not stages else {}))
            stage = _Stage(dict(before.arguments), list(before.variables))
            stages[name.strip()[2:].strip().lower() or f"{len(stages)}"] = stage
        elif word == "ARG":
            stage.arguments |= {pair["name"]: _unquoted(pair["value"]) for pair in _PAIR.finditer(rest)}
        elif word == "ENV":
            start = found.start("rest")
            for pair in _pairs(rest):
                value = substituted(_unquoted(pair["value"]), defaults=stage.arguments)
                at = lines.span(start + pair.start(), start + pair.start() + len(pair[0].rstrip()))
                stage.variables.append(Variable(pair["name"], value, at))
    return Facts(variables=tuple(stage.variables), ignores=of_lines(text))


def _pairs(rest: str) -> Iterator[re.Match[str]]:
    old = None if _PAIR.match(rest) else _OLD.match(rest)
    yield from (old,) if old else _PAIR.finditer(rest)


def _unquoted(value: str) -> str:
    return _PLAIN.sub(lambda match: match[1] or "", value.strip())
