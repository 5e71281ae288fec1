"""Answers at a ``response_url``: to whoever typed a command or pressed a button, without a token.

Slack takes five answers there within 30 minutes. Where it takes none any more, or does not answer there repeatedly,
the answer goes to the person by the Web API: what was acknowledged is answered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient
from slack_sdk.webhook.webhook_response import WebhookResponse

from bot.adapters.slack.views.blocks import message
from bot.adapters.slack.web_api import LOST, SILENT, TIMEOUT, called, seconds_asked_for
from bot.domain.answers import Answer
from bot.domain.errors import SlackRefused

_OK, _TOO_MANY, _BROKEN = 200, 429, 500
_SILENT_AT_MOST = 2  # times in a row; then the Web API may be there where this address is not
_GONE = "Slack takes no answer there any more."

log = structlog.get_logger("assistant")


@dataclass(slots=True)
class SlackResponseUrl:
    """Where one person's request is answered. ``replaces``: the answer takes the place of the button's message."""

    client: WebClient
    url: str
    user: str
    channel: str | None
    thread: str | None = None
    is_button: bool = False
    replaces: bool = False
    silent: int = 0

    def show(self, answer: Answer, *, share: bool = False) -> None:
        """Answer the person alone, or the channel. Raises SlackRefused."""
        words = message(answer)
        place: dict[str, Any] = {"replace_original": self.replaces, "thread_ts": self.thread} if self.is_button else {}
        body = {"response_type": "in_channel" if share else "ephemeral", **place, **words}
        refusal = self._sent({name: value for name, value in body.items() if value is not None})
        if refusal is None:
            return
        self.silent += not refusal.clear
        if not refusal.permanent and self.silent < _SILENT_AT_MOST:
            raise refusal
        log.info("answered by the Web API instead", reason=refusal.text)
        self._post(words, share=share)

    def _sent(self, body: dict[str, Any]) -> SlackRefused | None:
        webhook = WebhookClient(
            self.url, timeout=TIMEOUT, ssl=self.client.ssl, proxy=self.client.proxy, retry_handlers=[]
        )
        try:
            response = webhook.send_dict(body)
        except LOST:
            return SlackRefused(SILENT, permanent=False)
        return _refusal(response)

    def _post(self, words: dict[str, Any], *, share: bool) -> None:
        slack, channel, user, thread = self.client, self.channel, self.user, self.thread
        tries: list[Callable[[], Any]] = []
        if channel and share:
            tries.append(lambda: slack.chat_postMessage(channel=channel, thread_ts=thread, **words))
        elif channel:
            tries.append(lambda: slack.chat_postEphemeral(channel=channel, user=user, thread_ts=thread, **words))
        tries.append(lambda: slack.chat_postMessage(channel=user, **words))
        for attempt in tries[:-1]:
            try:
                called(attempt)
            except SlackRefused as refusal:
                if not refusal.permanent:
                    raise
            else:
                return
        called(tries[-1])


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
