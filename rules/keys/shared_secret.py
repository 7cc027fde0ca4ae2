"""One key serves purposes that nothing else tells apart."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    for key in project.shared_keys[:1]:
        yield Finding(
            f"one key signs {key.purposes}: what is made for one purpose is accepted for the other",
            at=key.at,
            steps=key.steps,
            secret=key.text,
        )
