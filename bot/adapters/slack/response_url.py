"""Answers at a ``response_url``: to whoever typed a command or pressed a button, without a token.

Slack takes five answers there within 30 minutes. Where it takes none any more, or does not answer there repeatedly,
the answer goes to the person by the Web API: what was acknowledged is answered.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import structlog
from slack_sdk.webhook.webhook_response import WebhookResponse

from bot.adapters.slack.views.blocks import message
from bot.adapters.slack.web_api import (
    LOST,
    SILENT,
    WatchedClient,
    called,
    find_posted,
    seconds_asked_for,
    tell_privately,
)
from bot.domain.answers import Answer
from bot.domain.errors import SlackRefused
from bot.domain.model import Asker
from bot.ports import OfferTo, ResponsePlace

_OK, _TOO_MANY, _BROKEN = 200, 429, 500
_SILENT_AT_MOST = 2  # times in a row; then the Web API may be there where this address is not
SHARED = "flosum_shared"
_GONE = "Slack takes no answer there any more."

log = structlog.get_logger("assistant")


@dataclass(slots=True)
class SlackResponseUrl:
    """Where one person's request is answered. ``silent``: how often nothing came back from there.

    ``unsure``: what is to be shared may stand there already, so it is looked for before it is posted.
    """

    client: WatchedClient
    place: ResponsePlace
    who: Asker
    offer_to: OfferTo
    silent: int = 0
    unsure: bool = False

    def show(self, answer: Answer, *, share: bool = False) -> None:
        """Answer the person alone, or the channel. Raises SlackRefused."""
        place, answer = self.place, answer if share else self.offer_to(self.who, answer)
        # Of direct messages between people Slack does not say who reads them, so nothing is shared there.
        words = message(answer, alone=(self.who.channel or "").startswith("D"))
        if share and self.who.channel and self._shared(words, self.who.channel):
            return
        where = {"replace_original": place.replaces, "thread_ts": place.thread} if place.is_button else {}
        body = {"response_type": "in_channel" if share else "ephemeral", **where, **words}
        refusal = self._sent({name: value for name, value in body.items() if value is not None})
        if refusal is None:
            return
        self.silent += not refusal.clear
        if not refusal.permanent and self.silent < _SILENT_AT_MOST:
            raise refusal
        log.info("answered by the Web API instead", reason=refusal.text)
        # What could not be shared was refused by the Web API before, so it goes to the person.
        tell_privately(self.client, self.who.user, None if share else self.who.channel, place.thread, words)

    def _shared(self, words: dict[str, Any], channel: str) -> bool:
        """Post for everybody as the bot itself, which can be looked for and so stands there once; False where the bot
        is not in the channel. Raises SlackRefused.
        """
        key, thread = hashlib.sha256(self.place.url.encode()).hexdigest()[:16], self.place.thread
        metadata = {"event_type": SHARED, "event_payload": {"key": key}}
        try:
            if self.unsure and find_posted(self.client, channel, thread, metadata) is not None:
                return True
            called(lambda: self.client.chat_postMessage(channel=channel, thread_ts=thread, metadata=metadata, **words))
        except SlackRefused as refusal:
            if refusal.permanent:
                return False
            self.unsure = self.unsure or not refusal.clear
            raise
        return True

    def _sent(self, body: dict[str, Any]) -> SlackRefused | None:
        try:
            response = self.client.answer_at(self.place.url, body)
        except LOST:
            return SlackRefused(SILENT, permanent=False)
        return _refusal(response)


def _refusal(response: WebhookResponse) -> SlackRefused | None:
    """Why an answer was not taken; None where it was.

    Slack says ``ok``. A page with status 200 is a proxy's or an outage's.
    """
    body = (response.body or "").lstrip()
    if response.status_code == _TOO_MANY:
        pause = seconds_asked_for(response.headers or {})
        return SlackRefused(SILENT, permanent=False, clear=True, retry_after=pause)
    if response.status_code >= _BROKEN or body.startswith("<"):
        return SlackRefused(SILENT, permanent=False)
    refused = response.status_code != _OK or '"ok":false' in body.replace(" ", "")
    return SlackRefused(_GONE, permanent=True, clear=True) if refused else None
