"""A real token is committed in the source."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    for token in project.token_literals:
        if token.is_live:
            yield Finding(
                f"a token is committed here ({token.described}): whoever reads the source can use it",
                at=token.at,
                secret=token.text,
            )
