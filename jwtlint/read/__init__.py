"""A file's bytes → facts. `read` needs no file system and never raises."""

from __future__ import annotations

from jwtlint.facts import Facts


def read(kind: str, data: bytes) -> Facts:
    """The facts of a file of a kind (`python`, `dotenv`, `pins`, `openapi`); what cannot be read has a problem instead.

    The caller sees to it that `data` neither kills nor hangs the parser: see `guards.read_all`.
    """
    try:
        if kind == "dotenv":
            from jwtlint.read import settings

            return settings.parse(data)
        if kind == "pins":
            from jwtlint.read import pins

            return pins.parse(data)
        if kind == "openapi":
            from jwtlint.read import openapi

            return openapi.parse(data)
        from jwtlint.read import python

        return python.parse(data)
    except RecursionError:
        return Facts(problem="nested too deeply to be read")
    except Exception as error:  # libcst raises errors of many kinds, and none may end a run
        return Facts(problem=f"cannot be parsed: {_line(error)}")


def _line(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}"[:200]
