"""What stands between hostile files and the parser.

libcst's native parser dies of 1,500 nested brackets and hangs on sums of 8,000 terms. `ast.parse` of the host refuses
what kills it; what `ast` cannot vouch for – newer grammar, and shapes that are slow – is read in a worker process with
a time limit, so that one file costs at most itself.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from jwtlint.facts import Facts
from jwtlint.read import read
from jwtlint.templates import is_template, programs

MAX_BYTES = 2_000_000
TIMEOUT = 10.0  # seconds a file may take in the worker
_MAX_SCRIPT = 50_000  # bytes of a config file that is Python
_SCRIPTS = frozenset(["javascript", "typescript", "tsx", "markup"])
_MAX_SCRIPTED = 300_000  # bytes of JavaScript; tree-sitter's recovery from errors has no bound
_MAX_DEPTH = 150
_MAX_SIBLINGS = 3_000
_FATAL = ("too many nested", "too deeply nested", "too many levels", "s_push", "parser stack")


def read_all(jobs: Sequence[tuple[str, bytes]]) -> list[Facts]:
    """The facts of each (kind, data), in order."""
    jobs = [(_kind(kind, data), data) for kind, data in jobs]
    found: list[Facts | None] = [_safe(kind, data) for kind, data in jobs]
    risky = [index for index, facts in enumerate(found) if facts is None]
    if risky:
        for index, facts in zip(risky, _in_worker([jobs[index] for index in risky]), strict=True):
            found[index] = facts
    return [facts for facts in found if facts is not None]


def _kind(kind: str, data: bytes) -> str:
    """What a file is read as: a `.cfg` without any section is Python where it can be, as some frameworks read theirs."""
    if kind != "settings-ini" or len(data) > _MAX_SCRIPT or re.search(rb"^\[", data, re.MULTILINE):
        return kind
    try:
        ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return kind
    return "python"


def _safe(kind: str, data: bytes) -> Facts | None:
    """The facts of a file that is safe to read here, or the problem that keeps it from being read; else None."""
    if len(data) > MAX_BYTES:
        return Facts(problem=f"larger than {MAX_BYTES // 1_000_000} MB, not read")
    if b"\0" in data:
        return Facts(problem="holds NUL bytes, not read")
    if kind != "python":
        return read(kind, data) if kind not in _SCRIPTS or len(data) < _MAX_SCRIPTED else None
    try:
        tree = ast.parse(data)
    except (RecursionError, MemoryError):
        return Facts(problem="nested too deeply to be read")
    except SyntaxError as error:
        if any(word in str(error) for word in _FATAL):
            return Facts(problem="nested too deeply to be read")
        return _of_template(data)
    except ValueError as error:
        return Facts(problem=f"cannot be parsed: {error}")
    return None if _is_heavy(tree) else read(kind, data)


def _of_template(data: bytes) -> Facts | None:
    """The facts of a program that somebody has to fill in first; None where it is none."""
    text = data.decode(errors="replace")
    for program in programs(text) if is_template(text) else ():
        try:
            tree = ast.parse(program)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        return None if _is_heavy(tree) else read("python", program.encode())
    return None


def _is_heavy(tree: ast.AST) -> bool:
    """Whether libcst may take long over the file: deep terms, or displays of thousands of entries."""
    pending: list[tuple[ast.AST, int]] = [(tree, 0)]
    while pending:
        node, depth = pending.pop()
        children = list(ast.iter_child_nodes(node))
        if depth > _MAX_DEPTH or (len(children) > _MAX_SIBLINGS and isinstance(node, ast.expr)):
            return True
        pending += [(child, depth + 1) for child in children]
    return False


def _in_worker(jobs: Sequence[tuple[str, bytes]]) -> list[Facts]:
    from concurrent.futures import TimeoutError as TookTooLong

    from pebble import ProcessExpired, ProcessPool

    found = []
    with ProcessPool(max_workers=2) as pool:
        futures = [pool.schedule(read, args=job, timeout=TIMEOUT) for job in jobs]
        for future in futures:
            try:
                found.append(future.result())
            except TookTooLong:
                found.append(Facts(problem=f"not parsed within {TIMEOUT:g} seconds"))
            except ProcessExpired:
                found.append(Facts(problem="the parser died of it"))
            except Exception as error:  # what cannot come back from the worker is that one file's problem
                found.append(Facts(problem=f"cannot be parsed: {type(error).__name__}"))
    return found
