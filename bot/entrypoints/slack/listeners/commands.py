"""What people type after ``/flosum``, press, and point at: acknowledged at once, then worked on in the jobs pool."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.adapters.slack.views.blocks import HERE, OPEN, SAY, SHARE
from bot.adapters.slack.views.mrkdwn import incoming
from bot.adapters.slack.views.reading import is_cut, readable
from bot.domain.answers import Answer
from bot.domain.command import MAY_TURN_OUT, Command, parse
from bot.domain.conversations import replies
from bot.domain.conversations.withheld import Withheld
from bot.domain.model import Asker
from bot.entrypoints.slack.actions import said_by
from bot.entrypoints.slack.kept_form import KEPT, PLAIN, withheld_in
from bot.entrypoints.slack.message_events import Event, asker_in
from bot.entrypoints.slack.surfaces import ShowAt, SurfacesOf
from bot.guard import Show
from bot.jobs import Job, Jobs, WaitsForOrgs, Work
from bot.ports import ResponsePlace
from bot.service.assistant import Assistant

COMMAND = "/flosum"
EXPLAIN_ERROR = "explain_error"
"""The callback_id of the message shortcut, as manifest.yml has it."""


@dataclass(frozen=True, slots=True)
class CommandListeners:
    """The slash command, buttons in messages, and the message shortcut: whoever used them sees the answer."""

    assistant: Assistant
    jobs: Jobs
    surfaces: SurfacesOf
    gone: Callable[[str], bool]

    def register(self, app: App) -> None:
        """Attach to the Bolt app."""
        app.command(COMMAND)(self.on_command)
        app.message_shortcut(EXPLAIN_ERROR)(self.on_shortcut)
        in_message = [lambda body: not body.get("view")]  # those on Home are answered there
        app.action(re.compile(rf"^({SAY}|{HERE}|{SHARE}):"), matchers=in_message)(self.on_button)
        # A link button opens in the browser by itself; Slack only wants to hear that we know.
        app.action(re.compile(rf"^{OPEN}:"))(lambda ack: ack())

    def on_command(self, ack: Ack, body: Event, command: Event, context: BoltContext, client: WebClient) -> None:
        """A slash command: the answer is seen by the asker alone."""
        ack()
        who = asker_in(context, command["user_id"], command["channel_id"])
        text, withheld = _plain(command, command.get("text") or ""), withheld_in(body)
        show = self._shown(who, self.surfaces(client).response(ResponsePlace(command["response_url"]), who))
        read = parse(text)
        work = self._work(who, text, read, withheld)
        self.jobs.submit(job_for(read, work, who, show, self._to_members(who, show)))

    def _work(self, who: Asker, text: str, read: Command, withheld: Withheld) -> Work:
        """Answers a line; where that turns out to wait for an org, on the threads for that."""
        looked = read.verb not in MAY_TURN_OUT  # what is a command is known to wait or not

        def work(_again: bool) -> Iterator[Answer]:
            nonlocal looked
            if not looked:
                looked = True
                if meant := self.assistant.waits(who, text):
                    raise WaitsForOrgs(replies.meanwhile(meant))
            yield from self.assistant.replies(who, text, read, withheld)

        return work

    def on_button(self, ack: Ack, body: Event, action: Event, context: BoltContext, client: WebClient) -> None:
        """A pressed button says its command for the presser; Share answers into the channel."""
        ack()
        channel = (body.get("channel") or {}).get("id")
        who = asker_in(context, body["user"]["id"], channel, team=body["user"].get("team_id"))
        at, said = self.surfaces(client).response(response_place(body, action, channel), who), said_by(action)
        command, show = parse(said), self._shown(who, at)
        to_members = self._to_members(who, show)
        if action["action_id"].startswith(SHARE):  # a channel is told once, when all is known
            job = self._sharing(who, said, command, at)
        else:
            job = job_for(command, lambda _: self.assistant.replies(who, said, command), who, show, to_members)
        self.jobs.submit(job)

    def _sharing(self, who: Asker, said: str, command: Command, at: ShowAt) -> Job:
        """A channel reads what was asked for; that it could not be had is for whoever pressed."""
        shared: list[Answer] = []

        def work(_again: bool) -> Sequence[Answer]:
            shared.append(self.assistant.share(who, said))
            return shared

        def show(answer: Answer) -> None:
            at(answer, share=not answer.private and any(answer is each for each in shared))

        return job_for(command, work, who, self._shown(who, show), self._to_members(who, self._shown(who, at)))

    def on_shortcut(self, ack: Ack, body: Event, shortcut: Event, context: BoltContext, client: WebClient) -> None:
        """ "Explain this error" on any message, a bot's too: whoever used it sees the answer alone."""
        ack()
        who = asker_in(context, shortcut["user"]["id"], shortcut["channel"]["id"], team=shortcut["user"].get("team_id"))
        message: Event = shortcut["message"]
        text, withheld = _plain(message, readable(message, whole=True)).strip(), withheld_in(body)
        place = ResponsePlace(shortcut["response_url"], message.get("thread_ts"), is_button=True)
        show = self._shown(who, self.surfaces(client).response(place, who))
        cut = is_cut(message)
        self.jobs.submit(Job(lambda _: [self.assistant.explain(who, text, withheld, cut=cut)], who, show))

    def _to_members(self, who: Asker, show: Show) -> Show:
        """What is said meanwhile tells which org is read."""

        def show_meanwhile(answer: Answer) -> None:
            if self.assistant.may_see_orgs(who):
                show(answer)

        return show_meanwhile

    def _shown(self, who: Asker, at: ShowAt | Show) -> Show:
        def show(answer: Answer) -> None:
            if not self.gone(who.workspace):
                at(answer)

        return show


def _plain(said: Event, text: str) -> str:
    """What somebody wrote; of what was kept that is there already."""
    return text if said.get(PLAIN) else incoming(text)


def response_place(body: Event, action: Event, channel: str | None) -> ResponsePlace:
    """Where a button's answer goes: its thread; in its message's place where that is meant, and only one person's.

    A private message in a thread is told without its text: its place stands in the container alone.
    """
    container = body.get("container") or {}
    thread = container.get("thread_ts") or (body.get("message") or {}).get("thread_ts")
    own = bool(container.get("is_ephemeral")) or (channel or "").startswith("D")
    return ResponsePlace(
        body["response_url"],
        thread,
        is_button=True,
        replaces=own and action["action_id"].startswith(HERE),
        unsure=KEPT in body,
    )


def job_for(command: Command, work: Work, who: Asker, show: Show, show_meanwhile: Show | None = None) -> Job:
    """What was said, as a job of the kind that it is."""
    return Job(
        work,
        who,
        show,
        slow=command.slow,
        once=command.changes,
        kept=not command.light,
        meanwhile=None if who.stranger else replies.meanwhile(command),
        show_meanwhile=show_meanwhile,
    )
