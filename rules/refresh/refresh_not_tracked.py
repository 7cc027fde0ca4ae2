"""Refresh tokens are given out and nothing on the server knows of them."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    life = project.life
    if not life.is_issuer or life.tracks_refresh:
        return
    for token in life.issuances:
        if token.kind == "refresh":
            yield Finding(
                "refresh tokens are bare signed texts that no table or cache knows: none can be taken back, and a second "
                "use is not seen",
                at=token.at,
                steps=token.via,
            )
            return
