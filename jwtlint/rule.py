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


HOME = "https://github.com/jwtlint/jwtlint-code"


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

    @property
    def url(self) -> str:
        """Where the page is read."""
        return f"{HOME}/blob/main/rules/{self.family}/{self.slug.replace('-', '_')}.md"

    @cached_property
    def check(self) -> Callable[..., Iterator[Finding]]:
        module = import_module(f"jwtlint.rules.{self.family}.{self.slug.replace('-', '_')}")
        return module.check  # type: ignore[no-any-return]

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """The options as the query takes them: `30m`, or a number of seconds, is a Duration where its default is one.

        Raises:
            RuleError: a value is no length of time.
        """
        known = inspect.signature(self.check).parameters
        return {name: _converted(self.slug, name, value, known[name].default) for name, value in self.options.items()}

    def findings(self, project: Project) -> Iterator[Finding]:
        """What the rule finds, stamped with the page's slug, level and precision."""
        for finding in self.check(project, **self.values):
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
    kept = [slug for slug, (family, _) in rules.items() if not chosen or {slug, family} & chosen]
    loaded = []
    for slug in kept:
        family, text = rules[slug]
        if {slug, family} & left_out:
            continue
        table = _checked(slug, family, (tables or {}).get(slug, {}))
        rule = Rule(family, slug, text, {**(limits or {}).get(slug, {}), **table})
        if rule.options:
            rule.values  # noqa: B018  a wrong value is to be told before anything is read
        loaded.append(rule)
    return tuple(loaded)


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
    check = Rule(family, slug, "", {}).check
    known = list(inspect.signature(check).parameters)[1:]
    for name in table:
        if name not in known:
            raise RuleError(f"rule {slug} has no option {name!r}{_near(name, known)}")
    return table


def _converted(slug: str, name: str, value: object, default: object) -> object:
    from jwtlint.project.times import duration_of
    from jwtlint.project.value import Duration

    if not isinstance(default, Duration):
        return value
    found = duration_of(str(value))
    if found is None:
        raise RuleError(f"rule {slug}: {name} = {value!r} is no length of time; write 30m, 7d, or seconds")
    return found


def _near(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else "; `jwtlint rules` lists them"
