"""Files that say which npm packages a project asks for: `package.json`, and the locks of npm, Yarn and pnpm.

Locks are searched and not parsed: one of a thousand packages is megabytes of YAML.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from jwtlint.facts import Facts, Pin, Span
from jwtlint.read.pins import specifier
from jwtlint.survey import SCRIPT

_NAME = r"(?:@[\w.~-]+/)?[\w.~-]+"
# `"node_modules/x": {` of versions 2 and 3, `"x": {` of version 1; what lies deeper is another package's own.
_NPM = re.compile(rf'^(?: {{4}}|\t\t)"(?:node_modules/)?({_NAME})": \{{\s*"version": "([^"]+)"', re.MULTILINE)
_KEY = re.compile(rf'"({_NAME})"\s*:')
_YARN = re.compile(rf'^(")?({_NAME})@([^\n]*?):\n  version:? "?([^"\n]+)', re.MULTILINE)
_YARN_ASKED = re.compile(rf'^    "?({_NAME})"?:? "?(?:npm:)?([^"\n]+)', re.MULTILINE)
# What the project's own packages ask for stands under `importers`, or at the outermost level where there is one alone.
_PNPM = re.compile(rf"^ +'?({_NAME})'?:\s+specifier: [^\n]+\n +version: ([\d.]+[\w.-]*)", re.MULTILINE)
_PNPM_OLD = re.compile(rf"^(?:  |      )'?({_NAME})'?: ([\d.]+[\w.-]*)(?:[_(].*)?$", re.MULTILINE)
_OWN = ("dependencies", "devDependencies", "optionalDependencies")


def parse(data: bytes) -> Facts:
    """The facts of a `package.json`, a `package-lock.json`, a `yarn.lock` or a `pnpm-lock.yaml`.

    Raises:
        ValueError: JSON that is none.
    """
    text = data.decode("utf-8-sig", errors="replace")
    if text.lstrip().startswith("{"):
        found = _locked(text, _NPM) if '"lockfileVersion"' in text else _asked(text)
    elif "lockfileVersion" in text[:400]:
        own = text.partition("\npackages:")[0]
        found = _locked(own, _PNPM) if " specifier:" in own else _locked(own, _PNPM_OLD)
    else:
        found = _of_yarn(text)
    return Facts(pins=tuple(dict.fromkeys(found)))


def _asked(text: str) -> Iterator[Pin]:
    """What a person asks for."""
    document, lines = json.loads(text), text.split("\n")
    places: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        for name in _KEY.findall(line):
            places.setdefault(name, number)
    for table in (document.get(key) for key in _OWN if isinstance(document, dict)):
        for name, asked in table.items() if isinstance(table, dict) else ():
            number = places.get(name, 1)
            span = Span(number, 1, number, len(lines[number - 1]) + 1)
            yield Pin(f"{SCRIPT}{name}", range_of(str(asked)), span)


def _locked(text: str, form: re.Pattern[str]) -> Iterator[Pin]:
    """Every package that a lock names with its version."""
    line, end = 1, 0
    for match in form.finditer(text):
        line, end = line + text.count("\n", end, match.start(2)), match.start(2)
        yield from _pin(match[1], match[2], line)


def _of_yarn(text: str) -> Iterator[Pin]:
    """What Yarn has locked; of a package in several versions those that no other package asks for."""
    others = {(name, asked.strip()) for name, asked in _YARN_ASKED.findall(text)}
    found: dict[str, list[tuple[bool, Pin]]] = defaultdict(list)
    line, end = 1, 0
    for match in _YARN.finditer(text):
        line, end = line + text.count("\n", end, match.start(4)), match.start(4)
        ranges = [item.rpartition("@")[2].strip('" ').removeprefix("npm:") for item in f"@{match[3]}".split(", ")]
        own = any((match[2], asked) not in others for asked in ranges)
        found[match[2]] += [(own, pin) for pin in _pin(match[2], match[4], line)]
    for pins in found.values():
        yield from [pin for own, pin in pins if own] or [pin for _, pin in pins]


def _pin(name: str, version: str, line: int) -> Iterator[Pin]:
    exact = range_of(version)
    if exact.startswith("=="):
        yield Pin(f"{SCRIPT}{name}", exact, Span(line, 1, line, 1))


def range_of(asked: str) -> str:
    """npm's range in the form of PEP 440: `^8.5.1` is `>=8.5.1,<9`, `1.x` is `==1.*`; empty where it allows any, several
    ranges, or what is no version (a tag, an address, a package of the workspace).
    """
    asked = asked.strip().removeprefix("workspace:").removeprefix("=").removeprefix("v")
    between = re.fullmatch(r"([\d.]+)\s+-\s+([\d.]+)", asked)
    if between:
        return f">={between[1]},<={between[2]}"
    parts = [_bound(part) for part in re.sub(r"([<>=~^])\s+", r"\1", asked).split()] if "||" not in asked else []
    try:
        return str(SpecifierSet(",".join(parts)))
    except InvalidSpecifier:
        return ""


def _bound(asked: str) -> str:
    """One comparison of a range; a version that leaves parts open allows all that begin so."""
    whole = re.fullmatch(r"v?(\d+(?:\.\d+){0,1})(?:\.[xX*]){0,2}", asked)
    if whole:
        return f"=={whole[1]}.*"
    return specifier(re.sub(r"(?:\.[xX*])+$", "", asked)) if asked not in ("", "*", "x", "latest") else ""
