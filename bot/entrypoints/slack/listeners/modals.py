"""Forms as modals: opened by a button, checked line by line, and then worked on in the jobs pool."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from bot.adapters.slack.views.blocks import FORM, message
from bot.adapters.slack.views.modal import LINE, answer_modal, form_modal
from bot.domain.answers import Answer, Form
from bot.domain.model import Asker
from bot.entrypoints.slack.message_events import Event, asker_in
from bot.entrypoints.slack.surfaces import SurfacesOf
from bot.jobs import Jobs


class FormHandler(Protocol):
    """What stands behind one kind of form."""

    def form(self, who: Asker, subject: str, /) -> Form:
        """The form, for somebody who may have it. Raises AskerError for others."""
        ...

    def faults(self, values: dict[str, str], /) -> dict[str, str]:
        """What is wrong, by line; at once, because Slack waits for it."""
        ...

    def submit(self, who: Asker, subject: str, values: dict[str, str], /) -> Answer:
        """Do what the form is for."""
        ...


@dataclass(frozen=True, slots=True)
class FormListeners:
    """Opens forms and takes them. ``handlers`` are the kinds that there are."""

    handlers: Mapping[str, FormHandler]
    jobs: Jobs
    surfaces: SurfacesOf

    def register(self, app: App) -> None:
        """Attach to the Bolt app."""
        app.action(re.compile(rf"^{FORM}-"))(self.on_open)
        for kind in self.handlers:
            app.view(kind)(self.on_submit)

    def on_open(
        self, ack: Ack, body: Event, action: Event, context: BoltContext, client: WebClient, respond: Respond
    ) -> None:
        """A button that opens a form. Slack allows three seconds for that, so nothing slow comes before it."""
        ack()
        channel = (body.get("channel") or {}).get("id")
        who = asker_in(context, body["user"]["id"], channel, team=body["user"].get("team_id"))
        kind = action["action_id"].removeprefix(f"{FORM}-").partition(":")[0]

        form, surfaces = partial(self.handlers[kind].form, who, action["value"]), self.surfaces(client)
        if body.get("view"):  # in a window that is open already the form takes the answer's place
            here: str = body["view"]["id"]
            self.jobs.submit_or_tell(
                lambda: surfaces.update_modal(here, form_modal(form())),
                lambda answer: surfaces.update_modal(here, answer_modal(answer)),
            )
            return

        def work() -> None:
            surfaces.open_modal(body["trigger_id"], form_modal(form()))

        self.jobs.submit_or_tell(
            work, lambda answer: respond(response_type="ephemeral", replace_original=False, **message(answer))
        )

    def on_submit(self, ack: Ack, body: Event, view: Event, context: BoltContext, client: WebClient) -> None:
        """A form that was sent: refused line by line, or taken and answered in the direct messages."""
        who = asker_in(context, body["user"]["id"], team=body["user"].get("team_id"))
        surfaces = self.surfaces(client)
        handler = self.handlers[view["callback_id"]]
        values = {block: str(state[LINE].get("value") or "") for block, state in view["state"]["values"].items()}
        if faults := handler.faults(values):
            ack(response_action="errors", errors=faults)
            return
        ack()

        def tell(answer: Answer) -> None:
            surfaces.direct_message(who.user, answer)

        self.jobs.submit_or_tell(lambda: tell(handler.submit(who, view["private_metadata"], values)), tell)
