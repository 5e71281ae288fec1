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
from bot.adapters.slack.web_api import EVENT_TYPE, called
from bot.domain.answers import Answer
from bot.domain.conversations.policy import Message
from bot.domain.errors import SlackRefused

log = structlog.get_logger("assistant")


KEY = "flosum_answer"
"""The kind of the metadata by which an answer is found again; they hold the time stamp of what it answers."""

LOOKED_AT = 200
"""Messages after the one that is answered, among which an answer of ours is looked for."""


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
        metadata = {"event_type": KEY, "event_payload": {"to": self.message.ts}}
        posted = called(
            lambda: self.client.chat_postMessage(
                channel=self.channel,
                thread_ts=self.thread,
                metadata=metadata,
                unfurl_links=False,
                unfurl_media=False,
                **words,
            )
        )
        return str(posted["ts"])

    def _found(self) -> str | None:
        """The ts of an answer of ours that stands there already. Raises SlackRefused where that passes."""
        try:
            found = called(self._read)["messages"]
        except SlackRefused as refusal:
            if refusal.permanent:
                log.info("cannot look for an earlier answer", reason=refusal.text)
                return None
            raise
        metadata = ((each, each.get("metadata") or {}) for each in found)
        ours = (each for each, known in metadata if known.get("event_type") == KEY and _to(known) == self.message.ts)
        return next((str(each["ts"]) for each in ours), None)

    def _read(self) -> Any:
        where: dict[str, Any] = {"channel": self.channel, "oldest": self.message.ts}
        where |= {"limit": LOOKED_AT, "include_all_metadata": True}
        if self.thread is None:
            return self.client.conversations_history(**where)
        return self.client.conversations_replies(ts=self.thread, **where)

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
        words, user = message(answer), self.message.who.user
        try:
            called(
                lambda: self.client.chat_postEphemeral(
                    channel=self.channel, user=user, thread_ts=self.message.thread, **words
                )
            )
        except SlackRefused as refusal:
            if not refusal.permanent:
                raise
            log.info("told in direct messages instead", reason=refusal.text)
            called(lambda: self.client.chat_postMessage(channel=user, **words))

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


def _to(metadata: dict[str, Any]) -> Any:
    return (metadata.get("event_payload") or {}).get("to")
