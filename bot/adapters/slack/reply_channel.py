"""Where replies to a message go: its thread, or beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
from slack_sdk import WebClient

from bot.adapters.slack.views.blocks import message
from bot.adapters.slack.views.mrkdwn import incoming
from bot.adapters.slack.views.reading import is_cut, readable
from bot.adapters.slack.web_api import EVENT_TYPE, all_posted, called, posted_ts, tell_privately
from bot.domain.answers import Answer
from bot.domain.conversations import replies
from bot.domain.conversations.policy import Message
from bot.domain.errors import SlackRefused
from bot.ports import OfferTo

log = structlog.get_logger("assistant")


KEY = "flosum_answer"
"""The kind of the metadata by which an answer is found again; they hold the time stamp of what it answers."""

_TAKEN_BACK = ("cannot_reply_to_message", "thread_not_found", "message_not_found")
"""Slack's codes for a thread that is gone: who deleted the question awaits no answer."""

_LINE = "line"
"""What the metadata hold beside, where it is no answer yet but the line that says what is being done."""


@dataclass(slots=True)
class SlackReplyChannel:
    """Where ``message`` was said (``bot.service.conversation.ReplyChannel``).

    ``unsure``: an answer may stand there already, because another process or an earlier try posted it, or got no clear
    word from Slack; so it looks before it posts. Where Slack does not let it look, it posts. ``line`` is the message
    that says what is being done, which the answer takes the place of; ``answered``: none is welcome any more.
    """

    client: WebClient
    message: Message
    offer_to: OfferTo
    unsure: bool = False
    line: str | None = None
    answered: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def thread(self) -> str | None:
        """The thread that answers go to; None: beside the message."""
        return self.message.reply_thread

    @property
    def channel(self) -> str:
        """The conversation's id."""
        return self.message.who.channel or ""

    def post(self, answer: Answer) -> str:
        """Say something for everybody there, in place of the line if one stands there. Raises SlackRefused."""
        with self.lock:
            self.answered = True
            posted = self._found() or self._in_place_of_line(answer) or self._new(answer, self._metadata())
            self.unsure = True  # whatever is tried again from now on
            return posted

    def tell(self, answer: Answer) -> str | None:
        """Say something to who asked: for everybody there; to them alone, which is None, where nothing may be posted.

        Raises SlackRefused.
        """
        try:
            return self.post(answer)
        except SlackRefused as refusal:
            is_told_there = self.message.is_direct or not self.message.who.user
            if refusal.passing or is_told_there or refusal.code in _TAKEN_BACK:
                raise
            log.info("told privately instead", reason=refusal.text)
        self.reply_privately(replies.not_there(answer, self.channel))
        return None

    def say_meanwhile(self, answer: Answer) -> None:
        """Say what is being done, unless the answer is there; a private one stays beside it. Raises SlackRefused."""
        with self.lock:
            if self.answered or self._found() or self.line is not None:
                return
            if answer.private:
                self.reply_privately(answer)
            else:
                self.line = self._new(answer, self._metadata(line=True))

    def take_line_away(self) -> None:
        """The answer goes elsewhere, so no line is to stand there. Raises SlackRefused where that passes."""
        with self.lock:
            self.answered = True
            self._found()
            line, self.line = self.line, None
            if line is not None:
                self._unless_gone(lambda: self.delete(line))

    def _new(self, answer: Answer, metadata: dict[str, Any]) -> str:
        try:
            return self._posted(self._words(answer), metadata)
        except SlackRefused as refusal:
            self.unsure = not refusal.clear
            raise

    def _in_place_of_line(self, answer: Answer) -> str | None:
        """The ts of the line, which says the answer now; None where there is none, or somebody deleted it."""
        line = self.line
        if line is None:
            return None
        update = {"channel": self.channel, "ts": line, "metadata": self._metadata(), **self._words(answer)}
        is_there = self._unless_gone(lambda: called(lambda: self.client.chat_update(**update)))
        self.line = None  # an answer that stands there is not to be replaced by what is tried again
        return line if is_there else None

    def _unless_gone(self, change: Callable[[], Any]) -> bool:
        """Change the line; False where Slack refuses that for good. Raises SlackRefused for the rest."""
        try:
            change()
        except SlackRefused as refusal:
            if refusal.passing:
                raise
            log.info("the line cannot be changed", reason=refusal.text)
            return False
        return True

    def _words(self, answer: Answer) -> dict[str, Any]:
        return self._privately(answer) if self.channel.startswith("D") else message(answer)

    def _privately(self, answer: Answer) -> dict[str, Any]:
        """What the message's author alone sees."""
        return message(self.offer_to(self.message.who, answer), alone=self.channel.startswith("D"))

    def _posted(self, words: dict[str, Any], metadata: dict[str, Any]) -> str:
        """The ts of a new message; by the record that it is, because the library looks into each block of it anew."""
        record = {"channel": self.channel, "metadata": metadata, "unfurl_links": False, "unfurl_media": False, **words}
        if self.thread is not None:
            record["thread_ts"] = self.thread
        return posted_ts(lambda: self.client.api_call("chat.postMessage", json=record))

    def _metadata(self, *, line: bool = False) -> dict[str, Any]:
        return {"event_type": KEY, "event_payload": {"to": self.message.ts} | ({_LINE: True} if line else {})}

    def _found(self) -> str | None:
        """The ts of an answer of ours that stands there already, where that may be; of a line it is remembered.

        Raises SlackRefused where that passes.
        """
        if not self.unsure or self.line is not None:
            return None
        found = all_posted(self.client, self.channel, self.thread, self._metadata(), oldest=self.message.ts)
        lines = [str(each["ts"]) for each in found if each["metadata"]["event_payload"].get(_LINE)]
        self.line = lines[0] if lines else None
        return next((str(each["ts"]) for each in found if str(each["ts"]) not in lines), None)

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
        words = self._words(answer)
        called(lambda: self.client.chat_update(channel=self.channel, ts=ts, **words))

    def delete(self, ts: str) -> None:
        """Take away what the bot said. Raises SlackRefused."""
        called(lambda: self.client.chat_delete(channel=self.channel, ts=ts))

    def reply_privately(self, answer: Answer) -> None:
        """Say something that only the message's author sees; in their direct messages where that cannot be here.

        Raises SlackRefused.
        """
        who = self.message.who
        tell_privately(self.client, who.user, self.channel, self.message.thread, self._privately(answer))

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
