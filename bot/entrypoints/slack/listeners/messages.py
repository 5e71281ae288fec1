"""Messages in conversations: overheard in channels, said to the bot by mention or directly."""

from __future__ import annotations

from dataclasses import dataclass, replace

from slack_bolt import App, BoltContext
from slack_sdk import WebClient

from bot.domain.conversations.policy import Message
from bot.entrypoints.slack.kept_form import HEARD, withheld_in
from bot.entrypoints.slack.message_events import Event, deleted_in, is_shared, mention_in, message_in
from bot.entrypoints.slack.surfaces import SurfacesOf
from bot.jobs import Job, Jobs, WaitsForOrgs
from bot.service.conversation import AnswerUnderWay, Begun, Conversation, Heard, ReplyChannel


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
            self._hand_over(_as_kept(message, body), context, client)

    def on_mention(self, body: Event, event: Event, context: BoltContext, client: WebClient) -> None:
        """The bot was named: whoever did so asks."""
        if message := mention_in(event, context, shared=is_shared(body)):
            self._hand_over(_as_kept(message, body), context, client)

    def _take_back(self, message: Message, client: WebClient) -> None:
        if not self.conversation.may_have_answer(message):
            return
        channel = self.surfaces(client).reply_channel(message)
        self.jobs.submit(Job(lambda _: self.conversation.take_back(message, channel), message.who, lane=_lane(message)))

    def _hand_over(self, message: Message, context: BoltContext, client: WebClient) -> None:
        heard = self.conversation.heard(message)
        if heard is None:
            if self.conversation.tells_news(message):
                self.jobs.submit(Job(lambda _: self.conversation.note(message), message.who, kept=False))
            return
        context[HEARD] = heard
        channel, command = self.surfaces(client).reply_channel(message), heard.command
        self.jobs.submit(
            Job(
                _Answering(self.conversation, heard, channel),
                message.who,
                channel.tell if message.asked else None,
                once=command is not None and command.changes,
                kept=command is None or not command.light,
                # What is decided about one message must be remembered before the next is decided.
                lane=None if command else _lane(message),
                show_meanwhile=channel.say_meanwhile,
            )
        )


@dataclass(slots=True)
class _Answering:
    """Answers one message, maybe in several tries. What has to wait for orgs is taken on before it waits.

    So whoever says meanwhile what is being done is who answers.
    """

    conversation: Conversation
    heard: Heard
    channel: ReplyChannel
    meant: Heard | None = None
    begun: Begun | None = None
    tried: bool = False
    came_again: bool = False
    waited: bool = False

    def __call__(self, again: bool) -> None:
        """``again`` is true of a try after one that waited for an answer, too, and that one has begun nothing."""
        if not self.tried:
            self.came_again = again
        again, self.waited = self.came_again if self.waited else again, False
        try:
            self._answer(again)
        except AnswerUnderWay:
            self.waited, self.meant = True, None
            raise

    def _answer(self, again: bool) -> None:
        if self.begun is not None:
            begun, self.begun = self.begun, None
            self.conversation.carry_out(begun, self.channel)
            return
        # Another process may have posted; whether a try of this one did, the channel knows.
        self.channel.unsure, self.tried = self.channel.unsure or (again and not self.tried), True
        if self.meant is None:
            self.meant = self.conversation.understood(self.heard)
        if self.meant.command is None or not self.meant.command.slow:
            self.conversation.respond_to(self.meant, self.channel, again=again)
            return
        self.begun = self.conversation.begin(self.meant, again=again)
        if self.begun is not None:
            raise WaitsForOrgs(self.conversation.meanwhile(self.begun))


def _as_kept(message: Message, body: Event) -> Message:
    """The message with what its kept form does not show any more; itself where it is fresh from Slack."""
    withheld = withheld_in(body)
    return message if withheld is message.withheld else replace(message, withheld=withheld)


def _lane(message: Message) -> str:
    return f"{message.who.workspace}/{message.who.channel}"
