"""SARIF 2.1.0: sarif-om's objects, written by a walker of our own.

The serialiser that goes with sarif-om leaves out every field that equals its default, `level` among them, and so
changes what a reader shows.
"""

from __future__ import annotations

import json
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, TextIO
from urllib.parse import quote

import attr
import sarif_om as om

from jwtlint import __version__
from jwtlint.rule import HOME

if TYPE_CHECKING:
    from jwtlint.engine import Report
    from jwtlint.finding import Finding, Location, Step
    from jwtlint.rule import Rule

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_MAX_FLOWS = 10


def write(report: Report, out: TextIO, color: bool) -> None:
    """The report as one run; a clean one has an empty list of results, which closes old alerts."""
    del color
    log = om.SarifLog(runs=[_run(report)], version="2.1.0", schema_uri=_SCHEMA)
    json.dump(plain(log), out, indent=2)
    out.write("\n")


def _run(report: Report) -> om.Run:
    indexes = {rule.slug: index for index, rule in enumerate(report.rules)}
    driver = om.ToolComponent(
        name="jwtlint",
        semantic_version=__version__,
        information_uri=HOME,
        rules=[_descriptor(rule) for rule in report.rules],
    )
    notifications = [
        om.Notification(
            message=om.Message(text=f"{problem.path}: {problem.message}"),
            level="error" if problem.fatal else "note",
            locations=[om.Location(physical_location=om.PhysicalLocation(artifact_location=_artifact(problem.path)))],
        )
        for problem in report.problems
    ]
    return om.Run(
        tool=om.Tool(driver=driver),
        results=[_result(report, finding, indexes[finding.rule]) for finding in report.findings],
        invocations=[om.Invocation(execution_successful=True, tool_execution_notifications=notifications)],
        column_kind="unicodeCodePoints",
        automation_details=om.RunAutomationDetails(id="jwtlint/"),
        original_uri_base_ids={"%SRCROOT%": {"description": {"text": "The root of the project."}}},
    )


def _descriptor(rule: Rule) -> om.ReportingDescriptor:
    page = rule.page
    return om.ReportingDescriptor(
        id=rule.slug,
        name="".join(word.capitalize() for word in rule.slug.split("-")),
        short_description=om.MultiformatMessageString(text=f"{page.summary[:1].upper()}{page.summary[1:]}."),
        full_description=om.MultiformatMessageString(text=page.why[:1024]),
        help=om.MultiformatMessageString(text=page.text, markdown=page.text),
        help_uri=rule.url,
        default_configuration=om.ReportingConfiguration(level=page.level),
        properties={
            "tags": ["security", *(f"external/cwe/cwe-{number:03}" for number in page.cwe)],
            "precision": page.precision,
            "security-severity": str(page.security_severity),
        },
    )


def _result(report: Report, finding: Finding, index: int) -> om.Result:
    flows = [flow for flow in finding.flows if flow][:_MAX_FLOWS]
    return om.Result(
        rule_id=finding.rule,
        rule_index=index,
        level=finding.level,
        message=om.Message(text=finding.message),
        locations=[_location(finding.at)],
        code_flows=[_flow(flow) for flow in flows] or None,
        partial_fingerprints={"jwtlint/v1": _fingerprint(report, finding)},
    )


def _flow(steps: tuple[Step, ...]) -> om.CodeFlow:
    locations = [om.ThreadFlowLocation(location=_location(step.at, step.note)) for step in steps]
    return om.CodeFlow(thread_flows=[om.ThreadFlow(locations=locations)])


def _location(at: Location, note: str = "") -> om.Location:
    span = at.span
    region = om.Region(
        start_line=span.line, start_column=span.column, end_line=span.end_line, end_column=span.end_column
    )
    physical = om.PhysicalLocation(artifact_location=_artifact(at.path), region=region)
    return om.Location(physical_location=physical, message=om.Message(text=note) if note else None)


def _artifact(path: str) -> om.ArtifactLocation:
    return om.ArtifactLocation(uri=quote(path), uri_base_id="%SRCROOT%")


def _fingerprint(report: Report, finding: Finding) -> str:
    """A hash of rule, path and the blamed line's text, so that lines above may come and go."""
    lines = report.workspace.lines(finding.at.path)
    number = finding.at.span.line
    text = "".join(lines[number - 1].split()) if number <= len(lines) else ""
    return blake2b("\0".join((finding.rule, finding.at.path, text)).encode(), digest_size=16).hexdigest()


@cache
def _plan(kind: Any) -> tuple[tuple[str, str, Any], ...]:
    """Of each field: its name, its name in SARIF, its default."""
    return tuple((f.name, f.metadata["schema_property_name"], f.default) for f in attr.fields(kind))


def plain(node: Any) -> Any:
    """A sarif-om object as JSON has it: what equals its default is left out, `level` never."""
    if attr.has(type(node)):
        given = ((key, getattr(node, name), default) for name, key, default in _plan(node.__class__))
        return {
            key: plain(value)
            for key, value, default in given
            if value is not None and (key == "level" or value != default)
        }
    if isinstance(node, dict):
        return {key: plain(value) for key, value in node.items()}
    return [plain(item) for item in node] if isinstance(node, list) else node
