"""Environment files: each variable is a binding."""

from __future__ import annotations

import io

from dotenv.parser import parse_stream

from jwtlint.facts import Binding, Constant, Facts, Name, Span
from jwtlint.read.ignores import of_lines


def parse(data: bytes) -> Facts:
    """The facts of a `.env` file; lines that are no setting are passed over, as its readers do."""
    text = data.decode("utf-8-sig", errors="replace")
    bindings = []
    for point, found in enumerate(parse_stream(io.StringIO(text))):
        if found.key is None or found.error or found.value is None:
            continue
        leading = len(found.original.string) - len(found.original.string.lstrip())
        start = found.original.line + found.original.string[:leading].count("\n")
        written = found.original.string.strip().split("\n")
        span = Span(start, 1, start + len(written) - 1, len(written[-1]) + 1)
        bindings.append(Binding("", Name(found.key, point), Constant(found.value), None, span, point, ()))
    return Facts(bindings=tuple(bindings), ignores=of_lines(text))
