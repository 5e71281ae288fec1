"""The assistant: every use case is a method. One door for people who ask, one for what is overheard."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from bot.domain import wording
from bot.domain.command import ASK, Command, parse, shorten
from bot.domain.diagnosis import diagnose
from bot.domain.errors import AskerError, OrgError
from bot.domain.guidance import Guidance
from bot.domain.markup import code
from bot.domain.matching import Matcher
from bot.domain.model import Answer, Asker, Diagnosis, Heard, Hints, Org, Recognition, Secret
from bot.domain.redact import redact
from bot.ports import Clock, Orgs, Store

Verb = Callable[[Asker, Command], Answer]


class Spread(Protocol):
    """Runs a function over items, several at once, and gives the results in order (an executor's ``map``)."""

    def __call__(self, work: Callable[[Org], Diagnosis], orgs: Iterable[Org], /) -> Iterable[Diagnosis]:
        """Apply ``work`` to each org."""
        ...


class Checks:
    """Reads orgs live and says what they amount to; what was known is kept when a reading fails."""

    def __init__(self, store: Store, orgs: Orgs, clock: Clock, spread: Spread = map) -> None:
        self._store = store
        self._orgs = orgs
        self._clock = clock
        self._spread = spread

    def one(self, org: Org) -> Diagnosis:
        """Read one org; a failure becomes the answer's ``trouble``, beside the newest facts there are."""
        try:
            facts = self._orgs.facts(org, self._store.credentials(org))
        except OrgError as error:
            return diagnose(org, self._store.facts(org), now=self._clock(), trouble=error.text)
        self._store.save_facts(org, facts)
        return diagnose(org, facts, now=self._clock())

    def every(self, workspace: str) -> list[Diagnosis]:
        """Read all orgs of a workspace, several at once."""
        return list(self._spread(self.one, self._store.orgs(workspace)))

    def known(self, workspace: str) -> list[Diagnosis]:
        """All orgs as last read, without asking Salesforce."""
        facts = self._store.all_facts(workspace)
        orgs = self._store.orgs(workspace)
        return [diagnose(org, facts.get(org.name), now=self._clock()) for org in orgs]


class Assistant:
    """What the bot can do for people, whatever the medium."""

    def __init__(
        self,
        *,
        store: Store,
        checks: Checks,
        guidance: Guidance,
        matcher: Matcher,
        clock: Clock,
        verbs: Mapping[str, Verb],
    ) -> None:
        """``verbs`` are the commands of other use cases: reminders, connections, settings."""
        self._store = store
        self._checks = checks
        self._guidance = guidance
        self._matcher = matcher
        self._clock = clock
        self._verbs: dict[str, Verb] = {
            "help": self._help,
            "status": self._status,
            "orgs": self._orgs,
            "explain": self._explain,
            "guide": self._guide,
            ASK: self._ask,
            **verbs,
        }

    # --- the doors -------------------------------------------------------------------------------------

    def reply(self, who: Asker, text: str) -> Answer:
        """Answer somebody who asked, for their eyes only. Secrets in ``text`` are dropped before anything else."""
        safe = redact(text)
        answer = self._run(who, safe.text)
        return wording.with_warning(answer, safe.secrets)

    def hear(self, who: Asker, text: str, *, asked: bool) -> Heard:
        """Take a message of a conversation; ``asked`` if it was said to the bot. Chat among others gets no answer."""
        safe = redact(text)
        answer = self._run(who, safe.text) if asked else self._overheard(who, safe.text)
        # Chat that merely looks secretive is left in peace; a session id is unmistakable and opens the org.
        grave = answer is not None or Secret.SESSION_ID in safe.secrets
        warn = wording.secret_warning(safe.secrets, shared=True) if safe.secrets and grave else None
        return Heard(answer, warn)

    def _overheard(self, who: Asker, text: str) -> Answer | None:
        found = self._matcher.recognise(text, asked=False)
        return self._worded(who, found, text) if found.entry is not None else None

    def _run(self, who: Asker, text: str) -> Answer:
        command = parse(text)
        if command.verb not in self._verbs:
            return self._not_built(command)
        return self._verbs[command.verb](who, command)

    # --- orgs ------------------------------------------------------------------------------------------

    def _status(self, who: Asker, command: Command) -> Answer:
        if command.rest.casefold() == "all":
            return wording.overview(self._checks.every(who.workspace), self._clock(), live=True)
        orgs = self._store.orgs(who.workspace)
        if not orgs:
            return wording.no_orgs()
        if not command.rest and len(orgs) > 1:
            return self._orgs(who, command)
        org = self.org(who.workspace, command.rest) if command.rest else orgs[0]
        return wording.status(self._checks.one(org), self._clock())

    def org(self, workspace: str, name: str) -> Org:
        """One org by name. Raises AskerError that names the known ones."""
        org = self._store.org(workspace, name)
        if org is None:
            known = ", ".join(code(other.name) for other in self._store.orgs(workspace))
            raise AskerError(
                f"I know no org called {code(shorten(name))}. "
                + (f"Connected orgs: {known}." if known else "No org is connected yet.")
            )
        return org

    def _orgs(self, who: Asker, command: Command) -> Answer:
        if command.rest:
            return self._ask(who, Command(ASK, f"{command.verb} {command.rest}"))
        return wording.overview(self._checks.known(who.workspace), self._clock(), live=False)

    # --- guidance --------------------------------------------------------------------------------------

    def _ask(self, who: Asker, command: Command) -> Answer:
        found = self._matcher.recognise(command.rest, asked=True)
        if found.entry is None and command.meant:
            _, *rest = command.rest.split(maxsplit=1)
            return wording.mistyped(shorten(command.rest), " ".join([command.meant, *rest]))
        if found.entry is None:
            return wording.nothing_known(found.nearest)
        return self._worded(who, found, command.rest)

    def _explain(self, who: Asker, command: Command) -> Answer:
        if not command.rest:
            return Answer("Paste the error after the command", "For example: `/flosum explain error=invalid_grant …`")
        return self._ask(who, command)

    def _worded(self, who: Asker, found: Recognition, text: str) -> Answer:
        assert found.entry is not None  # noqa: S101 - both callers have checked; mypy cannot see it
        orgs = self._store.orgs(who.workspace)
        return wording.guidance(found, found.entry, _meant_org(found.hints, text, orgs), orgs)

    def _guide(self, who: Asker, command: Command) -> Answer:
        if not command.rest:
            return wording.guide_contents(self._guidance.sections)
        entry = self._guidance.topic(command.rest.casefold().replace(" ", "-"))
        if entry is None:
            return self._ask(who, Command(ASK, command.rest))
        return self._worded(who, Recognition(entry), "")

    # --- the bot itself --------------------------------------------------------------------------------

    def _help(self, who: Asker, command: Command) -> Answer:
        if command.rest:
            return self._ask(who, Command(ASK, command.rest))
        return wording.help_text(self._store.orgs(who.workspace))

    def _not_built(self, command: Command) -> Answer:
        by_hand = {
            "connect": "Whoever runs the bot connects an org in its terminal: `python app.py orgs add`.",
            "disconnect": "Whoever runs the bot removes an org in its terminal: `python app.py orgs remove`.",
            "grant": "By hand: `/flosum guide grant-permission-set` has the steps.",
            "access": "By hand: `/flosum guide grant-profile` shows where the granted profiles are listed.",
        }
        return wording.not_built(command.verb, by_hand.get(command.verb, "What there is: `/flosum help`."))


def _meant_org(hints: Hints, text: str, orgs: Sequence[Org]) -> Org | None:
    """The stored org that a text speaks of: by its host, its id, or its name as a word of its own."""
    words = {word.strip(".,:;!?()'\"`").casefold() for word in text[:2000].split()}
    for org in orgs:
        if org.host in hints.hosts or (org.organization_id or "-")[:15] in {oid[:15] for oid in hints.organization_ids}:
            return org
    return next((org for org in orgs if org.name.casefold() in words), None)
