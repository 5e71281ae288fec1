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
from bot.service.connection_health import MonitoredOrgs
from bot.service.conversation import Conversation
from bot.service.conversation_history import ConversationHistory
from bot.service.digest import WeeklyDigest
from bot.service.feedback import Feedback
from bot.service.home import HomeTab
from bot.service.org_checks import OrgChecks
from bot.service.permissions import Permissions
from bot.service.settings import Overhearing, SettingsCommand
from bot.service.trusted_people import TrustedPeople
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
        monitored = MonitoredOrgs(outside.salesforce, store, outside.outbox, outside.jobs.submit)
        self.checks = OrgChecks(store, monitored, clock, self._spread.map)
        self.permissions = Permissions(outside.people, frozenset(outside.settings.flosum_admins), store, outside.roster)
        self.weekly_digest = self._weekly_digest()
        self.connections = self._connections()
        self.assistant = self._assistant(guidance, matcher)
        self.conversation = Conversation(
            assistant=self.assistant,
            matcher=matcher,
            store=store,
            history=ConversationHistory(store, store, guidance, clock),
            counts=self.counts,
            clock=clock,
        )
        self.home = HomeTab(checks=self.checks, records=store, permissions=self.permissions, clock=clock)

    def explain(self, text: str) -> Answer:
        """What the guidance says of an error that a login met."""
        return self.assistant.reply(Asker(LOCAL, "terminal"), f"explain {text}")

    def close(self) -> None:
        """Drop the checks that have not begun."""
        self._spread.shutdown(wait=False, cancel_futures=True)

    def _weekly_digest(self) -> WeeklyDigest:
        outside = self._outside
        return WeeklyDigest(
            store=outside.store,
            check_all=self.checks.every,
            outbox=outside.outbox,
            people=outside.people,
            permissions=self.permissions,
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
            permissions=self.permissions,
            outbox=outside.outbox,
            jobs=outside.jobs,
            explain=self.explain,
            public_url=outside.public_url,
            workspace_name=outside.people.workspace_name,
            clock=outside.clock,
        )

    def _assistant(self, guidance: Guidance, matcher: Matcher) -> Assistant:
        feedback = Feedback(self._outside.store, guidance, self.counts, self._outside.clock)
        return Assistant(
            store=self._outside.store,
            checks=self.checks,
            guidance=guidance,
            matcher=matcher,
            counts=self.counts,
            clock=self._outside.clock,
            verbs={
                "remind": self.weekly_digest.command,
                "settings": self._settings(feedback),
                "helpful": feedback.command,
                **self.connections.verbs,
            },
        )

    def _settings(self, feedback: Feedback) -> Verb:
        outside = self._outside
        overhearing = Overhearing(outside.store)
        trusted_people = TrustedPeople(
            permissions=self.permissions,
            governance=outside.store,
            people=outside.people,
            roster=outside.roster,
            clock=outside.clock,
        )
        switches = {
            "quiet": overhearing.quiet,
            "listen": overhearing.listen,
            "trust": trusted_people.trust,
            "distrust": trusted_people.distrust,
        }
        return SettingsCommand((overhearing.shown, feedback.shown, trusted_people.shown), switches).command
