"""A login is kept in a signed cookie alone."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    for session in project.client_sessions:
        yield Finding(
            f"{session.library} keeps the login in a signed cookie and the server knows nothing of it: a copy of the cookie "
            "logs in for as long as its key is valid, also after a logout",
            at=session.at,
        )
