"""A token of a user has no id of its own."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    for token in project.life.issuances:
        if token.is_unnamed:
            yield Finding(
                f"this {token.kind} token has no jti: one token of a user cannot be told from another, so none can be "
                "revoked by itself",
                at=token.at,
            )
