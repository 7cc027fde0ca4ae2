"""Rules: found in the package `jwtlint.rules`, never registered."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jwtlint.finding import Finding
from jwtlint.page import Page, parse

if TYPE_CHECKING:
    from jwtlint.project import Project


class RuleError(Exception):
    """A rule or option that does not exist; its text is one line with the place and the mend."""


@dataclass(frozen=True)
class Rule:
    """A page and its query. `options` are the query's keyword parameters that are set, by name."""

    family: str
    slug: str
    text: str
    options: Mapping[str, Any]

    @cached_property
    def page(self) -> Page:
        return parse(self.family, self.slug, self.text)

    @cached_property
    def check(self) -> Callable[..., Iterator[Finding]]:
        module = import_module(f"jwtlint.rules.{self.family}.{self.slug.replace('-', '_')}")
        return module.check  # type: ignore[no-any-return]

    def findings(self, project: Project) -> Iterator[Finding]:
        """What the rule finds, stamped with the page's slug, level and precision."""
        for finding in self.check(project, **self.options):
            yield finding.stamped(self.slug, self.page.level, self.page.precision)


def load(
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    tables: Mapping[str, Mapping[str, Any]] | None = None,
    limits: Mapping[str, Mapping[str, Any]] | None = None,
) -> tuple[Rule, ...]:
    """The rules that come with the program.

    Args:
        select: slugs or families to keep; none keeps all.
        ignore: slugs or families to leave out.
        tables: options by slug, as the user's configuration has them.
        limits: options by slug, as the policy in force has them; `tables` win.

    Raises:
        RuleError: a name is neither a rule nor a family, or an option is not the rule's.
    """
    rules = {slug: (family, text) for family, slug, text in _found()}
    families = {family for family, _ in rules.values()}
    for name in (*select, *ignore, *(tables or {})):
        if name not in rules and name not in families:
            raise RuleError(f"unknown rule {name!r}{_near(name, [*rules, *families])}")
    chosen, left_out = set(select), set(ignore)
    return tuple(
        Rule(
            family, slug, text, {**(limits or {}).get(slug, {}), **_checked(slug, family, (tables or {}).get(slug, {}))}
        )
        for slug, (family, text) in rules.items()
        if (not chosen or {slug, family} & chosen) and not {slug, family} & left_out
    )


def _found() -> Iterator[tuple[str, str, str]]:
    for family in sorted(files("jwtlint.rules").iterdir(), key=lambda item: item.name):
        if not family.is_dir():
            continue
        for entry in sorted(family.iterdir(), key=lambda item: item.name):
            if entry.name.endswith(".md"):
                slug = entry.name.removesuffix(".md").replace("_", "-")
                yield family.name, slug, entry.read_text(encoding="utf-8")


def _checked(slug: str, family: str, table: Mapping[str, Any]) -> Mapping[str, Any]:
    """The user's options of a rule, if the rule has them."""
    if not table:
        return table
    known = list(inspect.signature(Rule(family, slug, "", {}).check).parameters)[1:]
    for name in table:
        if name not in known:
            raise RuleError(f"rule {slug} has no option {name!r}{_near(name, known)}")
    return table


def _near(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else "; `jwtlint rules` lists them"
