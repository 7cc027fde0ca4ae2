"""An option or setting is written down and changes nothing."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    for option in project.inert_options:
        yield Finding(f"{option.name} has no effect here; {option.effect}", at=option.at, steps=option.steps)
