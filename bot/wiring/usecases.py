"""The use cases, each over the parts of the outside world that it needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

from bot.adapters.settings import Settings, reveal
from bot.adapters.slack.channels import SlackChannels
from bot.adapters.slack.directory import SlackPeople, SlackRoster
from bot.adapters.slack.web_api import SlackOutbox
from bot.adapters.store import SqlStore
from bot.domain.conversations import about
from bot.domain.digest.form import DIGEST_FORM
from bot.domain.model import Credentials
from bot.domain.orgs import own_app
from bot.domain.orgs.granting_report import ASSIGN_FORM
from bot.domain.orgs.snooze_report import SNOOZE_FORM
from bot.domain.recognition.guidance import Guidance
from bot.domain.recognition.matcher import Matcher
from bot.entrypoints.prometheus import PrometheusCounts
from bot.jobs import Jobs
from bot.org_places import Places
from bot.ports import Clock, FormHandler
from bot.service.alerts import Alerts
from bot.service.assistant import Assistant
from bot.service.connection_health import MonitoredOrgs
from bot.service.conversation import Conversation
from bot.service.conversation_history import ConversationHistory
from bot.service.digest_delivery import DigestDelivery
from bot.service.digest_form import DigestForm
from bot.service.digest_gathering import DigestGathering
from bot.service.digest_making import DigestMaking
from bot.service.digest_posting import DigestPosting
from bot.service.escalating import Escalating
from bot.service.feedback import Feedback
from bot.service.former_names import FormerNames, WithFormerNames
from bot.service.grant_recovery import GrantRecovery
from bot.service.granting import Granting
from bot.service.greeting import Greeting
from bot.service.guest_access import GuestAccess
from bot.service.home import HomeTab
from bot.service.membership import Membership
from bot.service.mentions import Mentions
from bot.service.notices import Notices
from bot.service.offers import Offers
from bot.service.org_access_setting import OrgAccessSetting
from bot.service.org_checks import OrgChecks
from bot.service.org_details import ReadingDetails
from bot.service.org_guide import OrgGuide
from bot.service.orgs_over_time import OrgsOverTime
from bot.service.permissions import Permissions
from bot.service.pooled_orgs import PooledOrgs
from bot.service.posting_now import PostingNow
from bot.service.retention import Retention
from bot.service.settings import Overhearing, SettingsCommand, Switch
from bot.service.shared_channels import SharedChannels
from bot.service.slash_verbs import Runner
from bot.service.snoozing import Snoozing
from bot.service.subscriptions import Reminders
from bot.service.successors import Successors
from bot.service.trusted_people import TrustedPeople
from bot.wiring.connect_parts import ConnectParts
from bot.wiring.version import version

if TYPE_CHECKING:
    from bot.adapters.salesforce import Salesforce
    from bot.adapters.salesforce.web_server_flow import WebServerFlow


@dataclass(frozen=True, slots=True)
class Adapters:
    """What the use cases reach. ``process`` is this one's id; ``public_url`` gives None where no browser reaches it.

    ``shared_clock`` is one for all processes: for what is due, and for how long one of them has it.
    """

    settings: Settings
    store: SqlStore
    salesforce: Salesforce
    logins: WebServerFlow
    outbox: SlackOutbox
    people: SlackPeople
    roster: SlackRoster
    channels: SlackChannels
    jobs: Jobs
    process: str
    public_url: Callable[[], str | None]
    clock: Clock
    shared_clock: Clock
    counts: PrometheusCounts


class UseCases:
    """Everything that the bot does, built once and shared by every face."""

    def __init__(self, adapters: Adapters, guidance: Guidance, matcher: Matcher) -> None:
        store, clock = adapters.store, adapters.clock
        self._adapters = adapters
        self._places = Places()
        self.counts = adapters.counts
        self.shared_channels = SharedChannels(store, adapters.channels.is_shared)
        self.membership = Membership(adapters.people, store)
        self.permissions = Permissions(
            self.membership, frozenset(adapters.settings.flosum_admins), store, adapters.roster
        )
        self._successors = Successors(store.orgs, self.membership, self.permissions, adapters.roster)
        self._monitored = MonitoredOrgs(
            adapters.salesforce,
            store,
            adapters.shared_clock,
        )
        self._pooled = PooledOrgs(self._monitored, self._places.begin)
        self.checks = OrgChecks(
            store,
            self._monitored,
            clock,
            cache(lambda: guidance.article),  # it is not read yet
            self._places.begin,
            writes=adapters.settings.flosum_org_writes,
            install_ids=adapters.settings.install_ids,
        )
        self.details = ReadingDetails(store, self._pooled)
        self.escalating = Escalating(
            store,
            self.checks,
            self.membership,
            self.permissions,
            adapters.roster,
            adapters.shared_clock,
        )
        self._gathering = DigestGathering(self.checks)
        self.making = self._digest_making()
        self.digests = self._digests()
        self._posting_now = self._made_posting_now()
        self.reminders = self._reminders()
        self._former_names = FormerNames(store, clock)
        self.connections = self._connections(guidance)
        self.granting = Granting(
            store=store,
            orgs=self._monitored,
            checks=self.checks,
            permissions=self.permissions,
            clock=adapters.shared_clock,  # another process judges by it for how long a write is this one's
            writes=adapters.settings.flosum_org_writes,
        )
        self.snoozing = Snoozing(store, self.membership, self.permissions, adapters.shared_clock, self.checks)
        self.orgs_over_time = self._orgs_over_time()
        forms: dict[str, FormHandler] = {
            **self.connections.forms,
            DIGEST_FORM: DigestForm(self.reminders, self.making, self.permissions, self.shared_channels),
            SNOOZE_FORM: self.snoozing,
            ASSIGN_FORM: self.granting,
        }
        self.forms = {kind: WithFormerNames(form, self._former_names) for kind, form in forms.items()}
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
        self.offers = Offers(self.permissions, store.orgs)
        self.retention = Retention(store, clock)
        self.home = HomeTab(
            checks=self.checks,
            records=store,
            membership=self.membership,
            permissions=self.permissions,
            clock=clock,
            new_name=self._former_names.now,
            read_elsewhere=self.shared_channels.has,
        )

    def close(self) -> None:
        """Drop the checks that have not begun."""
        self._places.close()

    def _digest_making(self) -> DigestMaking:
        store = self._adapters.store
        return DigestMaking(
            store=store,
            orgs=store.orgs,
            read_all=self.checks.every,
            read_for=self._gathering.read_for,
            membership=self.membership,
            owners=Mentions(store, self.membership, self._adapters.shared_clock).shown,
            first=self.escalating.first,
            shared_channels=self.shared_channels,
            clock=self._adapters.shared_clock,
        )

    def _made_posting_now(self) -> PostingNow:
        adapters = self._adapters
        return PostingNow(
            store=adapters.store,
            making=self.making,
            outbox=adapters.outbox,
            people=adapters.people,
            named=self.permissions.named,
            clock=adapters.shared_clock,
        )

    def _reminders(self) -> Reminders:
        adapters = self._adapters
        return Reminders(
            store=adapters.store,
            making=self.making,
            outbox=adapters.outbox,
            channels=adapters.channels,
            people=adapters.people,
            permissions=self.permissions,
            shared_channels=self.shared_channels,
            posting_now=self._posting_now,
            clock=adapters.shared_clock,
            trail=adapters.store,
            others={"escalate": self.escalating.command, "handover": self.escalating.handover},
        )

    def _orgs_over_time(self) -> OrgsOverTime:
        adapters, store, clock = self._adapters, self._adapters.store, self._adapters.shared_clock
        alerts = Alerts(store, self.checks, self.making.is_meant, adapters.jobs.later, clock)
        notices = Notices(
            store,
            adapters.outbox,
            self.shared_channels,
            self.membership.may_see,
            clock,
            alerts.ended,
            self.escalating.ended,
            self._posting_now.ended,
            hearing=self._successors.hearing,
            is_past=self._monitored.is_past,
            made=self._posting_now.made,
        )
        recovery = GrantRecovery(store, self._monitored, clock)
        return OrgsOverTime(store, self.snoozing, alerts, self.escalating, notices, recovery, clock)

    def _digests(self) -> DigestDelivery:
        adapters = self._adapters
        posting = DigestPosting(
            slots=adapters.store,
            posts=adapters.outbox,
            make=self.making.made,
            clock=adapters.shared_clock,
            counts=self.counts,
            owner=adapters.process,
            hearing=self._successors.hearing,
        )
        return DigestDelivery(
            slots=adapters.store,
            posting=posting,
            gather=self._gathering.gather,
            clock=adapters.shared_clock,
            owner=adapters.process,
        )

    def _connections(self, guidance: Guidance) -> ConnectParts:
        adapters = self._adapters
        return ConnectParts(
            adapters.settings,
            adapters.store,
            self.checks,
            adapters.salesforce,
            adapters.logins,
            users=self._pooled,
            people=adapters.people,
            permissions=self.permissions,
            outbox=adapters.outbox,
            jobs=adapters.jobs,
            public_url=adapters.public_url,
            clock=adapters.clock,
            entry=lambda name: guidance.entry(name),
            new_name=self._former_names.now,
            read_elsewhere=self.shared_channels.has_now,
        )

    def _assistant(self, guidance: Guidance, matcher: Matcher) -> Assistant:
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
            may_change=self.permissions.may,
            is_own=self._is_own,
            named=self.permissions.named,
            rest_of=self.details.of,
            what_became=self._former_names.what_became,
            org_guide=OrgGuide(
                self._adapters.store,
                self.checks,
                self.permissions,
                self._adapters.clock,
                self._adapters.settings.install_ids,
            ),
            runners={
                "remind": self.reminders.command,
                "snooze": self.snoozing.command,
                "grant": self.granting.command,
                "settings": self._settings(feedback),
                "helpful": feedback.command,
                "privacy": lambda _who, _command: about.privacy(),
                "version": lambda _who, _command: about.version(version()),
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
            channels=self._adapters.channels,
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
        in_orgs = OrgAccessSetting(adapters.store, writes=adapters.settings.flosum_org_writes)
        contributions = (overhearing.shown, guests.shown, in_orgs.shown, feedback.shown, trusted_people.shown)
        return SettingsCommand(contributions, switches).command
