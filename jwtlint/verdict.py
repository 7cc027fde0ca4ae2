"""Which findings are shown, and at what level: paths, roles of files, and comments in the code have their say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from jwtlint.finding import LEVELS, Finding
from jwtlint.randomness import is_random

if TYPE_CHECKING:
    from jwtlint.facts import Facts
    from jwtlint.files import Source, Workspace


def shown(findings: Iterable[Finding], workspace: Workspace, facts: Mapping[Source, Facts]) -> list[Finding]:
    """The findings of the given paths that no comment sets aside; tests and docs only on demand."""
    ignored = {
        (source.path, ignore.line, rule)
        for source, said in facts.items()
        for ignore in said.ignores
        for rule in ignore.rules
    }
    weighed = (_weighed(finding, workspace) for finding in findings)
    return [finding for finding in weighed if finding and not _is_ignored(finding, ignored)]


def _weighed(finding: Finding, workspace: Workspace) -> Finding | None:
    """The finding, one level lower in an example; None where it is not to be shown, as of a sample without a real key."""
    role = workspace.role(finding.at.path)
    shown = workspace.counts(finding.at.path) or role == "sample" and is_random(finding.secret)
    if finding.at.path not in workspace.reported or not shown:
        return None
    if role == "example":
        return replace(finding, level=LEVELS[max(0, LEVELS.index(finding.level) - 1)])
    return finding


def _is_ignored(finding: Finding, ignored: set[tuple[str, int, str]]) -> bool:
    """Whether a comment on a line of the finding, or on the line above, names its rule."""
    span = finding.at.span
    return any((finding.at.path, line, finding.rule) in ignored for line in range(span.line - 1, span.end_line + 1))
