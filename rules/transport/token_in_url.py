"""A user's token is in an address."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    for exposure in project.exposures:
        kept = "servers, proxies and the browser's history keep addresses"
        if exposure.accepted:
            yield Finding(
                f"{exposure.kind} tokens are accepted from the address: {kept}, and who reads one there is the user; "
                "take them from the Authorization header, or exchange a ticket that is good once",
                at=exposure.at,
                steps=exposure.steps,
            )
        else:
            yield Finding(
                f"the {exposure.kind} token is put into an address: {kept} and hand it on as the referrer, and who reads it is "
                "the user; hand out a code that is good once, or set a cookie",
                at=exposure.at,
                steps=exposure.steps,
            )
