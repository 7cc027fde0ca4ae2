"""Texts in which a deployment puts variables: `${NAME}`, `${NAME:-default}` of shells, compose and Docker."""

from __future__ import annotations

import re
from collections.abc import Mapping

from jwtlint.facts import AnyTerm, Constant, Either, Opaque

_BRACED = re.compile(r"\$\{(?P<name>\w+)(?:(?P<sign>:?[-?+])(?P<rest>[^{}]*))?\}")
_PLAIN = re.compile(r"\$(?P<name>[A-Za-z_]\w*)")
VARIABLE = "variable"  # the kind of an opaque term for a variable of the environment, by its name and who holds it


def variable(name: str, holder: str = "") -> Opaque:
    """The term of a variable that is set elsewhere.

    Args:
        holder: the object that sets it, as a manifest names it; empty for any.
    """
    return Opaque(VARIABLE, (Constant(name), Constant(holder)))


def substituted(text: str, *, bare: bool = True, defaults: Mapping[str, str] = {}) -> AnyTerm:  # noqa: B006  never written to
    """The term of a text: itself, a variable, or a variable with what it falls back on; anything mixed is unknown.

    `${NAME:-default}` and `${NAME-default}` fall back, `${NAME:?message}` and `${NAME:+other}` do not
    (https://docs.docker.com/reference/compose-file/interpolation/).

    Args:
        bare: whether `$NAME` is a variable, too, and `$$` a dollar.
        defaults: what variables fall back on that are declared elsewhere.
    """
    found = _BRACED.fullmatch(text) or (_PLAIN.fullmatch(text) if bare else None)
    if found:
        named = variable(found["name"])
        fallback = defaults.get(found["name"])
        if found.re is _BRACED and found["sign"] in ("-", ":-"):
            fallback = found["rest"]
        return named if fallback is None else Either(None, (named, Constant(fallback)))
    if _BRACED.search(text) or bare and re.search(r"(?<!\$)(?:\$\$)*\$[A-Za-z_]", text):
        return Opaque("mixed")
    return Constant(text.replace("$$", "$") if bare else text)
