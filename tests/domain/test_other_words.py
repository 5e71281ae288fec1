"""Verbs of other apps lead to what is typed here, and what only begins like one is left alone."""

from __future__ import annotations

import pytest

from bot.domain.command import ASK, parse
from bot.domain.other_words import meant_by
from bot.domain.verbs import BY_NAME

NAMES = ["prod", "emea-prod", "uat", "My Org"]
HERE = "<#C1|ops>"
MEANT = {
    "subscribe": ["remind alerts on", "remind monday 09:00"],
    "Subscribe!": ["remind alerts on", "remind monday 09:00"],
    f"subscribe prod in {HERE}": [f"remind alerts on {HERE} for prod", f"remind monday 09:00 {HERE} for prod"],
    f"subscribe {HERE} to emea-prod": [
        f"remind alerts on {HERE} for emea-prod",
        f"remind monday 09:00 {HERE} for emea-prod",
    ],
    "notify me when prod is not ready": ["remind me alerts on for prod", "remind me monday 09:00 for prod"],
    f"notify {HERE} friday 2pm": [f"remind friday 2pm {HERE}"],
    "follow “My Org”": ["remind alerts on for My Org", "remind monday 09:00 for My Org"],
    "subscribe me to the weekly digest": ["remind me alerts on", "remind me monday 09:00"],
    "subscribe to release notes": ["help remind"],
    "unsubscribe": ["remind off", "remind alerts off"],
    f"unsubscribe {HERE}": [f"remind off {HERE}", f"remind alerts off {HERE}"],
    "unfollow uat": ["snooze uat never"],
    "mute": ["remind off", "settings quiet"],
    "mute: uat": ["snooze uat 1 week"],
    "pause uat for 2 weeks": ["snooze uat 2 weeks"],
    "hide uat until friday": ["snooze uat until friday"],
    "mute the noise": ["help snooze"],
    "stop reminding me": ["remind me off", "settings quiet"],
    "unmute uat": ["snooze uat off"],
    "export orgs": ["orgs"],
    "export all orgs": ["orgs"],
    "download": ["orgs"],
    "export prod": ["status prod details"],
    "resume": ["remind on"],
    "schedule monday 9am": ["remind monday 9am"],
    "schedule": ["remind monday 09:00"],
    "weekdays 8:30": ["remind weekdays 8:30"],
    "report friday 9:00 for prod": ["remind friday 9:00 for prod"],
    "refresh prod": ["status prod"],
    "remove the org uat": ["disconnect uat"],
    "assign uat to <@U1>": ["owner uat <@U1>"],
    "label uat emea": ["tag uat emea"],
    "permissions uat": ["access uat me"],
    "add org newprod": ["connect newprod"],
    "add prod": ["connect prod"],
    "create a reminder": ["remind monday 09:00"],
    "list": ["orgs"],
    "preferences": ["settings"],
    "about": ["version"],
    "escalate uat": ["remind escalate"],
}


@pytest.mark.parametrize(("typed", "meant"), MEANT.items())
def test_a_verb_of_another_app_leads_to_what_is_typed_here(typed: str, meant: list[str]) -> None:
    assert list(meant_by(typed, NAMES)) == meant
    assert parse(typed).verb not in {parse(line).verb for line in meant}


@pytest.mark.parametrize("line", sorted({line for lines in MEANT.values() for line in lines}))
def test_what_is_suggested_is_a_command(line: str) -> None:
    assert parse(line).verb in BY_NAME


@pytest.mark.parametrize(
    "typed",
    [
        "remove the connected app from prod",
        "delete connected app",
        "create a permission set for the integration user",
        "list of permitted users",
        "hide sandboxes",
        "send logs",
        "every org fails",
        "add users\nto the permission set",
        "assign the permission set to all users",
        "history of lunch",
        "show me the way",
    ],
)
def test_what_only_begins_like_one_stays_a_question(typed: str) -> None:
    assert meant_by(typed, NAMES) == ()
    assert parse(typed).verb == ASK


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("digest monday 9:00", "remind monday 9:00"),
        ("reminders off", "remind off"),
        ("alerts", "remind alerts"),
        ("alerts on <#C1>", "remind alerts on <#C1>"),
        ("escalate after 3 weeks to <@U1>", "remind escalate after 3 weeks to <@U1>"),
        ("handover on", "remind handover on"),
        ("unsnooze prod", "snooze prod off"),
    ],
)
def test_what_can_mean_one_thing_alone_is_that_command(typed: str, line: str) -> None:
    assert parse(typed) == parse(line)
    assert parse(line).verb in ("remind", "snooze")


@pytest.mark.parametrize("typed", ["digest did not arrive", "alerts of Salesforce", "reminder about lunch today"])
def test_and_only_that(typed: str) -> None:
    assert parse(typed).verb == ASK
