"""No verification asks anything that could end a live token."""

from collections.abc import Iterator

from jwtlint import Duration, Finding, Project, minutes


def check(project: Project, *, limit: Duration = minutes(15)) -> Iterator[Finding]:
    life = project.life
    if not life.is_issuer or project.state.asked:
        return
    renewed, longest = project.state.asked_on_refresh, project.tokens.longest_access
    if renewed and longest is not None and longest <= limit:
        return
    for token in project.tokens.verifications[:1]:
        yield Finding(
            f"{life.evidence}. A stolen token is good until it expires{f' ({longest})' if longest else ''}",
            at=token.at,
            lower=1 if renewed else 0,
        )
