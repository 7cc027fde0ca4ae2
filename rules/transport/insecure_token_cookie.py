"""A cookie with a token that scripts can read, that goes over plain HTTP, or that other sites can have sent."""

from collections.abc import Iterator

from jwtlint import Finding, Flag, Project, Value

NAMES = {"httponly": "HttpOnly", "secure": "Secure", "samesite": "SameSite"}
HARM = {
    "httponly": "any script on the page reads it",
    "secure": "it is sent over plain HTTP, where it is copied",
    "samesite": "other sites have it sent with forged requests",
}


def check(project: Project) -> Iterator[Finding]:
    for delivery in project.deliveries:
        cookie = f"cookie `{delivery.name}`" if delivery.name else "cookie"
        for place, lacking in delivery.lacking.items():
            told = (f"{_name(flag, value)}{value.default}: {HARM[flag.name]}" for flag, value in lacking)
            mends = [flag.mend for flag, _ in lacking]
            mend = f"Set {', '.join(mends)}" if all(mends) else "Set it by the framework's own call with all three"
            yield Finding(
                f"the {cookie} that holds {delivery.what} has {'; '.join(told)}. {mend}",
                at=place,
                steps=(*delivery.steps, *(step for _, value in lacking[:1] for step in value.steps)),
            )


def _name(flag: Flag, value: Value) -> str:
    return "SameSite=None" if value.text == "none" else f"no {NAMES[flag.name]}"
