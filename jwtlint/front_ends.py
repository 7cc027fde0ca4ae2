"""Front ends for browsers: the files that are shown in one, and the packages that make some."""

from __future__ import annotations

import json
import re

_SHOWN = re.compile(r".*\.(jsx|tsx|vue|svelte)|.*/?(index|base|login)\.html")


def is_shown(path: str) -> bool:
    """Whether a file is a page or a component by its name; a script alone may as well be a server's."""
    return _SHOWN.fullmatch(path) is not None


def is_package(text: bytes) -> bool:
    """Whether a `package.json` depends on what makes a front end."""
    from jwtlint.models.vocabulary import vocabulary  # most runs need not ask

    try:
        package = json.loads(text)
    except ValueError:
        return False
    listed = [package.get(key) for key in ("dependencies", "devDependencies")] if isinstance(package, dict) else []
    return any(isinstance(names, dict) and not vocabulary().front_ends.isdisjoint(names) for names in listed)
