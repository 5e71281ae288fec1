"""What the Home tab does: it is published when somebody opens it, and again after each of its buttons."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.adapters.slack.views.blocks import SAY
from bot.adapters.slack.views.home import CHECK, CHECK_ALL, CONNECT, PAGE, TELL, view
from bot.adapters.slack.views.modal import LINE, WAITING, answer_modal, form_modal
from bot.domain.answers import Answer
from bot.domain.model import Asker
from bot.domain.orgs.home_report import CONNECT_FORM, Home
from bot.entrypoints.slack.message_events import Event, asker_in, team_of
from bot.entrypoints.slack.surfaces import Surfaces, SurfacesOf
from bot.guard import guarded
from bot.jobs import Jobs
from bot.service.home import HomeTab


@dataclass(frozen=True, slots=True)
class HomeListeners:
    """Publishes the Home tab when it is opened, and again after each of its buttons."""

    home: HomeTab
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
        app.action(re.compile(rf"^{TELL}:"))(self.on_tell)
        app.action(CONNECT)(self.on_connect)
        app.view(CONNECT_FORM)(self.on_named)
        app.action(re.compile(rf"^{SAY}:"), matchers=[lambda body: bool(body.get("view"))])(self.on_tell_in_window)

    def on_opened(self, event: Event, context: BoltContext, client: WebClient) -> None:
        """Somebody opened the Home tab."""
        who, surfaces = asker_in(context, event["user"], team=team_of(event)), self.surfaces(client)
        self.jobs.submit(lambda: publish(surfaces, who, self.home.page(who)))

    def on_check(self, ack: Ack, body: Event, action: Event, context: BoltContext, client: WebClient) -> None:
        """Read one org live, and show what it says."""
        ack()
        who, surfaces = _asker(body, context), self.surfaces(client)
        number, name = _page_and(action["value"])

        def work() -> None:
            publish(surfaces, who, self.home.page(who, number, "Checking with Salesforce…"))
            publish(surfaces, who, self.home.check(who, name, number))

        self._submit(work, surfaces, who, number)

    def on_check_all(self, ack: Ack, body: Event, action: Event, context: BoltContext, client: WebClient) -> None:
        """Read every org live, and show what they say."""
        ack()
        who, surfaces = _asker(body, context), self.surfaces(client)
        number, _ = _page_and(action["value"])

        def work() -> None:
            publish(surfaces, who, self.home.page(who, number, "Checking all orgs with Salesforce…"))
            for page in self.home.check_all(who, number):
                publish(surfaces, who, page)

        self._submit(work, surfaces, who, number)

    def on_page(self, ack: Ack, body: Event, action: Event, context: BoltContext, client: WebClient) -> None:
        """Turn the page."""
        ack()
        who, surfaces = _asker(body, context), self.surfaces(client)
        number, _ = _page_and(action["value"])
        self._submit(lambda: publish(surfaces, who, self.home.page(who, number)), surfaces, who, number)

    def on_tell(self, ack: Ack, body: Event, action: Event, context: BoltContext, client: WebClient) -> None:
        """Say a command for the presser; the answer opens over the Home tab."""
        ack()
        who, surfaces = _asker(body, context), self.surfaces(client)
        self._submit(lambda: self._answer_in(surfaces, _opened(surfaces, body), who, action["value"]), surfaces, who, 1)

    def on_tell_in_window(self, ack: Ack, body: Event, action: Event, context: BoltContext, client: WebClient) -> None:
        """A button of an answer that stands in such a window: the next answer takes its place."""
        ack()
        who, surfaces = _asker(body, context), self.surfaces(client)
        self._submit(lambda: self._answer_in(surfaces, body["view"]["id"], who, action["value"]), surfaces, who, 1)

    def on_connect(self, ack: Ack, body: Event, context: BoltContext, client: WebClient) -> None:
        """Ask what the new org is called; who may not connect one is told so first."""
        ack()
        who, surfaces = _asker(body, context), self.surfaces(client)

        def work() -> None:
            opened = _opened(surfaces, body)
            show = partial(_show_in, surfaces, opened)
            guarded(lambda: surfaces.update_modal(opened, form_modal(self.home.connect_form(who))), show)()

        self._submit(work, surfaces, who, 1)

    def on_named(self, ack: Ack, body: Event, view: Event, context: BoltContext) -> None:
        """The name of a new org: the ways to connect it. At once, because Slack shows what the answer carries."""
        who, told = _asker(body, context), list[Answer]()
        values = [str(state[LINE].get("value") or "") for state in view["state"]["values"].values()]
        guarded(lambda: told.append(self.reply(who, f"connect {' '.join(values)}")), told.append)()
        ack(response_action="update", view=answer_modal(told[0]))

    def _answer_in(self, surfaces: Surfaces, view_id: str, who: Asker, text: str) -> None:
        show = partial(_show_in, surfaces, view_id)
        guarded(lambda: show(self.reply(who, text)), show)()
        publish(surfaces, who, self.home.page(who))

    def _submit(self, work: Callable[[], None], surfaces: Surfaces, who: Asker, number: int) -> None:
        def show(answer: Answer) -> None:
            publish(surfaces, who, self.home.page(who, number, answer.headline))

        self.jobs.submit_or_tell(work, show)


def publish(surfaces: Surfaces, who: Asker, home: Home) -> None:
    """Show somebody their Home tab. Raises SlackRefused."""
    surfaces.publish_home(who.user, view(home))


def _opened(surfaces: Surfaces, body: Event) -> str:
    """A modal that says to wait."""
    return surfaces.open_modal(body["trigger_id"], answer_modal(WAITING))


def _show_in(surfaces: Surfaces, view_id: str, answer: Answer) -> None:
    surfaces.update_modal(view_id, answer_modal(answer))


def _asker(body: Event, context: BoltContext) -> Asker:
    return asker_in(context, body["user"]["id"], team=body["user"].get("team_id"))


def _page_and(value: str) -> tuple[int, str]:
    page, _, rest = value.partition(" ")
    return (int(page) if page.isdecimal() and len(page) < 7 else 1), rest
