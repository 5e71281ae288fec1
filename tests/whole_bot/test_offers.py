"""Whoever may change nothing is offered nothing that would only refuse them, wherever they alone see it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from bot.adapters.slack.views.blocks import SHARE
from bot.domain.command import who_may_say
from bot.domain.verbs import Who
from bot.sandbox.slack.records import TEAM, SlackMessage
from bot.sandbox.slack.user import SlackUser
from tests import phone
from tests.people import GUEST, arrive
from tests.running_bot import RunningBot

ORGS = ("prod", "uat", "qa", "partner")
LINES = (
    *(f"status {name}{more}" for name in ORGS for more in ("", " steps", " details")),
    *(f"guide for {name}" for name in ORGS),
    "access uat me",
    "access partner me",
    "status all",
    "orgs",
    "status partner, fresh",
    "status nowhere",
    "snooze",
    "apps prod",
    "owner prod",
    "tag",
    "tag prod",
    "tag uat",
    "remind",
    "remind preview",
    "remind escalate",
    "remind handover",
    "remind alerts",
    "remind me monday 9:00",
    "remind now me",
    "settings",
    "settings guests",
    "snooz prod",
    "remnd off",
    "explain uat says OAUTH_APP_BLOCKED",
    "explain uat says OAUTH_APP_ACCESS_DENIED: user is not admin approved to access this app",
)
REFUSED = "is for workspace admins"
_TYPED = re.compile(r"/flosum ([^`\n·]+)")

Say = Callable[[SlackUser, str], object]
WAYS: dict[str, Say] = {
    "command": lambda person, text: person.command(text),
    "direct": lambda person, text: person.say(text, "dm"),
}


def settled(bot: RunningBot) -> RunningBot:
    """Orgs that were read, and one of each thing that can be changed."""
    for text in ("status all", "snooze uat 7 release freeze", "tag prod emea"):
        bot.ask(text)
    return bot


def pressable(message: SlackMessage) -> Iterator[str]:
    """What can be pressed in it, forms and lines alike; links, and to share it, are everybody's."""
    for button in phone.buttons(message.blocks):
        if not button.get("url") and not button["action_id"].startswith(SHARE):
            yield button["text"]["text"]


def told_of(bot: RunningBot, before: int, windows: int) -> str:
    shown = [message.text for message in bot.shown()[before:]]
    views = [json.dumps(each.view.body) for each in bot.workspace.log if each.view]
    return "\n".join([*shown, *views[windows:]])


def refusing(bot: RunningBot, person: SlackUser, message: SlackMessage) -> Iterator[str]:
    """The labels of what refuses who presses it."""
    for label in pressable(message):
        before, windows = len(bot.shown()), sum(1 for each in bot.workspace.log if each.view)
        person.press(message, label)
        if REFUSED in told_of(bot, before, windows):
            yield label


@pytest.mark.parametrize("way", WAYS)
def test_no_button_that_a_member_alone_sees_only_refuses_them(running_bot: RunningBot, way: str) -> None:
    bot, found, seen = settled(running_bot), [], 0
    lines = LINES if way == "command" else LINES[::4]  # both go through the same door behind
    for line in lines:
        before = len(bot.shown())
        WAYS[way](bot.ben, line)
        for message in bot.shown()[before:]:
            if message.audience == bot.ben.member.id or message.channel.startswith("D"):
                seen += 1
                found += [f"{line}: {label}" for label in refusing(bot, bot.ben, message)]
    assert seen >= len(lines)
    assert found == []


def test_no_line_that_a_member_alone_reads_is_one_that_refuses_them(running_bot: RunningBot) -> None:
    bot, found = settled(running_bot), []
    for line in LINES:
        text = phone.words("\n".join(phone.lines(bot.ask(line, bot.ben).blocks)).replace("\n", " "))
        typed = [said.strip(" .:") for said in _TYPED.findall(text)]
        is_theirs = "Whoever may change things here" in text or "Did you mean" in text or "workspace admins" in text
        found += [f"{line}: {said}" for said in typed if not is_theirs and who_may_say(said) is not Who.EVERYBODY]
    assert found == []


def test_a_guest_who_sees_orgs_is_offered_what_a_member_is(running_bot: RunningBot) -> None:
    bot, guest = settled(running_bot), arrive(running_bot.workspace, GUEST)
    bot.ask("settings guests on")
    for line in ("status uat", "status partner", "orgs", "remind me monday 9:00", "settings guests"):
        assert list(refusing(bot, guest, bot.ask(line, guest))) == [], line


def test_the_owner_of_an_org_may_snooze_it_and_no_other(running_bot: RunningBot) -> None:
    bot, store = settled(running_bot), running_bot.bot.store
    (uat,) = [org for org in store.orgs(TEAM) if org.name == "uat"]
    store.save_org(replace(uat, owner=bot.ben.member.id))

    assert "End the snooze" in list(pressable(bot.ask("status uat", bot.ben)))
    bot.ben.press(bot.ask("status uat", bot.ben), "End the snooze")
    assert "in the digests again" in bot.shown()[-1].text
    preview = bot.ask("remind preview", bot.ben)
    assert [*pressable(preview)].count("Snooze") == 1  # of the five that are listed


def test_who_is_trusted_is_offered_what_an_admin_is_but_for_what_admins_do_alone(running_bot: RunningBot) -> None:
    bot = settled(running_bot)
    bot.ask("settings trust <@U0BEN>")

    for line in ("status uat", "status partner", "orgs", "remind preview", "snooze"):
        assert list(pressable(bot.ask(line, bot.ben))) == list(pressable(bot.ask(line))), line
    assert list(pressable(bot.ask("settings guests", bot.ben))) == []
    assert list(pressable(bot.ask("settings guests"))) == ["Open to guests"]


def test_a_message_that_everybody_reads_keeps_its_buttons(running_bot: RunningBot) -> None:
    bot = settled(running_bot)

    bot.ben.mention("status uat")

    assert "Grant access" in list(pressable(bot.shown()[-1]))


def test_a_window_over_home_offers_what_is_theirs(running_bot: RunningBot) -> None:
    bot = settled(running_bot)
    bot.ask("remind me monday 9:00", bot.ben)
    bot.ben.press(bot.shown()[-1], "Switch it on")
    bot.ben.open_home()
    assert bot.workspace.settle()
    home = bot.workspace.state.homes[bot.ben.member.id]
    labels = [button["text"]["text"] for button in phone.buttons(home.body["blocks"])]
    assert not {"Connect an org", "Reconnect partner"} & {*labels}
