"""The token is all the session that a web application has."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    life = project.life
    if not (life.is_issuer and life.logs_in) or life.keeps_state:
        return
    for token in life.issuances[:1]:
        yield Finding(
            "a login gives a signed token and the server keeps nothing of it: no session, refresh row, allow-list or token "
            "version was found, so the token is the session and cannot be ended",
            at=token.at,
            steps=token.via,
            lower=0 if project.use == "web" else 1,
        )
