"""Accounts that are shut: whether that ends the tokens of their users, where nobody looks a user up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project.stages import Stage
from jwtlint.project.state import Access

if TYPE_CHECKING:
    from jwtlint.project import Project


def shut_accounts(project: Project) -> Iterator[Stage]:
    """Endpoints that deactivate or delete a user and leave the tokens as they are; none where a request may look users up."""
    stages = project.life.stages("deactivate", "delete")
    found = [stage for stage in stages if any(map(_shuts, stage.changes)) and not stage.changes_tokens]
    if found and not _looks_users_up(project, found):
        yield from found


def _shuts(access: Access) -> bool:
    """Whether a change is one of a user's row that keeps them from logging in."""
    words = vocabulary()
    of_user = bool(words.users & {*words_of(access.subject)})
    return of_user and (access.action == "delete" or bool(access.fields & words.standing))


def _looks_users_up(project: Project, shutting: list[Stage]) -> bool:
    """Whether users are looked up, or may be, anywhere but where they log in and where they are shut out."""
    users = vocabulary().users
    if any(users & {*words_of(name)} for name in project.state.checking.unknown):
        return True
    own = {place for stage in (*shutting, *project.life.stages("login", "register")) for place in stage.reached.places}
    looked = (
        access for access in project.accesses if access.action == "look up" and users & {*words_of(access.subject)}
    )
    return any((access.module, access.scope) not in own for access in looked)
