"""Settings are followed to every place that sets them, whatever reads them."""

from pathlib import Path

import pytest

from jwtlint import engine, rule
from jwtlint.files import workspace
from jwtlint.project import settings

SETTINGS = Path(__file__).parent.parent / "fixtures" / "settings"
NAMES = sorted(path.name for path in SETTINGS.iterdir() if path.is_dir())


def found(folder: Path) -> list[str]:
    report = engine.check(
        workspace([folder]), rule.load(ignore=["revocation", "refresh", "jwt-as-session", "transport"])
    )
    assert report.problems == ()
    return sorted({f"{item.rule} {item.at.path}:{item.at.span.line}" for item in report.findings})


@pytest.mark.parametrize("name", NAMES)
def test_findings(name: str) -> None:
    assert found(SETTINGS / name) == (SETTINGS / name / "findings.txt").read_text(encoding="utf-8").splitlines()


APP = """
import jwt
import yaml

config = yaml.safe_load(open({name!r}))
OTHER = 1


def access_token(user):
    return jwt.encode({{"sub": user}}, config["key"], algorithm="HS256")
"""


def checked(root: Path, app: str, name: str, **texts: str) -> engine.Report:
    """A project of one program and the files that it may load."""
    for path, text in {app: APP.format(name=name), **texts}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    (root / "pyproject.toml").touch()
    return engine.check(workspace([root]), rule.load(["hardcoded-secret"]))


def test_the_way_leads_from_the_file_through_the_code_that_loads_it(tmp_path: Path) -> None:
    (finding,) = checked(tmp_path, "app.py", "app.yml", **{"app.yml": "a: 1\nkey: s3cret\n"}).findings
    assert (finding.at.path, finding.at.span.line, finding.at.span.column) == ("app.yml", 2, 1)
    assert [(step.at.path, step.at.span.line) for step in finding.steps[:2]] == [("app.yml", 2), ("app.py", 5)]


@pytest.mark.parametrize(
    ("name", "present", "expected"),
    [
        ("app.yml", ["a/b/app.yml", "a/app.yml", "app.yml"], "a/b/app.yml"),
        ("app.yml", ["a/app.yml", "app.yml", "c/app.yml"], "a/app.yml"),
        ("conf/app.yml", ["conf/app.yml", "app.yml"], "conf/app.yml"),
        ("../app.yml", ["app.yml", "a/app.yml"], "a/app.yml"),
        ("app.yml", ["c/app.yml"], "c/app.yml"),
        ("app.yml", ["c/app.yml", "d/app.yml"], None),
        ("app.yml", ["c/myapp.yml"], None),
        ("/etc/app.yml", ["etc/app.yml"], None),
    ],
)
def test_which_file_is_meant(tmp_path: Path, name: str, present: list[str], expected: str | None) -> None:
    report = checked(tmp_path, "a/b/app.py", name, **dict.fromkeys(present, "key: s3cret\n"))
    assert [finding.at.path for finding in report.findings] == ([expected] if expected else [])


def test_a_file_that_cannot_be_read_is_a_problem_only_where_a_value_leads_to_it(tmp_path: Path) -> None:
    broken = {"app.yml": "key: [\n", "other.yml": "key: [\n"}
    (problem,) = checked(tmp_path, "app.py", "app.yml", **broken).problems
    assert (problem.path, problem.fatal) == ("app.yml", True)
    assert "not valid YAML" in problem.message


def everything(root: Path) -> engine.Report:
    (root / "pyproject.toml").touch()
    return engine.check(workspace([root]), rule.load())


LENGTHENED = """\
import os

import jwt
import yaml


def config(path):
    while not os.path.exists(path):
        path = os.path.join(os.path.abspath(path), os.path.join(path, ".."))
    with open(path) as file:
        return yaml.safe_load(file)


def login(user):
    return jwt.encode({"sub": user}, config("a")["key"], "HS256")
"""


def test_a_path_that_a_loop_makes_longer_ends(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(LENGTHENED)
    assert [finding.rule for finding in everything(tmp_path).findings if finding.level == "error"] == ["missing-expiry"]


@pytest.mark.parametrize(("word", "is_read"), [("JWT_SECRET_KEY", True), ("name", False)])
def test_a_word_of_every_file_is_no_setting(tmp_path: Path, word: str, is_read: bool) -> None:
    """Unless a library knows a setting by it."""
    for count in range(settings.MAX_UNREAD + 1):
        (tmp_path / f"m{count}.py").write_text(f"{word} = 'a key that is written {count}'\n")
    (tmp_path / "app.py").write_text(
        f"import jwt\nfrom somewhere import app\n\nTOKEN = jwt.encode({{'sub': 1}}, app.config['{word}'], 'HS256')\n"
    )
    assert (everything(tmp_path).files_read > 2) == is_read
