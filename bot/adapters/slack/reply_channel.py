"""Where replies to a message go: its thread, or beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import structlog
from slack_sdk import WebClient

from bot.adapters.slack.views.blocks import message
from bot.adapters.slack.views.mrkdwn import incoming
from bot.adapters.slack.views.reading import is_cut, readable
from bot.adapters.slack.web_api import EVENT_TYPE, called, find_posted, tell_privately
from bot.domain.answers import Answer
from bot.domain.conversations.policy import Message
from bot.domain.errors import SlackRefused

log = structlog.get_logger("assistant")


KEY = "flosum_answer"
"""The kind of the metadata by which an answer is found again; they hold the time stamp of what it answers."""


@dataclass(slots=True)
class SlackReplyChannel:
    """Where ``message`` was said (``bot.service.conversation.ReplyChannel``).

    ``unsure``: an answer may stand there already, because another process or an earlier try posted it, or got no clear
    word from Slack; so it looks before it posts. Where Slack does not let it look, it posts.
    """

    client: WebClient
    message: Message
    unsure: bool = False

    @property
    def thread(self) -> str | None:
        """The thread that answers go to; None: beside the message."""
        return self.message.reply_thread

    @property
    def channel(self) -> str:
        """The conversation's id."""
        return self.message.who.channel or ""

    def post(self, answer: Answer) -> str:
        """Say something for everybody there. Raises SlackRefused."""
        if self.unsure and (posted := self._found()) is not None:
            return posted
        try:
            posted = self._posted(message(answer))
        except SlackRefused as refusal:
            self.unsure = not refusal.clear
            raise
        self.unsure = True  # whatever is tried again from now on
        return posted

    def _posted(self, words: dict[str, Any]) -> str:
        posted = called(
            lambda: self.client.chat_postMessage(
                channel=self.channel,
                thread_ts=self.thread,
                metadata=self._metadata,
                unfurl_links=False,
                unfurl_media=False,
                **words,
            )
        )
        return str(posted["ts"])

    @property
    def _metadata(self) -> dict[str, Any]:
        return {"event_type": KEY, "event_payload": {"to": self.message.ts}}

    def _found(self) -> str | None:
        """The ts of an answer of ours that stands there already. Raises SlackRefused where that passes."""
        return find_posted(self.client, self.channel, self.thread, self._metadata, oldest=self.message.ts)

    def thread_start(self) -> tuple[str, bool]:
        """What the message says that the thread hangs on, "" if that is the bot's own; whether it is cut."""
        ts = self.message.thread or self.message.ts
        where: dict[str, Any] = {"channel": self.channel, "ts": ts, "limit": 1, "include_all_metadata": True}
        found = called(lambda: self.client.conversations_replies(**where))["messages"]
        first: dict[str, Any] = next((each for each in found if each.get("ts") == ts), {})
        if str((first.get("metadata") or {}).get("event_type")) in (KEY, EVENT_TYPE):
            return "", False
        return incoming(readable(first, whole=True)).strip(), is_cut(first)

    def update(self, ts: str, answer: Answer) -> None:
        """Replace what the bot said. Raises SlackRefused."""
        words = message(answer)
        called(lambda: self.client.chat_update(channel=self.channel, ts=ts, **words))

    def delete(self, ts: str) -> None:
        """Take away what the bot said. Raises SlackRefused."""
        called(lambda: self.client.chat_delete(channel=self.channel, ts=ts))

    def reply_privately(self, answer: Answer) -> None:
        """Say something that only the message's author sees; in their direct messages where that cannot be here.

        Raises SlackRefused.
        """
        who = self.message.who
        tell_privately(self.client, who.user, self.channel, self.message.thread, message(answer))

    def link(self, ts: str) -> str | None:
        """The address of a message; None where Slack does not give it."""
        try:
            return str(called(lambda: self.client.chat_getPermalink(channel=self.channel, message_ts=ts))["permalink"])
        except SlackRefused as refusal:
            log.info("no link to an earlier answer", reason=refusal.text)
            return None

    @contextmanager
    def status_line(self, status: str) -> Iterator[None]:
        """Show a status line in the message's thread meanwhile. An answer in that thread ends it by itself."""
        self._set_status(status)
        try:
            yield
        finally:
            if self.thread is None:
                self._set_status("")

    def _set_status(self, status: str) -> None:
        thread = self.message.thread or self.message.ts
        try:
            called(
                lambda: self.client.assistant_threads_setStatus(
                    channel_id=self.channel, thread_ts=thread, status=status
                )
            )
        except SlackRefused as refusal:
            log.info("no status line", reason=refusal.text)  # a nicety: the answer comes all the same
