"""The map: whole paths, what issues whatever it is called, what could not be read, and the forms it is drawn in."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from jwtlint.cli import cli

TOKENS = """
import os
import time

import jwt


def make_token(name):
    return jwt.encode({"sub": name, "exp": time.time() + 600}, os.environ["KEY"], algorithm="HS256")


def user_of(token):
    return jwt.decode(token, os.environ["KEY"], algorithms=["HS256"])["sub"]
"""
PACKAGES = {
    "shop/__init__.py": "",
    "shop/tokens.py": TOKENS,
    "shop/main.py": """
from fastapi import FastAPI

from shop.routes import router

app = FastAPI()
app.include_router(router, prefix="/api")
""",
    "shop/routes/__init__.py": """
from fastapi import APIRouter

from . import people

router = APIRouter(prefix="/v1")
router.include_router(people.router)
router.include_router(people.members)
""",
    "shop/routes/routers.py": """
from fastapi import APIRouter


class MemberRouter(APIRouter):
    def __init__(self, prefix: str = "", **rest):
        super().__init__(prefix=prefix, **rest)
""",
    "shop/routes/people.py": """
from fastapi import APIRouter

from shop.routes.routers import MemberRouter
from shop.tokens import make_token, user_of

router = APIRouter(prefix="/people")
members = MemberRouter()


@router.post("/exchange")
def exchange(name: str):
    return {"access_token": make_token(name)}


@members.get("/me")
def me(token: str):
    return user_of(token)


@members.post("/logout")
def logout():
    return {}
""",
}


def drawn(folder: Path, files: Mapping[str, str], form: str = "json", code: int = 0) -> str:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(cli, ["map", str(folder), "--output-format", form, "--color", "never"])
    assert done.exit_code == code, done.output
    return done.output


def steps(folder: Path, files: Mapping[str, str], phase: str) -> list[str]:
    (application,) = json.loads(drawn(folder, files))["applications"]
    return [
        f"{step['what']}: {step['does'] or step['missing']}" for step in application["steps"] if step["phase"] == phase
    ]


@pytest.mark.parametrize(
    ("phase", "told"),
    [
        # Of a router in a package, under one with a prefix of its own, under one that is mounted at another.
        ("issue", ["POST /api/v1/people/exchange: issues an access token for 10 minutes"]),
        # Of a router whose class is the project's.
        ("logout", ["POST /api/v1/logout: changes nothing on the server: the token stays good"]),
    ],
)
def test_paths_are_whole_and_what_issues_needs_no_telling_name(phase: str, told: list[str], tmp_path: Path) -> None:
    assert steps(tmp_path, PACKAGES, phase) == told


FLASK = f"""{TOKENS}
from flask import Flask, request

app = Flask(__name__)


@app.post("/login")
def login():
    return {{"token": make_token(request.json["name"])}}


@app.get("/me")
def me():
    return user_of(request.args["token"])


@app.post("/{{place}}/login")
def login_to_the_forum():
    return {{"ok": True}}


@app.post("/forum/logout")
def logout():
    return {{"ok": True}}
"""


@pytest.mark.parametrize(("place", "what"), [("forum", ""), ("shop", "POST /forum/logout")])
def test_a_logout_beside_a_login_without_tokens_ends_something_else(place: str, what: str, tmp_path: Path) -> None:
    (told,) = steps(tmp_path, {"app.py": FLASK.replace("{place}", place)}, "logout")
    assert told.partition(":")[0] == what


CLASSES = f"""{TOKENS}
from django.http import JsonResponse
from django.urls import path
from rest_framework_simplejwt.tokens import AccessToken


def login(request):
    return JsonResponse({{"token": make_token(request.POST["name"])}})


def me(request):
    return JsonResponse(AccessToken({{given}}).payload)


urlpatterns = [path("login/", login), path("me/", me)]
"""


@pytest.mark.parametrize(("given", "made"), [("request.GET['token']", 0), ("", 1)])
def test_a_token_that_is_read_is_not_made(given: str, made: int, tmp_path: Path) -> None:
    told = json.loads(drawn(tmp_path, {"views.py": CLASSES.replace("{given}", given)}))["applications"][0]["steps"]
    assert sum(step["phase"] == "issue" for step in told) == made


BY_DEFAULT = TOKENS.replace("600", 'int(os.environ.get("LIFE", 600))')


def test_a_length_that_may_be_set_otherwise_is_one_by_default(tmp_path: Path) -> None:
    assert steps(tmp_path, PACKAGES | {"shop/tokens.py": BY_DEFAULT}, "issue") == [
        "POST /api/v1/people/exchange: issues an access token for 10 minutes by default"
    ]


def test_files_that_could_not_be_read_are_told(tmp_path: Path) -> None:
    broken = {"app.py": "import jwt\ndef login(:\n"}
    assert json.loads(drawn(tmp_path, broken, code=3))["unread"] == ["app.py"]
    assert "not read: app.py" in drawn(tmp_path, {}, "text", code=3)


def test_lines_fit_a_terminal(tmp_path: Path) -> None:
    assert max(map(len, drawn(tmp_path, PACKAGES, "text").splitlines())) <= 96


def test_each_missing_arrow_is_dashed_in_the_diagram(tmp_path: Path) -> None:
    (application,) = json.loads(drawn(tmp_path, PACKAGES))["applications"]
    missing = {step["missing"] for step in application["steps"] if step["missing"]}
    lines = drawn(tmp_path, {}, "mermaid").splitlines()
    assert lines[0] == "flowchart LR"
    assert {match[1] for line in lines if (match := re.search(r'-\.->\|"\u2717 (.*)"\|', line))} == missing


def test_the_page_has_the_keys_of_the_document(tmp_path: Path) -> None:
    page = (Path(__file__).parent.parent / "docs" / "map.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    said, given = json.loads(text), json.loads(drawn(tmp_path, PACKAGES))
    assert said.keys() == given.keys()
    assert said["applications"][0].keys() == given["applications"][0].keys()
    assert said["applications"][0]["steps"][0].keys() == given["applications"][0]["steps"][0].keys()
