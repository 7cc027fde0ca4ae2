"""Objects of a library: made by classes of the project that inherit its own, and used in files that do not name it."""

from pathlib import Path

import pytest

from jwtlint import engine, rule
from jwtlint.files import workspace

PLAIN = """
from fastapi_users.authentication import JWTStrategy


class Strategy(JWTStrategy):
    pass


strategy = Strategy(key, 86400)
"""
GENERIC = PLAIN.replace("(JWTStrategy)", "(JWTStrategy[User, int])")
TWICE = GENERIC.replace("strategy = Strategy(", "class Own(Strategy):\n    pass\n\n\nstrategy = Own(")


def found(folder: Path, text: str) -> list[str]:
    (folder / "app.py").write_text(text)
    return [finding.rule for finding in engine.check(workspace([folder]), rule.load()).findings]


@pytest.mark.parametrize("text", [PLAIN, GENERIC, TWICE], ids=["plain", "generic", "twice"])
def test_a_class_that_inherits_a_modelled_one_is_made_like_it(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text) == ["long-access-token"]


def test_files_that_call_a_method_of_such_an_object_are_read(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(PLAIN)
    (tmp_path / "routes.py").write_text("import app\n\n\nasync def login(u):\n    await app.strategy.write_token(u)\n")
    (tmp_path / "other.py").write_text("import app\n\nprint(app.strategy)\n")
    assert engine.check(workspace([tmp_path]), rule.load()).files_read == 2


@pytest.mark.parametrize(
    ("read", "rules"), [("items()", ["expiry-not-verified", "signature-not-verified"]), ("get('exp')", [])]
)
def test_what_is_read_of_a_result_by_attribute_is_used(tmp_path: Path, read: str, rules: list[str]) -> None:
    call = f'jwt.decode(token, options={{"verify_signature": False}}).{read}'
    assert found(tmp_path, f"import jwt\n\n\ndef user_of(token):\n    return {call}\n") == rules


def test_a_field_of_a_settings_class_is_what_the_setting_falls_back_on(tmp_path: Path) -> None:
    (tmp_path / "config.py").write_text(
        "from pydantic_settings import BaseSettings\n\n\n"
        f"class Settings(BaseSettings):\n    JWT_SECRET_KEY: str = {'x' * 40!r}\n"
    )
    text = "from flask_jwt_extended import create_access_token\n\ntoken = create_access_token('1')\n"
    assert found(tmp_path, text) == ["default-secret"]


def test_a_constant_of_a_library_names_the_algorithm(tmp_path: Path) -> None:
    text = "from jose import jws\nfrom jose.constants import ALGORITHMS\n\n\n"
    text += "def user_of(token):\n    return jws.verify(token, {!r}, ALGORITHMS.{})\n"
    assert found(tmp_path, text.format("x" * 40, "HS256")) == ["hardcoded-secret"]
    assert found(tmp_path, text.format("x" * 40, "HS512")) == ["hardcoded-secret", "weak-secret"]
    assert found(tmp_path, text.format("x" * 40, "RS256")) == []


@pytest.mark.parametrize(
    ("source", "level"), [('open("public.pem").read()', "note"), ("httpx.get(URL).text", "warning")]
)
def test_a_key_in_a_file_is_no_other_partys(tmp_path: Path, source: str, level: str) -> None:
    text = f"import httpx\nimport jwt\n\nKEY = {source}\n\n\n"
    text += (
        "def user_of(token):\n    return jwt.decode(token, KEY, algorithms=['RS256'], options={'require': ['exp']})\n"
    )
    (tmp_path / "app.py").write_text(text)
    findings = engine.check(workspace([tmp_path]), rule.load()).findings
    assert [(finding.rule, finding.level) for finding in findings] == [("missing-audience-issuer", level)]


OWN = """
from fastapi_users.authentication import JWTStrategy


class Strategy(JWTStrategy):
    def __init__(self, {params}):
        super().__init__({arguments})

    async def write_token(self, user):
        return await super().write_token(user)


strategy = Strategy({given})
"""


@pytest.mark.parametrize(
    ("params", "arguments", "given", "rules"),
    [
        ("key", "key, 86400", "load()", ["long-access-token"]),
        ("key", "secret=key, lifetime_seconds=60", "'x' * 40", ["hardcoded-secret"]),
        ("key, life", "key, lifetime_seconds=life", "load(), None", ["missing-expiry"]),
        ("key", "key, 60", "load()", []),
    ],
)
def test_what_a_constructor_hands_up_is_given_to_the_library(
    tmp_path: Path, params: str, arguments: str, given: str, rules: list[str]
) -> None:
    text = OWN.format(params=params, arguments=arguments, given=given)
    assert sorted({*found(tmp_path, text)}) == rules


ABOVE = """
import jwt


class Base:
    def __init__(self, key):
        self.key = key

    def token(self, claims):
        return jwt.encode(claims, self.key, algorithm="HS256")


class Signer(Base):
    def __init__(self):
        super().__init__("secret")

    def token(self, claims):
        return super().token({"exp": 1, **claims})


TOKEN = Signer().token({"sub": "1"})
"""


def test_super_is_the_class_above(tmp_path: Path) -> None:
    assert "hardcoded-secret" in found(tmp_path, ABOVE)
