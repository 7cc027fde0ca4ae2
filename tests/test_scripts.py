"""JavaScript, TypeScript and pages: what is read of them, where, and where their imports lead."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from jwtlint.facts import (
    EXPORTS,
    WHOLE,
    Alias,
    Attribute,
    Binary,
    Call,
    Closure,
    Constant,
    Either,
    Entries,
    Facts,
    Name,
    Term,
    Text,
    Unary,
    inside,
)
from jwtlint.models import load
from jwtlint.paths import kind, role
from jwtlint.project import Project
from jwtlint.project.calls import callers, frames
from jwtlint.project.names import Module, Modules
from jwtlint.project.renaming import held
from jwtlint.project.scripts import Scripts
from jwtlint.project.value import UNKNOWN, Moment
from jwtlint.read import read
from jwtlint.read.guards import read_all
from jwtlint.survey import is_made


def said(text: str, language: str = "typescript") -> Facts:
    facts = read(language, text.encode())
    assert not facts.problem
    return facts


def plain(term: object) -> str:
    """A term as one would write it."""
    match term:
        case Constant(value=value):
            return repr(value)
        case Name(id=name):
            return name
        case Attribute(base=base, name=name):
            return f"{plain(base)}.{name}"
        case Call(func=function, args=args):
            return f"{plain(function)}({', '.join(plain(item.value) for item in args)})"
        case Unary(operator=symbol, operand=operand):
            return f"({symbol} {plain(operand)})"
        case Binary(operator=symbol, left=left, right=right):
            return f"({plain(left)} {symbol} {plain(right)})"
        case Either(test=None, options=options):
            return " or ".join(map(plain, options))
        case Either(test=test, options=(one, other)):
            return f"({plain(one)} if {plain(test)} else {plain(other)})"
        case Entries(items=items):
            return f"{{{', '.join(f'{plain(i.key)}: {plain(i.value)}' if i.key else f'**{plain(i.value)}' for i in items)}}}"
        case Text(parts=parts):
            return f"text({', '.join(map(plain, parts))})"
        case Closure(scope=scope):
            return f"<{scope.rpartition('.')[2]}>"
    return getattr(term, "kind", "?")


def bound(facts: Facts, scope: str = "") -> list[str]:
    return [f"{plain(item.target)} = {plain(item.value)}" for item in facts.bindings if item.scope == scope]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("await f(a)", "f(a)"),
        ("new Jwt(a)", "Jwt(a)"),
        ("a?.b?.(c)", "a.b(c)"),
        ("a['b']", "a.b"),
        ("a ?? b || c", "a or b or c"),
        ("a ? b : c", "(b if a else c)"),
        ("{ a, b: 1, ...c, 'd-e': f }", "{'a': a, 'b': 1, **c, 'd-e': f}"),
        ("`a${b}c`", "text('a', b, 'c')"),
        ("`a\\n\\u{41}`", "'a\\nA'"),
        ("(a as unknown as B)!", "a"),
        ("a === undefined && !b", "((a == None) and (not b))"),
        ("60 * 60 * 1_000", "((60 * 60) * 1000)"),
        ("async (a) => a", "<x>"),
        ("0x1F + 1e3 + 0.5", "((31 + 1000.0) + 0.5)"),
    ],
)
def test_expressions(text: str, expected: str) -> None:
    assert bound(said(f"let o = {{x: {text}}}")) == [f"o = {{'x': {expected}}}"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("const { a, b: c, d = 1 } = e", ["a = e.a", "c = e.b", "d = e.d or 1"]),
        ("const [a, , { b }] = c", ["a = ?", "b = ?.b"]),
        ("({ a, ...b } = c)", ["a = c.a", "b = rest"]),
        ("a.b ??= c", ["a.b = a.b or c"]),
        ("a += 1", ["a = (a + 1)"]),
        ("localStorage['token'] = t", ["localStorage.token = t"]),
        ("document.cookie = `a=${b}`", ["document.cookie = text('a=', b)"]),
    ],
)
def test_bindings(text: str, expected: list[str]) -> None:
    found = [line.replace("subscript", "?") for line in bound(said(text))]
    assert found == expected


def test_parameters_are_taken_apart() -> None:
    facts = said("export const login = async ({ body: { email } }, res = r, ...rest) => email", "javascript")
    (function,) = facts.functions
    assert [(item.name, item.kind) for item in function.params] == [
        ("<0>", "positional"),
        ("res", "positional"),
        ("rest", "*"),
    ]
    assert bound(facts, "login") == ["email = <0>.body.email"]
    assert plain(facts.returns[0].value) == "email"


def test_imports() -> None:
    text = """
import jwt, { sign as s } from "jsonwebtoken"
import * as ns from './a'
import old = require('b')
const { c, d: e } = require('./c')
const f = require('./f').default
const g = await import('./g')
use(require('./h').i)
"""
    found = [(item.name, item.target, item.member, item.level) for item in said(text).imports]
    assert found == [
        ("jwt", "jsonwebtoken", "default", 0),
        ("s", "jsonwebtoken", "sign", 0),
        ("ns", "./a", None, 1),
        ("old", "b", None, 0),
        ("c", "./c", "c", 1),
        ("e", "./c", "d", 1),
        ("f", "./f", "default", 1),
        ("g", "./g", None, 1),
        ("<./h>", "./h", None, 1),
    ]


def test_exports() -> None:
    text = """
export const a = 1, b = () => 2
export default function c() {}
export class D {}
export { a as e }
export { f as g } from './f'
export * from './h'
exports.i = 3
module.exports = { j: 4, k, ...l }
module.exports = m()
"""
    facts = said(text)
    assert bound(facts, EXPORTS) == [
        "b = b", "a = a", "default = c", "D = D", "e = a", "i = 3", "j = 4", "k = k", "* = l", f"{WHOLE} = m()",
    ]  # fmt: skip
    handed = [(item.name, item.member) for item in facts.imports if item.scope == EXPORTS]
    assert handed == [("g", "f"), ("*", "*")]


def test_classes() -> None:
    text = """
class Tokens extends Base {
  private ttl = '15m'
  static LIMIT = 5
  constructor(private readonly jwt: JwtService) { super(jwt) }
  @Post('login') async login(@Body() dto: LoginDto) { return this.jwt.sign(dto) }
  get key() { return this.secret }
  renew = async () => this.ttl
}
"""
    facts = said(text)
    (made,) = facts.classes
    assert (made.name, list(map(plain, made.bases))) == ("Tokens", ["Base"])
    assert [(item.path, [param.name for param in item.params]) for item in facts.functions] == [
        ("Tokens.__init__", ["this", "jwt"]),
        ("Tokens.login", ["this", "dto"]),
        ("Tokens.key", ["this"]),
        ("Tokens.renew", ["this"]),
    ]
    assert bound(facts, "Tokens") == ["ttl = '15m'", "LIMIT = 5"]
    assert bound(facts, "Tokens.__init__") == ["this.jwt = jwt"]
    assert plain(facts.functions[0].params[1].annotation) == "JwtService"
    assert [plain(item.call) for item in facts.uses] == [
        "super().__init__(jwt)",
        "Post('login')",
        "this.jwt.sign(dto)",
        "Post('login')(login)",
    ]


def test_what_follows_an_if_that_leaves_stands_under_its_contrary() -> None:
    facts = said("function f(a) { if (!a) return g(); else if (b) throw c; h() }")
    guards = {plain(use.call): [(plain(item.test), item.holds) for item in use.when] for use in facts.uses}
    assert guards == {"g()": [("(not a)", True)], "h()": [("(not a)", False), ("b", False)]}


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("return res.status(401).end()", "returns"),
        ("throw error", "raises"),
        ("log(error); next(error)", "raises"),
        ("return reject(error)", "raises"),
        ("next()", "returns"),
        ("res.status(401).end()", "passes"),
        ("", "passes"),
    ],
)
def test_how_a_catch_ends(body: str, outcome: str) -> None:
    facts = said(f"try {{ check(token) }} catch (error) {{ {body} }}")
    assert [handler.outcome for handler in facts.uses[0].handlers] == [outcome]


def test_elements_of_a_page_hold_calls() -> None:
    facts = said("const Out = () => <p onClick={() => logout(1)} {...p}>{a && <b c={load()} />}</p>", "tsx")
    assert [plain(use.call) for use in facts.uses] == ["logout(1)", "load()"]
    assert [function.name for function in facts.functions] == ["Out", "onClick"]


def test_columns_count_code_points() -> None:
    facts = said("const a = 'é€😀', b = f()")
    assert facts.uses[0].call.at[:4] == (1, 22, 1, 25)


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfconst a = f()\r\nconst b = g()\r\n",
        b"// caf\xe9\nconst a = f(); const b = g()",
        b"const a = f(\nconst b = g()",
    ],
    ids=["byte order mark and CRLF", "Latin-1", "broken"],
)
def test_odd_files_are_read(data: bytes) -> None:
    (facts,) = read_all([("javascript", data)])
    assert not facts.problem
    assert "g()" in [plain(use.call) for use in facts.uses]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"const a = " + b"{a:" * 20_000 + b"1" + b"}" * 20_000, ""),
        (b"(" * 20_000, ""),
        (b"if (a) {" * 20_000, ""),
        (b"a" + b".then(b)" * 20_000, ""),
        (b"a = '" + b"x" * 2_100_000 + b"'", "larger than 2 MB"),
        (b"const a = 1\0", "NUL bytes"),
        (b"", ""),
    ],
    ids=["object", "parentheses", "blocks", "chain", "large", "NUL", "empty"],
)
def test_hostile_files_cost_at_most_themselves(data: bytes, problem: str) -> None:
    facts, after = read_all([("javascript", data), ("javascript", b"f()")])
    assert problem in facts.problem
    assert bool(problem) is bool(facts.problem)
    assert len(after.uses) == 1


def test_comments_set_findings_aside() -> None:
    facts = said("f() // jwtlint: ignore[missing-expiry] by design\nconst a = '// jwtlint: ignore[no-revocation]'")
    assert [(item.line, item.rules, item.reason) for item in facts.ignores] == [(1, ("missing-expiry",), "by design")]


def test_tokens_in_texts() -> None:
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcdefgh"
    assert [item.value for item in said(f"const a = `Bearer {token}`").tokens] == [token]


PAGE = """<template>{{ user }}</template>
<script type="application/json">{"a": f()}</script>
<!-- <script>gone()</script> -->
<script setup lang="ts">
const é = g<string>(1)
</script>
<script>{% if x %} h("{{ url }}") {% endif %}</script>
"""


def test_scripts_of_pages_stand_where_they_are() -> None:
    facts = said(PAGE, "markup")
    assert [(plain(use.call.func), use.call.at.line, use.call.at.column) for use in facts.uses] == [
        ("g", 5, 11),
        ("h", 7, 20),
    ]


def test_front_matter_of_astro_is_a_program() -> None:
    facts = said("---\nconst a = f()\n---\n<p>{a}</p>\n", "markup")
    assert facts.uses[0].call.at[:2] == (2, 11)


def test_a_program_of_every_construct_holds_no_unknown_term() -> None:
    facts = said("const a = [1, ...b]; for (const c of d) e(c); switch (f) { case 1: g(); break; default: h() }")
    assert [plain(use.call) for use in facts.uses] == ["e(c)", "g()", "h()"]
    assert all(isinstance(term, Term) for item in facts.bindings for term in inside(item.value))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.js", "javascript"), ("a.mjs", "javascript"), ("a.ts", "typescript"), ("a.tsx", "tsx"), ("a.vue", "markup"),
        ("a.d.ts", None), ("jquery.min.js", None), ("app.bundle.js", None), ("main.3f2a1b9c.js", None), ("a.js.map", None),
        ("tsconfig.json", "aliases"), ("tsconfig.app.json", "aliases"), ("login.html", "markup"),
    ],
)  # fmt: skip
def test_kinds(path: str, expected: str | None) -> None:
    assert kind(path) == expected


@pytest.mark.parametrize("path", ["a.test.ts", "src/__tests__/a.js", "a.spec.js", "a.stories.tsx", "cypress/a.cy.ts"])
def test_tests_are_known_by_their_names(path: str) -> None:
    assert role(path) == "test"


@pytest.mark.parametrize(
    ("text", "made"),
    [
        (b"const a = 1\n" * 100, False),
        (b"/* eslint-disable */\n// This file is auto-generated by openapi-ts\nf()\n", True),
        (b"!function(){" + b"a(b);" * 5_000 + b"}()", True),
        (b"const font = '" + b"A" * 4_000 + b"'\n", False),
    ],
)
def test_what_machines_made_is_known_by_its_shape(text: bytes, made: bool) -> None:
    assert is_made(text) is made


PATHS = frozenset(
    [
        "web/src/auth/token.ts",
        "web/src/auth/index.ts",
        "web/src/lib.js",
        "server/keys.js",
        "server/config.json",
        "shared/b.tsx",
    ]
)


@pytest.mark.parametrize(
    ("importer", "target", "expected"),
    [
        ("web/src/main.ts", "./auth/token", "web/src/auth/token.ts"),
        ("web/src/main.ts", "./auth", "web/src/auth/index.ts"),
        ("web/src/main.ts", "./auth/token.js", "web/src/auth/token.ts"),
        ("web/src/auth/x.ts", "../lib", "web/src/lib.js"),
        ("web/src/main.ts", "@/auth/token", "web/src/auth/token.ts"),
        ("web/src/main.ts", "~/lib", "web/src/lib.js"),
        ("web/src/main.ts", "@shared/b", "shared/b.tsx"),
        ("web/src/main.ts", "jsonwebtoken", None),
        ("server/app.js", "./config.json", "server/config.json"),
        ("server/app.js", "@shared/b", None),
        ("server/app.js", "../../etc/passwd", None),
    ],
)
def test_where_imports_lead(importer: str, target: str, expected: str | None) -> None:
    aliases = read(
        "aliases", b'{"compilerOptions": {"baseUrl": ".", /* */ "paths": {"@shared/*": ["../shared/*"],},}}'
    ).aliases
    assert aliases == (Alias("@shared/*", "../shared/*"), Alias("*", "*"))
    assert Scripts(PATHS, {"web": aliases}).find(importer, target) == expected


def project(files: dict[str, str]) -> Project:
    """A project of scripts and documents, all of them read."""
    modules = {}
    for path, text in files.items():
        sort = kind(path) or ""
        modules[path] = Module(path, sort, read(sort, text.encode()))
    return Project(modules, Modules(frozenset(), Scripts(frozenset(files))), load(), lambda word: ())


def value_of(files: dict[str, str], name: str = "x") -> list[object]:
    """What a variable of the file `app.js` can be."""
    made = project(files)
    root = made.evaluator.roots[made.modules["app.js"]]
    return [getattr(value.data, "path", value.data) for value in made.evaluator.values(Name(name, 1 << 60), root)]


@pytest.mark.parametrize(
    ("text", "others", "expected"),
    [
        ("const x = require('./a').b", {"a.js": "exports.b = 1"}, 1),
        ("const { b: x } = require('./a')", {"a.js": "module.exports = { b: 2 }"}, 2),
        ("import x from './a'", {"a.js": "export default 3"}, 3),
        ("import x from './a'", {"a.js": "module.exports = 4"}, 4),
        ("import { b as x } from './a'", {"a.js": "export { c as b }; const c = 5"}, 5),
        ("import * as a from './a'; const x = a.b", {"a.js": "export * from './b'", "b.js": "export const b = 6"}, 6),
        ("const x = require('./a').b", {"a.js": "module.exports = { ...require('./b') }", "b.js": "exports.b = 7"}, 7),
        ("const x = require('./a').b.c", {"a.json": '{"b": {"c": 8}}'}, 8),
        ("const x = require('./a')({ b: 9 })", {"a.js": "module.exports = ({ b }) => b"}, 9),
        ("import { A } from './a'; const x = new A(10).b()", {"a.ts": "export class A { constructor(private c) {} b() { return this.c } }"}, 10),
        ("const x = wrap((a) => a)(14)", {}, 14),
        ("import { wrap } from './a'; const f = (a) => a; const x = wrap(f)(15)", {"a.js": "export const wrap = (f) => (...a) => f(...a)"}, 15),
        ("const o = { get: 11, b: { ...{ c: 1 } } }; const x = o.get", {}, 11),
        ("const o = {}; o.b = 12; const x = o.b", {}, 12),
        ("const x = `${7}d`.toUpperCase()", {}, "7D"),
        ("const x = 15 + 'm'", {}, "15m"),
        ("const x = parseInt('60', 10) * Number('2')", {}, 120),
        ("const x = Object.freeze({ a: { b: 13 } }).a.b", {}, 13),
        ("import { E } from './a'; const x = E.A", {"a.ts": "export enum E { A = 'a' }"}, "a"),
    ],
)  # fmt: skip
def test_values(text: str, others: dict[str, str], expected: object) -> None:
    assert value_of({"app.js": text, **others}) == [expected]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Math.floor(Date.now() / 1000) + 60 * 60", 3600),
        ("Math.floor((Date.now() + 2 * 60 * 1000) / 1000)", 120),
        ("new Date(Date.now() + 5000)", 5),
        ("(new Date().getTime() + 1000) / 1000", 1),
        ("new Date(); x.setDate(x.getDate() + 7)", 604800),
        ("new Date(); x.setUTCMinutes(x.getUTCMinutes() + 15)", 900),
    ],
)
def test_clocks_count_milliseconds(text: str, seconds: float) -> None:
    made = project({"app.js": f"const x = {text}"})
    (value,) = made.evaluator.values(Name("x", 1 << 60), made.evaluator.roots[made.modules["app.js"]])
    assert value.data == Moment(seconds, getattr(value.data, "unit", 0))


@pytest.mark.parametrize(
    "text", ["localStorage", "window.localStorage", "globalThis['localStorage']", "self.localStorage"]
)
def test_globals_are_outside(text: str) -> None:
    assert value_of({"app.js": f"const x = {text}"}) == ["js:localStorage"]


def test_a_date_that_is_set_to_something_else_is_unknown() -> None:
    assert value_of({"app.js": "const x = new Date(); x.setTime(row.until)"}) == [UNKNOWN]


def test_what_is_declared_hides_a_global() -> None:
    assert value_of({"app.js": "const localStorage = 1; const x = localStorage"}) == [1]


def test_languages_do_not_call_each_other() -> None:
    made = project({"app.js": "const x = sign(1)", "a.py": "def sign(key):\n    return key\n"})
    (function,) = made.modules["a.py"].facts.functions
    assert not list(callers(made.evaluator, made.modules["a.py"], function))


def test_what_a_class_only_declares_its_heirs_have() -> None:
    declared = "export abstract class Tokens { abstract keep(t: string): string }"
    heir = "import { Tokens } from './tokens'; export class Rows implements Tokens { keep(t: string) { return 'row' } }"
    used = "import { Tokens } from './tokens'; export class Login { constructor(private t: Tokens) {} run() { return this.t.keep('a') } }"
    made = project({"tokens.ts": declared, "rows.ts": heir, "login.ts": used})
    login = made.modules["login.ts"]
    (returned,) = login.facts.returns
    values = made.evaluator.values(returned.value, frames(made.evaluator, login, "Login.run")[0])
    assert [(value.data, value.certain) for value in values] == [("row", False)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("const verify = promisify(jwt.check)", {"verify"}),
        ("const verify = util.promisify(jwt.check).bind(jwt)", {"verify"}),
        ("const verify = jwt.check", {"verify"}),
        ("promisify(jwt.check)(token)", {"promisify()"}),
        ("const verify = jwt.check(token)", set()),
        ("const verify = both(jwt.check, 1)", set()),
    ],
)
def test_names_that_functions_of_objects_go_by(text: str, names: set[str]) -> None:
    assert {name for method, name in held(said(text)) if method == "check"} == names


WITHOUT_NETWORK = ("unshare", "--map-root-user", "--net")


@pytest.mark.skipif(
    shutil.which("unshare") is None or subprocess.run((*WITHOUT_NETWORK, "true"), check=False).returncode != 0,
    reason="the system makes no network namespaces for this user",
)
def test_scripts_are_read_without_a_network() -> None:
    """No grammar is fetched when the program runs."""
    app = Path(__file__).parent.parent / "fixtures" / "apps" / "express_jwt"
    command = (*WITHOUT_NETWORK, sys.executable, "-m", "jwtlint", "check", str(app), "--output-format", "concise")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "long-access-token" in done.stdout, done.stderr
