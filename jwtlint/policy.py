"""Limits by profile: `policy.yml`."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from importlib.resources import files

from jwtlint.options import Misuse

DEFAULT_PROFILE = "owasp"


def policy(profile: str) -> dict[str, dict[str, object]]:
    """A profile's limits: raw option values by rule and option.

    Raises:
        Misuse: there is no such profile.
    """
    profiles = _profiles()
    if profile not in profiles:
        near = difflib.get_close_matches(profile, profiles, n=1)
        mend = f"did you mean {near[0]!r}?" if near else f"choose from {', '.join(profiles)}"
        raise Misuse(f"unknown profile {profile!r}; {mend}")
    base = profiles[DEFAULT_PROFILE]
    own = profiles[profile]
    return {slug: {**base.get(slug, {}), **own.get(slug, {})} for slug in {**base, **own}}


def overrides(profile: str) -> dict[str, dict[str, object]]:
    """What a profile changes of the rules' own defaults; the default profile changes nothing and costs no YAML parser.

    Raises:
        Misuse: there is no such profile.
    """
    return {} if profile == DEFAULT_PROFILE else policy(profile)


def _profiles() -> Mapping[str, Mapping[str, Mapping[str, object]]]:
    import yaml

    loaded: Mapping[str, Mapping[str, Mapping[str, object]]] = yaml.safe_load(
        files("jwtlint").joinpath("policy.yml").read_text(encoding="utf-8")
    )
    return loaded
