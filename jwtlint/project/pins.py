"""Versions that the project asks for and should not use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jwtlint.finding import Location
from jwtlint.project.languages import JAVASCRIPT

if TYPE_CHECKING:
    from jwtlint.models import Library
    from jwtlint.models.libraries import Advisory
    from jwtlint.project.names import Module


_LOCK = re.compile(r"\.lock$|(^|/)(package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml)$")


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
    asked = _asked(modules)
    for library in libraries:
        if library.package in asked:
            specifier, at = asked[library.package]
            told = f"{library.package.removeprefix(JAVASCRIPT.prefix)}{specifier}"
            known = tuple(item for item in library.advisories if specifier and _is_within(specifier, item))
            if known or library.unmaintained:
                yield WeakVersion(library, told, at, known)


def _asked(modules: Iterable[Module]) -> dict[str, tuple[str, Location]]:
    """The version that is asked for of each distribution, and where.

    npm's locks have the packages of packages, too: those that the project itself asks for are told where it does.
    """
    asked: dict[str, tuple[str, Location]] = {}
    for module in sorted(modules, key=lambda module: _LOCK.search(module.path) is not None):
        of_scripts = _LOCK.search(module.path) is not None and module.kind == "packages"
        for pin in module.facts.pins:
            before = asked.get(pin.name)
            if before is None and not of_scripts:
                asked[pin.name] = (pin.specifier, module.at(pin.at))
            elif before and _is_exact(pin.specifier) and not _is_exact(before[0]):
                asked[pin.name] = (pin.specifier, before[1] if of_scripts else module.at(pin.at))
    return asked


def _is_exact(specifier: str) -> bool:
    return specifier.startswith("==") and "*" not in specifier and "," not in specifier


def _is_within(specifier: str, advisory: Advisory) -> bool:
    """Whether every version that is asked for is affected: the exact one, or all that a range leaves below the fix."""
    from packaging.specifiers import SpecifierSet
    from packaging.version import Version

    if _is_exact(specifier):
        return SpecifierSet(advisory.affects).contains(Version(specifier[2:]), prereleases=True)
    bounds = tuple(SpecifierSet(specifier))
    if not advisory.fixed or not any(item.operator in ("<", "<=", "~=", "==") for item in bounds):
        return False
    later = (advisory.fixed, *(str(item.version).removesuffix(".*") for item in bounds))
    return not any(
        SpecifierSet(specifier).contains(version, prereleases=True)
        and not SpecifierSet(advisory.affects).contains(version, prereleases=True)
        for version in later
    )
