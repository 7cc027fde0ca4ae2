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
_EXPRESSION = r"\{\{(?:(?!\}\}).){0,500}\}\}"
_STATEMENT = r"\{%(?:(?!%\}).){0,500}%\}|\{#(?:(?!#\}).){0,5000}#\}"
_TAG = re.compile(rf"{_EXPRESSION}|{_STATEMENT}", re.DOTALL)
_ALONE = re.compile(rf"^([ \t]*)({_EXPRESSION})(?=[ \t]*\r?$)", re.MULTILINE)
_ALTERNATIVE = re.compile(
    r"\{%-?\s*(?:else|elif)\b(?:(?!%\}|\{%-?\s*if\b).)*%\}(?:(?!\{%-?\s*(?:if|endif)\b).)*?(?=\{%-?\s*endif\b)",
    re.DOTALL,
)
_OPTION = re.compile(r"\{%-?\s*if\b[^\n]*?%\}[^\n]*?\{%-?\s*endif\s*-?%\}")
_TEXT = re.compile(r'[rbfuRBFU]{0,2}("""|\'\'\'|"|\')(?:\{\{.*?\}\}|\\.|(?!\1)(?:.|\n))*?\1|#(?![}])[^\n]*')


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
    return _TAG.sub(_fill, _ALONE.sub(lambda match: f"{match[1]}{_blank(match[2])}", text))


def without_statements(text: str) -> str:
    """The text with spaces for all tags but expressions."""
    return _blanked(re.compile(_STATEMENT, re.DOTALL), text) if is_template(text) else text


def programs(text: str) -> Iterator[str]:
    """A program with its tags filled in, in the ways that may make it one: with all branches, then with the first ones.

    Texts in it keep their expressions: they are values that somebody fills in.
    """
    for chosen in (text, _blanked(_ALTERNATIVE, _blanked(_OPTION, text))):
        yield "".join(_pieces(chosen))


def _pieces(text: str) -> Iterator[str]:
    """The parts of a program, tags filled in, and no expression in a text that would end it."""
    at = 0
    while at < len(text):
        tag = _TAG.search(text, at)
        written = _TEXT.search(text, at)
        if written and (tag is None or written.start() < tag.start()):
            yield text[at : written.start()]
            yield re.sub(_EXPRESSION, lambda match: re.sub(r"[\"'\\]", " ", match[0]), written[0])
            at = written.end()
        elif tag:
            yield text[at : tag.start()]
            yield _fill(tag)
            at = tag.end()
        else:
            yield text[at:]
            return


def _fill(tag: re.Match[str]) -> str:
    return name_of(tag[0]) if tag[0].startswith("{{") and "\n" not in tag[0] else _blank(tag[0])


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
