"""What a project says of versions, and which section of a model that chooses."""

import re
from pathlib import Path

import pytest

from jwtlint import engine, rule
from jwtlint.files import kind, workspace
from jwtlint.models.documents import documents
from jwtlint.models.versions import section
from jwtlint.read import read
from jwtlint.read.pins import specifier

FORMS = {
    "requirements.txt": "# the web\nflask\nPyJWT==1.7.1 ; python_version < '3' --hash=sha256:00  # old\n-r other.txt\n",
    "setup.cfg": "[metadata]\nname = app\n\n[options]\ninstall_requires =\n    PyJWT==1.7.1\n",
    "pyproject.toml": '[project]\nname = "app"\ndependencies = ["PyJWT==1.7.1"]\n',
    "pyproject of poetry": '[tool.poetry.dependencies]\npython = "*"\nPyJWT = {version = "1.7.1", extras = ["crypto"]}\n',
    "a group": '[dependency-groups]\nweb = ["PyJWT==1.7.1", {include-group = "x"}]\n[project]\nname = "app"\n',
    "Pipfile": '[packages]\npyjwt = "==1.7.1"\n',
    "Pipfile.lock": '{"_meta": {}, "default": {"pyjwt": {"version": "==1.7.1"}}}',
    "poetry.lock": '[[package]]\nname = "pyjwt"\nversion = "1.7.1"\n\n[metadata]\nlock-version = "2.0"\n',
    "old poetry.lock": '[[package]]\ncategory = "main"\nname = "pyjwt"\npython-versions = "*"\nversion = "1.7.1"\n\n[metadata]\n',
    "uv.lock": 'version = 1\n\n[[package]]\nname = "pyjwt"\nversion = "1.7.1"\nsource = { registry = "x" }\n',
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_every_form_says_the_same(text: str) -> None:
    facts = read("pins", text.encode())
    assert facts.problem == ""
    (pin,) = [item for item in facts.pins if item.name == "pyjwt"]
    assert pin.specifier == "==1.7.1"
    assert {"pyjwt", "1.7.1"} & set(re.split(r"[^\w.]+", text.lower().splitlines()[pin.at.line - 1]))


@pytest.mark.parametrize("text", ['{"default": ', "[[package]]\nname = \n", "[project\n[project]\n"])
def test_what_does_not_parse_is_a_named_problem(text: str) -> None:
    assert read("pins", text.encode()).problem.startswith("cannot be parsed")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("^2.8.0", ">=2.8.0,<3"), ("^0.3.1", ">=0.3.1,<0.4"), ("~2.8.1", ">=2.8.1,<2.9"), ("1.7.1", "==1.7.1")]
    + [("*", ""), (">=1,<2", ">=1,<2")],
)
def test_constraints_of_poetry(asked: str, expected: str) -> None:
    assert specifier(asked) == expected


@pytest.mark.parametrize(
    ("asked", "old"),
    [
        ([], False),
        (["==1.4.2"], True),
        (["==2.4.0"], False),
        (["<2"], True),
        (["~=1.7"], True),
        ([">=1.7"], False),
        ([">=1.7,<2"], True),
        (["==2.8.0", "==1.7.1"], True),
        ([">=1.7", "==2.8.0"], False),
        (["==2.*"], False),
        (["<1.0,>3"], False),
    ],
)
def test_the_section_that_holds(asked: list[str], old: bool) -> None:
    """A lock file counts before a range, the lowest version of several before the others, and else the newest."""
    assert (section(documents()["pyjwt.yml"], asked) is not None) is old


def test_messages_name_the_version(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        "import jwt\n\n\ndef read(token, key):\n    return jwt.decode(token, key)['sub']\n"
    )
    assert not engine.check(workspace([tmp_path]), rule.load(["algorithms-not-pinned"])).findings
    (tmp_path / "requirements.txt").write_text("PyJWT==1.4.2\n")
    (finding,) = engine.check(workspace([tmp_path]), rule.load(["algorithms-not-pinned"])).findings
    assert "PyJWT 1.4.2 takes" in finding.message


@pytest.mark.parametrize(
    "path",
    [
        "requirements.txt",
        "requirements-dev.txt",
        "requirements/base.txt",
        "dev-requirements.in",
        "a/poetry.lock",
        "uv.lock",
    ],
)
def test_files_of_pins(path: str) -> None:
    assert kind(path) == "pins"
