"""Python itself says what a value is: expressions are made up, and jwtlint's answer is compared with `eval`'s."""

import math
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jwtlint.models import load
from jwtlint.models.calls import call_model
from jwtlint.project import parts
from jwtlint.project.names import Module, Modules
from jwtlint.project.parts import duration
from jwtlint.project.value import UNKNOWN, Duration, External, Method, Moment, Table, Value
from jwtlint.project.values import Evaluator
from jwtlint.read import read

PRELUDE = """
import datetime as dt
import time
from datetime import datetime, timedelta

SIX = 6
WORD = "abc"
LIMITS = {"access": 15, "refresh": {"days": 7}}


class Settings:
    HOURS: int = 12

    @property
    def minutes(self):
        return self.HOURS * 60


settings = Settings()


def scaled(count, unit=60, *, extra=0):
    return count * unit + extra


"""

NUMBERS = st.recursive(
    st.one_of(
        st.integers(0, 99).map(str),
        st.sampled_from(["0.5", "2.25", "SIX", "settings.HOURS", "settings.minutes", "Settings.HOURS"]),
        st.sampled_from(["LIMITS['access']", "LIMITS['refresh']['days']", "LIMITS.get('access')", "len(WORD)"]),
        st.sampled_from(["LIMITS.get('none', 3)", "int('12')", "float('1.5')", "[4, 5][1]", "(7, 8)[0]"]),
    ),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "//", "%"]), inner).map(lambda it: f"({' '.join(it)})"),
        inner.map(lambda it: f"(-{it})"),
        inner.map(lambda it: f"int({it})"),
        inner.map(lambda it: f"scaled({it})"),
        st.tuples(inner, inner).map(lambda it: f"scaled(unit={it[0]}, count={it[1]})"),
        st.tuples(inner, inner).map(lambda it: f"scaled({it[0]}, extra={it[1]})"),
        st.tuples(inner, inner, inner).map(lambda it: f"({it[0]} if {it[1]} > {it[2]} else {it[2]})"),
        st.tuples(inner, inner).map(lambda it: f"({it[0]} or {it[1]})"),
        st.tuples(inner, inner).map(lambda it: f"max({it[0]}, {it[1]})"),
        inner.map(lambda it: f"{{'a': 1, **{{'b': {it}}}}}['b']"),
        inner.map(lambda it: f"dict(a={it})['a']"),
        inner.map(lambda it: f"(lambda n: n + 1)({it})"),
    ),
    max_leaves=6,
)
UNITS = st.sampled_from(["weeks", "days", "hours", "minutes", "seconds", "milliseconds"])
DURATIONS = st.recursive(
    st.one_of(
        st.tuples(UNITS, NUMBERS).map(lambda it: f"timedelta({it[0]}={it[1]})"),
        st.tuples(NUMBERS, NUMBERS).map(lambda it: f"dt.timedelta({it[0]}, {it[1]})"),
        st.sampled_from(["timedelta(**LIMITS['refresh'])", "timedelta()"]),
    ),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-"), inner).map(lambda it: f"({' '.join(it)})"),
        st.tuples(inner, st.integers(1, 9)).map(lambda it: f"({it[0]} * {it[1]})"),
        st.tuples(inner, st.integers(1, 9)).map(lambda it: f"({it[0]} / {it[1]})"),
    ),
    max_leaves=3,
)
PLAIN_TEXTS = st.recursive(
    st.one_of(st.sampled_from(["WORD", "'x'", "'Y z'", "str(SIX)"]), st.integers(0, 9).map(lambda it: f"'{it}'")),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda it: f"({it[0]} + {it[1]})"),
        inner.map(lambda it: f"{it}.upper()"),
        inner.map(lambda it: f"{it}.strip()"),
        inner.map(lambda it: f"{it}.split('-')[0]"),
    ),
    max_leaves=4,
)
TEXTS = st.one_of(PLAIN_TEXTS, st.tuples(PLAIN_TEXTS, PLAIN_TEXTS).map(lambda it: f'f"{{{it[0]}}}-{{{it[1]}}}"'))


def answer(expression: str, prelude: str = PRELUDE) -> tuple[Value, ...]:
    """All that jwtlint takes `expression` for, written after the prelude."""
    facts = read("python", f"{prelude}RESULT = {expression}\n".encode())
    assert not facts.problem
    module = Module("app.py", "python", facts)
    evaluator = Evaluator({"app.py": module}, Modules(frozenset({"app.py"})), load(), lambda _: ())
    return evaluator.values(facts.bindings[-1].value, evaluator.roots[module])


def truth(expression: str, prelude: str = PRELUDE) -> object:
    """What Python takes it for. Both are this test's own."""
    space: dict[str, object] = {}
    exec(prelude, space)
    return eval(expression, space)


def same(ours: object, theirs: object) -> bool:
    match ours, theirs:
        case Duration(seconds=seconds), timedelta():
            return math.isclose(seconds, theirs.total_seconds(), rel_tol=1e-9, abs_tol=1e-4)
        case bool(), _:
            return ours is theirs
        case int() | float(), int() | float():
            return math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-9)
        case _:
            return ours == theirs


def compare(expression: str) -> bool:
    """Whether the answer is known at all. What is known must be true: one of several where the way is not decided."""
    try:
        theirs = truth(expression)
    except (ArithmeticError, ValueError, TypeError):
        return False
    found = answer(expression)
    known = [value for value in found if value.known and not isinstance(value.data, External | Method)]
    if len(known) == len(found):
        assert any(same(value.data, theirs) for value in known), f"{expression} is {theirs!r}, not {known}"
    return bool(known)


@settings(max_examples=300, deadline=None)
@given(NUMBERS)
def test_numbers(expression: str) -> None:
    compare(expression)


@settings(max_examples=200, deadline=None)
@given(DURATIONS)
def test_durations(expression: str) -> None:
    compare(expression)


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_texts(expression: str) -> None:
    compare(expression)


@settings(max_examples=100, deadline=None)
@given(DURATIONS)
def test_moments(expression: str) -> None:
    """`now + d` is a moment `d` from now, however it is spelt."""
    try:
        theirs = truth(expression)
        assert isinstance(theirs, timedelta)
        datetime(2020, 1, 1) + theirs
    except (ArithmeticError, ValueError, TypeError):
        return
    for spelling in ("datetime.utcnow() + {}", "{} + dt.datetime.now()", "time.time() + ({}).total_seconds()"):
        found = answer(spelling.format(expression))
        moments = [value.data.after for value in found if isinstance(value.data, Moment)]
        if len(moments) == len(found):
            assert any(math.isclose(after, theirs.total_seconds(), rel_tol=1e-9, abs_tol=1e-3) for after in moments)
        else:
            assert not all(value.known for value in found)


# What every reader of this code would call plain is known, not merely not wrong.
PLAIN = [
    "60 * 24 * 8",
    "SIX",
    "LIMITS['refresh']['days']",
    "LIMITS.get('none', 3)",
    "settings.minutes",
    "scaled(2)",
    "scaled(unit=3, count=2)",
    "scaled(2, extra=1)",
    "timedelta(minutes=scaled(2))",
    "timedelta(**LIMITS['refresh'])",
    "timedelta(1, 30) / 2",
    "(timedelta(days=1) if SIX > 2 else timedelta(days=2))",
    "{**LIMITS, 'access': 5}['access']",
    "dict(a=1, b=2)['b']",
    "(LIMITS | {'access': 9})['access']",
    "f'{WORD}-{SIX}'",
    "WORD + 'd'",
    "[4, 5][1]",
    "int('12') * 2",
    "(lambda n: n + 1)(2)",
    "getattr(settings, 'HOURS', 1)",
    "WORD.upper()",
]


@pytest.mark.parametrize("expression", PLAIN)
def test_plain_values_are_known(expression: str) -> None:
    assert compare(expression)


def test_the_text_of_a_mapping_is_taken_for_it() -> None:
    (value,) = answer("json.dumps({'exp': SIX}).encode()", f"import json\n{PRELUDE}")
    assert isinstance(value.data, Table)
    assert [item.data for item in value.data.get("exp")] == [6]
    assert not any(item.known for item in answer("json.dumps(WORD)", f"import json\n{PRELUDE}"))


EDITS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from("abc"), st.integers(0, 9)).map(lambda it: f"claims['{it[0]}'] = {it[1]}"),
        st.tuples(st.sampled_from("abc"), st.integers(0, 9)).map(lambda it: f"claims.update({it[0]}={it[1]})"),
        st.tuples(st.sampled_from("abc"), st.integers(0, 9)).map(lambda it: f"claims.update({{'{it[0]}': {it[1]}}})"),
        st.tuples(st.sampled_from("abc"), st.integers(0, 9)).map(lambda it: f"claims.setdefault('{it[0]}', {it[1]})"),
        st.tuples(st.sampled_from("abc"), st.integers(0, 9)).map(lambda it: f"claims |= {{'{it[0]}': {it[1]}}}"),
        st.tuples(st.sampled_from("abc"), st.integers(0, 9)).map(
            lambda it: f"claims = {{**claims, '{it[0]}': {it[1]}}}"
        ),
        st.sampled_from("abc").map(lambda it: f"claims.pop('{it}', None)"),
        st.just("claims = claims.copy()"),
    ),
    max_size=5,
)


@settings(max_examples=200, deadline=None)
@given(EDITS)
def test_edited_mappings(edits: list[str]) -> None:
    prelude = "\n".join(["claims = {'a': 1}", *edits, ""])
    theirs = truth("claims", prelude)
    assert isinstance(theirs, dict)
    (value,) = answer("claims", prelude)
    assert isinstance(value.data, Table)
    for key in "abc":
        found = value.data.get(key)
        if key in theirs:
            assert any(not item.known or item.data == theirs[key] for item in found), f"{edits}: {key} is {found}"
        else:
            assert not any(item.known for item in found) or "pop" in "".join(edits)


@pytest.mark.parametrize("expression", ['requests.get("https://a.example/keys").json()["keys"]', "fetched[kid].key"])
def test_what_a_modelled_get_fetches_is_known_as_such(expression: str) -> None:
    prelude = 'import requests\n\nfetched = requests.get("https://a.example/keys").json()\n'
    (value,) = answer(expression, prelude)
    assert isinstance(value.data, External)
    assert value.data.path.startswith("requests.get().json()")


HELD = {"": True, "['aud']": False, "('exp', 'aud')": True, "{'exp': None}": True, "{'aud': 1}": False, "False": False}


@pytest.mark.parametrize(("argument", "held"), [*HELD.items(), ("None", None), ("given()", UNKNOWN)])
def test_a_part_can_ask_what_a_value_holds(argument: str, held: object) -> None:
    model = call_model("x.yml", "X", "x.check(claims=('iss', 'exp'))", {"verifies": {"requires": "exp in claims"}})
    module = Module("app.py", "python", read("python", f"x.check({argument})\n".encode()))
    evaluator = Evaluator({"app.py": module}, Modules(frozenset({"app.py"})), load(), lambda _: ())
    frame = evaluator.roots[module]
    bound = parts.bind(evaluator, model, module.uses["check"][0].call.args, frame, External("x.check"))
    found = bound.part(model.roles["verifies"]["requires"])
    assert [value.data for value in found] == ([] if held is None else [held])


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("15m", 900),
        ("900", 900),
        ("1 Hour", 3600),
        ("7 days, 45 minutes", 607500),
        ("1y11d20m", 32487600),
        ("5 10", None),
        ("soon", None),
        ("1 fortnight", None),
        ("", None),
    ],
)
def test_durations_in_words(text: str, seconds: float | None) -> None:
    assert duration(Value(text), 1.0).data == (UNKNOWN if seconds is None else Duration(seconds))


def test_durations_by_their_units() -> None:
    entries = {"days": (Value(1),), "hours": (Value(2),)}
    assert duration(Value(Table(entries)), 1.0).data == Duration(93600)
    assert duration(Value(Table(entries, closed=False)), 1.0).data == UNKNOWN
    assert duration(Value(Table({"days": (Value(UNKNOWN),)})), 1.0).data == UNKNOWN
