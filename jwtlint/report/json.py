"""A versioned JSON document."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from jwtlint.engine import Report
    from jwtlint.finding import Finding


def write(report: Report, out: TextIO, color: bool) -> None:
    """Findings, problems and a summary."""
    del color
    document = {
        "version": 1,
        "findings": [_finding(finding) for finding in report.findings],
        "problems": [{"path": item.path, "message": item.message, "fatal": item.fatal} for item in report.problems],
        "summary": {
            "findings": len(report.findings),
            "files_read": report.files_read,
            "files_present": report.files_present,
            "seconds": round(report.seconds, 3),
        },
    }
    json.dump(document, out, indent=2)
    out.write("\n")


def _finding(finding: Finding) -> dict[str, Any]:
    span = finding.at.span
    return {
        "rule": finding.rule,
        "level": finding.level,
        "message": finding.message,
        "path": finding.at.path,
        **span._asdict(),
        "steps": [{"path": step.at.path, "line": step.at.span.line, "note": step.note} for step in finding.steps],
    }
