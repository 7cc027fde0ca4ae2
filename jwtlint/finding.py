"""What is reported: locations, steps, findings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from jwtlint.facts import Span

Level = Literal["error", "warning", "note"]
Precision = Literal["very-high", "high", "medium", "low"]
LEVELS: tuple[Level, ...] = ("note", "warning", "error")


class Location(NamedTuple):
    """A place in the project; `path` is relative to the project's root, with forward slashes."""

    path: str
    span: Span

    def __str__(self) -> str:
        return f"{self.path}:{self.span.line}"


class Step(NamedTuple):
    """One stage of the way a value took."""

    at: Location
    note: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, at the place a person would edit.

    Args:
        message: what is wrong, what it allows and what to do, without any secret's value (see `redact`).
        at: the place to edit.
        steps: the way of the value, first step first.
        lower: levels to go below the page's level.
        secret: a value that no output may show; it is cut out of the message and the notes.
        rule, level, precision: stamped by the engine from the rule's page.
        flows: further ways to the same place, added when findings are merged.
    """

    message: str
    at: Location
    steps: tuple[Step, ...] = ()
    lower: int = 0
    secret: str = ""
    rule: str = ""
    level: Level = "warning"
    precision: Precision = "medium"
    flows: tuple[tuple[Step, ...], ...] = ()

    def redacted(self, text: str) -> str:
        """`text` without the secret."""
        return text.replace(self.secret, "***") if len(self.secret) > 2 else text

    def stamped(self, rule: str, level: Level, precision: Precision) -> Finding:
        """This finding as the rule's own, its level lowered as far as the rule asked."""
        index = max(0, LEVELS.index(level) - self.lower)
        return replace(
            self,
            rule=rule,
            level=LEVELS[index],
            precision=precision,
            message=self.redacted(self.message),
            steps=tuple(Step(step.at, self.redacted(step.note)) for step in self.steps),
        )


def merge(findings: list[Finding]) -> list[Finding]:
    """One finding a rule and place, its several ways kept as flows, in order of path, line and rule."""
    merged: dict[tuple[str, Location], Finding] = {}
    for finding in findings:
        key = (finding.rule, finding.at)
        known = merged.get(key)
        if known is None:
            merged[key] = replace(finding, flows=(finding.steps,) if finding.steps else ())
            continue
        strongest = max(known, finding, key=lambda item: LEVELS.index(item.level))
        flows = known.flows if finding.steps in known.flows or not finding.steps else (*known.flows, finding.steps)
        merged[key] = replace(strongest, flows=flows, steps=flows[0] if flows else ())
    return sorted(merged.values(), key=lambda item: (item.at, item.rule))
