"""Each line of the log about a request names it, from the door through every job."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

from bot.entrypoints.slack.intake import request_key
from bot.sandbox.salesforce.faults import OrgFault
from bot.sandbox.slack.faults import FaultKind, WebApiFault
from bot.wiring.parts import utc_now
from tests.digests import weekly
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


def test_what_an_org_did_not_answer_names_the_request_that_asked_for_it(running_bot: RunningBot) -> None:
    """It is read on a thread of its own, which goes on after its place is another's."""
    running_bot.salesforce.break_org("prod", OrgFault(status=503))
    running_bot.ask("status prod")
    running_bot.ask("status all")

    requests = [line.get("request") for line in lines(running_bot, "not available")]
    assert len(requests) >= 2
    assert all(requests)
    assert len(set(requests)) == 2


def test_what_the_clock_begins_names_its_run_and_the_workspace(running_bot: RunningBot) -> None:
    channel = running_bot.workspace.state.channel_named("salesforce")
    assert channel is not None
    due = utc_now() - timedelta(minutes=1)
    running_bot.bot.store.keep_subscription(weekly("T0DEMO", channel.id, due.weekday(), due.hour, due.minute))
    running_bot.workspace.fail("chat.postMessage", WebApiFault(FaultKind.REFUSE, error="is_archived"))
    running_bot.bot.uses.digests.tick()

    (line,) = lines(running_bot, "not posted")
    assert OURS.fullmatch(line["run"])
    assert (line["job"], line["workspace"]) == ("digest", "T0DEMO")
    assert "request" not in line


def test_what_belongs_to_no_request_has_no_name(running_bot: RunningBot) -> None:
    running_bot.ask("remind off", running_bot.ben)
    running_bot.bot.uses.digests.tick()

    assert all("request" not in line for line in lines(running_bot, "listening"))
