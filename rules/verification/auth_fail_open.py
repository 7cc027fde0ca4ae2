"""A token that does not verify lets the request through."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    for token in project.verifications:
        for place in token.letting_through:
            yield Finding(
                "when the token does not verify, the error is swallowed and the request goes on as authenticated",
                at=place,
            )
