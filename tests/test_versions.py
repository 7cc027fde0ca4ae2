"""What a project says of versions, and which section of a model that chooses."""

import re
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from jwtlint import engine, rule
from jwtlint.files import workspace
from jwtlint.models.documents import documents
from jwtlint.models.versions import section
from jwtlint.paths import kind
from jwtlint.read import read
from jwtlint.read.packages import range_of
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


PACKAGES = {
    "package.json": '{\n "name": "app",\n "dependencies": {\n  "jsonwebtoken": "8.5.1"\n }\n}',
    "package-lock.json": """{
  "lockfileVersion": 3,
  "packages": {
    "": {"dependencies": {"jsonwebtoken": "^8.5.1"}},
    "node_modules/firebase-admin/node_modules/jsonwebtoken": {
      "version": "9.0.0"
    },
    "node_modules/jsonwebtoken": {
      "version": "8.5.1"
    }
  }
}""",
    "package-lock.json of npm 6": """{
  "lockfileVersion": 1,
  "dependencies": {
    "jsonwebtoken": {
      "version": "8.5.1",
      "dependencies": {
        "ms": {
          "version": "2.1.1"
        }
      }
    }
  }
}""",
    "yarn.lock": """# yarn lockfile v1

firebase-admin@^11.0.0:
  version "11.0.0"
  dependencies:
    jsonwebtoken "^9.0.0"

jsonwebtoken@^8.2.0, jsonwebtoken@^8.5.1:
  version "8.5.1"

jsonwebtoken@^9.0.0:
  version "9.0.0"
""",
    "yarn.lock of Yarn 4": '__metadata:\n  version: 8\n\n"jsonwebtoken@npm:^8.5.1":\n  version: 8.5.1\n',
    "pnpm-lock.yaml": """lockfileVersion: '9.0'

importers:

  .:
    dependencies:
      jsonwebtoken:
        specifier: ^8.5.1
        version: 8.5.1

packages:

  jsonwebtoken@9.0.0:
    resolution: {integrity: sha512}
""",
    "pnpm-lock.yaml of pnpm 7": """lockfileVersion: 5.4

specifiers:
  jsonwebtoken: ^8.5.1

dependencies:
  jsonwebtoken: 8.5.1

packages:

  /jsonwebtoken/9.0.0:
    dev: false
""",
}


@pytest.mark.parametrize("text", PACKAGES.values(), ids=PACKAGES)
def test_every_form_of_npm_says_the_same(text: str) -> None:
    facts = read("packages", text.encode())
    assert facts.problem == ""
    (pin,) = [item for item in facts.pins if item.name == "js:jsonwebtoken"]
    assert pin.specifier == "==8.5.1"
    assert "8.5.1" in text.splitlines()[pin.at.line - 1]


@pytest.mark.parametrize("text", ['{"dependencies": ', "{]"])
def test_packages_that_do_not_parse_are_a_named_problem(text: str) -> None:
    assert read("packages", text.encode()).problem.startswith("cannot be parsed")


@pytest.mark.parametrize(
    ("asked", "allowed", "refused"),
    [
        ("^8.5.1", "8.9", "9.0"),
        ("^0.5.1", "0.5.6", "0.6"),
        ("~8.5.1", "8.5.9", "8.6"),
        ("8.5.1", "8.5.1", "8.5.2"),
        ("8", "8.5.1", "9.0"),
        ("8.x", "8.5.1", "9.0"),
        (">= 8.1 <9", "8.5.1", "9.0"),
        ("8.1.0 - 8.5.0", "8.5.0", "8.5.1"),
    ],
)
def test_ranges_of_npm(asked: str, allowed: str, refused: str) -> None:
    assert allowed in SpecifierSet(range_of(asked))
    assert refused not in SpecifierSet(range_of(asked))


@pytest.mark.parametrize(
    "asked", ["", "*", "latest", "^8 || ^9", "workspace:*", "file:../a", "npm:b@1.2.3", "git+https://c"]
)
def test_what_allows_any_version(asked: str) -> None:
    assert range_of(asked) == ""


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


@pytest.mark.parametrize("path", ["package.json", "web/package-lock.json", "yarn.lock", "pnpm-lock.yaml"])
def test_files_of_packages(path: str) -> None:
    assert kind(path) == "packages"


def test_a_weak_version_of_npm_is_told_where_the_project_asks_for_it(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{\n  "dependencies": {\n    "jsonwebtoken": "^8.2.0"\n  }\n}\n')
    (tmp_path / "package-lock.json").write_text(PACKAGES["package-lock.json"])
    (tmp_path / "a.js").write_text('exports.read = (t) => require("jsonwebtoken").verify(t, process.env.KEY)\n')
    (finding,) = engine.check(workspace([tmp_path]), rule.load(["library-vulnerable-version"])).findings
    assert (str(finding.at), finding.message[:19]) == ("package.json:3", "jsonwebtoken==8.5.1")


def test_packages_are_not_read_where_scripts_have_nothing_to_do_with_tokens(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"dependencies": {"jsonwebtoken": "8.5.1"}}')
    (tmp_path / "app.py").write_text("import jwt\n")
    (tmp_path / "a.js").write_text("export const a = 1\n")
    assert not [source for source in workspace([tmp_path]).context if source.kind == "packages"]
