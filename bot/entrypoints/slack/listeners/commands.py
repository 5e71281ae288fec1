"""What people type after ``/flosum``, press, and point at: acknowledged at once, then worked on in the jobs pool."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond

from bot.adapters.slack.views.blocks import OPEN, SAY, SHARE, message
from bot.adapters.slack.views.mrkdwn import incoming
from bot.domain.answers import Answer
from bot.domain.model import Asker
from bot.entrypoints.slack.message_events import Event, asker_in, readable
from bot.guard import Show
from bot.jobs import Jobs
from bot.service.assistant import Assistant

COMMAND = "/flosum"
EXPLAIN_ERROR = "explain_error"
"""The callback_id of the message shortcut, as manifest.yml has it."""


@dataclass(frozen=True, slots=True)
class CommandListeners:
    """The slash command, buttons in messages, and the message shortcut: whoever used them sees the answer."""

    assistant: Assistant
    jobs: Jobs
    gone: Callable[[str], bool]

    def register(self, app: App) -> None:
        """Attach to the Bolt app."""
        app.command(COMMAND)(self.on_command)
        app.message_shortcut(EXPLAIN_ERROR)(self.on_shortcut)
        app.action(re.compile(rf"^({SAY}|{SHARE}):"))(self.on_button)
        # A link button opens in the browser by itself; Slack only wants to hear that we know.
        app.action(re.compile(rf"^{OPEN}:"))(lambda ack: ack())

    def on_command(self, ack: Ack, command: Event, context: BoltContext, respond: Respond) -> None:
        """A slash command: the answer is seen by the asker alone."""
        ack()
        who = asker_in(context, command["user_id"], command["channel_id"])
        text = incoming(command.get("text") or "")
        show = partial(self._show, who, respond)
        self.jobs.submit_or_tell(lambda: _each(self.assistant.replies(who, text), show), show)

    def on_button(self, ack: Ack, body: Event, action: Event, context: BoltContext, respond: Respond) -> None:
        """A pressed button says its command for the presser; Share answers into the channel."""
        ack()
        channel = (body.get("channel") or {}).get("id")
        who = asker_in(context, body["user"]["id"], channel, team=body["user"].get("team_id"))
        public = action["action_id"].startswith(SHARE)
        thread = (body.get("message") or {}).get("thread_ts")
        show = partial(self._show, who, respond, replace_original=False, thread_ts=thread)
        said = action["value"]

        def work() -> None:
            if public:  # a channel is told once, when all is known
                show(self.assistant.share(who, said), share=True)
            else:
                _each(self.assistant.replies(who, said), show)

        self.jobs.submit_or_tell(work, show)

    def on_shortcut(self, ack: Ack, shortcut: Event, context: BoltContext, respond: Respond) -> None:
        """ "Explain this error" on any message, a bot's too: whoever used it sees the answer alone."""
        ack()
        who = asker_in(context, shortcut["user"]["id"], shortcut["channel"]["id"], team=shortcut["user"].get("team_id"))
        shown: Event = shortcut["message"]
        text = incoming(readable(shown, whole=True)).strip()
        show = partial(self._show, who, respond, replace_original=False, thread_ts=shown.get("thread_ts"))
        self.jobs.submit_or_tell(lambda: show(self.assistant.explain(who, text)), show)

    def _show(self, who: Asker, respond: Respond, answer: Answer, *, share: bool = False, **place: Any) -> None:
        if not self.gone(who.workspace):
            to_all = share and not answer.private
            respond(response_type="in_channel" if to_all else "ephemeral", **place, **message(answer))


def _each(answers: Iterable[Answer], show: Show) -> None:
    for answer in answers:
        show(answer)
