"""Files of properties: a name and a value on each line. They are read as settings and as environment files."""

from __future__ import annotations

import re

from jwtlint.facts import Constant, Entries, Entry, Facts, Variable
from jwtlint.read import ini_file
from jwtlint.read.documents import MAX_NODES, Lines, decoded, facts
from jwtlint.read.substitution import substituted

_SECTION = re.compile(r"^\[[^\]\r\n]+\]", re.MULTILINE)
_LINE = re.compile(
    r"^[ \t\f]*(?P<name>[^\s#!:=\[][^\s:=]*)[ \t]*(?:[:=][ \t]*)?(?P<value>(?:\\\r?\n|[^\r\n])*)", re.MULTILINE
)
_CONTINUED = re.compile(r"\\\r?\n[ \t]*")


def parse(data: bytes) -> Facts:
    """The facts of a file of properties; one with sections is an INI file.

    The form is that of https://docs.oracle.com/javase/8/docs/api/java/util/Properties.html#load-java.io.Reader-, but for its escapes of letters.

    Raises:
        ValueError: it is none.
    """
    text = decoded(data)
    if _SECTION.search(text):
        return ini_file.parse(data)
    lines = Lines(text)
    entries, variables = [], []
    for found in list(_LINE.finditer(text))[:MAX_NODES]:
        at = lines.span(found.start("name"), found.start() + len(found[0].rstrip()))
        value = _CONTINUED.sub("", found["value"]).rstrip()
        entries.append(Entry(Constant(found["name"]), Constant(value), at))
        variables.append(Variable(found["name"], substituted(value, bare=False), at))
    whole = facts(text, Entries(tuple(entries)))
    return Facts(bindings=whole.bindings, variables=tuple(variables), ignores=whole.ignores)
