"""Every modelled signature against the installed library: parameter names and positions."""

import builtins
import inspect
import itertools
from contextlib import suppress
from importlib import import_module
from typing import Any

import pytest

from jwtlint.models import CallModel, ModelError, call_model, load, words

# Guesses at unknown objects, clients that the tests do not install, a dictionary's methods.
ELSEWHERE = ("any.", "requests.", "httpx.", "flask.Flask().config.")


def functions() -> list[CallModel]:
    return [model for path, model in load().calls.items() if not path.startswith(ELSEWHERE)]


def resolved(path: str) -> Any:
    """What a modelled path leads to; `X()` is an instance of a class, so what follows is looked up in the class."""
    parts = path.replace("()", ".()").split(".")
    names = list(itertools.takewhile(lambda part: part != "()", parts))
    found: Any = builtins
    for count in range(len(names), 0, -1):
        with suppress(ImportError):
            found, parts = import_module(".".join(names[:count])), parts[count:]
            break
    for index, part in enumerate(parts):
        if part != "()":
            found = getattr(found, part)
        elif index == len(parts) - 1:
            found = vars(found)["__call__"]
    return found


@pytest.mark.parametrize("model", functions(), ids=lambda model: model.signature.path)
def test_parameters_are_the_librarys(model: CallModel) -> None:
    found = dict(inspect.signature(resolved(model.signature.path)).parameters)
    found.pop("self", None)
    positional = [
        item.name for item in found.values() if item.kind in (item.POSITIONAL_ONLY, item.POSITIONAL_OR_KEYWORD)
    ]
    passes_on = any(item.kind is item.VAR_POSITIONAL for item in found.values())
    assert passes_on or tuple(positional[: len(model.signature.positional)]) == model.signature.positional
    takes_any = any(item.kind is item.VAR_KEYWORD for item in found.values())
    assert takes_any or set(model.signature.names) <= found.keys()


@pytest.mark.parametrize("model", functions(), ids=lambda model: model.signature.path)
def test_defaults_are_the_librarys(model: CallModel) -> None:
    """Those that the model spells; a library's own mark for "not given" is spelt as what it stands for."""
    found = inspect.signature(resolved(model.signature.path)).parameters
    for name, default in model.signature.defaults.items():
        given = found[name].default if name in found else inspect.Parameter.empty
        if isinstance(given, str | int | float | bool | tuple | None):
            assert given == default, name


REFERENCES = sorted(path for reference in load().references for path in reference.paths)


@pytest.mark.parametrize("path", REFERENCES)
def test_what_references_name_is_the_librarys(path: str) -> None:
    assert callable(resolved(path))


def test_there_are_functions_to_compare() -> None:
    assert len(functions()) >= 25


def test_words_are_those_of_the_files() -> None:
    assert {"jwt", "jose", "flask_jwt_extended"} <= words()


def test_a_part_that_names_no_parameter_is_refused() -> None:
    with pytest.raises(ModelError, match="did you mean 'payload'"):
        call_model("x.yml", "X", "x.encode(payload, key)", {"issues": {"claims": "paylod"}})


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(ModelError, match="did you mean 'issues'"):
        call_model("x.yml", "X", "x.encode(payload, key)", {"isues": {}})
