"""Every example of every page: the page is the rule's test."""

import itertools
from pathlib import Path

import pytest

from jwtlint import engine, rule
from jwtlint.files import workspace
from jwtlint.page import Example

CASES = [(item.slug, number, example) for item in rule.load() for number, example in enumerate(item.page.examples)]


@pytest.mark.parametrize(("slug", "number", "example"), CASES, ids=[f"{slug}-{number}" for slug, number, _ in CASES])
def test_example(slug: str, number: int, example: Example, tmp_path: Path) -> None:
    root = tmp_path / "project"
    for path, text in example.files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (root / "pyproject.toml").touch()
    table = options_of(example, slug)
    report = engine.check(workspace([root]), rule.load([slug], tables=table))
    found = {(item.at.path, item.at.span.line): item for item in report.findings}
    promised = {(mark.path, mark.line) for mark in example.marks if mark.step is None and not mark.todo}
    todo = {(mark.path, mark.line) for mark in example.marks if mark.todo}
    assert set(found) == promised, "a `todo finding` that is found now is to lose its `todo`" if todo else ""
    for mark in example.marks:
        if mark.step is None and not mark.todo:
            assert mark.text in found[mark.path, mark.line].message
        if mark.step is not None:
            places = [item.steps[mark.step - 1].at for item in report.findings if len(item.steps) >= mark.step]
            assert (mark.path, mark.line) in {(at.path, at.span.line) for at in places}


def options_of(example: Example, slug: str) -> dict[str, dict[str, object]]:
    if not example.options:
        return {}
    import tomllib

    loaded = tomllib.loads(example.options)
    return {slug: loaded.get("tool", {}).get("jwtlint", loaded).get(slug, {})}


@pytest.mark.parametrize("item", rule.load(), ids=lambda item: item.slug)
def test_page_has_enough_examples(item: rule.Rule) -> None:
    bad = [example for example in item.page.examples if example.bad]
    assert len(bad) >= 3
    assert len(item.page.examples) - len(bad) >= 3


def test_there_are_examples() -> None:
    assert len(CASES) >= 30 or list(itertools.islice(CASES, 1))
