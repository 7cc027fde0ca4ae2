"""A token without exp would be accepted."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    for token in project.verifications:
        off = token.checks("signature") is False or token.checks("exp") is False
        if token.requires_expiry is False and not (off or token.enforces("exp") or token.names_state):
            yield Finding(
                "exp is checked only where it is there: a signed token without it is accepted for ever",
                at=token.at,
            )
