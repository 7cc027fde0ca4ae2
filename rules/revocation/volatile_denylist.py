"""A denylist or session store is in a process's own memory."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    if not project.life.is_issuer:
        return
    for item in project.denylists.forgetting:
        effect = (
            "a restart forgets it and another worker never hears of it, so a token that was revoked is good again there"
            if item.store.denies
            else "a restart ends every session, and a session that ends here goes on in another worker"
        )
        yield Finding(
            f"what tells live tokens from others ({item.store.subject}) is in the process's memory, {item.medium}: {effect}",
            at=item.at,
            steps=item.steps,
            lower=0 if item.store.denies else 1,
        )
