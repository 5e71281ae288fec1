"""Orgs that are snoozed: by command, by form and by the button in the digest; who may, who sees it, how it ends."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.model import Snooze
from bot.sandbox.salesforce.database import OrgRecords
from bot.sandbox.slack.records import TEAM, SlackMessage, View
from bot.wiring.demo import built_in
from bot.wiring.parts import utc_now
from tests.blockkit import assert_valid_calls
from tests.running_bot import ADA, RunningBot

BEN = "U0BEN"


@pytest.fixture
def running_bot(tmp_path: Path) -> Iterator[RunningBot]:
    """As elsewhere, except that Ben may be named."""
    log = io.StringIO()
    with built_in(tmp_path, log) as (workspace, salesforce, bot):
        yield RunningBot(workspace, salesforce, bot, log, tmp_path)
        assert_valid_calls(workspace.calls, mentions=(ADA, BEN))


def kept(running_bot: RunningBot, name: str) -> Snooze | None:
    org = running_bot.bot.store.org(TEAM, name)
    assert org is not None
    return org.snooze


def until(running_bot: RunningBot, name: str) -> datetime:
    snooze = kept(running_bot, name)
    assert snooze is not None
    assert snooze.until is not None
    return snooze.until


def digest(running_bot: RunningBot) -> SlackMessage:
    before = len(running_bot.shown())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.service.posting_now.ONCE_IN", timedelta(0))  # each is meant
        running_bot.ada.command("remind now")
        return running_bot.shown()[before]


def in_days(days: int) -> str:
    """A day to come, as it is typed: by the machine's clock, which these bots have."""
    return f"{utc_now() + timedelta(days=days):%Y-%m-%d}"


def direct(running_bot: RunningBot, person: str = ADA) -> list[str]:
    """What the bot says in somebody's direct messages."""
    channel = running_bot.workspace.state.direct_channel(person)
    return [shown.text for shown in running_bot.shown() if channel and shown.channel == channel.id]


def window(running_bot: RunningBot) -> View:
    assert running_bot.workspace.settle()
    return [shown.view for shown in running_bot.workspace.log if shown.view and shown.view.kind == "modal"][-1]


def chosen(length: str, reason: str = "", **more: str) -> dict[str, Any]:
    label = {"type": "plain_text", "text": "Any", "emoji": False}
    choices = {"length": length, **more}
    return {
        **{
            key: {"line": {"type": "static_select", "selected_option": {"text": label, "value": value}}}
            for key, value in choices.items()
        },
        "reason": {"line": {"type": "plain_text_input", "value": reason or None}},
    }


def become(running_bot: RunningBot, name: str, *, like: str) -> None:
    """Let an org have the apps, grants and tokens of another."""
    databases = {org.name: org.database for org in running_bot.salesforce.orgs.values()}
    own = {"Organization": databases[name].tables["Organization"]}
    running_bot.salesforce.change(name, database=OrgRecords({**databases[like].tables, **own}, databases[like].hidden))


# --- what is typed -------------------------------------------------------------------------------------


def test_an_org_is_left_out_of_the_digest_and_does_not_count_as_ready(running_bot: RunningBot) -> None:
    assert "uat" in digest(running_bot).text

    answer = running_bot.ask("snooze uat 2 weeks holidays")

    assert answer.text.startswith("✅ uat is snoozed until ")
    assert "Reason: holidays" in answer.text
    # By Ada's clock, which may change meanwhile; a minute is what a slow machine takes.
    lasts, an_hour = until(running_bot, "uat") - utc_now(), timedelta(hours=1)
    assert timedelta(days=14) - an_hour - timedelta(minutes=1) < lasts <= timedelta(days=14) + an_hour
    shown = digest(running_bot)
    assert shown.text.startswith("⛔ Flosum apps: 2 of 6 orgs ready")
    assert shown.text.endswith("\n1 snoozed: uat.")
    assert shown.text.count("uat") == 1


def test_who_snoozed_what_until_when_and_why_is_seen_by_everybody(running_bot: RunningBot) -> None:
    running_bot.ask(f"snooze uat until {in_days(30)} release freeze")
    running_bot.ask("snooze fresh never sold")

    listed = running_bot.ask("snooze", running_bot.ben).text
    status = running_bot.ask("status uat", running_bot.ben).text
    home = running_bot.ben.open_home()

    assert listed.startswith("2 orgs are snoozed")
    assert "Ada Lindt · release freeze" in listed
    assert "fresh · not needed here · Ada Lindt · sold" in listed
    assert "Snoozed until " in status
    assert " by Ada Lindt: release freeze" in status
    assert home.acked
    running_bot.shown()
    assert "release freeze" in str(running_bot.workspace.state.homes[BEN].body)
    assert "2 snoozed" in str(running_bot.workspace.state.homes[BEN].body)


def test_all_others_ready_is_said_beside_what_is_snoozed(running_bot: RunningBot) -> None:
    for org in running_bot.bot.store.orgs(TEAM):
        if org.name not in ("prod", "qa"):
            running_bot.ask(f"snooze {org.name} never")

    shown = digest(running_bot)

    assert shown.text == "✅ Flosum apps: nothing to do, 2 orgs ready\n5 snoozed: /flosum snooze"


def test_it_ends_by_hand_and_saying_so_twice_changes_nothing(running_bot: RunningBot) -> None:
    answer = running_bot.ask("snooze uat 7")
    before = len(running_bot.shown())

    running_bot.ada.press(answer, "End it")

    assert running_bot.shown()[before].text.startswith("✅ uat is in the digests again")
    assert kept(running_bot, "uat") is None
    assert running_bot.ask("snooze uat off").text == "uat is not snoozed\nNothing was changed."
    assert "uat" in digest(running_bot).text


def test_the_same_again_says_so_and_another_time_replaces_it(running_bot: RunningBot) -> None:
    line = f"snooze uat until {in_days(30)} freeze"
    running_bot.ask(line)

    assert running_bot.ask(line).text.startswith("uat is snoozed like that already")
    later = running_bot.ask(f"snooze uat until {in_days(37)}")

    assert "Before: until" in str(later.blocks)
    assert len([change for change in running_bot.bot.store.changes(TEAM) if change.action == "snoozed"]) == 2


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("snooze uaat 7", "I know no org called uaat. Did you mean uat?"),
        ("snooze nowhere 7", "I know no org called nowhere. Connected orgs: "),
        ("snooze uat 0", "0 is no time to wait. A snooze lasts a day at least."),
        ("snooze uat -1", "-1 is no time to wait. A snooze lasts a day at least."),
        ("snooze uat 1e9", "A snooze lasts a year at most."),
        ("snooze uat until yesterday", "That time is over already."),
        ("snooze uat", "For how long?"),
        ("snooze uat someday", "For how long? I read no time in someday, so it would be the reason."),
        ("snooze prod 7", "prod is ready as it was last read, so no digest tells of it."),
    ],
)
def test_what_cannot_be_is_told_with_what_can(running_bot: RunningBot, typed: str, told: str) -> None:
    running_bot.ask("status prod")

    assert running_bot.ask(typed).text.startswith(told)
    assert [org.name for org in running_bot.bot.store.orgs(TEAM) if org.snooze] == []


def test_what_may_be_meant_is_a_button_away(running_bot: RunningBot) -> None:
    answer = running_bot.ask("snooze uat because of the holidays")

    running_bot.ada.press(answer, "2 weeks: the holidays")

    running_bot.shown()
    snooze = kept(running_bot, "uat")
    assert snooze is not None
    assert snooze.reason == "the holidays"


# --- who may -------------------------------------------------------------------------------------------


def test_a_member_may_not_and_the_orgs_owner_may(running_bot: RunningBot) -> None:
    refused = running_bot.ask("snooze uat 7", running_bot.ben)
    running_bot.ask("owner uat @ben")

    taken = running_bot.ask("snooze uat 7", running_bot.ben)

    assert "is for workspace admins and people added in" in refused.text
    assert taken.text.startswith("✅ uat is snoozed")
    assert "is for workspace admins" in running_bot.ask("snooze fresh 7", running_bot.ben).text
    change, *_ = running_bot.bot.store.changes(TEAM)
    assert (change.user, change.action, change.subject.partition(",")[0]) == (BEN, "snoozed", "uat")


# --- the form ------------------------------------------------------------------------------------------


def test_the_button_under_an_org_of_the_digest_opens_a_form(running_bot: RunningBot) -> None:
    running_bot.ask("snooze legacy never")
    shown = digest(running_bot)

    assert running_bot.ada.press(shown, "Snooze").acked
    form = window(running_bot)

    assert form.body["callback_id"] == "snooze"
    subject = form.body["private_metadata"]
    assert running_bot.ada.submit(form, chosen("14", "Ada is away")).acked
    assert f"{subject} is snoozed until" in direct(running_bot)[-1]
    snooze = kept(running_bot, subject)
    assert snooze is not None
    assert snooze.reason == "Ada is away"


def test_without_an_org_the_form_asks_for_one_that_is_not_ready(running_bot: RunningBot) -> None:
    running_bot.ask("status all")

    assert running_bot.ada.press(running_bot.ask("snooze"), "Snooze").acked
    form = window(running_bot)
    options = form.body["blocks"][1]["element"]["options"]

    assert [option["value"] for option in options] == ["emea-prod", "uat", "partner", "fresh", "legacy"]
    assert running_bot.ada.submit(form, chosen("never", org="fresh")).acked
    assert "fresh is not needed here" in direct(running_bot)[-1]
    assert kept(running_bot, "fresh") == replace(
        kept(running_bot, "fresh") or Snooze(None, "", "", utc_now()), until=None
    )


# --- how it ends ---------------------------------------------------------------------------------------


def test_when_the_time_is_over_whoever_set_it_hears_so_once(running_bot: RunningBot) -> None:
    running_bot.ask("snooze uat 7")
    org = running_bot.bot.store.org(TEAM, "uat")
    assert org is not None
    assert org.snooze is not None
    running_bot.bot.store.snooze(org, replace(org.snooze, until=utc_now() - timedelta(seconds=1)))
    assert "uat" in digest(running_bot).text

    for _ in range(3):
        running_bot.bot.tick()

    assert [text for text in direct(running_bot) if "snooze" in text] == [
        "❔ The snooze of uat is over\nIt is in the digests again."
    ]
    assert kept(running_bot, "uat") is None


def test_it_ends_at_once_when_the_org_becomes_ready(running_bot: RunningBot) -> None:
    running_bot.ask("status emea-prod")
    running_bot.ask("snooze emea-prod 30")
    become(running_bot, "emea-prod", like="prod")

    assert running_bot.ask("status emea-prod").text.startswith("✅ emea-prod is ready")
    for _ in range(2):
        running_bot.bot.tick()

    assert kept(running_bot, "emea-prod") is None
    assert direct(running_bot)[-1] == "✅ emea-prod is ready\nIts snooze ended with that."


def test_it_goes_with_its_org_and_follows_its_name(running_bot: RunningBot) -> None:
    running_bot.ask("snooze uat 7 freeze")

    running_bot.ask("rename uat acceptance")
    assert kept(running_bot, "acceptance") is not None
    running_bot.ask("disconnect acceptance yes")

    assert running_bot.ask("snooze").text.startswith("No org is snoozed")


@pytest.mark.parametrize("by_mention", [False, True])
def test_whom_a_reason_names_is_called_by_name_everywhere(running_bot: RunningBot, by_mention: bool) -> None:
    said, name = "snooze uat 7 waiting for @ben (#random)", "@Ben Okoro" if by_mention else "@ben"
    before, say = len(running_bot.shown()), running_bot.ada.mention if by_mention else running_bot.ada.command
    say(said)

    told = [*running_bot.shown()[before:]]
    told += [running_bot.ask("snooze"), running_bot.ask("status uat details")]

    assert f"Reason: waiting for {name} (#" in told[0].text
    assert all("U0BEN" not in str(shown.blocks) + shown.text for shown in told)
