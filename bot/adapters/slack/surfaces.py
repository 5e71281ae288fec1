"""Where the bot shows something beside conversations: modals, the Home tab, direct messages, the assistant's pane."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import structlog

from bot.adapters.slack.reply_channel import SlackReplyChannel
from bot.adapters.slack.response_url import SlackResponseUrl
from bot.adapters.slack.views.blocks import message
from bot.adapters.slack.views.modal import answer_modal
from bot.adapters.slack.web_api import WatchedClient, called
from bot.domain.answers import Answer
from bot.domain.conversations.policy import Message
from bot.domain.conversations.replies import Prompt
from bot.domain.errors import SlackRefused
from bot.domain.model import Asker
from bot.ports import OfferTo, ResponsePlace

View = dict[str, Any]
Posted = tuple[str, str]

log = structlog.get_logger("assistant")


@dataclass(frozen=True, slots=True)
class SlackSurfaces:
    """The surfaces of one workspace. Every method raises SlackRefused.

    ``offer_to`` fits answers to the one person who sees them.
    """

    client: WatchedClient
    offer_to: OfferTo

    def open_modal(self, trigger: str, view: View) -> str:
        """Open a modal, and return its id: Slack takes a trigger for 3 seconds only."""
        return str(called(lambda: self.client.views_open(trigger_id=trigger, view=view))["view"]["id"])

    def update_modal(self, view_id: str, view: View) -> None:
        """Put something else into a modal."""
        called(lambda: self.client.views_update(view_id=view_id, view=view))

    def show_in_modal(self, view_id: str, who: Asker, answer: Answer, place: str = "") -> None:
        """Put an answer into somebody's modal; ``place`` is what the Home tab below it shows."""
        self.update_modal(view_id, answer_modal(self.offer_to(who, answer), place))

    def publish_home(self, user: str, view: View) -> None:
        """Show somebody their Home tab."""
        called(lambda: self.client.views_publish(user_id=user, view=view))

    def direct_message(self, who: Asker, answer: Answer, line: Posted | None = None) -> Posted:
        """Tell somebody in their direct messages with the bot, in the place of ``line`` if that stands there."""
        words = message(self.offer_to(who, answer), alone=True)
        if line is not None:
            channel, ts = line
            try:
                called(lambda: self.client.chat_update(channel=channel, ts=ts, **words))
            except SlackRefused as refusal:
                if not refusal.permanent:
                    raise
                log.info("the line cannot be changed", reason=refusal.text)  # somebody deleted it
            else:
                return line
        posted = called(lambda: self.client.chat_postMessage(channel=who.user, **words))
        return str(posted["channel"]), str(posted["ts"])

    def suggest_prompts(self, channel: str, title: str, prompts: Sequence[Prompt]) -> None:
        """Show what a talk in the assistant's pane may begin with."""
        shown = [asdict(prompt) for prompt in prompts]
        called(
            lambda: self.client.assistant_threads_setSuggestedPrompts(channel_id=channel, title=title, prompts=shown)
        )

    def reply_channel(self, heard: Message) -> SlackReplyChannel:
        """Where replies to a message go."""
        return SlackReplyChannel(self.client, heard, self.offer_to)

    def response(self, place: ResponsePlace, who: Asker) -> Callable[..., None]:
        """Where a command or a button is answered."""
        return SlackResponseUrl(self.client, place, who, self.offer_to, unsure=place.unsure).show
