"""Who hears that an org takes long, or that its owner left; and that nobody is mentioned more than once a week."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.adapters.store.database import Database
from bot.sandbox.slack import payloads
from bot.sandbox.slack.faults import FaultKind, WebApiFault
from bot.sandbox.slack.records import TEAM, Member, SlackMessage
from bot.sandbox.slack.user import Delivery
from bot.service.mentions import WEEK
from bot.wiring.demo import built_in
from bot.wiring.parts import utc_now
from tests.blockkit import assert_valid_calls
from tests.people import EVE, GUEST, SINGLE, arrive, share
from tests.running_bot import ADA, RunningBot

BEN = "U0BEN"


@pytest.fixture
def running_bot(tmp_path: Path) -> Iterator[RunningBot]:
    """As elsewhere, except that Ben and those who see no orgs may be named."""
    log = io.StringIO()
    with built_in(tmp_path, log) as (workspace, salesforce, bot):
        yield RunningBot(workspace, salesforce, bot, log, tmp_path)
        assert_valid_calls(workspace.calls, mentions=(ADA, BEN, GUEST.id, SINGLE.id, EVE.id))


def age(running_bot: RunningBot, **names: int) -> None:
    """Let orgs have been open for so many weeks."""
    with closing(Database(running_bot.bot.settings.database_url)) as database, database.exclusive() as connection:
        for name, weeks in names.items():
            since = (utc_now() - timedelta(weeks=weeks, hours=1)).strftime("%Y-%m-%d %H:%M:%S.%f")
            found = connection.execute(
                text("UPDATE org_verdicts SET since = :since WHERE org_key = :key"), {"since": since, "key": name}
            )
            assert found.rowcount == 1


def next_hour(running_bot: RunningBot) -> None:
    running_bot.bot.uses.escalating._next = None  # noqa: SLF001
    running_bot.bot.uses.escalating._people_next = None  # noqa: SLF001
    running_bot.bot.tick()


def hours_ago(running_bot: RunningBot, hours: int) -> None:
    """Let what was said have been said so many hours earlier."""
    with closing(Database(running_bot.bot.settings.database_url)) as database, database.exclusive() as connection:
        before = (utc_now() - timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M:%S.%f")
        connection.execute(text("UPDATE notices SET at = :before"), {"before": before})


def direct(running_bot: RunningBot, person: str) -> list[SlackMessage]:
    channel = running_bot.workspace.state.direct_channel(person)
    return [shown for shown in running_bot.shown() if channel and shown.channel == channel.id]


def digest(running_bot: RunningBot) -> SlackMessage:
    before = len(running_bot.shown())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.service.posting_now.ONCE_IN", timedelta(0))  # each is meant
        running_bot.ada.command("remind now")
        return running_bot.shown()[before]


def mentioned(message: SlackMessage) -> set[str]:
    return set(re.findall(r"<@(\w+)>", json.dumps(message.blocks)))


# --- escalation ----------------------------------------------------------------------------------------


def test_after_the_weeks_that_were_set_the_owner_and_a_second_person_hear_it_once(running_bot: RunningBot) -> None:
    running_bot.ask("status all")
    running_bot.ask("owner fresh @ben")
    age(running_bot, fresh=5, uat=2)
    next_hour(running_bot)
    assert direct(running_bot, BEN) == []  # off until somebody says so

    set_up = running_bot.ask("remind escalate after 3 weeks to @ada")
    for _ in range(3):
        next_hour(running_bot)

    assert set_up.text.startswith("✅ After 3 weeks an org moves to the top of digests")
    (to_ben,) = direct(running_bot, BEN)
    (to_ada,) = direct(running_bot, ADA)
    assert to_ben.text == "❔ Whether fresh is ready cannot be told for 5 weeks\nNeither app seen."
    assert to_ada.text == f"{to_ben.text} Its owner is Ben Okoro."


def test_an_org_that_is_called_otherwise_is_not_told_again(running_bot: RunningBot) -> None:
    running_bot.ask("status fresh")
    running_bot.ask("owner fresh @ben")
    running_bot.ask("remind escalate after 3 weeks to @ada")
    age(running_bot, fresh=5)
    next_hour(running_bot)

    running_bot.ask("rename fresh new:east")
    next_hour(running_bot)

    assert len(direct(running_bot, BEN)) == len(direct(running_bot, ADA)) == 1


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        ("shared", "That channel is shared with another company"),
        ("not_in_channel", "I am not in that channel"),
    ],
)
def test_whoever_set_it_hears_that_a_channel_was_not_told(running_bot: RunningBot, trouble: str, why: str) -> None:
    running_bot.ask("status uat")
    running_bot.ask("owner uat <#C0SALESFORCE>")
    running_bot.ask("remind escalate after 3 weeks")
    age(running_bot, uat=4)
    if trouble == "shared":
        share(running_bot.workspace)
        running_bot.bot.store.set_shared(TEAM, "C0SALESFORCE", shared=True)
    else:
        running_bot.workspace.fail("chat.postMessage", WebApiFault(FaultKind.REFUSE, error=trouble))

    for _ in range(3):
        next_hour(running_bot)

    (told,) = direct(running_bot, ADA)
    assert told.text.startswith("⛔ #C0SALESFORCE, the owner of uat, was not told that it is not ready for long")
    assert why in told.text
    assert "Choose an owner" in str(told.blocks)


def test_it_leads_the_digest(running_bot: RunningBot) -> None:
    running_bot.ask("status all")
    age(running_bot, fresh=5)
    assert digest(running_bot).text.index("emea-prod") < digest(running_bot).text.index("fresh")

    running_bot.ask("remind escalate after 3 weeks")

    shown = digest(running_bot).text
    assert shown.index("fresh") < shown.index("emea-prod")
    assert "for 5 weeks" in shown


def test_it_is_switched_off_and_shown_and_told_to_nobody_who_may_not_see_orgs(running_bot: RunningBot) -> None:
    arrive(running_bot.workspace, GUEST)

    assert running_bot.ask("remind escalate").text.startswith("Nobody is told when an org takes long")
    assert "may not see the orgs" in running_bot.ask(f"remind escalate after 3 weeks to <@{GUEST.id}>").text
    assert "is for workspace admins" in running_bot.ask("remind escalate after 3 weeks", running_bot.ben).text
    running_bot.ask("remind escalate after 3 weeks to @ben")
    assert "and so does Ben Okoro" in running_bot.ask("remind escalate").text
    assert running_bot.ask("remind escalate off").text.startswith("✅ Nobody is told any more")
    assert running_bot.ask("remind escalate").text.startswith("Nobody is told")
    assert [change.action for change in running_bot.bot.store.changes(TEAM)] == [
        "switched escalation off",
        "set escalation",
    ]


def test_a_snoozed_org_is_not_escalated(running_bot: RunningBot) -> None:
    running_bot.ask("status all")
    running_bot.ask("owner fresh @ben")
    running_bot.ask("remind escalate after 3 weeks")
    age(running_bot, fresh=5)
    running_bot.ask("snooze fresh 7")

    next_hour(running_bot)

    assert direct(running_bot, BEN) == []


# --- handover ------------------------------------------------------------------------------------------


def leave(running_bot: RunningBot, person: str = BEN) -> None:
    """Somebody is deactivated, and Slack says so, twice."""
    members = running_bot.workspace.state.members
    members[person] = replace(members[person], deleted=True)
    profile = {"real_name": "Ben Okoro", "email": "ben@acme.example", "phone": "555"}
    for number in range(2):
        user = {"id": person, "team_id": TEAM, "deleted": True, "profile": profile}
        body = payloads.event_body(
            {"type": "user_change", "user": user, "event_ts": "1"}, f"Ev{number}", 1, running_bot.workspace.state.team
        )
        assert running_bot.ada.send(Delivery(json.dumps(body).encode(), "application/json")).acked
        assert running_bot.workspace.settle()


def test_when_an_owner_leaves_admins_hear_it_once_with_a_form_to_choose_another(running_bot: RunningBot) -> None:
    running_bot.ask("owner uat @ben")
    assert running_bot.ask("remind handover on").text.startswith("Handover is on")
    leave(running_bot)

    for _ in range(3):
        next_hour(running_bot)

    (told,) = direct(running_bot, ADA)
    assert told.text == ("⚠️ Ben Okoro left the workspace, who owned uat\nChoose who is named and told instead.")
    running_bot.ada.press(told, "Choose an owner")
    assert running_bot.workspace.settle()
    form = [shown.view for shown in running_bot.workspace.log if shown.view and shown.view.kind == "modal"][-1]
    assert running_bot.ada.submit(form, {"person": {"line": {"type": "users_select", "selected_user": ADA}}}).acked
    running_bot.shown()
    org = running_bot.bot.store.org(TEAM, "uat")
    assert org is not None
    assert org.owner == ADA


def test_who_is_back_and_leaves_again_is_told_of_again(running_bot: RunningBot) -> None:
    members, known = running_bot.workspace.state.members, running_bot.bot.uses.membership._people._known  # type: ignore[attr-defined]  # noqa: SLF001
    running_bot.ask("owner uat @ben")
    running_bot.ask("remind handover on")
    for told in (1, 2):
        leave(running_bot)
        for _ in range(2):
            next_hour(running_bot)
            known.clear()  # it remembers for half a minute who somebody is
            hours_ago(running_bot, 2)
        assert len(direct(running_bot, ADA)) == told
        members[BEN] = replace(members[BEN], deleted=False)
        next_hour(running_bot)

    assert len(direct(running_bot, ADA)) == 2


def test_that_slack_does_not_tell_who_somebody_is_is_no_return(running_bot: RunningBot) -> None:
    running_bot.ask("owner uat @ben")
    running_bot.ask("remind handover on")
    leave(running_bot)
    next_hour(running_bot)
    known = running_bot.bot.uses.membership._people._known  # type: ignore[attr-defined]  # noqa: SLF001
    running_bot.workspace.fail("users.info", WebApiFault(FaultKind.REFUSE), times=5)
    for _ in range(6):
        known.clear()  # it remembers for half a minute who somebody is
        next_hour(running_bot)

    assert len(direct(running_bot, ADA)) == 1


def test_that_slack_did_not_say_so_is_found_out_within_a_day(running_bot: RunningBot) -> None:
    running_bot.ask("owner uat @ben")
    running_bot.ask("remind handover on")
    members = running_bot.workspace.state.members
    members[BEN] = replace(members[BEN], deleted=True)
    running_bot.bot.uses.membership._people._known.clear()  # type: ignore[attr-defined]  # noqa: SLF001 - it remembers for 30 s

    next_hour(running_bot)

    assert len(direct(running_bot, ADA)) == 1


def test_nobody_is_told_who_did_not_ask_for_it_nor_of_anybody_else(running_bot: RunningBot) -> None:
    running_bot.ask("owner uat @ben")
    leave(running_bot)
    next_hour(running_bot)
    assert direct(running_bot, ADA) == []

    running_bot.ask("owner uat none")
    running_bot.ask("remind handover on")
    next_hour(running_bot)

    assert direct(running_bot, ADA) == []


@pytest.mark.parametrize(
    ("member", "told"),
    [
        (GUEST, "show and tell them nothing of it. Guests see nothing of orgs here; /flosum settings guests on opens"),
        (SINGLE, "show and tell them nothing of it. Guests see nothing of orgs here; /flosum settings guests on opens"),
        (EVE, "show and tell them nothing of it. They are of another company."),
    ],
    ids=["guest", "single", "stranger"],
)
def test_whoever_makes_an_owner_of_somebody_who_sees_no_org_is_told(
    running_bot: RunningBot, member: Member, told: str
) -> None:
    arrive(running_bot.workspace, member)

    for line in (f"owner uat @{member.name}", "owner uat"):
        answer = running_bot.ask(line)
        assert f"<@{member.id}>" in str(answer.blocks)
        assert told in answer.text
    assert "tell them nothing" not in running_bot.ask("owner uat @ben").text
    assert "tell them nothing" not in running_bot.ask("owner uat #random").text
    running_bot.ask("settings guests on")
    assert ("tell them nothing" in running_bot.ask(f"owner uat @{member.name}").text) is (member is EVE)


# --- mentions ------------------------------------------------------------------------------------------


def test_an_owner_is_mentioned_once_a_week_and_named_beside_that(running_bot: RunningBot) -> None:
    running_bot.ask("owner uat @ben")

    first, second = digest(running_bot), digest(running_bot)

    assert mentioned(first) == {BEN}
    assert mentioned(second) == set()
    assert "owner Ben Okoro" in second.text
    store, now = running_bot.bot.store, utc_now()
    assert store.claim_mentions(TEAM, [BEN], "later", now + WEEK, now) == {BEN}


def test_who_left_is_not_mentioned(running_bot: RunningBot) -> None:
    store = running_bot.bot.store
    (uat,) = (org for org in store.orgs(TEAM) if org.name == "uat")
    store.save_org(replace(uat, owner=BEN))  # long ago: who somebody is is remembered for half a minute
    members = running_bot.workspace.state.members
    members[BEN] = replace(members[BEN], deleted=True)

    shown = digest(running_bot)

    assert mentioned(shown) == set()
    assert "owner Ben Okoro (left)" in shown.text


def test_a_preview_mentions_nobody_and_counts_for_nothing(running_bot: RunningBot) -> None:
    running_bot.ask("owner uat @ben")
    (subscription,) = running_bot.bot.store.subscriptions(TEAM)

    preview = running_bot.bot.uses.making.preview(subscription)

    assert f"{{user:{BEN}}}" not in str(preview)
    assert mentioned(digest(running_bot)) == {BEN}
