"""A program that is written otherwise and means the same has the same findings."""

from pathlib import Path

import pytest
from rewrites import REWRITES
from test_pages import CASES, options_of

from jwtlint import engine, rule
from jwtlint.files import workspace
from jwtlint.page import Example

# What the rewrite hides from the program today, by rule and number of the example: each is a promise to keep.
KNOWN: dict[tuple[str, str, int], str] = {}


def findings(files: dict[str, str], slug: str, example: Example, root: Path) -> list[str]:
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (root / "pyproject.toml").touch()
    report = engine.check(workspace([root]), rule.load([slug], tables=options_of(example, slug)))
    assert not report.problems
    return sorted(finding.message for finding in report.findings)


@pytest.mark.parametrize("rewrite", REWRITES)
@pytest.mark.parametrize(("slug", "number", "example"), CASES, ids=[f"{slug}-{number}" for slug, number, _ in CASES])
def test_findings_stay(
    slug: str, number: int, example: Example, rewrite: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if (rewrite, slug, number) in KNOWN:
        request.applymarker(pytest.mark.xfail(reason=KNOWN[rewrite, slug, number]))
    files = REWRITES[rewrite](example.files)
    if files == example.files:
        return
    before = findings(example.files, slug, example, tmp_path / "before")
    assert findings(files, slug, example, tmp_path / "after") == before


def test_every_rewrite_changes_something() -> None:
    for name, rewrite in REWRITES.items():
        assert sum(rewrite(example.files) != example.files for _, _, example in CASES) > 10, name
