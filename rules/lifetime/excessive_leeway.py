"""Expired tokens are accepted for longer than clocks differ."""

from collections.abc import Iterator

from jwtlint import Duration, Finding, Project, minutes


def check(project: Project, *, limit: Duration = minutes(2)) -> Iterator[Finding]:
    for token in project.verifications:
        for leeway in token.leeways:
            if isinstance(leeway.data, Duration) and leeway.data > limit:
                yield Finding(
                    f"a token is accepted for {leeway.data} after it has expired; clocks do not differ by more than {limit}",
                    at=leeway.origin or token.at,
                    steps=leeway.steps,
                )
