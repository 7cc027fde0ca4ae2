"""A refresh token goes to a browser where scripts can read it."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    paths = (item.path for item in project.endpoints if item.purpose == "refresh")
    path = next((path for path in paths if path), "")
    for delivery in project.deliveries:
        if delivery.place == "body" and delivery.kind == "refresh":
            until = delivery.token.until if delivery.token else "until it ends"
            name = f" as `{delivery.name}`" if delivery.name else ""
            by = f"{delivery.library} answers with" if delivery.library else "the answer holds"
            yield Finding(
                f"{by} the refresh token{name}: every script on the page can read it, and one that does makes new access tokens "
                f"elsewhere {until}. Set it as an HttpOnly cookie{f' with path={path}' if path else ''} and leave it out of the body",
                at=delivery.at,
                steps=delivery.steps,
                lower=0 if project.serves_browsers else 1,
            )
