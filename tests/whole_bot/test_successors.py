"""Who is told in place of whoever set something up, or connected an org, and left since."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.digest.subscription import Kind, Subscription
from bot.sandbox.slack.faults import FaultKind, WebApiFault
from bot.sandbox.slack.records import TEAM, SlackMessage
from bot.wiring.parts import utc_now
from tests.digests import weekly
from tests.people import GONE, arrive
from tests.running_bot import ADA, RunningBot
from tests.whole_bot.test_alerts import uninstall

BEN = "U0BEN"
ARCHIVED = WebApiFault(FaultKind.REFUSE, error="is_archived")
WHY = "You hear it because Ola Gone, for whom it was, may not see the orgs any more."


def tick(running_bot: RunningBot, times: int = 2) -> None:
    for _ in range(times):
        running_bot.bot.tick()
        assert running_bot.workspace.settle()


def direct(running_bot: RunningBot, person: str) -> list[SlackMessage]:
    channel = running_bot.workspace.state.direct_channel(person)
    return [shown for shown in running_bot.shown() if channel and shown.channel == channel.id]


def change_prod(running_bot: RunningBot, **values: str | None) -> None:
    (prod,) = [org for org in running_bot.bot.store.orgs(TEAM) if org.name == "prod"]
    running_bot.bot.store.save_org(replace(prod, **values))  # type: ignore[arg-type]


def undelivered_alert(running_bot: RunningBot, set_by: str) -> None:
    """An alert of prod that Slack refuses."""
    running_bot.bot.store.keep_subscription(Subscription(TEAM, "", "C0SALESFORCE", Kind.ALERTS, set_by=set_by))
    running_bot.ask("status prod")
    uninstall(running_bot)
    running_bot.ask("status prod")
    running_bot.workspace.fail("chat.postMessage", ARCHIVED)
    tick(running_bot)


@pytest.mark.parametrize("owner", [None, BEN, GONE.id, "C0RANDOM"])
def test_of_alerts_that_do_not_arrive_the_admins_hear(running_bot: RunningBot, owner: str | None) -> None:
    arrive(running_bot.workspace, GONE)
    change_prod(running_bot, owner=owner)

    undelivered_alert(running_bot, GONE.id)

    (told,) = direct(running_bot, ADA)
    assert told.text.startswith("⛔ Alerts cannot be delivered to #C0SALESFORCE")
    assert WHY in str(told.blocks)
    assert direct(running_bot, BEN) == []


def test_or_the_owner_of_the_org_who_may_change_things(running_bot: RunningBot) -> None:
    arrive(running_bot.workspace, GONE)
    change_prod(running_bot, owner=BEN)
    running_bot.ask(f"settings trust <@{BEN}>")

    undelivered_alert(running_bot, GONE.id)

    (told,) = direct(running_bot, BEN)
    assert WHY in str(told.blocks)
    assert direct(running_bot, ADA) == []


def test_of_a_digest_that_does_not_arrive_an_admin_hears(running_bot: RunningBot) -> None:
    arrive(running_bot.workspace, GONE)
    now = utc_now() - timedelta(minutes=1)
    subscription = weekly(TEAM, "C0RANDOM", now.weekday(), now.hour, now.minute, "UTC", set_by=GONE.id)
    running_bot.bot.store.keep_subscription(replace(subscription, set_at=now - timedelta(hours=1)))
    running_bot.workspace.fail("chat.postMessage", ARCHIVED)
    for _ in range(2):
        running_bot.bot.uses.digests.tick()

    (told,) = direct(running_bot, ADA)
    assert "cannot be delivered to #C0RANDOM" in told.text
    assert WHY in str(told.blocks)


def test_that_an_org_must_be_connected_again_reaches_somebody(running_bot: RunningBot) -> None:
    arrive(running_bot.workspace, GONE)
    change_prod(running_bot, connected_by=GONE.id)
    running_bot.salesforce.change("prod", refusal=("invalid_grant", "inactive user"))

    running_bot.ask("status prod")
    tick(running_bot, 1)

    (told,) = direct(running_bot, ADA)
    assert "prod must be connected again" in told.text
    assert WHY in str(told.blocks)
