"""SARIF as its readers take it."""

import io
import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft4Validator
from test_pages import CASES

from jwtlint import engine, rule
from jwtlint.files import workspace
from jwtlint.report import writer

ROOT = Path(__file__).parent.parent
SCHEMA = Draft4Validator(json.loads((ROOT / "fixtures" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8")))


def sarif(files: dict[str, str], root: Path) -> dict[str, Any]:
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    (root / "pyproject.toml").touch()
    out = io.StringIO()
    writer("sarif")(engine.check(workspace([root]), rule.load()), out, False)
    loaded: dict[str, Any] = json.loads(out.getvalue())
    return loaded


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def test_schema_and_regions(case: Any, tmp_path: Path) -> None:
    files = case[2].files
    log = sarif(files, tmp_path)
    assert not list(SCHEMA.iter_errors(log))
    for result in log["runs"][0]["results"]:
        assert result["level"] in ("error", "warning", "note")
        place = result["locations"][0]["physicalLocation"]
        lines = files[unquote(place["artifactLocation"]["uri"])].splitlines()
        region = place["region"]
        assert 1 <= region["startLine"] <= region["endLine"] <= len(lines)
        assert 1 <= region["startColumn"] <= len(lines[region["startLine"] - 1]) + 1
        assert 1 <= region["endColumn"] <= len(lines[region["endLine"] - 1]) + 1


def test_rules_carry_what_code_scanning_shows(tmp_path: Path) -> None:
    driver = sarif({"empty.py": "import jwt\n"}, tmp_path)["runs"][0]["tool"]["driver"]
    assert [item["id"] for item in driver["rules"]] == [item.slug for item in rule.load()]
    for item in driver["rules"]:
        assert item["help"]["markdown"] and item["helpUri"] and item["properties"]["precision"]
        assert 0 < float(item["properties"]["security-severity"]) <= 10
        assert any(tag.startswith("external/cwe/cwe-") for tag in item["properties"]["tags"])


def test_what_could_not_be_read_is_a_notification(tmp_path: Path) -> None:
    log = sarif({"broken.py": "import jwt\ndef (:\n"}, tmp_path)
    assert not list(SCHEMA.iter_errors(log))
    (told,) = log["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert told["level"] == "error" and "broken.py" in told["message"]["text"]


def test_fingerprints_outlive_lines_above(tmp_path: Path) -> None:
    text = 'import jwt\n\n\ndef f(token):\n    return jwt.decode(token, options={"verify_signature": False})["sub"]\n'

    def prints(name: str, source: str) -> set[str]:
        results = sarif({"app.py": source}, tmp_path / name)["runs"][0]["results"]
        return {item["partialFingerprints"]["jwtlint/v1"] for item in results}

    assert prints("a", text) == prints("b", f"# a line\n# another\n{text}") != set()


def test_no_report_shows_a_secret(tmp_path: Path) -> None:
    key = "51d94ab3a6c78f2b4e0c"
    files = {"app.py": f'import jwt\n\n\ndef f(user):\n    return jwt.encode({{"sub": user}}, "{key}")\n'}
    log = sarif(files, tmp_path)
    assert any(item["ruleId"] == "hardcoded-secret" for item in log["runs"][0]["results"])
    for name in ("sarif", "json", "full", "concise"):
        out = io.StringIO()
        writer(name)(engine.check(workspace([tmp_path]), rule.load()), out, False)
        assert key not in out.getvalue(), name
