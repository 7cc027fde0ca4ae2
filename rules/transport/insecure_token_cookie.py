"""A cookie with a token that scripts can read, that goes over plain HTTP, or that other sites can have sent."""

from collections.abc import Iterator

from jwtlint import Delivery, Finding, Flag, Project, Value

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
            told = (f"{_name(flag, value)}{_default(delivery, value)}: {HARM[flag.name]}" for flag, value in lacking)
            mends = [flag.mend for flag, _ in lacking]
            whole = (
                "Have the server set it" if delivery.is_by_page else "Set it by the framework's own call with all three"
            )
            mend = f"Set {', '.join(mends)}" if all(mends) else whole
            yield Finding(
                f"the {cookie} that holds {delivery.what} has {'; '.join(told)}. {mend}",
                at=place,
                steps=(*delivery.steps, *(step for _, value in lacking[:1] for step in value.steps)),
            )


def _name(flag: Flag, value: Value) -> str:
    return "SameSite=None" if value.text == "none" else f"no {NAMES[flag.name]}"


def _default(delivery: Delivery, value: Value) -> str:
    """Whose default it is, where that could have been said otherwise."""
    return (
        ", for a script sets it"
        if delivery.is_by_page and value.given == "library" and not value.text
        else value.default
    )
