"""Keys and parts of models: signatures as Python spells them, and the ways to a value that parts are."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from jwtlint.models.documents import line_of


class ModelError(Exception):
    """A model that cannot be right; its text is one line with the file, the line, what is wrong and the mend.

    Args:
        file: the model's file.
        keys: the keys that lead to the place, outermost first.
        text: what is wrong there, and the mend.
    """

    def __init__(self, file: str, keys: Iterable[str], text: str) -> None:
        line = line_of(file, tuple(keys))
        super().__init__(f"{file}{f':{line}' if line else ''}: {text}")


@dataclass(frozen=True, slots=True)
class Path:
    """One way to a value: a parameter and keys in it, the object that the call is of, a setting, or a literal.

    Args:
        member: what is asked of the value instead: whether it holds this; empty for the value itself.
    """

    kind: Literal["parameter", "self", "setting", "literal"]
    name: str = ""
    keys: tuple[str, ...] = ()
    literal: object = None
    member: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """`a.b else setting.C else true`: the first that is given counts; `not` turns it round."""

    options: tuple[Path, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """A callable's path and parameters; `defaults` hold those that are literal.

    Args:
        rest: the parameter that takes all further positional arguments, `*args`; empty where there is none.
        named_rest: the one that takes all further keywords, `**kwargs`.
    """

    path: str
    positional: tuple[str, ...]
    names: tuple[str, ...]
    defaults: Mapping[str, object]
    rest: str = ""
    named_rest: str = ""

    @property
    def name(self) -> str:
        return last_name(self.path)

    @property
    def maker(self) -> str:
        """The path of the call that makes the object which this is a method or the result of; empty for a function."""
        return self.path.removesuffix("()") if self.path.endswith("()") else self.path.rpartition("().")[0]


def last_name(path: str) -> str:
    """The last name of a path: `encode` of `jwt.encode`, `route()` of `flask.Flask().route()`, which is called again."""
    return path.rpartition(".")[2]


def parse_signature(file: str, key: str) -> Signature:
    """The path and parameters that a key spells.

    Raises:
        ModelError: the key is no signature.
    """
    start = opening(key)
    try:
        node = ast.parse(f"def f{key[start:]}: ...").body[0]
    except (SyntaxError, ValueError) as error:
        raise ModelError(file, (key,), f"{key}: not a signature ({error})") from None
    assert isinstance(node, ast.FunctionDef)
    arguments = node.args
    positional = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
    pairs = list(zip(reversed(positional), reversed(arguments.defaults), strict=False))
    pairs += [
        (argument.arg, default)
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default
    ]
    defaults = {name: ast.literal_eval(default) for name, default in pairs if _literal(default)}
    rest, named_rest = (item.arg if item else "" for item in (arguments.vararg, arguments.kwarg))
    further = (name for name in (rest, named_rest) if name)
    names = (*positional, *(argument.arg for argument in arguments.kwonlyargs), *further)
    return Signature(key[:start], tuple(positional), names, defaults, rest, named_rest)


def opening(key: str) -> int:
    """Where the parameters of a key begin: `X().f(a=(1, 2))` has parentheses before and within."""
    depth = 0
    for index in range(len(key) - 1, -1, -1):
        depth += (key[index] == ")") - (key[index] == "(")
        if depth == 0:
            return index
    return len(key)


def _literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True


def parse_part(file: str, signature: Signature, text: object, where: tuple[str, ...] = ()) -> Part:
    """A part as YAML has it: text is paths joined by `else`, anything else a literal.

    Args:
        where: the keys that lead to the part, for errors.

    Raises:
        ModelError: a path names no parameter.
    """
    if not isinstance(text, str):
        return Part((Path("literal", literal=text),))
    negated = text.startswith("not ")
    options = tuple(_path(file, signature, item.strip(), where) for item in text.removeprefix("not ").split(" else "))
    return Part(options, negated)


def _path(file: str, signature: Signature, text: str, where: tuple[str, ...]) -> Path:
    member, _, holder = text.partition(" in ")
    if holder:
        return replace(_path(file, signature, holder, where), member=member)
    if text.startswith("setting."):
        return Path("setting", text.removeprefix("setting."))
    if text in ("true", "false", "null"):
        return Path("literal", literal={"true": True, "false": False, "null": None}[text])
    if text.startswith("'") and text.endswith("'"):
        return Path("literal", literal=text[1:-1])
    if text.isdigit():
        return Path("literal", literal=int(text))
    name, *keys = text.split(".")
    if name == "self":
        return Path("self", keys=tuple(keys))
    if name not in signature.names:
        known = f"parameters are {', '.join(signature.names)}"
        raise ModelError(
            file, where, f"{signature.path}: {text!r} names no parameter{meant(name, signature.names, known)}"
        )
    return Path("parameter", name, tuple(keys))


def meant(name: str, known: Iterable[str], otherwise: str) -> str:
    """`; did you mean 'x'?`, or what is known where nothing is near."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; {otherwise}"
