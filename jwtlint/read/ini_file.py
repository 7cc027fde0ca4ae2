"""INI files of settings."""

from __future__ import annotations

import configparser
import re
from collections.abc import Iterator

from jwtlint.facts import Facts, Span
from jwtlint.read.documents import Lines, Place, Plain, facts, in_sections

_LINE = re.compile(r"^(?:\[(?P<section>[^\]\r\n]+)\]|(?P<option>[^\s#;\[][^:=\r\n]*?)[ \t]*[:=][^\r\n]*)", re.MULTILINE)


def parse(data: bytes) -> Facts:
    """The facts of an INI file; a value with an interpolation in it is unknown.

    Raises:
        ValueError: it is none.
    """
    text = in_sections(data)
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(text)
    except configparser.MissingSectionHeaderError as error:
        raise ValueError(f"not valid INI: no section before line {error.lineno}") from None
    except configparser.ParsingError as error:
        raise ValueError(f"not valid INI in line {error.errors[0][0] if error.errors else 1}") from None
    except configparser.Error as error:
        raise ValueError(f"not valid INI: {type(error).__name__}") from None
    document = {
        name: {option: _known(value) for option, value in parser.items(name)}
        for name in (*parser.sections(), "DEFAULT")
    }
    return facts(text, Plain(dict(_places(text, list(document)))).term(document))


def _known(value: str | None) -> object:
    return ... if value and re.search(r"%\(|\$\{", value) else value


def _places(text: str, sections: list[str]) -> Iterator[tuple[Place, Span]]:
    """Where sections and options stand; an option of `DEFAULT` is one of every section that has not its own."""
    lines = Lines(text)
    section = ""
    common: dict[str, Span] = {}
    own: dict[Place, Span] = {}
    for match in _LINE.finditer(text):
        at = lines.span(match.start(), match.start() + len(match[0].rstrip()))
        if match["section"]:
            section = match["section"]
            own[section,] = at
        elif section == configparser.DEFAULTSECT:
            common[match["option"].lower()] = at
        own[section, (match["option"] or "").lower()] = at
    yield from (((name, option), at) for option, at in common.items() for name in sections)
    yield from own.items()
