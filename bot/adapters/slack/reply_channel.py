"""Where replies to a message go: its thread, or beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from slack_sdk import WebClient

from bot.adapters.slack.views.blocks import message
from bot.adapters.slack.web_api import called
from bot.domain.answers import Answer
from bot.domain.conversations.policy import Message
from bot.domain.errors import SlackRefused

log = structlog.get_logger("assistant")


@dataclass(frozen=True, slots=True)
class SlackReplyChannel:
    """Where ``message`` was said (``bot.service.conversation.ReplyChannel``)."""

    client: WebClient
    message: Message

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
        words = message(answer)
        posted = called(
            lambda: self.client.chat_postMessage(
                channel=self.channel, thread_ts=self.thread, unfurl_links=False, unfurl_media=False, **words
            )
        )
        return str(posted["ts"])

    def update(self, ts: str, answer: Answer) -> None:
        """Replace what the bot said. Raises SlackRefused."""
        words = message(answer)
        called(lambda: self.client.chat_update(channel=self.channel, ts=ts, **words))

    def reply_privately(self, answer: Answer) -> None:
        """Say something that only the message's author sees. Raises SlackRefused."""
        words, user = message(answer), self.message.who.user
        called(
            lambda: self.client.chat_postEphemeral(
                channel=self.channel, user=user, thread_ts=self.message.thread, **words
            )
        )

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
