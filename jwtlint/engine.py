"""One run on one screen: read what matters, ask every rule, and read further wherever an answer leads."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jwtlint.finding import Finding, merge
from jwtlint.models import words

if TYPE_CHECKING:
    from jwtlint.facts import Facts
    from jwtlint.files import Source, Workspace
    from jwtlint.project import Project
    from jwtlint.rule import Rule

MAX_ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that was not analysed: `fatal` where it should have been (exit code 3), else skipped by design."""

    path: str
    message: str
    fatal: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What a run found, and what it looked at. `seconds` is wall time."""

    workspace: Workspace
    rules: tuple[Rule, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    files_read: int
    files_present: int
    seconds: float


RECURSION = 5_000  # frames of Python that values within values may need


def check(workspace: Workspace, rules: Sequence[Rule], include_tests: bool = False) -> Report:
    """Read what matters, ask every rule, and read further wherever an answer leads."""
    sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION))
    started = time.perf_counter()
    facts: dict[Source, Facts] = {}
    findings: list[Finding] = []
    wanted = workspace.mentioning(words())
    for _ in range(MAX_ROUNDS):
        unread = sorted(wanted - facts.keys())
        if not unread:
            break
        facts |= read(workspace, unread)
        project = link(workspace, facts)
        findings = [finding for rule in rules for finding in rule.findings(project)]
        wanted = {source for source in workspace.sources if source.path in project.wanted}
    shown = suppress(weigh(findings, workspace, include_tests), facts)
    problems = (*workspace.problems, *unreadable(facts))
    seconds = time.perf_counter() - started
    return Report(workspace, tuple(rules), tuple(merge(shown)), problems, len(facts), len(workspace.sources), seconds)


def read(workspace: Workspace, sources: Sequence[Source]) -> dict[Source, Facts]:
    """The facts of files."""
    from jwtlint.read.guards import read_all

    jobs = [(source.kind, workspace.content(source)) for source in sources]
    return dict(zip(sources, read_all(jobs), strict=True))


def link(workspace: Workspace, facts: dict[Source, Facts]) -> Project:
    """The project that the facts read so far make."""
    from jwtlint.models import load
    from jwtlint.project import Project
    from jwtlint.project.names import Module

    modules = {source.path: Module(source.path, source.kind, said) for source, said in facts.items()}
    paths = [source.path for source in workspace.sources if source.kind == "python"]
    return Project(modules, paths, load(), lambda word: {item.path for item in workspace.mentioning([word])})


def weigh(findings: Iterable[Finding], workspace: Workspace, include_tests: bool) -> list[Finding]:
    """The findings that are to be shown: those of the given paths, examples one level lower, tests only on demand."""
    from dataclasses import replace

    from jwtlint.finding import LEVELS

    shown = []
    for finding in findings:
        role = workspace.role(finding.at.path)
        if finding.at.path not in workspace.reported or (role in ("test", "docs", "sample") and not include_tests):
            continue
        if role == "example":
            finding = replace(finding, level=LEVELS[max(0, LEVELS.index(finding.level) - 1)])
        shown.append(finding)
    return shown


def suppress(findings: Iterable[Finding], facts: dict[Source, Facts]) -> list[Finding]:
    """The findings that no comment in the code sets aside, on a line of theirs or the line above."""
    ignored = {
        (source.path, ignore.line, rule)
        for source, said in facts.items()
        for ignore in said.ignores
        for rule in ignore.rules
    }

    def is_ignored(finding: Finding) -> bool:
        span = finding.at.span
        lines = range(span.line - 1, span.end_line + 1)
        return any((finding.at.path, line, finding.rule) in ignored for line in lines)

    return [finding for finding in findings if not is_ignored(finding)]


def unreadable(facts: dict[Source, Facts]) -> tuple[Problem, ...]:
    """The files that should have been read and could not be."""
    return tuple(Problem(source.path, said.problem, True) for source, said in facts.items() if said.problem)
