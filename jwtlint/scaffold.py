"""`jwtlint new-rule`: a rule's two neighbours, its page and its query, to start from."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template

from jwtlint.options import Misuse

_NAME = re.compile(r"(?P<family>[a-z]+(?:-[a-z]+)*)/(?P<slug>[a-z]+(?:-[a-z]+)*)")

PAGE = Template("""\
---
summary: what is wrong, in some words that go on after "it reports"
level: warning
security-severity: 5.0
precision: medium
cwe: [613]
references: [RFC 8725 3.1]
---
# $slug

## Why

What an attacker gains, in a paragraph.

## Remedy

What to write instead, on one line of code if that is enough. The first paragraph is shown with each finding.

## Bad

```python
import jwt


def issue(user, key):
    return jwt.encode({"sub": user}, key, algorithm="HS256")  # finding
```

## Good

```python
import jwt


def issue(user, key, expires):
    return jwt.encode({"sub": user, "exp": expires}, key, algorithm="HS256")
```
""")

QUERY = Template('''\
"""What is wrong, at the place that a person would edit."""

from collections.abc import Iterator

from jwtlint import Finding, Project


def check(project: Project) -> Iterator[Finding]:
    for token in project.issuances:
        if False:  # say when
            yield Finding("what is wrong: what it allows", at=token.at, steps=token.via)
''')


def new_rule(name: str, rules: Path) -> tuple[Path, Path]:
    """Write the page and the query of a new rule.

    Args:
        name: `family/slug`, in lower case with hyphens.
        rules: the folder of the families.

    Returns:
        the paths of the page and of the query.

    Raises:
        Misuse: the name is none, there is no such folder, or the rule is there already.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        raise Misuse(f"{name!r} is no name of a rule; write family/slug in lower case, as in lifetime/missing-expiry")
    if not (rules / "__init__.py").is_file():
        raise Misuse(f"{rules}: no folder of rules; run this in the root of a clone of jwtlint")
    stem = rules / match["family"].replace("-", "_") / match["slug"].replace("-", "_")
    page, query = stem.with_suffix(".md"), stem.with_suffix(".py")
    for path in (page, query):
        if path.exists():
            raise Misuse(f"{path}: there already; choose another name")
    page.parent.mkdir(exist_ok=True)
    page.write_text(PAGE.substitute(slug=match["slug"]), encoding="utf-8")
    query.write_text(QUERY.substitute(), encoding="utf-8")
    return page, query
