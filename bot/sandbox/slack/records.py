"""What the built-in workspace holds: people, conversations, messages, and the log of what became visible."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Json = dict[str, Any]
"""A JSON object as it travels between Slack and the bot."""

TEAM = "T0DEMO"
TEAM_NAME = "Acme"
APP = "A0FLOSUM"
BOT_USER = "U0FLOSUM"
BOT = "B0FLOSUM"


@dataclass(frozen=True, slots=True)
class Team:
    """Whose workspace it is. ``org_wide``: the app is installed for the whole Grid organization ``enterprise``."""

    id: str = TEAM
    name: str = TEAM_NAME
    enterprise: str | None = None
    org_wide: bool = False

    @property
    def domain(self) -> str:
        """The beginning of the workspace's address."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Group:
    """A user group; ``handle`` is what people type after the @."""

    id: str
    handle: str
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in the workspace. ``zone`` is an IANA name.

    ``team`` is the workspace of somebody of another company, whom a shared channel brings; ``hidden``: no such
    channel is seen by the bot, which is when Slack says ``is_stranger``. ``deleted``: deactivated.
    """

    id: str
    name: str
    real_name: str
    zone: str = "Europe/Berlin"
    locale: str = "en-US"
    admin: bool = False
    owner: bool = False
    bot: bool = False
    guest: bool = False
    single_channel: bool = False
    deleted: bool = False
    team: str | None = None
    hidden: bool = False

    @property
    def email(self) -> str:
        """Their address, which only an app with the scope for it is told."""
        return f"{self.name}@acme.example"


class ChannelKind(StrEnum):
    """What Slack calls ``channel_type`` in message events."""

    PUBLIC = "channel"
    PRIVATE = "group"
    DIRECT = "im"


@dataclass(frozen=True, slots=True)
class Channel:
    """A conversation and who is in it. A direct message has no name of its own. ``shared``: with another company."""

    id: str
    name: str
    kind: ChannelKind
    members: frozenset[str]
    archived: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True)
class SlackMessage:
    """A message as it stands. ``audience`` is the one person who can see it, None for everybody.

    ``user`` is empty where a workflow wrote it. ``extra`` is what else Slack says of it: files, attachments, a subtype.
    """

    channel: str
    ts: str
    user: str
    text: str
    blocks: tuple[Json, ...] = ()
    thread_ts: str | None = None
    metadata: Json | None = None
    audience: str | None = None
    edited_ts: str | None = None
    extra: Json = field(default_factory=dict)

    @property
    def by_bot(self) -> bool:
        """Whether the bot wrote it."""
        return self.user == BOT_USER

    def as_json(self, *, with_metadata: bool = True) -> Json:
        """The message as the Web API and events carry it."""
        body: Json = {"type": "message", "text": self.text, "ts": self.ts, "team": TEAM, **self.extra}
        if self.user:
            body["user"] = self.user
        if self.blocks:
            body["blocks"] = list(self.blocks)
        if self.thread_ts:
            body["thread_ts"] = self.thread_ts
        if self.by_bot:
            body |= {"bot_id": BOT, "app_id": APP}
        if self.edited_ts:
            body["edited"] = {"user": self.user, "ts": self.edited_ts}
        if self.metadata and with_metadata:
            body["metadata"] = self.metadata
        return body


@dataclass(frozen=True, slots=True)
class View:
    """A modal or a Home tab that somebody sees."""

    id: str
    user: str
    body: Json
    root: str | None = None

    @property
    def kind(self) -> str:
        """``modal`` or ``home``."""
        return str(self.body.get("type", "modal"))

    def as_json(self) -> Json:
        """The view as Slack sends it back in payloads."""
        state = {
            "state": {"values": {}},
            "hash": f"{self.id}.1",
            "team_id": TEAM,
            "app_id": APP,
            "bot_id": BOT,
        }
        return {
            **self.body,
            **state,
            "id": self.id,
            "root_view_id": self.root or self.id,
            "previous_view_id": None,
        }


class Happening(StrEnum):
    """Something that became visible, or stopped being so."""

    POSTED = "posted"
    UPDATED = "updated"
    DELETED = "deleted"
    OPENED = "opened"
    PROMPTS = "prompts"
    STATUS = "status"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Shown:
    """One line of the workspace's log. ``text`` is for happenings that are neither message nor view."""

    happening: Happening
    message: SlackMessage | None = None
    view: View | None = None
    user: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request between Slack and the bot, with its answer, for whoever wants to look at it.

    ``name`` is the Web API method, or the path that Slack posts to; ``status`` None: no answer in time.
    """

    to_bot: bool
    name: str
    sent: Json | bytes = field(repr=False)
    status: int | None
    answer: str = field(repr=False)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the Web API as it arrived, answered or not."""

    method: str
    args: Json = field(repr=False)
