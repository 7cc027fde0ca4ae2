"""Which tokens scripts hand on: by what the value is called on its way, by the key that it is put under, or as the whole
answer of a login.

Scripts of a browser make no tokens; what they have of one is its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jwtlint.facts import Attribute, Binary, Binding, Call, Constant, Either, Entries, Name, Subscript, Term, Text
from jwtlint.models.vocabulary import vocabulary, words_of
from jwtlint.project.concepts import Kind, Occurrence
from jwtlint.project.keys import passed
from jwtlint.project.names import last_name
from jwtlint.project.value import Frame

if TYPE_CHECKING:
    from jwtlint.project.values import Evaluator

MAX_DEPTH = 8
# Functions and methods of the language that give back what they are given, as text or in another alphabet.
FUNCTIONS = frozenset({"stringify", "String", "encodeURIComponent", "btoa"})
METHODS = frozenset({"toString", "trim"})
PAIR = frozenset({"access", "refresh"})
GIVING = ("login", "refresh", "register", "token")  # purposes of what answers with tokens


@dataclass(frozen=True)
class Told:
    """That something is a token, its kind, and what says so, in words."""

    kind: Kind
    source: str


@dataclass(frozen=True)
class Source:
    """Where a value comes from.

    Args:
        names: what it is called on the way here.
        forms: how it is written there, `response.data`.
    """

    term: Term
    frame: Frame
    names: tuple[str, ...]
    forms: tuple[str, ...]

    @property
    def is_of_others(self) -> bool:
        return any(map(vocabulary().is_of_others, self.names))

    @property
    def token(self) -> str:
        """The name by which it is a token; empty if it is by none."""
        return "" if self.is_of_others else next(filter(vocabulary().heads_token, self.names), "")

    @property
    def form(self) -> str:
        """How it is written last, else what it is called."""
        written = [form for form in self.forms if "<" not in form]
        return written[-1] if written else self.token

    @property
    def giver(self) -> str:
        """What the call is named that gives it; empty where none does."""
        return last_name(self.term.func) if isinstance(self.term, Call) else ""

    @property
    def is_answer(self) -> bool:
        """Whether it is all that a request is answered with, or what logs in gives."""
        called = vocabulary().purpose(self.giver) in GIVING
        return called or last_name(self.term) in vocabulary().answers or self._is_read

    @property
    def _is_read(self) -> bool:
        return self.giver == "json"


def told(found: Occurrence, term: Term | None, names: list[str]) -> Told | None:
    """What says that a call of a script is given a token; None where nothing does.

    Args:
        term: what it is given; absent where only the name can say.
        names: what it is put under.
    """
    words = vocabulary()
    spelt = found.argument("name")
    labels = [*names, *([last_name(spelt)] if spelt is not None else [])]
    if any(map(words.is_of_others, labels)):
        return None
    sources = tuple(_sources(found.bound.evaluator, term, found.frame)) if term is not None else ()
    if term is not None and all(isinstance(source.term, Constant) for source in sources):
        return None
    for source in sources:
        if source.token or _is_of_pair(found, source):
            return Told(_kind(*labels, source.token, source.names[-1], source.giver), f"`{source.form}`")
    named = next(filter(words.heads_token, labels), "")
    others = [source.is_of_others for source in sources if source.names]
    if named and not (others and all(others)):
        return Told(_kind(named), "")
    return _whole(found, labels, sources)


def _whole(found: Occurrence, labels: list[str], sources: tuple[Source, ...]) -> Told | None:
    """That a value is the whole answer of a login, and that tokens are in it."""
    words = vocabulary()
    answers = [source for source in sources if source.is_answer and not source.is_of_others]
    if not answers or not _logs_in(found):
        return None
    kept = any(words.logins_kept & {*words_of(label)} for label in labels)
    read = {name for source in answers for name in _members(found, source.forms)}
    token = next(filter(words.heads_token, sorted(read)), "")
    return Told(_kind(token), "the whole answer of the login") if kept or token else None


def _is_of_pair(found: Occurrence, source: Source) -> bool:
    """Whether a value is one of the two tokens that an answer calls `access` and `refresh`, and no more than that."""
    base, _, name = source.forms[-1].rpartition(".") if source.forms else ("", "", "")
    if name not in PAIR or base.rpartition(".")[2] not in vocabulary().answers:
        return False
    return _logs_in(found) or {*_members(found, (base,))} >= PAIR


def _members(found: Occurrence, forms: tuple[str, ...]) -> Iterator[str]:
    """What is read of a value that is written in one of the forms, in the functions around, by its names there."""
    for scope in found.module.enclosing(found.use.scope):
        for term in found.module.terms(scope) if scope else ():
            if isinstance(term, Attribute | Subscript) and _form(term.base) in forms:
                yield last_name(term)


def _logs_in(found: Occurrence) -> bool:
    """Whether one of the functions on the way here, or around, logs in, or asks an address that does."""
    words = vocabulary()
    scopes = [(frame.module, frame.scope) for frame in found.frame.chain] + [(found.module, found.use.scope)]
    if any(words.purpose(part) in GIVING for _, scope in scopes for part in scope.split(".")):
        return True
    around = {(module, outer) for module, scope in scopes for outer in module.enclosing(scope) if outer}
    texts = (term.value for module, scope in around for term in module.terms(scope) if isinstance(term, Constant))
    return any(isinstance(text, str) and "/" in text and words.purpose(text) in GIVING for text in texts)


def _kind(*names: str) -> Kind:
    """The kind of token that names tell; those of one that logs in are access tokens where they say nothing else."""
    told = [kind for name in names if (kind := vocabulary().kind(name))]
    return next((kind for kind in ("refresh", "id", "access") if kind in told), "unknown")


def _sources(
    evaluator: Evaluator, term: Term, frame: Frame, names: tuple[str, ...] = (), forms: tuple[str, ...] = ()
) -> Iterator[Source]:
    """What a value is made of and comes from."""
    form = _form(term)
    forms = (*forms, form) if form else forms
    if len(forms) + len(names) > MAX_DEPTH:
        return
    inner: tuple[Term, ...] = ()
    match term:
        case Text(parts=parts):
            inner = parts
        case Binary(operator="+", left=left, right=right):
            inner = (left, right)
        case Either(options=options):
            inner = options
        case Entries(items=items):
            for item in items:
                named = (item.key.value,) if item.key and isinstance(item.key, Constant) else ()
                yield from _sources(evaluator, item.value, frame, (*names, *map(str, named)), forms)
            return
        case Call(func=func, args=(given, *_)) if last_name(func) in FUNCTIONS:
            inner = (given.value,)
        case Call(func=Attribute(base=base, name=name)) if name in METHODS:
            inner = (base,)
        case Name():
            names = (*names, term.id)
            bound = tuple(_bound(evaluator, term, frame))
            for value, where in bound:
                yield from _sources(evaluator, value, where, names, forms)
            if bound:
                return
        case Attribute(name=name) | Subscript(key=Constant(value=str(name))):
            names = (*names, name)
    for part in inner:
        yield from _sources(evaluator, part, frame, names, forms)
    if not inner:
        yield Source(term, frame, names, forms)


def _bound(evaluator: Evaluator, term: Name, frame: Frame) -> Iterator[tuple[Term, Frame]]:
    """What a variable was given: by the caller, or by the statements that bind it."""
    outer = passed(term, frame)
    if outer is not None:
        yield outer
        return
    for scope in frame.module.enclosing(frame.scope):
        found = frame.module.definitions.get((scope, term.id), ())
        if found or frame.module.parameter(scope, term.id):
            where = frame if scope == frame.scope else evaluator.frame_around(frame, scope)
            yield from ((item.value, where) for item in found if isinstance(item, Binding))
            return


def _form(term: Term) -> str:
    """How a name or a member of one is written; empty for all else."""
    match term:
        case Name(id=name):
            return name
        case Attribute(base=base, name=name) | Subscript(base=base, key=Constant(value=str(name))):
            held = _form(base)
            return f"{held}.{name}" if held else name
    return ""
