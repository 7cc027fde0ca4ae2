"""A changed or reset password leaves the tokens valid that were issued before."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    life = project.life
    if not life.is_issuer:
        return
    for change in life.password_changes:
        yield Finding(
            f"{change.name} sets a new password and leaves every token valid that was issued before: whoever stole one "
            "stays in",
            at=change.at,
        )
