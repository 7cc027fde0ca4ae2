"""Which files are looked at, and what their paths say of them."""

import subprocess
from pathlib import Path

import pytest

from jwtlint import engine, rule
from jwtlint.files import MissingPath, workspace
from jwtlint.paths import kind, role
from jwtlint.survey import shortest

TOKEN = "import jwt\n\ndef make(user):\n    return jwt.encode({'sub': user}, KEY)\n"


def made(root: Path, *paths: str, text: str = TOKEN) -> None:
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def found(*paths: Path, include_tests: bool = False) -> dict[str, str]:
    report = engine.check(workspace(list(paths), include_tests=include_tests), rule.load(["missing-expiry"]))
    return {finding.at.path: finding.level for finding in report.findings}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("app/security.py", "code"),
        ("tests/test_login.py", "test"),
        ("app/test_login.py", "test"),
        ("app/login_test.py", "test"),
        ("app/latest.py", "code"),
        ("app/contest.py", "code"),
        (".github/workflows/ci.yml", "test"),
        (".env.test", "test"),
        ("docs/conf.py", "docs"),
        ("examples/login.py", "example"),
        (".env.example", "sample"),
        (".env", "code"),
    ],
)
def test_roles(path: str, expected: str) -> None:
    assert role(path) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.py", "python"),
        ("a.pyi", "python"),
        (".env", "dotenv"),
        ("prod.env", "dotenv"),
        ("a.pyc", None),
        ("env", "dotenv"),
    ],
)
def test_kinds(path: str, expected: str | None) -> None:
    assert kind(path) == expected


def test_a_missing_path_is_told(tmp_path: Path) -> None:
    with pytest.raises(MissingPath, match="nowhere: no such file or folder"):
        workspace([tmp_path / "nowhere"])


def test_a_given_file_is_read_with_its_project_and_reported_alone(tmp_path: Path) -> None:
    made(tmp_path, "app/a.py", "app/b.py")
    made(tmp_path, "pyproject.toml", text="")
    assert set(found(tmp_path)) == {"app/a.py", "app/b.py"}
    assert set(found(tmp_path / "app" / "a.py")) == {"app/a.py"}


def test_words_of_a_path_count_below_the_given_one_only(tmp_path: Path) -> None:
    made(tmp_path, "tests/app/a.py", "node_modules/lib/a.py", "src/a.py")
    made(tmp_path, "pyproject.toml", text="")
    assert set(found(tmp_path)) == {"src/a.py"}
    assert set(found(tmp_path, include_tests=True)) == {"src/a.py", "tests/app/a.py"}
    assert set(found(tmp_path / "tests" / "app")) == {"tests/app/a.py"}
    assert set(found(tmp_path / "node_modules" / "lib")) == {"node_modules/lib/a.py"}


def test_examples_are_one_level_lower(tmp_path: Path) -> None:
    made(tmp_path, "examples/a.py", "src/a.py")
    made(tmp_path, "pyproject.toml", text="")
    levels = found(tmp_path)
    assert (levels["src/a.py"], levels["examples/a.py"]) == ("error", "warning")


@pytest.mark.parametrize("versioned", [True, False], ids=["git", "no git"])
def test_ignored_files_are_left_out(tmp_path: Path, versioned: bool) -> None:
    made(tmp_path, "a.py", "local/b.py", "deep/c.py", "deep/keep.py")
    made(tmp_path, ".gitignore", text="local/\n")
    made(tmp_path, "deep/.gitignore", text="*.py\n!keep.py\n")
    made(tmp_path, "pyproject.toml", text="")
    if versioned:
        subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert set(found(tmp_path)) == {"a.py", "deep/keep.py"}
    assert set(found(tmp_path / "local")) == {"local/b.py"}, "a path that is named beats every skip"


def test_names_that_are_no_text_are_walked_over(tmp_path: Path) -> None:
    made(tmp_path, "a.py")
    (tmp_path / "b\udce4.py").write_text(TOKEN)
    (tmp_path / "gone.py").symlink_to(tmp_path / "nowhere.py")
    (tmp_path / "round").symlink_to(tmp_path)
    assert "a.py" in found(tmp_path)


def test_a_word_that_holds_another_is_not_looked_for() -> None:
    assert shortest([b"flask_jwt", b"jose", b"jwt", b"joserfc", b"jwt", b"authlib"]) == [b"jwt", b"jose", b"authlib"]


def test_a_project_made_for_tests_is_one() -> None:
    assert role("testproject/settings.py") == "test"
    assert role("test_app/views.py") == "test"
    assert role("latest/app.py") == "code"


@pytest.mark.parametrize(
    ("package", "expected"),
    [
        ('{"dependencies": {"react": "^19.0.0"}}', True),
        ('{"devDependencies": {"svelte": "5"}}', True),
        ('{"dependencies": {"express": "5"}}', False),
        ('{"dependencies": ["react"]}', False),
        ("[]", False),
        ("no JSON", False),
    ],
)
def test_a_package_is_a_front_end_by_what_it_depends_on(tmp_path: Path, package: str, expected: bool) -> None:
    made(tmp_path, "src/main.ts", text="export {}")
    made(tmp_path, "web/package.json", text=package)
    assert workspace([tmp_path]).has_browser is expected
