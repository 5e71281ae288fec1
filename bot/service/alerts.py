"""Alerts between digests: an org stopped being ready, and is ready again. Each subscribed channel hears it once."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from bot.domain.answers import Answer
from bot.domain.digest.notices import UNDELIVERED, Notice, NoticeStatus, key_of
from bot.domain.digest.subscription import Kind, Subscription
from bot.domain.model import Diagnosis, KeptOrg, Org
from bot.domain.off_clocks import is_ahead
from bot.domain.orgs import alert_report
from bot.domain.orgs.conditions import Known, News
from bot.ports import Clock

EVERY = timedelta(hours=1)
"""How often the orgs of a workspace are looked at: an alert is to come within the hour, at a few calls an org."""

RECENT = timedelta(minutes=50)
"""Orgs that somebody read so lately are not read again."""


class AlertStore(Protocol):
    """Who is to hear what, and which workspaces are to be looked at."""

    def subscriptions(self, workspace: str) -> Sequence[Subscription]:
        """All of a workspace."""
        ...

    def keep_subscription(self, subscription: Subscription) -> Subscription:
        """Keep a changed one by its id."""
        ...

    def add_notices(self, workspace: str, said: Sequence[Notice]) -> None:
        """Keep what is to be said, without what was kept under the same key before."""
        ...

    def notices_of(self, workspace: str, beginning: str) -> Sequence[Notice]:
        """Those whose keys begin so."""
        ...

    def claim_alert_checks(self, now: datetime, pause: timedelta, first: Callable[[str], timedelta]) -> Sequence[str]:
        """The workspaces with alerts that are to be looked at now, by nobody else; again after ``pause``.

        One that was never looked at is, once what ``first`` gives of it is over.
        """
        ...


class Checks(Protocol):
    """Reading orgs."""

    def known_of(self, org: Org) -> Diagnosis:
        """One org as it was last read."""
        ...

    def some(self, workspace: str, among: Callable[[KeptOrg], bool]) -> list[Diagnosis]:
        """Those of a workspace's orgs, read now."""
        ...


Meant = Callable[[Subscription, Diagnosis], bool]
"""Whether a subscription is about an org."""


class Alerts:
    """Looks at orgs, and tells. ``later`` runs something soon, elsewhere, guarded."""

    def __init__(
        self,
        store: AlertStore,
        checks: Checks,
        meant: Meant,
        later: Callable[[Callable[[], None]], None],
        clock: Clock,
    ) -> None:
        self._store = store
        self._checks = checks
        self._meant = meant
        self._later = later
        self._clock = clock

    def look(self, away: Collection[str] = ()) -> None:
        """Read the orgs of workspaces with alerts, each once an hour, the workspaces spread over it."""
        for workspace in self._store.claim_alert_checks(self._clock(), EVERY, _spread):
            if workspace not in away:
                self._later(partial(self._read, workspace))

    def _read(self, workspace: str) -> None:
        now = self._clock()
        self._checks.some(workspace, lambda kept: _is_worth_reading(kept, now))

    def tell(self, org: Org, known: Known) -> None:
        """Keep what is to be said of an org in the channels that want to hear it."""
        if known.fell_at is None or (org.snooze is not None and org.snooze.until is None):
            return
        beginning = key_of("alert", org.name, known.fell_at.isoformat(), "")
        if known.news is News.FELL:
            self._store.add_notices(org.workspace, list(self._alerts(org, known, beginning)))
        else:
            answer, now = alert_report.back(org.name), self._clock()
            above = self._store.notices_of(org.workspace, beginning)
            said = [
                Notice(org.workspace, f"back:{each.key}", each.target, answer, now, behind=each.key) for each in above
            ]
            self._store.add_notices(org.workspace, said)

    def _alerts(self, org: Org, known: Known, beginning: str) -> Sequence[Notice]:
        wanting = [each for each in self._store.subscriptions(org.workspace) if each.kind is Kind.ALERTS]
        found = self._checks.known_of(org)
        answer, now = alert_report.fell(found, known), self._clock()
        return [
            Notice(org.workspace, f"{beginning}{each.id}", each.target, answer, now)
            for each in wanting
            if each.enabled and self._meant(each, found)
        ]

    # --- what became of them ---------------------------------------------------------------------------

    def ended(self, notice: Notice, status: NoticeStatus, why: str) -> None:
        """Whoever set a subscription hears once that its alerts do not arrive, and of each that is not certain."""
        if not notice.key.startswith("alert:"):
            return
        its = notice.key.rpartition(":")[2]
        found = next((each for each in self._store.subscriptions(notice.workspace) if each.id == its), None)
        if found is None:
            return
        if status is NoticeStatus.SENT:
            if found.failing_since is not None:
                self._store.keep_subscription(replace(found, failing_since=None, failing=""))
        elif status is NoticeStatus.UNCERTAIN:
            self._say(found, notice.key, alert_report.uncertain(notice.target))
        elif found.failing_since is None:
            self._say(found, notice.key, alert_report.undelivered(notice.target, why))
            self._store.keep_subscription(replace(found, failing_since=self._clock(), failing=why))

    def _say(self, subscription: Subscription, about: str, answer: Answer) -> None:
        its = subscription
        if its.set_by and its.set_by != its.target:
            said = Notice(its.workspace, f"{UNDELIVERED}{its.id}:{about}", its.set_by, answer, self._clock())
            self._store.add_notices(its.workspace, [said])


def _is_worth_reading(kept: KeptOrg, now: datetime) -> bool:
    """Not where its connection is over, which nobody but a person can change, and not where it was read lately."""
    if kept.org.reconnect or (kept.org.snooze is not None and kept.org.snooze.until is None):
        return False
    failed = kept.org.failure.at if kept.org.failure else None
    read = kept.facts.checked_at if kept.facts else None
    return all(at is None or at <= now - RECENT or is_ahead(at, now) for at in (failed, read))


def _spread(workspace: str) -> timedelta:
    """When within its first hour a workspace is looked at: always the same, and evenly over all."""
    return timedelta(seconds=zlib.crc32(workspace.encode()) % int(EVERY.total_seconds()))
