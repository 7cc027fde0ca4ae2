"""The models' files as plain data: one JSON file where a build compiled them, YAML in a source tree."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

COMPILED = "compiled.json"
WORDS = "words.txt"  # what `jwtlint.words` reads
VOCABULARY = "_vocabulary.yml"


@cache
def documents() -> Mapping[str, Mapping[str, Any]]:
    """Every file's content by its name; names with a leading underscore are no library's."""
    folder = files(__package__)
    compiled = folder / COMPILED
    if not compiled.is_file():
        return parsed(folder)
    import msgspec

    loaded: Mapping[str, Mapping[str, Any]] = msgspec.json.decode(compiled.read_bytes())
    return loaded


def parsed(folder: Traversable) -> Mapping[str, Mapping[str, Any]]:
    """The YAML files of a folder, by name."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yml"))
    return {name: yaml.load((folder / name).read_text(encoding="utf-8"), Loader=loader) for name in names}


def line_of(file: str, keys: tuple[str, ...]) -> int:
    """The line of a model at which the last of some nested keys stands; 0 where the source is not at hand."""
    source = files(__package__) / file
    if not keys or not source.is_file():
        return 0
    lines = source.read_text(encoding="utf-8").splitlines()
    found = 0
    for key in keys:
        found = next((index for index in range(found, len(lines)) if key in lines[index]), found)
    return found + 1


def compile_into(folder: Path) -> None:
    """Write the compiled files beside the YAML files of a folder: a parser of YAML costs a start-up more than they do."""
    import json

    found = parsed(folder)
    words = {str(word) for document in found.values() for word in document.get("words", ())}
    (folder / COMPILED).write_text(json.dumps(found), encoding="utf-8")
    (folder / WORDS).write_text("\n".join(sorted(words)), encoding="utf-8")
