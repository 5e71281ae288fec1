"""Messages in conversations: overheard in channels, said to the bot by mention or directly."""

from __future__ import annotations

from dataclasses import dataclass, replace

from slack_bolt import App, BoltContext
from slack_sdk import WebClient

from bot.domain.conversations.policy import Message
from bot.entrypoints.slack.kept_form import withheld_in
from bot.entrypoints.slack.message_events import Event, deleted_in, is_shared, mention_in, message_in
from bot.entrypoints.slack.surfaces import SurfacesOf
from bot.jobs import Job, Jobs, WaitsForOrgs
from bot.service.conversation import Conversation, Heard


@dataclass(frozen=True, slots=True)
class MessageListeners:
    """Reads messages and hands those over that concern the bot; who asked is told when that is not possible."""

    conversation: Conversation
    jobs: Jobs
    surfaces: SurfacesOf

    def register(self, app: App) -> None:
        """Attach to the Bolt app."""
        app.event("message")(self.on_message)
        app.event("app_mention")(self.on_mention)

    def on_message(self, body: Event, event: Event, context: BoltContext, client: WebClient) -> None:
        """A message in a conversation, an edit of one, or its end: a direct one is asked, any other overheard."""
        if deleted := deleted_in(event, context):
            self._take_back(deleted, client)
        elif message := message_in(event, context, shared=is_shared(body)):
            self._hand_over(replace(message, withheld=withheld_in(body)), client)

    def on_mention(self, body: Event, event: Event, context: BoltContext, client: WebClient) -> None:
        """The bot was named: whoever did so asks."""
        if message := mention_in(event, context, shared=is_shared(body)):
            self._hand_over(replace(message, withheld=withheld_in(body)), client)

    def _take_back(self, message: Message, client: WebClient) -> None:
        if not self.conversation.may_have_answer(message):
            return
        channel = self.surfaces(client).reply_channel(message)
        self.jobs.submit(Job(lambda _: self.conversation.take_back(message, channel), message.who, lane=_lane(message)))

    def _hand_over(self, message: Message, client: WebClient) -> None:
        heard = self.conversation.heard(message)
        if heard is None:
            if self.conversation.tells_news(message):
                self.jobs.submit(Job(lambda _: self.conversation.note(message), message.who, kept=False))
            return
        channel, command = self.surfaces(client).reply_channel(message), heard.command
        light, is_slow = command is not None and command.light, command is not None and command.slow
        tried = False
        meant: Heard | None = None

        def respond(again: bool) -> None:
            nonlocal meant, tried
            if meant is None:
                meant = self.conversation.understood(heard)
                if not is_slow and meant.command is not None and meant.command.slow:
                    raise WaitsForOrgs
            # Another process may have posted; whether a try of this one did, the channel knows.
            channel.unsure, tried = channel.unsure or (again and not tried), True
            self.conversation.respond_to(meant, channel, again=again)

        self.jobs.submit(
            Job(
                respond,
                message.who,
                channel.post if message.asked else None,
                slow=is_slow,
                once=command is not None and command.changes,
                kept=not light,
                # What is decided about one message must be remembered before the next is decided.
                lane=None if command else _lane(message),
            )
        )


def _lane(message: Message) -> str:
    return f"{message.who.workspace}/{message.who.channel}"
