"""Messages in conversations: overheard in channels, said to the bot by mention or directly."""

from __future__ import annotations

from dataclasses import dataclass

from slack_bolt import App, BoltContext
from slack_sdk import WebClient

from bot.domain.conversations.policy import Message
from bot.entrypoints.slack.message_events import Event, is_shared, mention_in, message_in
from bot.entrypoints.slack.surfaces import SurfacesOf
from bot.jobs import Jobs
from bot.service.conversation import Conversation


@dataclass(frozen=True, slots=True)
class MessageListeners:
    """Reads messages and hands them over; who asked is told when that is not possible."""

    conversation: Conversation
    jobs: Jobs
    surfaces: SurfacesOf

    def register(self, app: App) -> None:
        """Attach to the Bolt app."""
        app.event("message")(self.on_message)
        app.event("app_mention")(self.on_mention)

    def on_message(self, event: Event, body: Event, context: BoltContext, client: WebClient) -> None:
        """A message in a conversation, or an edit of one: a direct one is asked, one in a channel is overheard."""
        if message := message_in(event, context, shared=is_shared(body)):
            self._hand_over(message, client)

    def on_mention(self, event: Event, body: Event, context: BoltContext, client: WebClient) -> None:
        """The bot was named: whoever did so asks."""
        if message := mention_in(event, context, shared=is_shared(body)):
            self._hand_over(message, client)

    def _hand_over(self, message: Message, client: WebClient) -> None:
        channel = self.surfaces(client).reply_channel(message)
        show = channel.post if message.asked else None
        self.jobs.submit_or_tell(lambda: self.conversation.respond(message, channel), show)
