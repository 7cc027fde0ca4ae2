"""Comments by which people set findings aside: `# jwtlint: ignore[rule, rule] reason`."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator

from jwtlint.facts import Ignore

_IGNORE = re.compile(r"jwtlint:\s*ignore\[([\w\s,-]+)\]\s*(.*)")
MARK = "jwtlint:"


def ignores(source: str) -> tuple[Ignore, ...]:
    """The ignores of a Python file: only real comments count, not texts that look like one."""
    return tuple(_found(source)) if MARK in source else ()


def of_lines(text: str) -> tuple[Ignore, ...]:
    """The ignores of a file in which `#` begins a comment, and whose texts are not told from them."""
    found = (of_comment(line, number) for number, line in enumerate(text.splitlines(), 1) if "#" in line)
    return tuple(ignore for ignore in found if ignore) if MARK in text else ()


def of_comment(text: str, line: int) -> Ignore | None:
    """The ignore that a comment's text is."""
    match = _IGNORE.search(text)
    if match is None:
        return None
    rules = tuple(rule.strip() for rule in match[1].split(",") if rule.strip())
    return Ignore(line, rules, match[2].strip())


def _found(source: str) -> Iterator[Ignore]:
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT and (ignore := of_comment(token.string, token.start[0])):
                yield ignore
    except (tokenize.TokenError, SyntaxError):
        return  # grammar newer than the host's: what was found so far holds
