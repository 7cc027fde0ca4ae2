"""The token itself may choose the algorithm that verifies it."""

from collections.abc import Iterator

from jwtlint import Finding, Project

ASYMMETRIC = frozenset({"rs", "es", "ps", "ed"})


def check(project: Project) -> Iterator[Finding]:
    for token in project.verifications:
        if token.checks("signature") is False:
            continue
        names = {algorithm.text or "" for algorithm in token.algorithms}
        if any(algorithm.data is None for algorithm in token.algorithms) and not token.pinned_by_library:
            chosen = token.chooses_by_key
            yield Finding(
                f"{token.library} accepts every algorithm that fits the kind of key where no list is given: "
                "what the key turns out to be decides, not the code"
                if chosen
                else f"{token.library} takes the algorithm from the token's own header where no list is given: "
                "a public key can then be used as an HMAC secret",
                at=token.at,
                lower=2 if chosen else 0,
            )
        elif token.header_field_of("algorithms"):
            yield Finding("the list of accepted algorithms is taken from the token itself", at=token.at)
        elif any(name.startswith("hs") for name in names) and any(name[:2] in ASYMMETRIC for name in names):
            yield Finding(
                "HMAC and asymmetric algorithms are accepted with one key: the public key can be used as an HMAC secret",
                at=token.at,
                steps=next((algorithm.steps for algorithm in token.algorithms if algorithm.steps), ()),
            )
