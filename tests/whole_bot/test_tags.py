"""Tags, and some of the orgs: in every way of asking, page by page. The whole bot, by signed requests."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from bot.adapters.slack.views.blocks import message
from bot.domain.answers import Answer, Button, Choice, Menu
from bot.domain.model import Credentials, Login, Org
from bot.entrypoints.slack.kept_form import kept_form
from bot.entrypoints.slack.shapes import fault_of
from bot.sandbox.slack.keyboard import in_pipe
from bot.sandbox.slack.limits import message_problems
from bot.sandbox.slack.records import TEAM, SlackMessage
from bot.sandbox.slack.terminal import run
from tests import phone
from tests.running_bot import RunningBot


def labels(answer: SlackMessage) -> list[str]:
    return [button["text"]["text"] for button in phone.buttons(answer.blocks)]


def menu(answer: SlackMessage) -> list[str]:
    """The lines of its menu."""
    elements = [element for block in answer.blocks for element in block.get("elements", ())]
    menus = [element for element in elements if element["type"] == "static_select"]
    return [option["text"]["text"] for each in menus for option in each["options"]]


def lines(answer: SlackMessage) -> str:
    return "\n".join(phone.lines(answer.blocks))


def tagged(running_bot: RunningBot) -> dict[str, tuple[str, ...]]:
    return {org.name: org.tags for org in running_bot.bot.store.orgs(TEAM) if org.tags}


def trail(running_bot: RunningBot) -> list[str]:
    return [change.subject for change in running_bot.bot.store.changes(TEAM) if change.action == "changed tags"]


def many_orgs(running_bot: RunningBot, count: int) -> None:
    """Orgs that were never read; every third is tagged."""
    for number in range(count):
        org = Org(TEAM, f"team-{number + 1}", "acme.my.salesforce.com", Login.JWT, sandbox=bool(number % 2))
        org = replace(org, tags=("wave-2",) if number % 3 == 0 else ())
        running_bot.bot.store.add_org(org, Credentials("key"))


# --- putting them on -----------------------------------------------------------------------------------


def test_an_org_is_tagged_shown_and_freed_again(running_bot: RunningBot) -> None:
    assert running_bot.ask("tag").text.startswith("No org has a tag yet")
    assert running_bot.ask("tag prod EMEA, critical").text.startswith("✅ prod is tagged emea and critical now")
    assert running_bot.ask("tag uat as emea").text.startswith("✅ uat is tagged emea now")
    assert running_bot.ask("tag “emea-prod” crm emea wave-1 wave-2").text.startswith("✅ emea-prod is tagged crm, emea")
    assert running_bot.ask("tag prod").text.startswith("prod is tagged emea and critical")
    assert "3 orgs" in running_bot.ask("tag").text
    assert menu(running_bot.ask("tags")) == ["emea (3)", "critical (1)", "crm (1)", "wave-1 (1)", "wave-2 (1)"]
    assert running_bot.ask("tag prod off critical").text.startswith("✅ prod is tagged emea now")
    assert running_bot.ask("untag uat emea").text.startswith("✅ uat has no tags now")
    assert running_bot.ask("tag emea-prod none").text.startswith("✅ emea-prod has no tags now")

    assert tagged(running_bot) == {"prod": ("emea",)}
    assert trail(running_bot)[-1] == "prod: emea, critical"
    assert trail(running_bot)[:2] == ["emea-prod: none", "uat: none"]


def test_what_was_taken_off_is_put_back_by_a_press(running_bot: RunningBot) -> None:
    running_bot.ask("tag prod emea critical")
    answer = running_bot.ask("tag prod none")

    assert answer.text.endswith("Before: emea, critical")
    running_bot.ada.press(answer, "Put them back")
    running_bot.shown()
    assert tagged(running_bot) == {"prod": ("emea", "critical")}


def test_who_may_not_change_an_org_may_look_at_its_tags(running_bot: RunningBot) -> None:
    running_bot.ask("tag prod emea")

    for text in ("tag prod crm", "tag prod off emea", "tag prod none"):
        assert running_bot.ask(text, running_bot.ben).text.startswith("Changing the tags of an org is for workspace")
    assert running_bot.ask("tag prod", running_bot.ben).text.startswith("prod is tagged emea")
    assert "emea" in running_bot.ask("tag", running_bot.ben).text

    assert tagged(running_bot) == {"prod": ("emea",)}
    assert trail(running_bot) == ["prod: emea"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("tag prod ready", "ready means something else in my commands. Choose another word as a tag."),
        ("tag prod not ready", "not means something else in my commands. Choose another word as a tag."),
        ("tag prod all", "all means something else"),
        ("tag prod sandboxes", "sandboxes means something else"),
        ("tag prod this-is-much-too-long-for-a-tag", "is too long for a tag: 24 letters at most."),
        ("tag prod 😀", "cannot be a tag"),
        ("tag prod off crm", "prod is not tagged crm. It has no tags."),
        ("tag nowhere emea", "I know no org called nowhere."),
        ("tag prdo emea", "I know no org called prdo. Did you mean prod?"),
        ("tag emea prod", "The org comes first. Did you mean /flosum tag prod emea?"),
        ("tag prod a1 a2 a3 a4 a5 a6 a7 a8 a9 b1 b2", "An org has 10 tags at most; this one would have 11."),
    ],
)
def test_what_cannot_be_is_said_clearly_and_changes_nothing(running_bot: RunningBot, text: str, told: str) -> None:
    answer = running_bot.ask(text)

    assert told in answer.text
    assert tagged(running_bot) == {}
    assert trail(running_bot) == []


def test_an_org_comes_before_a_tag_of_its_name_and_that_is_said(running_bot: RunningBot) -> None:
    answer = running_bot.ask("tag uat add prod")
    assert "An org is called prod, too: status prod shows that org, status tag prod the tag." in answer.text

    assert running_bot.ask("status prod").text.startswith("✅ prod is ready")
    assert running_bot.ask("status tag prod").text.startswith("⚠️ Tagged prod: 0 of 1 org ready")
    running_bot.ask("tag uat gold")
    assert running_bot.ask("rename qa Gold").text.endswith("called that, too: status tag gold shows its orgs.")


def test_tags_survive_a_new_name_and_go_with_the_org(running_bot: RunningBot) -> None:
    running_bot.ask("tag prod emea")
    running_bot.ask("rename prod live")
    assert tagged(running_bot) == {"live": ("emea",)}

    running_bot.ada.press(running_bot.ask("disconnect live"), "Disconnect live")
    running_bot.shown()
    assert tagged(running_bot) == {}
    assert running_bot.ask("status emea").text.startswith("I know no org called emea.")


# --- what they choose ----------------------------------------------------------------------------------

CHOSEN = {
    "status emea": "⛔ Tagged emea: 1 of 3 orgs ready",
    "status EMEA?": "⛔ Tagged emea: 1 of 3 orgs ready",
    "status #emea": "⛔ Tagged emea: 1 of 3 orgs ready",
    "status of the emea orgs": "⛔ Tagged emea: 1 of 3 orgs ready",
    "is emea ready?": "⛔ Tagged emea: 1 of 3 orgs ready",
    "check the emea orgs": "⛔ Tagged emea: 1 of 3 orgs ready",
    "status emea not ready": "⛔ Tagged emea: 2 of 3 orgs not ready",
    "status not ready emea": "⛔ Tagged emea: 2 of 3 orgs not ready",
    "which emea orgs are not ready?": "⛔ Tagged emea: 2 of 3 orgs not ready",
    "status emea sandboxes": "⚠️ Sandboxes tagged emea: 0 of 1 org ready",
    "status not ready sandboxes": "⚠️ Sandboxes: 1 of 2 orgs not ready",
    "status sandboxes not ready": "⚠️ Sandboxes: 1 of 2 orgs not ready",
    "status sandboxes": "⚠️ Sandboxes: 1 of 2 orgs ready",
    "check the sandboxes": "⚠️ Sandboxes: 1 of 2 orgs ready",
    "status production": "⛔ Production: 1 of 4 orgs ready",
    "is production ready?": "⛔ Production: 1 of 4 orgs ready",
    "status ready": "✅ 2 of 7 orgs ready, 1 not read",
    "status not ready": "⛔ 5 of 7 orgs not ready",
    "status crm": "✅ Tagged crm: 1 of 1 org ready",
    "status crm not ready": "✅ Every org tagged crm is ready",
    "status crm sandboxes": "No sandbox tagged crm is connected",
    "status emea or crm": "⛔ Tagged emea or crm: 1 of 3 orgs ready",
    "status prod, uat": "⚠️ prod and uat: 1 of 2 orgs ready",
    "status emae": "I know no org or tag called emae. Did you mean emea?",
}


@pytest.mark.parametrize("way", ["command", "mention", "dm"])
def test_some_of_the_orgs_are_shown_in_anybodys_words(running_bot: RunningBot, way: str) -> None:
    running_bot.ask("tag prod emea crm")
    for name in ("emea-prod", "uat"):
        running_bot.ask(f"tag {name} emea")

    def asked(text: str) -> str:
        if way == "command":
            return running_bot.ask(text).text
        before = len(running_bot.shown())
        running_bot.ada.mention(text) if way == "mention" else running_bot.ada.say(text, "dm")
        (answer,) = running_bot.shown()[before:]
        return answer.text

    said = {text: asked(text) for text in CHOSEN}
    assert {text: told[: len(CHOSEN[text])] for text, told in said.items()} == CHOSEN


def test_orgs_that_are_not_meant_are_not_read(running_bot: RunningBot) -> None:
    running_bot.ask("tag prod emea")
    running_bot.ask("status emea")

    read = {org.name for org in running_bot.bot.store.orgs(TEAM) if running_bot.bot.store.facts(org)}
    assert read == {"prod"}


def test_the_tags_of_an_org_stand_in_its_status_and_in_lists(running_bot: RunningBot) -> None:
    for tag in ("emea", "critical", "wave-1", "wave-2"):
        running_bot.ask(f"tag emea-prod {tag}")

    assert "tags `emea`, `critical`, `wave-1` and 1 more" in str(running_bot.ask("status emea-prod").blocks)
    assert "tags `emea`, `critical`, `wave-1`, `wave-2`" in str(running_bot.ask("status emea-prod details").blocks)
    assert "emea-prod · install DevOps · emea" in lines(running_bot.ask("orgs"))
    assert "emea-prod · install DevOps · critical" in lines(running_bot.ask("status emea"))


# --- pages and menus -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "head", "count"),
    [
        ("status all", "2 of 77 orgs ready", 75),
        ("orgs", "2 of 77 orgs ready", 75),
        ("status not ready", "75 of 77 orgs not ready", 75),
        ("status sandboxes", "Sandboxes: 1 of 37 orgs ready", 36),
        ("status wave-2", "Tagged wave-2: 0 of 24 orgs ready", 24),
        ("orgs wave-2 not ready", "Tagged wave-2: 24 of 24 orgs not ready", 24),
    ],
)
def test_beyond_twenty_orgs_each_list_has_pages_that_hold_what_was_chosen(
    running_bot: RunningBot, text: str, head: str, count: int
) -> None:
    running_bot.ask("status all")
    many_orgs(running_bot, 70)

    answer = running_bot.ask(text)
    listed: list[str] = []
    for page in range(-(-count // 20)):
        assert head in answer.text, page
        assert phone.height(answer.blocks) <= 25
        assert len(phone.buttons(answer.blocks)) <= 3
        shown = [line.split(" · ")[0] for line in lines(answer).splitlines() if line[:1] in "⛔⚠❔" and " · " in line]
        listed += shown
        turns = [label for label in labels(answer) if label.startswith("Next ")]
        left = count - (page + 1) * 20
        assert turns == ([f"Next {min(left, 20)}"] if left > 0 else [])
        if turns:
            before = len(running_bot.shown())
            running_bot.ada.press(answer, turns[0])
            (answer,) = running_bot.shown()[before:]

    assert len(set(listed)) == len(listed) == count


def test_a_list_without_buttons_has_a_menu_that_opens_an_org(running_bot: RunningBot) -> None:
    many_orgs(running_bot, 6)
    answer = running_bot.ask("orgs")
    assert [label for label in labels(answer) if label.startswith("Check ") and "now" not in label] == []
    assert "prod · not read yet" in menu(answer)
    before = len(running_bot.shown())

    assert running_bot.ada.choose(answer, "Choose an org…", "prod · not read yet").acked

    (status,) = running_bot.shown()[before:]
    assert status.text.startswith("✅ prod is ready")
    assert status.audience == running_bot.ada.member.id


def test_a_short_list_has_a_button_for_each_org_and_no_menu(running_bot: RunningBot) -> None:
    answer = running_bot.ask("status not ready")

    assert "Check emea-prod" in labels(answer)
    assert menu(answer) == []


@pytest.mark.parametrize(("length", "count"), [(5, 1), (150, 1), (151, 0)])
def test_a_menu_has_the_lines_that_slack_takes(length: int, count: int) -> None:
    only = Menu("Choose an org…", (Choice("prod", "x" * length),))

    for answer in (Answer("Orgs", parts=(only,), buttons=(Button("All orgs", "orgs"),)), Answer("Orgs", parts=(only,))):
        blocks = message(answer)["blocks"]
        menus = [e for block in blocks for e in block.get("elements", ()) if e["type"] == "static_select"]
        assert len(menus) == count
        assert message_problems(blocks) == []


def test_of_what_was_chosen_only_its_command_is_kept() -> None:
    option = {"text": {"type": "plain_text", "text": "prod · ready"}, "value": "status prod"}
    action = {"type": "static_select", "action_id": "say:0", "selected_option": option, "action_ts": "1.0"}
    body: dict[str, Any] = {
        "type": "block_actions",
        "user": {"id": "U1"},
        "trigger_id": "1.2",
        "actions": [action],
        "response_url": "https://hooks.example/1",
        "channel": {"id": "C1"},
    }

    assert fault_of(body) == ""
    assert kept_form(body, {}, lambda _: False)["actions"] == [  # type: ignore[arg-type]
        {"type": "static_select", "action_id": "say:0", "selected_option": {"value": "status prod"}}
    ]
    spoiled: list[Any] = [{"value": 7}, {"text": {}}, "status prod", []]
    for wrong in spoiled:
        assert fault_of({**body, "actions": [{**action, "selected_option": wrong}]})


def test_in_a_terminal_the_lines_of_a_menu_have_numbers(running_bot: RunningBot) -> None:
    running_bot.ask("tag prod emea")
    running_bot.ask("tag uat emea wave-2")
    shown = io.StringIO()
    typed = in_pipe(io.StringIO("/flosum tag\n2\n/quit\n"))

    assert run(running_bot.workspace, once=None, console=Console(file=shown, width=100), typed=typed) == 0

    assert "Choose a tag… [1] emea (2) [2] wave-2 (1)" in shown.getvalue()
    assert "Tagged wave-2: 0 of 1 org ready" in shown.getvalue()


def test_tags_that_were_taken_off_are_put_back_whatever_they_are_called(running_bot: RunningBot) -> None:
    running_bot.ask("tag uat add prod, a1, b2, c3, d4")
    running_bot.ask("tag uat off d4")

    running_bot.ada.press(running_bot.ask("tag uat none"), "Put them back")

    running_bot.shown()
    assert tagged(running_bot) == {"uat": ("prod", "a1", "b2", "c3")}


# --- orgs among tags, and orgs said twice ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "told", "pressed"),
    [
        (
            "tag uat prod qa wave-3",
            "prod and qa are orgs, too; several are joined by commas. Did you mean /flosum tag uat, prod, qa wave-3",
            ["tag uat, prod, qa wave-3", "tag uat add prod, qa, wave-3"],
        ),
        ("tag uat wave-3 prod", "prod is an org, too", ["tag uat, prod wave-3", "tag uat add wave-3, prod"]),
        ("tag uat, prod qa wave-3", "qa is an org", ["tag uat, prod, qa wave-3", "tag uat, prod add qa, wave-3"]),
        ("tag uat prod", "prod is an org, too. As a tag all the same: /flosum tag uat add prod.", ["tag uat add prod"]),
        ("snooze uat partner 7", "partner is an org, too; several are joined", ["snooze uat, partner 7"]),
        ("snooze uat partner", "snooze takes one org at a time", ["snooze uat", "snooze partner"]),
        ("apps uat prod both", "prod is an org, too", ["apps uat, prod both"]),
        ("grant prod uat backup", "grant takes one org at a time", ["grant prod backup", "grant uat backup"]),
        ("access prod uat me", "access takes one org at a time", ["access prod me", "access uat me"]),
        ("disconnect prod uat", "disconnect takes one org at a time", ["disconnect prod", "disconnect uat"]),
        ("guide for prod uat", "guide takes one org at a time", ["guide for prod", "guide for uat"]),
    ],
)
def test_orgs_that_nothing_joins_are_asked_back_about(
    running_bot: RunningBot, typed: str, told: str, pressed: list[str]
) -> None:
    answer = running_bot.ask(typed)

    assert told in answer.text
    assert labels(answer) == pressed
    assert tagged(running_bot) == {}


@pytest.mark.parametrize("typed", ["tag uat add prod", "tag uat with prod"])
def test_said_outright_an_orgs_name_is_a_tag(running_bot: RunningBot, typed: str) -> None:
    running_bot.ask(typed)
    assert tagged(running_bot) == {"uat": ("prod",)}

    running_bot.ask("tag qa prod")  # one by now, as any other
    running_bot.ask("tag uat off prod")
    assert tagged(running_bot) == {"qa": ("prod",)}


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("status prod prod", "✅ prod is ready"),
        ("status uat prod uat", "⚠️ uat and prod: 1 of 2 orgs ready"),
        ("orgs prod prod", "prod: 0 of 1 org ready"),
        ("tag prod, prod emea", "✅ prod is tagged emea now"),
        ("tag prod prod emea", "✅ prod is tagged emea now"),
        ("owner prod, prod me", "✅ The owner of prod is @U0YOU"),
        ("apps prod and prod both", "prod needs"),
        ("snooze uat, uat 7", "✅ uat is snoozed until"),
        ("snooze uat uat 7", "✅ uat is snoozed until"),
        ("snooze uat, qa and uat 7", "✅ Done for uat and qa"),
        ("access prod prod me", "Ada Lindt may connect to prod"),
        ("disconnect prod, prod", "⚠️ Disconnect prod?"),
        ("guide for prod and prod", "Setting up prod"),
        ("guide for prod prod", "Setting up prod"),
        ("grant prod, prod backup", "I only read prod"),
        ("remind preview for prod, prod", "the org is ready"),
        ("remind friday 9:00 for prod, prod", "The digest of orgs called prod to"),
    ],
)
def test_an_org_that_is_named_twice_counts_once(running_bot: RunningBot, typed: str, told: str) -> None:
    answer = running_bot.ask(typed)

    assert told in answer.text
    assert "prod and prod" not in answer.text


@pytest.mark.parametrize(
    ("typed", "pressed"),
    [
        ("status uat, live, qa", "status live, qa"),
        ("status live, uat", "status live"),
        ("tag uat, live emea", "tag live emea"),
        ("snooze uat and live 7", "snooze live 7"),
    ],
)
def test_an_orgs_former_and_new_name_are_one_org(running_bot: RunningBot, typed: str, pressed: str) -> None:
    running_bot.ask("rename uat live")

    answer = running_bot.ask(typed)

    assert "uat is called live now." in answer.text
    assert labels(answer) == [pressed]
