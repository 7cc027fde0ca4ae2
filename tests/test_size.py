"""The estimated size of a token against tokens that a library makes."""

from pathlib import Path

import jwt
import pytest

from jwtlint import engine
from jwtlint.files import workspace
from jwtlint.project.size import Size

KEY = "k" * 64
PROGRAM = """
import os
import time

import jwt


def create_access_token():
    claims = {claims}
    return jwt.encode(claims, os.environ["KEY"], algorithm="{algorithm}")
"""


def sizes(tmp_path: Path, claims: str, algorithm: str) -> list[Size]:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "app.py").write_text(PROGRAM.format(claims=claims, algorithm=algorithm), encoding="utf-8")
    return engine.understand(workspace([tmp_path]), {}, lambda project: [project.size(it) for it in project.payloads])


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "1"},
        {"sub": "0f1c", "admin": True, "level": 3, "nothing": None},
        {"sub": "ü", "scopes": ["read", "write"], "address": {"city": "Bremen", "zip": "28195"}},
        {"sub": "x" * 700},
    ],
    ids=["id", "constants", "nested", "long"],
)
def test_what_is_known_whole_is_as_long_as_the_librarys_token(
    tmp_path: Path, claims: dict[str, object], algorithm: str
) -> None:
    (size,) = sizes(tmp_path, repr(claims), algorithm)
    assert size == Size(len(jwt.encode(claims, KEY, algorithm=algorithm)), (), whole=True)


def test_times_count_as_they_are_written(tmp_path: Path) -> None:
    (size,) = sizes(tmp_path, '{"sub": "1", "exp": int(time.time()) + 60}', "HS256")
    assert size.least == len(jwt.encode({"sub": "1", "exp": 1_800_000_000}, KEY, algorithm="HS256"))


def test_what_is_not_known_is_named_and_counts_for_nothing(tmp_path: Path) -> None:
    (size,) = sizes(tmp_path, '{"sub": os.environ["USER"], **extra()}', "HS256")
    assert (size.unknown, size.whole) == (("sub",), False)
    assert size.least <= len(jwt.encode({"sub": ""}, KEY, algorithm="HS256"))
    assert str(size).endswith("bytes encoded (`sub`, further claims unknown)")
