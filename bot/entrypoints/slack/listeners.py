"""What Slack sends us: acknowledged at once, then worked on in the jobs pool."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from bot.domain.answers import Answer
from bot.domain.conversations import replies
from bot.domain.conversations.policy import Spoken
from bot.domain.errors import AskerError
from bot.domain.model import Asker
from bot.entrypoints.slack.blocks import OPEN, SAY, SHARE, message
from bot.entrypoints.slack.heard import Event, mention_in, readable, spoken_in, workspace_of
from bot.entrypoints.slack.outbox import asked
from bot.entrypoints.slack.places import SlackPlace
from bot.entrypoints.slack.text import incoming
from bot.guard import answer_for
from bot.jobs import Jobs
from bot.ports import Store
from bot.service.assistant import Assistant
from bot.service.conversation import Conversation

COMMAND = "/flosum"
EXPLAIN_ERROR = "explain_error"
"""The callback_id of the message shortcut, as manifest.yml has it."""


@dataclass(frozen=True, slots=True)
class Listeners:
    """The bot's ears. Each listener acknowledges, then hands over to the jobs pool."""

    assistant: Assistant
    conversation: Conversation
    store: Store
    jobs: Jobs
    gone: Callable[[str], bool]

    def register(self, app: App) -> None:
        """Attach every listener to the Bolt app."""
        app.command(COMMAND)(self.on_command)
        app.event("message")(self.on_message)
        app.event("app_mention")(self.on_mention)
        app.event("app_home_opened", matchers=[lambda event: event.get("tab") == "messages"])(self.on_messages_tab)
        app.message_shortcut(EXPLAIN_ERROR)(self.on_shortcut)
        app.action(re.compile(rf"^({SAY}|{SHARE}):"))(self.on_button)
        app.action(re.compile(rf"^{OPEN}:"))(self.on_link)

    def on_command(self, ack: Ack, command: Event, context: BoltContext, respond: Respond) -> None:
        """A slash command: the answer is seen by the asker alone."""
        ack()
        who = Asker(workspace_of(context), command["user_id"], command["channel_id"])
        text = incoming(command.get("text") or "")

        def show(answer: Answer) -> None:
            if not self.gone(who.workspace):
                respond(response_type="ephemeral", **message(answer))

        self._submit(lambda: show(self.assistant.reply(who, text)), show)

    def on_button(self, ack: Ack, body: Event, action: Event, context: BoltContext, respond: Respond) -> None:
        """A pressed button says its command for the presser; Share answers into the channel."""
        ack()
        channel = (body.get("channel") or {}).get("id")
        who = Asker(workspace_of(context), body["user"]["id"], channel)
        public = action["action_id"].startswith(SHARE)
        thread = (body.get("message") or {}).get("thread_ts")

        def show(answer: Answer, *, share: bool = False) -> None:
            kind = "in_channel" if share else "ephemeral"
            if not self.gone(who.workspace):
                respond(response_type=kind, replace_original=False, thread_ts=thread, **message(answer))

        self._submit(lambda: show(self.assistant.reply(who, action["value"]), share=public), show)

    def on_link(self, ack: Ack) -> None:
        """A link button opens in the browser by itself; Slack only wants to hear that we know."""
        ack()

    def on_shortcut(self, ack: Ack, shortcut: Event, context: BoltContext, respond: Respond) -> None:
        """ "Explain this error" on any message, a bot's too: whoever used it sees the answer alone."""
        ack()
        who = Asker(workspace_of(context), shortcut["user"]["id"], shortcut["channel"]["id"])
        shown: Event = shortcut["message"]
        text = incoming(readable(shown, whole=True)).strip()

        def show(answer: Answer) -> None:
            thread = shown.get("thread_ts")
            if not self.gone(who.workspace):
                respond(response_type="ephemeral", replace_original=False, thread_ts=thread, **message(answer))

        self._submit(lambda: show(self.assistant.explain(who, text)), show)

    def on_message(self, event: Event, context: BoltContext, client: WebClient) -> None:
        """A message in a conversation, or an edit of one: a direct one is asked, one in a channel is overheard."""
        if spoken := spoken_in(event, context):
            self._hear(spoken, client)

    def on_mention(self, event: Event, context: BoltContext, client: WebClient) -> None:
        """The bot was named: whoever did so asks."""
        if spoken := mention_in(event, context):
            self._hear(spoken, client)

    def on_messages_tab(self, event: Event, context: BoltContext, client: WebClient) -> None:
        """Somebody opened the assistant's pane, which is the app's Messages tab: what they may begin with."""
        workspace = workspace_of(context)

        def suggest() -> None:
            prompts = [asdict(prompt) for prompt in replies.prompts(self.store.orgs(workspace))]
            asked(
                lambda: client.assistant_threads_setSuggestedPrompts(
                    channel_id=event["channel"], title=replies.PROMPTS_TITLE, prompts=prompts
                )
            )

        self._submit(suggest, None)

    def _hear(self, spoken: Spoken, client: WebClient) -> None:
        place = SlackPlace(client, spoken)
        self._submit(lambda: self.conversation.hear(spoken, place), place.post if spoken.asked else None)

    def _submit(self, work: Callable[[], None], show: Callable[[Answer], object] | None) -> None:
        try:
            self.jobs.submit(work, show)
        except AskerError as error:
            if show is not None:
                show(answer_for(error))
