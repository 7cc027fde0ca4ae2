"""A refresh hands out a new access token and keeps the refresh token."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    life = project.life
    for renewal in life.library_refreshes:
        if any(value.data is False for value in renewal.part("rotates")):
            yield Finding(
                f"{renewal.library} gives a new access token and leaves the refresh token as it is, since it is not told to "
                "rotate: a stolen one works for its whole life, beside the owner's and unseen",
                at=renewal.at,
                steps=renewal.way_of("rotates"),
            )
    for stage in life.refreshes if life.is_issuer else ():
        if "access" in stage.issued and "refresh" not in stage.issued and life.has_refresh:
            yield Finding(
                f"{stage.endpoint.name} gives a new access token and leaves the refresh token as it is: a stolen one works "
                "for its whole life, beside the owner's and unseen",
                at=stage.endpoint.at,
            )
