"""A signing key stands in the source or in a config file that ships."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    for key in project.secrets:
        if key.value.given in ("literal", "file") and key.text:
            where = "a committed config file" if key.value.given == "file" else "the source"
            yield Finding(
                f"the key that signs {key.signs}s is written in {where}: whoever reads it can make any {key.signs}",
                at=key.at,
                steps=key.steps,
                secret=key.text,
            )
