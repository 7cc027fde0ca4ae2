"""The project asks for a token library in a version with a published weakness, or that nobody maintains."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    for version in project.weak_versions:
        if not version.advisories:
            text = f"{version.library.name} is no longer maintained ({version.library.unmaintained})"
            yield Finding(f"{text}: what is found in it will not be mended", at=version.at, lower=1)
            continue
        first, *others = version.advisories
        also = f", and is in {', '.join(item.id for item in others)}" if others else ""
        mend = f"{version.fixed} mends it" if version.fixed else "no version mends it"
        yield Finding(f"{version.asked} {first.about} ({first.id}){also}; {mend}", at=version.at)
