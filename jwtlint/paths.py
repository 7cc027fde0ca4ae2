"""What a path says by itself: the kind of the file, and what it is for."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Literal

from jwtlint.templates import SUFFIX

Kind = Literal[
    "python", "javascript", "typescript", "tsx", "markup",
    "aliases", "dotenv", "pins", "packages", "openapi",
    "settings-yaml", "settings-toml", "settings-ini", "properties", "dockerfile",
]  # fmt: skip
SETTINGS: frozenset[Kind] = frozenset(
    ["settings-yaml", "settings-toml", "settings-ini", "properties", "dockerfile"]
)  # read only where a value leads to them
ON_DEMAND: frozenset[Kind] = SETTINGS | {"packages"}  # which are read where scripts have to do with tokens on a server
PROGRAMS: frozenset[Kind] = frozenset(
    ["python", "javascript", "typescript", "tsx", "markup"]
)  # read where a word is met
Role = Literal["code", "test", "docs", "example", "sample"]
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
        "testproject",
        "test_project",
        "testapp",
        "test_app",
        "__tests__",
        "__mocks__",
        "__fixtures__",
        "stories",
        ".storybook",
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
    r"|\.(tests?|spec|e2e|e2e-spec|cy|stories|mock)\.[cm]?[jt]sx?$"
)
_DOCS = frozenset(["docs", "doc", "documentation"])
_EXAMPLES = frozenset(["examples", "example", "samples", "demo", "demos"])
_DOTENV = re.compile(r"(^|.*\.)env(\..*)?|\.flaskenv|\.testenv")
_PINS = re.compile(r".*requirements.*\.(txt|in)|pyproject\.toml|poetry\.lock|uv\.lock|Pipfile(\.lock)?|setup\.cfg")
_PACKAGES = re.compile(r"package\.json|package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml")
_OPENAPI = re.compile(r"(openapi|swagger)[\w.-]*\.(ya?ml|json)", re.IGNORECASE)
_DOCKERFILE = re.compile(r"(docker|container)file([._-].*)?|.*\.(docker|container)file", re.IGNORECASE)
_BUILT = re.compile(r".*([.-](min|bundle|chunk|prod)|[.-][0-9a-f]{8,}|\.d)\.[cm]?[jt]s", re.IGNORECASE)
_ALIASES = re.compile(r"[tj]sconfig([.-]\w+)*\.json")
_PROGRAMS: Mapping[str, Kind] = {
    ".py": "python",
    ".pyi": "python",
    **dict.fromkeys((".js", ".jsx", ".mjs", ".cjs"), "javascript"),
    **dict.fromkeys((".ts", ".mts", ".cts"), "typescript"),
    ".tsx": "tsx",
    **dict.fromkeys((".html", ".htm", ".vue", ".svelte", ".astro", ".jinja", ".jinja2"), "markup"),
}
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
_SAMPLE = re.compile(r"^(example|sample)[._-]|[._-](example|sample|dist)(\.\w+)?$")
_SAMPLE_DOTENV = re.compile(r"^template\b|(template|default)$")


def is_script(kind: str) -> bool:
    """Whether a kind of file is JavaScript or holds some."""
    return kind in PROGRAMS and kind != "python"


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
    name = path.rpartition("/")[2]
    plain = SUFFIX.sub("", name)
    extension = posixpath.splitext(plain)[1].lower() or posixpath.splitext(name)[1].lower()
    if extension in _PROGRAMS and not _DOTENV.fullmatch(plain):
        return _PROGRAMS[extension] if not _BUILT.fullmatch(plain) else None
    name = plain
    if _ALIASES.fullmatch(name):
        return "aliases"
    if _DOTENV.fullmatch(name):
        return "dotenv"
    if _OPENAPI.fullmatch(name):
        return "openapi"
    if _PACKAGES.fullmatch(name):
        return "packages"
    if _PINS.fullmatch(name) or path.endswith(".txt") and "requirements/" in path:
        return "pins"
    if _DOCKERFILE.fullmatch(name):
        return "dockerfile"
    return _SETTINGS.get(extension)
