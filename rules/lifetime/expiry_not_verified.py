"""A token's expiry is not checked."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    for token in project.verifications:
        if token.checks("exp") is not False or token.enforces("exp"):
            continue
        if token.is_trusted and not token.verified_elsewhere:
            yield Finding(
                "the token is accepted after it has expired: the check of exp is switched off here",
                at=token.at,
                steps=token.way_of("checks.exp"),
            )
