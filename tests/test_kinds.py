"""What a token is for where neither its library nor its claims say so."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from jwtlint import engine, rule
from jwtlint.files import workspace
from jwtlint.project.concepts import Issuance
from jwtlint.project.kinds import kind


def token(function: str, *added: str) -> Issuance:
    """A token that a library fills in by itself, issued in a function."""
    module = SimpleNamespace(path="app.py", labels={})
    frame = SimpleNamespace(function=SimpleNamespace(name=function, scope=""), module=module, use=None, args={})
    frame.chain = (frame,)
    use = SimpleNamespace(call=None)
    return cast(
        Issuance,
        SimpleNamespace(part=lambda _: (), claims=(), use=use, frame=frame, module=module, added=frozenset(added)),
    )


@pytest.mark.parametrize(
    ("function", "added", "expected"),
    [
        ("get_strategy", ("sub",), "access"),
        ("get_refresh_strategy", ("sub",), "refresh"),
        ("get_strategy", ("jti",), "unknown"),
    ],
)
def test_a_token_that_names_its_user_is_for_access_where_no_name_says_otherwise(
    function: str, added: tuple[str, ...], expected: str
) -> None:
    assert kind(token(function, *added)) == expected


ISSUING = "jwt.encode({claims}, KEY, algorithm='HS256')"


@pytest.mark.parametrize(
    ("claims", "expected"),
    [("{'user': name, 'exp': moment()}", ["missing-jti"]), ("{'theme': name, 'exp': moment()}", [])],
)
@pytest.mark.parametrize(
    "body",
    [
        f"def show(name):\n    cookie = {ISSUING}\n    return cookie\n",
        f"class Login:\n    def mutate(self, name):\n        return {ISSUING}\n",
    ],
    ids=["cookie", "class"],
)
def test_what_keeps_a_token_or_makes_it_says_access_where_the_claims_surely_name_a_user(
    body: str, claims: str, expected: list[str], tmp_path: Path
) -> None:
    text = "import jwt\nfrom keys import KEY, moment\n\n\n" + body.replace("{claims}", claims)
    (tmp_path / "app.py").write_text(text)
    findings = engine.check(workspace([tmp_path]), rule.load(["missing-jti"])).findings
    assert [finding.rule for finding in findings] == expected


@pytest.mark.parametrize(("given", "expected"), [("{ token }", ["missing-jti"]), ("user", [])])
def test_a_function_called_after_what_it_does_with_a_token_says_nothing_of_what_it_makes(
    given: str, expected: list[str], tmp_path: Path
) -> None:
    """`refreshToken(token)` gives another access token, `refreshToken(user)` a refresh token."""
    text = 'const jwt = require("jsonwebtoken");\n'
    text += "const makeToken = (user) => jwt.sign({ sub: user.id, exp: 1 }, process.env.KEY);\n"
    text += f"exports.refreshToken = ({given}) => makeToken(owner({given.strip('{} ')}));\n"
    (tmp_path / "a.js").write_text(text)
    findings = engine.check(workspace([tmp_path]), rule.load(["missing-jti"])).findings
    assert [item.rule for item in findings if "access" in item.message] == expected
