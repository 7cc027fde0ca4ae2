"""Entries of a denylist never end, or end before the token that they deny."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    if not project.life.is_issuer:
        return
    for store in project.denylists.growing:
        yield Finding(
            f"{store.subject} is asked about every token and keeps every entry for ever: nothing takes those out whose token "
            "has expired, so it grows until it is slow or full, and whoever can log out can fill it",
            at=store.at,
        )
    for entry in project.denylists.short_lived:
        yield Finding(
            f"the entry ends after {entry.lasts}{entry.default} and the token that it denies lives {entry.token}: a token that "
            "was revoked is good again for the rest",
            at=entry.at,
            steps=entry.steps,
        )
