"""The program as a user starts it."""

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from jwtlint import engine, rule
from jwtlint.files import workspace
from jwtlint.models.documents import COMPILED, WORDS, compile_into, documents
from jwtlint.report import writer
from jwtlint.words import words

ROOT = Path(__file__).parent.parent
APP = ROOT / "fixtures" / "apps" / "fastapi_login"


def jwtlint(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "jwtlint", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def test_the_way_of_the_value_is_shown() -> None:
    done = jwtlint("check", str(APP))
    assert done.returncode == 1
    assert "config.py:6" in done.stdout
    assert "access token lives 7 days" in done.stdout
    assert done.stdout.index("main.py:13") < done.stdout.index("security.py:10")


def test_sarif_has_level_flow_and_relative_paths() -> None:
    run = json.loads(jwtlint("check", str(APP), "--output-format", "sarif").stdout)["runs"][0]
    result = next(item for item in run["results"] if item["ruleId"] == "long-access-token")
    assert result["level"] == "warning"
    uris = {item["location"]["physicalLocation"]["artifactLocation"]["uri"] for item in steps(result)}
    assert {uri.rpartition("/")[2] for uri in uris} == {"config.py", "main.py", "security.py"}
    assert not any(uri.startswith(("/", ".")) for uri in uris)
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]]


def steps(result: dict) -> list[dict]:  # type: ignore[type-arg]
    found: list[dict] = result["codeFlows"][0]["threadFlows"][0]["locations"]  # type: ignore[type-arg]
    return found


@pytest.mark.parametrize("format", ["full", "concise", "json", "sarif"])
def test_the_exit_code_is_the_same_in_every_format(format: str) -> None:
    assert jwtlint("check", str(APP), "--output-format", format).returncode == 1
    assert jwtlint("check", str(APP), "--output-format", format, "--exit-zero").returncode == 0


def test_a_missing_path_is_one_line_and_2() -> None:
    done = jwtlint("check", "no/such/place")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "no/such/place" in done.stderr


def test_an_unknown_rule_is_told_with_a_mend() -> None:
    done = jwtlint("check", str(APP), "--select", "long-acces-token")
    assert done.returncode == 2
    assert "did you mean 'long-access-token'?" in done.stderr


def test_an_option_that_is_no_length_of_time_is_2(tmp_path: Path) -> None:
    (tmp_path / "jwtlint.toml").write_text('[long-access-token]\nlimit = "soon"\n')
    done = jwtlint("check", ".", cwd=tmp_path)
    assert done.returncode == 2
    assert "soon" in done.stderr


def test_a_file_that_kills_the_parser_is_named_and_3(tmp_path: Path) -> None:
    (tmp_path / "bomb.py").write_text("import jwt\nx = " + "(" * 5000 + ")" * 5000)
    done = jwtlint("check", ".", cwd=tmp_path)
    assert done.returncode == 3
    assert "bomb.py" in done.stdout
    assert jwtlint("check", ".", "--allow-unparsable", cwd=tmp_path).returncode == 0


def test_no_file_is_4(tmp_path: Path) -> None:
    assert jwtlint("check", ".", cwd=tmp_path).returncode == 4


def test_grammar_newer_than_the_host_is_read(tmp_path: Path) -> None:
    code = "import jwt\ntry:\n    jwt.encode({'sub': 1}, K)\nexcept TypeError, ValueError:\n    pass\n"
    (tmp_path / "new.py").write_text(code)
    assert jwtlint("check", ".", "--output-format", "concise", cwd=tmp_path).stdout.startswith("new.py:3:")


def test_an_ignore_comment_sets_a_finding_aside(tmp_path: Path) -> None:
    code = "import jwt\njwt.encode({'sub': 1}, K)  # jwtlint: ignore[missing-expiry] a fixture\n"
    (tmp_path / "app.py").write_text(code)
    assert jwtlint("check", ".", cwd=tmp_path).returncode == 0


def test_an_ignore_comment_in_a_file_of_requirements(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("import jwt\n")
    (tmp_path / "requirements.txt").write_text(
        "PyJWT==1.7.1  # jwtlint: ignore[library-vulnerable-version] behind a wall\n"
    )
    assert jwtlint("check", ".", cwd=tmp_path).returncode == 0


def test_explain_prints_the_page() -> None:
    assert "## Remedy" in jwtlint("explain", "missing-expiry").stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the package as a wheel installs it, its models compiled."""
    folder = tmp_path_factory.mktemp("installed")
    leave_out = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "jwtlint", folder / "jwtlint", ignore=leave_out)
    shutil.copytree(ROOT / "rules", folder / "jwtlint" / "rules", ignore=leave_out)
    compile_into(folder / "jwtlint" / "models")
    return folder


def test_nothing_heavy_is_imported_without_a_token(tmp_path: Path, installed: Path) -> None:
    (tmp_path / "app.py").write_text("print('hello')\n")
    program = (
        f"import sys; sys.path.insert(0, {str(installed)!r}); sys.argv = ['jwtlint', 'check', '.']\n"
        "from jwtlint.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'libcst', 'sarif_om', 'jinja2', 'jwt', 'yaml', 'jwtlint.models'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "read 0 of 1 files" in done.stdout
    assert done.stdout.endswith("[]\n")


def test_compiled_models_say_what_the_yaml_says(installed: Path) -> None:
    compiled = json.loads((installed / "jwtlint" / "models" / COMPILED).read_text(encoding="utf-8"))
    assert compiled == documents()


def test_words_are_read_without_a_parser_of_yaml(installed: Path) -> None:
    said = {str(word) for document in documents().values() for word in document.get("words", ())}
    assert words() == said == set((installed / "jwtlint" / "models" / WORDS).read_text(encoding="utf-8").splitlines())


def test_a_new_rule_is_found_and_its_page_is_one(tmp_path: Path, installed: Path) -> None:
    clone = tmp_path / "clone"
    shutil.copytree(installed, clone)
    (clone / "rules").symlink_to(clone / "jwtlint" / "rules")
    environment = {**os.environ, "PYTHONPATH": str(clone)}

    def started(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "jwtlint", *arguments]
        return subprocess.run(command, cwd=clone, env=environment, capture_output=True, text=True, check=False)

    assert started("new-rule", "clocks/stopped-clock").stdout.split() == [
        "rules/clocks/stopped_clock.md",
        "rules/clocks/stopped_clock.py",
    ]
    assert "stopped-clock" in started("rules").stdout
    assert started("explain", "stopped-clock").stdout.startswith("# stopped-clock")
    assert started("check", "rules", "--select", "stopped-clock").returncode == 0
    again = started("new-rule", "clocks/stopped-clock")
    assert (again.returncode, again.stderr.count("\n")) == (2, 1)
    assert "write family/slug" in started("new-rule", "Clock").stderr


def test_carets_stand_below_what_is_shown(tmp_path: Path) -> None:
    """Also where the line before them holds wide characters, and the marked text a secret that is cut out."""
    line = 'name = "東京"; token = jwt.encode({"sub": name}, "s3cret-s3cret-s3cret-s3cret-s3cret", "HS256")'
    (tmp_path / "app.py").write_text(f"import jwt\n{line}\n", encoding="utf-8")
    shown = jwtlint("check", str(tmp_path), "--select", "missing-expiry").stdout.splitlines()
    code, carets = next((shown[i], shown[i + 1]) for i, text in enumerate(shown) if text.startswith("2 |"))
    assert "s3cret" not in "".join(shown)
    assert carets.index("^") == code.index("jwt.encode") + 2, "each of two wide characters takes two columns"
    assert len(carets) == len(code) + 2


def test_pins_alone_are_no_file_to_look_at(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("PyJWT==1.7.1\n")
    assert jwtlint("check", str(tmp_path)).returncode == 4


def test_the_help_speaks_of_the_language_at_hand(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        'import jwt\n\n\ndef made(user):\n    return jwt.encode({"sub": user}, "k" * 40)\n'
    )
    script = (
        'const jwt = require("jsonwebtoken");\nexports.made = (user) => jwt.sign({ sub: user }, process.env.KEY);\n'
    )
    (tmp_path / "app.js").write_text(script)
    out = io.StringIO()
    writer("full")(engine.check(workspace([tmp_path]), rule.load(["missing-expiry"])), out, False)
    python, scripts = (part for part in out.getvalue().split("missing-expiry]")[1:])
    if "app.js" in python.splitlines()[1]:
        python, scripts = scripts, python
    assert "timedelta(minutes=15)" in python and "expiresIn" not in python
    assert 'expiresIn: "15m"' in scripts and "timedelta" not in scripts
