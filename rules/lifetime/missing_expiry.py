"""A token is issued that never expires."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    for token in project.issuances:
        for life in token.lifetimes:
            if life.data is None or life.data is False:
                yield Finding(
                    "the token never expires, its lifetime is switched off: a leaked one is good for ever",
                    at=token.at,
                    steps=(*life.steps, *token.via),
                )
        for claims in token.claims_without_expiry:
            names = ", ".join(sorted(claims.data.entries)) or "none"
            yield Finding(
                f"the token is issued without exp (claims: {names}): a leaked one is good for ever",
                at=token.at,
                steps=(*claims.steps, *token.via),
            )
