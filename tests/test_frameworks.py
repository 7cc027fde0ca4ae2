"""The endpoints that each framework's application has: method, path, handler, purpose, and what runs first."""

from pathlib import Path

import pytest

from jwtlint import engine
from jwtlint.files import workspace
from jwtlint.project import handlers
from jwtlint.project.endpoints import Endpoint
from jwtlint.project.values import Evaluator

FRAMEWORKS = Path(__file__).parent.parent / "fixtures" / "frameworks"
NAMES = sorted(path.name for path in FRAMEWORKS.iterdir() if path.is_dir())


def endpoints(folder: Path) -> list[str]:
    found = workspace([folder])
    facts = engine.read(found, [source for source in found.sources if source.kind != "pins"])
    assert not [said.problem for said in facts.values() if said.problem]
    project = engine.link(found, facts)
    return sorted(line(endpoint, project.evaluator) for endpoint in project.endpoints)


def line(endpoint: Endpoint, evaluator: Evaluator) -> str:
    before = dict.fromkeys((*endpoint.before, *handlers.before(evaluator, endpoint.handler)))
    first = " ".join(handlers.name(handler) for handler in before)
    told = f"{endpoint.method} {endpoint.path or '-'} {endpoint.name} {endpoint.purpose or '-'}"
    return f"{told} < {first}" if first else told


@pytest.mark.parametrize("name", NAMES)
def test_endpoints(name: str) -> None:
    expected = (FRAMEWORKS / name / "endpoints.txt").read_text(encoding="utf-8").splitlines()
    assert endpoints(FRAMEWORKS / name) == expected
