"""Each line of the log about a request names it, from the door through every job."""

from __future__ import annotations

import json
import re
from typing import Any

from bot.entrypoints.slack.intake import request_key
from tests.running_bot import RunningBot

OURS = re.compile("[0-9a-f]{12}")


def lines(running_bot: RunningBot, event: str) -> list[dict[str, Any]]:
    assert running_bot.workspace.settle()
    every = [json.loads(line) for line in running_bot.log.getvalue().splitlines()]
    return [line for line in every if line["event"] == event]


def test_a_refusal_says_which_request_workspace_and_channel(running_bot: RunningBot) -> None:
    running_bot.ask("remind off", running_bot.ben)
    running_bot.ask("status nowhere", running_bot.ben)

    first, second = lines(running_bot, "refused")
    channel = running_bot.workspace.state.channel_named("salesforce")
    assert channel is not None
    for line in (first, second):
        assert OURS.fullmatch(line["request"])
        assert (line["workspace"], line["channel"]) == ("T0DEMO", channel.id)
        assert "event_id" not in line
    assert first["request"] != second["request"]


def test_an_event_is_named_by_slacks_id_too_and_so_are_its_jobs_on_other_threads(running_bot: RunningBot) -> None:
    as_mention = running_bot.ada.mention("rename nowhere elsewhere").also
    assert as_mention is not None
    assert as_mention.delivery is not None
    event = json.loads(as_mention.delivery.body)["event_id"]

    (line,) = lines(running_bot, "refused")
    assert line["event_id"] == event
    assert line["request"] == request_key(event)[:12]


def test_what_belongs_to_no_request_has_no_name(running_bot: RunningBot) -> None:
    running_bot.ask("remind off", running_bot.ben)
    running_bot.bot.uses.digests.tick()

    assert all("request" not in line for line in lines(running_bot, "listening"))
