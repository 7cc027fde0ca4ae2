"""Tokens are revoked, and nothing that verifies one asks about it."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    if not project.life.is_issuer:
        return
    for item in project.enforcement.idle:
        yield Finding(
            f"{item.what} {item.why}: a token that was revoked is accepted as before, and whoever stole it stays in",
            at=item.at,
            steps=item.steps,
        )
