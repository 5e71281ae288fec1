"""Events that are no message: the assistant's pane is opened, the bot is invited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from slack_bolt import App, BoltContext
from slack_sdk import WebClient

from bot.domain.conversations import replies
from bot.domain.conversations.replies import Prompt
from bot.domain.model import Asker
from bot.entrypoints.slack.message_events import Event, asker_in, team_of
from bot.entrypoints.slack.surfaces import SurfacesOf
from bot.jobs import Job, Jobs


@dataclass(frozen=True, slots=True)
class EventListeners:
    """Suggests how a talk may begin, and greets. ``invited`` is told of a workspace, a channel and the event's time;
    ``came`` of who opened the talk with the bot, and where that is.
    """

    invited: Callable[[str, str, str], None]
    came: Callable[[Asker, str], None]
    prompts: Callable[[Asker], Sequence[Prompt]]
    jobs: Jobs
    surfaces: SurfacesOf

    def register(self, app: App) -> None:
        """Attach to the Bolt app."""
        # The Home tab brings the same event.
        app.event("app_home_opened", matchers=[lambda event: event.get("tab") == "messages"])(self.on_messages_tab)

        app.event("member_joined_channel")(self.on_joined)

    def on_joined(self, event: Event, body: Event, context: BoltContext) -> None:
        """Somebody came into a channel: the bot greets where that is itself."""
        if event["user"] != context.bot_user_id:
            return
        who, at = asker_in(context, event["user"], event["channel"]), str(body.get("event_time") or "")
        self.jobs.submit(Job(lambda _: self.invited(who.workspace, event["channel"], at), who))

    def on_messages_tab(self, event: Event, context: BoltContext, client: WebClient) -> None:
        """Somebody opened the assistant's pane, which is the app's Messages tab: what they may begin with."""
        who, surfaces = asker_in(context, event["user"], team=team_of(event)), self.surfaces(client)

        def suggest(_: bool) -> None:
            surfaces.suggest_prompts(event["channel"], replies.PROMPTS_TITLE, self.prompts(who))

        # Niceties that nobody waits for: they are offered anew when the pane is opened again.
        self.jobs.submit(Job(suggest, who, kept=False))
        self.jobs.submit(Job(lambda _: self.came(who, event["channel"]), who, kept=False))
