"""Keys that are known: where they are written, how strong they are, what they serve."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jwtlint.facts import Attribute, Binding, Call, Constant, Name, Subscript, Term, inside
from jwtlint.finding import Location, Step
from jwtlint.project import calls, settings
from jwtlint.project.concepts import Issuance, Occurrence, Verification
from jwtlint.project.kinds import names_a_user
from jwtlint.project.value import Frame, Value

if TYPE_CHECKING:
    from jwtlint.project import Project

_PUBLIC = re.compile(r"\s*(-----BEGIN|ssh-|ecdsa-|\{)")
_PLACEHOLDER = re.compile(r"\{\{.*\}\}|\$\{.*\}|<[^>]+>|%\(?\w*\)?s")
_HEX = re.compile(r"[0-9a-fA-F]{32,}")


@dataclass(frozen=True)
class Secret:
    """A key whose text is known, the algorithms that it is used with, and what it signs."""

    value: Value
    at: Location
    algorithms: frozenset[str]
    signs: str = "token"

    @property
    def text(self) -> str:
        data = self.value.data
        return data.decode("latin-1") if isinstance(data, bytes) else str(data)

    @property
    def size(self) -> int:
        """Its length in bytes; hexadecimal digits count as what they decode to."""
        return len(self.text) // 2 if _HEX.fullmatch(self.text) else len(self.text.encode())

    @property
    def steps(self) -> tuple[Step, ...]:
        return self.value.steps


def secrets(occurrences: Iterable[Occurrence]) -> tuple[Secret, ...]:
    """The known keys of HMAC tokens and of what else is signed so, one a place where they are written."""
    found: dict[tuple[Location, str], Secret] = {}
    for token in occurrences:
        names = _algorithms(token)
        if names and not any(name.startswith("hs") for name in names):
            continue
        for value in token.keys:
            if not isinstance(value.data, str | bytes) or value.given == "library":
                continue
            signs = next((str(what.data) for what in token.part("what")), "token")
            secret = Secret(value, value.origin or token.at, names or frozenset({"hs256"}), signs)
            if _PUBLIC.match(secret.text) or _PLACEHOLDER.search(secret.text):
                continue
            known = found.get((secret.at, secret.text))
            found[secret.at, secret.text] = (
                replace(known, algorithms=known.algorithms | secret.algorithms) if known else secret
            )
    return tuple(found.values())


def _algorithms(token: Occurrence) -> frozenset[str]:
    if isinstance(token, Verification) and token.checks("signature") is False:
        return frozenset({"none"})
    values = token.algorithms if isinstance(token, Issuance | Verification) else ()
    return frozenset(value.text for value in values if value.text)


@dataclass(frozen=True)
class SharedKey:
    """A key that serves several purposes."""

    at: Location
    steps: tuple[Step, ...]
    text: str
    purposes: str


def shared(project: Project) -> Iterator[SharedKey]:
    """Keys that serve the framework and tokens, or kinds of token that nothing else tells apart."""
    framework = _framework_keys(project)
    by_key: dict[str, list[Issuance]] = {}
    for token in project.issuances:
        name = key_name(token)
        if name in framework:
            yield _shared(token, f"the framework's sessions (it is its {name}) and tokens")
        if name:
            by_key.setdefault(name, []).append(token)
    for tokens in by_key.values():
        # A token that names nobody, such as a file's, logs nobody in.
        kinds = {token.kind for token in tokens if not _told_apart(token) and names_a_user(token)}
        for other in ("refresh", "single-use"):
            if {"access", other} <= kinds:
                yield _shared(tokens[0], f"access and {other} tokens, and no claim tells them apart")


def _shared(token: Issuance, purposes: str) -> SharedKey:
    """The key at the place where the program takes it: which one serves what is decided there."""
    modules = token.bound.evaluator.modules
    value = next((value for value in token.keys if value.origin), None)
    text = str(value.data) if value and isinstance(value.data, str) else ""
    steps = value.steps if value else ()
    taken = next((step.at for step in steps if modules[step.at.path].is_program), None)
    name = token.setting_of("key")
    set_at = next(settings.origins(token.bound.evaluator, name), None) if name else None
    return SharedKey(taken or set_at or token.at, steps, text, purposes)


def _framework_keys(project: Project) -> frozenset[str]:
    """Settings that the frameworks in use sign their own sessions with."""
    packages = {item.target.split(".")[0] for module in project.modules.values() for item in module.facts.imports}
    known = project.evaluator.models.framework_keys
    return frozenset(name for package, names in known.items() if package in packages for name in names)


def key_name(token: Occurrence) -> str:
    """What the key is called: the setting, variable or attribute that holds it."""
    given = token.argument("key")
    setting = token.setting_of("key") if given is None else ""
    term, frame = as_given(given, token.frame)
    if isinstance(term, Name) and _is_chosen(term, frame):
        return ""
    return setting or settings.attribute_for(token.bound.evaluator, term, frame) or _called(term)


def _is_chosen(variable: Name, frame: Frame) -> bool:
    """Whether a variable holds what a call looks up by a parameter of its function: another one for every caller."""
    function = frame.module.functions.get(frame.scope)
    names = {item.name for item in function.params} - {*calls.RECEIVERS} if function else set[str]()
    bound = frame.module.definitions.get((frame.scope, variable.id), ()) if names else ()
    looked_up = (
        term.args
        for item in bound
        if isinstance(item, Binding)
        for term in inside(item.value)
        if isinstance(term, Call)
    )
    return any(isinstance(term, Name) and term.id in names for args in looked_up for term in inside(args))


def as_given(term: Term | None, frame: Frame) -> tuple[Term | None, Frame]:
    """What the caller wrote where `term` is only a parameter, its caller where that one handed it on, and the frame."""
    while isinstance(term, Name):
        outer = passed(term, frame)
        if outer is None:
            break
        term, frame = outer
    return term, frame


def passed(term: Name, frame: Frame) -> tuple[Term, Frame] | None:
    """What the caller wrote for a parameter, and where; nothing for other names and what the caller left out."""
    if not (frame.function and frame.use and frame.caller) or frame.scope not in frame.module.functions:
        return None
    params = frame.module.functions[frame.scope].params
    if term.id not in {item.name for item in params if item.kind in ("positional", "keyword")}:
        return None
    args = frame.use.call.args
    found = [item.value for item in args if item.name == term.id]
    order = [item.name for item in params if item.kind == "positional"]
    if term.id in order and not found:
        index = order.index(term.id) - (frame.receiver is not None)
        found = [item.value for item in args[index : index + 1] if item.name is None]
    return (found[0], frame.caller) if found else None


def _called(term: Term | None) -> str:
    match term:
        case Name(id=name) | Attribute(name=name):
            return name
        case Subscript(key=Constant(value=str() as name)):
            return name
    args = getattr(term, "args", ())
    if args and isinstance(args[0].value, Constant) and isinstance(args[0].value.value, str):
        return args[0].value.value
    function = getattr(term, "func", None)
    return _called(function.base) if args == () and isinstance(function, Attribute) else ""


def _told_apart(token: Issuance) -> bool:
    """Whether a claim of the token, the library's own among them, says what it is for."""
    from jwtlint.models.vocabulary import vocabulary
    from jwtlint.project.value import Table

    names = {*vocabulary().kind_claims, "aud"}
    tables = [claims.data for claims in token.claims]
    return bool(names & token.added) or any(
        not isinstance(table, Table) or names & table.entries.keys() for table in tables
    )
