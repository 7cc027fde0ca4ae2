"""Files that say which versions a project asks for: each distribution is a pin."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from jwtlint.facts import Facts, Pin, Span
from jwtlint.read.ignores import of_lines

# Poetry and uv write their locks in this form; tomllib takes half a second over a large one.
_LOCKED = re.compile(r"^\[\[package\]\]\s*\n((?:[^\[\n].*\n?)*)", re.MULTILINE)
_NAMED = re.compile(r'^name = "([^"]+)"', re.MULTILINE)
_VERSION = re.compile(r'^version = "([^"]+)"', re.MULTILINE)  # before the name or after it: Poetry 0.12 sorted the keys
_TOML = re.compile(r"^\[(project|tool\.|packages|dependency-groups|build-system)", re.MULTILINE)
_HASH = re.compile(r"\s(--hash|#|;).*|\s*\\$")


def parse(data: bytes) -> Facts:
    """The facts of requirements, a `setup.cfg`, a `pyproject.toml` or `Pipfile`, or a lock file of pip's, Poetry's or uv's.

    Raises:
        ValueError: JSON or TOML that is neither.
    """
    text = data.decode("utf-8-sig", errors="replace")
    if "[[package]]" in text:
        locked = tuple(_locked(text))
        if not locked:
            raise ValueError("a lock file without packages")
        return Facts(pins=locked)
    if text.lstrip().startswith("{"):
        found = _of_pipfile_lock(json.loads(text))
    elif _TOML.search(text):
        found = _of_toml(tomllib.loads(text))
    else:
        found = iter(text.splitlines())
    lines = text.lower().splitlines()
    requirements = (_requirement(line) for line in found)
    pins = tuple(dict.fromkeys(_pin(item, lines) for item in requirements if item))
    return Facts(pins=pins, ignores=of_lines(text))


def _locked(text: str) -> Iterator[Pin]:
    line, end = 1, 0
    for match in _LOCKED.finditer(text):
        name, version = _NAMED.search(match[1]), _VERSION.search(match[1])
        if name and version:
            start = match.start(1) + version.start()
            line, end = line + text.count("\n", end, start), start
            yield Pin(canonicalize_name(name[1]), f"=={version[1]}", Span(line, 1, line, len(version[0]) + 1))


def _of_pipfile_lock(document: Mapping[str, Any]) -> Iterator[str]:
    for name, entry in document.get("default", {}).items():
        if isinstance(entry, dict):
            yield f"{name}{entry.get('version', '')}"


def _of_toml(document: Mapping[str, Any]) -> Iterator[str]:
    project = document.get("project", {})
    yield from project.get("dependencies", ())
    for group in (*project.get("optional-dependencies", {}).values(), *document.get("dependency-groups", {}).values()):
        yield from (item for item in group if isinstance(item, str))
    poetry = document.get("tool", {}).get("poetry", {})
    groups = (group.get("dependencies", {}) for group in poetry.get("group", {}).values())
    for table in (poetry.get("dependencies", {}), *groups, document.get("packages", {})):
        for name, entry in table.items():
            asked = entry.get("version", "") if isinstance(entry, dict) else entry
            if isinstance(asked, str):
                yield f"{name}{specifier(asked)}"


def specifier(asked: str) -> str:
    """Poetry's constraint in the form of PEP 440: `^1.2` is `>=1.2,<2`, `~1.2` is `>=1.2,<1.3`, a bare version itself."""
    match = re.fullmatch(r"([\^~]?)\s*v?(\d+(?:\.\d+)*)(.*)", asked.strip())
    if not match:
        return "" if asked.strip() == "*" else asked
    mark, version, rest = match.groups()
    numbers = [int(part) for part in version.split(".")]
    if not mark:
        return f"=={version}{rest}"
    first = next((index for index, number in enumerate(numbers) if number), len(numbers) - 1)
    kept = numbers[: first + 1] if mark == "^" else numbers[:2]
    upper = ".".join(str(number) for number in [*kept[:-1], kept[-1] + 1])
    return f">={version}{rest},<{upper}"


def _requirement(line: str) -> Requirement | None:
    try:
        return Requirement(_HASH.sub("", line.strip()))
    except InvalidRequirement:
        return None


def _pin(requirement: Requirement, lines: list[str]) -> Pin:
    name = canonicalize_name(requirement.name)
    spellings = (requirement.name.lower(), name, name.replace("-", "_"))
    number = next((index for index, line in enumerate(lines, 1) if any(word in line for word in spellings)), 1)
    width = len(lines[number - 1]) if lines else 0
    return Pin(name, str(requirement.specifier), Span(number, 1, number, width + 1))
