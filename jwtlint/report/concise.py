"""One line a finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from jwtlint.report.text import summary

if TYPE_CHECKING:
    from jwtlint.engine import Report


def write(report: Report, out: TextIO, color: bool) -> None:
    """`path:line:column: level[rule] message`, then the summary."""
    for finding in report.findings:
        span = finding.at.span
        out.write(f"{finding.at.path}:{span.line}:{span.column}: {finding.level}[{finding.rule}] {finding.message}\n")
    out.write(summary(report, color))
