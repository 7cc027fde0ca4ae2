"""The token is all the session that a web application has."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    life = project.life
    if not (life.is_issuer and life.logs_in) or project.state.keeps_state:
        return
    token, at = project.tokens.handed_out[0]
    yield Finding(
        f"the token that a login gives is the whole session: {life.evidence}. Whoever copies it is the user "
        f"{token.until}, and nobody can end that",
        at=at,
        steps=token.via,
        lower=0 if project.use == "web" else 1,
    )
