"""Settings files become one mapping with places, whatever their bytes are."""

import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jwtlint.facts import Constant, Entries, Facts, Items, Term
from jwtlint.paths import kind
from jwtlint.read import read
from jwtlint.read.guards import read_all

SECONDS = 1.0
DEEP = 20_000


def entries(term: Term, path: str = "") -> Iterator[tuple[str, object, int, int]]:
    """Path, value, line and column of every plain entry."""
    if isinstance(term, Items):
        for index, item in enumerate(term.items):
            yield from entries(item, f"{path}{index}.")
    for entry in term.items if isinstance(term, Entries) else ():
        name = entry.key.value if isinstance(entry.key, Constant) else "*"
        if isinstance(entry.value, Constant):
            yield f"{path}{name}", entry.value.value, entry.at.line, entry.at.column
        else:
            yield from entries(entry.value, f"{path}{name}.")


def found(kind: str, text: str) -> dict[str, tuple[object, int, int]]:
    (facts,) = read_all([(f"settings-{kind}", text.encode())])
    assert facts.problem == ""
    (binding,) = facts.bindings
    return {path: (value, line, column) for path, value, line, column in entries(binding.value)}


YAML = """\
jwt: &jwt # tokens
  key: s3cret
  life: 1_000
other:
  <<: *jwt
  life: 2
list: [{ttl: 3}]
"""
TOML = '''\
top = true
[jwt]
key = """
a = 1
"""
life.access = 900 # seconds
inline = { a = 1, b = "#" }
[[keys]]
id = 1
[[keys]]
id = 2
'''
INI = """\
[DEFAULT]
life = 5
[jwt]
Key = s3cret
; key = other
url: %(home)s/x
[other]
life = 6
"""


def test_yaml() -> None:
    assert found("yaml", YAML) == {
        "jwt.key": ("s3cret", 2, 3),
        "jwt.life": (1000, 3, 3),
        "other.*.key": ("s3cret", 2, 3),
        "other.*.life": (1000, 3, 3),
        "other.life": (2, 6, 3),
        "list.0.ttl": (3, 7, 9),
    }


def test_toml() -> None:
    assert found("toml", TOML) == {
        "top": (True, 1, 1),
        "jwt.key": ("a = 1\n", 3, 1),
        "jwt.life.access": (900, 6, 1),
        "jwt.inline.a": (1, 7, 1),
        "jwt.inline.b": ("#", 7, 1),
        "keys.0.id": (1, 10, 1),
        "keys.1.id": (2, 10, 1),
    }


def test_ini_with_its_defaults_and_without_interpolated_values() -> None:
    assert found("ini", INI) == {
        "jwt.life": ("5", 2, 1),
        "jwt.key": ("s3cret", 4, 1),
        "other.life": ("6", 8, 1),
        "DEFAULT.life": ("5", 2, 1),
    }


def test_json_has_places_unless_it_is_no_yaml() -> None:
    assert found("yaml", '{\n\t"jwt": {"life": 900}\n}') == {"jwt.life": (900, 2, 10)}
    assert found("yaml", '{"a": "\\ud83d\\ude00"}') == {"a": ("\U0001f600", 1, 1)}


@pytest.mark.parametrize(("kind", "text"), [("yaml", YAML), ("toml", TOML), ("ini", INI)])
def test_line_ends_and_a_byte_order_mark_change_nothing(kind: str, text: str) -> None:
    assert found(kind, "\ufeff" + text.replace("\n", "\r\n")) == found(kind, text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [("yaml", "a: 1 # {}"), ("toml", "a = 1 # {}"), ("ini", "[a]\n# {}\nb = 1")],
)
def test_comments_that_set_findings_aside(kind: str, text: str) -> None:
    (ignore,) = read(f"settings-{kind}", text.format("jwtlint: ignore[weak-secret] a test's").encode()).ignores
    assert (ignore.rules, ignore.reason) == (("weak-secret",), "a test's")


def test_a_config_file_without_sections_is_python_where_it_can_be() -> None:
    python, neither = read_all([("settings-ini", b"KEY = 'a'\n"), ("settings-ini", b"key = some words\n")])
    assert [getattr(item.target, "id", "") for item in python.bindings] == ["KEY"]
    assert "no section before line 1" in neither.problem


def bomb(first: str, each: str) -> bytes:
    lines = [first, *(each.format(n, ", ".join([f"*a{n - 1}"] * 10)) for n in range(1, 40))]
    return "\n".join(lines).encode()


HOSTILE = {
    "brackets": b"a = " + b"[" * DEEP + b"]" * DEEP,
    "braces": b'{"a":' * DEEP,
    "dashes": b"- " * DEEP + b"a",
    "question marks": b"? " * DEEP + b"a",
    "dotted keys": b"a." * DEEP + b"b = 1",
    "dotted tables": b"[" + b"a." * DEEP + b"b]\nc = 1",
    "indentation": b"".join(b" " * n + b"a:\n" for n in range(900)),
    "aliases": bomb("a0: &a0 [x, x]", "a{0}: &a{0} [{1}]"),
    "merges": bomb("a0: &a0 {x: 1}", "a{0}: &a{0} {{<<: [{1}]}}"),
    "itself": b"a: &a [*a, *a]\n",
    "quotes": b'a = """' + b'\\"' * DEEP,
    "NUL": b"a: \0",
    "Latin-1": "[jwt]\nkey = 'schl\u00fcssel'\n".encode("latin-1"),
    "binary": bytes(range(256)) * 8,
    "one long line": b"[a]\n" + b"k" * 400_000,
    "spaces": b" " * 400_000,
    "many lines": b"a = 1\n" * 60_000,
    "many tables": b"".join(b"[k%d.b]\n" % n for n in range(30_000)),
}


@pytest.mark.parametrize("kind", ["yaml", "toml", "ini"])
@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_end_soon_as_facts_or_a_named_problem(kind: str, data: bytes) -> None:
    started = time.process_time()
    (facts,) = read_all([(f"settings-{kind}", data)])
    assert time.process_time() - started < SECONDS
    assert facts.problem or facts.bindings
    assert "\n" not in facts.problem
    assert sum(1 for binding in facts.bindings for _ in entries(binding.value)) <= 20_001


def test_the_text_of_a_file_is_no_part_of_its_problem() -> None:
    for broken in ("yaml", "toml", "ini"):
        (facts,) = read_all([(f"settings-{broken}", b"[a]\nkey s3cret\n = : [\n")])
        assert facts.problem and "s3cret" not in facts.problem


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="=:()[]{}'\"#\n\t abc01.,&*<-?%|", max_size=60), st.sampled_from(["yaml", "toml", "ini"]))
def test_no_text_raises(text: str, kind: str) -> None:
    assert isinstance(read(f"settings-{kind}", text.encode()), Facts)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("config.yml", "settings-yaml"),
        ("conf/app.JSON", "settings-yaml"),
        (".secrets.toml", "settings-toml"),
        ("app.ini", "settings-ini"),
        ("pyproject.toml", "pins"),
        ("setup.cfg", "pins"),
        ("openapi.yaml", "openapi"),
    ],
)
def test_kinds(path: str, expected: str) -> None:
    assert kind(path) == expected
