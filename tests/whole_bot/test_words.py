"""People who ask in their own words: by command, by mention and by direct message alike."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

import pytest

from bot.domain.command import parse
from bot.domain.verbs import VERBS
from bot.sandbox.salesforce.faults import LOGIN, OrgFault
from bot.sandbox.slack.records import TEAM, Happening, SlackMessage
from tests.paths import ROOT
from tests.running_bot import RunningBot
from tests.whole_bot.test_commands import labels

Asking = Callable[[RunningBot, str], SlackMessage]


def by_command(running_bot: RunningBot, text: str) -> SlackMessage:
    return running_bot.ask(text)


def by_mention(running_bot: RunningBot, text: str) -> SlackMessage:
    before = len(running_bot.shown())
    running_bot.ada.mention(text)
    (answer,) = running_bot.shown()[before:]
    return answer


def by_direct_message(running_bot: RunningBot, text: str) -> SlackMessage:
    (answer,) = running_bot.say(text, "dm")
    return answer


WAYS = pytest.mark.parametrize("ask", [by_command, by_mention, by_direct_message])

READY = "✅ prod is ready"
SAID = {
    "prod": READY,
    "Prod?": READY,
    "is prod ready?": READY,
    "check prod": READY,
    "Check prod now": READY,
    "status of prod": READY,
    "status `prod`": READY,
    "status “prod”": READY,
    "status prod?": READY,
    "ist prod bereit?": READY,
    "est-ce que prod est prêt ?": READY,
    "¿está listo prod?": READY,
    "статус prod": READY,
    "emea prod": "⛔ emea-prod needs a step",
    "are all orgs ready?": "⛔ 2 of 7 orgs ready",
    "Which orgs need a step?": "⛔ 2 of 7 orgs ready",
    "reconnect prod": "Connect prod again",
    "subscribe prod": "There is no command subscribe\nDid you mean /flosum remind alerts on for prod or",
    "hide uat until friday": "There is no command hide\nDid you mean /flosum snooze uat until friday?",
    "access denied": "Somebody pressed Deny",
    "connect failed: OAUTH_APP_BLOCKED": "An administrator, or API Access Control,",
    "status INVALID_SESSION_ID": "The access token is no longer valid",
    "status code 401": "Only the failed login shows",
    "install": "Install the Flosum connected app",
    "why?": "Why the Flosum connected apps must be installed",
    "Permitted Users: who may connect": "Permitted Users: who may connect",
    "hello": "Hello",
    "thanks!": "You are welcome",
    "who are you?": "I am the Flosum assistant",
    "help me": "I help Salesforce orgs",
    "help me connect prod": "What connect takes",
    "how do I snooze uat?": "What snooze takes",
    "how can I change the owner of prod?": "What owner takes",
    "prdo": "Did you mean prod?",
    "status prdo": "I know no org called prdo. Did you mean prod?",
    "status zzz": "I know no org called zzz. Connected orgs: ",
    "is Nowhere ready?": "I know no org called Nowhere. Connected orgs: ",
    "what about Nowhere?": "I know no org called Nowhere. Connected orgs: ",
    "status of Nowhere": "I know no org called Nowhere. Connected orgs: ",
    "NOWHERE": "I have no guidance for NOWHERE, and no org is called so\n",
    "rename a b": "I know no org called a. Connected orgs: ",
    "disconnect the old one": "I know no org called old one. Connected orgs: ",
    "connect a b c": "I understand a name of one word, and the My Domain behind it",
    "orgs staging": "I know no org called staging. Connected orgs: ",
    "is the build ready?": "I have no guidance for that",
    "check the logs": "I have no guidance for that",
    "is prod or uat ready?": "⚠️ prod and uat: 1 of 2 orgs re",
}


@WAYS
def test_it_is_understood_in_every_way_of_asking(running_bot: RunningBot, ask: Asking) -> None:
    said = {text: ask(running_bot, text).text for text in SAID}

    assert {text: said[text][: len(start)] for text, start in SAID.items()} == SAID


def test_in_a_channel_none_of_it_is_overheard(running_bot: RunningBot) -> None:
    silent = [text for text in SAID if "OAUTH" not in text and "SESSION_ID" not in text]

    assert [text for text in silent if running_bot.say(text)] == []


@WAYS
def test_help_is_one_press_away(running_bot: RunningBot, ask: Asking) -> None:
    for text in ("hello", "thanks", "what is the weather in Oslo", "check the logs"):
        assert "All commands" in labels(ask(running_bot, text)), text


@pytest.mark.parametrize(
    ("text", "shown", "then"),
    [
        ("status prdo", ["Check prod", "All orgs"], "✅ prod is ready"),
        ("statsu of prdo", ["Check prod", "All orgs"], "✅ prod is ready"),
        ("apps prdo", ["prod", "All orgs"], "prod needs Flosum Backup Org Auth"),
        ("disconnect “prdo”", ["prod", "All orgs"], "⚠️ Disconnect prod?"),
        ("is emea ready?", ["Check emea-prod", "All orgs"], "⛔ emea-prod needs a step"),
    ],
)
def test_a_near_miss_is_a_button(running_bot: RunningBot, text: str, shown: list[str], then: str) -> None:
    answer = running_bot.ask(text)

    assert labels(answer) == shown
    running_bot.ada.press(answer, shown[0])
    assert running_bot.shown()[-1].text.startswith(then)


def test_of_many_orgs_the_nearest_five_are_named(running_bot: RunningBot) -> None:
    answer = running_bot.ask("status quux")

    assert answer.text.count(",") == 4
    assert answer.text.endswith(" and 2 more.")


def test_a_question_about_an_org_that_hangs_keeps_the_talk_in_its_channel_waiting_for_nothing(
    running_bot: RunningBot,
) -> None:
    running_bot.salesforce.break_org("prod", OrgFault(hang=3, path=LOGIN))
    before = len(running_bot.shown())

    running_bot.ada.mention("is prod ready?")
    running_bot.ada.say("OAUTH_APP_BLOCKED")

    first, last = running_bot.shown()[before:]
    assert first.text.startswith("An administrator, or API Access Control,")
    assert last.text.startswith(READY)


def test_an_org_named_below_an_explanation_goes_on_from_it(running_bot: RunningBot) -> None:
    running_bot.say("OAUTH_APP_BLOCKED", "dm")

    assert by_direct_message(running_bot, "prod").text.startswith("The answer above, for prod")
    assert by_direct_message(running_bot, "is prod ready?").text.startswith(READY)


# --- what the bot says of itself, and some of the orgs ---------------------------------------------------


@WAYS
@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("help", ["What orgs still need: ", "Connect and change orgs: ", "disconnect emea-prod", "privacy · version"]),
        ("help remind", ["What remind takes", "on|off|now [#channel]", "set when and where a digest comes"]),
        ("help `/flosum status`?", ["What status takes", "sandboxes"]),
        ("help grant", ["What grant takes", "which permission sets there are to grant to"]),
        ("privacy", ["I keep little", "only until it is answered", "disconnect forgets an org"]),
        ("version", ["Flosum assistant 0."]),
        ("status sandboxes", ["1 of 2 orgs ready", "uat", "qa"]),
        ("which orgs are not ready?", ["5 of 7 orgs not ready", "uat", "emea-prod"]),
    ],
)
def test_it_tells_of_itself_and_of_some_orgs(running_bot: RunningBot, ask: Asking, text: str, parts: list[str]) -> None:
    answer = ask(running_bot, text)

    assert [part for part in parts if part not in answer.text] == []


def test_an_org_that_is_called_like_a_filter_comes_first(running_bot: RunningBot) -> None:
    running_bot.bot.store.rename_org(TEAM, "prod", "sandboxes")  # from when such names were taken

    assert running_bot.ask("status sandboxes").text.startswith("✅ sandboxes is ready")


# --- the titles of our own prompts and buttons -----------------------------------------------------------

CONTEXTUAL = {"Try again", "Show the steps", "Share in channel", "Check now", "Reconnect", "Keep it", "Take off"}
"""These say something else below each answer, so nobody can be understood who types them."""


def titles() -> Iterator[tuple[str, str]]:
    """Every title in the code that stands there as one word of text, with its command."""
    for path in sorted((ROOT / "bot").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Button", "Prompt"):
                if any(word.arg == "form" for word in node.keywords):
                    continue  # its command is what the form is about
                given = [*node.args, *(word.value for word in node.keywords if word.arg == "command")]
                said = [each.value if isinstance(each, ast.Constant) else None for each in given]
                if len(said) > 1 and isinstance(said[0], str) and isinstance(said[1], str):
                    yield said[0], said[1]


def test_every_title_of_ours_works_when_it_is_typed() -> None:
    found = {title: command for title, command in titles() if title not in CONTEXTUAL}

    assert len(found) > 10
    assert {title: parse(title) for title in found} == {title: parse(command) for title, command in found.items()}


IN_OTHER_WORDS = {
    "hows prod doing today": READY,
    "is prod good to go?": READY,
    "what's wrong with prod?": READY,
    "why is uat not ready?": "⚠️ uat needs a step",
    "prod details": READY,
    "details of prod": READY,
    "status prod and uat": "prod and uat: 1 of 2 orgs ready",
    "is everything ok?": "⛔ 2 of 7 orgs ready",
    "which orgs are not ready?": "⛔ 5 of 7 orgs not ready",
    "are the sandboxes ready?": "⚠️ Sandboxes: 1 of 2 orgs ready",
    "list all my orgs": "2 of 7 orgs ready",
    "what next?": "⛔ 2 of 7 orgs ready",
    "please reconnect uat": "Connect uat again",
    "who is the owner of prod": "prod",
    "disconnect the prod org": "⚠️ Disconnect prod?",
    "connect my new org": "What should the org be called?",
    "connect acme prod": "I read prod as its My Domain.",
    "connect acme prod eu": "I understand a name of one word",
    "remind me what INVALID_LOGIN means": "The API login with a password was refused",
    "when is the digest?": "The digest comes Mondays",
    "set the reminder to tuesday at 9": "Tuesdays at 09:00",
    "turn off the weekly digest": "is off now",
    "hi bot!": "Hello",
    "hi there, can you help?": "I help Salesforce orgs",
    "undo that": "There is no undo by a word\n/flosum settings lists the last changes",
    "share it": "Press Share in channel below the answer\nIt then stands in the channel",
    "mondays at 9am": "Is that for a digest?\nThen say /flosum remind mondays at 9am",
    "remind us: access denied": "Somebody pressed Deny",
    "help me please": "I help Salesforce orgs",
    "?": "I help Salesforce orgs",
    "-h": "I help Salesforce orgs",
    "Hilfe!": "I help Salesforce orgs",
    "how to install": "Install the Flosum connected app",
    "what version are you?": "Flosum assistant",
    "what do you store about me?": "I keep little",
    "rename prod to production": "✅ prod is called production now",
}


def test_each_is_understood(running_bot: RunningBot) -> None:
    for text, expected in IN_OTHER_WORDS.items():
        answer = by_command(running_bot, text).text
        assert expected in answer, (text, answer)


def test_no_form_of_a_command_is_taken_for_an_error(running_bot: RunningBot) -> None:
    typed = [verb for verb in VERBS if not verb.is_pressed and verb.name != "explain"]
    forms = [f"{verb.name} {usage.words}" for verb in typed for usage in verb.usages]
    lines = [form.replace("<org>", "prod").replace("<", "").replace(">", "") for form in forms]

    assert len(lines) > 50
    assert [line for line in lines if running_bot.bot.uses.assistant.is_error(line)] == []


KEPT_AWAY = ["the stop the digest job failed", "they list orgs in the wiki on Mondays, look there", "digest this first"]


@pytest.mark.parametrize("text", KEPT_AWAY)
def test_what_only_holds_such_words_does_nothing(running_bot: RunningBot, text: str) -> None:
    before = running_bot.bot.store.subscriptions("T0DEMO")

    assert "I have no guidance" in by_command(running_bot, text).text
    assert running_bot.bot.store.subscriptions("T0DEMO") == before


def test_a_day_and_a_time_set_nothing_before_it_is_said_what_for(running_bot: RunningBot) -> None:
    before = running_bot.bot.store.subscriptions("T0DEMO")
    answer = running_bot.ask("fridays at 2pm Berlin")
    assert running_bot.bot.store.subscriptions("T0DEMO") == before

    running_bot.ada.press(answer, "/flosum remind fridays at 2pm Berlin")

    assert "Fridays at 14:00 Europe/Berlin" in running_bot.shown()[-1].text
    assert running_bot.bot.store.subscriptions("T0DEMO") == before


def test_what_is_switched_off_takes_the_place_of_the_question(running_bot: RunningBot) -> None:
    running_bot.ada.press(running_bot.ask("remind"), "Switch it off")
    assert running_bot.shown()[-1].text.startswith("✅ ")
    assert running_bot.workspace.log[-1].happening is Happening.UPDATED


def test_where_nobody_else_reads_along_nothing_is_offered_to_be_shared(running_bot: RunningBot) -> None:
    (status,) = running_bot.say("status prod", "dm")
    running_bot.ada.press(status, "Details")
    alone = [each for each in running_bot.shown() if each.channel == "D0ADA"]

    assert len(alone) == 2
    assert "Share" not in str([each.blocks for each in alone])
    assert "Share in channel" in str(running_bot.ask("status prod").blocks)
