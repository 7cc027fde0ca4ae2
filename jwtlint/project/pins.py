"""Versions that the project asks for and should not use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jwtlint.finding import Location

if TYPE_CHECKING:
    from jwtlint.facts import Pin
    from jwtlint.models import Library
    from jwtlint.models.libraries import Advisory
    from jwtlint.project.names import Module


@dataclass(frozen=True)
class WeakVersion:
    """A version inside advisories, or of a library that nobody maintains (without any).

    Args:
        asked: what the project asks for, `PyJWT==1.7.1`.
    """

    library: Library
    asked: str
    at: Location
    advisories: tuple[Advisory, ...] = ()

    @property
    def fixed(self) -> str:
        """The first version that mends all of them; empty where there is none."""
        from packaging.version import Version

        mended = [advisory.fixed for advisory in self.advisories]
        return max(mended, key=Version) if all(mended) else ""


def weak(modules: Iterable[Module], libraries: Iterable[Library]) -> Iterator[WeakVersion]:
    """The weak versions, one a library, at the first place that asks for it.

    An exact version counts before a range, and a file that a person writes before a lock.
    """
    asked: dict[str, tuple[Pin, Module]] = {}
    for module in sorted(modules, key=lambda module: module.path.endswith(".lock")):
        for pin in module.facts.pins:
            before = asked.get(pin.name)
            if before is None or (_is_exact(pin) and not _is_exact(before[0])):
                asked[pin.name] = (pin, module)
    for library in libraries:
        if library.package in asked:
            pin, module = asked[library.package]
            told, at = f"{library.package}{pin.specifier}", module.at(pin.at)
            known = tuple(item for item in library.advisories if pin.specifier and _is_within(pin.specifier, item))
            if known or library.unmaintained:
                yield WeakVersion(library, told, at, known)


def _is_exact(pin: Pin) -> bool:
    return pin.specifier.startswith("==") and "*" not in pin.specifier and "," not in pin.specifier


def _is_within(specifier: str, advisory: Advisory) -> bool:
    """Whether every version that is asked for is affected: the exact one, or all that a range leaves below the fix."""
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

    if specifier.startswith("==") and "," not in specifier and "*" not in specifier:
        return SpecifierSet(advisory.affects).contains(Version(specifier[2:]), prereleases=True)
    bounds = [item for item in SpecifierSet(specifier) if item.operator in ("<", "<=", "~=", "==")]
    if not bounds or not advisory.fixed:
        return False
    later = (advisory.fixed, *(str(item.version).removesuffix(".*") for item in bounds))
    return not any(
        SpecifierSet(specifier).contains(version, prereleases=True)
        and not SpecifierSet(advisory.affects).contains(version, prereleases=True)
        for version in later
    )
