"""A logout changes nothing on the server, or there is none."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    life = project.life
    if not life.is_issuer:
        return
    longest = project.tokens.longest_access
    until = f" ({longest})" if longest else ""
    for logout in life.logouts:
        if not (logout.changes_anything or logout.is_of_plain_login):
            yield Finding(
                f"{logout.endpoint.name} changes nothing on the server: it writes and deletes no state and calls nothing that "
                f"revokes, so a token that was copied before stays good until it expires{until}",
                at=logout.endpoint.at,
            )
    for login in () if life.may_log_out else life.logins[:1]:
        yield Finding(
            f"{login.endpoint.name} logs users in with a token and no endpoint logs them out: nothing that the application "
            f"answers ends or denies a token, so each stays good until it expires{until}",
            at=login.endpoint.at,
        )
