"""What the Home tab does: it is published when somebody opens it, and again after each of its buttons."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.domain.answers import Answer
from bot.domain.errors import AskerError
from bot.domain.model import Asker
from bot.domain.orgs.home_report import CONNECT_FORM, Home
from bot.entrypoints.slack.blocks import SAY
from bot.entrypoints.slack.forms import LINE, modal
from bot.entrypoints.slack.heard import Event, workspace_of
from bot.entrypoints.slack.home import CHECK, CHECK_ALL, CONNECT, PAGE, TELL, view
from bot.entrypoints.slack.outbox import asked
from bot.entrypoints.slack.windows import open_window, show_in, window
from bot.guard import answer_for, guarded
from bot.jobs import Jobs
from bot.service.home import HomeTab


@dataclass(frozen=True, slots=True)
class HomeListeners:
    """Publishes the Home tab when it is opened, and again after each of its buttons."""

    home: HomeTab
    reply: Callable[[Asker, str], Answer]
    jobs: Jobs

    def register(self, app: App) -> None:
        """Attach to the Bolt app; before the listeners of buttons in messages, which look alike."""
        app.event("app_home_opened", matchers=[_is_home])(self.on_opened)
        app.action(re.compile(rf"^{CHECK}:"))(self.on_check)
        app.action(CHECK_ALL)(self.on_check_all)
        app.action(re.compile(rf"^{PAGE}:"))(self.on_page)
        app.action(re.compile(rf"^{TELL}:"))(self.on_tell)
        app.action(CONNECT)(self.on_connect)
        app.view(CONNECT_FORM)(self.on_named)
        app.action(re.compile(rf"^{SAY}:"), matchers=[_in_view])(self.on_tell_in_window)

    def on_opened(self, event: Event, context: BoltContext, client: WebClient) -> None:
        """Somebody opened the Home tab."""
        who = Asker(workspace_of(context), event["user"])
        self.jobs.submit(lambda: publish(client, who, self.home.page(who)))

    def on_check(self, ack: Ack, body: Event, action: Event, context: BoltContext, client: WebClient) -> None:
        """Read one org live, and show what it says."""
        ack()
        who, (number, name) = _asker(body, context), _page_and(action["value"])

        def work() -> None:
            publish(client, who, self.home.page(who, number, "Checking with Salesforce…"))
            publish(client, who, self.home.check(who, name, number))

        self._submit(work, client, who, number)

    def on_check_all(self, ack: Ack, body: Event, action: Event, context: BoltContext, client: WebClient) -> None:
        """Read every org live, and show what they say."""
        ack()
        who, (number, _) = _asker(body, context), _page_and(action["value"])

        def work() -> None:
            publish(client, who, self.home.page(who, number, "Checking all orgs with Salesforce…"))
            publish(client, who, self.home.check_all(who, number))

        self._submit(work, client, who, number)

    def on_page(self, ack: Ack, body: Event, action: Event, context: BoltContext, client: WebClient) -> None:
        """Turn the page."""
        ack()
        who, (number, _) = _asker(body, context), _page_and(action["value"])
        self._submit(lambda: publish(client, who, self.home.page(who, number)), client, who, number)

    def on_tell(self, ack: Ack, body: Event, action: Event, context: BoltContext, client: WebClient) -> None:
        """Say a command for the presser; the answer opens over the Home tab."""
        ack()
        who = _asker(body, context)

        def work() -> None:
            self._answer_in(client, open_window(client, body["trigger_id"]), who, action["value"])

        self._submit(work, client, who, 1)

    def on_tell_in_window(self, ack: Ack, body: Event, action: Event, context: BoltContext, client: WebClient) -> None:
        """A button of an answer that stands in such a window: the next answer takes its place."""
        ack()
        who = _asker(body, context)
        self._submit(lambda: self._answer_in(client, body["view"]["id"], who, action["value"]), client, who, 1)

    def on_connect(self, ack: Ack, body: Event, context: BoltContext, client: WebClient) -> None:
        """Ask what the new org is called; who may not connect one is told so first."""
        ack()
        who = _asker(body, context)

        def work() -> None:
            opened = open_window(client, body["trigger_id"])
            show = partial(self._show_in, client, opened)
            guarded(lambda: show_in(client, opened, modal(self.home.connect_form(who))), show)()

        self._submit(work, client, who, 1)

    def on_named(self, ack: Ack, body: Event, view: Event, context: BoltContext) -> None:
        """The name of a new org: the ways to connect it. At once, because Slack shows what the answer carries."""
        who, told = _asker(body, context), list[Answer]()
        values = [str(state[LINE].get("value") or "") for state in view["state"]["values"].values()]
        guarded(lambda: told.append(self.reply(who, f"connect {' '.join(values)}")), told.append)()
        ack(response_action="update", view=window(told[0]))

    def _answer_in(self, client: WebClient, view_id: str, who: Asker, text: str) -> None:
        show = partial(self._show_in, client, view_id)
        guarded(lambda: show(self.reply(who, text)), show)()
        publish(client, who, self.home.page(who))

    def _show_in(self, client: WebClient, view_id: str, answer: Answer) -> None:
        show_in(client, view_id, window(answer))

    def _submit(self, work: Callable[[], None], client: WebClient, who: Asker, number: int) -> None:
        def show(answer: Answer) -> None:
            publish(client, who, self.home.page(who, number, answer.headline))

        try:
            self.jobs.submit(work, show)
        except AskerError as error:
            show(answer_for(error))


def publish(client: WebClient, who: Asker, home: Home) -> None:
    """Show somebody their Home tab. Raises SlackRefused."""
    asked(lambda: client.views_publish(user_id=who.user, view=view(home)))


def _asker(body: Event, context: BoltContext) -> Asker:
    return Asker(workspace_of(context), body["user"]["id"])


def _page_and(value: str) -> tuple[int, str]:
    page, _, rest = value.partition(" ")
    return (int(page) if page.isdecimal() and len(page) < 7 else 1), rest


def _is_home(event: Event) -> bool:
    """The Messages tab brings the same event, and is somebody else's."""
    return event.get("tab") == "home"


def _in_view(body: Event) -> bool:
    return "view" in body
