"""Everybody who is no full member of the built-in workspace, and how they come into it."""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox.slack.records import BOT_USER, Channel, ChannelKind, Member
from bot.sandbox.slack.user import SlackUser
from bot.sandbox.slack.workspace import Workspace

ELSEWHERE = "T0ELSEWHERE"

EVE = Member("U0EVE", "eve", "Eve Castellano", admin=True, team=ELSEWHERE)
"""Of another company, where she is an admin; Slack does not call her a stranger, because she is in a shared channel."""
HIDDEN = replace(EVE, id="U0HID", name="hid", hidden=True)
GUEST = Member("U0GUS", "gus", "Gus Guest", guest=True)
SINGLE = Member("U0SIN", "sin", "Sina Single", single_channel=True)
GONE = Member("U0OLA", "ola", "Ola Gone", admin=True, deleted=True)
ROBOT = Member("U0BIT", "bit", "Bit Robot", bot=True)

OUTSIDERS = {
    "another company": EVE,
    "another company, no shared channel": HIDDEN,
    "guest": GUEST,
    "single-channel guest": SINGLE,
    "deactivated": GONE,
    "bot": ROBOT,
}


def arrive(workspace: Workspace, member: Member, *channels: str) -> SlackUser:
    """Bring somebody into ``channels`` (#salesforce without any) and into direct messages with the bot."""
    state = workspace.state
    state.members[member.id] = member
    for name in channels or ("#salesforce",):
        channel = state.channel_named(name)
        assert channel is not None
        state.channels[channel.id] = replace(channel, members=channel.members | {member.id})
    direct = Channel(f"D{member.id[1:]}", "", ChannelKind.DIRECT, frozenset({member.id, BOT_USER}))
    state.channels[direct.id] = direct
    return SlackUser(workspace, member)


def share(workspace: Workspace, name: str = "#salesforce") -> Channel:
    """Let another company into a channel."""
    channel = workspace.state.channel_named(name)
    assert channel is not None
    workspace.state.channels[channel.id] = shared = replace(channel, shared=True)
    return shared
