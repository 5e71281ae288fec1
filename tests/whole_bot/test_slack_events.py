"""The events of the manifest and the listeners of the bot: neither can be there without the other."""

from __future__ import annotations

import ast
import json

import pytest

from bot.sandbox.slack.records import TEAM
from bot.sandbox.slack.user import Delivery
from bot.wiring.manifest import bot_events
from tests.paths import ROOT
from tests.running_bot import RunningBot

LISTENERS = ROOT / "bot" / "entrypoints" / "slack" / "listeners"
LEAVING = {"app_uninstalled", "tokens_revoked"}


def type_of(subscription: str) -> str:
    """``message.channels`` arrives as ``message``."""
    return subscription.partition(".")[0]


def listened_to() -> set[str]:
    """The names that the listeners give to ``app.event``."""
    calls = [
        node
        for path in LISTENERS.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "event"
    ]
    return {str(ast.literal_eval(call.args[0])) for call in calls}


def test_what_is_listened_to_is_what_the_manifest_asks_for() -> None:
    assert listened_to() == {type_of(name) for name in bot_events()}


@pytest.mark.parametrize("subscription", sorted(set(bot_events()) - LEAVING))
def test_every_event_of_the_manifest_is_taken(running_bot: RunningBot, subscription: str) -> None:
    """Bolt answers 404 where nobody listens."""
    kinds = {"message.channels": "channel", "message.groups": "group", "message.im": "im"}
    event: dict[str, object] = {"type": type_of(subscription), "user": "U0YOU", "channel": "C0SALESFORCE"}
    event |= {"ts": "1.0", "text": "lunch?"}
    event |= {"user": {"id": "U0YOU", "deleted": False}} if subscription == "user_change" else {}
    event |= {"tab": "home", "channel_type": kinds.get(subscription, "channel")}
    body = {"type": "event_callback", "team_id": TEAM, "event_id": "Ev1", "event_time": 1, "event": event}

    receipt = running_bot.ada.send(Delivery(json.dumps(body).encode(), "application/json"))

    assert receipt.status == 200


@pytest.mark.parametrize("channel", ["#general", "#crm-leads"])
def test_the_bot_says_once_what_it_is_for_in_a_channel_that_it_is_invited_to(
    running_bot: RunningBot, channel: str
) -> None:
    receipt = running_bot.ada.invite_bot(channel)

    assert receipt.acked
    (greeting,) = running_bot.shown()
    assert greeting.audience is None
    assert greeting.text.startswith("I explain Salesforce login errors that are pasted here")
    running_bot.ada.redeliver(receipt)
    assert len(running_bot.shown()) == 1


def test_somebody_elses_joining_is_nothing_to_it(running_bot: RunningBot) -> None:
    event = {"type": "member_joined_channel", "user": "U0BEN", "channel": "C0SALESFORCE", "channel_type": "C"}

    assert running_bot.ada.deliver(event).acked

    assert running_bot.shown() == []
