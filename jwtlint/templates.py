"""Files that become a project's only when somebody fills them in: their tags, and the same file without them.

Every engine that projects are made with – Jinja (cookiecutter, copier), Django's `startproject`, Go's (Helm) – writes
`{{ expression }}`; Jinja and Django write `{% statement %}` and `{# comment #}` besides, Go its statements between
braces, too.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

SUFFIX = re.compile(r"(\.(jinja2?|j2|tmpl|tpl)|-tpl)$")  # a file is of the kind that its name without them says
_EXPRESSION = r"\{\{(?:(?!\}\}|\{\{).){0,300}\}\}"
_STATEMENT = r"\{%(?:(?!%\}|\{%).){0,300}%\}|\{#(?:(?!#\}|\{#).){0,1000}#\}"
_TAG = re.compile(rf"{_EXPRESSION}|{_STATEMENT}", re.DOTALL)
_ALONE = re.compile(rf"^([ \t]*)({_EXPRESSION})(?=[ \t]*\r?$)", re.MULTILINE)
_BRANCH = re.compile(r"\{%[-+]?\s*(if|for|elif|else|endif|endfor)\b(?:(?!%\}|\{%).){0,300}%\}", re.DOTALL)
_TEXT = (
    r"""[rbfuRBFU]{0,2}(?:\"{3}(?:\\.|(?!\"{3}).)*+\"{3}|'{3}(?:\\.|(?!'{3}).)*+'{3}"""
    r"""|(?P<quote>["'])(?:\{\{[^\n]{0,300}?\}\}|\\.|(?!(?P=quote))[^\n\\]){0,500}+(?P=quote))|\#(?![}])[^\n]*"""
)
_WRITTEN = re.compile(rf"(?P<tag>{_EXPRESSION}|{_STATEMENT})|(?P<text>{_TEXT})", re.DOTALL)
MAX_OPTION = 200  # characters of what a branch adds to a line


def is_template(text: str) -> bool:
    """Whether a text holds tags."""
    return any(opening in text for opening in ("{{", "{%", "{#")) and bool(_TAG.search(text))


def name_of(expression: str) -> str:
    """An identifier in place of `{{ expression }}`, as long as it; expressions of one variable have the same but for its end."""
    inner = expression[2:-2].split("|")[0]
    return ("__" + "_".join(re.findall(r"\w+", inner, re.ASCII)))[: len(expression)].ljust(len(expression), "_")


def filled(text: str) -> str:
    """The text with its tags filled in at equal length: identifiers for expressions, spaces for all else.

    An expression that stands on a line alone puts lines of its own there, and is none.
    """
    return _TAG.sub(lambda match: _filled_in(match[0]), _ALONE.sub(lambda match: f"{match[1]}{_blank(match[2])}", text))


def without_statements(text: str) -> str:
    """The text with spaces for all tags but expressions."""
    return _blanked(re.compile(_STATEMENT, re.DOTALL), text) if is_template(text) else text


def programs(text: str) -> Iterator[str]:
    """A program with its tags filled in, in the ways that may make it one: of several branches the first, and then without
    what a branch adds to a line.

    Texts in it keep their expressions: they are values that somebody fills in.
    """
    alternatives, options = _branches(text)
    for left_out in (alternatives, [*alternatives, *options]):
        yield _WRITTEN.sub(_piece, _without(text, left_out))


def _branches(text: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Where the branches but the first stand, and the statements that begin and end within a line."""
    alternatives: list[tuple[int, int]] = []
    options: list[tuple[int, int]] = []
    opened: list[tuple[int, int]] = []  # where each open statement begins, and its second branch
    for tag in _BRANCH.finditer(text):
        if tag[1] in ("if", "for"):
            opened.append((tag.start(), 0))
        elif opened and tag[1] in ("elif", "else"):
            start, second = opened[-1]
            opened[-1] = (start, second or tag.start())
        elif opened:
            start, second = opened.pop()
            within = tag.end() - start <= MAX_OPTION and "\n" not in text[start : tag.end()]
            options += [(start, tag.end())] if within else []
            if second:
                alternatives.append((second, tag.start()))
    return alternatives, options


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with spaces for some stretches of it, which may lie within one another."""
    pieces, at = [], 0
    for start, end in sorted(spans):
        if end > at:
            pieces += [text[at : max(at, start)], _blank(text[max(at, start) : end])]
            at = end
    return "".join((*pieces, text[at:]))


def _piece(found: re.Match[str]) -> str:
    """A tag filled in; a text without what would end it within an expression."""
    if found["tag"]:
        return _filled_in(found["tag"])
    return re.sub(_EXPRESSION, lambda match: re.sub(r"[\"'\\]", " ", match[0]), found["text"])


def _filled_in(tag: str) -> str:
    return name_of(tag) if tag.startswith("{{") and "\n" not in tag else _blank(tag)


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: _blank(match[0]), text)


def _blank(text: str) -> str:
    return re.sub(r"[^\r\n]", " ", text)


def plain(path: str) -> str:
    """What a path is called where its tags are filled in; the same for every way to write the same variable.

    `{{ cookiecutter.name }}/app.py.jinja` and the `__cookiecutter_name___` of a program that imports it meet here.
    """
    return re.sub("_+", "_", SUFFIX.sub("", filled(path)))


def is_plain(path: str) -> bool:
    """Whether a path needs nobody to fill it in."""
    return "{{" not in path and not SUFFIX.search(posixpath.basename(path))
