"""Which parts of a repository are programs of their own."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from jwtlint import engine, rule
from jwtlint.facts import Facts
from jwtlint.files import Source, Workspace, workspace
from jwtlint.programs import programs as parts

ISSUING = 'import jwt\n\n\ndef login(user):\n    return jwt.encode({"sub": user, "exp": later()}, KEY, "HS256")\n'
VERIFYING = '\n\ndef current_user(token):\n    return jwt.decode(token, KEY, ["HS256"])["sub"]\n'
SESSION = ISSUING + VERIFYING


def programs(folder: Path, files: dict[str, str]) -> list[str]:
    for path in (
        *files,
        "pyproject.toml",
        *(f"{path.partition('/')[0]}/pyproject.toml" for path in files if "/" in path),
    ):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(files.get(path, ""), encoding="utf-8")
    return [part.folder for part in engine.programs(workspace([folder]), {})]


def test_projects_that_nothing_ties_are_programs_of_their_own(tmp_path: Path) -> None:
    assert programs(tmp_path, {"shop/shop/app.py": SESSION, "desk/desk/app.py": SESSION}) == ["desk", "shop"]


@pytest.mark.parametrize("tie", ["from shop.app import KEY\n", "import shop\n", 'BACKEND = "shop.app.login"\n'])
def test_a_project_that_names_the_others_modules_is_one_with_it(tmp_path: Path, tie: str) -> None:
    files = {"shop/shop/app.py": SESSION, "shop/shop/__init__.py": "", "desk/desk/app.py": tie + SESSION}
    assert programs(tmp_path, files) == [""]


def test_modules_of_one_name_in_each_tie_nothing(tmp_path: Path) -> None:
    both = "from app.auth import login\n"
    files = {
        f"{home}/app/{name}.py": text for home in ("one", "two") for name, text in (("auth", SESSION), ("api", both))
    }
    assert programs(tmp_path, files) == ["one", "two"]


def test_who_makes_tokens_and_who_takes_them_are_one(tmp_path: Path) -> None:
    assert programs(tmp_path, {"shop/shop/app.py": ISSUING, "desk/desk/app.py": "import jwt\n" + VERIFYING}) == [""]


def test_a_front_end_that_is_nobodys_is_beside_each(tmp_path: Path) -> None:
    files = {"shop/shop/app.py": SESSION, "desk/desk/app.py": SESSION, "desk/src/App.tsx": "", "App.tsx": ""}
    programs(tmp_path, files)
    shown = {part.folder: part.front_ends for part in engine.programs(workspace([tmp_path]), {})}
    assert shown == {"shop": ("App.tsx",), "desk": ("App.tsx", "desk/src/App.tsx")}


def test_a_package_with_a_module_called_setup_is_no_program(tmp_path: Path) -> None:
    for name in ("app/__init__.py", "app/core/__init__.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "app" / "core" / "setup.py").write_text(SESSION)
    (tmp_path / "app" / "api.py").write_text(SESSION)
    found = workspace([tmp_path / "app" / "core"])
    assert found.root == tmp_path.resolve()
    assert parts(found) == ()


def test_no_file_is_read_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither to tell the programs apart and then to judge them, nor as a file beside each of them."""
    programs(tmp_path, {"shop/shop/app.py": SESSION, "desk/desk/app.py": SESSION, ".env": "KEY=word\n"})
    read: list[str] = []
    whole = engine.read

    def counting(found: Workspace, sources: Sequence[Source]) -> dict[Source, Facts]:
        read.extend(source.path for source in sources)
        return whole(found, sources)

    monkeypatch.setattr(engine, "read", counting)
    engine.check(workspace([tmp_path]), ())
    assert sorted(read) == sorted(set(read))
    assert ".env" in read


def test_what_a_page_keeps_makes_no_program(tmp_path: Path) -> None:
    page = "<script>localStorage.theme = 'dark'</script>"
    assert programs(tmp_path, {"shop/shop/app.py": SESSION, "labs/templates/page.html": page}) == [""]


def test_what_is_too_far_from_the_tokens_is_not_read_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "app.py": "from a import KEY\n" + ISSUING,
        "a.py": "from b import KEY\n",
        "b.py": "KEY = 'a key of a program'\n",
    }
    programs(tmp_path, files)
    assert not engine.check(workspace([tmp_path]), rule.load(["hardcoded-secret"])).problems
    monkeypatch.setattr(engine, "MAX_FILES", 2)
    report = engine.check(workspace([tmp_path]), rule.load(["hardcoded-secret"]))
    assert not report.findings
    assert [problem.fatal for problem in report.problems] == [False]
    assert "1 further file" in report.problems[0].message
