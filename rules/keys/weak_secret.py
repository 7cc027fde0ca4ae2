"""A signing key is shorter than its hash, or guessed first."""

from collections.abc import Iterator

from jwtlint import Finding, Project, vocabulary

BYTES = {"hs256": 32, "hs384": 48, "hs512": 64}


def check(project: Project) -> Iterator[Finding]:
    for key in project.secrets:
        needed = max((BYTES[name] for name in key.algorithms if name in BYTES), default=0)
        if not key.text or not needed or key.value.given == "development":
            continue
        if vocabulary().is_guessable(key.text):
            problem = "is one of the words that are tried first"
        elif key.size < needed:
            problem = f"has {key.size} bytes where {_named(needed)} needs {needed}"
        else:
            continue
        yield Finding(
            f"the key that signs {key.signs}s {problem}: it can be found from a single {key.signs}, without asking the server",
            at=key.at,
            steps=key.steps,
            secret=key.text,
        )


def _named(needed: int) -> str:
    return next(name.upper() for name, size in BYTES.items() if size == needed)
