"""The counts as a scraper reads them."""

from __future__ import annotations

import re
import time

import pytest
from prometheus_client import generate_latest

from bot.entrypoints.prometheus import PrometheusCounts
from bot.entrypoints.slack.intake import _kind, _reason
from bot.metrics import Counts
from bot.sandbox.salesforce.faults import OrgFault
from bot.sandbox.slack.faults import FaultKind, WebApiFault
from tests.paths import ROOT
from tests.running_bot import RunningBot


def scraped(counts: PrometheusCounts) -> list[str]:
    return [line for line in generate_latest(counts.registry).decode().splitlines() if not line.startswith("#")]


def test_what_happened_is_counted_by_topic_and_verdict_and_nothing_else_is_told() -> None:
    counts = PrometheusCounts()

    counts.answered("install")
    counts.answered("install")
    counts.rated("install", helpful=True)
    counts.rated("install", helpful=False)
    counts.stayed_silent()

    assert [line for line in scraped(counts) if re.match("flosum_(answers|ratings|silences)", line)] == [
        'flosum_answers_total{topic="install"} 2.0',
        'flosum_ratings_total{helpful="yes",topic="install"} 1.0',
        'flosum_ratings_total{helpful="no",topic="install"} 1.0',
        "flosum_silences_total 1.0",
    ]


def test_two_bots_in_one_process_count_apart() -> None:
    counts, other = PrometheusCounts(), PrometheusCounts()

    counts.stayed_silent()

    assert "flosum_silences_total 0.0" in scraped(other)


@pytest.mark.parametrize("name", [name for name in vars(Counts) if not name.startswith("_")])
def test_everything_that_is_counted_is_counted_somewhere(name: str) -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "bot").rglob("*.py")]

    assert any(re.search(rf"counts\.{name}\b", source) for source in sources)


def scrape(running_bot: RunningBot) -> dict[str, float]:
    lines = [line.rpartition(" ") for line in scraped(running_bot.bot.counts)]
    return {name: float(value) for name, _, value in lines}


def test_what_a_running_bot_does_can_be_seen_from_outside(running_bot: RunningBot) -> None:
    running_bot.workspace.fail("chat.postMessage", WebApiFault(FaultKind.REFUSE, error="is_archived"))
    receipt = running_bot.ada.say("error=OAUTH_APP_BLOCKED&error_description=this+app+is+blocked+by+admin")
    running_bot.shown()
    running_bot.ask("status prod")
    running_bot.ada.redeliver(receipt)
    running_bot.shown()

    seen = scrape(running_bot)

    assert seen['flosum_ack_seconds_count{kind="command"}'] == 1
    assert seen['flosum_ack_seconds_count{kind="event_callback"}'] == 2
    assert seen['flosum_redeliveries_total{reason="http_timeout"}'] == 1
    assert seen['flosum_org_reading_seconds_count{outcome="ok"}'] == 1
    assert seen['flosum_slack_call_seconds_count{outcome="ok"}'] > 0
    assert seen['flosum_slack_call_seconds_count{outcome="refused"}'] == 1
    assert seen['flosum_threads_busy{pool="slow"}'] == seen['flosum_jobs_oldest_seconds{pool="slow"}'] == 0
    assert seen["flosum_database_connections"] == 0
    assert {name for name, value in seen.items() if name.startswith("flosum_ready") and value == 1} == {
        f'flosum_ready{{check="{check}"}}' for check in ("database", "writes", "token")
    }
    assert not [name for name in seen if "T0DEMO" in name or "prod" in name]


def test_what_hangs_shows_in_threads_and_ages(running_bot: RunningBot) -> None:
    running_bot.salesforce.break_org("prod", OrgFault(hang=1.0))
    running_bot.ada.command("status prod")

    deadline = time.monotonic() + 5
    while scrape(running_bot)['flosum_threads_busy{pool="slow"}'] < 1 and time.monotonic() < deadline:
        time.sleep(0.01)

    assert scrape(running_bot)["flosum_jobs_open"] >= 1
    assert scrape(running_bot)['flosum_threads_busy{pool="slow"}'] >= 1
    running_bot.shown()


def test_what_the_bot_needs_and_has_not_is_a_nought(running_bot: RunningBot) -> None:
    running_bot.workspace.fail("auth.test", WebApiFault(FaultKind.REFUSE, error="invalid_auth"), times=5)

    seen = scrape(running_bot)

    assert seen['flosum_ready{check="token"}'] == 0
    assert seen['flosum_ready{check="database"}'] == 1


@pytest.mark.parametrize(
    ("kind", "counted"), [("command", "command"), ("made_up", "other"), (7, "other"), (None, "other")]
)
def test_nobody_outside_makes_up_labels(kind: object, counted: str) -> None:
    assert _kind({"command": "/flosum"} if kind == "command" else {"type": kind}) == counted
    assert _reason("<script>") == "other"
