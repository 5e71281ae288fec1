"""The port ``Conversations``: what the bot said where, and how it was taken, without anybody's words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.adapters.store import records
from bot.adapters.store.base import Sealer, StorePart
from bot.adapters.store.database import Database
from bot.adapters.store.lately import Lately
from bot.adapters.store.newest import Newest, NewestTalk
from bot.adapters.store.one_writer import Doing
from bot.adapters.store.statements import AnyOf, Scope, Together, given
from bot.adapters.store.tables import answers, orgs, quiet_channels, ratings, seen_messages, shared_channels
from bot.adapters.store.under_way import Channel, UnderWay
from bot.domain.model import AnswerKind, ChannelRecords, Org, PostedAnswer

TURN_PATIENCE = 10.0
"""Seconds: some answers of others in the same channel; a person should not wait longer for the first word."""

_HERE = answers.c.channel == given("channel")
_RECENT = answers.c.at >= given("since")
_TO_IT = (_HERE, answers.c.to_ts == given("ts"))
_IT = (_HERE, answers.c.ts == given("ts"))
_IN_FULL = (_HERE, answers.c.kind == AnswerKind.FULL.value, _RECENT)
_BESIDE = AnyOf(answers, _TO_IT, (_HERE, answers.c.thread.is_(None), _RECENT), _IN_FULL)
_IN_THREAD = AnyOf(answers, _TO_IT, (_HERE, answers.c.thread == given("thread")), _IN_FULL)
_OF_IT = AnyOf(answers, _TO_IT, _IT)
_CLAIM = AnyOf(seen_messages, (seen_messages.c.channel == given("channel"), seen_messages.c.ts == given("ts")))
_ABOUT_THE_SAME = AnyOf(answers, _TO_IT, _IT, (_HERE, answers.c.entry.in_(given("entries", several=True))))


@dataclass(frozen=True, slots=True)
class _Workspace:
    """What is kept of a workspace that bears on what is said in it."""

    orgs: tuple[Org, ...]
    quiet: frozenset[str]


class SqlConversations(StorePart):
    """Channels where the bot keeps to itself, its answers of some weeks, and people's verdicts on entries.

    What is kept of an answer need not be lasting: the request that it answers is, and where the machine's end undoes
    the rest, it is done again and looks for what was posted. So on SQLite nobody waits for it but who reads there next.
    """

    def __init__(self, database: Database, vault: Sealer) -> None:
        super().__init__(database, vault)
        self._lately = Lately(database, self._workspace)
        self._under_way = UnderWay()
        self._newest = NewestTalk(self._read_newest)

    def overhears(self, workspace: str, channel: str) -> bool:
        """Whether the bot may answer what it overhears in a channel; yes unless somebody switched it off."""
        with self._database.reading(workspace) as scope:
            return not scope.is_there(quiet_channels, channel=channel)

    def set_overhearing(self, workspace: str, channel: str, *, on: bool) -> bool:
        """Switch overhearing for a channel; False if it was so before."""
        with self._database.writing(workspace) as scope:
            if on:
                return scope.drop(quiet_channels, quiet_channels.c.channel == channel) > 0
            return scope.add(quiet_channels, channel=channel)

    def is_shared(self, workspace: str, channel: str) -> bool:
        """Whether another company reads a channel, as far as it was told of."""
        with self._database.reading(workspace) as scope:
            return scope.is_there(shared_channels, channel=channel)

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
        """Everything that is kept around the message ``ts``.

        On SQLite, which serves one process, the answers alone are asked for, and they only where there may be some.
        """
        self._under_way.settle((workspace, channel))
        known = self._lately.of(workspace) if self._database.is_sqlite else self._workspace(workspace)
        where = {"channel": channel, "ts": ts, "since": since}
        found: Sequence[Any] = ()
        if thread:
            found = self._database.rows_of(workspace, _IN_THREAD, **where, thread=thread)
        elif not self._is_newer((workspace, channel), ts, since):
            found = self._database.rows_of(workspace, _BESIDE, **where)
        posted = sorted(map(records.posted_answer_record, found), key=lambda each: each.at, reverse=True)
        return ChannelRecords(known.orgs, channel in known.quiet, tuple(posted))

    def _is_newer(self, channel: Channel, ts: str, since: datetime | None = None) -> bool:
        """Whether no message there of that ``ts`` was claimed or answered, and nothing answered ``since`` then."""
        if not self._database.is_sqlite:
            return False
        newest = self._newest.of(channel)
        return ts > newest.ts and (since is None or newest.at < since.timestamp())

    def _read_newest(self) -> Newest:
        (claimed,) = self._database.highest(seen_messages.c.ts)
        ts, at = self._database.highest(answers.c.to_ts, answers.c.at)
        newest = Newest(claimed or "")
        return newest if at is None else newest.with_more(ts, at.timestamp())

    def _workspace(self, workspace: str) -> _Workspace:
        with self._database.reading(workspace) as scope:
            quiet = frozenset(row.channel for row in scope.rows_with(quiet_channels))
            return _Workspace(_orgs(scope), quiet)

    def begin_answer(self, posted: PostedAnswer, *, again: bool) -> bool:
        """Claim the message that it answers, and keep it as being posted, its ``ts`` empty, in one transaction.

        False if the message was claimed before, unless by an earlier try of the same (``again``). On SQLite this
        process alone claims, so that a look tells it, and nobody waits.
        """
        if not self._database.is_sqlite:
            return self._database.together(_begin, (posted, again), lasting=False)
        channel, ts = (posted.workspace, posted.channel), posted.to_ts
        if not (self._under_way.claim(channel, ts) or again):
            return False
        begun = None
        try:
            if again or not self._is_claimed(channel, ts):
                begun = self._write(_begin, (posted, again), posted)
                self._under_way.claimed(channel, ts, begun)
        finally:
            if begun is None:
                self._under_way.give_back(channel, ts)
        return begun is not None

    def _is_claimed(self, channel: Channel, ts: str) -> bool:
        if self._is_newer(channel, ts):
            return False
        workspace, name = channel
        return bool(self._database.rows_of(workspace, _CLAIM, channel=name, ts=ts))

    def _write(self, doing: Doing[Any, Any], item: Any, posted: PostedAnswer) -> Future[Any]:
        """Have it written before the request counts as done; who reads in that channel meanwhile waits for it."""
        channel = posted.workspace, posted.channel
        if self._database.is_sqlite:
            self._newest.come(channel, posted.to_ts, posted.at.timestamp())
        begun = self._database.by_the_end(doing, item)
        self._under_way.begun(channel, begun)
        return begun

    def withdraw_answer(self, workspace: str, channel: str, to_ts: str) -> None:
        """Forget an answer that was only being posted."""
        self._under_way.settle((workspace, channel))
        with self._database.writing(workspace) as scope:
            scope.drop(answers, answers.c.channel == channel, answers.c.to_ts == to_ts, answers.c.ts == "")

    def around_deleted(self, workspace: str, channel: str, ts: str) -> ChannelRecords:
        """The answers to the message ``ts``, or of that ts, and all in its channel about the same; with the orgs."""
        where = {"channel": channel, "ts": ts}
        self._under_way.settle((workspace, channel))
        with self._database.reading(workspace) as scope:
            found = scope.rows_of(_OF_IT, **where)
            if not found:
                return ChannelRecords()
            found = scope.rows_of(_ABOUT_THE_SAME, **where, entries=[row.entry for row in found if row.entry])
            known = _orgs(scope)
        posted = sorted(map(records.posted_answer_record, found), key=lambda each: each.at, reverse=True)
        return ChannelRecords(known, answers=tuple(posted))

    def forget_answer(self, posted: PostedAnswer) -> None:
        """Keep no more where an answer stands; it is gone."""
        self._under_way.settle((posted.workspace, posted.channel))
        with self._database.writing(posted.workspace) as scope:
            scope.drop(answers, answers.c.channel == posted.channel, answers.c.to_ts == posted.to_ts)

    def remember_answer(self, posted: PostedAnswer) -> None:
        """Keep where an answer stands; an answer to the same message is replaced."""
        self._write(_remember, posted, posted)

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


def _begin(rows: Together, begun: Sequence[tuple[PostedAnswer, bool]]) -> Sequence[bool]:
    messages = [
        {"workspace": posted.workspace, "channel": posted.channel, "ts": posted.to_ts, "seen_at": posted.at}
        for posted, _ in begun
    ]
    first = rows.add_all(seen_messages, messages)
    taken_on = [is_first or again for is_first, (_, again) in zip(first, begun, strict=True)]
    ours = [records.posted_answer_row(posted) for (posted, _), is_ours in zip(begun, taken_on, strict=True) if is_ours]
    rows.add_all(answers, ours)
    return taken_on


def _remember(rows: Together, posted: Sequence[PostedAnswer]) -> Sequence[None]:
    rows.put_all(answers, [records.posted_answer_row(each) for each in posted])
    return [None] * len(posted)


def _orgs(scope: Scope) -> tuple[Org, ...]:
    return tuple(records.org_record(row) for row in sorted(scope.rows_with(orgs), key=lambda row: row.key))
