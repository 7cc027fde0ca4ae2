"""How tokens get to clients: in which cookie, with which flags, or in the body of which of a library's own answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from jwtlint.facts import Attribute, Constant, Name, Opaque, Subscript, Term
from jwtlint.finding import Location, Step
from jwtlint.models.signatures import last_name
from jwtlint.models.vocabulary import vocabulary
from jwtlint.project import calls, cookie_texts, holding, mappings, script_tokens
from jwtlint.project.concepts import Issuance, Kind, Occurrence
from jwtlint.project.deployment import setting_varies, varies
from jwtlint.project.keys import as_given, passed
from jwtlint.project.languages import JAVASCRIPT
from jwtlint.project.occurrences import by_ways, referred
from jwtlint.project.value import UNKNOWN, Value

if TYPE_CHECKING:
    from jwtlint.project import Project
    from jwtlint.project.values import Evaluator

ROLE = "delivers"
FLAGS = ("httponly", "secure", "samesite")
NO_SESSIONS: frozenset[Kind] = frozenset({"single-use", "service"})


@dataclass(frozen=True)
class Flag:
    """One of a cookie's flags on one way, whoever sets it: the call, a setting, or the framework by its default.

    Args:
        varies: whether it hangs on where the application runs.
        spelt: what the call, or the application, sets it by; empty where the library leaves no choice.
        is_setting: whether that is a setting of the application.
        is_left_out: whether the call could set it and does not.
        is_entry: whether it is an entry of an object, as calls of scripts have it.
    """

    name: str
    values: tuple[Value, ...]
    varies: bool = False
    spelt: str = ""
    is_setting: bool = False
    is_left_out: bool = False
    is_entry: bool = False

    @cached_property
    def off(self) -> Value | None:
        """What leaves the cookie without it, where everything that is known does; SameSite=None is as good as none."""
        wanting = [value for value in self.known if not value.data or value.text == "none"]
        return wanting[0] if wanting and len(wanting) == len(self.known) and not self.varies else None

    @property
    def known(self) -> tuple[Value, ...]:
        """What is known of it, without what holds on a developer's machine alone."""
        return tuple(value for value in self.values if value.known and value.given != "development")

    @property
    def text(self) -> str:
        """The value in lower case where it is known for sure, empty where the flag is missing; UNKNOWN is `?`."""
        texts = {(value.text or "") if value.known else "?" for value in self.values}
        return texts.pop() if len(texts) == 1 else "?"

    @property
    def mend(self) -> str:
        """How it is turned on here; empty where the library leaves no choice."""
        value = '"lax"' if self.name == "samesite" else "true" if self.is_entry else "True"
        return self.spelt and f"{self.spelt}{': ' if self.is_entry else ' = ' if self.is_setting else '='}{value}"


@dataclass(frozen=True)
class Delivery:
    """A token on its way to a client.

    Args:
        place: `cookie` or `body`; of what a script keeps, also `localStorage` or the like.
        name: of the cookie or the key, where it is known.
        kind: of the token.
        token: where it was issued; absent where its name alone says that it is one.
        flags: of a cookie, by their names in lower case.
        library: what sets the cookie or answers.
        source: what says that it is a token, in words, where nobody sees that it was issued.
    """

    place: str
    name: str
    kind: Kind
    token: Issuance | None
    at: Location
    library: str
    flags: dict[str, Flag] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    source: str = ""

    @property
    def what(self) -> str:
        """The token in words: `the refresh token`."""
        return "the token" if self.kind == "unknown" else f"the {self.kind} token"

    @property
    def is_by_page(self) -> bool:
        """Whether a script of a page sets it as a cookie: no call there has HttpOnly to say."""
        return bool(self.source) and "httponly" in self.flags and not self.flags["httponly"].spelt

    @property
    def wanting(self) -> tuple[tuple[Flag, Value], ...]:
        """The flags that it has not, each with what leaves it off."""
        return tuple((flag, flag.off) for flag in self.flags.values() if flag.off is not None)

    @property
    def lacking(self) -> dict[Location, list[tuple[Flag, Value]]]:
        """The flags that it has not, by the places where they would be set: the call, or, where that leaves them all to
        settings and constants of other files, there.
        """
        found: dict[Location, list[tuple[Flag, Value]]] = {}
        for flag, _ in () if any(flag.is_left_out for flag, _ in self.wanting) else self.wanting:
            for value in flag.known:
                if value.origin and (flag.is_setting or value.origin.path != self.at.path):
                    found.setdefault(value.origin, []).append((flag, value))
        return found or ({self.at: list(self.wanting)} if self.wanting else {})


def deliveries(project: Project) -> Iterator[Delivery]:
    """Tokens that are set as cookies, once a way to each, and those that a library hands out by itself."""
    evaluator = project.evaluator
    _look_for(project)
    for found in (*by_ways(evaluator, {ROLE}), *referred(evaluator, {ROLE})):
        if found.takes_place and not _is_deletion(found) and not _is_taken_out(evaluator, found):
            delivery = _delivery(evaluator, found)
            if delivery is not None:
                yield delivery


def _look_for(project: Project) -> None:
    """Have the files read that may hand out tokens, once the project makes or takes some."""
    if project.issuances or project.verifications:
        project.life.look_around()
        evaluator = project.evaluator
        python = (path for path in evaluator.models.calls.having({ROLE}) if not path.startswith(JAVASCRIPT.prefix))
        for name in {*map(last_name, python)}:
            evaluator.wanted |= set(evaluator.mentioning(f"{name}(")) - evaluator.modules.keys()


def _delivery(evaluator: Evaluator, found: Occurrence) -> Delivery | None:
    """What a call delivers; nothing where that is no token, or one that logs nobody in."""
    term = found.argument("token")
    token = next(holding.tokens(evaluator, term, found.frame), None) if term is not None else None
    names = [value.data for value in found.part("name") if isinstance(value.data, str)]
    if found.module.language is JAVASCRIPT and token is None:
        return _scripted(evaluator, found, term, names)
    kind = _kind(found, token, names)
    if not kind or kind in NO_SESSIONS:
        return None
    place = next((str(value.data) for value in found.part("place")), "cookie")
    flags = {name: _flag(evaluator, found, name) for name in FLAGS if found.has(name)}
    steps = (*token.via, Step(found.at, "set as a cookie")) if token and token.at != found.at else ()
    return Delivery(place, names[0] if names else "", kind, token, found.at, found.library, flags, steps)


def _scripted(evaluator: Evaluator, found: Occurrence, term: Term | None, names: list[str]) -> Delivery | None:
    """What a script hands on that it has not issued itself; the place is where it is said under which name."""
    text = found.argument("text")
    cookie = cookie_texts.read(text) if text is not None else None
    if cookie:
        term, names = cookie.value, [cookie.name]
    told = script_tokens.told(found, term, names) if cookie or text is None else None
    if told is None:
        return None
    place = next((str(value.data) for value in found.part("place")), "cookie")
    flags = {name: _flag(evaluator, found, name) for name in FLAGS if found.has(name)}
    flags |= {name: Flag(name, (Value(value),)) for name, value in cookie.flags.items()} if cookie else {}
    at = found.at if place == "cookie" else _named_at(found)
    return Delivery(place, names[0] if names else "", told.kind, None, at, found.library, flags, source=told.source)


def _named_at(found: Occurrence) -> Location:
    """Where something is put under a name: the call, or where a helper is told the name."""
    term, frame, at = found.argument("name"), found.frame, found.at
    while isinstance(term, Name) and (outer := passed(term, frame)) and frame.use and frame.caller:
        at = frame.caller.module.at(frame.use.call.at)
        term, frame = outer
    return at


def _kind(found: Occurrence, token: Issuance | None, names: Iterable[str]) -> Kind | None:
    """The kind of token: by the model, by where it was issued, by the names of the cookie and of what it is filled with."""
    words = vocabulary()
    said = next((str(value.data) for value in found.part("kind")), "")
    if said:
        return said  # type: ignore[return-value]
    if any(words.guards(name) for name in names):
        return None
    if token is not None:
        named = next(filter(None, map(words.kind, names)), "unknown")
        return named if token.kind == "unknown" else token.kind  # type: ignore[return-value]
    surely = [name for name in (*names, _called(found)) if words.names_token(name)]
    if surely and any(not value.known or value.holds is None for value in found.part("token")):
        return words.kind(surely[0]) or "unknown"  # type: ignore[return-value]
    return None


def _called(found: Occurrence) -> str:
    """The name of what a cookie is filled with, as its caller has it."""
    term, _ = as_given(found.argument("token"), found.frame)
    return _last_name(term)


def _last_name(term: Term | None) -> str:
    match term:
        case Name(id=name) | Attribute(name=name) | Subscript(key=Constant(value=str(name))):
            return name
    return ""


def _is_deletion(found: Occurrence) -> bool:
    """Whether a cookie is emptied, or ends at once."""
    values, ends = found.part("token"), found.part("ends")
    emptied = bool(values) and all(value.data in ("", None) for value in values)
    return emptied or any(value.data == 0 and value.data is not False for value in ends)


def _is_taken_out(evaluator: Evaluator, found: Occurrence) -> bool:
    """Whether the application takes a refresh token out of what a library answers: `del response.data["refresh"]`."""
    if not any(value.data == "body" for value in found.part("place")):
        return False
    for module in evaluator.modules.values():
        removed = [
            (item.target.key, item.scope)
            for item in module.facts.bindings
            if isinstance(item.target, Subscript) and isinstance(item.value, Opaque) and item.value.kind == "deleted"
        ]
        removed += [(item.value, use.scope) for use in module.uses.get("pop", ()) for item in use.call.args[:1]]
        for key, scope in removed:
            names = mappings.keys(evaluator, key, calls.alone(evaluator, module, scope))
            if vocabulary().refresh_names & {*names}:
                return True
    return False


def _flag(evaluator: Evaluator, found: Occurrence, name: str) -> Flag:
    term = found.argument(name)
    setting = found.setting_of(name)
    hangs = term is not None and varies(evaluator, term, found.frame)
    if setting:
        hangs = setting_varies(evaluator, setting)
    parameters = found.parameters(name)
    entry = found.entry_of(name)
    spelt = setting.rpartition(".")[2] or entry or next(iter(parameters), "")
    left_out = bool(parameters) and not any(map(found.bound.gives, parameters))
    return Flag(name, found.part(name) or (Value(UNKNOWN),), hangs, spelt, bool(setting), left_out, bool(entry))
