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
    alone = [logout for logout in project.client_logouts if not logout.asks]
    uncalled = next((logout.endpoint for logout in life.logouts if logout.changes_anything), None)
    for client in alone:
        there = f"does not call {uncalled.path or uncalled.name}" if uncalled else "the server has no logout to call"
        yield Finding(
            f"{client.name} takes the token out of the browser and {there}: a copy of it stays good until it expires{until}",
            at=client.at,
        )
    for login in () if alone or life.may_log_out else life.logins[:1]:
        yield Finding(
            f"{login.endpoint.name} logs users in with a token and no endpoint logs them out: nothing that the application "
            f"answers ends or denies a token, so each stays good until it expires{until}",
            at=login.endpoint.at,
        )
