"""Forms as modals: opened by a button, checked line by line, and then worked on in the jobs pool."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from bot.domain.answers import Answer, Field, Form
from bot.domain.errors import AskerError
from bot.domain.model import Asker
from bot.entrypoints.slack.blocks import FORM, message
from bot.entrypoints.slack.heard import Event, workspace_of
from bot.entrypoints.slack.outbox import asked
from bot.entrypoints.slack.text import cut, mrkdwn
from bot.entrypoints.slack.windows import show_in, window
from bot.guard import answer_for
from bot.jobs import Jobs

LINE = "line"
_TITLE, _PLACEHOLDER, _LABEL = 24, 150, 2000


class Filling(Protocol):
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
    """Opens forms and takes them. ``fillings`` are the kinds that there are."""

    fillings: Mapping[str, Filling]
    jobs: Jobs

    def register(self, app: App) -> None:
        """Attach to the Bolt app."""
        app.action(re.compile(rf"^{FORM}-"))(self.on_open)
        for kind in self.fillings:
            app.view(kind)(self.on_submit)

    def on_open(
        self, ack: Ack, body: Event, action: Event, context: BoltContext, client: WebClient, respond: Respond
    ) -> None:
        """A button that opens a form. Slack allows three seconds for that, so nothing slow comes before it."""
        ack()
        who = Asker(workspace_of(context), body["user"]["id"], (body.get("channel") or {}).get("id"))
        kind = action["action_id"].removeprefix(f"{FORM}-").partition(":")[0]

        form = partial(self.fillings[kind].form, who, action["value"])
        if "view" in body:  # in a window that is open already the form takes the answer's place
            here: str = body["view"]["id"]
            self._submit(
                lambda: show_in(client, here, modal(form())), lambda answer: show_in(client, here, window(answer))
            )
            return

        def show(answer: Answer) -> None:
            respond(response_type="ephemeral", replace_original=False, **message(answer))

        def work() -> None:
            view = modal(form())
            asked(lambda: client.views_open(trigger_id=body["trigger_id"], view=view))

        self._submit(work, show)

    def on_submit(self, ack: Ack, body: Event, view: Event, context: BoltContext, client: WebClient) -> None:
        """A form that was sent: refused line by line, or taken and answered in the direct messages."""
        who = Asker(workspace_of(context), body["user"]["id"])
        filling = self.fillings[view["callback_id"]]
        values = {block: str(state[LINE].get("value") or "") for block, state in view["state"]["values"].items()}
        if faults := filling.faults(values):
            ack(response_action="errors", errors=faults)
            return
        ack()

        def tell(answer: Answer) -> None:
            asked(lambda: client.chat_postMessage(channel=who.user, **message(answer)))

        self._submit(lambda: tell(filling.submit(who, view["private_metadata"], values)), tell)

    def _submit(self, work: Callable[[], None], show: Callable[[Answer], object]) -> None:
        try:
            self.jobs.submit(work, show)
        except AskerError as error:
            show(answer_for(error))


def modal(form: Form) -> Event:
    """The view."""
    text = {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn(form.text)}}
    return {
        "type": "modal",
        "callback_id": form.kind,
        "private_metadata": form.subject,
        "title": _plain(form.title, _TITLE),
        "submit": _plain(form.submit, _TITLE),
        "close": _plain("Cancel", _TITLE),
        "blocks": [text, *map(_input, form.fields)],
    }


def _input(field: Field) -> Event:
    element: Event = {"type": "plain_text_input", "action_id": LINE}
    if field.placeholder:
        element["placeholder"] = _plain(field.placeholder, _PLACEHOLDER)
    if field.value:
        element["initial_value"] = field.value
    block: Event = {
        "type": "input",
        "block_id": field.key,
        "label": _plain(field.label, _LABEL),
        "element": element,
    }
    return block | ({"hint": _plain(field.hint, _LABEL)} if field.hint else {})


def _plain(text: str, limit: int) -> Event:
    return {"type": "plain_text", "text": cut(text, limit), "emoji": False}
