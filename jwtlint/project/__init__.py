"""All facts together: what the application does with its tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property

from jwtlint.models import Models
from jwtlint.project import keys, literals, options, payload, pins
from jwtlint.project.accounts import shut_accounts
from jwtlint.project.addresses import Exposure, exposures
from jwtlint.project.asking import Asking
from jwtlint.project.authorization import Decision, Decisions
from jwtlint.project.bodies import Bodies
from jwtlint.project.bypass import Bypasses
from jwtlint.project.carriers import Carriers
from jwtlint.project.client_logouts import ClientLogout, ClientLogouts
from jwtlint.project.concepts import Inspection, Issuance, KeyFetch, Occurrence, Validation, Verification
from jwtlint.project.confusion import Confusion, confusions
from jwtlint.project.deliveries import Delivery, deliveries
from jwtlint.project.denylist import Denylists
from jwtlint.project.endpoints import Endpoint, endpoints
from jwtlint.project.enforcement import Enforcement
from jwtlint.project.forgery import Forgeable, Forgery
from jwtlint.project.lifecycle import Lifecycle
from jwtlint.project.logs import Leak, leaks
from jwtlint.project.memory import in_memory
from jwtlint.project.names import Module, Modules
from jwtlint.project.occurrences import modelled, occurrences
from jwtlint.project.persisted import persisted
from jwtlint.project.reach import Reach
from jwtlint.project.receptions import Reception, receptions
from jwtlint.project.refusals import is_refused
from jwtlint.project.sessions import ClientSession, client_sessions
from jwtlint.project.size import Size, size
from jwtlint.project.sliding import Sliding, sliding
from jwtlint.project.stages import Stage
from jwtlint.project.state import Access, accesses
from jwtlint.project.token_state import TokenState
from jwtlint.project.user_tokens import UserTokens
from jwtlint.project.values import Evaluator


class Project:
    """What rules ask.

    Args:
        modules: the files read so far, by path.
        names: where dotted names lead, over all Python files of the project, read or not.
        models: what is known of libraries.
        mentioning: gives the paths of files whose text holds a word.
        documents: paths of files that hold settings, read or not.
        has_browser: whether a front end for browsers is among the project's files.
        use: what the application is, where the configuration says so.
        deploying: gives the paths of files that may put a variable of a name into an environment.
    """

    def __init__(
        self,
        modules: Mapping[str, Module],
        names: Modules,
        models: Models,
        mentioning: Callable[[str], Iterable[str]],
        documents: Iterable[str] = (),
        has_browser: bool = False,
        use: str = "",
        deploying: Callable[[str], Iterable[str]] = lambda _: (),
    ) -> None:
        self.modules = modules
        self._use = use
        self.has_browser = has_browser
        self.evaluator = Evaluator(modules, names, models, mentioning, documents, deploying)
        # What it runs into is not read: the whole project would be, for every `get` and every route.
        self.observer = Evaluator(modules, self.evaluator.names, models, lambda _: ())

    @property
    def wanted(self) -> set[str]:
        """Files that an answer would have needed and that have not been read."""
        return self.evaluator.wanted

    @property
    def loaded(self) -> set[str]:
        """Files of settings that the program itself opens."""
        return self.evaluator.loaded

    @cached_property
    def occurrences(self) -> tuple[Occurrence, ...]:
        return tuple(occurrences(self.evaluator))

    @cached_property
    def issuances(self) -> tuple[Issuance, ...]:
        """Calls that make a token, once a way to them."""
        return tuple(item for item in self.payloads if item.role == "issues")

    @cached_property
    def payloads(self) -> tuple[Issuance, ...]:
        """Calls after which a token has all its claims: those that make one, and those that give one that a library makes."""
        return tuple(item for item in self.occurrences if isinstance(item, Issuance))

    @cached_property
    def verifications(self) -> tuple[Verification, ...]:
        """Calls that read a token and check it, once a way to them."""
        steps = [item for item in self.occurrences if isinstance(item, Validation)]
        found = (item for item in self.occurrences if isinstance(item, Verification))
        return tuple(
            replace(item, completed_by=tuple(step for step in steps if id(item.use.call) in step.verified_by))
            for item in found
        )

    @cached_property
    def inspections(self) -> tuple[Inspection, ...]:
        """Calls that read a token without checking it, once a way to them."""
        return tuple(item for item in self.occurrences if isinstance(item, Inspection))

    @cached_property
    def key_fetches(self) -> tuple[KeyFetch, ...]:
        """Calls that fetch something near a token that is read without being checked."""
        return tuple(item for item in self.occurrences if isinstance(item, KeyFetch))

    @cached_property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """The requests that the application answers, as far as its files have been read."""
        return tuple(dict.fromkeys(endpoints(self.observer)))

    @cached_property
    def use(self) -> str:
        """What the application is: `web`, `api`, `service`, `resource-server` or `high-security`."""
        return self._use or self.life.use

    @cached_property
    def reach(self) -> Reach:
        """What functions reach."""
        return Reach(self.evaluator)

    @cached_property
    def tokens(self) -> UserTokens:
        """The tokens of users."""
        return UserTokens(self)

    @cached_property
    def state(self) -> TokenState:
        """What the server knows of the tokens that are out."""
        return TokenState(self)

    @cached_property
    def life(self) -> Lifecycle:
        """The whole life of the application's tokens."""
        return Lifecycle(self)

    @cached_property
    def denylists(self) -> Denylists:
        """The state that denies tokens."""
        return Denylists(self)

    @cached_property
    def asking(self) -> Asking:
        """How denylists are asked."""
        return Asking(self)

    @cached_property
    def bypasses(self) -> Bypasses:
        """Ways past the denylists."""
        return Bypasses(self)

    @cached_property
    def enforcement(self) -> Enforcement:
        """Whether what revokes tokens has any effect."""
        return Enforcement(self)

    @cached_property
    def accesses(self) -> tuple[Access, ...]:
        """What the application does with state on the server, as far as its files have been read."""
        return tuple(dict.fromkeys((*accesses(self.observer), *in_memory(self.observer, self.evaluator))))

    @cached_property
    def confusions(self) -> tuple[Confusion, ...]:
        """Verifications that take a token of another kind."""
        return tuple(confusions(self))

    @cached_property
    def decisions(self) -> tuple[Decision, ...]:
        """Tests of what users may do by what their tokens say alone."""
        return Decisions(self).all()

    @cached_property
    def client_sessions(self) -> tuple[ClientSession, ...]:
        """Logins that are kept in signed cookies alone."""
        return tuple(client_sessions(self))

    @cached_property
    def sliding(self) -> tuple[Sliding, ...]:
        """Refreshes that give a whole life again, without an end of the whole."""
        return tuple(sliding(self))

    @cached_property
    def shut_accounts(self) -> tuple[Stage, ...]:
        """Endpoints that shut a user out whom no request looks up."""
        return tuple(shut_accounts(self))

    @cached_property
    def deliveries(self) -> tuple[Delivery, ...]:
        """Tokens on their way to clients, once a way to each: in cookies, and refresh tokens in bodies."""
        return (*deliveries(self), *persisted(self.evaluator), *Bodies(self).deliveries())

    @cached_property
    def client_logouts(self) -> tuple[ClientLogout, ...]:
        """Functions of front ends that log out."""
        return tuple(ClientLogouts(self).all())

    @cached_property
    def receptions(self) -> tuple[Reception, ...]:
        """Tokens that are taken from requests: from which cookie or header."""
        return tuple(receptions(self))

    @cached_property
    def forgeable(self) -> tuple[Forgeable, ...]:
        """Tokens that are taken from cookies where requests that other sites make up have them, too."""
        return tuple(Forgery(self).all())

    @property
    def serves_browsers(self) -> bool:
        """Whether browsers are among its clients: by what it is, or because tokens are kept in one, as cookies or by scripts."""
        return self.use in ("web", "high-security") or any(item.place != "body" for item in self.deliveries)

    @cached_property
    def inert_options(self) -> tuple[options.InertOption, ...]:
        """Options and settings that are written down and change nothing."""
        return tuple(options.inert(self.evaluator, self.occurrences))

    @cached_property
    def weak_versions(self) -> tuple[pins.WeakVersion, ...]:
        """Libraries that the project asks for in a version that should not be used."""
        return tuple(pins.weak(self.modules.values(), self.evaluator.models.libraries))

    def telling_claims(self, token: Issuance) -> tuple[payload.TellingClaim, ...]:
        """What a token's payload tells that others should not read."""
        return tuple(payload.telling(token))

    def growing_claims(self, token: Issuance) -> tuple[payload.Growth, ...]:
        """What makes a token's payload grow with what is stored of its user."""
        return tuple(payload.growing(token))

    def size(self, token: Issuance) -> Size:
        """How many bytes a token takes at least."""
        return size(token)

    @cached_property
    def carriers(self) -> Carriers:
        """What values carry: tokens, and what they say."""
        return Carriers(self)

    @cached_property
    def leaks(self) -> tuple[Leak, ...]:
        """Tokens that are written to a log or a console."""
        return tuple(leaks(self))

    @cached_property
    def exposures(self) -> tuple[Exposure, ...]:
        """Tokens of users that are in addresses."""
        return tuple(exposures(self))

    @cached_property
    def secrets(self) -> tuple[keys.Secret, ...]:
        """Known keys of HMAC tokens and of sessions, once a place where they are written, and that the program takes."""
        found = keys.secrets((*self.occurrences, *modelled(self.observer, {"signs"})))
        return tuple(key for key in found if not is_refused(self.evaluator, key.text))

    @cached_property
    def secret_texts(self) -> frozenset[str]:
        """Keys and tokens that the project's files tell."""
        return frozenset({key.text for key in self.secrets} | {token.text for token in self.token_literals})

    @cached_property
    def shared_keys(self) -> tuple[keys.SharedKey, ...]:
        """Keys that serve purposes which nothing else tells apart."""
        return tuple(keys.shared(self))

    @cached_property
    def token_literals(self) -> tuple[literals.TokenLiteral, ...]:
        """Tokens that stand in the source."""
        return tuple(literals.token_literals(self.modules.values()))
