"""A session can be renewed for ever."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    if not project.life.is_issuer:
        return
    for renewal in project.sliding:
        whole = f"a whole life of {renewal.life}" if renewal.life else "a whole life"
        yield Finding(
            f"{renewal.name} gives each new {renewal.kind} token {whole} and nothing says when the session ends: whoever "
            "has stolen one keeps it alive for ever",
            at=renewal.at,
            steps=renewal.steps,
            lower=0
            if renewal.life
            else 1,  # a library that rotates as it should has no setting for an end of the whole
        )
