"""A token tells what nobody but the server should read."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    for token in project.payloads:
        for claim in project.telling_claims(token):
            yield Finding(
                f"the token carries {claim.what}: its payload is only encoded, so whoever sees the token, in a log, a proxy "
                "or a script of the page, reads it; give an opaque id and look the rest up",
                at=claim.at,
                steps=(*claim.steps, *token.via),
                lower=1 if claim.is_personal else 0,
            )
