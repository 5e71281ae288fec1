"""The workspace of a token that is a setting removes the app, or its token is replaced: nothing is lost at once."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import OperatorError
from bot.entrypoints.cli.program import main
from bot.sandbox.slack import payloads
from bot.sandbox.slack.records import BOT_USER, TEAM
from bot.sandbox.slack.user import Delivery
from bot.wiring.command_line import CommandLineParts
from bot.wiring.parts import utc_now
from tests.digests import weekly
from tests.running_bot import RunningBot

Event = dict[str, object]
UNINSTALLED: Event = {"type": "app_uninstalled"}
REVOKED: Event = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [BOT_USER]}}
OF_PEOPLE: Event = {"type": "tokens_revoked", "tokens": {"oauth": ["U0YOU"], "bot": []}}


def tell(running_bot: RunningBot, event: Event, at: float | None = None) -> None:
    """Slack sends one of the events that say so."""
    seconds = int(time.time() if at is None else at)
    body = payloads.event_body(event, f"Ev{seconds}{event['type']}", seconds, running_bot.workspace.state.team)
    assert running_bot.ada.send(Delivery(json.dumps(body).encode(), "application/json")).acked


def marked(running_bot: RunningBot) -> list[str]:
    return [mark.workspace for mark in running_bot.bot.store.departures()]


def logged(running_bot: RunningBot, event: str) -> list[dict[str, str]]:
    return [line for line in map(json.loads, running_bot.log.getvalue().splitlines()) if line["event"] == event]


@pytest.mark.parametrize("event", [UNINSTALLED, REVOKED], ids=["uninstalled", "revoked"])
def test_it_is_marked_and_told_and_everything_stays(running_bot: RunningBot, event: Event) -> None:
    orgs = running_bot.bot.store.orgs(TEAM)
    running_bot.workspace.tokens.end()

    tell(running_bot, event)
    running_bot.bot.departures.sweep()

    assert marked(running_bot) == [TEAM]
    assert running_bot.bot.store.orgs(TEAM) == orgs
    (line,) = logged(running_bot, "operator must act")
    assert line["level"] == "error"
    assert f"deleted on {utc_now() + timedelta(days=7):%Y-%m-%d}" in line["problem"]
    assert f"forget --workspace {TEAM}" in line["fix"]


def test_revoked_tokens_of_people_mark_nothing(running_bot: RunningBot) -> None:
    tell(running_bot, OF_PEOPLE)

    assert marked(running_bot) == []


def test_whatever_is_signed_afterwards_takes_the_mark_off(running_bot: RunningBot) -> None:
    tell(running_bot, UNINSTALLED, time.time() - 60)

    tell(running_bot, OF_PEOPLE)  # which says nothing of the bot, either way
    assert marked(running_bot) == [TEAM]
    assert "prod" in running_bot.ask("orgs").text

    assert marked(running_bot) == []
    assert len(logged(running_bot, "the workspace is back; nothing of it will be deleted")) == 1


def test_a_message_from_before_does_not(running_bot: RunningBot) -> None:
    tell(running_bot, UNINSTALLED, time.time() + 60)

    running_bot.say("lunch?")
    assert marked(running_bot) == [TEAM]

    tell(running_bot, {"type": "app_home_opened", "user": "U0YOU", "channel": "D1", "tab": "home"}, time.time() + 90)
    assert marked(running_bot) == []


def test_a_digest_waits_for_a_workspace_that_is_marked(running_bot: RunningBot) -> None:
    store, due = running_bot.bot.store, utc_now()
    store.keep_subscription(weekly(TEAM, "C0SALESFORCE", due.weekday(), due.hour, due.minute))
    running_bot.workspace.tokens.end()
    tell(running_bot, REVOKED, time.time() - 60)

    running_bot.bot.tick()

    assert marked(running_bot) == [TEAM]
    assert running_bot.shown() == []
    assert store.past_digests(TEAM, "weekly") == []

    running_bot.workspace.tokens.admit_again()
    running_bot.ask("help")
    running_bot.bot.tick()

    assert "orgs ready" in running_bot.shown()[-1].text


def test_a_start_with_the_dead_token_tells_and_one_with_a_new_token_keeps_everything(running_bot: RunningBot) -> None:
    orgs = running_bot.bot.store.orgs(TEAM)
    running_bot.workspace.tokens.end()
    tell(running_bot, REVOKED)
    running_bot.bot.close()
    parts = CommandLineParts(settings=replace(running_bot.bot.settings, flosum_port=0))
    with parts.bot() as again, pytest.raises(OperatorError, match="SLACK_BOT_TOKEN was not accepted"):
        again.start()
    assert len(logged(running_bot, "operator must act")) == 2
    assert marked(running_bot) == [TEAM]

    running_bot.workspace.tokens.admit_again()
    with parts.bot() as again:
        again.start()

    assert marked(running_bot) == []
    assert running_bot.bot.store.orgs(TEAM) == orgs


def test_the_doctor_says_when_it_goes_and_what_to_do(
    running_bot: RunningBot, capsys: pytest.CaptureFixture[str]
) -> None:
    running_bot.workspace.tokens.end()
    tell(running_bot, REVOKED)
    capsys.readouterr()

    assert main(CommandLineParts(settings=running_bot.bot.settings), ["doctor", "--json"]) == 1

    findings = {line["check"]: line for line in map(json.loads, capsys.readouterr().out.splitlines())}
    assert findings["workspace"]["ok"] is False
    assert "is deleted on" in findings["workspace"]["text"]
    assert f"forget --workspace {TEAM}" in findings["workspace"]["fix"]
