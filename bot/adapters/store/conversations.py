"""The port ``Conversations``: what the bot said where, and how it was taken, without anybody's words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from datetime import datetime, timedelta

from bot.adapters.store import records
from bot.adapters.store.base import StorePart
from bot.adapters.store.tables import answers, quiet_channels, ratings
from bot.domain.model import Said

_ANSWERS_KEPT = timedelta(days=30)


class SqlConversations(StorePart):
    """Channels where the bot keeps to itself, its answers of the last 30 days, and people's verdicts on entries."""

    def overhears(self, workspace: str, channel: str) -> bool:
        """Whether the bot may answer what it overhears in a channel; yes unless somebody switched it off."""
        with self._database.reading(workspace) as scope:
            return scope.row(quiet_channels, quiet_channels.c.channel == channel) is None

    def set_overhearing(self, workspace: str, channel: str, *, on: bool) -> None:
        """Switch overhearing for a channel."""
        with self._database.writing(workspace) as scope:
            if on:
                scope.drop(quiet_channels, quiet_channels.c.channel == channel)
            else:
                scope.add(quiet_channels, channel=channel)

    def remember_answer(self, said: Said) -> None:
        """Keep where an answer stands; an answer to the same message is replaced."""
        values = asdict(said)
        with self._database.writing(values.pop("workspace")) as scope:
            scope.put(answers, **values)
            scope.drop(answers, answers.c.at < said.at - _ANSWERS_KEPT)

    def answer_to(self, workspace: str, channel: str, ts: str) -> Said | None:
        """The answer to a message."""
        with self._database.reading(workspace) as scope:
            row = scope.row(answers, answers.c.channel == channel, answers.c.to_ts == ts)
        return None if row is None else records.said_record(row)

    def answer_about(self, workspace: str, channel: str, entry: str, since: datetime) -> Said | None:
        """The newest answer about an entry of the guidance in a channel since ``since``."""
        here = (answers.c.channel == channel, answers.c.entry == entry, answers.c.at >= since)
        with self._database.reading(workspace) as scope:
            found = scope.rows(answers, *here, newest=answers.c.at, limit=1)
        return records.said_record(found[0]) if found else None

    def answered_in_thread(self, workspace: str, channel: str, thread: str, entry: str) -> bool:
        """Whether the bot answered about that entry in that thread already."""
        here = (answers.c.channel == channel, answers.c.thread == thread, answers.c.entry == entry)
        with self._database.reading(workspace) as scope:
            return scope.row(answers, *here) is not None

    def newest_answer(self, workspace: str, channel: str, thread: str | None, since: datetime) -> Said | None:
        """The newest answer in a thread since ``since``; with None, of those that stand outside threads."""
        here = (answers.c.channel == channel, answers.c.thread == thread, answers.c.at >= since)
        with self._database.reading(workspace) as scope:
            found = scope.rows(answers, *here, newest=answers.c.at, limit=1)
        return records.said_record(found[0]) if found else None

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
