"""A refresh hands out a new access token and keeps the refresh token."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    life = project.life
    harm = f"a stolen one renews beside the owner's, unseen{project.tokens.refresh_until}"
    for renewal in life.library_refreshes:
        for value in renewal.part("rotates"):
            if value.data is False:
                yield Finding(
                    f"a refresh gives a new access token and leaves the refresh token as it is{value.default}: {harm}",
                    at=value.origin or renewal.at,
                    steps=value.steps,
                )
    for stage in life.refreshes if life.is_issuer and project.tokens.has_refresh else ():
        if "access" in stage.issued and not stage.may_rotate and not stage.authenticates_client:
            yield Finding(
                f"{stage.endpoint.name} gives a new access token and leaves the refresh token as it is: {harm}",
                at=stage.endpoint.at,
            )
