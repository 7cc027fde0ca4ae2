"""The terminal: each finding with its source line, the way of the value, and the remedy."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from jwtlint.engine import Report
    from jwtlint.finding import Finding, Location

_COLORS = {"error": "red", "warning": "yellow", "note": "cyan"}
_WIDTH = 120


def write(report: Report, out: TextIO, color: bool) -> None:
    """Every finding as a frame, then what was looked at."""
    found = {finding.rule for finding in report.findings}
    remedies = {rule.slug: rule.page.remedy for rule in report.rules if rule.slug in found}
    secrets = [finding.secret for finding in report.findings if len(finding.secret) > 2]
    for finding in report.findings:
        frame = _frame(report, finding, remedies.get(finding.rule, ""), color)
        for secret in secrets:
            frame = frame.replace(secret, "***")
        out.write(frame + "\n")
    out.write(summary(report, color))


def _frame(report: Report, finding: Finding, remedy: str, color: bool) -> str:
    title = _style(f"{finding.level}[{finding.rule}]", color, fg=_COLORS[finding.level], bold=True)
    lines = [f"{title} {_style(finding.message, color, bold=True)}"]
    lines += _excerpt(report, finding.at, color, caret=True)
    if len(finding.steps) > 1:
        lines.append(_style("   = the way of the value:", color, fg="blue"))
        for number, step in enumerate(finding.steps, 1):
            lines.append(f"     {number}. {step.at}  {step.note}")
            lines.append(f"          {_line(report, step.at).strip()[:_WIDTH]}")
    if len(finding.flows) > 1:
        lines.append(f"     and {len(finding.flows) - 1} more ways here")
    lines += textwrap.wrap(remedy, 100, initial_indent="   = help: ", subsequent_indent="           ")
    lines.append(f"   = docs: jwtlint explain {finding.rule}")
    return "\n".join(lines) + "\n"


def _excerpt(report: Report, at: Location, color: bool, *, caret: bool) -> list[str]:
    line = _line(report, at).replace("\t", " ")
    span = at.span
    start = span.column - 1
    end = span.end_column - 1 if span.end_line == span.line else len(line.rstrip())
    number = str(span.line)
    margin = " " * len(number)
    mark = " " * start + _style("^" * max(1, end - start), color, fg="red", bold=True)
    found = [f"{margin} --> {at}:{span.column}", f"{number} | {line}"]
    return [*found, f"{margin} | {mark}"] if caret else found


def _line(report: Report, at: Location) -> str:
    lines = report.workspace.lines(at.path)
    return lines[at.span.line - 1] if at.span.line <= len(lines) else ""


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
