"""What is known of libraries: YAML files whose keys are Python signatures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from jwtlint.models.calls import CallModel, Calls, Entry, call_model
from jwtlint.models.documents import documents
from jwtlint.models.libraries import Library, library
from jwtlint.models.schema import CLASS, SECTION, SETTING, TOP, known
from jwtlint.models.signatures import ModelError, Part, Path, last_name, parse_part
from jwtlint.models.versions import Pins, sections
from jwtlint.survey import SCRIPT

__all__ = ["CallModel", "ClassModel", "Library", "ModelError", "Models", "Part", "Path", "Reference", "SettingModel"]


@dataclass(frozen=True, slots=True)
class Reference:
    """What a library does once an application names one of its classes, in an import or in a text of its settings.

    Args:
        when: what has to be true for it; absent where naming is enough.
        needs: what else there must be.
    """

    paths: frozenset[str]
    model: CallModel
    when: Part | None = None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SettingModel:
    """A setting of a library.

    Args:
        default: what it is where nobody sets it.
        stands_for: the setting that it falls back on.
        ignored: why setting it has no effect; empty where it has.
        needs: what there must be for the setting to have an effect, by what the application names, or `setting.X`.
        file: the model that it is of.
    """

    library: str
    default: object
    stands_for: str = ""
    ignored: str = ""
    needs: tuple[str, ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True)
class ClassModel:
    """A class whose methods handle requests.

    Args:
        handlers: the HTTP method that each of its methods answers.
        before: attributes that hold what runs first.
        prefix: the attribute that paths begin with.
        purpose: what it is for by itself.
        alone: whether a subclass is an endpoint without any route.
        csrf_exempt: whether its requests pass by the check that the framework makes against forged ones.
        gives: where the request carries what each of its methods returns.
        runs: methods that the framework calls where an object of it is named.
    """

    handlers: Mapping[str, str]
    before: tuple[str, ...] = ()
    prefix: str = ""
    purpose: str = ""
    alone: bool = False
    csrf_exempt: bool = False
    gives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    runs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Models:
    """All that is known."""

    calls: Calls = field(default_factory=Calls)
    libraries: tuple[Library, ...] = ()
    references: tuple[Reference, ...] = ()
    classes: Mapping[str, ClassModel] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Mapping[str, SettingModel]] = field(default_factory=dict)
    settings_classes: frozenset[str] = frozenset()
    namespaces: frozenset[str] = frozenset()
    framework_keys: Mapping[str, frozenset[str]] = field(default_factory=dict)
    preceding_settings: frozenset[str] = frozenset()
    settings_attributes: Mapping[str, str] = field(default_factory=dict)

    def call(self, path: str) -> CallModel | None:
        """The model of the callable at `path`; of an attribute of any name, or of a method whose name and object's name alone
        tell enough, if there is one.
        """
        if path not in self._called:
            names, script = path.split("."), SCRIPT if path.startswith(SCRIPT) else ""
            guesses = (f"{script}any.{'.'.join(names[-count:])}" for count in (2, 1))
            spelled = (self.canonical(path), ".".join((*names[:-2], "any", names[-1])), *guesses)
            self._called[path] = next((self.calls[one] for one in spelled if one in self.calls), None)
        return self._called[path]

    @cached_property
    def _called(self) -> dict[str, CallModel | None]:
        return {}

    @cached_property
    def packages(self) -> frozenset[str]:
        """The packages whose callables are known, by the names that they are imported by."""
        return frozenset(path.partition(".")[0] for path in self.calls if "." in path)

    def setting(self, name: str, file: str = "") -> SettingModel | None:
        """What is known of a setting: by the model that asks, else by the others as far as they agree on it.

        Args:
            file: the model that asks; libraries have settings of one name and different defaults.
        """
        known = self.settings.get(name, {})
        if file in known:
            return known[file]
        agreed = {(repr(item.default), item.stands_for) for item in known.values()}
        return next(iter(known.values())) if len(agreed) == 1 else None

    def knows(self, path: str) -> bool:
        """Whether `path` is, or leads to, something modelled."""
        return path in self._leading

    def is_global(self, path: str) -> bool:
        """Whether something modelled is reached from `path`, also by another name of it: `window` of `window.localStorage`."""
        return path in self._leading or path in self._renamed

    @cached_property
    def _renamed(self) -> frozenset[str]:
        return frozenset(alias.partition(".")[0] for alias in self.aliases)

    @cached_property
    def _leading(self) -> frozenset[str]:
        """Every modelled path and all that lead to one."""
        found: set[str] = set()
        for path in self.calls:
            while path and path not in found:
                found.add(path)
                path = _leading(path)
        return frozenset(found)

    def canonical(self, path: str) -> str:
        """The path with its longest alias replaced: `jwt.api_jwt.encode` is `jwt.encode`."""
        head = path
        while head:
            if head in self.aliases:
                return self.aliases[head] + path[len(head) :]
            head = _leading(head)
        return path

    def methods(self, name: str, packages: frozenset[str]) -> tuple[str, ...]:
        """Paths of the methods of that name that objects of some packages have, also of packages that theirs are made of."""
        roots = packages | {_root(path) for alias, path in self.aliases.items() if _root(alias) in packages}
        return tuple(path for path in self.calls if path.endswith(f"().{name}") and _root(path) in roots)

    @cached_property
    def answering_alone(self) -> bool:
        """Whether some classes answer requests without any route."""
        return any(model.alone for model in self.classes.values())

    @cached_property
    def giving(self) -> bool:
        """Whether a framework leaves with the request what methods of some classes return."""
        return any(model.gives for model in self.classes.values())

    @cached_property
    def token_names(self) -> frozenset[str]:
        """Last names of the calls that issue, verify or inspect tokens."""
        return self.names({"issues", "gives-token", "verifies", "validates", "inspects"})

    def names(self, roles: Set[str]) -> frozenset[str]:
        """Last names of the calls that have one of the roles, by their aliases too; globals of scripts by their own."""
        asked = frozenset(roles)
        if asked not in self._names:
            paths = set(self.calls.having(roles))
            renamed = (alias for alias, path in self.aliases.items() if path in paths)
            named = [last_name(path) for path in (*paths, *renamed)]
            self._names[asked] = frozenset((*named, *(name.removeprefix(SCRIPT) for name in named)))
        return self._names[asked]

    @cached_property
    def _names(self) -> dict[frozenset[str], frozenset[str]]:
        return {}


def _root(path: str) -> str:
    """The package that a path begins with."""
    return path.partition(".")[0]


def _leading(path: str) -> str:
    """The path that leads to another: `jwt.PyJWT` to `jwt.PyJWT()`, and that to its methods."""
    return path.removesuffix("()") if path.endswith("()") else path.rpartition(".")[0]


@cache
def load(pins: Pins = frozenset()) -> Models:
    """The models that come with the program.

    Args:
        pins: names of distributions and the versions that the project asks for.

    Raises:
        ModelError: a file has an unknown key or a part that names no parameter.
    """
    calls: list[Entry] = []
    settings: dict[str, dict[str, SettingModel]] = defaultdict(dict)
    references: list[Reference] = []
    files = {file: document for file, document in documents().items() if not file.startswith("_")}
    for file, document in files.items():
        known(file, (), document, TOP)
        for named, content in sections(document, pins):
            known(file, ("versions",), content, TOP if content is document else SECTION)
            calls += [Entry(file, named, key, roles) for key, roles in (content.get("calls") or {}).items()]
            for key, entry in (content.get("settings") or {}).items():
                settings[key][file] = _setting(file, named, key, entry)
            references += [reference(file, named, entry) for entry in content.get("references") or ()]
    return Models(
        Calls(calls),
        tuple(library(file, document) for file, document in files.items()),
        tuple(references),
        {path: _class(file, path, entry) for file, path, entry in _entries(files, "classes")},
        {path: other for _, path, other in _entries(files, "aliases")},
        settings,
        _texts(files, "settings-classes"),
        _texts(files, "namespaces"),
        {package: frozenset(names) for _, package, names in _entries(files, "framework-keys")},
        _texts(files, "preceding-settings"),
        {path: setting for _, path, setting in _entries(files, "settings-attributes")},
    )


def _entries(files: Mapping[str, Mapping[str, Any]], key: str) -> Iterator[tuple[str, str, Any]]:
    """The entries of a mapping that files may have, each with its file."""
    return ((file, name, it) for file, document in files.items() for name, it in (document.get(key) or {}).items())


def _texts(files: Mapping[str, Mapping[str, Any]], key: str) -> frozenset[str]:
    """The texts of a list that files may have."""
    return frozenset(text for document in files.values() for text in document.get(key) or ())


def reference(file: str, library: str, entry: Mapping[str, Any]) -> Reference:
    """One of a model's references.

    Raises:
        ModelError: it has an unknown key, or a part that names nothing.
    """
    roles = {key: value for key, value in entry.items() if key not in ("of", "when", "needs")}
    model = call_model(file, library, f"{entry['of'][0]}()", roles)
    when = parse_part(file, model.signature, entry["when"]) if "when" in entry else None
    return Reference(frozenset(entry["of"]), model, when, _needs(entry))


def _needs(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """What an entry needs: something that the application names, `setting.X` that is on, or a list of them."""
    needs = entry.get("needs") or ()
    return (needs,) if isinstance(needs, str) else tuple(needs)


def _setting(file: str, library: str, key: str, entry: Mapping[str, Any]) -> SettingModel:
    known(file, (key,), entry, SETTING)
    stands_for, ignored = entry.get("stands-for", ""), entry.get("ignored", "")
    return SettingModel(library, entry.get("default"), stands_for, ignored, _needs(entry), file)


def _class(file: str, path: str, entry: Mapping[str, Any]) -> ClassModel:
    known(file, (path,), entry, CLASS)
    handlers = entry.get("handlers") or {}
    before = tuple(entry.get("before") or ())
    gives = {method: tuple(names) for method, names in (entry.get("gives") or {}).items()}
    prefix, purpose = entry.get("prefix", ""), entry.get("purpose", "")
    alone, exempt = entry.get("alone", False), entry.get("csrf-exempt", False)
    return ClassModel(handlers, before, prefix, purpose, alone, exempt, gives, tuple(entry.get("runs") or ()))
