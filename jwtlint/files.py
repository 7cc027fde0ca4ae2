"""Which files there are, what kind each is, and what is reported of them."""

from __future__ import annotations

import io
import os
import posixpath
import re
import subprocess
import tokenize
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from jwtlint.templates import SUFFIX, is_plain

if TYPE_CHECKING:
    from jwtlint.engine import Problem

Kind = Literal[
    "python", "dotenv", "pins", "openapi", "settings-yaml", "settings-toml", "settings-ini", "properties", "dockerfile"
]
SETTINGS: frozenset[Kind] = frozenset(
    ["settings-yaml", "settings-toml", "settings-ini", "properties", "dockerfile"]
)  # read only where a value leads to them
Role = Literal["code", "test", "docs", "example", "sample"]
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
    ]
)
_TEST = frozenset(
    [
        "test",
        "tests",
        "testing",
        "e2e",
        "cypress",
        "spec",
        "specs",
        "fixtures",
        "fixture",
        "mocks",
        "conftest.py",
        "tox.ini",
        ".github",
        ".gitlab",
        ".circleci",
        ".travis.yml",
        ".gitlab-ci.yml",
        "bitbucket-pipelines.yml",
        "azure-pipelines.yml",
        "appveyor.yml",
        ".drone.yml",
        ".devcontainer",
        ".vscode",
        ".idea",
        "taskfile.yml",
        "taskfile.yaml",
    ]
)
_TEST_FILE = re.compile(
    r"(^|[_-])tests?([_-].*)?\.py$|^test.*\.py$|settings_test\.py$|^\.testenv$"
    r"|^\.env\.(tests?|testing|ci)$|[._-](tests?|testing|ci|e2e)\.(ya?ml|toml|json|ini|cfg|properties|env)$"
)
_DOCS = frozenset(["docs", "doc", "documentation"])
_EXAMPLES = frozenset(["examples", "example", "samples", "demo", "demos"])
_DOTENV = re.compile(r"(^|.*\.)env(\..*)?|\.flaskenv|\.testenv")
_PINS = re.compile(r".*requirements.*\.(txt|in)|pyproject\.toml|poetry\.lock|uv\.lock|Pipfile(\.lock)?|setup\.cfg")
_OPENAPI = re.compile(r"(openapi|swagger)[\w.-]*\.(ya?ml|json)", re.IGNORECASE)
_FRONT_END = re.compile(r".*\.(jsx|tsx|vue|svelte)|.*/?(index|base|login)\.html")
_DOCKERFILE = re.compile(r"(docker|container)file([._-].*)?|.*\.(docker|container)file", re.IGNORECASE)
_SETTINGS: Mapping[str, Kind] = {
    ".yaml": "settings-yaml",
    ".yml": "settings-yaml",
    ".json": "settings-yaml",
    ".toml": "settings-toml",
    ".ini": "settings-ini",
    ".cfg": "settings-ini",
    ".conf": "settings-ini",
    ".properties": "properties",
}
_ENVIRONMENTS: frozenset[Kind] = frozenset(["properties", "dockerfile"])  # they put all that they hold into one
_SPEAKING = re.compile(rb"env|variables|vars|literals|kind\W+(?:configmap|secret)\b")
_SAMPLE = re.compile(r"^(example|sample)[._-]|[._-](example|sample|dist)(\.\w+)?$")
_SAMPLE_DOTENV = re.compile(r"^template\b|(template|default)$")


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

    @property
    def has_browser(self) -> bool:
        """Whether a front end for browsers is among the files."""
        return bool(self.front_ends)

    @cached_property
    def reported(self) -> frozenset[str]:
        """Paths whose findings are shown."""
        return frozenset(source.path for source in self.sources if self._above(source.path) is not None)

    @property
    def is_empty(self) -> bool:
        """Whether there is no file to look at; versions and settings alone are nothing to look at."""
        beside = {"pins", "openapi", *SETTINGS}
        return all(source.kind in beside or source.path not in self.reported for source in self.sources)

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        from jwtlint.engine import Problem

        return tuple(Problem(path, reason, False) for path, reason in self.skipped)

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
        """The Python files that count whose text holds one of the words, without regard to case."""
        wanted = shortest(word.lower().encode() for word in words)
        return {source for source, text in self.texts if any(word in text for word in wanted)}

    def naming(self, word: str) -> frozenset[str]:
        """The paths of the Python files whose text holds a word: a run asks for the same ones again and again."""
        found = self._naming.get(word)
        if found is None:
            wanted = word.lower().encode()
            found = self._naming[word] = frozenset(source.path for source, text in self.texts if wanted in text)
        return found

    def deploying(self, word: str) -> frozenset[str]:
        """The paths of the files of settings that may put a word into an environment."""
        wanted = word.lower().encode()
        return frozenset(source.path for source, text in self._manifests if wanted in text)

    def counts(self, path: str) -> bool:
        """Whether findings of a file are shown, by what the words of its path say that it is."""
        return self.include_tests or self.role(path) in ("code", "example")

    @cached_property
    def context(self) -> frozenset[Source]:
        """Files that say how the code is run: its environment, and the versions of what it uses."""
        return frozenset(source for source in self.sources if source.kind not in {"python", *SETTINGS})

    @cached_property
    def texts(self) -> tuple[tuple[Source, bytes], ...]:
        """The Python files that say what the application does, with their text in lower case: tests and docs only where they
        are reported, too.
        """
        found = []
        for source in self.sources:
            if source.kind == "python" and self.counts(source.path):
                with suppress(OSError):
                    found.append((source, self.content(source).lower()))
        return tuple(found)

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


def shortest(words: Iterable[bytes]) -> list[bytes]:
    """The words that hold no other of them: where `jwt` is looked for, `flask_jwt` need not be."""
    found: list[bytes] = []
    for word in sorted(set(words), key=lambda word: (len(word), word)):
        if not any(inner in word for inner in found):
            found.append(word)
    return found


def role(path: str) -> Role:
    """What the words of a path say that the file is."""
    parts = path.lower().split("/")
    name = parts[-1]
    if _TEST & set(parts) or _TEST_FILE.search(name):
        return "test"
    if _DOCS & set(parts):
        return "docs"
    if _is_sample(name):
        return "sample"
    return "example" if parts[0] in _EXAMPLES else "code"


def _is_sample(name: str) -> bool:
    """Whether a file of settings is one that people copy and fill in."""
    of_environment = _DOTENV.fullmatch(name) is not None
    return not name.endswith(".py") and bool(_SAMPLE.search(name) or of_environment and _SAMPLE_DOTENV.search(name))


def kind(path: str) -> Kind | None:
    """The kind of a file by its name."""
    name = SUFFIX.sub("", path.rpartition("/")[2])
    if name.endswith((".py", ".pyi")):
        return "python"
    if _DOTENV.fullmatch(name):
        return "dotenv"
    if _OPENAPI.fullmatch(name):
        return "openapi"
    if _PINS.fullmatch(name) or path.endswith(".txt") and "requirements/" in path:
        return "pins"
    if _DOCKERFILE.fullmatch(name):
        return "dockerfile"
    return _SETTINGS.get(posixpath.splitext(name)[1].lower())


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
        if size > MAX_SETTINGS and found in SETTINGS:
            continue
        if size > MAX_BYTES:
            skipped.append((name, f"larger than {MAX_BYTES // 1_000_000} MB, skipped"))
        else:
            sources.append(Source(name, found))
    shown = (name for name in names if _FRONT_END.fullmatch(name) and role(name) in ("code", "example"))
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
