"""Events that are no message: the assistant's pane is opened, the bot is invited, somebody leaves."""

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
    """Suggests how a talk may begin, greets, and notes who leaves.

    ``invited`` is told of a workspace, a channel and the event's time, ``left`` of a workspace and who left it.
    """

    invited: Callable[[str, str, str], None]
    left: Callable[[str, str], None]
    prompts: Callable[[Asker], Sequence[Prompt]]
    jobs: Jobs
    surfaces: SurfacesOf

    def register(self, app: App) -> None:
        """Attach to the Bolt app."""
        # The Home tab brings the same event.
        app.event("app_home_opened", matchers=[lambda event: event.get("tab") == "messages"])(self.on_messages_tab)

        app.event("member_joined_channel")(self.on_joined)
        app.event("user_change")(self.on_person_changed)

    def on_person_changed(self, event: Event, context: BoltContext) -> None:
        """Whatever changed about somebody; that they were deactivated concerns the orgs that they look after."""
        person: Event = event["user"]
        if person.get("deleted") is not True:
            return
        who = asker_in(context, person["id"])
        self.jobs.submit(Job(lambda _: self.left(who.workspace, who.user), who))

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

        # A nicety that nobody waits for: it is offered anew when the pane is opened again.
        self.jobs.submit(Job(suggest, who, kept=False))
