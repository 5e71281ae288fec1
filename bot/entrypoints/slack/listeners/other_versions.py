"""Buttons and forms that this version does not know: older ones stay in channels, newer ones outlive a step back."""

from __future__ import annotations

import re
from dataclasses import dataclass

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.adapters.slack.views.modal import answer_modal
from bot.domain.answers import Answer
from bot.domain.conversations.entry_reply import ALL_COMMANDS
from bot.entrypoints.slack.listeners.commands import response_place
from bot.entrypoints.slack.listeners.home import place_in, publish
from bot.entrypoints.slack.message_events import Event, asker_in
from bot.entrypoints.slack.surfaces import SurfacesOf
from bot.guard import Show
from bot.jobs import Job, Jobs
from bot.service.home import HomeTab

_ANY = re.compile("")

_BUTTON = Answer(
    "That button is of another version of mine",
    "Nothing was done. Type what it was for; `/flosum help` lists what there is.",
    buttons=(ALL_COMMANDS,),
    private=True,
)
_FORM = Answer("That form is of another version of mine", "Nothing was changed. Open it again where you opened it.")


@dataclass(frozen=True, slots=True)
class OtherVersionsListeners:
    """Whoever uses one is told so. To be registered last: it takes whatever nobody else does."""

    home: HomeTab
    jobs: Jobs
    surfaces: SurfacesOf

    def register(self, app: App) -> None:
        """Attach to the Bolt app."""
        app.action(_ANY)(self.on_button)
        app.view(_ANY)(self.on_form)

    def on_button(self, ack: Ack, body: Event, action: Event, context: BoltContext, client: WebClient) -> None:
        """A button, told of where it stands; Home is shown as it is now instead."""
        ack()
        channel = (body.get("channel") or {}).get("id")
        who = asker_in(context, body["user"]["id"], channel, team=body["user"].get("team_id"))
        surfaces, view = self.surfaces(client), body.get("view") or {}
        show: Show
        if view.get("type") == "home":
            show = lambda told: publish(surfaces, who, self.home.page(who, place_in(body), told.headline))  # noqa: E731
        elif view:
            show = lambda told: surfaces.update_modal(view["id"], answer_modal(told))  # noqa: E731
        else:
            show = surfaces.response(response_place(body, action, channel), who)
        self.jobs.submit(Job(lambda _: [_BUTTON], who, show))

    def on_form(self, ack: Ack) -> None:
        """A form, told of in its window."""
        ack(response_action="update", view=answer_modal(_FORM))
