"""A token without an id, or a store that does not answer, gets past a denylist."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    if not project.life.is_issuer:
        return
    for way in project.bypasses.found:
        yield Finding(
            f"{way.subject} lets a token through {way.when}: whoever can bring that about goes on with a token that was revoked",
            at=way.at,
            lower=0 if way.certain else 1,
        )
