"""What the Home tab does: it is published when somebody opens it, and again after each of its buttons."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.adapters.slack.views.blocks import HERE, SAY
from bot.adapters.slack.views.home import CHECK, CHECK_ALL, CHOOSE, CONNECT, PAGE, TELL, view
from bot.adapters.slack.views.modal import WAITING, answer_modal, form_modal
from bot.domain.answers import Answer
from bot.domain.command import parse
from bot.domain.errors import SlackRefused
from bot.domain.model import Asker
from bot.domain.orgs.home_report import CONNECT_FORM, Home, Place, place_of
from bot.entrypoints.slack.actions import said_by
from bot.entrypoints.slack.listeners.commands import job_for
from bot.entrypoints.slack.listeners.modals import Republish, typed_into
from bot.entrypoints.slack.message_events import Event, asker_in, team_of
from bot.entrypoints.slack.surfaces import Surfaces, SurfacesOf
from bot.jobs import Job, Jobs
from bot.ports import FormHandler
from bot.service.home import HomeTab

SETTLED = 0.5
"""Seconds after an acknowledgement by which Slack shows what that carried."""


@dataclass(frozen=True, slots=True)
class HomeListeners:
    """Publishes the Home tab when it is opened, and again after each of its buttons."""

    home: HomeTab
    new_org: FormHandler
    reply: Callable[[Asker, str], Answer]
    jobs: Jobs
    surfaces: SurfacesOf

    def register(self, app: App) -> None:
        """Attach to the Bolt app; before the listeners of buttons in messages, which look alike."""
        # The Messages tab brings the same event, and is somebody else's.
        app.event("app_home_opened", matchers=[lambda event: event.get("tab") == "home"])(self.on_opened)
        app.action(re.compile(rf"^{CHECK}:"))(self.on_check)
        app.action(CHECK_ALL)(self.on_check_all)
        app.action(re.compile(rf"^{PAGE}:"))(self.on_page)
        app.action(CHOOSE)(self.on_choose)
        app.action(re.compile(rf"^{TELL}:"))(self.on_tell)
        app.action(CONNECT)(self.on_connect)
        app.view(CONNECT_FORM)(self.on_named)
        app.action(re.compile(rf"^({SAY}|{HERE}):"), matchers=[lambda body: bool(body.get("view"))])(
            self.on_tell_in_window
        )

    def on_opened(self, event: Event, context: BoltContext, client: WebClient) -> None:
        """Somebody opened the Home tab."""
        who, surfaces = asker_in(context, event["user"], team=team_of(event)), self.surfaces(client)
        chosen = place_of((event.get("view") or {}).get("private_metadata") or "").chosen  # as it was left
        self._submit(lambda at: publish(surfaces, who, self.home.page(who, at)), surfaces, who, Place(1, chosen))

    def on_check(self, ack: Ack, body: Event, action: Event, context: BoltContext, client: WebClient) -> None:
        """Read one org live, and show what it says."""
        ack()
        who, surfaces = _asker(body, context), self.surfaces(client)
        number, name = _page_and(said_by(action))

        def work(at: Place) -> None:
            publish(surfaces, who, self.home.page(who, at, "Checking with Salesforce…"))
            publish(surfaces, who, self.home.check(who, name, at))

        self._submit(work, surfaces, who, place_in(body, number), slow=True)

    def on_check_all(self, ack: Ack, body: Event, action: Event, context: BoltContext, client: WebClient) -> None:
        """Read every org live, and show what they say."""
        ack()
        who, surfaces = _asker(body, context), self.surfaces(client)
        number, _ = _page_and(said_by(action))

        def work(at: Place) -> None:
            publish(surfaces, who, self.home.page(who, at, "Checking all orgs with Salesforce…"))
            for page in self.home.check_all(who, at):
                publish(surfaces, who, page)

        self._submit(work, surfaces, who, place_in(body, number), slow=True)

    def on_page(self, ack: Ack, body: Event, action: Event, context: BoltContext, client: WebClient) -> None:
        """Turn the page."""
        ack()
        who, surfaces = _asker(body, context), self.surfaces(client)
        number, _ = _page_and(said_by(action))
        self._submit(lambda at: publish(surfaces, who, self.home.page(who, at)), surfaces, who, place_in(body, number))

    def on_choose(self, ack: Ack, body: Event, action: Event, context: BoltContext, client: WebClient) -> None:
        """Show some of the orgs, from their first page on."""
        ack()
        who, surfaces, place = _asker(body, context), self.surfaces(client), Place(1, said_by(action))
        self._submit(lambda at: publish(surfaces, who, self.home.page(who, at)), surfaces, who, place)

    def on_tell(self, ack: Ack, body: Event, action: Event, context: BoltContext, client: WebClient) -> None:
        """Say a command for the presser; the answer opens over the Home tab."""
        ack()
        who, surfaces, said = _asker(body, context), self.surfaces(client), said_by(action)
        window = Window(surfaces, who, self.home, place_in(body))

        def work(_: bool) -> Iterator[Answer]:
            window.open(body["trigger_id"])
            yield self.reply(who, said)
            publish(surfaces, who, self.home.page(who, window.place))

        self.jobs.submit(Job(work, who, window.show, slow=parse(said).slow, once=True))

    def on_tell_in_window(self, ack: Ack, body: Event, action: Event, context: BoltContext, client: WebClient) -> None:
        """A button of an answer that stands in such a window: the next answer takes its place."""
        ack()
        who, surfaces, said = _asker(body, context), self.surfaces(client), said_by(action)
        window = Window(surfaces, who, self.home, place_in(body), body["view"]["id"])

        def work(_: bool) -> Iterator[Answer]:
            yield self.reply(who, said)
            publish(surfaces, who, self.home.page(who, window.place))

        self.jobs.submit(job_for(parse(said), work, who, window.show))

    def on_connect(self, ack: Ack, body: Event, context: BoltContext, client: WebClient) -> None:
        """Ask what the new org is called; who may not connect one is told so first."""
        ack()
        who, surfaces = _asker(body, context), self.surfaces(client)
        window = Window(surfaces, who, self.home, place_in(body))

        def work(_: bool) -> None:
            opened = window.open(body["trigger_id"])
            form = replace(self.home.connect_form(who), subject=window.place.text)
            surfaces.update_modal(opened, form_modal(form))

        self.jobs.submit(Job(work, who, window.show, once=True))

    def on_named(self, ack: Ack, body: Event, view: Event, context: BoltContext, client: WebClient) -> None:
        """The name of a new org: the ways to connect it take the form's place."""
        lines, secret_lines = typed_into(view)
        who, surfaces = _asker(body, context), self.surfaces(client)
        if faults := secret_lines or self.new_org.faults(who, lines):
            ack(response_action="errors", errors=faults)
            return
        place = place_of(view["private_metadata"])
        ack(response_action="update", view=answer_modal(WAITING, place.text))
        show = Window(surfaces, who, self.home, place, view["id"]).show
        # What comes before Slack has put the waiting view there would be covered by it.
        self.jobs.submit(Job(lambda _: [self.new_org.submit(who, "", lines)], who, show, after=SETTLED))

    def _submit(
        self, work: Callable[[Place], None], surfaces: Surfaces, who: Asker, place: Place, *, slow: bool = False
    ) -> None:
        def show(answer: Answer) -> None:
            publish(surfaces, who, self.home.page(who, place, answer.headline))

        self.jobs.submit(Job(lambda _: work(place), who, show, slow=slow))


@dataclass(slots=True)
class Window:
    """A modal over somebody's Home tab, ``opened`` or not yet: without one, Home itself tells what there is to tell.

    ``place`` is what the tab shows; the modal keeps it, so that the tab shows it again afterwards.
    """

    surfaces: Surfaces
    who: Asker
    home: HomeTab
    place: Place
    opened: str = ""

    def open(self, trigger: str) -> str:
        """Open it, with a word to wait; its id. Raises SlackRefused."""
        self.opened = self.surfaces.open_modal(trigger, answer_modal(WAITING, self.place.text))
        return self.opened

    def show(self, answer: Answer) -> None:
        """Show an answer; in the direct messages if the modal was closed meanwhile. Raises SlackRefused."""
        if not self.opened:
            publish(self.surfaces, self.who, self.home.page(self.who, self.place, answer.headline))
            return
        try:
            self.surfaces.show_in_modal(self.opened, self.who, answer, self.place.text)
        except SlackRefused as refusal:
            if refusal.passing:
                raise
            self.surfaces.direct_message(self.who, answer)


def publish(surfaces: Surfaces, who: Asker, home: Home) -> None:
    """Show somebody their Home tab. Raises SlackRefused."""
    surfaces.publish_home(who.user, view(home))


def republisher(home: HomeTab) -> Republish:
    """Shows somebody their Home tab again, at the place that it showed when a form was opened over it."""
    return lambda surfaces, who, place: publish(surfaces, who, home.page(who, place_of(place)))


def place_in(body: Event, number: int | None = None) -> Place:
    """What the tab shows, as the view keeps it in which something was pressed; its page may be another."""
    place = place_of(body["view"].get("private_metadata") or "")
    return place if number is None else replace(place, page=number)


def _asker(body: Event, context: BoltContext) -> Asker:
    return asker_in(context, body["user"]["id"], team=body["user"].get("team_id"))


def _page_and(value: str) -> tuple[int, str]:
    page, _, rest = value.partition(" ")
    return (int(page) if page.isdecimal() and len(page) < 7 else 1), rest
