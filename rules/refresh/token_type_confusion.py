"""A verification takes a token of another kind."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    if not project.life.is_issuer:
        return
    for confusion in project.confusions:
        names = " and ".join(confusion.telling[:2])
        why = f"no test here tells them apart by {names}" if names else "no claim tells them apart"
        yield Finding(
            f"{confusion.taken} tokens pass where {confusion.expected} tokens are asked for: one key signs both and {why}, "
            "so whoever gets hold of one can use it as the other",
            at=confusion.at,
            steps=confusion.steps,
        )
