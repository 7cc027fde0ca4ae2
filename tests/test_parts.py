"""What parts of a model say, on a library that is made up."""

from collections.abc import Mapping
from typing import Any

from jwtlint.models import Models
from jwtlint.models.calls import Calls, Entry
from jwtlint.project import Project
from jwtlint.project.names import Module, Modules
from jwtlint.read import read


def project(text: str, **calls: Mapping[str, Mapping[str, Any]]) -> Project:
    """A project of one file; each call of the library `made` is given by its parameters and roles."""
    entries = [Entry("made.yml", "Made", f"made.{name}", roles) for name, roles in calls.items()]
    module = Module("app.py", "python", read("python", f"import made\n{text}\n".encode()))
    return Project({"app.py": module}, Modules(frozenset({"app.py"})), Models(Calls(entries)), lambda _: ())


def test_a_role_may_hold_only_where_something_is_given() -> None:
    roles = {"verifies": {"if": "key", "token": "token", "key": "key"}}
    for arguments, count in (("t", 0), ("t, None", 0), ("t, key='k'", 1), ("t, found()", 1)):
        made = project(f"made.check({arguments})", **{"check(token, key=None)": roles})
        assert len(made.verifications) == count, arguments


def test_the_keys_of_a_mapping_are_what_is_added() -> None:
    roles = {"issues": {"claims": "claims", "adds": "defaults"}}
    for defaults, missing in (("{'exp': None}", 0), ("{'iat': None}", 1), ("None", 1)):
        made = project(f"made.sign({{'sub': 1}}, {defaults})", **{"sign(claims, defaults=None)": roles})
        assert len(made.issuances[0].claims_without_expiry) == missing, defaults


def test_what_is_not_known_may_add_an_expiry() -> None:
    roles = {"issues": {"claims": "claims", "adds": "defaults"}}
    made = project("made.sign({'sub': 1}, found())", **{"sign(claims, defaults=None)": roles})
    assert made.issuances[0].claims_without_expiry == ()


def test_an_object_that_is_filled_holds_what_is_believed() -> None:
    calls = {"Token()": {}, "Token().read(token)": {"verifies": {"token": "token", "into": "self"}}}
    for used, trusted in (("return t.claims", True), ("return None", False)):
        made = project(f"def user(token):\n    t = made.Token()\n    t.read(token)\n    {used}", **calls)
        assert [token.is_trusted for token in made.verifications] == [trusted], used
