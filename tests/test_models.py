"""Every modelled signature against the real library, and what a model that cannot be right is told."""

import ast
import json
from collections.abc import Iterable
from contextlib import suppress
from inspect import isclass
from pathlib import Path

import extract_script_signatures
import pytest
from extract_signatures import SIGNATURES, parameters, resolved, with_django

from jwtlint.models import CallModel, ModelError, Models, Reference, SettingModel, load, reference
from jwtlint.models.calls import Calls, Entry, call_model
from jwtlint.models.documents import documents
from jwtlint.models.signatures import meant
from jwtlint.project import Project
from jwtlint.project.names import Module, Modules
from jwtlint.read import read
from jwtlint.survey import SCRIPT
from jwtlint.words import words

# What a call gives and is then called itself, guesses at unknown objects, objects without a class of their own.
ELSEWHERE = ("any.", "os.environ.", SCRIPT)

Case = tuple[str, CallModel]


def cases() -> list[Case]:
    """Callables to compare, each with the file of signatures that has it; empty for the library that is installed."""
    found: list[Case] = []
    for file, document in documents().items():
        for part in (document, *document.get("versions", ())):
            apart = "isolated" in document or part is not document
            home = f"{document['package']}-{part['newest']}.json" if apart else ""
            entries = (Entry(file, "", key, roles) for key, roles in (part.get("calls") or {}).items())
            found += [(home, model) for model in Calls(entries).values() if is_compared(model.signature.path)]
    return found


def is_compared(path: str) -> bool:
    called_again = path.endswith("()") and not path.endswith(".Config()")
    return not path.startswith(ELSEWHERE) and not called_again and "().config." not in path


def real(home: str, path: str) -> list[tuple[str, str, str]]:
    if not home:
        with_django()
        return parameters(path)
    data = json.loads((SIGNATURES / home).read_text(encoding="utf-8"))
    return [(name, kind, default) for name, kind, default in data[path] if name != "self"]


def differences(model: CallModel, library: list[tuple[str, str, str]]) -> list[str]:
    """What a model's signature says otherwise than the library."""
    names = [name for name, _, _ in library]
    kinds = {kind for _, kind, _ in library}
    positional = tuple(name for name, kind, _ in library if kind.startswith("POSITIONAL"))
    defaults = {name: default for name, _, default in library}
    modelled = model.signature
    found = []
    for name in modelled.names:
        takes_any = "VAR_KEYWORD" in kinds or ("VAR_POSITIONAL" in kinds and name in modelled.positional)
        if name not in names and not takes_any:
            found.append(f"no parameter {name!r}{meant(name, names, 'they are ' + ', '.join(names))}")
    if "VAR_POSITIONAL" not in kinds and not found:
        if positional[: len(modelled.positional)] != modelled.positional:
            found.append(f"parameters in this order: {', '.join(positional)}")
    for name, value in modelled.defaults.items():
        if is_plain(defaults.get(name, "")) and ast.literal_eval(defaults[name]) != value:
            found.append(f"default of {name} is {defaults[name]}, not {value!r}")
    return [str(ModelError(model.file, (modelled.path,), f"{modelled.path}: {text}")) for text in found]


def scripts() -> list[CallModel]:
    """Functions of packages for scripts, which `extract_script_signatures.py` has asked for theirs."""
    found: list[CallModel] = []
    for file, document in documents().items():
        if str(document.get("package", "")).startswith(SCRIPT) and "newest" in document:
            paths = set(extract_script_signatures.paths_of(dict(document)))
            calls = Calls(Entry(file, "", key, roles) for key, roles in document["calls"].items())
            found += [model for path, model in calls.items() if path in paths]
    return found


@pytest.mark.parametrize("model", scripts(), ids=lambda model: model.signature.path)
def test_parameters_of_scripts_are_the_packages(model: CallModel) -> None:
    """What a function takes beyond its parameters is in its `arguments`, so a model may end in `*rest`."""
    document = documents()[model.file]
    kept = extract_script_signatures.file_of(document["package"], str(document["newest"]))
    real = json.loads(kept.read_text(encoding="utf-8"))[model.signature.path]
    own = list(model.signature.positional)
    assert own[: len(real)] == real[: len(own)] if not model.signature.rest else own == real[: len(own)]
    assert len(own) <= len(real)


def is_plain(default: str) -> bool:
    """Whether a default is a literal: a library's own mark for "not given" is spelt as what it stands for."""
    try:
        return not isinstance(ast.literal_eval(default), list | dict)
    except (ValueError, SyntaxError):
        return False


@pytest.mark.parametrize(("home", "model"), cases(), ids=lambda case: getattr(case, "file", "") and case.signature.path)
def test_signatures_are_the_librarys(home: str, model: CallModel) -> None:
    """Of a library that cannot be installed here, the data come from `extract_signatures.py`."""
    assert differences(model, real(home, model.signature.path)) == []


def references() -> list[str]:
    """What references and classes name, of the libraries that are installed here; without modules that are included as text."""
    here = [document for document in documents().values() if "isolated" not in document]
    named = [path for document in here for entry in document.get("references") or () for path in entry["of"]]
    paths = {*named, *(path for document in here for path in document.get("classes") or ())}
    return sorted(path for path in paths if not path.startswith(SCRIPT))


@pytest.mark.parametrize("path", references())
def test_what_references_name_is_the_librarys(path: str) -> None:
    with_django()
    assert resolved(path) is not None


def test_all_callables_are_compared_but_few() -> None:
    assert len(cases()) > 0.7 * len(load().calls)


def test_words_are_those_of_the_files() -> None:
    assert {"jwt", "jose", "flask_jwt_extended"} <= words()


def test_a_part_that_names_no_parameter_is_refused() -> None:
    with pytest.raises(ModelError, match=r"pyjwt.yml:\d+: jwt.encode: .*did you mean 'payload'"):
        call_model("pyjwt.yml", "X", "jwt.encode(payload, key)", {"issues": {"claims": "paylod"}})


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(ModelError, match="did you mean 'issues'"):
        call_model("x.yml", "X", "x.encode(payload, key)", {"isues": {}})


def test_a_signature_that_is_not_the_librarys_is_told_with_its_place() -> None:
    model = call_model("pyjwt.yml", "PyJWT", "jwt.encode(paylaod, key, algorithm='HS512')", {})
    (told,) = differences(model, real("", "jwt.encode"))[:1]
    line = next(n for n, text in enumerate(source("pyjwt.yml"), 1) if "jwt.encode" in text)
    assert told == f"pyjwt.yml:{line}: jwt.encode: no parameter 'paylaod'; did you mean 'payload'?"


def source(file: str) -> list[str]:
    return (Path(__file__).parent.parent / "jwtlint" / "models" / file).read_text(encoding="utf-8").splitlines()


def test_self_names_what_the_maker_takes() -> None:
    """`self.key` is a parameter of the call that makes the object, or an attribute of its class; aliases of instances lead
    to their makers.
    """
    with_django()
    models = load()
    makers: dict[str, set[str]] = {}
    for alias, target in models.aliases.items():
        if alias.endswith("()"):
            makers.setdefault(target.removesuffix("()"), {target.removesuffix("()")}).add(alias[:-2])
    for path, model in models.calls.items():
        named = [option for parts in model.roles.values() for part in parts.values() for option in part.options]
        for keys in (option.keys for option in named if option.kind == "self"):
            maker = model.signature.maker or path.rpartition(".")[0]
            if keys[:1] == ("self",):
                maker, keys = models.calls[maker].signature.maker, keys[1:]
            known = [models.calls[one].signature.names for one in makers.get(maker, {maker}) if one in models.calls]
            taken = any(keys[0] in names for names in known) if keys else True
            told = f"{maker}().{keys[0]}" in models.calls if keys else False
            assert taken or told or has_attribute((path, maker), keys[0]), (model.file, path, keys)


def has_attribute(paths: Iterable[str], name: str) -> bool:
    """Whether a class that one of the paths leads to has an attribute."""
    found: list[object] = []
    for path in paths:
        with suppress(AttributeError):
            found.append(resolved(path))
    return any(isclass(item) and hasattr(item, name) for item in found)


def project(text: str, models: Models) -> Project:
    """A project of one file."""
    return Project(
        {"a.py": Module("a.py", "python", read("python", text.encode()))},
        Modules(frozenset({"a.py"})),
        models,
        lambda word: (),
    )


def test_what_a_class_of_the_project_sets_is_what_its_library_reads() -> None:
    roles = {"issues": {"kind": "self.token_type", "lifetime": "self.lifetime", "unit": 1}}
    models = Models(Calls(Entry("x.yml", "X", key, roles) for key in ("x.Token(token=None)", "x.Token.made_for(user)")))
    text = """
from x import Token

class Invitation(Token):
    token_type = "invite"
    lifetime = 3600

Invitation()
Invitation.made_for("1")
"""
    issued = project(text, models).issuances
    assert [(token.kind, str(token.lifetimes[0].data)) for token in issued] == [("single-use", "1 hour")] * 2


def test_what_a_library_does_by_its_settings_is_believed() -> None:
    roles = {"verifies": {"key": "setting.X.KEY", "checks": {"exp": "setting.X.CHECK_EXP"}}}
    reference = Reference(frozenset({"x.auth.Tokens"}), call_model("x.yml", "X", "x.auth.Tokens()", roles))
    told = {"X.KEY": SettingModel("X", None, "Y.KEY"), "Y.KEY": SettingModel("X", None, "SECRET_KEY")}
    settings = {name: {"x.yml": model} for name, model in told.items()}
    text = 'AUTHENTICATION = ["x.auth.Tokens"]\nX = {"CHECK_EXP": False}\nSECRET_KEY = "s"\n'
    (token,) = project(text, Models(references=(reference,), settings=settings)).verifications
    assert token.checks("exp") is False
    assert token.is_trusted
    assert token.setting_of("key") == "SECRET_KEY"


@pytest.mark.parametrize(("said", "count"), [("True", 1), ("False", 0), ("load()", 0), (None, 0)])
def test_a_reference_that_holds_only_when_a_setting_says_so(said: str | None, count: int) -> None:
    document = {"of": ["x.auth.Tokens"], "when": "setting.X.ON", "issues": {"lifetime": 60}}
    settings = {"X.ON": {"x.yml": SettingModel("X", False)}}
    models = Models(references=(reference("x.yml", "X", document),), settings=settings)
    text = f'AUTHENTICATION = ["x.auth.Tokens"]\n{f"X = dict(ON={said})" if said else ""}\n'
    assert len(project(text, models).issuances) == count


@pytest.mark.parametrize(
    ("need", "count"), [("setting.ON", 1), ("setting.OFF", 0), ("x.installed", 0), ("setting.NO", 1)]
)
def test_a_reference_that_needs_something_else(need: str, count: int) -> None:
    document = {"of": ["x.auth.Tokens"], "needs": need, "issues": {"lifetime": 60}}
    settings = {"OFF": {"x.yml": SettingModel("X", False)}}
    models = Models(references=(reference("x.yml", "X", document),), settings=settings)
    text = 'AUTHENTICATION = ["x.auth.Tokens"]\nON = True\n'
    assert len(project(text, models).issuances) == count


def test_libraries_may_have_settings_of_one_name() -> None:
    entries = [Entry(f"{name}.yml", name, f"{name}.make()", {"issues": {"lifetime": "setting.LIFE"}}) for name in "xyz"]
    told = {"x.yml": SettingModel("x", 60), "y.yml": SettingModel("y", 120)}
    models = Models(Calls(entries), settings={"LIFE": told})
    issued = project("import x\nimport y\nimport z\n\nx.make()\ny.make()\nz.make()\n", models).issuances
    lives = {token.library: [value.data for value in token.lifetimes] for token in issued}
    assert [str(lives[name][0]) for name in "xyz"] == ["1 minute", "2 minutes", "UNKNOWN"]


def test_defaults_of_all_libraries_stand_side_by_side() -> None:
    shared = {name: found for name, found in load().settings.items() if len(found) > 1}
    assert {"JWT_ALGORITHM", "JWT_SECRET_KEY"} <= shared.keys()
    assert all(model.file == file for found in shared.values() for file, model in found.items())


@pytest.mark.parametrize(
    ("text", "effect"),
    [("GATE = True\n", None), ("", "it needs GATE to be on"), ("GATE = False\n", "it needs GATE to be on")],
)
def test_a_setting_that_another_one_switches_on(text: str, effect: str | None) -> None:
    """The label of a library differs by its version: it is its model that tells whether a setting is its own."""
    calls = Calls([Entry("x.yml", "X 1.2", "x.make()", {"issues": {"lifetime": 60}})])
    told = {
        "GATE": SettingModel("X", False, file="x.yml"),
        "ASK": SettingModel("X", False, needs=("setting.GATE",), file="x.yml"),
    }
    models = Models(calls, settings={name: {"x.yml": model} for name, model in told.items()})
    found = project(f"import x\n\n{text}ASK = True\nx.make()\n", models).inert_options
    assert [(option.name, option.effect) for option in found] == ([("ASK", effect)] if effect else [])
