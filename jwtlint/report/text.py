"""The terminal: each finding with its source line, the way of the value, and the remedy."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

import click

from jwtlint.paths import is_script, kind

if TYPE_CHECKING:
    from jwtlint.engine import Report
    from jwtlint.finding import Finding, Location
    from jwtlint.rule import Rule

_COLORS = {"error": "red", "warning": "yellow", "note": "cyan"}
_WIDTH = 120


def write(report: Report, out: TextIO, color: bool) -> None:
    """Every finding as a frame, then what was looked at."""
    rules = {rule.slug: rule for rule in report.rules}
    for finding in report.findings:
        out.write("\n".join(_frame(report, finding, rules[finding.rule], color)) + "\n\n")
    out.write(summary(report, color))


def _frame(report: Report, finding: Finding, rule: Rule, color: bool) -> Iterator[str]:
    title = _style(f"{finding.level}[{finding.rule}]", color, fg=_COLORS[finding.level], bold=True)
    yield f"{title} {_style(finding.message, color, bold=True)}"
    yield from _excerpt(report, finding.at, color)
    if len(finding.steps) > 1:
        yield _style("   = the way of the value:", color, fg="blue")
        for number, step in enumerate(finding.steps, 1):
            yield f"     {number}. {step.at}  {step.note}"
            yield f"          {report.redacted(step.at.path, _line(report, step.at)).strip()[:_WIDTH]}"
    if len(finding.flows) > 1:
        yield f"     and {len(finding.flows) - 1} more ways here"
    yield from textwrap.wrap(
        rule.page.remedy(_language(finding)), 100, initial_indent="   = help: ", subsequent_indent="           "
    )
    yield f"   = docs: {_link(f'jwtlint explain {finding.rule}', rule.url) if color else rule.url}"


def _language(finding: Finding) -> str:
    """The language whose remedy is told: the one that a value goes through, of which a file of settings says nothing."""
    paths = (finding.at.path, *(step.at.path for step in finding.steps))
    return "JavaScript" if any(is_script(kind(path) or "") for path in paths) else ""


def _excerpt(report: Report, at: Location, color: bool) -> Iterator[str]:
    """The source line without secrets, and carets below what the finding spans."""
    span = at.span
    line = _line(report, at).rstrip()
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    parts = ((0, span.column - 1), (span.column - 1, end), (end, len(line)))
    before, marked, after = (report.redacted(at.path, line, *part).replace("\t", " ") for part in parts)
    margin = " " * len(str(span.line))
    carets = _style("^" * max(1, _width(marked)), color, fg="red", bold=True)
    yield f"{margin} --> {at}:{span.column}"
    yield f"{span.line} | {before}{marked}{after}"
    yield f"{margin} | {' ' * _width(before)}{carets}"


def _width(text: str) -> int:
    """The columns that a terminal gives a text: two to a wide character, none to one that combines."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else not unicodedata.combining(char) for char in text)


def _line(report: Report, at: Location) -> str:
    lines = report.workspace.lines(at.path)
    return lines[at.span.line - 1] if at.span.line <= len(lines) else ""


def _link(text: str, url: str) -> str:
    """A text that terminals with hyperlinks (OSC 8) make clickable."""
    return f"\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\"


def summary(report: Report, color: bool) -> str:
    """What was found and what was looked at, in one line, after a line for each file that could not be read."""
    lines = [f"{_style('warning', color, fg='yellow')}: {item.path}: {item.message}" for item in report.problems]
    looked = f"read {report.files_read} of {report.files_present} files in {report.seconds:.2f} s"
    count = len(report.findings)
    if not count:
        lines.append(f"No findings; {looked}.")
    else:
        levels: list[str] = [finding.level for finding in report.findings]
        counted = ", ".join(
            f"{levels.count(level)} {level}{'' if levels.count(level) == 1 else 's'}" for level in _COLORS
        )
        lines.append(f"Found {count} finding{'' if count == 1 else 's'} ({counted}); {looked}.")
    return "\n".join(lines) + "\n"


def _style(text: str, color: bool, *, fg: str | None = None, bold: bool = False) -> str:
    return click.style(text, fg=fg, bold=bold) if color else text
