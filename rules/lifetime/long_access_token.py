"""An access token outlives the limit, at the place where its life is set."""

from collections.abc import Iterator

from jwtlint import Duration, Finding, Project, minutes


def check(project: Project, *, limit: Duration = minutes(15)) -> Iterator[Finding]:
    for token in project.issuances:
        if token.kind == "access":
            for life in token.lifetimes:
                if isinstance(life.data, Duration) and life.data > limit:
                    yield Finding(
                        f"access token lives {life.data}{life.default}, longer than {limit}: "
                        "whoever copies it stays logged in that long",
                        at=life.origin or token.at,
                        steps=(*life.steps, *token.via),
                    )
