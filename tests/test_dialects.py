"""The same application in the dialect of each library: what is careless there is found, and what is careful is left alone."""

import tomllib
from pathlib import Path

import pytest

from jwtlint import engine, rule
from jwtlint.files import workspace

DIALECTS = Path(__file__).parent.parent / "fixtures" / "dialects"
FLAWS = tomllib.loads((DIALECTS / "flaws.toml").read_text(encoding="utf-8"))
LIBRARIES = sorted(path.name for path in DIALECTS.iterdir() if path.is_dir())


def found(folder: Path) -> dict[str, str]:
    report = engine.check(workspace([folder]), rule.load())
    assert report.files_read > 0
    assert not report.problems
    return {finding.rule: finding.message for finding in report.findings}


@pytest.mark.parametrize("library", LIBRARIES)
def test_careless(library: str) -> None:
    expected = set(FLAWS["slugs"]) - FLAWS["impossible"].get(library, {}).keys()
    assert expected <= found(DIALECTS / library / "careless").keys()


@pytest.mark.parametrize("library", LIBRARIES)
def test_careful(library: str) -> None:
    assert found(DIALECTS / library / "careful") == {}


@pytest.mark.parametrize("library", FLAWS["impossible"])
def test_what_is_impossible_is_not_claimed(library: str) -> None:
    assert not FLAWS["impossible"][library].keys() & found(DIALECTS / library / "careless").keys()
