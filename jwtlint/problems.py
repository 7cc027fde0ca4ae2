"""What a run could not look at: files that were skipped, that could not be read, or that were too many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jwtlint.facts import Facts
    from jwtlint.files import Source, Workspace


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that was not analysed: `fatal` where it should have been (exit code 3), else skipped by design."""

    path: str
    message: str
    fatal: bool


def unreadable(facts: dict[Source, Facts], loaded: frozenset[str] = frozenset()) -> tuple[Problem, ...]:
    """The files that could not be read: a template is left out by design, and settings that the program does not open are.

    Args:
        loaded: the files of settings that it opens.
    """

    from jwtlint.paths import SETTINGS

    def fatal(source: Source, said: Facts) -> bool:
        return not said.unfilled and (source.kind not in SETTINGS or source.path in loaded)

    return tuple(
        Problem(source.path, said.problem, fatal(source, said)) for source, said in facts.items() if said.problem
    )


def unfollowed(workspace: Workspace, facts: dict[Source, Facts], wanted: frozenset[str]) -> tuple[Problem, ...]:
    """That values led into further files than are read of one program, and how many; nothing where all were read."""
    count = sum(source.path in wanted and source not in facts for source in workspace.sources)
    message = f"values lead into {count} further file{'s' * (count != 1)}; not read, so what is there is not known"
    return (Problem(workspace.folder or ".", message, False),) if count else ()
