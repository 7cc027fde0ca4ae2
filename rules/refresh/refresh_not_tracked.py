"""Refresh tokens are given out and nothing on the server knows of them."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    life = project.life
    if not life.is_issuer or project.state.tracks_refresh:
        return
    for token, at in project.tokens.handed_out:
        if token.kind == "refresh":
            yield Finding(
                f"nothing on the server knows this refresh token: no row, key or column is written when one is issued"
                f"{life.denied_only}, so a stolen one works {token.until} and nobody notices",
                at=at,
                steps=token.via,
            )
            return
