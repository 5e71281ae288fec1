"""What a message means that says nothing known by itself: read with the question or the alert that it stands under."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import structlog

from bot.domain.conversations import guidance_reply, policy
from bot.domain.conversations.policy import Message, MessageContext
from bot.domain.errors import SlackRefused
from bot.domain.recognition.entries import Kind, Recognition
from bot.domain.recognition.matcher import Matcher
from bot.domain.secrets.redaction import redact

log = structlog.get_logger("assistant")


class Thread(Protocol):
    """The thread that a message stands in."""

    def thread_start(self) -> tuple[str, bool]:
        """What the message says that the thread hangs on, "" if that is the bot's own; whether it is cut.

        Raises SlackRefused.
        """
        ...


class ReadingOn:
    """Looks further where a message's own words were not enough."""

    def __init__(self, matcher: Matcher, is_own: Callable[[str, str], bool]) -> None:
        """``is_own`` tells whether a workspace's text is about the assistant's own app in an org."""
        self._matcher = matcher
        self._is_own = is_own

    def read(self, message: Message, found: Recognition, context: MessageContext) -> Recognition:
        """What a message means as an answer to the bot's own question, or below its answer."""
        above = context.above
        if above is not None and found.entry is None:
            if above.asks_for_url and (as_reply := self._error_in(message.text)) is not None:
                found = as_reply
            elif policy.is_below(message) and not message.text.strip():  # the bot's name alone
                return Recognition(above)
        # "it is prod" says which org, though by its words alone it may ask whether prod is up.
        return Recognition(None) if guidance_reply.is_guess(found) and policy.goes_on(message, context) else found

    def under(self, message: Message, thread: Thread) -> tuple[Message, Recognition] | None:
        """The message with the words that it stands under, where these show an error. Asks Slack, once."""
        try:
            given, cut = thread.thread_start()
        except SlackRefused as refused:
            log.info("cannot read what a question stands under", reason=refused.text)
            return None
        words = redact(given).text
        found = self._error_in(words)
        if found is None:
            return None
        text, own_app = f"{message.text}\n{words}".strip(), self._is_own(message.who.workspace, given)
        return replace(message, text=text, own_app=message.own_app or own_app, cut=message.cut or cut), found

    def _error_in(self, text: str) -> Recognition | None:
        found = self._matcher.recognise(text, asked=True)
        return found if found.entry is not None and found.entry.kind is Kind.ERROR else None
