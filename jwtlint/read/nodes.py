"""YAML as nodes that know their places, read without harm: JSON is YAML, too."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode

MAX_NESTED = 200  # the C parser dies of some tens of thousands


def compose(text: str) -> list[Node]:
    """The root of each document that a text holds.

    Raises:
        ValueError: it is nested too deeply, or no YAML.
    """
    if nesting(text) > MAX_NESTED:
        raise ValueError("nested too deeply to be read")
    try:
        return list(yaml.compose_all(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except yaml.YAMLError as error:
        raise ValueError(f"not valid YAML: {' '.join(str(error).split())}") from None


def nesting(text: str) -> int:
    """How deep brackets are nested at most, or how many dashes and spaces begin a line where they are absurdly many."""
    depth = deepest = 0
    for match in re.finditer(r"[\[{\]}]", text):
        depth = max(0, depth + (1 if match[0] in "[{" else -1))
        deepest = max(deepest, depth)
    starting = (line for line in text.splitlines() if line.lstrip().startswith(("- -", "- ?", "? -", "? ?")))
    dashes = max((line.count("- ") + line.count("? ") for line in starting), default=0)
    return max(deepest, dashes)


def pairs(node: Node | None) -> Iterator[tuple[ScalarNode, Node]]:
    """The entries of a mapping whose keys are plain."""
    if isinstance(node, MappingNode):
        yield from ((key, value) for key, value in node.value if isinstance(key, ScalarNode))
