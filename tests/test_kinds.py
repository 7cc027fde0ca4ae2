"""What a token is for where neither its library nor its claims say so."""

from types import SimpleNamespace
from typing import cast

import pytest

from jwtlint.project.concepts import Issuance
from jwtlint.project.kinds import kind


def token(function: str, *added: str) -> Issuance:
    """A token that a library fills in by itself, issued in a function."""
    frame = SimpleNamespace(chain=())
    module = SimpleNamespace(path="app.py")
    return cast(
        Issuance,
        SimpleNamespace(
            part=lambda _: (), claims=(), functions=(function,), frame=frame, module=module, added=frozenset(added)
        ),
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
