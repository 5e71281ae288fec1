"""Who may change things, who says so, and the trail of it. The whole bot, by signed requests."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapters.slack import directory
from bot.adapters.slack.directory import PAGE, REMEMBERED, SlackPeople, SlackRoster
from bot.domain.model import Asker, Change, Standing
from bot.sandbox.slack.faults import FaultKind, WebApiFault
from bot.sandbox.slack.records import TEAM, Group, Member, SlackMessage
from bot.wiring.demo import built_in
from tests.blockkit import assert_valid_calls
from tests.digests import the_digest
from tests.people import OUTSIDERS, arrive
from tests.running_bot import ADA, RunningBot

BEN = "U0BEN"
CYD = Member("U0CYD", "cyd", "Cyd Amari")


@pytest.fixture
def running_bot(tmp_path: Path) -> Iterator[RunningBot]:
    """As elsewhere, except that answers about people name them."""
    log = io.StringIO()
    with built_in(tmp_path, log) as (workspace, salesforce, bot):
        workspace.state.members[CYD.id] = CYD
        yield RunningBot(workspace, salesforce, bot, log, tmp_path)
        assert_valid_calls(workspace.calls, mentions=(ADA, BEN, CYD.id))


def refused(answer: SlackMessage) -> bool:
    return "is for workspace admins" in answer.text


def may_change(running_bot: RunningBot) -> bool:
    before = len(running_bot.shown())
    running_bot.ben.command("remind friday 14:00")
    return not refused(running_bot.shown()[before:][-1])


# --- a refusal -----------------------------------------------------------------------------------------


def test_a_refusal_names_who_can(running_bot: RunningBot) -> None:
    running_bot.ask(f"settings trust <@{CYD.id}|cyd>")
    running_bot.bot.store.trust("T0DEMO", "S0EMPTY")  # it had members then

    answer = running_bot.ask("remind off", running_bot.ben)

    assert answer.text == (
        "Changing a digest is for workspace admins and people added in /flosum settings. "
        "Today that is Ada Lindt, @nobody and Cyd Amari."
    )


def test_when_slack_does_not_tell_the_admins_the_refusal_still_says_who(running_bot: RunningBot) -> None:
    running_bot.workspace.fail("users.list", WebApiFault(FaultKind.REFUSE, error="missing_scope"))

    answer = running_bot.ask("remind off", running_bot.ben)

    assert answer.text == "Changing a digest is for workspace admins and people added in /flosum settings."


@pytest.mark.parametrize(
    ("person", "text", "said"),
    [
        ("ada", "settings", "Who may change things"),
        ("ada", "settings guests on", "see what members see"),
        ("ada", "settings trust @ben", "Ben Okoro may change things here now"),
        ("ada", "settings distrust @ben", "was not added"),
        ("ben", "settings", "Last changes"),
        ("ben", "settings trust @ben", "Today that is Ada Lindt."),
        ("ben", "settings guests on", "Today that is Ada Lindt."),
        ("ben", "remind off", "Today that is Ada Lindt and Cyd Amari."),
        ("ben", "connect prod", "Today that is Ada Lindt and Cyd Amari."),
        ("ben", "disconnect prod", "Today that is Ada Lindt and Cyd Amari."),
        ("ben", "apps prod both", "Today that is Ada Lindt and Cyd Amari."),
    ],
)
def test_a_mention_posts_nothing_that_is_private_and_pings_nobody(
    running_bot: RunningBot, person: str, text: str, said: str
) -> None:
    running_bot.ask(f"settings trust <@{CYD.id}>")
    before = len(running_bot.shown())

    asker = running_bot.workspace.person(person)
    assert asker.mention(text).acked

    (answer,) = running_bot.shown()[before:]
    assert said in answer.text
    assert answer.audience == asker.member.id
    if text != "settings":  # the trail, for one's own eyes, names people as Slack shows them
        assert "<@" not in str(answer.blocks)


def test_what_is_private_is_said_in_direct_messages_like_everything_there(running_bot: RunningBot) -> None:
    before = len(running_bot.shown())

    running_bot.ada.say("settings", "dm")

    (answer,) = running_bot.shown()[before:]
    assert (answer.audience, "Who may change things" in answer.text) == (None, True)


# --- trusting ------------------------------------------------------------------------------------------


def test_a_person_whom_an_admin_adds_may_change_things_until_taken_off(running_bot: RunningBot) -> None:
    assert not may_change(running_bot)

    assert running_bot.ask("settings trust @ben").text.startswith("✅ Ben Okoro may change things here now")
    assert may_change(running_bot)

    assert "may not change things here any more" in running_bot.ask("settings distrust @ben").text
    assert not may_change(running_bot)


def test_a_user_group_whom_an_admin_adds_may_change_things(running_bot: RunningBot) -> None:
    answer = running_bot.ask("settings trust @crm-team")

    assert answer.text.startswith("✅ @crm-team may change things here now")
    assert may_change(running_bot)
    assert running_bot.bot.store.trusted(TEAM) == ["S0CRM"]


def test_a_group_can_be_named_without_slacks_help(running_bot: RunningBot) -> None:
    running_bot.ask("settings trust `x`")
    running_bot.bot.uses.assistant.reply(Asker(TEAM, ADA, "C0SALESFORCE"), "settings trust @CRM-team")

    assert running_bot.bot.store.trusted(TEAM) == ["S0CRM"]


def test_somebody_who_left_the_group_may_not_any_more(running_bot: RunningBot) -> None:
    running_bot.ask("settings trust @nobody")

    assert not may_change(running_bot)


def test_a_group_that_cannot_be_read_is_said_to_be_so(running_bot: RunningBot) -> None:
    running_bot.bot.store.trust(TEAM, "S0CRM")
    running_bot.workspace.fail("usergroups.users.list", WebApiFault(FaultKind.REFUSE, error="missing_scope"))

    answer = running_bot.ask("remind off", running_bot.ben)

    assert "Whether you are in @crm-team cannot be read. The Slack app may not ask that" in answer.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("settings trust", "Say whom"),
        ("settings trust ben", "I cannot see anybody called ben"),
        ("settings trust <@U0STRANGER>", "cannot be added. Slack knows nobody of that id"),
        ("settings trust <!subteam^S0STRANGE>", "cannot be added"),
        ("settings distrust <@U0BEN>", "was not added"),
    ],
)
def test_whom_slack_does_not_know_is_not_added(running_bot: RunningBot, typed: str, said: str) -> None:
    answer = running_bot.bot.uses.assistant.reply
    try:
        text = answer(Asker(TEAM, ADA, "C0SALESFORCE"), typed).headline
    except Exception as error:  # noqa: BLE001 - the sentence is the same wherever it stands
        text = str(error)

    assert said in text.replace("`", "")
    assert running_bot.bot.store.trusted(TEAM) == []
    assert running_bot.bot.store.changes(TEAM) == []


def test_adding_somebody_twice_is_no_news(running_bot: RunningBot) -> None:
    running_bot.ask("settings trust @ben")

    assert "could do so before" in running_bot.ask("settings trust @ben").text
    assert len(running_bot.bot.store.changes(TEAM)) == 1
    assert "Ben Okoro" not in running_bot.ask("settings trust @ben @cyd").text  # only who is new is named


@pytest.mark.parametrize("member", OUTSIDERS.values(), ids=list(OUTSIDERS))
def test_who_may_not_see_orgs_cannot_be_trusted_with_them(running_bot: RunningBot, member: Member) -> None:
    arrive(running_bot.workspace, member)

    answer = running_bot.ask(f"settings trust <@{member.id}>")

    assert answer.text.startswith(f"{member.real_name} cannot be added. ")
    assert running_bot.bot.store.trusted(TEAM) == []


@pytest.mark.parametrize("typed", ["settings trust @ben", "settings distrust @cyd"])
def test_only_admins_add_people_and_take_them_off(running_bot: RunningBot, typed: str) -> None:
    running_bot.ask("settings trust @ben @cyd")

    answer = running_bot.ask(typed, running_bot.ben)

    assert refused(answer)
    assert answer.text.endswith("Today that is Ada Lindt.")
    assert len(running_bot.bot.store.trusted(TEAM)) == 2


# --- what settings show --------------------------------------------------------------------------------


def test_settings_show_who_may_and_the_last_changes_to_everybody(running_bot: RunningBot) -> None:
    running_bot.ask("settings trust @ben @crm-team")
    running_bot.bot.store.record(replace(running_bot.bot.store.changes(TEAM)[0], action="connected", subject="prod"))

    answer = running_bot.ask("settings", running_bot.ben)

    assert "Who may change things: workspace admins and owners (Ada Lindt)" in answer.text
    assert "Ben Okoro · added by an admin" in answer.text
    assert "@crm-team · everybody in this user group" in answer.text
    last = answer.text.partition("Last changes")[2]
    assert f"@{ADA} · connected prod" in last
    assert f"@{ADA} · trusted @crm-team" in last
    assert last.index("connected") < last.index("@crm-team") < last.index(f"trusted @{BEN}")


def test_a_button_there_takes_somebody_off(running_bot: RunningBot) -> None:
    running_bot.ask("settings trust @ben")

    running_bot.ada.press(running_bot.ask("settings"), "Take off")

    assert running_bot.workspace.settle()
    assert running_bot.bot.store.trusted(TEAM) == []


def test_the_trail_of_a_long_day_shows_its_newest_lines(running_bot: RunningBot) -> None:
    first = Change(TEAM, the_digest(running_bot.bot.store, TEAM).set_at, ADA, "connected", "org-0")  # type: ignore[arg-type,union-attr]
    for number in range(40):
        running_bot.bot.store.record(replace(first, subject=f"org-{number}"))

    last = running_bot.ask("settings").text.partition("Last changes")[2]

    assert "org-39" in last
    assert "org-34" not in last


# --- what Slack is asked -------------------------------------------------------------------------------


def test_slack_is_asked_once_in_half_a_minute(running_bot: RunningBot) -> None:
    now = [0.0]
    roster = SlackRoster(running_bot.bot.slack_connection.client_for, lambda: now[0])
    for _ in range(3):
        assert roster.members(TEAM, "S0CRM") == {BEN}
        assert roster.admins(TEAM) == {ADA: "Ada Lindt"}
    asked = [call.method for call in running_bot.workspace.calls]
    assert (asked.count("usergroups.users.list"), asked.count("users.list")) == (1, 1)

    running_bot.workspace.state.groups["S0CRM"] = Group("S0CRM", "crm-team", (ADA,))
    now[0] = REMEMBERED + 1

    assert roster.members(TEAM, "S0CRM") == {ADA}


def test_who_loses_a_role_has_lost_it_here_within_the_minute(running_bot: RunningBot) -> None:
    """Whatever is remembered of people: who they are, who runs things, who is in a group."""
    now = [0.0]
    client_for, members = running_bot.bot.slack_connection.client_for, running_bot.workspace.state.members
    people, roster = SlackPeople(client_for, lambda: now[0]), SlackRoster(client_for, lambda: now[0])

    def known() -> tuple[bool, bool, bool]:
        is_admin = people.person(Asker(TEAM, ADA)).admin
        return is_admin, ADA in roster.admins(TEAM), BEN in roster.members(TEAM, "S0CRM")

    assert known() == (True, True, True)
    members[ADA] = replace(members[ADA], admin=False)
    running_bot.workspace.state.groups["S0CRM"] = Group("S0CRM", "crm-team", ())
    now[0] = 29
    assert known() == (True, True, True)

    now[0] = 31

    assert known() == (False, False, False)


def test_what_was_asked_long_ago_is_not_kept(running_bot: RunningBot, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    people = SlackPeople(running_bot.bot.slack_connection.client_for, lambda: now[0])
    monkeypatch.setattr(directory, "KEPT_AT_MOST", 2)
    for user, now[0] in ((ADA, 0.0), (BEN, 20.0), (CYD.id, 40.0)):
        people.person(Asker(TEAM, user))

    assert {user for _, user in people._known} == {BEN, CYD.id}  # noqa: SLF001 - what it holds is the point


def test_admins_are_looked_for_on_every_page(running_bot: RunningBot) -> None:
    members = running_bot.workspace.state.members
    members |= {f"U0{number:06}": Member(f"U0{number:06}", f"p{number}", "P") for number in range(PAGE + 10)}
    members["U0ZED"] = Member("U0ZED", "zed", "Zed", owner=True)

    assert SlackRoster(running_bot.bot.slack_connection.client_for).admins(TEAM) == {ADA: "Ada Lindt", "U0ZED": "Zed"}


HERE, GRID = {"team_id": TEAM}, {"enterprise_id": "E0GRID", "teams": ["T0ONE"]}
"""What Slack says of somebody of the workspace, and of somebody of an Enterprise Grid organization."""


@pytest.mark.parametrize(
    ("found", "workspace", "standing", "admin"),
    [
        (HERE, TEAM, Standing.MEMBER, False),
        (HERE | {"is_admin": True}, TEAM, Standing.MEMBER, True),
        (HERE | {"is_owner": True}, TEAM, Standing.MEMBER, True),
        (HERE | {"is_admin": True, "is_stranger": True}, TEAM, Standing.STRANGER, False),
        # In a shared channel that the bot sees Slack calls nobody a stranger.
        ({"team_id": "T0ELSE", "is_admin": True}, TEAM, Standing.STRANGER, False),
        ({"is_admin": True}, TEAM, Standing.STRANGER, False),
        (HERE | {"is_restricted": True, "is_admin": True}, TEAM, Standing.GUEST, False),
        (HERE | {"is_ultra_restricted": True}, TEAM, Standing.GUEST, False),
        (HERE | {"deleted": True, "is_admin": True}, TEAM, Standing.GONE, False),
        (HERE | {"is_bot": True, "is_admin": True}, TEAM, Standing.BOT, False),
        (HERE | {"is_workflow_bot": True}, TEAM, Standing.BOT, False),
        (HERE | {"id": "USLACKBOT"}, TEAM, Standing.BOT, False),
        # The organization is served as one: everybody of it is a member, and its own admins run it.
        ({"team_id": "T0TWO", "enterprise_user": GRID}, "E0GRID", Standing.MEMBER, False),
        ({"team_id": "T0TWO", "is_admin": True, "enterprise_user": GRID}, "E0GRID", Standing.MEMBER, False),
        ({"enterprise_user": GRID | {"is_admin": True}}, "E0GRID", Standing.MEMBER, True),
        ({"enterprise_user": {"enterprise_id": "E0ELSE", "is_admin": True}}, "E0GRID", Standing.STRANGER, False),
        ({"team_id": "T0ELSE", "is_admin": True}, "E0GRID", Standing.STRANGER, False),
        # One workspace of it is served: who is in it, wherever they are at home.
        ({"team_id": "T0TWO", "enterprise_user": GRID}, "T0ONE", Standing.MEMBER, False),
        ({"team_id": "T0TWO", "enterprise_user": GRID | {"teams": ["T0TWO"]}}, "T0ONE", Standing.STRANGER, False),
    ],
)
def test_who_somebody_is_to_a_workspace(
    found: dict[str, object], workspace: str, standing: Standing, admin: bool
) -> None:
    class Slack:
        def users_info(self, user: str) -> dict[str, object]:
            return {"user": {"id": user, **found}}

    people = SlackPeople(lambda _: Slack())  # type: ignore[arg-type,return-value]
    person = people.person(Asker(workspace, "U1"))

    assert (person.standing, person.admin) == (standing, admin)


def test_neither_the_bot_nor_an_empty_group_is_trusted(running_bot: RunningBot) -> None:
    assert "Flosum cannot be added. That is a bot." in running_bot.ask("settings trust @flosum").text
    assert "@nobody cannot be added. Nobody is in that user group." in running_bot.ask("settings trust @nobody").text
    assert not running_bot.bot.store.trusted("T0DEMO")
