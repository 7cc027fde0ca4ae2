"""The token's own header says which key verifies it."""

from collections.abc import Iterator

from jwtlint import Finding, Project

KEYS = frozenset({"jwk", "jku", "x5u", "x5c"})


def check(project: Project) -> Iterator[Finding]:
    fetched = set()
    for fetch in project.key_fetches:
        if fetch.from_header:
            fetched.add((fetch.module, fetch.use.scope))
            yield Finding(
                f"the token's own header ({fetch.from_header}) is part of where the key is fetched from: "
                "an attacker can point it at a key of their own",
                at=fetch.at,
            )
    for token in project.verifications:
        name = token.header_field_of("key")
        if name in KEYS and (token.module, token.use.scope) not in fetched:
            yield Finding(
                f"the key comes from the token's own header ({name}): an attacker signs with a key of their own",
                at=token.at,
            )
