"""Listeners are found as Bolt finds them, by the body alone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.listener_matcher import CustomListenerMatcher
from slack_bolt.request import BoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk import WebClient

from bot.entrypoints.slack.matching import OfBody, listeners_of, match_by_body

Json = dict[str, Any]


def event(**of: str) -> Json:
    return {"type": "event_callback", "team_id": "T0", "event": of}


def pressed(action: str, **beside: Json) -> Json:
    return {"type": "block_actions", "actions": [{"type": "button", "action_id": action, "block_id": "b"}], **beside}


BODIES: dict[str, Json] = {
    "a message": event(type="message", text="hello"),
    "a mention": event(type="app_mention", text="hello"),
    "Home": event(type="app_home_opened", tab="home"),
    "the messages tab": event(type="app_home_opened", tab="messages"),
    "a command": {"command": "/flosum", "text": "help"},
    "another command": {"command": "/other", "text": "help"},
    "a button": pressed("say:help"),
    "a button in a window": pressed("say:help", view={"id": "V1"}),
    "another button": pressed("open:1"),
    "a form": {"type": "view_submission", "view": {"type": "modal", "callback_id": "connect"}},
    "a shortcut": {"type": "message_action", "callback_id": "explain_error"},
}


def an_app() -> App:
    app = App(client=WebClient("xoxb-1"), signing_secret="s", token_verification_enabled=False)
    heard = lambda ack: ack()  # noqa: E731
    app.event("message")(heard)
    app.event("app_mention")(heard)
    app.event("app_home_opened", matchers=[lambda event: event["tab"] == "home"])(heard)
    app.command("/flosum")(heard)
    app.action(re.compile("^say:"), matchers=[lambda body: not body.get("view")])(heard)
    app.action(re.compile("^open:"))(heard)
    app.view("connect")(heard)
    app.message_shortcut("explain_error")(heard)
    return app


def found(app: App, body: Json) -> list[int]:
    request = BoltRequest(body=body, mode="socket_mode")
    request.context["client"] = app.client
    response = BoltResponse(status=200)
    return [number for number, each in enumerate(listeners_of(app)) if each.matches(req=request, resp=response)]


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_the_same_listeners_are_found(body: Json) -> None:
    app = an_app()
    by_bolt = found(app, body)

    match_by_body(app)

    assert found(app, body) == by_bolt


def test_every_kind_of_request_finds_a_listener_of_its_own() -> None:
    app = an_app()

    assert {tuple(found(app, body)) for body in BODIES.values()} == {(), *((each,) for each in range(8))}


def test_all_that_look_at_the_body_alone_are_asked_so() -> None:
    app = an_app()

    match_by_body(app)

    others = [each for listener in listeners_of(app) for each in listener.matchers if not isinstance(each, OfBody)]
    assert [type(each) for each in others] == [CustomListenerMatcher]  # Home's, which looks at the event
