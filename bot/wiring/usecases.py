"""The use cases, each over the parts of the outside world that it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from bot.adapters.salesforce import Salesforce
from bot.adapters.salesforce.web_server_flow import WebServerFlow
from bot.adapters.settings import Settings, reveal
from bot.adapters.slack.directory import SlackPeople, SlackRoster
from bot.adapters.slack.web_api import SlackOutbox
from bot.adapters.store import SqlStore
from bot.domain.conversations import about
from bot.domain.digest.form import DIGEST_FORM
from bot.domain.model import Credentials
from bot.domain.orgs import own_app
from bot.domain.recognition.guidance import Guidance
from bot.domain.recognition.matcher import Matcher
from bot.entrypoints.prometheus import PrometheusCounts
from bot.entrypoints.slack.listeners.modals import FormHandler
from bot.jobs import Jobs
from bot.org_places import Places
from bot.ports import Clock
from bot.service.assistant import Assistant
from bot.service.connection_health import MonitoredOrgs
from bot.service.conversation import Conversation
from bot.service.conversation_history import ConversationHistory
from bot.service.digest import WeeklyDigest
from bot.service.digest_form import DigestForm
from bot.service.feedback import Feedback
from bot.service.greeting import Greeting
from bot.service.guest_access import GuestAccess
from bot.service.home import HomeTab
from bot.service.membership import Membership
from bot.service.org_checks import OrgChecks
from bot.service.permissions import Permissions
from bot.service.retention import Retention
from bot.service.settings import Overhearing, SettingsCommand, Switch
from bot.service.shared_channels import SharedChannels
from bot.service.slash_verbs import Runner
from bot.service.trusted_people import TrustedPeople
from bot.wiring.connect_parts import ConnectParts
from bot.wiring.version import version


@dataclass(frozen=True, slots=True)
class Adapters:
    """What the use cases reach. ``public_url`` gives None where no browser reaches the bot."""

    settings: Settings
    store: SqlStore
    salesforce: Salesforce
    logins: WebServerFlow
    outbox: SlackOutbox
    people: SlackPeople
    roster: SlackRoster
    jobs: Jobs
    public_url: Callable[[], str | None]
    clock: Clock
    counts: PrometheusCounts


class UseCases:
    """Everything that the bot does, built once and shared by every face."""

    def __init__(self, adapters: Adapters, guidance: Guidance, matcher: Matcher) -> None:
        store, clock = adapters.store, adapters.clock
        self._adapters = adapters
        self._places = Places()
        self.counts = adapters.counts
        self.shared_channels = SharedChannels(store, adapters.people.is_shared)
        self.membership = Membership(adapters.people, store)
        self._monitored = MonitoredOrgs(
            adapters.salesforce,
            store,
            adapters.outbox,
            adapters.jobs.later,
            lambda person: not self.membership.refusal(person),
        )
        self.checks = OrgChecks(store, self._monitored, clock, guidance.article, self._places.begin)
        self.permissions = Permissions(
            self.membership, frozenset(adapters.settings.flosum_admins), store, adapters.roster
        )
        self.weekly_digest = self._weekly_digest()
        self.connections = self._connections()
        digest_form = DigestForm(self.weekly_digest, store, self.permissions, self.shared_channels)
        self.forms: dict[str, FormHandler] = {**self.connections.forms, DIGEST_FORM: digest_form}
        self.assistant = self._assistant(guidance, matcher)
        self.conversation = Conversation(
            assistant=self.assistant,
            membership=self.membership,
            shared_channels=self.shared_channels,
            matcher=matcher,
            history=ConversationHistory(store, store, guidance, clock),
            counts=self.counts,
        )
        self.greeting = Greeting(
            store=store,
            governance=store,
            membership=self.membership,
            permissions=self.permissions,
            has_talked=adapters.people.has_talked,
            outbox=adapters.outbox,
        )
        self.retention = Retention(store, clock)
        self.home = HomeTab(
            checks=self.checks,
            records=store,
            membership=self.membership,
            permissions=self.permissions,
            clock=clock,
        )

    def close(self) -> None:
        """Drop the checks that have not begun."""
        self._places.close()

    def _weekly_digest(self) -> WeeklyDigest:
        adapters = self._adapters
        return WeeklyDigest(
            store=adapters.store,
            check_all=self.checks.every,
            outbox=adapters.outbox,
            people=adapters.people,
            permissions=self.permissions,
            clock=adapters.clock,
            trail=adapters.store,
            shared_channels=self.shared_channels,
        )

    def _connections(self) -> ConnectParts:
        adapters = self._adapters
        return ConnectParts(
            adapters.settings,
            adapters.store,
            self.checks,
            adapters.salesforce,
            adapters.logins,
            users=self._monitored,
            people=adapters.people,
            permissions=self.permissions,
            outbox=adapters.outbox,
            jobs=adapters.jobs,
            public_url=adapters.public_url,
            clock=adapters.clock,
        )

    def _assistant(self, guidance: Guidance, matcher: Matcher) -> Assistant:
        number = version()
        feedback = Feedback(self._adapters.store, guidance, self.counts, self._adapters.clock)
        return Assistant(
            store=self._adapters.store,
            membership=self.membership,
            shared_channels=self.shared_channels,
            checks=self.checks,
            guidance=guidance,
            matcher=matcher,
            counts=self.counts,
            clock=self._adapters.clock,
            is_own=self._is_own,
            runners={
                "remind": self.weekly_digest.command,
                "settings": self._settings(feedback),
                "helpful": feedback.command,
                "privacy": lambda _who, _command: about.privacy(),
                "version": lambda _who, _command: about.version(number),
                **self.connections.runners,
            },
        )

    def _is_own(self, workspace: str, text: str) -> bool:
        """Whether a text is about the app that the settings name, or one that an org was connected through."""
        settings, address = self._adapters.settings, self._adapters.public_url()
        keys = [settings.salesforce_client_id, reveal(settings.salesforce_jwt_client_id)]
        if own_app.shows_a_key(text):  # seldom; only then is it worth opening what is kept
            kept = [org.credentials for org in self._adapters.store.kept_orgs(workspace)]
            keys += [login.consumer_key for login in kept if isinstance(login, Credentials)]
        return own_app.is_own(text, keys, address and f"{address}{own_app.CALLBACK_PATH}")

    def _settings(self, feedback: Feedback) -> Runner:
        adapters = self._adapters
        overhearing = Overhearing(
            conversations=adapters.store,
            trail=adapters.store,
            outbox=adapters.outbox,
            permissions=self.permissions,
            clock=adapters.clock,
        )
        trusted_people = TrustedPeople(
            permissions=self.permissions,
            membership=self.membership,
            governance=adapters.store,
            roster=adapters.roster,
            clock=adapters.clock,
        )
        guests = GuestAccess(permissions=self.permissions, governance=adapters.store, clock=adapters.clock)
        switches: dict[str, Switch] = {
            "quiet": partial(overhearing.switch, on=False),
            "listen": partial(overhearing.switch, on=True),
            "trust": trusted_people.trust,
            "distrust": trusted_people.distrust,
            "guests": guests.switch,
        }
        contributions = (overhearing.shown, guests.shown, feedback.shown, trusted_people.shown)
        return SettingsCommand(contributions, switches).command
