"""A changed or reset password, or an account that is shut, leaves the tokens valid that were issued before."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    life = project.life
    if not life.is_issuer:
        return
    longest = project.tokens.longest_access if not project.tokens.has_refresh else None
    until = f", for up to {longest}" if longest else ""
    compared = " and ".join(f"`{name}`" for name in project.state.compared)
    changed = f"{compared} nowhere" if compared else "no session, refresh row, denylist or token version"
    for change in life.password_changes:
        yield Finding(
            f"{change.endpoint.name} sets a new password and ends no token: it changes {changed}, "
            f"so whoever stole a token before stays in{until}",
            at=change.endpoint.at,
        )
    for shutting in project.shut_accounts:
        yield Finding(
            f"{shutting.endpoint.name} shuts a user out and ends no token: no request looks the user up, so whoever is logged in "
            f"stays in{until}",
            at=shutting.endpoint.at,
        )
