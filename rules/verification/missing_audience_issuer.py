"""Nobody checks for whom a token was made, nor by whom."""

from collections.abc import Iterator

from jwtlint import Finding, Project, Value


def check(project: Project) -> Iterator[Finding]:
    for token in project.verifications:
        if not (token.has("audience") and token.has("issuer")) or token.checks("signature") is False:
            continue
        copied = [value for name in ("issuer", "audience") for value in token.copied(name)]
        if copied:
            yield Finding(
                "the token is compared with itself: issuer and audience are read from the unchecked token, so whatever it says is right",
                at=next((step.at for step in copied[0].steps[1:]), token.at),  # what is read, not the token
                steps=copied[0].steps,
            )
            continue
        missing = [
            name
            for name, given, on in (
                ("audience", token.audience, token.checks("aud")),
                ("issuer", token.issuer, token.checks("iss")),
            )
            if (_absent(given) or on is False) and not token.enforces(name[:3])
        ]
        if len(missing) == 2 or (missing and token.third_party):
            who = "another service of that issuer" if token.third_party else "another service that holds this key"
            yield Finding(
                f"{' and '.join(missing)} are not checked: a token made for {who} is accepted here",
                at=token.at,
                lower=0 if token.third_party else 1,
            )


def _absent(values: tuple[Value, ...]) -> bool:
    return bool(values) and all(value.data is None for value in values)
