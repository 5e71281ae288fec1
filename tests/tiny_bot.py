"""A real, tiny Bolt app on loopback: the far end for tests of the built-in workspace and its terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, Response, request
from slack_bolt import Ack, App, Respond, Say
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_sdk import WebClient

from bot.sandbox.slack.loopback import LoopbackServer
from bot.sandbox.slack.workspace import Workspace

Json = dict[str, Any]

BUTTONS: list[Json] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "*prod* needs one step"}},
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "text": {"type": "plain_text", "text": "Check prod now"},
                "action_id": "check",
            },
            {
                "type": "button",
                "text": {"type": "plain_text", "text": "Open the page"},
                "action_id": "open",
                "url": "https://acme.my.salesforce.com/lightning/setup",
            },
        ],
    },
]
MODAL: Json = {
    "type": "modal",
    "callback_id": "settings",
    "title": {"type": "plain_text", "text": "Settings"},
    "submit": {"type": "plain_text", "text": "Save"},
    "blocks": [
        {
            "type": "input",
            "block_id": "hour",
            "label": {"type": "plain_text", "text": "Hour"},
            "element": {"type": "plain_text_input", "action_id": "typed"},
        }
    ],
}


class TinyBot:
    """Listeners that remember in ``seen`` what they received."""

    def __init__(self, app: App) -> None:
        self.seen: list[Json] = []
        app.event("message")(self.on_message)
        app.event("app_mention")(self.on_mention)
        app.event("app_home_opened")(self.on_home)
        app.command("/flosum")(self.on_command)
        app.action("check")(self.on_check)
        app.action("open")(self.on_open)
        app.shortcut("explain")(self.on_shortcut)
        app.view("settings")(self.on_submit)

    def on_message(self, event: Json, say: Say, client: WebClient) -> None:
        self.seen.append(event)
        if "error" in event.get("text", ""):
            say(text=f"I read {event['text']}", thread_ts=event["ts"])
        if "secret" in event.get("text", ""):
            client.chat_postEphemeral(channel=event["channel"], user=event["user"], text="Delete that")

    def on_mention(self, event: Json, say: Say) -> None:
        self.seen.append(event)
        say(text="You called", thread_ts=event["ts"])

    def on_home(self, event: Json, client: WebClient) -> None:
        self.seen.append(event)
        if event["tab"] != "home":
            return
        blocks = [{"type": "header", "text": {"type": "plain_text", "text": "Your orgs"}}]
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    def on_command(self, ack: Ack, command: Json, respond: Respond, client: WebClient) -> None:
        self.seen.append(command)
        ack("straight away" if command["text"] == "ack" else "")
        if command["text"].startswith("status"):
            respond(text="prod needs one step", blocks=BUTTONS)
        if command["text"] == "share":
            respond(text="for all", response_type="in_channel")
        if command["text"] == "settings":
            client.views_open(trigger_id=command["trigger_id"], view=MODAL)

    def on_check(self, ack: Ack, body: Json, respond: Respond) -> None:
        self.seen.append(body)
        ack()
        respond(text="checked", replace_original=True)

    def on_open(self, ack: Ack) -> None:
        ack()

    def on_shortcut(self, ack: Ack, body: Json, respond: Respond) -> None:
        self.seen.append(body)
        ack()
        respond(text=f"explained: {body['message']['text']}")

    def on_submit(self, ack: Ack, view: Json) -> None:
        self.seen.append(view)
        hour = view["state"]["values"]["hour"]["typed"]["value"]
        if hour.isdigit():
            ack()
        else:
            ack(response_action="errors", errors={"hour": "An hour is a number from 0 to 23."})


def flask_app(app: App) -> Flask:
    """The HTTP front of a Bolt app, as operators deploy it."""
    flask, handler = Flask(__name__), SlackRequestHandler(app)

    @flask.post("/slack/events")
    def events() -> Response:
        return handler.handle(request)

    return flask


@contextmanager
def tiny_bot(workspace: Workspace) -> Iterator[list[Json]]:
    """Serve the bot for ``workspace``; yields what its listeners have received."""
    client = WebClient(token=workspace.bot_token, base_url=workspace.api_url)
    app = App(client=client, signing_secret=workspace.signing_secret)
    bot = TinyBot(app)
    with LoopbackServer(flask_app(app)) as server:
        workspace.connect(f"{server.url}/slack/events")
        yield bot.seen
