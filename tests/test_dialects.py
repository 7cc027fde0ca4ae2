"""The same application in the dialect of each library: what is careless there is found, what is careful is left alone,
and the library itself confirms what is said of it.
"""

import base64
import json
import os
import subprocess
import time
import tomllib
from pathlib import Path
from typing import Any, cast

import pytest
from isolated import DIALECTS, python, told

from jwtlint import engine, rule
from jwtlint.files import workspace

FLAWS = tuple(tomllib.loads((DIALECTS / "flaws.toml").read_text(encoding="utf-8"))["slugs"])
LIBRARIES = sorted(path.name for path in DIALECTS.iterdir() if path.is_dir())
# What two functions cannot have, whatever their library: state, sessions, a logout, a cookie.
APPLICATION = ("revocation", "refresh", "jwt-as-session", "refresh-token-in-body")
RUNNER = Path(__file__).parent / "dialect_runner.py"
LIMIT = 900  # seconds that an access token may live


def impossible(library: str) -> dict[str, str]:
    """What the library leaves no room for: flaws by slug, or `issuing`."""
    return cast("dict[str, str]", told(library).get("impossible", {}))


def found(folder: Path) -> dict[str, str]:
    report = engine.check(workspace([folder]), rule.load(ignore=APPLICATION))
    assert report.files_read > 0
    assert not report.problems
    return {finding.rule: f"{finding.at} {finding.message}" for finding in report.findings}


def ran(library: str, application: str) -> dict[str, str]:
    """What the application does with the library itself."""
    interpreter = python(library)
    if not interpreter:
        if os.environ.get("CI"):
            pytest.fail(f"no environment of its own for {library}: python tests/isolated.py FOLDER")
        pytest.skip(f"{library} needs an environment of its own: {told(library)['isolated']}")
    argv = [interpreter, "-W", "ignore", str(RUNNER), str(DIALECTS / library / application)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    return cast("dict[str, str]", json.loads(done.stdout.splitlines()[-1]))


def claims(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    return cast("dict[str, Any]", json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))


@pytest.mark.parametrize("library", LIBRARIES)
def test_careless(library: str) -> None:
    slugs = found(DIALECTS / library / "careless")
    assert set(FLAWS) - impossible(library).keys() <= slugs.keys()
    assert not impossible(library).keys() & slugs.keys()


@pytest.mark.parametrize("library", LIBRARIES)
def test_careful(library: str) -> None:
    assert found(DIALECTS / library / "careful") == {}


@pytest.mark.parametrize("library", LIBRARIES)
def test_what_is_impossible_is_a_flaw_of_the_others(library: str) -> None:
    assert impossible(library).keys() <= {*FLAWS, "issuing"}
    assert all(len(reason) > 20 for reason in impossible(library).values())


@pytest.mark.parametrize("application", ["careless", "careful"])
@pytest.mark.parametrize("library", LIBRARIES)
def test_the_library_does_what_is_said_of_it(library: str, application: str) -> None:
    """The application runs: its token is read back, and lives as long as the findings say."""
    result = ran(library, application)
    if "issuing" in impossible(library):
        assert result == {}
        return
    assert result.get("user", "1") == "1"
    assert result["token"].count(".") >= 2 or "opaque" in told(library)
    if "opaque" not in told(library):
        expires = claims(result["token"]).get("exp", float("inf"))
        is_long = expires - time.time() > LIMIT
        assert is_long is (application == "careless" and "long-access-token" not in impossible(library))
