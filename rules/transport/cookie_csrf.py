"""A token comes as a cookie, and nothing tells the user's own requests from those that another site makes up."""

from collections.abc import Iterator

from jwtlint import Finding, Project, Step

SITE = {"none": "SameSite=None", "lax": "SameSite=Lax, which a link's GET passes", "": "no SameSite"}


def check(project: Project) -> Iterator[Finding]:
    for found in project.forgeable:
        name = f" `{found.reception.name}`" if found.reception.name else ""
        request = f"{found.method} {found.endpoint.path or found.endpoint.name}"
        mend = (
            "take only POST, with a CSRF token"
            if found.method == "GET"
            else "say SameSite=Strict or ask for a CSRF token"
        )
        yield Finding(
            f"the token is taken from the cookie{name}, which has {SITE[found.samesite]}, and {request} asks for nothing "
            f"more: a page of another site has the browser send it and acts as the user; {mend}",
            at=found.at,
            steps=(Step(found.set_at, "the cookie is set"),) if found.set_at else (),
            lower=1 if found.samesite == "lax" else 0,
        )
