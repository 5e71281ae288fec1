"""The workspace's memory: every change is one method, under one lock, and wakes whoever waits for it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

from bot.sandbox.slack.records import (
    BOT_USER,
    Call,
    Channel,
    ChannelKind,
    Exchange,
    Group,
    Happening,
    Json,
    Member,
    Shown,
    SlackMessage,
    Team,
    View,
)

KEPT_EXCHANGES = 200

Clock = Callable[[], datetime]

YOU = Member("U0YOU", "ada", "Ada Lindt", admin=True)
BEN = Member("U0BEN", "ben", "Ben Okoro")
MIA = Member("U0MIA", "mia", "Mia Sato")
FLOSUM = Member(BOT_USER, "flosum", "Flosum", zone="UTC", bot=True)
PEOPLE = (YOU, BEN, MIA, FLOSUM)

_ALL = frozenset(member.id for member in PEOPLE)
_HUMANS = _ALL - {BOT_USER}
CHANNELS = (
    Channel("C0SALESFORCE", "salesforce", ChannelKind.PUBLIC, _ALL),
    Channel("C0RANDOM", "random", ChannelKind.PUBLIC, _ALL),
    Channel("C0GENERAL", "general", ChannelKind.PUBLIC, _HUMANS),
    Channel("G0LEADS", "crm-leads", ChannelKind.PRIVATE, _HUMANS),
    Channel("C0OLD", "crm-2019", ChannelKind.PUBLIC, _ALL, archived=True),
    *(
        Channel(f"D0{member.name.upper()}", "", ChannelKind.DIRECT, frozenset({member.id, BOT_USER}))
        for member in PEOPLE
        if not member.bot
    ),
)
GROUPS = (Group("S0CRM", "crm-team", (BEN.id,)), Group("S0EMPTY", "nobody", ()))


def utc_now() -> datetime:
    """The time now, aware, in UTC."""
    return datetime.now(UTC)


class WorkspaceState:
    """People, conversations, messages, views, the log of what was shown, and the Web API calls so far."""

    def __init__(self, clock: Clock = utc_now, team: Team | None = None) -> None:
        self.team = team or Team()
        self.groups = {group.id: group for group in GROUPS}
        self.changed = threading.Condition(threading.RLock())
        self.clock = clock
        self.members = {member.id: member for member in PEOPLE}
        self.channels = {channel.id: channel for channel in CHANNELS}
        self.messages: dict[tuple[str, str], SlackMessage] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.log: list[Shown] = []
        self.calls: list[Call] = []
        self.exchanges: deque[Exchange] = deque(maxlen=KEPT_EXCHANGES)
        self.exchanged = 0
        self.prompts: dict[str | None, tuple[str, Sequence[Json]]] = {}
        """What a talk with the bot may begin with, by person: a title, and prompts."""
        self._last_tick = 0
        self._ids = count(1)

    def next_ts(self) -> str:
        """A message time stamp, later than every one before."""
        with self.changed:
            self._last_tick = max(int(self.clock().timestamp() * 1_000_000), self._last_tick + 1)
            return f"{self._last_tick // 1_000_000}.{self._last_tick % 1_000_000:06d}"

    def next_id(self, prefix: str) -> str:
        """An identifier in Slack's manner."""
        with self.changed:
            return f"{prefix}{next(self._ids):08d}"

    def record_call(self, call: Call) -> None:
        """Remember that the bot called the Web API."""
        with self.changed:
            self.calls.append(call)
            self.changed.notify_all()

    def record_exchange(self, exchange: Exchange) -> None:
        """Remember, for a while, what was asked and answered."""
        with self.changed:
            self.exchanges.append(exchange)
            self.exchanged += 1
            self.changed.notify_all()

    def show(self, shown: Shown) -> None:
        """Append to the log."""
        with self.changed:
            self.log.append(shown)
            self.changed.notify_all()

    def post(self, message: SlackMessage) -> SlackMessage:
        """Add a message."""
        with self.changed:
            self.messages[message.channel, message.ts] = message
            self.show(Shown(Happening.POSTED, message))
        return message

    def update(self, message: SlackMessage, text: str, blocks: Sequence[Json], metadata: Json | None) -> SlackMessage:
        """Replace what a message says; what it said before is gone."""
        with self.changed:
            edited = replace(
                message,
                text=text,
                blocks=tuple(blocks),
                metadata=metadata or message.metadata,
                edited_ts=self.next_ts(),
            )
            self.messages[message.channel, message.ts] = edited
            self.show(Shown(Happening.UPDATED, edited))
        return edited

    def delete(self, message: SlackMessage) -> None:
        """Take a message away."""
        with self.changed:
            self.messages.pop((message.channel, message.ts), None)
            self.show(Shown(Happening.DELETED, message))

    def bury(self, message: SlackMessage) -> SlackMessage:
        """Take away a message that has replies: Slack keeps a stone in its place."""
        with self.changed:
            extra: Json = {"subtype": "tombstone", "hidden": True}
            stone = replace(message, user="USLACKBOT", text="This message was deleted.", blocks=(), extra=extra)
            self.messages[message.channel, message.ts] = stone
            self.show(Shown(Happening.DELETED, message))
        return stone

    def open_view(self, view: View) -> View:
        """Show a modal, or publish a Home tab."""
        with self.changed:
            self.views[view.id] = view
            if view.kind == "home":
                self.homes[view.user] = view
            self.show(Shown(Happening.OPENED, view=view, user=view.user))
        return view

    def conversation(
        self, channel: str, *, thread: str | None = None, seen_by: str | None = None
    ) -> list[SlackMessage]:
        """What everybody can read, or that person beside it, oldest first: the channel's own, or one whole thread."""
        with self.changed:
            mine = [m for m in self.messages.values() if m.channel == channel and m.audience in (None, seen_by)]
        if thread is None:
            found = [m for m in mine if m.thread_ts in (None, m.ts)]
        else:
            found = [m for m in mine if thread in (m.ts, m.thread_ts)]
        return sorted(found, key=lambda message: message.ts)

    def channel_named(self, name: str) -> Channel | None:
        """A channel by ``#name``, ``name`` or id."""
        wanted = name.removeprefix("#")
        return next((c for c in self.channels.values() if wanted in (c.id, c.name or c.id)), None)

    def add_to_channel(self, channel: str, member: str) -> Channel:
        """Put somebody into a channel."""
        with self.changed:
            there = self.channels[channel]
            joined = self.channels[channel] = replace(there, members=there.members | {member})
        return joined

    def member_named(self, name: str) -> Member | None:
        """A member by ``@name``, ``name`` or id."""
        wanted = name.removeprefix("@")
        return next((m for m in self.members.values() if wanted in (m.id, m.name)), None)

    def direct_channel(self, user: str) -> Channel | None:
        """The direct messages between somebody and the bot."""
        wanted = {user, BOT_USER}
        return next((c for c in self.channels.values() if c.kind is ChannelKind.DIRECT and c.members == wanted), None)
