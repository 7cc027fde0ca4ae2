"""Settings: every place that sets a named value – code, application config, and what puts variables into the environment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from jwtlint.facts import Attribute, Binding, Call, Constant, Either, Name, Opaque, Subscript, Term
from jwtlint.finding import Location
from jwtlint.models.signatures import last_name as last_path
from jwtlint.paths import role
from jwtlint.project import calls, configured, files, mappings, objects, parts, standard, templates
from jwtlint.project.languages import JAVASCRIPT
from jwtlint.project.names import Module, last_name
from jwtlint.project.value import (
    NOTHING,
    UNKNOWN,
    ClassRef,
    Duration,
    External,
    Frame,
    Table,
    Value,
)

if TYPE_CHECKING:
    from jwtlint.project.values import Evaluator

MAX_UNREAD = 16  # files; a name that more of them hold is too common to say who sets it
CONFIGURATIONS = frozenset({"config", "conf", "settings"})


def environment(
    evaluator: Evaluator, name: str, *, any_case: bool = False, holder: str = "", within: frozenset[str] = frozenset()
) -> Iterator[Value]:
    """What the project's files put into the environment by a name: environment files, manifests, images.

    Args:
        any_case: whether the name may be written in another case.
        holder: the object of a manifest that holds it, where only that one is meant.
        within: variables that are already asked for, so that none is followed in a circle.
    """
    for module in _deployments(evaluator, name):
        for item in module.variables.get(name.casefold(), ()):
            if (any_case or item.name == name) and (not holder or not item.holder or item.holder == holder):
                at = module.at(item.at)
                for value in _variable(evaluator, item.value, module, within | {name}):
                    yield value.through(at, f"set as {item.name}")


def _deployments(evaluator: Evaluator, word: str) -> Iterator[Module]:
    """The files that may put something into the environment whose name is, or begins with, a word; not a developer's own."""
    for path in evaluator.deploying(word):
        evaluator.read(path)
    for module in evaluator.modules.values():
        if module.facts.variables and not files.is_for_development(module.path):
            yield module


def _variable(evaluator: Evaluator, term: Term, module: Module, within: frozenset[str]) -> Iterator[Value]:
    """What the term of a variable can be."""
    match term:
        case Constant(value=data):
            yield from templates.rendered(evaluator, Value(data, given="file"), module)
        case Opaque(kind="variable", parts=(Constant(value=str(name)), Constant(value=str(holder)))) if (
            holder or name not in within
        ):
            yield from environment(evaluator, name, holder=holder, within=within | {name})
        case Either(options=options):
            for index, option in enumerate(options):
                for value in _variable(evaluator, option, module, within):
                    yield calls.as_fallback(value) if index else value


def prefixed(evaluator: Evaluator, prefix: str) -> dict[str, tuple[Value, ...]]:
    """What the project's files put into the environment under a prefix, by the rest of the names; `__` leads into tables."""
    found: dict[str, tuple[Value, ...]] = {}
    for module in _deployments(evaluator, prefix):
        for item in module.facts.variables if prefix else ():
            if not item.name.startswith(prefix):
                continue
            head, *rest = item.name.removeprefix(prefix).split("__")
            for value in _variable(evaluator, item.value, module, frozenset({item.name})):
                value = value.of(standard.plain(value.data)) if isinstance(value.data, str) else value
                value = value.through(module.at(item.at), f"set as {item.name}")
                for key in reversed(rest):
                    value = Value(Table({key: (value,)}, closed=False, loose=True))
                found[head] = (*found.get(head, ()), value)
    return found


def values_of(evaluator: Evaluator, name: str, home: Module | None = None, file: str = "") -> tuple[Value, ...]:
    """What an application's setting is: every place that sets it, else the library's default.

    Such a setting is an upper-case name of a module or class, or an entry of something called `config`.

    Args:
        name: the setting, or an entry of one that is a mapping: `TOKENS.ALGORITHM`.
        home: the module that asks. If it sets the setting it is an application by itself, one file of several such.
        file: the model that asks, whose default counts before those of others.
    """
    head, *keys = name.split(".")
    if home and home.language is JAVASCRIPT:
        found = tuple(_entries(_set_by_scripts(evaluator, home, head), keys))
    else:
        own = tuple(_entries(_set_in(evaluator, home, head), keys)) if home else ()
        if home and own and not _built_on(evaluator, home, head):
            return own
        for path in _setting(evaluator, head, file) if home is None or not _is_alone(home) else ():
            evaluator.read(path)
        found = tuple(_given(evaluator, head, keys)) if home is None or not _is_alone(home) else ()
    if found:
        return found
    model = evaluator.models.setting(name, file)
    if model is None:
        return NOTHING
    deployed = () if keys else tuple(environment(evaluator, name))
    if deployed:
        return deployed
    if model.stands_for:
        return values_of(evaluator, model.stands_for, home, file)
    return (parts.literal(model.default, f"{name} in {model.library}"),)


def _set_by_scripts(evaluator: Evaluator, home: Module, name: str) -> Iterator[Value]:
    """What the calls of scripts that set settings as a whole set one to."""
    named = evaluator.speaking(name.removeprefix(JAVASCRIPT.prefix), home)
    for path in named if len(named - evaluator.modules.keys()) <= MAX_UNREAD else ():
        evaluator.read(path)
    for module in evaluator.modules.values():
        if module.language is JAVASCRIPT:
            yield from configured.configured(evaluator, module, name)


def _is_alone(module: Module) -> bool:
    """Whether a file is an example that configures itself, one beside others: what they set is not for it."""
    bases = (item.target.base for item in module.facts.bindings if isinstance(item.target, Subscript))
    return role(module.path) == "example" and any(last_name(base) in CONFIGURATIONS for base in bases)


def _setting(evaluator: Evaluator, name: str, file: str) -> Iterator[str]:
    """The files that may set a setting. A word of many files is looked for only in those that are read, and so is one in
    lower case: what is called `config` there is hardly the application's (Flask takes upper case alone, flask/config.py).
    """
    named = set(evaluator.mentioning(name))
    is_known = evaluator.models.setting(name, file) is not None
    if is_known or name.isupper() and len(named - evaluator.modules.keys()) <= MAX_UNREAD:
        yield from named
    for word in _loading(evaluator):
        yield from evaluator.mentioning(word)


def is_set(evaluator: Evaluator, name: str) -> bool:
    """Whether the application sets a setting, or an entry of one, anywhere."""
    return any(True for _ in given(evaluator, name))


def last(evaluator: Evaluator, name: str, file: str = "") -> str:
    """The setting that one stands for where nobody sets it, and so on; the setting itself where somebody does."""
    model = evaluator.models.setting(name, file)
    alone = model is not None and model.stands_for and not is_set(evaluator, name)
    return last(evaluator, model.stands_for, file) if alone and model else name


def lacking(evaluator: Evaluator, needs: Iterable[str], file: str) -> str:
    """What is needed and not there, as the end of a sentence; empty where all is there or not known."""
    for need in needs:
        name = need.removeprefix("setting.")
        if name == need:
            if not any(evaluator.mentioning(need)):
                return f"it needs {need} among the installed apps"
        elif not any(value.holds is not False for value in values_of(evaluator, name, file=file)):
            return f"it needs {name} to be on"
    return ""


def given(evaluator: Evaluator, name: str) -> Iterator[Value]:
    """What the application sets a setting, or an entry of one, to."""
    head, *keys = name.split(".")
    return _given(evaluator, head, keys)


def _given(evaluator: Evaluator, head: str, keys: list[str]) -> Iterator[Value]:
    """What sets a setting; where nothing does, what `config.setdefault` falls back on."""
    found = False
    for reading in (_set_in, _set_by_default):
        for module in () if found else evaluator.modules.values():
            for value in _entries(reading(evaluator, module, head), keys):
                found = True
                yield value


def _set_by_default(evaluator: Evaluator, module: Module, name: str) -> Iterator[Value]:
    """What `config.setdefault("NAME", …)` gives a setting that nothing else sets."""
    for use in module.uses.get("setdefault", ()):
        function, args = use.call.func, use.call.args
        if isinstance(function, Attribute) and last_name(function.base) in CONFIGURATIONS and len(args) > 1:
            if isinstance(args[0].value, Constant) and args[0].value.value == name:
                at, frame = module.at(use.call.at), _frame(evaluator, module, use.scope)
                for value in evaluator.values(args[1].value, frame):
                    yield calls.as_fallback(value).through(at, f"set as {name}")


def origins(evaluator: Evaluator, name: str) -> Iterator[Location]:
    """Where a setting is set in code."""
    for module in evaluator.modules.values():
        if module.kind == "python":
            yield from (module.at(item.at) for item in module.settings.get(name, ()) if _sets(module, item, name))


def _entries(values: Iterable[Value], keys: list[str]) -> Iterator[Value]:
    """What the values have at the keys; nothing where a closed mapping has no such entry."""
    for value in values:
        if not keys:
            yield value
        elif isinstance(value.data, Table):
            yield from value.data.get(*keys)
        else:
            yield Value(UNKNOWN)


def _set_in(evaluator: Evaluator, module: Module, name: str) -> Iterator[Value]:
    if module.kind != "python":
        return
    edited = mappings.is_edited(module, name)
    if edited:
        yield from objects.of_module(evaluator, module, name)
    for binding in module.settings.get(name, ()):
        if edited and not binding.scope and isinstance(binding.target, Name):
            continue
        if _sets(module, binding, name):
            values = tuple(evaluator.bound(binding, module, _frame(evaluator, module, binding.scope)))
            owner = module.classes.get(binding.scope)
            yield from (field(evaluator, ClassRef(module, owner), name, binding, module, values) if owner else values)
    for called in ("update", "from_mapping"):
        for use in module.uses.get(called, ()):
            function = use.call.func
            if isinstance(function, Attribute) and last_name(function.base) in CONFIGURATIONS:
                yield from _updated(evaluator, module, use.call, use.scope, name)
    yield from configured.configured(evaluator, module, name)
    yield from _of_attributes(evaluator, module, name)


def _of_attributes(evaluator: Evaluator, module: Module, name: str) -> Iterator[Value]:
    """What `app.name_of_its_own = …` sets a setting to, where an object of a library has an attribute for it."""
    for path, setting in evaluator.models.settings_attributes.items():
        for binding in module.settings.get(last_path(path), ()) if setting == name else ():
            frame = _frame(evaluator, module, binding.scope)
            if attribute_for(evaluator, binding.target, frame) == name:
                yield from evaluator.bound(binding, module, frame)


def attribute_for(evaluator: Evaluator, term: Term | None, frame: Frame) -> str:
    """The setting that an attribute of a library's object stands for; empty for any other term."""
    if isinstance(term, Attribute):
        for owner in evaluator.values(term.base, frame):
            if isinstance(owner.data, External):
                path = evaluator.models.canonical(f"{owner.data.path}.{term.name}")
                if path in evaluator.models.settings_attributes:
                    return evaluator.models.settings_attributes[path]
    return ""


def _built_on(evaluator: Evaluator, home: Module, name: str) -> bool:
    """Whether another module that speaks of a setting takes all that `home` sets, so as to change some of it."""
    for path in sorted(set(evaluator.mentioning(name)) & set(evaluator.mentioning("import *"))):
        if evaluator.read(path):
            module = evaluator.modules[path]
            if any(evaluator.names.find(path, star.target, star.level) == home.path for star in module.stars):
                return True
    return False


def _loading(evaluator: Evaluator) -> Iterator[str]:
    """How calls are written that set settings by files or the environment, and so without naming any."""
    for path in evaluator.models.calls.having({"configures"}):
        model = evaluator.models.calls[path]
        if {"file", "prefix", "variable"} & model.roles["configures"].keys():
            yield f".{model.name}("


def _sets(module: Module, binding: Binding, name: str) -> bool:
    match binding.target:
        case Name(id=target):
            return target == name and (not binding.scope or binding.scope in module.classes)
        case Subscript(base=base, key=Constant(value=key)):
            return key == name and last_name(base) in CONFIGURATIONS
        case Attribute(base=base, name=target):
            return target == name and last_name(base) in CONFIGURATIONS
    return False


def _frame(evaluator: Evaluator, module: Module, scope: str) -> Frame:
    if scope in module.classes:
        return calls.body(evaluator, ClassRef(module, module.classes[scope]))
    return calls.frames(evaluator, module, scope)[0]


def _updated(evaluator: Evaluator, module: Module, call: Call, scope: str, name: str) -> Iterator[Value]:
    frame = _frame(evaluator, module, scope)
    for argument in call.args:
        values = evaluator.values(argument.value, frame)
        if argument.name == name:
            yield from (value.through(module.at(argument.at), f"set as {name}") for value in values)
        elif argument.name in (None, "**"):
            for value in values:
                if isinstance(value.data, Table) and name in value.data.entries:
                    yield from value.data.entries[name]


def field(
    evaluator: Evaluator, owner: ClassRef, name: str, binding: Binding, home: Module, values: tuple[Value, ...]
) -> Iterable[Value]:
    """A class attribute, bound in `home`; of a settings class also what the environment sets it to, and the default a fallback."""
    model = _settings_class(evaluator, owner)
    if model is None:
        return values
    found: list[Value] = []
    for variable in _variables(evaluator, owner, name, binding):
        given = environment(evaluator, variable, any_case=True)
        found += [_typed(value, binding).through(home.at(binding.at), f"read as {name}") for value in given]
    declared = isinstance(binding.value, Opaque) and binding.value.kind == "declared"
    defaults = () if declared else tuple(calls.as_fallback(value) for value in values)
    return (*found, *defaults) or NOTHING


def _settings_class(evaluator: Evaluator, owner: ClassRef) -> str | None:
    for base in objects.bases(evaluator, owner):
        if isinstance(base, External) and base.path in evaluator.models.settings_classes:
            return base.path
    return None


def _variables(evaluator: Evaluator, owner: ClassRef, name: str, binding: Binding) -> Iterator[str]:
    """The names of the environment that a field is read from: its aliases, or the prefix and its own name."""
    if isinstance(binding.value, Call):
        for argument in binding.value.args:
            if argument.name in ("alias", "validation_alias", "env"):
                frame = calls.body(evaluator, owner)
                aliases = [v.data for v in evaluator.values(argument.value, frame) if isinstance(v.data, str)]
                if aliases:
                    yield from aliases
                    return
    yield f"{_prefix(evaluator, owner)}{name}"


def _prefix(evaluator: Evaluator, owner: ClassRef) -> str:
    """`env_prefix` of `model_config` or of the inner class `Config`."""
    for one in objects.bases(evaluator, owner):
        if not isinstance(one, ClassRef):
            continue
        for use in one.module.facts.uses:
            if use.scope == one.definition.path and last_name(use.call.func) in ("SettingsConfigDict", "ConfigDict"):
                for argument in use.call.args:
                    if argument.name == "env_prefix" and isinstance(argument.value, Constant):
                        return str(argument.value.value)
        for binding in one.module.definitions.get((f"{one.definition.path}.Config", "env_prefix"), ()):
            if isinstance(binding, Binding) and isinstance(binding.value, Constant):
                return str(binding.value.value)
    return ""


def _typed(value: Value, binding: Binding) -> Value:
    """A text of the environment as the field's annotation has it."""
    annotation = last_name(binding.annotation) if binding.annotation else ""
    if annotation in ("int", "float"):
        return standard.converted(annotation, value)
    if annotation == "timedelta" and isinstance(value.data, str) and value.data.isdigit():
        return value.of(Duration(float(value.data)))
    return value if annotation in ("str", "SecretStr", "") or isinstance(value.data, str) else value.of(UNKNOWN)
