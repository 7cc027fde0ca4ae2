"""Libraries as distributions: the version that a model is of, and what is known to be wrong with others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jwtlint.models.schema import ADVISORY, known


@dataclass(frozen=True, slots=True)
class Advisory:
    """A published weakness of some versions.

    Args:
        affects: the versions, as PEP 440 writes them.
        fixed: the first version without it; empty where there is none.
        about: what it lets an attacker do, as the end of a sentence that begins with the library.
        source: where it was published.
    """

    id: str
    affects: str
    fixed: str
    about: str
    source: str


@dataclass(frozen=True, slots=True)
class Library:
    """A distribution.

    Args:
        package: its normalized name.
        newest: the version that the facts of its model were checked against.
        isolated: why it cannot be installed beside the other libraries; empty where it can.
        unmaintained: since when, and what to use instead; empty while it is maintained.
    """

    name: str
    package: str
    newest: str
    isolated: str
    unmaintained: str
    advisories: tuple[Advisory, ...]


def library(file: str, document: Mapping[str, Any]) -> Library:
    """What a model says of its distribution.

    Raises:
        ModelError: an advisory has an unknown key.
    """
    advisories = document.get("advisories") or ()
    for entry in advisories:
        known(file, ("advisories",), entry, ADVISORY)
    return Library(
        document["library"],
        str(document["package"]).lower().replace("_", "-"),
        str(document.get("newest", "")),
        document.get("isolated", ""),
        document.get("unmaintained", ""),
        tuple(
            Advisory(entry["id"], str(entry["affects"]), str(entry.get("fixed") or ""), entry["about"], entry["source"])
            for entry in advisories
        ),
    )
