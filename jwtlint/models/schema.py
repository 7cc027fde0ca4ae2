"""What a model's file may say: its keys, the roles of a callable, and the parts of each role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jwtlint.models.signatures import ModelError, meant

_CHECKED = frozenset(["audience", "issuer", "leeway", "unit", "required", "requires", "checks"])
_STATE = frozenset(["kind", "subject", "key", "value", "ttl", "ends", "unit"])

ROLES: Mapping[str, frozenset[str]] = {
    "issues": frozenset(
        [
            "if",
            "unless",
            "kind",
            "id",
            "claims",
            "subject",
            "adds",
            "key",
            "algorithm",
            "headers",
            "lifetime",
            "unit",
            "text-unit",
            "exp",
        ]
    ),
    "verifies": frozenset(["if", "token", "key", "algorithms", "pins", "completion", "into", "callback", *_CHECKED]),
    "validates": frozenset(["claims", *_CHECKED]),
    "inspects": frozenset(["if", "token", "gives", "key", "signature"]),
    "fetches-key": frozenset(["source", "local"]),
    "obtains": frozenset(),
    "signs": frozenset(["what", "key"]),
    "reads": frozenset(["environment", "prefix", "setting", "section", "entry", "default", "cast", "declared"]),
    "loads": frozenset(["file", "text", "mapping", "into"]),
    "holds": frozenset(["files", "includes", "beside", "prefix", "sections"]),
    "configures": frozenset(["settings", "file", "variable", "prefix", "under"]),
    "returns": frozenset(["value", "factory", "field", "cast"]),
    "supplies": frozenset({"dependency"}),
    "routes": frozenset(["path", "method", "handler", "table", "under", "prefix", "before", "answer"]),
    "mounts": frozenset(["what", "under", "prefix", "outer", "replaces", "before"]),
    "precedes": frozenset(["what", "under", "prefix", "ordered"]),
    "writes": _STATE | {"new"},
    "looks-up": _STATE,
    "deletes": _STATE,
    "checks-revocation": frozenset(["if", "by", "covers", "follows"]),
    "keeps": frozenset(["kind", "in", "volatile"]),
    "skips-revocation": frozenset({"if"}),
    "revokes": frozenset(["needs", "among"]),
    "runs": frozenset({"methods"}),
    "refreshes": frozenset(["rotates", "ends", "renews"]),
    "opens-session": frozenset(),
    "closes-session": frozenset(),
    "keeps-session": frozenset(["where", "object", "unless"]),
    "gives-claims": frozenset({"object"}),
    "gives-token": frozenset(["kind", "adds", "lifetime", "unit", "algorithm"]),
    "delivers": frozenset(
        ["if", "place", "kind", "name", "token", "text", "httponly", "secure", "samesite", "path", "ends"]
    ),
    "drops": frozenset({"name"}),
    "persists": frozenset(["if", "place", "store", "only", "but"]),
    "declares": frozenset({"fields"}),
    "answers": frozenset({"body"}),
    "addresses": frozenset({"token"}),
    "receives": frozenset(["if", "place", "kind", "name", "samesite", "csrf", "handler"]),
    "queries": frozenset(["statement", "kind"]),
    "logs": frozenset(["if", "to"]),
}
TOP = frozenset(
    [
        "library",
        "package",
        "newest",
        "isolated",
        "unmaintained",
        "advisories",
        "words",
        "docs",
        "source",
        "calls",
        "references",
        "classes",
        "aliases",
        "settings",
        "settings-classes",
        "settings-attributes",
        "namespaces",
        "framework-keys",
        "preceding-settings",
        "versions",
    ]
)
SECTION = frozenset(["holds", "newest", "calls", "settings", "references"])
SETTING = frozenset(["default", "stands-for", "source", "ignored", "needs"])
ADVISORY = frozenset(["id", "affects", "fixed", "about", "source"])
IGNORED = frozenset(["option", "set", "effect"])
CLASS = frozenset(["handlers", "before", "prefix", "purpose", "alone", "csrf-exempt", "gives", "runs"])


def known(file: str, where: tuple[str, ...], entry: Mapping[str, Any], allowed: Iterable[str]) -> None:
    """Refuse a key that is not among those allowed.

    Raises:
        ModelError: there is one.
    """
    for key in entry:
        if key not in allowed:
            mend = meant(str(key), allowed, f"known are {', '.join(sorted(allowed))}")
            raise ModelError(
                file, (*where, str(key)), f"{where[-1] if where else 'the file'}: unknown key {key!r}{mend}"
            )
