"""A token's expiry is not checked."""

from collections.abc import Iterator

from jwtlint import Finding, Project, Verification

OFF = "the check of exp is switched off here"


def check(project: Project) -> Iterator[Finding]:
    for token in project.verifications:
        if token.checks("exp") is not False or token.enforces("exp"):
            continue
        if token.admits and not token.verified_elsewhere and not _beside_another(project, token):
            why = f"{token.completion} is never called on what this gives" if token.completion else OFF
            yield Finding(
                f"the token is accepted after it has expired: {why}",
                at=token.at,
                steps=token.way_of("checks.exp"),
            )


def _beside_another(project: Project, token: Verification) -> bool:
    """Whether the same function verifies another token in full, so that the expired one only names the owner."""
    return any(
        other.module is token.module and other.use.scope == token.use.scope and other.checks("exp") is True
        for other in project.verifications
    )
