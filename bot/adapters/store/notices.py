"""What is said between digests, whoever posts it: the ports ``NoticeStore``, ``Escalations`` and ``Mentions``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from bot.adapters.store import records
from bot.adapters.store.base import StorePart
from bot.adapters.store.org_writes import any_left
from bot.adapters.store.statements import TOO_FAR, has_come, rows_of_all, workspaces_of
from bot.adapters.store.tables import alert_checks, escalations, mentions, notices, org_verdicts, snoozes, subscriptions
from bot.domain.digest.notices import Escalation, Notice, NoticeStatus
from bot.domain.digest.subscription import Kind
from bot.domain.model import Org, Verdict
from bot.domain.orgs.conditions import Known


def _to_be_looked_at(now: datetime) -> tuple[Any, ...]:
    """Somebody there wants alerts, and nobody looks just now."""
    is_due = alert_checks.c.next_at.is_(None) | has_come(alert_checks.c.next_at, now)
    return subscriptions.c.kind == Kind.ALERTS.value, subscriptions.c.enabled, is_due


class SqlNotices(StorePart):
    """Claims, posts and marks, over every process that shares the database."""

    def is_anything_due(self, now: datetime) -> bool:
        """Whether there is something to say or to look at, in any workspace; one query."""
        return self._database.is_any(
            rows_of_all(notices, has_come(notices.c.next_try_at, now)),
            rows_of_all(snoozes, snoozes.c.until <= now),
            rows_of_all(org_verdicts, org_verdicts.c.news.is_not(None)),
            any_left(now),
            workspaces_of(subscriptions, alert_checks, *_to_be_looked_at(now)),
        )

    # --- notices

    def add_notices(self, workspace: str, said: Sequence[Notice]) -> None:
        """Keep what is to be said, without what was kept under the same key before."""
        with self._database.writing(workspace) as scope:
            for notice in said:
                scope.add(notices, **records.notice_values(notice))

    def begin_notice(self, notice: Notice, until: datetime) -> None:
        """Keep what this process is about to say, and nobody else ``until`` then."""
        begun = {"attempts": notice.attempts + 1, "next_try_at": until}
        with self._database.writing(notice.workspace) as scope:
            scope.add(notices, **(records.notice_values(notice) | begun))

    def newest_said(self, workspace: str, beginning: str, since: datetime) -> tuple[Notice, NoticeStatus] | None:
        """The newest whose key begins so that was kept since then and said, or that is still to be said.

        What was kept further ahead than a clock can be off stands in nobody's way.
        """
        is_open, was_said = (notices.c.status == each.value for each in (NoticeStatus.WAITING, NoticeStatus.SENT))
        is_new = (notices.c.at > since) & (notices.c.at <= since + TOO_FAR)
        with self._database.reading(workspace) as scope:
            rows = scope.rows(
                notices,
                notices.c.key.startswith(beginning, autoescape=True),
                is_open | (was_said & is_new),
                newest=notices.c.at,
                limit=1,
            )
        return next(
            (
                (records.notice_record(row), records.kept_word(NoticeStatus, row.status, "notices.status"))
                for row in rows
            ),
            None,
        )

    def notices_due(self, now: datetime) -> Sequence[Notice]:
        """What is to be said now, in every workspace."""
        return records.readable(
            notices, records.notice_record, self._database.everywhere(notices, has_come(notices.c.next_try_at, now))
        )

    def claim_notice(self, notice: Notice, now: datetime, until: datetime) -> bool:
        """Take one on ``until`` then; False where somebody else has it, or it was said."""
        same = (
            notices.c.key == notice.key,
            has_come(notices.c.next_try_at, now),
            notices.c.attempts == notice.attempts,
        )
        with self._database.writing(notice.workspace) as scope:
            return scope.change(notices, *same, next_try_at=until, attempts=notice.attempts + 1) > 0

    def try_again(self, notice: Notice, at: datetime, *, certainly_not: bool) -> None:
        """Leave one for later; ``certainly_not``: Slack does not have it, as if nobody had begun."""
        values = {"next_try_at": at} | ({"attempts": 0} if certainly_not else {})
        with self._database.writing(notice.workspace) as scope:
            scope.change(notices, notices.c.key == notice.key, notices.c.attempts == notice.attempts + 1, **values)

    def end_notice(
        self, notice: Notice, status: NoticeStatus, channel: str | None = None, ts: str | None = None
    ) -> None:
        """Note how one ended, and the message that it became."""
        ended = {"status": status.value, "next_try_at": None, "channel": channel, "message_ts": ts}
        with self._database.writing(notice.workspace) as scope:
            scope.change(notices, notices.c.key == notice.key, **ended)

    def posted_notice(self, workspace: str, key: str) -> tuple[str, str] | None:
        """The channel and ts of the message that one became."""
        with self._database.reading(workspace) as scope:
            row = scope.row(notices, notices.c.key == key, notices.c.message_ts.is_not(None))
        return row and (row.channel, row.message_ts)

    def notices_of(self, workspace: str, beginning: str) -> Sequence[Notice]:
        """Those whose keys begin so."""
        with self._database.reading(workspace) as scope:
            rows = scope.rows(notices, notices.c.key.startswith(beginning, autoescape=True))
        return records.readable(notices, records.notice_record, rows)

    def unsay(self, workspace: str, beginning: str) -> None:
        """Forget those whose keys begin so, as if they had never been said: what they tell of may happen again."""
        with self._database.writing(workspace) as scope:
            scope.drop(notices, notices.c.key.startswith(beginning, autoescape=True))

    def forget_notices(self, before: datetime) -> int:
        """Forget those from before then; how many there were."""
        return self._database.forget_old(notices.c.at, before)

    # --- orgs over time

    def orgs_with_news(self) -> Sequence[tuple[str, str, Known]]:
        """Of every workspace: its id, an org's name, and what is known of it that people are to be told."""
        rows = self._database.everywhere(org_verdicts, org_verdicts.c.news.is_not(None))
        found = ((row, records.verdict_record(row)) for row in rows)
        return [(row.workspace, row.org_key, known) for row, known in found if known is not None and known.news]

    def news_told(self, org: Org, known: Known) -> None:
        """Note that people were told what is known; nothing where something else is known by now."""
        same = (org_verdicts.c.org_key == records.folded(org.name), org_verdicts.c.news == known.news)
        fell_at = None if known.verdict is Verdict.READY and known.news == "ready" else known.fell_at
        with self._database.writing(org.workspace) as scope:
            scope.change(org_verdicts, *same, org_verdicts.c.since == known.since, news=None, fell_at=fell_at)

    def claim_alert_checks(self, now: datetime, pause: timedelta, first: Callable[[str], timedelta]) -> Sequence[str]:
        """The workspaces with alerts that are to be looked at now, by nobody else; again after ``pause``.

        One that was never looked at is, once what ``first`` gives of it is over.
        """
        due = self._database.found(workspaces_of(subscriptions, alert_checks, *_to_be_looked_at(now)))
        return [row.workspace for row in due if self._claim_check(row.workspace, now, pause, first)]

    def _claim_check(self, workspace: str, now: datetime, pause: timedelta, first: Callable[[str], timedelta]) -> bool:
        with self._database.writing(workspace) as scope:
            if scope.add(alert_checks, next_at=now + first(workspace)):
                return False
            return scope.change(alert_checks, has_come(alert_checks.c.next_at, now), next_at=now + pause) > 0

    # --- escalation and mentions

    def escalation(self, workspace: str) -> Escalation | None:
        """After how many weeks somebody is told, if anybody said so."""
        with self._database.reading(workspace) as scope:
            row = scope.row(escalations)
        return row and Escalation(row.workspace, row.weeks, row.person, row.set_by, row.handover)

    def set_escalation(self, escalation: Escalation) -> None:
        """Tell somebody after so many weeks."""
        values = asdict(escalation)
        with self._database.writing(values.pop("workspace")) as scope:
            scope.put(escalations, **values)

    def escalations(self) -> Sequence[Escalation]:
        """Those of every workspace."""
        rows = self._database.everywhere(escalations)
        return [Escalation(row.workspace, row.weeks, row.person, row.set_by, row.handover) for row in rows]

    def claim_mentions(
        self, workspace: str, people: Collection[str], key: str, now: datetime, since: datetime
    ) -> frozenset[str]:
        """Those of ``people`` whom no message but that of ``key`` mentioned after ``since``; from now on it did."""
        with self._database.writing(workspace) as scope:
            rows = scope.locked(mentions, mentions.c.person.in_(people))
            mentioned = {row.person for row in rows if since < row.at <= now + TOO_FAR and row.key != key}
            free = sorted(set(people) - mentioned)
            scope.put_all(mentions, [{"person": person, "at": now, "key": key} for person in free])
        return frozenset(free)
