"""A token of a user has no id of its own."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    for token in project.tokens.issuances:
        if token.is_unnamed:
            claims = ", ".join(f"`{name}`" for name in token.claim_names)
            yield Finding(
                f"this {token.kind} token has no id (its claims are {claims or 'none'}): it cannot be told from the user's "
                "others, so no denylist can name it and none of them can be ended by itself",
                at=token.at,
            )
