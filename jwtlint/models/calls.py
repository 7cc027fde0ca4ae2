"""Callables: their signatures, and what each does in the parts of its roles. They are read when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any, NamedTuple

from jwtlint.models.schema import IGNORED, ROLES, known
from jwtlint.models.signatures import Part, Signature, opening, parse_part, parse_signature


@dataclass(frozen=True, slots=True)
class Ignored:
    """An option that the library takes and does nothing with.

    Args:
        option: where it stands.
        only: the value that is in vain; absent if any is.
        effect: what happens instead.
    """

    option: Part
    effect: str
    only: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class CallModel:
    """What is known of one callable: roles, each with its parts by name."""

    file: str
    library: str
    signature: Signature
    roles: Mapping[str, Mapping[str, Part]]
    ignored: tuple[Ignored, ...] = ()

    @property
    def name(self) -> str:
        return self.signature.name


class Entry(NamedTuple):
    """A callable as its file has it."""

    file: str
    library: str
    key: str
    roles: Mapping[str, Any]


class Calls(Mapping[str, CallModel]):
    """The callables by path; few of the hundreds are looked at in a run, so each is parsed when it is asked for."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries = {entry.key[: opening(entry.key)]: entry for entry in entries}
        self._parsed: dict[str, CallModel] = {}

    def __getitem__(self, path: str) -> CallModel:
        if path not in self._parsed:
            self._parsed[path] = call_model(*self._entries[path])
        return self._parsed[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def having(self, roles: Set[str]) -> Iterator[str]:
        """Paths of the callables that have one of the roles."""
        return (path for path, entry in self._entries.items() if entry.roles and roles & entry.roles.keys())


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
    plain = dict(roles or {})
    ignored = tuple(_ignored(file, signature, key, entry) for entry in plain.pop("ignores", ()))
    known(file, (key,), plain, ROLES)
    parsed = {role: _parts(file, signature, (key, role), entries or {}) for role, entries in plain.items()}
    return CallModel(file, library, signature, parsed, ignored)


def _parts(file: str, signature: Signature, where: tuple[str, ...], entries: Mapping[str, Any]) -> dict[str, Part]:
    plain = dict(entries)
    checks = plain.pop("checks", {})
    known(file, where, plain, ROLES[where[-1]])
    plain |= {f"checks.{check}": text for check, text in checks.items()}
    return {name: parse_part(file, signature, text, (*where, str(text))) for name, text in plain.items()}


def _ignored(file: str, signature: Signature, key: str, entry: Mapping[str, Any]) -> Ignored:
    known(file, (key, "ignores"), entry, IGNORED)
    option = parse_part(file, signature, entry["option"], (key, "ignores", entry["option"]))
    return Ignored(option, entry["effect"], (entry["set"],) if "set" in entry else ())
