"""What is asked of a token's life beyond the examples of the pages: levels, new rows, kinds that nobody knows."""

from pathlib import Path

import pytest

from jwtlint import engine, rule
from jwtlint.files import workspace

LOGIN = """
import os
import time

import jwt
from flask import Flask, request

app = Flask(__name__)


@app.post("/login")
def login():
    claims = {"sub": request.json["name"], "exp": time.time() + 600}
    return {"token": jwt.encode(claims, os.environ["KEY"], algorithm="HS256")}
"""


@pytest.mark.parametrize(("page", "level"), [("templates/index.html", "warning"), ("README.html", "note")])
def test_a_token_for_a_session_weighs_more_where_browsers_are_served(page: str, level: str, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(LOGIN, encoding="utf-8")
    (tmp_path / page).parent.mkdir(exist_ok=True)
    (tmp_path / page).write_text("<p>Hello</p>", encoding="utf-8")
    found = engine.check(workspace([tmp_path]), rule.load(["jwt-as-session"])).findings
    assert [finding.level for finding in found] == [level]


ROWS = """
from sqlalchemy import insert, update
from sqlalchemy.orm import DeclarativeBase, Session


class Token(DeclarativeBase): ...


def write(session: Session, known: Token):
    {statement}
"""


@pytest.mark.parametrize(
    ("statement", "new"),
    [
        ("session.add(Token())", True),
        ("session.add(known)", False),
        ("session.execute(insert(Token))", True),
        ("session.execute(update(Token))", False),
        ("session.execute('INSERT INTO tokens VALUES (1)')", True),
        ("session.execute('INSERT OR REPLACE INTO tokens VALUES (1)')", False),
    ],
)
def test_a_row_is_new_where_it_can_be_no_other(statement: str, new: bool, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(ROWS.format(statement=statement), encoding="utf-8")
    found = workspace([tmp_path])
    project = engine.link(found, engine.read(found, found.sources))
    assert [access.new for access in project.accesses if access.action == "write"] == [new]


TYPED = """
import jwt


def token(user, kind):
    return jwt.encode({{"sub": user, "{claim}": kind}}, KEY, algorithm="HS256")
"""


@pytest.mark.parametrize(("claim", "kind"), [("type", "unknown"), ("scope", "access")])
def test_a_token_whose_type_nobody_knows_is_of_no_known_kind(claim: str, kind: str, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(TYPED.format(claim=claim), encoding="utf-8")
    found = workspace([tmp_path])
    project = engine.link(found, engine.read(found, found.sources))
    assert [token.kind for token in project.issuances] == [kind]
