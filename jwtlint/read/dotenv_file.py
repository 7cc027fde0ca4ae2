"""Environment files."""

from __future__ import annotations

import io

from dotenv.parser import parse_stream

from jwtlint.facts import Facts, Span, Variable
from jwtlint.read.ignores import of_lines
from jwtlint.read.substitution import substituted


def parse(data: bytes) -> Facts:
    """The facts of a `.env` file; lines that are no setting are passed over, as its readers do."""
    text = data.decode("utf-8-sig", errors="replace")
    variables = []
    for found in parse_stream(io.StringIO(text)):
        if found.key is None or found.error or found.value is None:
            continue
        whole = found.original.string
        leading = whole[: len(whole) - len(whole.lstrip())]
        start, column = found.original.line + leading.count("\n"), len(leading) - leading.rfind("\n")
        *above, last = whole.strip().split("\n")
        span = Span(start, column, start + len(above), len(last) + (1 if above else column))
        variables.append(Variable(found.key, substituted(found.value, bare=False), span))
    return Facts(variables=tuple(variables), ignores=of_lines(text))
