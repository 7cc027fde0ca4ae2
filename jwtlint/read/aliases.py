"""`tsconfig.json` and `jsconfig.json`: by which names a program imports its own files."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

from jwtlint.facts import Alias, Facts

_COMMENT = re.compile(r'("(?:\\.|[^"\\])*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
_TRAILING = re.compile(r'("(?:\\.|[^"\\])*")|,(?=\s*[}\]])')


def parse(data: bytes) -> Facts:
    """The rules of `paths` and `baseUrl`; what the file inherits from another one stays there."""
    text = data.decode("utf-8-sig", "replace")
    for pattern in (_COMMENT, _TRAILING):
        text = pattern.sub(lambda match: match[1] or "", text)
    try:
        said = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return Facts()  # a compiler would refuse it: nothing is known of its names
    options = said.get("compilerOptions") if isinstance(said, Mapping) else None
    return Facts(aliases=tuple(_aliases(options))) if isinstance(options, Mapping) else Facts()


def _aliases(options: Mapping[str, Any]) -> Iterator[Alias]:
    base = options.get("baseUrl")
    paths = options.get("paths")
    for pattern, targets in paths.items() if isinstance(paths, Mapping) else ():
        for target in targets if isinstance(targets, list) else ():
            if isinstance(target, str):
                yield Alias(pattern, posixpath.normpath(posixpath.join(base if isinstance(base, str) else "", target)))
    if isinstance(base, str):
        yield Alias("*", posixpath.normpath(posixpath.join(base, "*")))
