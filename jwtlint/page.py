"""A rule's page: its metadata, its words, and the examples that are its tests and its documentation."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, get_args

from jwtlint.finding import LEVELS, Level, Precision


@dataclass(frozen=True, slots=True)
class Mark:
    """A promise in an example: a finding (or a step of one) at a line, its message containing `text`."""

    path: str
    line: int
    text: str = ""
    step: int | None = None
    todo: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """One small project of a page; `bad` examples promise findings, good ones none."""

    title: str
    bad: bool
    files: dict[str, str] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
    options: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What a rule's `.md` says.

    Args:
        security_severity: a CVSS 3.1 base score.
        cwe: numbers, without the prefix.
        why: the section's text.
        remedy: the section's first paragraph on one line.
        text: all that follows the front matter, as Markdown.
    """

    slug: str
    family: str
    summary: str
    level: Level
    security_severity: float
    precision: Precision
    cwe: tuple[int, ...]
    references: tuple[str, ...]
    why: str
    remedy: str
    text: str
    examples: tuple[Example, ...]


class PageError(Exception):
    """A page that breaks the form; its text is one line with the page, the line, what is wrong and the mend."""


def parse(family: str, slug: str, text: str) -> Page:
    """The page that `text` writes.

    Args:
        family: the folder of the rule.
        slug: the rule's name with hyphens; the page's title must be the same.
        text: the whole `.md` file.

    Raises:
        PageError: the page breaks the form.
    """
    return _Parser(f"{family}/{slug}", text).page(family, slug)


KEYS = ("summary", "level", "security-severity", "precision", "cwe", "references")
SECTIONS = ("Why", "Remedy", "Bad", "Good", "Options")
_MARK = re.compile(
    r"""(?:\#|//)\s*(?:(?P<todo>todo\s+)?(?P<finding>finding)(?:\s+"(?P<text>[^"]*)")?|step\s+(?P<step>\d+))\s*(?=\#|//|$)"""
)
_PATHS = {"python": "app.py", "javascript": "app.js", "typescript": "app.ts", "toml": "toml"}  # where none is given
_NAME = re.compile(r"`(?P<path>[^`]+)`:")
_FENCE = re.compile(r"(?P<fence>`{3,})\s*(?P<tag>\S*)")


class _Line(NamedTuple):
    number: int
    text: str


class _Block(NamedTuple):
    """Fenced code; `path` is empty where nothing names it."""

    number: int
    path: str
    tag: str
    text: str


class _Part(NamedTuple):
    """What stands under one heading: prose and code."""

    title: str
    number: int
    prose: str
    blocks: tuple[_Block, ...]


@dataclass(frozen=True, slots=True)
class _Parser:
    place: str
    text: str

    def page(self, family: str, slug: str) -> Page:
        lines = [_Line(number, line) for number, line in enumerate(self.text.splitlines(), 1)]
        head, body = self.split(lines)
        values = self.values(head)
        title, *sections = self.headed(body, ("# ", "## "))
        self.expect_title(title, slug)
        by_name = {name.text.removeprefix("## ").strip(): (name.number, rest) for name, rest in sections}
        self.expect_sections(by_name)
        remedy = self.part("Remedy", *by_name["Remedy"]).prose
        return Page(
            slug=slug,
            family=family,
            summary=values["summary"],
            level=values["level"],
            security_severity=float(values["security-severity"]),
            precision=values["precision"],
            cwe=tuple(values["cwe"]),
            references=tuple(values["references"]),
            why=self.part("Why", *by_name["Why"]).prose,
            remedy=" ".join(remedy.split("\n\n")[0].split()),
            text="\n".join(line.text for line in body).strip() + "\n",
            examples=tuple(
                example for name in ("Bad", "Good") for example in self.examples(name == "Bad", name, *by_name[name])
            ),
        )

    def error(self, number: int, what: str, mend: str) -> PageError:
        return PageError(f"{self.place}: line {number}: {what}; {mend}")

    def near(self, name: str, known: Sequence[str]) -> str:
        found = difflib.get_close_matches(name, known, n=1)
        return f"did you mean {found[0]!r}?" if found else f"known are {', '.join(known)}"

    def split(self, lines: Sequence[_Line]) -> tuple[Sequence[_Line], Sequence[_Line]]:
        """The front matter and what follows it."""
        ends = [index for index, line in enumerate(lines) if line.text.rstrip() == "---"]
        if len(ends) < 2 or ends[0] != 0:
            raise self.error(1, "no front matter", "begin the page with `---`, the keys and `---`")
        return lines[1 : ends[1]], lines[ends[1] + 1 :]

    def values(self, head: Sequence[_Line]) -> dict[str, Any]:
        """The front matter's values, each of the type that the page needs."""
        import yaml

        try:
            values = yaml.safe_load("\n".join(line.text for line in head)) or {}
        except yaml.YAMLError as problem:
            what = " ".join(str(problem).split())
            raise self.error(2, f"the front matter is not YAML ({what})", "write `key: value` lines") from None
        if not isinstance(values, dict):
            raise self.error(2, "the front matter holds no keys", "write `key: value` lines")
        numbers = {line.text.partition(":")[0].strip(): line.number for line in head}
        for name in values:
            if name not in KEYS:
                raise self.error(numbers.get(str(name), 2), f"unknown key {name!r}", self.near(str(name), KEYS))
        for name in KEYS:
            if name not in values:
                raise self.error(1, f"the front matter has no {name!r}", f"add `{name}: …`")
            if not _FORMS[name][0](values[name]):
                raise self.error(numbers.get(name, 2), f"{name!r} is {values[name]!r}", f"write {_FORMS[name][1]}")
        return values

    def headed(self, lines: Sequence[_Line], prefixes: tuple[str, ...]) -> list[tuple[_Line, list[_Line]]]:
        """The lines under each heading, headings inside code not counted; what comes first has an empty heading."""
        found: list[tuple[_Line, list[_Line]]] = [(_Line(lines[0].number if lines else 1, ""), [])]
        fence = _Line(0, "")
        for line in lines:
            opening = _FENCE.match(line.text)
            if fence.text:
                fence = _Line(0, "") if line.text.rstrip() == fence.text else fence
            elif opening:
                fence = _Line(line.number, opening["fence"])
            elif line.text.startswith(prefixes):
                found.append((line, []))
                continue
            found[-1][1].append(line)
        if fence.text:
            raise self.error(fence.number, "a code block is never closed", f"end it with a line `{fence.text}`")
        return found[1:] if not "".join(line.text for line in found[0][1]).strip() and len(found) > 1 else found

    def expect_title(self, title: tuple[_Line, list[_Line]], slug: str) -> None:
        if title[0].text.strip() != f"# {slug}":
            raise self.error(title[0].number, "the page's title is not the rule's name", f"write `# {slug}`")

    def expect_sections(self, found: dict[str, tuple[int, list[_Line]]]) -> None:
        for name, (number, _) in found.items():
            if name not in SECTIONS:
                raise self.error(number, f"unknown section {name!r}", self.near(name, SECTIONS))
        for name in ("Why", "Remedy", "Bad", "Good"):
            if name not in found:
                raise self.error(len(self.text.splitlines()), f"the section {name!r} is missing", f"add `## {name}`")

    def part(self, title: str, number: int, lines: Sequence[_Line]) -> _Part:
        """Prose and code blocks, each block with the path that the line before it names."""
        prose: list[str] = []
        blocks: list[_Block] = []
        path, opened, code = "", _Line(0, ""), list[str]()
        tag = ""
        for line in lines:
            opening, name = _FENCE.match(line.text), _NAME.fullmatch(line.text.strip())
            if opened.text and line.text.rstrip() == opened.text:
                blocks.append(_Block(opened.number, path, tag, "".join(f"{row}\n" for row in code)))
                path, opened, code = "", _Line(0, ""), []
            elif opened.text:
                code.append(line.text)
            elif opening:
                opened, tag = _Line(line.number, opening["fence"]), opening["tag"]
            elif name:
                path = name["path"]
            else:
                prose.append(line.text)
        return _Part(title, number, "\n".join(prose).strip(), tuple(blocks))

    def examples(self, bad: bool, section: str, number: int, lines: Sequence[_Line]) -> Iterator[Example]:
        """One example a `###`, and one for the code before the first of them."""
        for heading, rest in self.headed(lines, ("### ",)):
            title = heading.text.removeprefix("### ").strip() or section
            part = self.part(title, heading.number if heading.text else number, rest)
            if part.blocks:
                yield self.example(bad, part)
            elif heading.text:
                raise self.error(part.number, f"the example {title!r} has no code", "add a code block")

    def example(self, bad: bool, part: _Part) -> Example:
        files: dict[str, str] = {}
        options = ""
        for block in part.blocks:
            path = block.path or _PATHS.get(block.tag, "")
            if not path:
                raise self.error(block.number, f"a {block.tag or 'plain'} block has no name", "write `path`: above it")
            if path in files:
                raise self.error(block.number, f"the example has {path} twice", "name one of them otherwise")
            if path == "toml":
                options += block.text
            else:
                files[path] = block.text
        marks = tuple(mark for path, text in files.items() for mark in _marks(path, text))
        if bad and not any(mark.step is None for mark in marks):
            raise self.error(part.number, f"the bad example {part.title!r} promises no finding", "add `# finding`")
        if not bad and marks:
            raise self.error(
                part.number, f"the good example {part.title!r} has a mark", "remove it or move the example"
            )
        return Example(part.title, bad, files, marks, options)


def _marks(path: str, text: str) -> Iterator[Mark]:
    for number, line in enumerate(text.splitlines(), 1):
        for found in _MARK.finditer(line):
            step = int(found["step"]) if found["step"] else None
            yield Mark(path, number, found["text"] or "", step, bool(found["todo"]))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_list(value: object, of: type) -> bool:
    return isinstance(value, list) and bool(value) and all(type(item) is of for item in value)


_FORMS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "summary": (_is_text, "one line of words"),
    "level": (lambda value: value in LEVELS, "note, warning or error"),
    "security-severity": (
        lambda value: type(value) in (int, float) and 0 <= float(value) <= 10,  # type: ignore[arg-type]
        "a CVSS score from 0 to 10",
    ),
    "precision": (lambda value: value in get_args(Precision), "very-high, high, medium or low"),
    "cwe": (lambda value: _is_list(value, int), "a list of numbers, as in [613]"),
    "references": (lambda value: _is_list(value, str), "a list of texts"),
}
