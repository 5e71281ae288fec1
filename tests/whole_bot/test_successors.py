"""Who is told in place of whoever set something up, or connected an org, and left since."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from bot.adapters.store.tables import digest_slots
from bot.domain.answers import Answer
from bot.domain.digest.notices import RECONNECT, Notice, key_of
from bot.domain.digest.subscription import Kind, Subscription
from bot.domain.model import FORGOTTEN
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
ERASED = "You hear it because it is not kept any more for whom it was."
NOT_NOW = WebApiFault(FaultKind.REFUSE, error="internal_error")


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


def undelivered_alert(running_bot: RunningBot, set_by: str, *, erased: bool = False) -> None:
    """An alert of prod that Slack refuses."""
    running_bot.bot.store.keep_subscription(Subscription(TEAM, "", "C0SALESFORCE", Kind.ALERTS, set_by=set_by))
    if erased:
        running_bot.bot.store.forget_user(set_by)
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


def undelivered_digest(running_bot: RunningBot, set_by: str) -> None:
    now = utc_now() - timedelta(minutes=1)
    subscription = weekly(TEAM, "C0RANDOM", now.weekday(), now.hour, now.minute, "UTC", set_by=set_by)
    running_bot.bot.store.keep_subscription(replace(subscription, set_at=now - timedelta(hours=1)))
    running_bot.workspace.fail("chat.postMessage", ARCHIVED)
    running_bot.bot.uses.digests.tick()


def test_of_a_digest_that_does_not_arrive_an_admin_hears(running_bot: RunningBot) -> None:
    arrive(running_bot.workspace, GONE)

    undelivered_digest(running_bot, GONE.id)
    running_bot.bot.uses.digests.tick()

    (told,) = direct(running_bot, ADA)
    assert "cannot be delivered to #C0RANDOM" in told.text
    assert WHY in str(told.blocks)


def lost_connection(running_bot: RunningBot, connected_by: str) -> None:
    change_prod(running_bot, connected_by=connected_by)
    running_bot.salesforce.change("prod", refusal=("invalid_grant", "inactive user"))
    running_bot.ask("status prod")


def test_that_an_org_must_be_connected_again_reaches_somebody(running_bot: RunningBot) -> None:
    arrive(running_bot.workspace, GONE)

    lost_connection(running_bot, GONE.id)
    tick(running_bot)

    (told,) = direct(running_bot, ADA)
    assert "prod must be connected again" in told.text
    assert WHY in str(told.blocks)


# --- of somebody who was erased ------------------------------------------------------------------------


def test_where_whoever_set_a_digest_was_erased_an_admin_hears(running_bot: RunningBot) -> None:
    undelivered_digest(running_bot, BEN)  # and the word for Ben is kept by now
    running_bot.bot.store.forget_user(BEN)
    assert BEN not in str(running_bot.bot.store._database.everywhere(digest_slots))  # noqa: SLF001

    running_bot.bot.uses.digests.tick()

    (told,) = direct(running_bot, ADA)
    assert "cannot be delivered to #C0RANDOM" in told.text
    assert ERASED in str(told.blocks)
    assert FORGOTTEN not in str(told.blocks)


def test_where_whoever_set_alerts_was_erased_the_owner_hears(running_bot: RunningBot) -> None:
    change_prod(running_bot, owner=ADA)

    undelivered_alert(running_bot, BEN, erased=True)

    (told,) = direct(running_bot, ADA)
    assert ERASED in str(told.blocks)


def test_where_whoever_connected_an_org_was_erased_an_admin_hears(running_bot: RunningBot) -> None:
    change_prod(running_bot, connected_by=BEN)
    running_bot.bot.store.forget_user(BEN)
    (prod,) = [org for org in running_bot.bot.store.orgs(TEAM) if org.name == "prod"]

    lost_connection(running_bot, prod.connected_by or "")
    tick(running_bot)

    (told,) = direct(running_bot, ADA)
    assert "prod must be connected again" in told.text
    assert ERASED in str(told.blocks)


def test_a_snooze_of_somebody_who_was_erased_ends_without_a_word(running_bot: RunningBot) -> None:
    running_bot.ask("snooze uat 7 Ada is away")
    running_bot.bot.store.forget_user(ADA)
    before = len(running_bot.shown())

    with time_machine.travel(utc_now() + timedelta(days=8), tick=True):
        tick(running_bot)

    uat = running_bot.bot.store.org(TEAM, "uat")
    assert uat
    assert uat.snooze is None
    assert len(running_bot.shown()) == before
    assert "a notice cannot be said" not in running_bot.log.getvalue()


# --- while Slack does not answer -----------------------------------------------------------------------


def test_that_an_org_must_be_connected_again_is_not_lost_with_slack(running_bot: RunningBot) -> None:
    running_bot.workspace.fail("chat.postMessage", NOT_NOW)
    lost_connection(running_bot, BEN)
    tick(running_bot)
    assert direct(running_bot, BEN) == []

    with time_machine.travel(utc_now() + timedelta(minutes=10), tick=True):
        tick(running_bot)

    (told,) = direct(running_bot, BEN)
    assert "prod must be connected again" in told.text


def test_nor_said_where_it_is_so_no_more(running_bot: RunningBot) -> None:
    running_bot.workspace.fail("chat.postMessage", NOT_NOW)
    lost_connection(running_bot, BEN)
    tick(running_bot)
    running_bot.salesforce.change("prod", refusal=None)
    running_bot.ask("status prod")

    with time_machine.travel(utc_now() + timedelta(minutes=10), tick=True):
        tick(running_bot)

    assert direct(running_bot, BEN) == []


def test_where_the_heir_left_too_it_ends(running_bot: RunningBot) -> None:
    arrive(running_bot.workspace, GONE)
    key = key_of(RECONNECT, "prod", "now")
    lost_connection(running_bot, BEN)
    said = Notice(TEAM, f"{key}:{GONE.id}", GONE.id, Answer("`prod` must be connected again"), utc_now())
    running_bot.bot.store.add_notices(TEAM, [said])

    tick(running_bot)

    assert direct(running_bot, ADA) == []
    assert not running_bot.bot.store.is_anything_due(utc_now() + timedelta(days=1))


def test_who_hears_instead_is_asked_again_while_slack_does_not_say(running_bot: RunningBot) -> None:
    arrive(running_bot.workspace, GONE)
    running_bot.workspace.fail("users.list", NOT_NOW)
    lost_connection(running_bot, GONE.id)
    tick(running_bot)

    with time_machine.travel(utc_now() + timedelta(minutes=10), tick=True):
        tick(running_bot)

    (told,) = direct(running_bot, ADA)
    assert WHY in str(told.blocks)
