"""A token is read without checking its signature, and what it says is believed."""

from collections.abc import Iterator

from jwtlint import Finding, Project

MESSAGE = "the token's signature is not checked, and what it says is used: anybody can be anybody"


def check(project: Project) -> Iterator[Finding]:
    for token in project.verifications:
        if token.checks("signature") is False and token.is_trusted and not token.verified_elsewhere:
            yield Finding(MESSAGE, at=token.at, steps=token.way_of("checks.signature"))
    for token in project.inspections:
        if token.gives == "claims" and token.is_trusted and not token.verified_elsewhere:
            yield Finding(MESSAGE, at=token.at)
