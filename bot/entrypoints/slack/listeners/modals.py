"""Forms as modals: opened by a button, checked line by line, and then worked on in the jobs pool."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import structlog
from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.adapters.slack.views.blocks import FORM
from bot.adapters.slack.views.modal import LINE, WAITING, answer_modal, entered, form_modal
from bot.domain.answers import Answer, Button, Form
from bot.domain.answers.typed import packed, unpacked
from bot.domain.conversations.leak_reply import line_warning
from bot.domain.errors import AssistantError, NotAllowed, SlackRefused
from bot.domain.model import Asker
from bot.domain.secrets.redaction import redact
from bot.entrypoints.slack.actions import said_by
from bot.entrypoints.slack.message_events import Event, asker_in
from bot.entrypoints.slack.surfaces import Posted, Surfaces, SurfacesOf
from bot.guard import answer_for
from bot.jobs import Job, Jobs
from bot.ports import FormHandler, ResponsePlace

NO_PLACE = "-"
"""What a Home tab kept that was published before it kept anything."""

log = structlog.get_logger("assistant")


Republish = Callable[[Surfaces, Asker, str], None]
"""Shows somebody their Home tab again; it is told what the view kept of what it showed. Raises SlackRefused."""


@dataclass(frozen=True, slots=True)
class FormListeners:
    """Opens forms and takes them. ``handlers`` are the kinds that there are.

    What was sent in a form over the Home tab shows there at once: ``republish`` brings the tab up to date.
    """

    handlers: Mapping[str, FormHandler]
    jobs: Jobs
    surfaces: SurfacesOf
    republish: Republish

    def register(self, app: App) -> None:
        """Attach to the Bolt app."""
        app.action(re.compile(rf"^{FORM}-({'|'.join(self.handlers)})(:|$)"))(self.on_open)
        for kind in self.handlers:
            app.view(kind)(self.on_submit)

    def on_open(self, ack: Ack, body: Event, action: Event, context: BoltContext, client: WebClient) -> None:
        """A button that opens a form. Slack allows three seconds for that: the window opens first, and fills later."""
        ack()
        channel = (body.get("channel") or {}).get("id")
        who = asker_in(context, body["user"]["id"], channel, team=body["user"].get("team_id"))
        kind = action["action_id"].removeprefix(f"{FORM}-").partition(":")[0]
        over = body.get("view") or {}
        # In a window that is open already the form takes the answer's place; nothing opens inside the Home tab.
        here = over["id"] if over.get("type") == "modal" else ""
        thread = (body.get("container") or {}).get("thread_ts") or (body.get("message") or {}).get("thread_ts")
        window = _Window(self.surfaces(client), who, body.get("response_url") or "", thread, here)

        def work(_: bool) -> list[Answer]:
            if not (window.shown or window.open(body["trigger_id"])):
                return [_too_late(kind, said_by(action))]
            subject, typed = unpacked(said_by(action))
            form = _with(self.handlers[kind].form(who, subject), typed)
            if not window.fill(replace(form, subject=_over_home(form.subject, over))):
                return [_closed(kind, said_by(action))]
            return []

        self.jobs.submit(Job(work, who, window.show, once=True))

    def on_submit(self, ack: Ack, body: Event, view: Event, context: BoltContext, client: WebClient) -> None:
        """A form that was sent: refused line by line, or taken and answered in the direct messages."""
        who = asker_in(context, body["user"]["id"], team=body["user"].get("team_id"))
        surfaces, kind = self.surfaces(client), view["callback_id"]
        handler = self.handlers[kind]
        values, secret_lines = typed_into(view)
        if faults := secret_lines or handler.faults(who, values):
            ack(response_action="errors", errors=faults)
            return
        ack()
        subject, _, place = view["private_metadata"].partition("\n")

        def work(_: bool) -> Iterator[Answer]:
            try:
                done = handler.submit(who, subject, values)
            except NotAllowed:
                raise
            except AssistantError as error:
                again = Button("Change what I typed", command=packed(subject, values), form=kind)
                yield replace(answer_for(error), buttons=(again,))
                return
            yield _keeping(done, kind, values)
            if place:
                self._show_at_home(surfaces, who, place)

        told = _Told(surfaces, who)
        said = f"{handler.doing}…"
        self.jobs.submit(
            Job(work, who, told.tell, slow=True, once=True, meanwhile=Answer(said), show_meanwhile=told.tell_meanwhile)
        )

    def _show_at_home(self, surfaces: Surfaces, who: Asker, place: str) -> None:
        try:
            self.republish(surfaces, who, place)
        except SlackRefused as refusal:  # it is done and told; the tab shows it when it is opened the next time
            log.info("Home is not up to date", reason=refusal.text)


def _over_home(subject: str, over: Event) -> str:
    """What a form is about, and what the Home tab below it shows, if one is below it."""
    place = over.get("private_metadata") or (NO_PLACE if over.get("type") == "home" else "")
    return f"{subject}\n{place}" if place else subject


@dataclass(slots=True)
class _Told:
    """What somebody is told in their direct messages; the answer takes the place of what was said meanwhile."""

    surfaces: Surfaces
    who: Asker
    line: Posted | None = None

    def tell_meanwhile(self, answer: Answer) -> None:
        """Say what is being done. Raises SlackRefused."""
        self.line = self.surfaces.direct_message(self.who, answer)

    def tell(self, answer: Answer) -> None:
        """Say what came of it. Raises SlackRefused."""
        self.surfaces.direct_message(self.who, answer, self.line)
        self.line = None  # what is said after it stands below


@dataclass(slots=True)
class _Window:
    """The window of a form: ``shown`` is its id, "" before it is open. ``url`` answers where its button stands."""

    surfaces: Surfaces
    who: Asker
    url: str
    thread: str | None = None
    shown: str = ""

    def open(self, trigger: str) -> bool:
        """Open it, with a word to wait; False where Slack does not, because the press is too old by now."""
        try:
            self.shown = self.surfaces.open_modal(trigger, answer_modal(WAITING))
        except SlackRefused as refusal:
            log.info("no window opened", reason=refusal.text)
        return bool(self.shown)

    def fill(self, form: Form) -> bool:
        """Show the form; False where somebody has closed the window by now. Raises SlackRefused."""
        try:
            self.surfaces.update_modal(self.shown, form_modal(form))
        except SlackRefused as refusal:
            if refusal.code not in _CLOSED:
                raise
            log.info("the window is closed", reason=refusal.text)
            self.shown = ""
        return bool(self.shown)

    def show(self, answer: Answer) -> None:
        """Show an answer in it; without it, where the button stands or in the direct messages. Raises SlackRefused."""
        if not self.shown and self.url:
            self.surfaces.response(ResponsePlace(self.url, self.thread, is_button=True), self.who)(answer)
            return
        try:
            if self.shown:
                self.surfaces.show_in_modal(self.shown, self.who, answer)
                return
        except SlackRefused as refusal:  # somebody closed it meanwhile
            if refusal.passing:
                raise
        self.surfaces.direct_message(self.who, answer)


_CLOSED = ("not_found", "hash_conflict")
"""Slack's codes for a window that is not there any more, or shows something else."""


def _too_late(kind: str, value: str) -> Answer:
    return _once_more(kind, value, "Slack did not open the form in time")


def _closed(kind: str, value: str) -> Answer:
    return _once_more(kind, value, "The window was closed before the form was in it")


def _once_more(kind: str, value: str, why: str) -> Answer:
    button = Button("Open the form", command=value, form=kind, primary=True)
    return Answer(why, "Nothing was changed. Press once more.", buttons=(button,), private=True)


# --- what was typed ------------------------------------------------------------------------------------


def typed_into(view: Event) -> tuple[dict[str, str], dict[str, str]]:
    """What was typed into a form that was sent, and what is said at each line that shows a secret.

    It is refused there, because what was typed is shown again, and some of it kept and shown to others.
    """
    values = {block: entered(state[LINE]) for block, state in view["state"]["values"].items()}
    found = {key: redact(value).secrets for key, value in values.items()}
    return values, {key: line_warning(secrets) for key, secrets in found.items() if secrets}


def _with(form: Form, typed: Mapping[str, str]) -> Form:
    fields = tuple(replace(field, value=typed.get(field.key, field.value)) for field in form.fields)
    return replace(form, fields=fields)


def _keeping(answer: Answer, kind: str, values: Mapping[str, str]) -> Answer:
    """An answer whose button for the same form opens it with what was typed."""
    buttons = (
        replace(button, command=packed(unpacked(button.command or "-")[0], values)) if button.form == kind else button
        for button in answer.buttons
    )
    return replace(answer, buttons=tuple(buttons))
