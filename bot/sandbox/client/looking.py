"""Where somebody looks: as whom, at which conversation, and what is open beside it. The page's address says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from bot.sandbox.slack.records import BOT_USER, Channel, ChannelKind, Member
from bot.sandbox.slack.state import WorkspaceState

HOME, PANE, HAPPENED = "home", "pane", "happened"
"""The app's Home tab in the place of a conversation; the assistant's pane, and the payloads, beside one."""

START = "#salesforce"


@dataclass(frozen=True, slots=True)
class Looking:
    """``place`` is a channel's id or HOME; ``beside`` a thread's time stamp, PANE, HAPPENED or nothing."""

    person: Member
    place: str
    beside: str = ""

    @property
    def address(self) -> str:
        """The page's address for it, without the host."""
        named = {"as": self.person.name, "in": self.place, "beside": self.beside}
        return f"/?{urlencode({name: value for name, value in named.items() if value})}"

    def at(self, place: str, beside: str = "") -> Looking:
        """The same person somewhere else."""
        return replace(self, place=place, beside=beside)


def looking(state: WorkspaceState, given: Mapping[str, str]) -> Looking:
    """What an address says, or the nearest to it that there is."""
    asked = state.member_named(given.get("as", ""))
    person = asked if asked is not None and not asked.bot else next(iter(state.members.values()))
    known = {channel.id for channel in channels(state, person)} | {HOME}
    named = state.channel_named(given.get("in") or START)
    place = HOME if given.get("in") == HOME else named.id if named else ""
    place = place if place in known else next(iter(channels(state, person))).id
    beside = given.get("beside", "")
    there = beside in (PANE, HAPPENED) or (place, beside) in state.messages
    return Looking(person, place, beside if there else "")


def channels(state: WorkspaceState, person: Member) -> list[Channel]:
    """The conversations that somebody is in, their direct messages with the bot last."""
    return [one for one in state.channels.values() if person.id in one.members and not one.archived]


def name_of(channel: Channel) -> str:
    """A conversation as people call it."""
    if channel.kind is ChannelKind.DIRECT:
        return "Flosum"
    return f"#{channel.name}"


def bot_is_in(channel: Channel) -> bool:
    """Whether the bot hears what is said there."""
    return BOT_USER in channel.members
