"""Where the imports of scripts lead, as Node, TypeScript and bundlers have it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from jwtlint.facts import Alias

_EXTENSIONS = (".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte", ".json")
_COMPILED = {".js": (".ts", ".tsx"), ".jsx": (".tsx",), ".mjs": (".mts",), ".cjs": (".cts",)}
# What stands for a folder of the program where no configuration says otherwise: Vite, Nuxt and SvelteKit have them so.
_CUSTOMARY = {"@/": ("src", "", "app"), "~/": ("src", "", "app"), "$lib/": ("src/lib",), "src/": ("src",)}


@dataclass(frozen=True)
class Scripts:
    """The files that scripts can import.

    Args:
        paths: scripts and documents of the project.
        aliases: the rules of each folder that has a `tsconfig.json` or the like.
    """

    paths: frozenset[str] = frozenset()
    aliases: Mapping[str, Sequence[Alias]] = field(default_factory=dict)

    def find(self, importer: str, target: str) -> str | None:
        """The file that `importer` means by `target`; None where it is no file of the project."""
        key = (posixpath.dirname(importer), target)
        if key not in self._found:
            self._found[key] = next(filter(None, map(self._file, self._stems(*key))), None)
        return self._found[key]

    @cached_property
    def _found(self) -> dict[tuple[str, str], str | None]:
        return {}

    @staticmethod
    def is_own(target: str) -> bool:
        """Whether a target can be no package's."""
        return target.startswith((".", "/", *_CUSTOMARY))

    def _stems(self, folder: str, target: str) -> Iterator[str]:
        """Paths that a target can stand for, the surest first."""
        if target.startswith("."):
            yield posixpath.normpath(posixpath.join(folder, target))
            return
        for home in _upwards(folder):
            for alias in self.aliases.get(home, ()):
                rest = _rest(alias.pattern, target)
                if rest is not None:
                    yield posixpath.normpath(posixpath.join(home, alias.target.replace("*", rest)))
        for start, bases in _CUSTOMARY.items():
            if target.startswith(start):
                for home in _upwards(folder):
                    yield from (posixpath.join(home, base, target.removeprefix(start)) for base in bases)

    def _file(self, stem: str) -> str | None:
        """The file of a path that may lack its extension, be a folder, or be named as it is once it is compiled."""
        base, extension = posixpath.splitext(stem)
        candidates = (
            stem,
            *(stem + ending for ending in _EXTENSIONS),
            *(base + ending for ending in _COMPILED.get(extension, ())),
            *(posixpath.join(stem, f"index{ending}") for ending in _EXTENSIONS),
        )
        return next((path for path in candidates if path in self.paths), None)


def _upwards(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""


def _rest(pattern: str, target: str) -> str | None:
    """What the `*` of a pattern stands for in a target; None where the pattern does not fit."""
    start, star, end = pattern.partition("*")
    if not star:
        return "" if target == pattern else None
    fits = target.startswith(start) and target.endswith(end) and len(target) >= len(start) + len(end)
    return target[len(start) : len(target) - len(end)] if fits else None
