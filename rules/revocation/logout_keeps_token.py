"""A logout changes nothing on the server, or there is none."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    life = project.life
    if not life.is_issuer:
        return
    logouts = life.stages("logout")
    for logout in logouts:
        if not logout.changes_anything:
            yield Finding(
                f"{logout.endpoint.name} changes nothing on the server: the token that it is called with stays good "
                "until it expires",
                at=logout.endpoint.at,
            )
    if not logouts and not life.hooks and project.endpoints and life.logs_in:
        token = life.issuances[0]
        yield Finding(
            "users are given tokens, and no endpoint logs out: nobody can end a session before its token expires",
            at=token.at,
            steps=token.via,
        )
