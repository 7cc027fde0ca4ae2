"""What a user may do is decided by what the token said when it was issued."""

from collections.abc import Iterator

from jwtlint import Duration, Finding, Project, minutes


def check(project: Project, *, limit: Duration = minutes(15)) -> Iterator[Finding]:
    if not project.life.is_issuer:
        return
    lives = [life.data for token in project.tokens.issuances if token.kind == "access" for life in token.lifetimes]
    short = bool(lives) and all(isinstance(life, Duration) and life <= limit for life in lives)
    for decision in project.decisions:
        yield Finding(
            f"{decision.claim} is believed as the token has it and the user is not looked up: who loses it keeps it until "
            "the token expires",
            at=decision.at,
            steps=decision.steps,
            lower=1 if short else 0,
        )
