"""The Home tab: a page of sections (Slack allows no tables there), and what its buttons do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from bot.domain.errors import AskerError
from bot.domain.home import Home, Row
from bot.domain.model import Answer, Asker
from bot.entrypoints.slack.blocks import EMOJI, LABEL, NOTE, SAY, VALUE, Block, mrkdwn_text, section
from bot.entrypoints.slack.blocks import message as rendered
from bot.entrypoints.slack.heard import workspace_of
from bot.entrypoints.slack.outbox import asked
from bot.entrypoints.slack.text import cut
from bot.guard import answer_for, guarded
from bot.home import HomeTab
from bot.jobs import Jobs

HEADER = 150
TITLE = {"type": "plain_text", "text": "Flosum"}
CHECK, CHECK_ALL, PAGE, TELL = "home-check", "home-check-all", "home-page", "home-say"
Event = dict[str, Any]


# --- what it looks like --------------------------------------------------------------------------------


def view(home: Home) -> dict[str, Any]:
    """The page as Slack publishes it. Every state stands there as a word; the emoji only repeats it."""
    return {"type": "home", "blocks": list(_blocks(home))}


def _blocks(home: Home) -> Iterator[Block]:
    yield {"type": "header", "text": {"type": "plain_text", "text": cut(home.headline, HEADER)}}
    yield section("\n".join(line for line in (home.lead, home.doing) if line))
    yield {"type": "actions", "block_id": "home-top", "elements": list(_top(home))}
    if home.news:
        yield section("\n".join(("**This week**", *home.news)))
    if home.rows:
        yield {"type": "divider"}
    yield from (_row(row, home.page, number) for number, row in enumerate(home.rows))
    if home.pages > 1:
        yield {"type": "actions", "block_id": "home-pages", "elements": list(_turns(home))}
    yield {"type": "context", "elements": [mrkdwn_text(home.note, NOTE)]}


def _top(home: Home) -> Iterator[Block]:
    if home.rows:
        yield _button(CHECK_ALL, "Check all now", str(home.page), "Check all orgs now") | {"style": "primary"}
    yield _button(f"{TELL}:connect", "Connect an org", "connect", "Connect a Salesforce org")
    yield _button(f"{TELL}:remind", "Weekly digest", "remind", "Show and change the weekly digest")


def _row(row: Row, page: int, number: int) -> Block:
    text = "\n".join((f"{EMOJI[row.state]} {row.lines[0]}", *row.lines[1:]))
    if row.reconnect:
        button = _button(f"{TELL}:{number}", f"Reconnect {row.name}", f"connect {row.name}", f"Log in to {row.name}")
    else:
        button = _button(f"{CHECK}:{number}", f"Check {row.name}", f"{page} {row.name}", f"Check {row.name} now")
    return section(text) | {"accessory": button}


def _turns(home: Home) -> Iterator[Block]:
    if home.page > 1:
        yield _button(f"{PAGE}:previous", "Previous page", str(home.page - 1), f"Page {home.page - 1} of {home.pages}")
    if home.page < home.pages:
        yield _button(f"{PAGE}:next", "Next page", str(home.page + 1), f"Page {home.page + 1} of {home.pages}")


def _button(action: str, label: str, value: str, hint: str) -> Block:
    text = {"type": "plain_text", "text": cut(label, LABEL), "emoji": False}
    return {
        "type": "button",
        "action_id": action,
        "text": text,
        "value": value[:VALUE],
        "accessibility_label": cut(hint, LABEL),
    }


def modal(answer: Answer) -> dict[str, Any]:
    """An answer as a window over the Home tab: it has no channel to share in, and takes no feedback buttons."""
    private = replace(answer, buttons=tuple(button for button in answer.buttons if not button.public), rates=None)
    return {"type": "modal", "title": TITLE, "blocks": rendered(private)["blocks"]}


# --- what it does --------------------------------------------------------------------------------------


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
        app.action(re.compile(rf"^{SAY}:"), matchers=[_in_view])(self.on_tell_in_modal)

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
            # Opened before the answer is made: Slack takes a trigger for 3 seconds only.
            waiting = modal(Answer("One moment"))
            opened = asked(lambda: client.views_open(trigger_id=body["trigger_id"], view=waiting))
            self._answer_in(client, opened["view"]["id"], who, action["value"])

        self._submit(work, client, who, 1)

    def on_tell_in_modal(self, ack: Ack, body: Event, action: Event, context: BoltContext, client: WebClient) -> None:
        """A button of an answer that stands in such a window: the next answer takes its place."""
        ack()
        who = _asker(body, context)
        self._submit(lambda: self._answer_in(client, body["view"]["id"], who, action["value"]), client, who, 1)

    def _answer_in(self, client: WebClient, window: str, who: Asker, text: str) -> None:
        def show(answer: Answer) -> None:
            asked(lambda: client.views_update(view_id=window, view=modal(answer)))

        guarded(lambda: show(self.reply(who, text)), show)()
        publish(client, who, self.home.page(who))

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
