"""A denylist is asked by the token's text and not by its id."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    if not project.life.is_issuer:
        return
    for look in project.asking.by_token:
        yield Finding(
            f"{look.subject} is asked by the text of the token or a hash of it: one token can be spelled in several ways that "
            "all verify, and only the one that was revoked is found; its jti stays the same",
            at=look.at,
        )
