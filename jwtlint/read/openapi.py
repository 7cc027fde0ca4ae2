"""OpenAPI documents: each operation that names the function which answers it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from jwtlint.facts import Facts, Operation, Span

_METHODS = frozenset(["get", "post", "put", "patch", "delete", "head", "options", "trace"])
_NAMING = re.compile(r"""operationId["']?\s*:\s*["']?\w+\.\w|router-controller""")
_MAX_NESTED = 200  # the C parser dies of some tens of thousands
_CONTROLLERS = ("x-openapi-router-controller", "x-swagger-router-controller")


def parse(data: bytes) -> Facts:
    """The facts of an OpenAPI document in YAML or JSON.

    Raises:
        ValueError: it is nested too deeply, or no such document.
    """
    text = data.decode("utf-8-sig", errors="replace")
    if not _NAMING.search(text):
        return Facts()
    if _nesting(text) > _MAX_NESTED:
        raise ValueError("nested too deeply to be read")
    try:
        document = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise ValueError(f"not valid YAML: {' '.join(str(error).split())}") from None
    base = _base(document)
    return Facts(operations=tuple(_operations(_at(document, "paths"), base)))


def _nesting(text: str) -> int:
    """How deep brackets are nested at most, or how many dashes and spaces begin a line where they are absurdly many."""
    depth = deepest = 0
    for match in re.finditer(r"[\[{\]}]", text):
        depth = max(0, depth + (1 if match[0] in "[{" else -1))
        deepest = max(deepest, depth)
    dashes = max((line.count("- ") for line in text.splitlines() if line.lstrip().startswith("- -")), default=0)
    return max(deepest, dashes)


def _operations(paths: Node | None, base: str) -> Iterator[Operation]:
    for path, item in _pairs(paths):
        for method, operation in _pairs(item):
            handler = _scalar(_at(operation, "operationId"))
            if method.value.lower() in _METHODS and handler is not None:
                controllers = (_scalar(_at(node, key)) for node in (operation, item) for key in _CONTROLLERS)
                home = next((node.value for node in controllers if node), "")
                name = handler.value if not home or "." in handler.value else f"{home}.{handler.value}"
                start, end = handler.start_mark, handler.end_mark
                at = Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)
                yield Operation(method.value.lower(), f"{base}{path.value}", name, at)


def _base(document: Node | None) -> str:
    """The path of the first server, or of Swagger 2's `basePath`."""
    given = _scalar(_at(document, "basePath"))
    servers = _at(document, "servers")
    if given is None and isinstance(servers, SequenceNode) and servers.value:
        given = _scalar(_at(servers.value[0], "url"))
    return re.sub(r"^\w+://[^/]*", "", given.value).rstrip("/") if given else ""


def _pairs(node: Node | None) -> Iterator[tuple[ScalarNode, Node]]:
    if isinstance(node, MappingNode):
        yield from ((key, value) for key, value in node.value if isinstance(key, ScalarNode))


def _at(node: Node | None, name: str) -> Node | None:
    return next((value for key, value in _pairs(node) if key.value == name), None)


def _scalar(node: Node | None) -> ScalarNode | None:
    return node if isinstance(node, ScalarNode) else None
