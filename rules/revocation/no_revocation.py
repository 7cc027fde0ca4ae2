"""No verification asks anything that could end a live token."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    life = project.life
    if not life.is_issuer:
        return
    places = {token.at: token for token in life.verifications}
    if any(life.consulted(token) for token in places.values()):
        return
    renewed = any(life.consulted(token) for token in life.renewals)
    for token in tuple(places.values())[:1]:
        yield Finding(
            f"{len(places)} verification{'s' * (len(places) != 1)} of tokens, and none asks the server for more than the user: "
            "no denylist, token version, session or refresh row was found, so a stolen token is good until it expires",
            at=token.at,
            lower=1 if renewed else 0,
        )
