"""One long token and nothing to renew it with."""

from collections.abc import Iterator

from jwtlint import Duration, Finding, Project, hours


def check(project: Project, *, limit: Duration = hours(1)) -> Iterator[Finding]:
    life = project.life
    if not (life.is_issuer and life.logs_in) or project.tokens.has_refresh:
        return
    found = ((token, at, length) for token, at in project.tokens.handed_out for length in token.lifetimes)
    long = [item for item in found if isinstance(item[2].data, Duration) and item[2].data > limit]
    if not long or project.state.keeps_refresh or project.state.tokens_name_sessions:
        return
    for token, at, length in long[:1]:
        yield Finding(
            f"the only token lives {length.data}{length.default}, and no refresh token is issued or kept: what goes with "
            f"every request is worth {length.data} to whoever copies it, not minutes",
            at=at,
            steps=(*length.steps, *token.via),
        )
