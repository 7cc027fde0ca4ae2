"""A signing key falls back on a literal when its setting is not set."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    for key in project.secrets:
        if key.value.given == "fallback":
            kind = "a published word" if key.text else "an empty text"
            yield Finding(
                f"where its setting is not set, the key that signs {key.signs}s is {kind}: whoever knows it can make any {key.signs}",
                at=key.at,
                steps=key.steps,
                secret=key.text,
            )
