"""Options: `[tool.jwtlint]` or `jwtlint.toml`, and the command line over it, as one frozen value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

Format = Literal["full", "concise", "json", "sarif"]
Threshold = Literal["error", "warning", "note", "never"]
Use = Literal["", "web", "api", "service", "resource-server", "high-security"]
FORMATS: tuple[Format, ...] = ("full", "concise", "json", "sarif")
THRESHOLDS: tuple[Threshold, ...] = ("error", "warning", "note", "never")


class Misuse(Exception):
    """Something that only the user can mend; its text is one line with the place and the mend. Exit code 2."""


class Options(msgspec.Struct, frozen=True, rename="kebab"):
    """How to check.

    Args:
        select, ignore: rules and families to keep and to leave out.
        output_file: further outputs, each `FORMAT:PATH`.
        fail_on: the lowest level that makes the exit code 1.
        exit_zero: whether findings leave the exit code at 0.
        allow_unparsable: whether files that cannot be read leave it alone, too.
        profile: the name of the policy in force.
        use: what the application is; empty leaves it to what it does.
        rules: option tables by rule, with values as written.
        origin: the file that they came from; empty for none.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    output_format: Format = "full"
    output_file: tuple[str, ...] = ()
    fail_on: Threshold = "error"
    exit_zero: bool = False
    allow_unparsable: bool = False
    include_tests: bool = False
    profile: str = "owasp"
    use: Use = ""
    rules: dict[str, dict[str, Any]] = {}
    origin: str = ""


_KEYS = frozenset(Options.__struct_encode_fields__) - {"rules", "origin"}


def configured(paths: tuple[Path, ...], config: Path | None = None, *, isolated: bool = False) -> Options:
    """The options that a configuration file sets.

    Args:
        paths: what is checked; the file is the nearest above the first of them.
        config: the file to take instead.
        isolated: take no file at all.

    Raises:
        Misuse: the file is missing, cannot be read, or says something that jwtlint does not know.
    """
    if config is not None:
        return parse(_table(config, required=True), str(config))
    if isolated or not paths:
        return Options()
    for file in _candidates(paths[0].resolve()):
        table = _table(file, required=False)
        if table is not None:
            return parse(table, str(file))
    return Options()


def overridden(options: Options, flags: Mapping[str, Any]) -> Options:
    """The options with those of the command line that were given (neither None, False nor empty) over them."""
    return msgspec.structs.replace(options, **{name: value for name, value in flags.items() if value})


def parse(table: Mapping[str, Any] | None, origin: str) -> Options:
    """The options that a table says.

    Args:
        table: `[tool.jwtlint]`; a table within it is a rule's.
        origin: the file's name, for messages.

    Raises:
        Misuse: a key is unknown or a value is of a wrong type.
    """
    plain: dict[str, Any] = {}
    rules: dict[str, Any] = {}
    for key, value in (table or {}).items():
        if key in _KEYS:
            plain[key] = value
        elif isinstance(value, dict):
            rules[key] = value
        else:
            raise Misuse(f"{origin}: unknown option {key!r}{_near(key)}")
    try:
        return msgspec.convert({**plain, "rules": rules, "origin": origin}, Options)
    except msgspec.ValidationError as error:
        raise Misuse(f"{origin}: {_told(str(error))}") from error


def _candidates(start: Path) -> list[Path]:
    """The files that may hold options, nearest first, up to the root of the version control."""
    found: list[Path] = []
    for folder in (start, *start.parents):
        found += [folder / "jwtlint.toml", folder / "pyproject.toml"]
        if (folder / ".git").exists():
            break
    return [file for file in found if file.is_file()]


def _table(file: Path, *, required: bool) -> Mapping[str, Any] | None:
    """jwtlint's table of a file; None where a `pyproject.toml` has none."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise Misuse(f"{file}: cannot be read: {reason}") from error
    is_project = file.name == "pyproject.toml"
    if is_project and not required and "jwtlint" not in text:
        return None
    import tomllib

    try:
        loaded = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Misuse(f"{file}: not valid TOML: {error}") from error
    if not is_project:
        return loaded
    tool = loaded.get("tool", {})
    table = tool.get("jwtlint") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise Misuse(f"{file}: tool.jwtlint must be a table")
    return table


def _near(key: str) -> str:
    import difflib

    near = difflib.get_close_matches(key.replace("_", "-"), sorted(_KEYS), n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; choose from {', '.join(sorted(_KEYS))}"


def _told(text: str) -> str:
    """msgspec's message in the words of the file, with the choices where there are some."""
    match = re.fullmatch(r"(.*) - at `\$\.?(.*)`", text)
    if not match:
        return text
    reason, place = match.groups()
    choices = {"output-format": FORMATS, "fail-on": THRESHOLDS}.get(place)
    return f"{place}: {reason}" + (f"; choose from {', '.join(choices)}" if choices else "")
