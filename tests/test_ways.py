"""Ways by which a value comes to a call, and by which what it gives is used: settings, objects, attributes."""

from pathlib import Path

import pytest

from jwtlint import engine, rule
from jwtlint.files import workspace

APP = """
from flask import Flask
from flask_jwt_extended import JWTManager, create_access_token

app = Flask(__name__)
{settings}
JWTManager(app)


def login(user):
    return create_access_token(identity=user)
"""


@pytest.mark.parametrize(
    ("given", "shared"),
    [
        ("", True),
        ("JWT_SECRET_KEY", False),
        ("JWT_PRIVATE_KEY", False),
    ],
)
def test_a_key_of_its_own_is_not_the_frameworks(given: str, shared: bool, tmp_path: Path) -> None:
    line = f"app.config[{given!r}] = load()" if given else ""
    (tmp_path / "app.py").write_text(APP.format(settings=line), encoding="utf-8")
    found = engine.check(workspace([tmp_path]), rule.load()).findings
    assert ("shared-secret" in {finding.rule for finding in found}) is shared


GENERIC = """
from typing import Generic, TypeVar

import jwt

T = TypeVar("T")


class Signer(Generic[T]):
    def __init__(self, key):
        self.key = key

    def token(self, claims: T):
        return jwt.encode(claims, self.key, algorithm="HS256")


signer = Signer[dict]("secret")
TOKEN = signer.token({"sub": "1"})
"""


def test_a_class_with_its_types_is_the_class(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(GENERIC, encoding="utf-8")
    found = engine.check(workspace([tmp_path]), rule.load()).findings
    assert "hardcoded-secret" in {finding.rule for finding in found}


OBJECTS = """
import os

from litestar.security.jwt import JWTAuth, Token

KEY = os.environ["KEY"]
{line}
"""


@pytest.mark.parametrize(
    ("line", "believed"),
    [
        ("USER = Token.decode(text, KEY, 'HS256', verify_exp=False).sub", True),
        ("ISSUER = Token.decode(text, KEY, 'HS256', verify_exp=False).iss", False),
        ("auth = JWTAuth(KEY, find_user, verify_expiry=False)", True),
    ],
)
def test_what_an_object_says_is_believed(line: str, believed: bool, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(OBJECTS.format(line=line), encoding="utf-8")
    found = engine.check(workspace([tmp_path]), rule.load()).findings
    assert ("expiry-not-verified" in {finding.rule for finding in found}) is believed


GUESSED = """
import jwt


class Token:
    {decorator}
    def make(self, secret, algorithm):
        return jwt.encode({{"sub": self.sub, "exp": self.exp}}, secret, algorithm=algorithm)


def text_of(page):
    return page.make({arguments})
"""


@pytest.mark.parametrize(
    ("decorator", "arguments", "rules"),
    [
        ("", "'utf-8'", []),
        ("", "'utf-8', 'HS256'", ["hardcoded-secret", "weak-secret"]),
        ("", "'utf-8', algorithm='HS256'", ["hardcoded-secret", "weak-secret"]),
        ("@classmethod", "'utf-8'", []),
        ("@with_settings", "'utf-8'", ["hardcoded-secret", "weak-secret"]),
    ],
)
def test_a_call_that_lacks_an_argument_is_of_another_function(
    decorator: str, arguments: str, rules: list[str], tmp_path: Path
) -> None:
    text = GUESSED.format(decorator=decorator, arguments=arguments)
    (tmp_path / "app.py").write_text(text, encoding="utf-8")
    assert [finding.rule for finding in engine.check(workspace([tmp_path]), rule.load()).findings] == rules


HANDED = """
from authlib.jose import jwt


def check(claims{default}):
    claims.validate()


def user_of(token, key):
    claims = jwt.decode(token, key)
    {helper}(claims)
    return claims["sub"]
"""


@pytest.mark.parametrize(
    ("helper", "default", "checked"),
    [("check", "", True), ("check", "=None", True), ("print", "", False)],
)
def test_a_helper_validates_the_claims_that_it_is_handed(
    helper: str, default: str, checked: bool, tmp_path: Path
) -> None:
    (tmp_path / "app.py").write_text(HANDED.format(helper=helper, default=default), encoding="utf-8")
    found = engine.check(workspace([tmp_path]), rule.load()).findings
    assert ("expiry-not-verified" not in {finding.rule for finding in found}) is checked


@pytest.mark.parametrize(
    ("lines", "key", "rules"),
    [
        ("app.secret_key = 'x' * 40", None, {"hardcoded-secret", "shared-secret"}),
        ("app.secret_key = 'x' * 40\napp.config['JWT_SECRET_KEY'] = load()", None, set()),
        ("app.secret_key = load()", "app.secret_key", {"shared-secret"}),
        ("app.config['SECRET_KEY'] = 'x' * 40", "current_app.secret_key", {"hardcoded-secret", "shared-secret"}),
        ("app.secret_key = 'x' * 40", "app.config['SECRET_KEY']", {"hardcoded-secret", "shared-secret"}),
        ("other = load()\nother.secret_key = 'x' * 40", "other.secret_key", set()),
    ],
)
def test_an_attribute_that_stands_for_a_setting(lines: str, key: str | None, rules: set[str], tmp_path: Path) -> None:
    text = APP.format(settings=lines)
    if key:
        text = "from flask import Flask, current_app\nimport jwt\n\napp = Flask(__name__)\n" + lines
        text += f"\n\n\ndef token_of(user):\n    return jwt.encode({{'sub': user, 'exp': 1}}, {key})\n"
    (tmp_path / "app.py").write_text(text, encoding="utf-8")
    found = {finding.rule for finding in engine.check(workspace([tmp_path]), rule.load()).findings}
    assert found & {"hardcoded-secret", "shared-secret"} == rules
