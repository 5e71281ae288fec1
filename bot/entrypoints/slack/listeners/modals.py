"""Forms as modals: opened by a button, checked line by line, and then worked on in the jobs pool."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.adapters.slack.views.blocks import FORM
from bot.adapters.slack.views.modal import LINE, answer_modal, form_modal
from bot.domain.answers import Answer, Form
from bot.domain.model import Asker
from bot.entrypoints.slack.message_events import Event, asker_in
from bot.entrypoints.slack.surfaces import Place, SurfacesOf
from bot.jobs import Job, Jobs


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

    def on_open(self, ack: Ack, body: Event, action: Event, context: BoltContext, client: WebClient) -> None:
        """A button that opens a form. Slack allows three seconds for that, so nothing slow comes before it."""
        ack()
        channel = (body.get("channel") or {}).get("id")
        who = asker_in(context, body["user"]["id"], channel, team=body["user"].get("team_id"))
        kind = action["action_id"].removeprefix(f"{FORM}-").partition(":")[0]
        form, surfaces = partial(self.handlers[kind].form, who, action["value"]), self.surfaces(client)
        if body.get("view"):  # in a window that is open already the form takes the answer's place
            here: str = body["view"]["id"]
            self.jobs.submit(
                Job(
                    lambda _: surfaces.update_modal(here, form_modal(form())),
                    who,
                    lambda answer: surfaces.update_modal(here, answer_modal(answer)),
                )
            )
            return

        def work(_: bool) -> None:
            surfaces.open_modal(body["trigger_id"], form_modal(form()))

        show = surfaces.response(Place(body["response_url"], is_button=True), who)
        self.jobs.submit(Job(work, who, show, once=True))

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

        subject = view["private_metadata"]
        self.jobs.submit(Job(lambda _: [handler.submit(who, subject, values)], who, tell, slow=True, once=True))
