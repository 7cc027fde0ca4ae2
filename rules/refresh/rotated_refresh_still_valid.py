"""A refresh gives a new refresh token, and the old one keeps working."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    life = project.life
    for renewal in life.library_refreshes:
        rotates = any(value.data is True for value in renewal.part("rotates"))
        if rotates and any(value.data is False for value in renewal.part("ends")):
            yield Finding(
                f"{renewal.library} gives a new refresh token and the old one keeps working, since it is not told to deny "
                "it: a thief and the owner can both go on renewing",
                at=renewal.at,
                steps=renewal.way_of("ends"),
            )
    for stage in life.refreshes if life.is_issuer else ():
        if "refresh" in stage.issued and not stage.changes_tokens:
            yield Finding(
                f"{stage.endpoint.name} gives a new refresh token and the old one keeps working: a thief and the owner can "
                "both go on renewing",
                at=stage.endpoint.at,
            )
