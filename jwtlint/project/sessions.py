"""Where logins are kept that are no tokens: in a store on the server, or in a cookie that nobody can take back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jwtlint.facts import Attribute, Constant, Opaque, Span, Subscript, Term
from jwtlint.finding import Location
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project import calls, mappings
from jwtlint.project.concepts import Occurrence
from jwtlint.project.languages import JAVASCRIPT
from jwtlint.project.names import Module, last_name
from jwtlint.project.occurrences import modelled, referred
from jwtlint.project.reach import Place
from jwtlint.project.value import External

if TYPE_CHECKING:
    from jwtlint.project import Project

ROLE = "keeps-session"


@dataclass(frozen=True)
class ClientSession:
    """A login that only the browser keeps.

    Args:
        library: what writes the cookie.
        at: what puts the login there, or the setting by which all of them are.
    """

    library: str
    at: Location


def client_sessions(project: Project) -> Iterator[ClientSession]:
    """Logins in signed cookies, one a function; none where some store on the server takes them."""
    used, named = tuple(modelled(project.observer, {ROLE})), tuple(referred(project.observer, {ROLE}))
    if any(_text(one, "where") == "server" for one in (*used, *named)):
        return
    found: dict[object, ClientSession] = {}
    for one in used:
        if not _is_replaced(project, one):
            found.setdefault((one.module, one.use.scope), ClientSession(one.library, one.at))
    for one in named if not used else ():
        if _is_replaced(project, one):
            continue
        if not one.has("object"):
            found.setdefault(one.at, ClientSession(one.library, one.at))
        for module, written in _written(project, _text(one, "object")):
            found.setdefault((module, written.scope), ClientSession(one.library, module.at(written.at)))
    yield from found.values()


def _text(found: Occurrence, part: str) -> str:
    return next((str(value.data) for value in found.part(part)), "")


def _is_replaced(project: Project, found: Occurrence) -> bool:
    """Whether the application puts something of its own in the place of what keeps sessions."""
    attribute = _text(found, "unless")
    return any(attribute in module.members for module in project.modules.values())


def _written(project: Project, kept: str) -> Iterator[tuple[Module, Written]]:
    """What functions that log users in write into the session that says who they are."""
    reached = {place for stage in project.life.stages("login", "register") for place in stage.reached.places}
    for module in project.modules.values():
        for written in _writes(module):
            if _may_be(written.of) and _is_login((module, written.scope), reached):
                if _is_kept(project, written.of, module, written.scope, kept) and _says_who(project, module, written):
                    yield module, written


@dataclass(frozen=True)
class Written:
    """Entries that a statement sets of what may be a session."""

    of: Term
    keys: tuple[Term, ...]
    value: Term
    scope: str
    at: Span


def _writes(module: Module) -> Iterator[Written]:
    """Entries that are set one by one, or several at once."""
    for binding in module.facts.bindings:
        match binding.target:
            case Subscript(base=base, key=key):
                yield Written(base, (key,), binding.value, binding.scope, binding.at)
            case Attribute(base=base, name=name) if module.language is JAVASCRIPT:  # an attribute is an entry there
                yield Written(base, (Constant(name),), binding.value, binding.scope, binding.at)
    for use in module.uses.get("update", ()):
        if isinstance(use.call.func, Attribute):
            named = (Constant(item.name) for item in use.call.args if item.name)
            listed = (entry.key for item in use.call.args for entry in getattr(item.value, "items", ()))
            keys = (*named, *(key for key in listed if isinstance(key, Constant)))
            yield Written(use.call.func.base, keys, use.call, use.scope, use.call.at)


def _may_be(term: Term) -> bool:
    return "session" in words_of(last_name(term))


def _is_login(place: Place, reached: set[Place]) -> bool:
    """Whether a function logs users in, by its name or by what calls it."""
    words, (_, scope) = vocabulary(), place
    return words.purpose(scope) in ("login", "register") or words.kind(scope) == "access" or place in reached


def _is_kept(project: Project, term: Term, module: Module, scope: str, kept: str) -> bool:
    """Whether a term is the session, by what it evaluates to or by its own names."""
    frame = calls.alone(project.observer, module, scope)
    values = project.observer.values(term, frame)
    canonical = project.observer.models.canonical
    if any(isinstance(value.data, External) and canonical(value.data.path) == kept for value in values):
        return True
    prefix = module.language.prefix
    return isinstance(term, Attribute) and f"{prefix}any.{last_name(term.base)}.{term.name}" == kept


def _says_who(project: Project, module: Module, written: Written) -> bool:
    """Whether an entry is set that says who is logged in, and not taken away."""
    frame = calls.alone(project.observer, module, written.scope)
    names = {"_".join(words_of(name)) for key in written.keys for name in mappings.keys(project.observer, key, frame)}
    value = written.value
    emptied = isinstance(value, Opaque | Constant) and getattr(value, "value", None) in (None, "", False)
    return bool(names & vocabulary().login_keys) and not emptied
