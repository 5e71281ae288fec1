"""Channels that people of another company read, too (Slack Connect): no org is named there for all to see.

Slack's events tell, and what they told is kept: a button that posts into a channel, or a digest, says
nothing of it. Where a channel is chosen, and before orgs are named there to all, Slack is asked.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from bot.domain.errors import SlackRefused
from bot.ports import Conversations

log = structlog.get_logger("assistant")

Look = Callable[[str, str], bool]
"""Whether Slack says of a workspace's channel that another company reads it. Raises SlackRefused."""

KEPT_AT_MOST = 50_000

_CHANNELS = ("C", "G")
"""How the ids of channels begin; of a talk with somebody Slack need not be asked."""


class SharedChannels:
    """What is known of each channel. Safe to share between threads; a channel that stays as it is costs no query."""

    def __init__(self, conversations: Conversations, look: Look | None = None) -> None:
        """Without ``look`` Slack is not asked."""
        self._conversations = conversations
        self._look = look
        self._known: dict[tuple[str, str], bool] = {}
        self._lock = threading.Lock()

    def is_news(self, workspace: str, channel: str, *, shared: bool) -> bool:
        """Whether it is another thing than what is known, and worth keeping: of channels that never were shared
        nothing is kept.
        """
        known = self._known.get((workspace, channel))
        return known is not shared and (shared or known is not None)

    def note(self, workspace: str, channel: str, *, shared: bool) -> None:
        """What an event told of its channel."""
        if self.is_news(workspace, channel, shared=shared):
            self._conversations.set_shared(workspace, channel, shared=shared)
        self._remember(workspace, channel, shared=shared)

    def has(self, workspace: str, channel: str | None) -> bool:
        """Whether another company reads it, as far as anything has told so."""
        if channel is None:
            return False
        if not self._known.get((workspace, channel)):  # another process may have been told meanwhile
            self._remember(workspace, channel, shared=self._conversations.is_shared(workspace, channel))
        return self._known.get((workspace, channel), False)

    def has_now(self, workspace: str, channel: str | None) -> bool:
        """The same, asked of Slack: an invitation may have lapsed; where Slack does not say, as far as anything has."""
        if channel is None or not channel.startswith(_CHANNELS):
            return self.has(workspace, channel)
        return self.as_slack_says(workspace, channel) is True

    def as_slack_says(self, workspace: str, channel: str) -> bool | None:
        """The same of any conversation; None where neither Slack nor anything before tells.

        Slack does not say of private channels and of talks between people that the bot is not in.
        """
        known = self.has(workspace, channel)
        if self._look is None:
            return known
        try:
            self.note(workspace, channel, shared=self._look(workspace, channel))
        except SlackRefused as refusal:
            log.info("not known whether a channel is shared", reason=refusal.text)
            return known or None
        return self.is_known(workspace, channel)

    def is_known(self, workspace: str, channel: str) -> bool:
        """Whether it is known here that another company reads it; asks nobody."""
        return self._known.get((workspace, channel), False)

    def _remember(self, workspace: str, channel: str, *, shared: bool) -> None:
        with self._lock:
            if len(self._known) >= KEPT_AT_MOST:
                self._known.clear()  # the database has what matters
            self._known[workspace, channel] = shared
