"""The programs of a repository: folders that are projects of their own and that nothing ties to each other."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from jwtlint.survey import PAGE
from jwtlint.words import words

if TYPE_CHECKING:
    from jwtlint.files import Source, Workspace

_MARKS = re.compile(r"pyproject\.toml|setup\.(py|cfg)|manage\.py|requirements\.txt|Pipfile")
_NAMED = re.compile(rb"^[ \t]*(?:from|import)[ \t]+(\w+)|[\"'](\w+)\.\w[\w.]*[\"']", re.MULTILINE)


def programs(workspace: Workspace) -> tuple[Workspace, ...]:
    """Parts of a workspace that have to do with tokens and do not import one another, nor name each other's modules.

    What lies in none of their folders, such as a file of settings or a front end, is beside each of them. Empty where
    there are not two.
    """
    homes = _homes(workspace)
    served = (word for word in words() if not word.startswith(PAGE))  # what a page keeps makes no program
    speaking = {_home(source.path, homes) for source in workspace.mentioning(served)} if homes else set()
    if len(speaking) < 2:
        return ()
    groups = [group for group in _tied(workspace, homes) if group & speaking]
    return tuple(_part(workspace, homes, group, groups) for group in groups) if len(groups) > 1 else ()


def together(workspace: Workspace, parts: Iterable[Workspace]) -> Workspace | None:
    """Some parts of a workspace as one; nothing where there are none."""
    chosen = tuple(parts)
    sources = {source for part in chosen for source in part.sources}
    shown = {path for part in chosen for path in part.front_ends}
    if not chosen:
        return None
    return replace(
        workspace,
        sources=tuple(source for source in workspace.sources if source in sources),
        front_ends=tuple(path for path in workspace.front_ends if path in shown),
    )


def _homes(workspace: Workspace) -> frozenset[str]:
    """Folders below the root that say to be a project; a package may have a module that is called `setup`."""
    parted = [posixpath.split(source.path) for source in workspace.sources if workspace.counts(source.path)]
    packages = {folder for folder, name in parted if name == "__init__.py"}
    return frozenset(folder for folder, name in parted if folder not in {"", *packages} and _MARKS.fullmatch(name))


def _home(path: str, homes: frozenset[str]) -> str:
    """The innermost project that a file lies in; empty for the root."""
    folder = posixpath.dirname(path)
    while folder and folder not in homes:
        folder = posixpath.dirname(folder)
    return folder


def _tied(workspace: Workspace, homes: frozenset[str]) -> list[frozenset[str]]:
    """Projects in groups: those of one group import each other's modules."""
    named: dict[str, set[str]] = {home: set() for home in ("", *homes)}
    own: dict[str, set[str]] = {home: set(filter(None, home.split("/"))) for home in named}
    for source, text in workspace.texts:
        if source.kind != "python":
            continue
        home = _home(source.path, homes)
        named[home] |= {(found[1] or found[2]).decode() for found in _NAMED.finditer(text)}
        own[home] |= set(_modules(source, home))
    groups = [{home} for home in sorted(named)]
    for home in sorted(named):
        for other in _ties(home, named, own):
            one, two = (next(group for group in groups if item in group) for item in (home, other))
            if one is not two:
                groups.remove(two)
                one |= two
    return [frozenset(group) for group in groups]


def _ties(home: str, named: Mapping[str, set[str]], own: Mapping[str, set[str]]) -> Iterator[str]:
    asked = named[home] - own[home]
    yield from (other for other in sorted(own) if other != home and asked & own[other])


def _modules(source: Source, home: str) -> Iterator[str]:
    """Names that a file of a project may be imported by, as far as its first part: its folders and itself."""
    below = source.path[len(home) :].lstrip("/").lower().removesuffix(".py").split("/")
    yield from below[: 2 if below[0] == "src" else 1]


def _part(
    workspace: Workspace, homes: frozenset[str], group: frozenset[str], groups: Iterable[frozenset[str]]
) -> Workspace:
    others = {home for other in groups if other is not group for home in other if home}

    def belongs(path: str, *, program: bool = False) -> bool:
        home = _home(path, homes)
        return home in group or not (program or home in others)

    sources = (source for source in workspace.sources if belongs(source.path, program=source.kind == "python"))
    shown = (path for path in workspace.front_ends if belongs(path))
    folder = posixpath.commonpath(group) if "" not in group else ""
    return replace(workspace, sources=tuple(sources), front_ends=tuple(shown), folder=folder)
