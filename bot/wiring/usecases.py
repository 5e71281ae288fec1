"""The use cases, each over the parts of the outside world that it needs."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bot.adapters.salesforce import Salesforce
from bot.adapters.salesforce.browser import BrowserLogin
from bot.adapters.settings import Settings
from bot.adapters.store import SqlStore
from bot.domain.answers import Answer
from bot.domain.model import LOCAL, Asker
from bot.domain.recognition.guidance import Guidance
from bot.domain.recognition.matcher import Matcher
from bot.entrypoints.slack.outbox import SlackOutbox, SlackPeople
from bot.entrypoints.slack.roster import SlackRoster
from bot.jobs import Jobs
from bot.metrics import Counts
from bot.ports import Clock
from bot.service.assistant import Assistant, Verb
from bot.service.checks import Checks
from bot.service.conversing import Conversing
from bot.service.governing import Governing
from bot.service.home import HomeTab
from bot.service.rating import Rating
from bot.service.remembering import Memory
from bot.service.reminding import Reminding
from bot.service.rights import Rights
from bot.service.settling import Overhearing, Settling
from bot.service.watching import WatchedOrgs
from bot.wiring.connections import ConnectionParts

CHECKS_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Outside:
    """What the use cases reach. ``public_url`` gives None where no browser reaches the bot."""

    settings: Settings
    store: SqlStore
    salesforce: Salesforce
    logins: BrowserLogin
    outbox: SlackOutbox
    people: SlackPeople
    roster: SlackRoster
    jobs: Jobs
    public_url: Callable[[], str | None]
    clock: Clock


class UseCases:
    """Everything that the bot does, built once and shared by every face."""

    def __init__(self, outside: Outside, guidance: Guidance, matcher: Matcher) -> None:
        store, clock = outside.store, outside.clock
        self._outside = outside
        self._spread = ThreadPoolExecutor(CHECKS_AT_ONCE, thread_name_prefix="check")
        self.counts = Counts()
        watched = WatchedOrgs(outside.salesforce, store, outside.outbox, outside.jobs.submit)
        self.checks = Checks(store, watched, clock, self._spread.map)
        self.rights = Rights(outside.people, frozenset(outside.settings.flosum_admins), store, outside.roster)
        self.reminding = self._reminding()
        self.connections = self._connections()
        self.assistant = self._assistant(guidance, matcher)
        self.conversing = Conversing(
            assistant=self.assistant,
            matcher=matcher,
            store=store,
            memory=Memory(store, store, guidance, clock),
            counts=self.counts,
            clock=clock,
        )
        self.home = HomeTab(checks=self.checks, records=store, rights=self.rights, clock=clock)

    def explain(self, text: str) -> Answer:
        """What the guidance says of an error that a login met."""
        return self.assistant.reply(Asker(LOCAL, "terminal"), f"explain {text}")

    def close(self) -> None:
        """Drop the checks that have not begun."""
        self._spread.shutdown(wait=False, cancel_futures=True)

    def _reminding(self) -> Reminding:
        outside = self._outside
        return Reminding(
            store=outside.store,
            check_all=self.checks.every,
            outbox=outside.outbox,
            people=outside.people,
            rights=self.rights,
            clock=outside.clock,
            trail=outside.store,
        )

    def _connections(self) -> ConnectionParts:
        outside = self._outside
        return ConnectionParts(
            outside.settings,
            outside.store,
            self.checks,
            outside.salesforce,
            outside.logins,
            rights=self.rights,
            outbox=outside.outbox,
            jobs=outside.jobs,
            explain=self.explain,
            public_url=outside.public_url,
            workspace_name=outside.people.workspace_name,
            clock=outside.clock,
        )

    def _assistant(self, guidance: Guidance, matcher: Matcher) -> Assistant:
        rating = Rating(self._outside.store, guidance, self.counts, self._outside.clock)
        return Assistant(
            store=self._outside.store,
            checks=self.checks,
            guidance=guidance,
            matcher=matcher,
            counts=self.counts,
            clock=self._outside.clock,
            verbs={
                "remind": self.reminding.command,
                "settings": self._settings(rating),
                "helpful": rating.command,
                **self.connections.verbs,
            },
        )

    def _settings(self, rating: Rating) -> Verb:
        outside = self._outside
        overhearing = Overhearing(outside.store)
        governing = Governing(
            rights=self.rights,
            governance=outside.store,
            people=outside.people,
            roster=outside.roster,
            clock=outside.clock,
        )
        switches = {
            "quiet": overhearing.quiet,
            "listen": overhearing.listen,
            "trust": governing.trust,
            "distrust": governing.distrust,
        }
        return Settling((overhearing.shown, rating.shown, governing.shown), switches).command
