"""The port ``Conversations``: what the bot said where, and how it was taken, without anybody's words."""

from __future__ import annotations

from collections import defaultdict
from contextlib import AbstractContextManager
from datetime import datetime

from bot.adapters.store import records
from bot.adapters.store.base import StorePart
from bot.adapters.store.statements import Scope
from bot.adapters.store.tables import answers, orgs, quiet_channels, ratings, seen_messages, shared_channels
from bot.domain.model import AnswerKind, ChannelRecords, PostedAnswer

TURN_PATIENCE = 10.0
"""Seconds: some answers of others in the same channel; a person should not wait longer for the first word."""


class SqlConversations(StorePart):
    """Channels where the bot keeps to itself, its answers of some weeks, and people's verdicts on entries."""

    def overhears(self, workspace: str, channel: str) -> bool:
        """Whether the bot may answer what it overhears in a channel; yes unless somebody switched it off."""
        with self._database.reading(workspace) as scope:
            return scope.row(quiet_channels, quiet_channels.c.channel == channel) is None

    def set_overhearing(self, workspace: str, channel: str, *, on: bool) -> bool:
        """Switch overhearing for a channel; False if it was so before."""
        with self._database.writing(workspace) as scope:
            if on:
                return scope.drop(quiet_channels, quiet_channels.c.channel == channel) > 0
            return scope.add(quiet_channels, channel=channel)

    def is_shared(self, workspace: str, channel: str) -> bool:
        """Whether another company reads a channel, as far as it was told of."""
        with self._database.reading(workspace) as scope:
            return scope.row(shared_channels, shared_channels.c.channel == channel) is not None

    def set_shared(self, workspace: str, channel: str, *, shared: bool) -> None:
        """Keep whether another company reads a channel."""
        with self._database.writing(workspace) as scope:
            if shared:
                scope.add(shared_channels, channel=channel)
            else:
                scope.drop(shared_channels, shared_channels.c.channel == channel)

    def turn(self, workspace: str, channel: str) -> AbstractContextManager[None]:
        """Keep other processes from answering in a channel meanwhile; on SQLite there are none."""
        return self._locks.turn(records.qualified("turn", workspace, channel), TURN_PATIENCE)

    def around(self, workspace: str, channel: str, *, ts: str, thread: str | None, since: datetime) -> ChannelRecords:
        """Everything that is kept around the message ``ts``, in one transaction of three queries."""
        here, recent = answers.c.channel == channel, answers.c.at >= since
        talk = (answers.c.thread == thread,) if thread else (answers.c.thread.is_(None), recent)
        in_full = (answers.c.kind == AnswerKind.FULL.value, recent)
        with self._database.reading(workspace) as scope:
            quiet = scope.row(quiet_channels, quiet_channels.c.channel == channel) is not None
            found = scope.rows_of_any(answers, (here, answers.c.to_ts == ts), (here, *talk), (here, *in_full))
            known = [records.org_record(row) for row in sorted(scope.rows(orgs), key=lambda row: row.key)]
        posted = sorted(map(records.posted_answer_record, found), key=lambda each: each.at, reverse=True)
        return ChannelRecords(tuple(known), quiet, tuple(posted))

    def begin_answer(self, posted: PostedAnswer, *, again: bool) -> bool:
        """Claim the message that it answers, and keep it as being posted, its ``ts`` empty, in one transaction.

        False if the message was claimed before, unless by an earlier try of the same (``again``).
        """

        def begin(scope: Scope) -> bool:
            first = scope.add(seen_messages, channel=posted.channel, ts=posted.to_ts, seen_at=posted.at)
            if first or again:
                scope.add(answers, **records.posted_answer_values(posted))
            return first or again

        return self._database.writing_together(posted.workspace, begin)

    def withdraw_answer(self, workspace: str, channel: str, to_ts: str) -> None:
        """Forget an answer that was only being posted."""
        with self._database.writing(workspace) as scope:
            scope.drop(answers, answers.c.channel == channel, answers.c.to_ts == to_ts, answers.c.ts == "")

    def around_deleted(self, workspace: str, channel: str, ts: str) -> ChannelRecords:
        """The answers to the message ``ts``, or of that ts, and all in its channel about the same; with the orgs."""
        here = answers.c.channel == channel
        with self._database.reading(workspace) as scope:
            found = scope.rows_of_any(answers, (here, answers.c.to_ts == ts), (here, answers.c.ts == ts))
            if not found:
                return ChannelRecords()
            same = [(here, answers.c.entry == row.entry) for row in found if row.entry]
            found = scope.rows_of_any(answers, (here, answers.c.to_ts == ts), (here, answers.c.ts == ts), *same)
            known = [records.org_record(row) for row in sorted(scope.rows(orgs), key=lambda row: row.key)]
        posted = sorted(map(records.posted_answer_record, found), key=lambda each: each.at, reverse=True)
        return ChannelRecords(tuple(known), answers=tuple(posted))

    def forget_answer(self, posted: PostedAnswer) -> None:
        """Keep no more where an answer stands; it is gone."""
        with self._database.writing(posted.workspace) as scope:
            scope.drop(answers, answers.c.channel == posted.channel, answers.c.to_ts == posted.to_ts)

    def remember_answer(self, posted: PostedAnswer) -> None:
        """Keep where an answer stands; an answer to the same message is replaced."""
        values = records.posted_answer_values(posted)
        self._database.writing_together(posted.workspace, lambda scope: scope.put(answers, **values))

    def rate(self, workspace: str, entry: str, user: str, *, helpful: bool, now: datetime) -> None:
        """Keep somebody's verdict on an entry; a later one replaces it."""
        with self._database.writing(workspace) as scope:
            scope.put(ratings, entry=entry, user=user, helpful=helpful, at=now)

    def ratings(self, workspace: str) -> dict[str, tuple[int, int]]:
        """(helpful, not helpful) for each rated entry."""
        found: defaultdict[str, dict[bool, int]] = defaultdict(dict)
        with self._database.reading(workspace) as scope:
            for entry, helpful, count in scope.counts(ratings, ratings.c.entry, ratings.c.helpful):
                found[entry][helpful] = count
        return {entry: (counts.get(True, 0), counts.get(False, 0)) for entry, counts in found.items()}
