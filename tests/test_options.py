"""Configuration: where it is found, what it says, and how its errors are told."""

from pathlib import Path

import pytest

from jwtlint.options import Misuse, Options, configured, overridden, parse
from jwtlint.policy import overrides, policy
from jwtlint.rule import RuleError, load


def test_the_nearest_file_counts(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.jwtlint]\nfail-on = "note"\n')
    inner = tmp_path / "service"
    inner.mkdir()
    assert configured((inner,)).fail_on == "note"
    (inner / "pyproject.toml").write_text("[project]\n")
    assert configured((inner,)).fail_on == "note", "a file without our table is passed by"
    (inner / "jwtlint.toml").write_text('fail-on = "warning"\n')
    assert configured((inner,)).fail_on == "warning"
    assert configured((inner,), isolated=True) == Options()


def test_flags_go_over_the_file() -> None:
    options = overridden(parse({"select": ["keys"], "fail-on": "note"}, "x"), {"fail_on": "never", "select": ()})
    assert (options.select, options.fail_on) == (("keys",), "never")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"fail-onn": "note"}, "unknown option 'fail-onn'; did you mean 'fail-on'?"),
        ({"fail_on": "note"}, "did you mean 'fail-on'?"),
        ({"fail-on": "high"}, "choose from error, warning, note, never"),
        ({"select": "keys"}, "select: Expected"),
        ({"exit-zero": "yes"}, "exit-zero: Expected `bool`"),
    ],
)
def test_errors_name_the_file_the_place_and_the_mend(table: dict[str, object], message: str) -> None:
    with pytest.raises(Misuse) as error:
        parse(table, "app/pyproject.toml")
    assert str(error.value).startswith("app/pyproject.toml: ")
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("text", ["fail-on = ", "\xff"])
def test_a_file_that_cannot_be_read_is_misuse(tmp_path: Path, text: str) -> None:
    file = tmp_path / "jwtlint.toml"
    file.write_text(text, encoding="latin-1")
    with pytest.raises(Misuse, match=r"jwtlint\.toml: "):
        configured((tmp_path,))


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"long-acces-token": {}}, "did you mean 'long-access-token'?"),
        ({"long-access-token": {"limits": "1h"}}, "no option 'limits'; did you mean 'limit'?"),
        ({"long-access-token": {"limit": "soon"}}, "no length of time; write 30m, 7d, or seconds"),
    ],
)
def test_options_of_rules_are_checked(tables: dict[str, dict[str, object]], message: str) -> None:
    with pytest.raises(RuleError) as error:
        load(tables=tables)
    assert message in str(error.value)


def test_a_profile_changes_limits_and_the_user_wins() -> None:
    (rule,) = load(["long-refresh-token"], limits=overrides("browser"))
    assert rule.values["limit"].seconds == 86_400
    (rule,) = load(["long-refresh-token"], tables={"long-refresh-token": {"limit": "2d"}}, limits=overrides("browser"))
    assert rule.values["limit"].seconds == 172_800
    with pytest.raises(Misuse, match="did you mean 'browser'"):
        policy("browsers")


@pytest.mark.parametrize("slug", policy("owasp"))
def test_the_default_profile_says_what_rules_default_to(slug: str) -> None:
    """The default profile is never loaded in a run, so the two must not part."""
    (plain,) = load([slug])
    (set_,) = load([slug], limits=policy("owasp"))
    import inspect

    defaults = {name: item.default for name, item in inspect.signature(plain.check).parameters.items()}
    assert set_.values == {name: defaults[name] for name in set_.values}
