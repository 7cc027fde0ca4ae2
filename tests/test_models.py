"""Every modelled signature against the installed library: parameter names and positions."""

import inspect
from importlib import import_module

import pytest

from jwtlint.models import CallModel, ModelError, call_model, load, words

# Not functions of a package that is installed for the tests: instances, builtins, optional clients.
ELSEWHERE = ("open", "decouple.config", "os.environ.", "requests.", "httpx.", "urllib.")


def functions() -> list[CallModel]:
    return [
        model for path, model in load().calls.items() if "()" not in path and not path.startswith(("any.", *ELSEWHERE))
    ]


@pytest.mark.parametrize("model", functions(), ids=lambda model: model.signature.path)
def test_parameters_are_the_librarys(model: CallModel) -> None:
    home, _, name = model.signature.path.rpartition(".")
    found = inspect.signature(getattr(import_module(home), name)).parameters
    positional = [
        item.name for item in found.values() if item.kind in (item.POSITIONAL_ONLY, item.POSITIONAL_OR_KEYWORD)
    ]
    assert tuple(positional[: len(model.signature.positional)]) == model.signature.positional
    takes_any = any(item.kind is item.VAR_KEYWORD for item in found.values())
    assert takes_any or set(model.signature.names) <= found.keys()


def test_there_are_functions_to_compare() -> None:
    assert len(functions()) >= 15


def test_words_are_those_of_the_files() -> None:
    assert {"jwt", "jose", "flask_jwt_extended"} <= words()


def test_a_part_that_names_no_parameter_is_refused() -> None:
    with pytest.raises(ModelError, match="did you mean 'payload'"):
        call_model("x.yml", "X", "x.encode(payload, key)", {"issues": {"claims": "paylod"}})


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(ModelError, match="did you mean 'issues'"):
        call_model("x.yml", "X", "x.encode(payload, key)", {"isues": {}})
