"""One run on one screen: read what matters, ask every rule, and read further wherever an answer leads."""

from __future__ import annotations

import gc
import posixpath
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from jwtlint import verdict
from jwtlint.finding import Finding, merge
from jwtlint.paths import ON_DEMAND, PROGRAMS, SETTINGS
from jwtlint.problems import Problem, unfollowed, unreadable
from jwtlint.words import words

if TYPE_CHECKING:
    from jwtlint.facts import Facts
    from jwtlint.files import Source, Workspace
    from jwtlint.options import Use
    from jwtlint.project import Project
    from jwtlint.project.scripts import Scripts
    from jwtlint.rule import Rule

Answer = TypeVar("Answer")

MAX_ROUNDS = 12
MAX_FILES = 400  # of one program; what is further from its tokens than these is not known
COLLECTION = 100_000  # objects made between two searches for garbage
RECURSION = 5_000  # frames of Python that values within values may need


@dataclass(frozen=True, slots=True)
class Report:
    """What a run found, and what it looked at.

    Args:
        secrets: texts that no output may show, whichever rules ran.
        seconds: wall time.
    """

    workspace: Workspace
    rules: tuple[Rule, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    secrets: frozenset[str]
    files_read: int
    files_present: int
    seconds: float

    def redacted(self, path: str, line: str, start: int = 0, end: int | None = None) -> str:
        """A part of a line of the scanned code without its secrets: nothing of it is shown in any other way."""
        from jwtlint.paths import kind
        from jwtlint.redaction import hidden, spellings, without

        written = {text for secret in self.secrets for text in spellings(secret)}
        spans = hidden(line, written, kind(path))
        return without(line, spans, start, len(line) if end is None else end)


def check(workspace: Workspace, rules: Sequence[Rule], use: Use = "") -> Report:
    """Read what matters, ask every rule, and read further wherever an answer leads."""
    with _seldom_collecting():
        return _checked(workspace, rules, use)


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Almost all that a run makes lives until its end, and looking through it for garbage takes up to a fifth of it."""
    before = gc.get_threshold()
    gc.set_threshold(COLLECTION, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _checked(workspace: Workspace, rules: Sequence[Rule], use: Use) -> Report:
    started = time.perf_counter()

    def ask(project: Project) -> tuple[list[Finding], frozenset[str], frozenset[str], frozenset[str]]:
        found = [finding for rule in rules for finding in rule.findings(project)]
        return found, project.secret_texts, frozenset(project.loaded), frozenset(project.wanted)

    findings: list[Finding] = []
    secrets: frozenset[str] = frozenset()
    loaded: frozenset[str] = frozenset()
    wanted: frozenset[str] = frozenset()
    facts: dict[Source, Facts] = {}
    for program in programs(workspace, facts, use) if workspace.mentioning(words()) else ():
        found, texts, opened, further = understand(program, facts, ask, use)
        findings, secrets, loaded, wanted = findings + found, secrets | texts, loaded | opened, wanted | further
    shown = verdict.shown(findings, workspace, facts)
    problems = (*workspace.problems, *unreadable(facts, loaded), *unfollowed(workspace, facts, wanted))
    seconds = time.perf_counter() - started
    present = sum(source.kind not in ON_DEMAND or source in facts for source in workspace.sources)
    return Report(workspace, tuple(rules), tuple(merge(shown)), problems, secrets, len(facts), present, seconds)


def programs(workspace: Workspace, facts: dict[Source, Facts], use: Use = "") -> tuple[Workspace, ...]:
    """The programs of a repository: parts that make and take tokens of users by themselves, and all that is left as one.

    Args:
        facts: what has been read of the repository; what is read to tell them apart is added.
    """
    from jwtlint import programs as parting

    parts = parting.programs(workspace)
    alone = [part for part in parts if understand(part, facts, lambda project: project.tokens.is_whole, use)]
    rest = parting.together(workspace, (part for part in parts if part not in alone))
    return (*alone, *((rest,) if rest else ())) or (workspace,)


def understand(
    workspace: Workspace, facts: dict[Source, Facts], ask: Callable[[Project], Answer], use: Use = ""
) -> Answer:
    """The answer to a question, asked again with more files read until it runs into no file that has not been.

    Args:
        facts: what has been read of the repository, also for other questions; what is read for this one is added.
    """
    sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION))
    project: Project | None = None
    wanted = workspace.mentioning(words()) | workspace.context
    for _ in range(MAX_ROUNDS):
        facts |= read(workspace, sorted(wanted - facts.keys()))
        project = link(workspace, {source: facts[source] for source in sorted(wanted)}, use, project)
        answer = ask(project)
        further = {source for source in workspace.sources if source.path in project.wanted} - wanted
        if not further or len(wanted | further) > MAX_FILES:
            break
        wanted |= further
    return answer


def read(workspace: Workspace, sources: Sequence[Source]) -> dict[Source, Facts]:
    """The facts of files."""
    from jwtlint.read.guards import read_all

    jobs = [(source.kind, workspace.content(source)) for source in sources]
    return dict(zip(sources, read_all(jobs), strict=True))


def link(workspace: Workspace, facts: dict[Source, Facts], use: Use = "", before: Project | None = None) -> Project:
    """The project that the facts read so far make; `before` is the one of fewer of them, whose indexes stay good."""
    from jwtlint.models import load
    from jwtlint.project import Project
    from jwtlint.project.names import Module, Modules

    known = before.modules if before else {}
    modules = {
        source.path: known.get(source.path) or Module(source.path, source.kind, said) for source, said in facts.items()
    }
    names = before.evaluator.names if before else Modules(*_importable(workspace, facts))
    pins = frozenset((pin.name, pin.specifier) for said in facts.values() for pin in said.pins)
    documents = [source.path for source in workspace.sources if source.kind in SETTINGS]
    return Project(
        modules, names, load(pins), workspace.naming, documents, workspace.has_browser, use, workspace.deploying
    )


def _importable(workspace: Workspace, facts: dict[Source, Facts]) -> tuple[frozenset[str], Scripts]:
    """The files that Python can import, and those that scripts can."""
    from jwtlint.project.scripts import Scripts

    python = frozenset(source.path for source in workspace.sources if source.kind == "python")
    others = frozenset(source.path for source in workspace.sources if source.kind in PROGRAMS | SETTINGS) - python
    aliases = {posixpath.dirname(source.path): said.aliases for source, said in facts.items() if said.aliases}
    return python, Scripts(others, aliases)
