"""A token without a signature is issued or accepted."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    for token in project.issuances:
        for algorithm in token.algorithms:
            if algorithm.text == "none" or (algorithm.data is None and algorithm.given != "library"):
                yield Finding(
                    "the token is issued without a signature (alg none): anybody can write one",
                    at=token.at,
                    steps=algorithm.steps,
                    lower=1,
                )
    for verification in project.verifications:
        for algorithm in verification.algorithms:
            if algorithm.text == "none":
                yield Finding(
                    "a token without a signature (alg none) is on the list of what is accepted",
                    at=verification.at,
                    steps=algorithm.steps,
                )
