"""What Slack sends us: acknowledged at once, then worked on in the jobs pool."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from bot.domain.errors import AskerError
from bot.domain.model import Answer, Asker, Heard
from bot.entrypoints.slack.blocks import OPEN, SAY, SHARE, message
from bot.entrypoints.slack.outbox import asked
from bot.entrypoints.slack.text import incoming, without_mention
from bot.guard import answer_for
from bot.jobs import Jobs
from bot.ports import Clock, Store
from bot.service import Assistant

COMMAND = "/flosum"
_SPOKEN = (None, "thread_broadcast", "file_share")
"""Message subtypes in which a person says something new."""

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Listeners:
    """The bot's ears. Each listener acknowledges, then hands over to the jobs pool."""

    assistant: Assistant
    store: Store
    jobs: Jobs
    clock: Clock

    def register(self, app: App) -> None:
        """Attach every listener to the Bolt app."""
        app.command(COMMAND)(self.on_command)
        app.event("message")(self.on_message)
        app.event("app_mention")(self.on_mention)
        app.action(re.compile(rf"^({SAY}|{SHARE}):"))(self.on_button)
        app.action(re.compile(rf"^{OPEN}:"))(self.on_link)

    def on_command(self, ack: Ack, command: Event, context: BoltContext, respond: Respond) -> None:
        """A slash command: the answer is seen by the asker alone."""
        ack()
        who = Asker(workspace_of(context), command["user_id"], command["channel_id"])
        text = incoming(command.get("text") or "")

        def show(answer: Answer) -> None:
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
            respond(response_type=kind, replace_original=False, thread_ts=thread, **message(answer))

        self._submit(lambda: show(self.assistant.reply(who, action["value"]), share=public), show)

    def on_link(self, ack: Ack) -> None:
        """A link button opens in the browser by itself; Slack only wants to hear that we know."""
        ack()

    def on_message(self, event: Event, context: BoltContext, client: WebClient) -> None:
        """A message in a conversation: a direct one is asked, one in a channel is overheard."""
        if event.get("subtype") not in _SPOKEN or event.get("bot_id") or not event.get("user"):
            return
        text = event.get("text") or ""
        if event.get("channel_type") != "im" and f"<@{context.bot_user_id}" in text:
            return  # the same message comes once more, as a mention
        self._hear(event, context, client, incoming(text), is_asked=event.get("channel_type") == "im")

    def on_mention(self, event: Event, context: BoltContext, client: WebClient) -> None:
        """The bot was named: whoever did so asks."""
        if event.get("bot_id") or not event.get("user"):
            return
        text = incoming(without_mention(event.get("text") or "", context.bot_user_id or ""))
        self._hear(event, context, client, text, is_asked=True)

    def _hear(self, event: Event, context: BoltContext, client: WebClient, text: str, *, is_asked: bool) -> None:
        who = Asker(workspace_of(context), event["user"], event["channel"])
        place = Place(client, event["channel"], _thread(event), event["user"])

        def work() -> None:
            heard = self._heard(who, text, is_asked)
            if (heard.answer or heard.private) and self._first_time(who, event["ts"]):
                place.show(heard)

        self._submit(work, place.tell if is_asked else None)

    def _heard(self, who: Asker, text: str, is_asked: bool) -> Heard:
        try:
            return self.assistant.hear(who, text, asked=is_asked)
        except AskerError as error:
            return Heard(answer_for(error))

    def _first_time(self, who: Asker, ts: str) -> bool:
        return self.store.claim_message(who.workspace, who.channel or "", ts, self.clock())

    def _submit(self, work: Callable[[], None], show: Callable[[Answer], object] | None) -> None:
        try:
            self.jobs.submit(work, show)
        except AskerError as error:
            if show is not None:
                show(answer_for(error))


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a conversation an answer belongs."""

    client: WebClient
    channel: str
    thread: str | None
    user: str

    def show(self, heard: Heard) -> None:
        """The answer for everyone there, and what only its author should see."""
        if heard.answer is not None:
            self.tell(heard.answer)
        if heard.private is not None:
            private = message(heard.private)
            asked(
                lambda: self.client.chat_postEphemeral(
                    channel=self.channel, user=self.user, thread_ts=self.thread, **private
                )
            )

    def tell(self, answer: Answer) -> None:
        """Post where the conversation is. Raises SlackRefused."""
        asked(
            lambda: self.client.chat_postMessage(
                channel=self.channel, thread_ts=self.thread, unfurl_links=False, unfurl_media=False, **message(answer)
            )
        )


def _thread(event: Event) -> str | None:
    """The thread to answer in; a direct message is answered beside it unless it is in a thread already."""
    thread: str | None = event.get("thread_ts")
    return thread or (None if event.get("channel_type") == "im" else str(event["ts"]))


def workspace_of(context: BoltContext) -> str:
    """What orgs are scoped by: the workspace, or the whole enterprise where the app is installed org-wide."""
    return context.team_id or context.enterprise_id or ""
