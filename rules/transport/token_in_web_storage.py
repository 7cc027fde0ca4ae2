"""A token is written where every script of the page reads it."""

from collections.abc import Iterator

from jwtlint import Delivery, Finding, Project

KEPT = {
    "localStorage": "until it is taken away",
    "sessionStorage": "until the tab is closed",
}


def check(project: Project) -> Iterator[Finding]:
    for delivery in project.deliveries:
        if delivery.place not in ("cookie", "body"):
            name = f" under `{delivery.name}`" if delivery.name else ""
            by = f" by {delivery.library}" if delivery.library != "the browser" else ""
            stays = KEPT.get(delivery.place, "beyond the page")
            yield Finding(
                f"{delivery.what}{_source(delivery)} is written to {delivery.place}{name}{by} and stays there {stays}: every script "
                f"on the page reads it, so one XSS or one bad package {_harm(delivery)}; {_mend(project, delivery)}",
                at=delivery.at,
                steps=delivery.steps,
            )


def _source(delivery: Delivery) -> str:
    return f" ({delivery.source})" if delivery.source.strip("`") not in ("", delivery.name) else ""


def _harm(delivery: Delivery) -> str:
    if delivery.kind == "refresh":
        return "makes new access tokens from it elsewhere, for as long as it is good"
    return "takes the login along"


def _mend(project: Project, delivery: Delivery) -> str:
    """What to do here: name the login of the server, where that is in sight."""
    login = next((stage.endpoint.name for stage in project.life.logins), "") if project.life.is_issuer else ""
    kept = "" if delivery.kind == "refresh" else ", or keep an access token of minutes in a variable"
    return f"have {login or 'the server'} set it as an HttpOnly cookie{kept}"
