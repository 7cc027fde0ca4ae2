"""The map of a token's life: for the terminal, as a Mermaid diagram, as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
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
PHASES = {
    "login": "log in",
    "issue": "issue",
    "verify": "verify",
    "refresh": "refresh",
    "logout": "log out",
    "password": "new password",
}


def write(pictures: Sequence[tuple[str, Picture]], form: str, out: TextIO, color: bool) -> None:
    """Write the maps of a repository's programs, each with its folder, in one of the forms `text`, `mermaid` and `json`."""
    if form == "json":
        import msgspec

        plain = [{"folder": folder, **_plain(picture)} for folder, picture in pictures]
        out.write(msgspec.json.format(msgspec.json.encode(plain if len(plain) > 1 else plain[0])).decode() + "\n")
        return
    if form == "mermaid":
        lines = list(_mermaid(pictures))
    else:
        lines = [line for folder, picture in pictures for line in ("", *_text(folder, picture, color))][1:]
    out.write("\n".join(lines) + "\n")


def _text(folder: str, picture: Picture, color: bool) -> Iterator[str]:
    if not picture.steps:
        yield "no token is issued or verified here"
        return
    front = "a front end for browsers beside it" if picture.has_browser else "no front end for browsers beside it"
    title = f"{f'{folder}: ' if folder else ''}{picture.use} application, {front}"
    yield click.style(title, bold=True) if color else title
    for phase, title in PHASES.items():
        steps = [step for step in picture.steps if step.phase == phase]
        for step in steps:
            yield ""
            told = " ".join(filter(None, (step.what, step.does)))
            if told:
                yield f"  {title:12} {told}{f'  ({step.at})' if step.at else ''}"
            if step.missing:
                lead = "" if told else title
                mark = f"  {lead:12} \u2717 {step.missing}"
                yield click.style(mark, fg="red") if color else mark
            if step.stores:
                yield f"  {'':12} \u2192 {', '.join(step.stores)}"
    missing = sum(bool(step.missing) for step in picture.steps)
    yield ""
    yield f"{missing} missing arrow{'s' * (missing != 1)}. {picture.use}: {ADVICE[picture.use]}."


def _mermaid(pictures: Sequence[tuple[str, Picture]]) -> Iterator[str]:
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
    client = f"{prefix}client"
    yield f'  {client}["{"browser" if picture.has_browser else "client"}"]'
    stores: dict[str, str] = {}
    for number, step in enumerate(picture.steps):
        name = f"{prefix}step{number}"
        yield f'  {name}["{PHASES[step.phase]}<br/>{_quoted(step.what or "none")}"]'
        arrow = "-.->" if step.missing else "-->"
        yield f'  {client} {arrow}|"{_quoted(step.missing or step.does)}"| {name}'
        if step.missing:
            yield f"  class {name} missing"
        for store in step.stores:
            stores.setdefault(store, f"{prefix}store{len(stores)}")
            yield f"  {name} --> {stores[store]}"
    for store, name in stores.items():
        yield f'  {name}[("{_quoted(store)}")]'


def _quoted(text: str) -> str:
    """A text within the quotes of a label."""
    return text.replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;") if "<br/>" not in text else text


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
