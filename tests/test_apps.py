"""Whole applications: the report, its SARIF and the map of each are what somebody has read and found true."""

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from jwtlint.cli import cli
from jwtlint.rule import HOME

APPS = Path(__file__).parent.parent / "fixtures" / "apps"
NAMES = sorted(path.name for path in APPS.iterdir() if path.is_dir())
GOLDEN = ("expected.txt", "expected.sarif", "expected.map.txt")
# Applications that do it right: what is said of them is advice.
RIGHT = (
    "django_sessions",
    "drf_simplejwt_blacklist",
    "fastapi_rotation",
    "mobile_api",
    "resource_server",
    "service_to_service",
    "token_version",
)


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--accept"))


@pytest.mark.parametrize("name", NAMES)
def test_reports_are_what_was_found_true(name: str, accept: bool, tmp_path: Path) -> None:
    given = dict(zip(GOLDEN, outputs(APPS / name, tmp_path), strict=True))
    for golden, text in given.items():
        if accept:
            (APPS / name / golden).write_text(text, encoding="utf-8")
        assert text == (APPS / name / golden).read_text(encoding="utf-8"), golden


@pytest.mark.parametrize("name", RIGHT)
def test_of_right_applications_only_notes_are_given(name: str) -> None:
    log = json.loads((APPS / name / "expected.sarif").read_text(encoding="utf-8"))
    assert {result["level"] for result in log["runs"][0]["results"]} <= {"note"}


def test_of_two_applications_in_one_repository_only_the_careless_one_is_told() -> None:
    log = json.loads((APPS / "monorepo" / "expected.sarif").read_text(encoding="utf-8"))
    told = [
        (result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].partition("/")[0], result["level"])
        for result in log["runs"][0]["results"]
    ]
    assert {place for place, level in told if level != "note"} == {"backoffice"}


def outputs(app: Path, folder: Path) -> tuple[str, str, str]:
    """Report, SARIF and map of a copy, which stands alone: no repository and no project is around it."""
    copy = folder / app.name
    shutil.copytree(app, copy, ignore=shutil.ignore_patterns("expected.*", "__pycache__"))
    log = folder / "log.sarif"
    report = run("check", str(copy), "--exit-zero", "--color", "never", "--output-file", f"sarif:{log}")
    drawn = run("map", str(copy), "--color", "never")
    return scrubbed(report, folder), scrubbed(plain(log.read_text(encoding="utf-8")), folder), scrubbed(drawn, folder)


def run(*arguments: str) -> str:
    done = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def plain(text: str) -> str:
    """A log without what is the same in each and has tests of its own: the rules' pages and the version."""
    log = json.loads(text)
    for said in log["runs"]:
        driver = said["tool"]["driver"]
        driver["semanticVersion"] = "0"
        driver["rules"] = [rule["id"] for rule in driver["rules"]]
        for result in said["results"]:
            assert driver["rules"][result["ruleIndex"]] == result["ruleId"]
            del result["ruleIndex"]
        del driver["rules"]
    return json.dumps(log, indent=2) + "\n"


def scrubbed(text: str, folder: Path) -> str:
    """A text without what changes from run to run and from place to place."""
    text = text.replace(str(folder), "").replace(HOME, "")
    return re.sub(r"in \d+\.\d\d s\.$", "in 0.00 s.", text, flags=re.MULTILINE)
