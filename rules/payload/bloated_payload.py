"""A payload that makes every request larger than it has to be."""

from collections.abc import Iterator

from jwtlint import Finding, Project

SESSION = 150  # bytes of a request with a session id alone; a token comes on top (see the page)


def check(project: Project, *, limit: int = 800) -> Iterator[Finding]:
    for token in project.payloads:
        size = project.size(token)
        request = f"each request is over {SESSION + size.least} bytes, with a session id about {SESSION}"
        for growth in project.growing_claims(token):
            yield Finding(
                f"the token carries {growth.what}, which nothing bounds: at least {size}, so {request}, and beyond 4096 a browser "
                "drops the cookie; give the id and look the rest up",
                at=growth.at,
                steps=(*growth.steps, *token.via),
            )
        if size.least > limit:
            yield Finding(
                f"the token takes at least {size}, more than {limit}: {request}; keep what is only looked at on the server there",
                at=token.at,
                steps=token.via,
            )
