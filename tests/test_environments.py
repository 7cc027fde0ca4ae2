"""What files put into a program's environment, each variable with its place."""

import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jwtlint import engine, rule, templates
from jwtlint.facts import AnyTerm, Constant, Either, Facts, Opaque, Span
from jwtlint.files import workspace
from jwtlint.paths import kind, role
from jwtlint.randomness import is_random
from jwtlint.read import read
from jwtlint.read.guards import read_all
from jwtlint.report import writer

DEEP = 20_000
KINDS = ["dotenv", "properties", "dockerfile", "settings-yaml", "settings-toml", "settings-ini"]


def said(term: AnyTerm) -> str:
    match term:
        case Constant(value=value):
            return str(value)
        case Opaque(kind="variable", parts=(Constant(value=name), Constant(value=holder))):
            return f"<{holder}/{name}>"
        case Either(options=options):
            return " else ".join(map(said, options))
    return "?"


def found(kind: str, text: str) -> list[tuple[str, str, Span]]:
    """Name, value and place of every variable; the place must be where the text has the name or the value."""
    (facts,) = read_all([(kind, text.encode())])
    assert facts.problem == ""
    return [(item.name, said(item.value), item.at) for item in facts.variables]


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("dotenv", "# Schlüssel\n  export KEY='schlüssel' # x\n", ("KEY", "schlüssel", (2, 3, 2, 29))),
        ("dotenv", "KEY=${OTHER:-é$x}\n", ("KEY", "</OTHER> else é$x", (1, 1, 1, 18))),
        ("properties", "# ü\n  KEY: a\\\n   b\n", ("KEY", "ab", (2, 3, 3, 5))),
        ("properties", "é.key = ${KEY}", ("é.key", "</KEY>", (1, 1, 1, 15))),
        ("dockerfile", 'ENV A="ü b" KEY=c\\ d\n', ("KEY", "c d", (1, 13, 1, 21))),
        ("dockerfile", "env \\\n # ü\n KEY='ü' \\\n  B=1\n", ("KEY", "ü", (3, 2, 3, 9))),
        ("dockerfile", "ENV KEY  of old\n", ("KEY", "of old", (1, 5, 1, 16))),
        ("dockerfile", "ARG V=1\nFROM a\nARG W=ü\nENV KEY=$W\n", ("KEY", "</W> else ü", (4, 5, 4, 11))),
        ("settings-yaml", "env: {ü: é, KEY: 0}\n", ("KEY", "0", (1, 13, 1, 19))),
        ("settings-yaml", "a:\n  environment:\n  - ü=é\n  - KEY=é=$$a\n", ("KEY", "é=$a", (4, 5, 4, 14))),
        ("settings-yaml", "environment: [{name: KEY, value: 'ü'}]", ("KEY", "ü", (1, 27, 1, 37))),
        ("settings-yaml", '{\n\t"env": {"ü": 1,\n\t\t"KEY": "é"}}', ("KEY", "é", (3, 3, 3, 13))),
        ("settings-yaml", "a: 1\n---\nkind: Secret\nstringData: {KEY: ü}\n", ("KEY", "ü", (4, 14, 4, 20))),
        ("settings-yaml", "kind: Secret\ndata:\n  KEY: w7wK\n", ("KEY", "ü", (3, 3, 3, 12))),
        ("settings-yaml", "variables:\n  KEY: {value: true, description: a}\n", ("KEY", "true", (2, 9, 2, 20))),
        ("settings-yaml", "env:\n  KEY: {{ .Values.ü }} # é\n", ("KEY", "{{ .Values.ü }}", (2, 3, 2, 23))),
        (
            "settings-yaml",
            "env:\n- name: KEY\n  valueFrom: {secretKeyRef: {name: s, key: k}}",
            ("KEY", "<s/k>", (3, 3, 3, 12)),
        ),
        ("settings-toml", "[env]\n'ü' = 1\nKEY = 'é'\n", ("KEY", "é", (3, 1, 3, 10))),
    ],
)
def test_each_variable_has_its_place(kind: str, text: str, expected: tuple[object, ...]) -> None:
    assert [item for item in found(kind, text) if item[0] == expected[0]] == [expected]
    assert found(kind, "\ufeff" + text.replace("\n", "\r\n")) == found(kind, text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("settings-yaml", "environment:\n  KEY:\n"),
        ("settings-yaml", "environment: [KEY]\n"),
        ("settings-yaml", "env: {KEY: !vault abc}\n"),
        ("settings-yaml", "env: [{key: KEY, generateValue: true}]\n"),
        ("settings-yaml", "kind: Secret\ndata: {KEY: no base64}\n"),
        ("settings-yaml", "kind: Deployment\ndata: {KEY: a}\n"),
        ("settings-yaml", "labels: {KEY: a}\n"),
        ("dockerfile", "ARG KEY=a\nRUN KEY=b run\n# ENV KEY=c\n"),
        ("dockerfile", "FROM a AS b\nENV KEY=a\nFROM a\nENV B=1\n"),
        ("dotenv", "# KEY=a\nKEY\n"),
    ],
)
def test_what_sets_nothing(kind: str, text: str) -> None:
    assert not [item for item in found(kind, text) if item[0] == "KEY"]


def test_what_the_last_stage_is_made_from_counts() -> None:
    text = "FROM a AS Base\nENV KEY=a\nFROM a AS other\nENV KEY=b\nFROM --platform=x base\nENV B=1\n"
    assert [item[:2] for item in found("dockerfile", text)] == [("KEY", "a"), ("B", "1")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${A-b}", "</A> else b"),
        ("${A:-}", "</A> else "),
        ("${A:?say it}", "</A>"),
        ("${A:+b}", "</A>"),
        ("$A", "</A>"),
        ("$$A", "$A"),
        ("a${A}b", "?"),
        ("a $A", "?"),
        ("pa$$w0rd$1", "pa$w0rd$1"),
        ("${{ secrets.A }}", "${{ secrets.A }}"),
    ],
)
def test_variables_in_values(text: str, expected: str) -> None:
    assert found("settings-yaml", f"env:\n  KEY: '{text}'\n")[0][1] == expected


HOSTILE = {
    "deep": b'{"env":' * DEEP,
    "a bomb": b"a0: &a0 {env: {K: v}}\n" + b"".join(b"a%d: &a%d [%s]\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 10)) for n in range(1, 40)),
    "large": b"KEY=a\n" * 60_000,
    "Latin-1": "KEY=schl\u00fcssel\n".encode("latin-1"),
    "NUL": b"KEY=\0",
    "a long value": b"ENV KEY=" + b"\\" * 200_000,
    "continued": b"ENV KEY=a \\\n" * 20_000,
    "comments within": b"ENV \\\n" + b"#\n" * 60_000,
    "quotes": b"ENV " + b"KEY='" * 50_000,
    "open braces": b"KEY=" + b"${A:-" * 50_000,
    "open tags": b"env: {{ " * 30_000,
    "statements": b"{% if a %}" * 20_000,
    "alternatives": b"{% if a %}b{% else %}" * 10_000,
    "binary": bytes(range(256)) * 8,
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_end_soon(kind: str, data: bytes) -> None:
    started = time.process_time()
    (facts,) = read_all([(kind, data)])
    assert time.process_time() - started < 3
    assert "\n" not in facts.problem


TAGS = {
    "expressions in a text": '"' + "{{a}}" * 30_000,
    "quotes": "'" * 50_000 + "{{a}}",
    "triple quotes": '"""' * 30_001 + "{{a}}",
    "branches": "{% if a %}" * 15_000 + "{% else %}b{% endif %}" * 15_000,
    "other branches": "{% else %}" * 20_000,
    "escapes": '"\\' * 50_000 + "{{a}}",
    "comments": "# {{" * 20_000,
    "openings": "{{" * 50_000 + "{#" * 50_000 + "{%" * 50_000,
}


@pytest.mark.parametrize("text", TAGS.values(), ids=TAGS)
def test_hostile_templates_end_soon_and_keep_their_length(text: str) -> None:
    started = time.process_time()
    made = [*templates.programs(text), templates.filled(text), templates.without_statements(text)]
    assert time.process_time() - started < 3
    assert {len(one) for one in made} == {len(text)}


def test_a_program_with_tags_is_read_in_its_own_places() -> None:
    text = "{% if a %}\nimport {{ b.c }}.d\n{% else %}\nx = 1\n{% endif %}\ny = '{{ é|f('g') }}', {{ z }}{% if q %}, 2{% endif %}\n"
    (facts,) = read_all([("python", text.encode())])
    assert facts.problem == ""
    assert [item.target for item in facts.imports] == ["__b_c____.d"]
    (binding,) = facts.bindings
    assert tuple(binding.at) == (6, 1, 6, text.splitlines()[5].index(", 2") + 4)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="=:{}'\"#\n\t aENV${}%-\\.,*&", max_size=60), st.sampled_from(KINDS))
def test_no_text_raises(text: str, kind: str) -> None:
    facts = read(kind, text.encode())
    assert isinstance(facts, Facts)
    lines = text.encode().decode().splitlines() or [""]
    assert all(1 <= item.at.line <= len(lines) + 1 for item in facts.variables)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Dockerfile", "dockerfile"),
        ("api/Dockerfile.prod", "dockerfile"),
        ("backend.dockerfile", "dockerfile"),
        ("Containerfile", "dockerfile"),
        ("dockerfile.py", "python"),
        ("app.properties", "properties"),
        ("config.py.jinja", "python"),
        ("settings.py-tpl", "python"),
        (".env.j2", "dotenv"),
        ("compose.yml.tmpl", "settings-yaml"),
    ],
)
def test_kinds(path: str, expected: str) -> None:
    assert kind(path) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("compose.test.yml", "test"),
        (".gitlab-ci.yml", "test"),
        (".env.ci", "test"),
        ("Taskfile.yml", "test"),
        (".vscode/launch.json", "test"),
        ("compose.example.yml", "sample"),
        ("config.sample.toml", "sample"),
        ("app.properties.dist", "sample"),
        ("template.env", "sample"),
        ("template.yaml", "code"),
        ("default.yaml", "code"),
        ("contest.yml", "code"),
        ("compose.yml", "code"),
    ],
)
def test_roles(path: str, expected: str) -> None:
    assert role(path) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7", True),
        ("kJ8v_Qz3-wXr5TnB7yLm2HfD9sPc4GaE6uVo1iKeR0Z", True),
        ("your-secret-key-here-at-least-32-characters-long", False),
        ("ReplaceThisWith32CharsSecretKeyPlease1", False),
        ("Your_32_Char_Key_Goes_In_Here_For_Us_1", False),
        ("00000000000000000000000000000000", False),
        ("0123456789abcdef0123456789abcdef", False),
        ("changeme", False),
    ],
)
def test_keys_are_told_from_words(text: str, expected: bool) -> None:
    assert is_random(text) is expected


APP = "import os\nimport jwt\n\ndef token_of(user):\n    return jwt.encode({'sub': user}, os.environ['KEY'], 'HS256')\n"


def checked(root: Path, **texts: str) -> engine.Report:
    for path, text in {"app.py": APP, "pyproject.toml": "", **texts}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return engine.check(workspace([root]), rule.load(["hardcoded-secret", "weak-secret", "default-secret"]))


def lines(report: engine.Report) -> Iterator[str]:
    out = StringIO()
    for name in ("full", "json", "sarif"):
        writer(name)(report, out, False)
    yield from out.getvalue().splitlines()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("compose.yml", "environment: [KEY=top-secret-word]"),
        ("secret.yaml", "kind: Secret\ndata: {KEY: dG9wLXNlY3JldC13b3Jk}"),
        ("secret.yaml", "kind: Secret\ndata: {KEY: dG9wLXNlY3JldC13b3JkCg==}"),
        ("app.json", '{"env": {"KEY": "top-\\"secret-word"}}'),
        ("app.yaml", "env: {KEY: 'top-''secret-word'}"),
        ("Dockerfile", "ENV KEY top-secret-word"),
        (".env", 'KEY="top-\\"secret-word"'),
        ("app.properties", "KEY top-secret-word"),
    ],
)
def test_no_report_shows_a_key(tmp_path: Path, path: str, text: str) -> None:
    report = checked(tmp_path, **{path: text})
    assert {finding.at.path for finding in report.findings} == {path}
    shown = "\n".join(lines(report))
    assert "***" in shown
    assert "secret-word" not in shown and "dG9wLXNl" not in shown


def test_what_nobody_reads_says_nothing(tmp_path: Path) -> None:
    assert (
        checked(tmp_path, **{"compose.yml": "environment: {OTHER: changeme}", "data.yml": "KEY: changeme"}).findings
        == ()
    )


def test_manifests_that_cannot_be_read_fail_no_run(tmp_path: Path) -> None:
    broken = {"a.yaml": "env:\n  KEY: [\n", "chart/b.yaml": "env:\n  KEY: {{ .Values.key }}\n {{ if }} [\n"}
    report = checked(tmp_path, **broken)
    assert [(problem.path, problem.fatal) for problem in report.problems] == [
        ("a.yaml", False),
        ("chart/b.yaml", False),
    ]


def test_a_variable_that_leads_to_itself_ends(tmp_path: Path) -> None:
    assert checked(tmp_path, **{"compose.yml": "environment: {KEY: '$OTHER', OTHER: '${KEY:-}'}"}).findings != ()
