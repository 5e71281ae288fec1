"""Whoever opens the talk with the bot for the first time is greeted there: once, and as fits them."""

from __future__ import annotations

import pytest

from bot.sandbox.slack.records import TEAM, View
from bot.service.greeting import Greeting
from tests.people import OUTSIDERS, arrive
from tests.running_bot import RunningBot


def window(bot: RunningBot) -> View:
    """The newest window."""
    bot.shown()
    return [shown.view for shown in bot.workspace.log if shown.view and shown.view.kind == "modal"][-1]


def texts(bot: RunningBot) -> list[str]:
    return [each.text for each in bot.shown()]


def test_an_admin_is_shown_what_the_orgs_need_or_how_to_connect_one(running_bot: RunningBot) -> None:
    assert running_bot.ada.open_home("messages").acked
    (greeting,) = running_bot.shown()
    assert greeting.channel == "D0ADA"
    assert "Next: see what the connected orgs still need" in greeting.text
    running_bot.ada.press(greeting, "Which orgs need a step?")
    assert "2 of 7 orgs ready" in texts(running_bot)[-1]


def test_without_orgs_an_admin_connects_one(running_bot: RunningBot) -> None:
    for org in running_bot.bot.store.orgs(TEAM):
        running_bot.bot.store.remove_org(TEAM, org.name)

    running_bot.ada.open_home("messages")

    (greeting,) = running_bot.shown()
    assert "/flosum connect prod" in greeting.text
    running_bot.ada.press(greeting, "Connect an org")
    form = window(running_bot)
    faulty = running_bot.ada.submit(form, {"org": {"line": {"type": "plain_text_input", "value": "all"}}})
    assert faulty.answer["response_action"] == "errors"
    running_bot.ada.submit(form, {"org": {"line": {"type": "plain_text_input", "value": "lab acme"}}})
    (ways,) = [each for each in running_bot.shown() if each.text.startswith("Connect lab")]
    assert ways.channel == "D0ADA"
    assert "app.py" not in str(ways.blocks)


@pytest.mark.parametrize("asked", ["status", "orgs", "status all", "check again", "what next?"])
@pytest.mark.parametrize("name", ["ada", "ben"])
def test_without_orgs_the_way_to_one_is_a_press_for_who_may(running_bot: RunningBot, asked: str, name: str) -> None:
    for org in running_bot.bot.store.orgs(TEAM):
        running_bot.bot.store.remove_org(TEAM, org.name)

    answer = running_bot.ask(asked, running_bot.workspace.person(name))

    assert answer.text.startswith("❔ No org is connected yet")
    assert ("Connect an org" in str(answer.blocks)) is (name == "ada")
    assert ("/flosum settings names them" in answer.text) is (name == "ben")


def test_connect_alone_asks_for_the_name_in_a_form(running_bot: RunningBot) -> None:
    answer = running_bot.ask("connect")

    running_bot.ada.press(answer, "Connect an org")
    assert window(running_bot).body["callback_id"] == "connect-new"
    assert "is for workspace admins" in running_bot.ask("connect", running_bot.ben).text
    running_bot.ben.press(answer, "Connect an org")
    assert "is for workspace admins" in str(window(running_bot).body)


def test_others_are_told_to_paste_an_error(running_bot: RunningBot) -> None:
    running_bot.ben.open_home("messages")

    (greeting,) = texts(running_bot)
    assert "Next: paste a Salesforce login error here" in greeting


def test_everybody_is_greeted_once_ever(running_bot: RunningBot) -> None:
    for _ in range(3):
        running_bot.ben.open_home("messages")
    assert len(texts(running_bot)) == 1

    state, uses = running_bot.workspace.state, running_bot.bot.uses
    for message in state.conversation("D0BEN"):
        state.delete(message)  # Slack keeps some only for a while
    uses.greeting._known.clear()  # noqa: SLF001 - as another process, or the next start
    running_bot.ben.open_home("messages")

    assert len({each.ts for each in running_bot.shown()}) == 1
    assert isinstance(uses.greeting, Greeting)


def test_who_has_talked_with_it_is_not_greeted(running_bot: RunningBot) -> None:
    running_bot.say("hello", "dm")
    before = len(texts(running_bot))

    running_bot.ada.open_home("messages")

    assert len(texts(running_bot)) == before


@pytest.mark.parametrize("kind", OUTSIDERS)
def test_nobody_else_is_greeted(running_bot: RunningBot, kind: str) -> None:
    person = arrive(running_bot.workspace, OUTSIDERS[kind])

    person.open_home("messages")

    assert texts(running_bot) == []
