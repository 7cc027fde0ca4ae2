"""Which files there are, and what is reported of them."""

from __future__ import annotations

import io
import os
import posixpath
import re
import subprocess
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from jwtlint import front_ends
from jwtlint.paths import ON_DEMAND, PROGRAMS, SETTINGS, Kind, Role, is_script, kind, role
from jwtlint.problems import Problem
from jwtlint.survey import SCRIPT, by_language, is_made
from jwtlint.templates import is_plain
from jwtlint.words import words as known_words

MAX_BYTES = 2_000_000
MAX_SETTINGS = 500_000  # a larger file holds data
_PROJECT = ("pyproject.toml", "setup.py", "setup.cfg", "manage.py", "package.json", ".git")
_VENDORED = frozenset(
    [
        "node_modules",
        "site-packages",
        "vendor",
        "vendored",
        "third_party",
        ".venv",
        "venv",
        "dist",
        "build",
        ".tox",
        ".nox",
        ".git",
        "__pycache__",
        ".mypy_cache",
        "bower_components",
        "coverage",
        ".next",
        ".nuxt",
        ".output",
        ".svelte-kit",
    ]
)
_ENVIRONMENTS: frozenset[Kind] = frozenset(["properties", "dockerfile"])  # they put all that they hold into one
_SPEAKING = re.compile(rb"env|variables|vars|literals|kind\W+(?:configmap|secret)\b")


class MissingPath(Exception):
    """A path that was given does not exist; its text is one line."""


class Source(NamedTuple):
    """A file of the project: its path from the root, with forward slashes, and its kind."""

    path: str
    kind: Kind


@dataclass(frozen=True)
class Workspace:
    """The project's files.

    Args:
        root: the project's folder.
        sources: every readable file, in order; those that are not reported are context.
        given: the paths that were asked for, from the root; "" is the root itself.
        include_tests: whether tests and docs count as the rest does.
        front_ends: paths of what is shown in a browser.
        folder: the part of the project that this is, as a path from the root; empty for the whole.
    """

    root: Path
    sources: tuple[Source, ...]
    given: tuple[str, ...]
    skipped: tuple[tuple[str, str], ...] = ()
    include_tests: bool = False
    front_ends: tuple[str, ...] = ()
    folder: str = ""

    @cached_property
    def has_browser(self) -> bool:
        """Whether a front end for browsers is among the files: pages and components, or a package that depends on what
        makes some; scripts alone may as well be a server's.
        """
        packages = (source for source in self.sources if posixpath.basename(source.path) == "package.json")
        own = (source for source in packages if role(source.path) in ("code", "example"))
        return bool(self.front_ends) or any(front_ends.is_package(self.content(source)) for source in own)

    @cached_property
    def reported(self) -> frozenset[str]:
        """Paths whose findings are shown."""
        return frozenset(source.path for source in self.sources if self._above(source.path) is not None)

    @property
    def is_empty(self) -> bool:
        """Whether there is no file to look at; versions and settings alone are nothing to look at."""
        beside = {"pins", "openapi", "aliases", *ON_DEMAND}
        return all(source.kind in beside or source.path not in self.reported for source in self.sources)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        made = self._surveyed[1]
        others = f" (and {len(made) - 1} more)" if len(made) > 1 else ""
        told = [(source.path, f"made by a machine, skipped{others}") for source in made[:1]]
        return tuple(Problem(path, reason, False) for path, reason in (*self.skipped, *told))

    def _above(self, path: str) -> str | None:
        """The longest given path that holds `path`."""
        holding = [top for top in self.given if not top or path == top or path.startswith(f"{top}/")]
        return max(holding, key=len, default=None)

    def role(self, path: str) -> Role:
        """What the words of a path below the given one say that the file is."""
        top = self._above(path)
        below = path if top is None else "" if path == top else path[len(top) :].lstrip("/")
        return role(below)

    def content(self, source: Source) -> bytes:
        return (self.root / source.path).read_bytes()

    def lines(self, path: str) -> list[str]:
        """The text lines of a file, without line ends."""
        data = (self.root / path).read_bytes()
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        except SyntaxError:
            encoding = "utf-8"
        text = data.decode(encoding, errors="replace")
        return re.split(r"\r\n?|\n", text)

    def mentioning(self, words: Iterable[str]) -> set[Source]:
        """The files that count whose text holds one of the words for their language, without regard to case.

        Args:
            words: those for Python as they are, those for scripts with `js:` before them, or with `page:` where they say
                nothing of a server.
        """
        wanted = by_language(words)
        return {source for source, text in self.texts if any(word in text for word in wanted[is_script(source.kind)])}

    def naming(self, word: str) -> frozenset[str]:
        """The paths of the files whose text holds a word: a run asks for the same ones again and again.

        Args:
            word: for scripts alone with `js:` before it; else scripts are among them where some of them have to do with
                tokens on a server.
        """
        found = self._naming.get(word)
        if found is None:
            wanted, of_scripts = word.removeprefix(SCRIPT).lower().encode(), word.startswith(SCRIPT)
            texts = (item for item in self.texts if self._may_name(item[0], of_scripts))
            found = self._naming[word] = frozenset(source.path for source, text in texts if wanted in text)
        return found

    def _may_name(self, source: Source, of_scripts: bool) -> bool:
        return is_script(source.kind) if of_scripts else self._serves or not is_script(source.kind)

    def deploying(self, word: str) -> frozenset[str]:
        """The paths of the files of settings that may put a word into an environment."""
        wanted = word.lower().encode()
        return frozenset(source.path for source, text in self._manifests if wanted in text)

    @cached_property
    def _serves(self) -> bool:
        """Whether scripts of the project have to do with tokens on a server."""
        return bool(self.mentioning(word for word in known_words() if word.startswith(SCRIPT)))

    def counts(self, path: str) -> bool:
        """Whether findings of a file are shown, by what the words of its path say that it is."""
        return self.include_tests or self.role(path) in ("code", "example")

    @cached_property
    def context(self) -> frozenset[Source]:
        """Files that say how the code is run: its environment, and the versions of what it uses."""
        packages = {source for source in self.sources if source.kind == "packages"}
        others = {source for source in self.sources if source.kind not in PROGRAMS | ON_DEMAND}
        return frozenset(others | packages if packages and self._serves else others)

    @cached_property
    def texts(self) -> tuple[tuple[Source, bytes], ...]:
        """The files that say what the application does, with their text in lower case: tests and docs only where they
        are reported, too.
        """
        return self._surveyed[0]

    @cached_property
    def _surveyed(self) -> tuple[tuple[tuple[Source, bytes], ...], tuple[Source, ...]]:
        """The texts, and the scripts that no person wrote."""
        found, made = [], []
        for source in self.sources:
            if source.kind in PROGRAMS and self.counts(source.path):
                with suppress(OSError):
                    text = self.content(source).lower()
                    if is_script(source.kind) and is_made(text):
                        made.append(source)
                    else:
                        found.append((source, text))
        return tuple(found), tuple(made)

    @cached_property
    def _manifests(self) -> tuple[tuple[Source, bytes], ...]:
        """The files of settings that speak of an environment, with their text in lower case."""
        found = []
        for source in self.sources:
            if source.kind in SETTINGS and (self.counts(source.path) or self.role(source.path) == "sample"):
                with suppress(OSError):
                    text = self.content(source).lower()
                    if source.kind in _ENVIRONMENTS or _SPEAKING.search(text):
                        found.append((source, text))
        return tuple(found)

    @cached_property
    def _naming(self) -> dict[str, frozenset[str]]:
        return {}


def workspace(paths: Sequence[Path], *, include_tests: bool = False) -> Workspace:
    """The project around the given paths.

    Raises:
        MissingPath: one of them does not exist.
    """
    for path in paths:
        if not path.exists():
            raise MissingPath(f"{path}: no such file or folder")
    resolved = [path.resolve() for path in paths]
    tops = [path if path.is_dir() else path.parent for path in resolved]
    common = Path(os.path.commonpath(tops))
    root = _project_root(common)
    given = tuple("" if path == root else path.relative_to(root).as_posix() for path in resolved)
    sources: list[Source] = []
    skipped: list[tuple[str, str]] = []
    names = sorted({*_listed(root), *_explicit(resolved, root)})
    for name in names:
        found = kind(name)
        if found is None or _is_vendored(name, given):
            continue
        try:
            size = (root / name).stat().st_size
        except OSError:
            continue
        if size > (MAX_SETTINGS if found in SETTINGS else MAX_BYTES) and found in ON_DEMAND:
            continue
        if size > MAX_BYTES:
            skipped.append((name, f"larger than {MAX_BYTES // 1_000_000} MB, skipped"))
        else:
            sources.append(Source(name, found))
    shown = (name for name in names if front_ends.is_shown(name) and role(name) in ("code", "example"))
    return Workspace(root, tuple(sources), given, tuple(skipped), include_tests, tuple(shown))


def _project_root(folder: Path) -> Path:
    for candidate in (folder, *folder.parents):
        is_package = (candidate / "__init__.py").exists()  # one may have a module that is called `setup`
        if not is_package and any((candidate / name).exists() for name in _PROJECT):
            return candidate
    return folder


def _is_vendored(path: str, given: tuple[str, ...]) -> bool:
    """Whether a folder below the given path that holds `path` is somebody else's; nothing that was named is."""
    tops = [top for top in given if not top or path == top or path.startswith(f"{top}/")]
    top = max(tops, key=len, default="")
    below = path[len(top) :].lstrip("/") if path != top else ""
    return bool(_VENDORED & set(below.split("/")[:-1]))


def _explicit(paths: Sequence[Path], root: Path) -> Iterator[str]:
    """Files that were named, and everything below folders that the listing leaves out."""
    for path in paths:
        if path.is_file():
            yield path.relative_to(root).as_posix()
        elif path != root:
            yield from _walked(path, root)


def _listed(root: Path) -> Iterator[str]:
    """Files of the project: git's if it is a repository's, else all that no .gitignore names."""
    listing = ["git", "-C", str(root), "ls-files", "-z", "-co", "--exclude-standard"]
    try:
        done = subprocess.run(listing, capture_output=True, check=False)
    except OSError:
        done = None
    if done is not None and done.returncode == 0:
        yield from (os.fsdecode(name) for name in done.stdout.split(b"\0") if name)
    else:
        yield from _walked(root, root)


def _walked(top: Path, root: Path) -> Iterator[str]:
    """Files below a folder, without those that its .gitignore files name."""
    pending: list[tuple[Path, list[tuple[Path, object]]]] = [(top, [])]
    while pending:
        folder, ignoring = pending.pop()
        if is_plain(folder.relative_to(root).as_posix()):  # what a template ignores is of what it becomes
            ignoring = [*ignoring, *_ignoring(folder)]
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            path = Path(entry.path)
            is_folder = entry.is_dir(follow_symlinks=False)
            if any(spec.match_file(f"{path.relative_to(base).as_posix()}{'/' * is_folder}") for base, spec in ignoring):  # type: ignore[attr-defined]
                continue
            if is_folder and entry.name not in _VENDORED:
                pending.append((path, ignoring))
            elif entry.is_file():
                yield path.relative_to(root).as_posix()


def _ignoring(folder: Path) -> list[tuple[Path, object]]:
    file = folder / ".gitignore"
    if not file.is_file():
        return []
    from pathspec import GitIgnoreSpec

    return [(folder, GitIgnoreSpec.from_lines(file.read_text(encoding="utf-8", errors="replace").splitlines()))]
