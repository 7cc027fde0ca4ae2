"""Bytes become facts, whatever the bytes are."""

import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jwtlint.engine import RECURSION
from jwtlint.facts import Facts
from jwtlint.read import guards, read
from jwtlint.read.guards import MAX_BYTES, read_all

NEWER = {
    "except without parentheses (PEP 758)": "try:\n    pass\nexcept KeyError, ValueError:\n    token = 1\n",
    "type parameters (PEP 695)": "def first[T](items: list[T]) -> T:\n    return items[0]\ntype Key = str\ntoken = 1\n",
    "defaults of type parameters (PEP 696)": "class Box[T = int]:\n    token = 1\n",
    "quotes within f-strings (PEP 701)": "token = f'{d['key']}'\n",
    "template strings (PEP 750)": "token = t'Bearer {key}'\n",
    "match": "match a:\n    case {'token': t}:\n        token = t\n",
    "groups of exceptions": "try:\n    pass\nexcept* KeyError:\n    token = 1\n",
    "assignment expressions": "if (token := find()):\n    pass\n",
}


@pytest.mark.parametrize("text", NEWER.values(), ids=NEWER)
def test_syntax_newer_than_the_host_is_read(text: str) -> None:
    (facts,) = read_all([("python", text.encode())])
    assert facts.problem == ""
    assert "token" in {getattr(binding.target, "id", "") for binding in facts.bindings}


HOSTILE = {
    "brackets": b"a = " + b"[" * 5_000 + b"]" * 5_000,
    "calls": b"a = " + b"f(" * 3_000 + b")" * 3_000,
    "a long sum": b"a = " + b"+".join([b"1"] * 9_000),
    "a long chain": b"a = b" + b".c" * 9_000,
    "unary": b"a = " + b"-" * 5_000 + b"1",
    "NUL": b"a = 1\0",
    "not UTF-8": b"a = '\xff\xfe'\n",
    "unknown encoding": b"# -*- coding: rot99 -*-\na = 1\n",
    "binary": bytes(range(256)) * 8,
    "half a file": b"def login(:\n",
    "Python 2": b"print 'token'\n",
    "a template": b"SECRET = {{ cookiecutter.secret }}\n{% if x %}\n",
    "too large": b"#" * (MAX_BYTES + 1),
    "tabs and spaces": b"if a:\n\tb = 1\n        c = 2\n",
    "an integer of a thousand digits": b"a = " + b"9" * 1_000,
    "an integer too long to convert": b"a = " + b"9" * 9_000,
}


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The worker waits a second; the recursion limit is that of a run."""
    monkeypatch.setattr(guards, "TIMEOUT", 1.0)
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(RECURSION)
    yield
    sys.setrecursionlimit(before)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_end_as_facts_or_a_named_problem(data: bytes) -> None:
    first, plain = read_all([("python", data), ("python", b"token = 1\n")])
    assert first.problem or first.bindings
    assert "\n" not in first.problem
    assert plain.bindings, "a hostile file costs at most itself"


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("brackets", "nested too deeply"),
        ("a long sum", "not parsed within 1 second"),
        ("NUL", "NUL"),
        ("too large", "2 MB"),
        ("half a file", "cannot be parsed"),
    ],
)
def test_problems_name_what_is_wrong(name: str, problem: str) -> None:
    assert problem in read_all([("python", HOSTILE[name])])[0].problem


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(["python", "dotenv", "pins"]))
def test_no_bytes_raise(data: bytes, kind: str) -> None:
    assert isinstance(read(kind, data), Facts)


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet="=:()[]{}'\"#\n\t abc01.,@*\\$-%&|", max_size=60), st.sampled_from(["python", "dotenv", "pins"])
)
def test_no_text_raises(text: str, kind: str) -> None:
    assert isinstance(read(kind, text.encode()), Facts)


PROGRAMS = sorted(Path(__file__).parent.parent.joinpath("jwtlint").rglob("*.py"))


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_equal_content_gives_equal_facts(path: Path) -> None:
    """Also after a journey through msgpack, which is what a cache keeps, and with any kind of line end."""
    data = path.read_bytes()
    facts = read("python", data)
    assert facts.problem == ""
    assert facts == read("python", data)
    assert facts == msgspec.msgpack.decode(msgspec.msgpack.encode(facts), type=Facts)
    assert facts == read("python", data.replace(b"\n", b"\r\n"))
    assert str(path) not in repr(facts)


def test_lines_count_as_editors_count_them() -> None:
    """A form feed and U+2028 end no line; a tab and a wide character are one column each."""
    text = "a = 1\n\x0c\nb = '\u2028'\nif True:\n\ttoken = '東京', 2\n"
    (facts,) = read_all([("python", text.encode())])
    places = {getattr(item.target, "id", ""): item.at for item in facts.bindings}
    assert places["b"].line == 3
    assert (places["token"].line, places["token"].column, places["token"].end_column) == (5, 2, 17)


def test_an_assert_is_a_raise_under_its_test() -> None:
    (raised,) = read("python", b'def f(claims):\n    assert claims["type"] == "access"\n    return claims\n').raises
    (guard,) = raised.when
    assert (guard.holds, guard.at.line, raised.at.line) == (False, 2, 2)
