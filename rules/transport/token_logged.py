"""A token, or all that it says, is written to a log."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    for leak in project.leaks:
        gain = (
            "whoever reads the log, or collects it, is the user until the token expires"
            if leak.is_usable
            else "whoever reads the log reads all that it says of the user"
        )
        yield Finding(
            f"a log shows {leak.what}: {gain}; log what names it, such as its jti, or nothing of it",
            at=leak.at,
            steps=leak.steps,
        )
