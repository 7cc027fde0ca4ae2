"""A refresh token outlives the limit, at the place where its life is set."""

from collections.abc import Iterator

from jwtlint import Duration, Finding, Project, days


def check(project: Project, *, limit: Duration = days(30)) -> Iterator[Finding]:
    for token in project.issuances:
        if token.kind == "refresh":
            for life in token.lifetimes:
                if isinstance(life.data, Duration) and life.data > limit:
                    yield Finding(
                        f"refresh token lives {life.data}{life.default}, longer than {limit}: "
                        "a stolen one makes access tokens all that time",
                        at=life.origin or token.at,
                        steps=(*life.steps, *token.via),
                    )
