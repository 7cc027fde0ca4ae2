"""jwtlint: sees a whole application's token life and reports what is wrong with it.

What rule authors need is named here, and imported when first asked for, so that a run without tokens pays nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jwtlint.finding import Finding as Finding
    from jwtlint.finding import Step as Step
    from jwtlint.models.vocabulary import vocabulary as vocabulary
    from jwtlint.project import Project as Project
    from jwtlint.project.concepts import Issuance as Issuance
    from jwtlint.project.concepts import Verification as Verification
    from jwtlint.project.deliveries import Delivery
    from jwtlint.project.deliveries import Flag as Flag
    from jwtlint.project.value import Duration as Duration
    from jwtlint.project.value import Value as Value
    from jwtlint.project.value import days as days
    from jwtlint.project.value import hours as hours
    from jwtlint.project.value import minutes as minutes

__version__ = "0.1.0"
__all__ = [
    "Delivery",
    "Duration",
    "Finding",
    "Flag",
    "Issuance",
    "Project",
    "Step",
    "Value",
    "Verification",
    "days",
    "hours",
    "minutes",
    "vocabulary",
]
_HOMES = {
    "Finding": "jwtlint.finding",
    "Step": "jwtlint.finding",
    "Delivery": "jwtlint.project.deliveries",
    "Flag": "jwtlint.project.deliveries",
    "vocabulary": "jwtlint.models.vocabulary",
    "Project": "jwtlint.project",
    "Issuance": "jwtlint.project.concepts",
    "Verification": "jwtlint.project.concepts",
    "Duration": "jwtlint.project.value",
    "Value": "jwtlint.project.value",
    "days": "jwtlint.project.value",
    "hours": "jwtlint.project.value",
    "minutes": "jwtlint.project.value",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'jwtlint' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
