"""What a report shows of lines that hold a secret."""

from io import StringIO
from pathlib import Path

import pytest

from jwtlint import engine, rule
from jwtlint.files import workspace
from jwtlint.redaction import hidden, without
from jwtlint.report import writer


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("token_secret = secret_of('secret')", "token_secret = secret_of('***')"),
        ('secret = "a secret" + f"{secret}"', 'secret = "a ***" + f"{***}"'),
        ("secret = 'it\\'s secret'  # secret, too", "secret = 'it\\'s ***'  # ***, too"),
        ('secret = """secret', 'secret = """***'),
        ("secret = secretsecret('secretsecret')", "secret = secretsecret('***')"),
    ],
)
def test_names_are_not_blackened(line: str, shown: str) -> None:
    assert without(line, hidden(line, ["secret"], "python"), 0, len(line)) == shown


@pytest.mark.parametrize(
    ("line", "shown"),
    [("secret=secret", "secret=***"), ("secret: secret", "secret: ***"), ("secret", "***")],
)
def test_of_a_file_without_quotes_the_value_is_hidden(line: str, shown: str) -> None:
    assert without(line, hidden(line, ["secret"], "dotenv"), 0, len(line)) == shown


def test_secrets_that_overlap_leave_nothing() -> None:
    line = "key = 'topsecretkey'"
    assert without(line, hidden(line, ["topsecret", "secretkey"], "python"), 0, len(line)) == "key = '***'"


def test_a_report_shows_names_and_hides_keys(tmp_path: Path) -> None:
    text = "import jwt\n\n\ndef token_of(token_secret='token'):\n    return jwt.encode({'sub': '1'}, token_secret)\n"
    (tmp_path / "app.py").write_text(text, encoding="utf-8")
    out = StringIO()
    writer("full")(engine.check(workspace([tmp_path]), rule.load(["hardcoded-secret"])), out, False)
    assert "def token_of(token_secret='***'):" in out.getvalue()
    assert "'token'" not in out.getvalue()
