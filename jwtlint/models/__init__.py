"""What is known of libraries: YAML files whose keys are Python signatures."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, Literal

from jwtlint.models.documents import documents
from jwtlint.models.versions import section

ROLES: Mapping[str, frozenset[str]] = {
    "issues": frozenset(["kind", "claims", "adds", "key", "algorithm", "headers", "lifetime", "unit", "exp"]),
    "verifies": frozenset(
        ["token", "key", "algorithms", "audience", "issuer", "leeway", "unit", "required", "requires", "checks", "pins"]
    ),
    "inspects": frozenset(["token", "gives", "key", "signature"]),
    "reads": frozenset(["environment", "setting", "default", "cast"]),
    "returns": frozenset(["value", "factory", "field"]),
    "supplies": frozenset({"dependency"}),
    "fetches-key": frozenset({"source"}),
}
_TOP = frozenset(
    [
        "library",
        "package",
        "words",
        "docs",
        "source",
        "calls",
        "references",
        "aliases",
        "settings",
        "settings-classes",
        "namespaces",
        "framework-keys",
        "newest",
        "versions",
    ]
)
_SECTION = frozenset(["holds", "newest", "calls"])
_SETTING = frozenset(["default", "unit", "stands-for", "source"])


class ModelError(Exception):
    """A model that cannot be right; its text is one line with the file, the place and the mend."""


@dataclass(frozen=True, slots=True)
class Path:
    """One way to a value: a parameter and keys in it, a setting, or a literal."""

    kind: Literal["parameter", "setting", "literal"]
    name: str = ""
    keys: tuple[str, ...] = ()
    literal: object = None


@dataclass(frozen=True, slots=True)
class Part:
    """`a.b else setting.C else true`: the first that is given counts; `not` turns it round."""

    options: tuple[Path, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """A callable's path and parameters; `defaults` hold those that are literal."""

    path: str
    positional: tuple[str, ...]
    names: tuple[str, ...]
    defaults: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class CallModel:
    """What is known of one callable: roles, each with its parts by name."""

    library: str
    signature: Signature
    roles: Mapping[str, Mapping[str, Part]]

    @property
    def name(self) -> str:
        return self.signature.path.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Reference:
    """What a library does once an application names one of its classes, in an import or in a text of its settings."""

    paths: frozenset[str]
    model: CallModel


@dataclass(frozen=True, slots=True)
class SettingModel:
    """A setting of a library: what it is by default, and in what unit (seconds) numbers count."""

    library: str
    default: object
    unit: float
    stands_for: str


@dataclass(frozen=True)
class Models:
    """All that is known."""

    calls: Mapping[str, CallModel] = field(default_factory=dict)
    references: tuple[Reference, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, SettingModel] = field(default_factory=dict)
    settings_classes: frozenset[str] = frozenset()
    namespaces: frozenset[str] = frozenset()
    framework_keys: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def call(self, path: str) -> CallModel | None:
        """The model of the callable at `path`; of a method whose name and object's name alone tell enough, if there is one."""
        known = self.calls.get(self.canonical(path))
        return known or self.calls.get("any." + ".".join(path.split(".")[-2:]))

    def knows(self, path: str) -> bool:
        """Whether `path` is, or leads to, something modelled."""
        return any(known == path or known.startswith((f"{path}.", f"{path}()")) for known in self.calls)

    def canonical(self, path: str) -> str:
        """The path with its longest alias replaced: `jwt.api_jwt.encode` is `jwt.encode`."""
        head = path
        while head:
            if head in self.aliases:
                return self.aliases[head] + path[len(head) :]
            head = head.rpartition(".")[0]
        return path

    @cached_property
    def token_names(self) -> frozenset[str]:
        """Last names of the calls that issue, verify or inspect tokens."""
        return self.names({"issues", "verifies", "inspects"})

    def names(self, roles: Set[str]) -> frozenset[str]:
        """Last names of the calls that have one of the roles."""
        return frozenset(model.name for model in self.calls.values() if roles & model.roles.keys())


@cache
def words() -> frozenset[str]:
    """What a file must mention to be looked at."""
    return frozenset(str(word) for document in documents().values() for word in document.get("words", ()))


@cache
def load(pins: frozenset[tuple[str, str]] = frozenset()) -> Models:
    """The models that come with the program.

    Args:
        pins: names of distributions and the versions that the project asks for.

    Raises:
        ModelError: a file has an unknown key or a part that names no parameter.
    """
    calls: dict[str, CallModel] = {}
    settings: dict[str, SettingModel] = {}
    references: list[Reference] = []
    aliases: dict[str, str] = {}
    classes: set[str] = set()
    namespaces: set[str] = set()
    framework_keys: dict[str, frozenset[str]] = {}
    for name, document in documents().items():
        if name.startswith("_"):
            continue
        _known(name, "the file", document, _TOP)
        for library, key, roles in _calls(name, document, pins):
            model = call_model(name, library, key, roles)
            calls[model.signature.path] = model
        for key, entry in (document.get("settings") or {}).items():
            _known(name, key, entry, _SETTING)
            settings[key] = _setting(document["library"], entry)
        references += [_reference(name, document["library"], entry) for entry in document.get("references") or ()]
        aliases |= document.get("aliases") or {}
        classes |= set(document.get("settings-classes") or ())
        namespaces |= set(document.get("namespaces") or ())
        for package, keys in (document.get("framework-keys") or {}).items():
            framework_keys[package] = frozenset(keys)
    return Models(
        calls, tuple(references), aliases, settings, frozenset(classes), frozenset(namespaces), framework_keys
    )


def _calls(
    name: str, document: Mapping[str, Any], pins: frozenset[tuple[str, str]]
) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """The callables of a library, with what messages call it; those of the section that holds come last and win."""
    for key, roles in (document.get("calls") or {}).items():
        yield document["library"], key, roles
    for entry in document.get("versions") or ():
        _known(name, "versions", entry, _SECTION)
    package = str(document["package"]).lower().replace("_", "-")
    held = section(document, {specifier for pinned, specifier in pins if pinned == package})
    if held:
        for key, roles in held.content["calls"].items():
            yield held.named, key, roles


def _reference(name: str, library: str, entry: Mapping[str, Any]) -> Reference:
    roles = {key: value for key, value in entry.items() if key != "of"}
    return Reference(frozenset(entry["of"]), call_model(name, library, f"{entry['of'][0]}()", roles))


def _setting(library: str, entry: Mapping[str, Any]) -> SettingModel:
    return SettingModel(library, entry.get("default"), float(entry.get("unit", 1)), entry.get("stands-for", ""))


def _known(file: str, where: str, entry: Mapping[str, Any], allowed: frozenset[str]) -> None:
    for key in entry:
        if key not in allowed:
            near = difflib.get_close_matches(str(key), allowed, n=1)
            mend = f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(sorted(allowed))}"
            raise ModelError(f"{file}: {where}: unknown key {key!r}{mend}")


def call_model(file: str, library: str, key: str, roles: Mapping[str, Any]) -> CallModel:
    """The model of one callable.

    Args:
        file: the file's name, for errors.
        library: the library's name.
        key: the signature, `jwt.encode(payload, key, algorithm="HS256")`.
        roles: role → part name → part.

    Raises:
        ModelError: an unknown role or part, or a part that names no parameter.
    """
    signature = parse_signature(file, key)
    _known(file, key, roles, frozenset(ROLES))
    parsed: dict[str, dict[str, Part]] = {}
    for role, entries in roles.items():
        plain = dict(entries or {})
        checks = plain.pop("checks", {})
        _known(file, f"{key}: {role}", plain, ROLES[role])
        plain |= {f"checks.{check}": text for check, text in checks.items()}
        parsed[role] = {name: parse_part(file, signature, text) for name, text in plain.items()}
    return CallModel(library, signature, parsed)


def parse_signature(file: str, key: str) -> Signature:
    """The path and parameters that a key spells."""
    opening = _opening(key)
    try:
        node = ast.parse(f"def f{key[opening:]}: ...").body[0]
    except (SyntaxError, ValueError) as error:
        raise ModelError(f"{file}: {key}: not a signature ({error})") from None
    assert isinstance(node, ast.FunctionDef)
    arguments = node.args
    positional = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
    pairs = list(zip(reversed(positional), reversed(arguments.defaults), strict=False))
    pairs += [
        (argument.arg, default)
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default
    ]
    defaults = {name: ast.literal_eval(default) for name, default in pairs if _literal(default)}
    names = (*positional, *(argument.arg for argument in arguments.kwonlyargs))
    return Signature(key[:opening], tuple(positional), names, defaults)


def _opening(key: str) -> int:
    """Where the parameters of a key begin: `X().f(a=(1, 2))` has parentheses before and within."""
    depth = 0
    for index in range(len(key) - 1, -1, -1):
        depth += (key[index] == ")") - (key[index] == "(")
        if depth == 0:
            return index
    return len(key)


def _literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True


def parse_part(file: str, signature: Signature, text: object) -> Part:
    """A part as YAML has it: text is paths joined by `else`, anything else a literal."""
    if not isinstance(text, str):
        return Part((Path("literal", literal=text),))
    negated = text.startswith("not ")
    options = tuple(_path(file, signature, item.strip()) for item in text.removeprefix("not ").split(" else "))
    return Part(options, negated)


def _path(file: str, signature: Signature, text: str) -> Path:
    if text.startswith("setting."):
        return Path("setting", text.removeprefix("setting."))
    if text in ("true", "false", "null"):
        return Path("literal", literal={"true": True, "false": False, "null": None}[text])
    if text.startswith("'") and text.endswith("'"):
        return Path("literal", literal=text[1:-1])
    if text.isdigit():
        return Path("literal", literal=int(text))
    name, *keys = text.split(".")
    if name not in signature.names:
        near = difflib.get_close_matches(name, signature.names, n=1)
        mend = f"; did you mean {near[0]!r}?" if near else f"; parameters are {', '.join(signature.names)}"
        raise ModelError(f"{file}: {signature.path}: {text!r} names no parameter{mend}")
    return Path("parameter", name, tuple(keys))
