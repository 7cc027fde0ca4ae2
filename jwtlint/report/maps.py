"""The map of a token's life: for the terminal, as a Mermaid diagram, as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from jwtlint.problems import Problem
    from jwtlint.project.picture import Picture, Step

# What suits each use, after the article that the project began with.
ADVICE = {
    "web": "a login in a browser wants a session on the server, or an access token of minutes with a refresh token in an "
    "HttpOnly cookie that is rotated and can be revoked",
    "api": "a mobile or API client wants a short access token and a refresh token that is rotated, tracked and revoked at logout",
    "service": "tokens between services suit JWTs: short lives, an audience a service, keys that can be rolled",
    "resource-server": "tokens of an identity provider suit JWTs: check signature, issuer, audience and expiry, and keep lives short",
    "high-security": "both: short tokens, and state on the server that every request asks",
}
MISSING = "\u2717"
PHASES = {
    "login": "log in",
    "issue": "issue",
    "keep": "keep",
    "verify": "verify",
    "refresh": "refresh",
    "logout": "log out",
    "password": "new password",
}
INDENT = 16  # columns; what is said stands behind the phases
WIDTH = 96  # columns


def write(
    pictures: Sequence[tuple[str, Picture]], problems: Sequence[Problem], form: str, out: TextIO, color: bool
) -> None:
    """Write the maps of a repository's programs in one of the forms `text`, `mermaid` and `json`.

    Args:
        pictures: each with the folder of its program, which is empty where there is one program.
        problems: the files that should have been read and could not be.
    """
    if form == "json":
        import msgspec

        applications = [{"folder": folder, **_plain(picture)} for folder, picture in pictures]
        plain = {"applications": applications, "unread": [problem.path for problem in problems]}
        out.write(msgspec.json.format(msgspec.json.encode(plain)).decode() + "\n")
        return
    if form == "mermaid":
        lines = list(_mermaid(pictures))
    else:
        lines = [line for folder, picture in pictures for line in ("", *_text(folder, picture, color))][1:]
        lines += [line for problem in problems for line in _wrapped(f"not read: {problem.path}: {problem.message}")]
    out.write("\n".join(lines) + "\n")


def _groups(picture: Picture) -> Iterator[tuple[Step, ...]]:
    """Steps that do and lack the same, phase by phase."""
    found: dict[tuple[object, ...], list[Step]] = {}
    for step in picture.steps:
        found.setdefault((list(PHASES).index(step.phase), step.does, step.missing, step.stores), []).append(step)
    return (tuple(found[key]) for key in sorted(found, key=lambda key: key[0]))  # type: ignore[arg-type, return-value]


def _text(folder: str, picture: Picture, color: bool) -> Iterator[str]:
    if not picture.steps:
        yield f"{f'{folder}: ' if folder else ''}no token is issued or verified here"
        return
    front = "with a front end for browsers" if picture.has_browser else "without a front end for browsers"
    title = f"{f'{folder}: ' if folder else ''}{picture.use} application {front}"
    yield click.style(title, bold=True) if color else title
    phase = ""
    for group in _groups(picture):
        if group[0].phase != phase:
            yield ""
        lead = PHASES[group[0].phase] if group[0].phase != phase else ""
        phase = group[0].phase
        for number, line in enumerate(_told(group)):
            text = f"  {lead if number == 0 else '':{INDENT - 2}}{line}"
            yield click.style(text, fg="red") if color and MISSING in line else text
    missing = sum(bool(group[0].missing) for group in _groups(picture))
    yield ""
    yield f"{missing} missing arrow{'s' * (missing != 1)}."
    yield from _wrapped(f"{picture.use}: {ADVICE[picture.use]}.")


def _told(group: tuple[Step, ...]) -> Iterator[str]:
    """What steps that do the same say: who they are and where; below, what they do, with which state, and what they lack."""
    for step in group:
        at = str(step.at) if step.at else ""
        if len(step.what) + len(at) + INDENT + 2 <= WIDTH:
            yield from filter(None, [f"{step.what}  {at}".strip()])
        else:
            yield from (step.what, f"  {at}")
    step = group[0]
    below = "  " if step.what else ""
    stores = f"\u2192 {', '.join(step.stores)}" if step.stores else ""
    missing = f"{MISSING} {step.missing}" if step.missing else ""
    yield from (f"{below}{said}" for said in (step.does, stores, missing) if said)


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def _mermaid(pictures: Sequence[tuple[str, Picture]]) -> Iterator[str]:
    """A flowchart as Mermaid reads it (mermaid.js.org/syntax/flowchart.html)."""
    yield "flowchart LR"
    for number, (folder, picture) in enumerate(pictures):
        prefix = f"app{number}_" if len(pictures) > 1 else ""
        if prefix:
            yield f'  subgraph {prefix}["{_quoted(folder or "the rest")}"]'
        yield from _drawn(picture, prefix)
        if prefix:
            yield "  end"
    yield "  classDef missing stroke:#c00,stroke-dasharray:5 5"


def _drawn(picture: Picture, prefix: str) -> Iterator[str]:
    """The steps between the client and the state on the server; a dashed arrow is one that is missing."""
    client, server = f"{prefix}client", f"{prefix}server"
    yield f'  {client}["{"browser" if picture.has_browser else "client"}"]'
    stores: dict[str, str] = {}
    for number, group in enumerate(_groups(picture)):
        step, name = group[0], f"{prefix}step{number}"
        named = "<br/>".join((PHASES[step.phase], *(_quoted(one.what) for one in group if one.what)))
        yield f'  {name}["{named}"]'
        if step.what or step.does:
            label = f'|"{_quoted(step.does)}"|' if step.does else ""
            yield f"  {client} -->{label} {name}"
        if step.missing:
            stores.setdefault("state of tokens", server)
            yield f'  {name} -.->|"{MISSING} {_quoted(step.missing)}"| {server}'
            yield f"  class {name} missing"
        for store in step.stores:
            yield f"  {name} --> {stores.setdefault(store, f'{prefix}store{len(stores)}')}"
    for store, name in stores.items():
        yield f'  {name}[("{_quoted(store)}")]'


def _quoted(text: str) -> str:
    """A text within the quotes of a label."""
    return text.replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")


def _plain(picture: Picture) -> dict[str, object]:
    return {
        "use": picture.use,
        "browser": picture.has_browser,
        "advice": ADVICE[picture.use],
        "steps": [_step(step) for step in picture.steps],
    }


def _step(step: Step) -> dict[str, object]:
    told = {"phase": step.phase, "what": step.what, "does": step.does, "missing": step.missing}
    return {**told, "at": str(step.at) if step.at else "", "stores": list(step.stores)}
