"""Which section of a library's model holds, by the versions that a project asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

Pins = frozenset[tuple[str, str]]


class Section(NamedTuple):
    """What a library does in some versions; `named` is how messages call it."""

    named: str
    content: Mapping[str, Any]


def sections(document: Mapping[str, Any], pins: Pins) -> Iterator[Section]:
    """What a model says for a project that asks for `pins`: the newest version, then what an older one does otherwise."""
    if not document.get("versions"):
        yield Section(document["library"], document)
        return
    package = str(document["package"]).lower().replace("_", "-")
    asked = [specifier for pinned, specifier in pins if pinned == package]
    exact = sorted(item[2:] for item in asked if item.startswith("==") and "*" not in item)
    yield Section(
        f"{document['library']} {exact[0]}" if exact else f"{document['library']}, {document['newest']} assumed",
        document,
    )
    older = section(document, asked)
    if older:
        yield older


def section(document: Mapping[str, Any], asked: Iterable[str]) -> Section | None:
    """The section of a model for what a project asks for; None stands for the newest version, which is assumed too
    where the project says nothing.

    Args:
        document: a model; its `versions` are sections with `holds`, a specifier as in PEP 440, and `newest`, the last
            version that it is of.
        asked: the specifiers of all files of the project. Exact ones, as lock files have them, count before ranges,
            and the lowest of them before the others.
    """
    entries: Sequence[Mapping[str, Any]] = document.get("versions") or ()
    specifiers = sorted(filter(None, asked))
    if not entries or not specifiers:
        return None
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

    ranges = SpecifierSet(",".join(item for item in specifiers if not item.startswith("==")))
    exact = [Version(item[2:]) for item in specifiers if item.startswith("==") and "," not in item and "*" not in item]
    for entry in entries:
        holds = SpecifierSet(entry["holds"])
        if exact:
            if holds.contains(min(exact), prereleases=True):
                return Section(f"{document['library']} {min(exact)}", entry)
        elif not ranges.contains(str(document["newest"])) and ranges.contains(str(entry["newest"])):
            return Section(f"{document['library']} {entry['holds']}", entry)
    return None
