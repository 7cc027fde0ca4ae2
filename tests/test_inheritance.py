"""Classes of the project that inherit a library's: they are seen under their own names, and so is what they are made with."""

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
