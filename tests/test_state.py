"""What an application does with state, in the words of each library that keeps some."""

from pathlib import Path

import pytest

from jwtlint import engine
from jwtlint.files import workspace
from jwtlint.project.state import Access

STATE = Path(__file__).parent.parent / "fixtures" / "state"
NAMES = sorted(path.name for path in STATE.iterdir() if path.is_dir())


def line(access: Access) -> str:
    lives = "".join(f" {life.data}" for life in access.ttl)
    return f"{access.scope}: {access.action} {access.kind} {access.subject}{lives}"


@pytest.mark.parametrize("name", NAMES)
def test_accesses(name: str) -> None:
    found = workspace([STATE / name])
    facts = engine.read(found, [source for source in found.sources if source.kind not in ("pins", "packages")])
    expected = (STATE / name / "state.txt").read_text(encoding="utf-8").splitlines()
    assert sorted({line(access) for access in engine.link(found, facts).accesses}) == expected
