"""A refresh gives a new refresh token, and the old one keeps working."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    life = project.life
    harm = f"a thief and the owner both go on renewing{project.tokens.refresh_until}, and no second use is noticed"
    for renewal in life.library_refreshes:
        rotates = any(value.data is True for value in renewal.part("rotates"))
        for value in renewal.part("ends") if rotates else ():
            if value.data is False or not project.state.hooks:
                yield Finding(
                    f"a refresh gives a new refresh token and the old one keeps working{value.default}: {harm}",
                    at=value.origin or renewal.at,
                    steps=value.steps,
                )
    for stage in life.refreshes if life.is_issuer else ():
        if "refresh" in stage.issued and not stage.ends_old and not stage.authenticates_client:
            yield Finding(
                f"{stage.endpoint.name} gives a new refresh token and the old one keeps working ({stage.writes}): {harm}",
                at=stage.endpoint.at,
            )
