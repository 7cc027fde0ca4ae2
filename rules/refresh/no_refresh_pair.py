"""One long token and nothing to renew it with."""

from collections.abc import Iterator

from jwtlint import Duration, Finding, Project, hours


def check(project: Project, *, limit: Duration = hours(1)) -> Iterator[Finding]:
    life = project.life
    if any(token.kind == "refresh" for token in project.issuances):
        return
    for token in life.issuances if life.is_issuer and life.logs_in else ():
        for length in token.lifetimes:
            if isinstance(length.data, Duration) and length.data > limit:
                yield Finding(
                    f"one token lives {length.data} and no refresh token is issued: a short one that is renewed would be "
                    "worth less to a thief",
                    at=token.at,
                    steps=(*length.steps, *token.via),
                )
                return
