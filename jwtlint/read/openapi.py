"""OpenAPI documents: each operation that names the function which answers it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from yaml.nodes import Node, ScalarNode, SequenceNode

from jwtlint.facts import Facts, Operation, Span
from jwtlint.read.nodes import compose, pairs

_METHODS = frozenset(["get", "post", "put", "patch", "delete", "head", "options", "trace"])
_NAMING = re.compile(r"""operationId["']?\s*:\s*["']?\w+\.\w|router-controller""")
_CONTROLLERS = ("x-openapi-router-controller", "x-swagger-router-controller")


def parse(data: bytes) -> Facts:
    """The facts of an OpenAPI document in YAML or JSON.

    Raises:
        ValueError: it is nested too deeply, or no such document.
    """
    text = data.decode("utf-8-sig", errors="replace")
    if not _NAMING.search(text):
        return Facts()
    document = next(iter(compose(text)), None)
    base = _base(document)
    return Facts(operations=tuple(_operations(_at(document, "paths"), base)))


def _operations(paths: Node | None, base: str) -> Iterator[Operation]:
    for path, item in pairs(paths):
        for method, operation in pairs(item):
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


def _at(node: Node | None, name: str) -> Node | None:
    return next((value for key, value in pairs(node) if key.value == name), None)


def _scalar(node: Node | None) -> ScalarNode | None:
    return node if isinstance(node, ScalarNode) else None
