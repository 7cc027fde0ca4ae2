"""What a file must mention to be looked at. It stands by itself: most runs ask for nothing else that models know."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

COMPILED = "words.txt"  # beside the models in a wheel, a word a line
_LINE = re.compile(r"^words: \[(.*)\]$", re.MULTILINE)


@cache
def words() -> frozenset[str]:
    """The words of all models."""
    folder = files("jwtlint") / "models"
    compiled = folder / COMPILED
    if compiled.is_file():
        return frozenset(compiled.read_text(encoding="utf-8").splitlines())
    texts = (entry.read_text(encoding="utf-8") for entry in folder.iterdir() if entry.name.endswith(".yml"))
    listed = (line for text in texts for line in _LINE.findall(text))
    return frozenset(word.strip(' "') for line in listed for word in line.split(",") if word.strip())
