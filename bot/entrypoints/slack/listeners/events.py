"""Events that are no message: somebody opens the assistant's pane."""

from __future__ import annotations

from dataclasses import dataclass

from slack_bolt import App, BoltContext
from slack_sdk import WebClient

from bot.domain.conversations import replies
from bot.domain.model import Asker
from bot.entrypoints.slack.message_events import Event, workspace_of
from bot.entrypoints.slack.surfaces import SurfacesOf
from bot.jobs import Job, Jobs
from bot.ports import Store


@dataclass(frozen=True, slots=True)
class EventListeners:
    """Suggests how a talk may begin."""

    store: Store
    jobs: Jobs
    surfaces: SurfacesOf

    def register(self, app: App) -> None:
        """Attach to the Bolt app."""
        # The Home tab brings the same event.
        app.event("app_home_opened", matchers=[lambda event: event.get("tab") == "messages"])(self.on_messages_tab)

    def on_messages_tab(self, event: Event, context: BoltContext, client: WebClient) -> None:
        """Somebody opened the assistant's pane, which is the app's Messages tab: what they may begin with."""
        workspace, surfaces = workspace_of(context), self.surfaces(client)

        def suggest(_: bool) -> None:
            prompts = replies.prompts(self.store.orgs(workspace))
            surfaces.suggest_prompts(event["channel"], replies.PROMPTS_TITLE, prompts)

        # A nicety that nobody waits for: it is offered anew when the pane is opened again.
        self.jobs.submit(Job(suggest, Asker(workspace, event["user"]), kept=False))
