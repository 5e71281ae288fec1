"""Alerts between digests: an org that was ready stops being so, and each subscribed channel hears it once."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from bot.domain.digest.subscription import Kind, Subscription
from bot.domain.model import BACKUP_APP, DEVOPS_APP
from bot.sandbox.salesforce.database import OrgRecords, Record
from bot.sandbox.salesforce.faults import OrgFault
from bot.sandbox.slack.faults import FaultKind, WebApiFault
from bot.sandbox.slack.records import TEAM, SlackMessage
from bot.wiring.demo import built_in
from bot.wiring.parts import utc_now
from tests.blockkit import assert_valid_calls
from tests.people import GONE, arrive, share
from tests.running_bot import ADA, RunningBot


@pytest.fixture
def running_bot(tmp_path: Path) -> Iterator[RunningBot]:
    """As elsewhere; #salesforce hears alerts, and prod was read as ready."""
    log = io.StringIO()
    with built_in(tmp_path, log) as (workspace, salesforce, bot):
        running = RunningBot(workspace, salesforce, bot, log, tmp_path)
        bot.store.keep_subscription(Subscription(TEAM, "", "C0SALESFORCE", Kind.ALERTS, set_by=ADA))
        running.ask("status prod")
        yield running
        assert_valid_calls(workspace.calls, mentions=(ADA, "U0BEN"))


def tables(running_bot: RunningBot, name: str = "prod") -> dict[str, list[Record]]:
    database = next(org.database for org in running_bot.salesforce.orgs.values() if org.name == name)
    return {table: list(rows) for table, rows in database.tables.items()}


def uninstall(
    running_bot: RunningBot,
    app: str = DEVOPS_APP,
    by: str | None = "Jo Doe",
    at: datetime | None = None,
    *,
    tokens_stay: bool = True,
) -> None:
    """Somebody uninstalls an app of prod; ``by`` None where its audit trail does not say."""
    now = tables(running_bot)
    gone = next(row["Id"] for row in now["ConnectedApplication"] if row["Name"] == app)
    now["ConnectedApplication"] = [row for row in now["ConnectedApplication"] if row["Id"] != gone]
    now["AppMenuItem"] = [row for row in now["AppMenuItem"] if row["ApplicationId"] != gone]
    now["OauthToken"] = [
        {**row, "AppMenuItemId": None} if row["AppName"] == app else row
        for row in now["OauthToken"]
        if row["AppName"] != app or tokens_stay
    ]
    if by is not None:
        person = {"Id": "005Kd00000ADMUSRIA", "Name": by, "IsActive": True, "UserType": "Standard"}
        now["User"] = [*now["User"], person]
        when = (at or utc_now()).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
        line = {"Id": "0Ym1", "Action": "deleteConnectedApplication", "CreatedDate": when, "CreatedById": person["Id"]}
        now["SetupAuditTrail"] = [{**line, "Display": f"Uninstalled Connected App {app}"}]
    running_bot.salesforce.change("prod", database=OrgRecords(now))


def tick(running_bot: RunningBot, times: int = 1) -> None:
    for _ in range(times):
        running_bot.bot.tick()
        assert running_bot.workspace.settle()


def set_clock(running_bot: RunningBot, ahead: timedelta) -> None:
    """Let what is done between digests take it to be later."""
    between = running_bot.bot.uses.orgs_over_time
    for part in (between, between._alerts, between._notices):  # noqa: SLF001
        part._clock = lambda: utc_now() + ahead  # noqa: SLF001


def alerts(running_bot: RunningBot, channel: str = "C0SALESFORCE") -> list[SlackMessage]:
    return [shown for shown in running_bot.shown() if shown.channel == channel and shown.audience is None]


def direct(running_bot: RunningBot, person: str = ADA) -> list[SlackMessage]:
    channel = running_bot.workspace.state.direct_channel(person)
    return [shown for shown in running_bot.shown() if channel is not None and shown.channel == channel.id]


def test_who_uninstalled_an_app_and_when_is_told_once(running_bot: RunningBot) -> None:
    uninstall(running_bot)
    running_bot.ask("status prod")

    tick(running_bot, 3)

    (alert,) = alerts(running_bot)
    assert alert.text.startswith(f"⛔ prod was ready and needs a step now: install {DEVOPS_APP}")
    assert f"{DEVOPS_APP} was uninstalled by Jo Doe, " in alert.text
    running_bot.ask("status prod")
    tick(running_bot)
    assert len(alerts(running_bot)) == 1


def test_an_uninstallation_that_takes_all_tokens_along_is_told_as_well(running_bot: RunningBot) -> None:
    uninstall(running_bot, tokens_stay=False)
    running_bot.ask("status prod")

    tick(running_bot)

    (alert,) = alerts(running_bot)
    assert alert.text.startswith(f"⛔ prod was ready and needs a step now: install {DEVOPS_APP}")
    assert f"{DEVOPS_APP} was uninstalled by Jo Doe, " in alert.text


def test_without_a_word_in_the_trail_the_change_alone_is_told(running_bot: RunningBot) -> None:
    uninstall(running_bot, by=None)
    running_bot.ask("status prod")

    tick(running_bot)

    (alert,) = alerts(running_bot)
    assert "was uninstalled by" not in alert.text
    assert "Its audit trail does not tell who did it." in alert.text


def test_a_line_of_long_ago_is_no_cause(running_bot: RunningBot) -> None:
    uninstall(running_bot, at=utc_now() - timedelta(days=30))
    running_bot.ask("status prod")

    tick(running_bot)

    assert "Jo Doe" not in alerts(running_bot)[0].text


def test_a_blocked_app_is_not_ready_again_because_the_trail_cannot_be_read(running_bot: RunningBot) -> None:
    now = tables(running_bot)
    when = utc_now().strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    line = {"Id": "0Ym1", "Action": "blockConnectedApplication", "CreatedDate": when, "CreatedById": None}
    now["SetupAuditTrail"] = [{**line, "Display": f"Blocked Connected App {DEVOPS_APP}"}]
    running_bot.salesforce.change("prod", database=OrgRecords(now))
    running_bot.ask("status prod")
    tick(running_bot)

    running_bot.salesforce.change("prod", database=OrgRecords(now, frozenset({"SetupAuditTrail"})))
    told = [running_bot.ask("status prod").text for _ in range(2)]
    tick(running_bot, 2)

    assert all("whether the block of" in each and "still holds cannot be read" in each for each in told)
    assert [shown.text.partition(":")[0] for shown in alerts(running_bot)] == ["⛔ prod was ready and needs a step now"]


def test_back_to_ready_is_one_line_in_the_thread_and_the_next_fall_is_told_anew(running_bot: RunningBot) -> None:
    before = OrgRecords(tables(running_bot))
    uninstall(running_bot)
    running_bot.ask("status prod")
    tick(running_bot)
    running_bot.salesforce.change("prod", database=before)
    running_bot.ask("status prod")
    tick(running_bot, 2)

    alert, back = alerts(running_bot)
    assert (back.text, back.thread_ts) == ("✅ prod is ready again", alert.ts)

    uninstall(running_bot, BACKUP_APP)
    running_bot.ask("status prod")
    tick(running_bot, 2)

    assert [shown.thread_ts for shown in alerts(running_bot)] == [None, alert.ts, None]


def test_an_org_that_was_renamed_meanwhile_is_ready_again_in_the_same_thread(running_bot: RunningBot) -> None:
    before = OrgRecords(tables(running_bot))
    uninstall(running_bot)
    running_bot.ask("status prod")
    tick(running_bot)
    running_bot.ask("rename prod live:eu")
    running_bot.salesforce.change("prod", database=before)
    running_bot.ask("status live:eu")
    tick(running_bot, 2)

    alert, back = alerts(running_bot)
    assert (back.text, back.thread_ts) == ("✅ live:eu is ready again", alert.ts)


def test_a_flap_between_two_minutes_is_nobodys_business(running_bot: RunningBot) -> None:
    before = OrgRecords(tables(running_bot))
    uninstall(running_bot)
    running_bot.ask("status prod")
    running_bot.salesforce.change("prod", database=before)
    running_bot.ask("status prod")

    tick(running_bot, 2)

    assert alerts(running_bot) == []


def test_open_to_everybody_is_told_as_such(running_bot: RunningBot) -> None:
    now = tables(running_bot)
    now["ConnectedApplication"] = [
        {**row, "OptionsAllowAdminApprovedUsersOnly": False} for row in now["ConnectedApplication"]
    ]
    now["AppMenuItem"] = [{**row, "IsUsingAdminAuthorization": False} for row in now["AppMenuItem"]]
    running_bot.salesforce.change("prod", database=OrgRecords(now))
    running_bot.ask("status prod")

    tick(running_bot)

    (alert,) = alerts(running_bot)
    assert alert.text.startswith(
        "⚠️ prod is ready, and open to all its users: anybody may connect with both Flosum apps"
    )


def test_a_connection_that_is_over_is_told_with_a_button_to_connect_again(running_bot: RunningBot) -> None:
    running_bot.salesforce.end_sessions("prod")
    running_bot.salesforce.change("prod", refusal=("invalid_client", "invalid client credentials"))
    running_bot.ask("status prod")

    tick(running_bot)

    (alert,) = alerts(running_bot)
    assert alert.text.startswith("❔ prod was ready, and cannot be read any more: its connection is over")
    assert "Reconnect prod" in str(alert.blocks)


def test_an_org_that_is_only_not_available_now_is_no_alert(running_bot: RunningBot) -> None:
    running_bot.salesforce.break_org("prod", OrgFault(status=503))
    running_bot.ask("status prod")

    tick(running_bot)

    assert alerts(running_bot) == []


def test_without_a_subscription_nobody_hears_anything(running_bot: RunningBot) -> None:
    (alerting,) = [each for each in running_bot.bot.store.subscriptions(TEAM) if each.kind is Kind.ALERTS]
    running_bot.bot.store.keep_subscription(replace(alerting, enabled=False))
    uninstall(running_bot)
    running_bot.ask("status prod")

    tick(running_bot, 2)

    assert alerts(running_bot) == []


def test_each_channel_hears_of_its_own_orgs(running_bot: RunningBot) -> None:
    store = running_bot.bot.store
    store.keep_subscription(Subscription(TEAM, "", "C0GENERAL", Kind.ALERTS, orgs="sandboxes"))
    store.keep_subscription(Subscription(TEAM, "", ADA, Kind.ALERTS, orgs="Prod, uat"))
    uninstall(running_bot)
    running_bot.ask("status prod")

    tick(running_bot)

    direct = running_bot.workspace.state.direct_channel(ADA)
    assert direct is not None
    assert len(alerts(running_bot)) == 1
    assert alerts(running_bot, "C0GENERAL") == []
    assert len([shown for shown in running_bot.shown() if shown.channel == direct.id]) == 1


def test_nothing_is_said_where_another_company_reads(running_bot: RunningBot) -> None:
    share(running_bot.workspace)
    running_bot.bot.store.set_shared(TEAM, "C0SALESFORCE", shared=True)
    uninstall(running_bot)
    running_bot.ask("status prod")

    tick(running_bot, 3)

    assert alerts(running_bot) == []
    (told,) = direct(running_bot)
    assert told.text.startswith("⛔ Alerts cannot be delivered to #C0SALESFORCE\nThat channel is shared with another")
    assert "remind alerts off" in str(told.blocks)
    assert "/flosum remind alerts on #channel" in str(told.blocks)


def test_whoever_set_them_hears_once_that_they_do_not_arrive(running_bot: RunningBot) -> None:
    before = OrgRecords(tables(running_bot))
    refusal = WebApiFault(FaultKind.REFUSE, error="is_archived")
    for _ in range(2):
        uninstall(running_bot)
        running_bot.ask("status prod")
        running_bot.workspace.fail("chat.postMessage", refusal)
        tick(running_bot, 2)
        running_bot.salesforce.change("prod", database=before)
        running_bot.ask("status prod")
        tick(running_bot)

    direct = running_bot.workspace.state.direct_channel(ADA)
    assert direct is not None
    (told,) = [shown.text for shown in running_bot.shown() if shown.channel == direct.id]
    assert told.startswith("⛔ Alerts cannot be delivered to #C0SALESFORCE\nThat channel is archived.")
    assert alerts(running_bot) == []
    assert "because that channel is archived" in running_bot.ask("remind").text

    uninstall(running_bot)
    running_bot.ask("status prod")
    tick(running_bot)

    assert len(alerts(running_bot)) == 1
    assert "archived" not in running_bot.ask("remind").text


def test_the_owner_of_an_org_of_any_name_hears_it_in_place_of_who_left(running_bot: RunningBot) -> None:
    running_bot.ask("settings trust @ben")
    running_bot.ask("rename prod live:eu")
    running_bot.ask("owner live:eu @ben")
    (alerting,) = [each for each in running_bot.bot.store.subscriptions(TEAM) if each.kind is Kind.ALERTS]
    running_bot.bot.store.keep_subscription(replace(alerting, set_by=GONE.id))
    arrive(running_bot.workspace, GONE)
    uninstall(running_bot)
    running_bot.ask("status live:eu")
    running_bot.workspace.fail("chat.postMessage", WebApiFault(FaultKind.REFUSE, error="is_archived"))

    tick(running_bot, 3)  # it is not said, it is handed on, it is said

    (told,) = direct(running_bot, "U0BEN")
    assert told.text.startswith("⛔ Alerts cannot be delivered to #C0SALESFORCE")
    assert direct(running_bot) == []


def test_who_asked_nothing_hears_of_it_within_the_hour(running_bot: RunningBot) -> None:
    """Nobody reads the org: the bot does, once the workspace's minute comes, and no org twice an hour."""
    uninstall(running_bot)
    set_clock(running_bot, timedelta(hours=2))
    tick(running_bot)
    assert alerts(running_bot) == []
    calls = len(running_bot.salesforce.requests)

    set_clock(running_bot, timedelta(hours=3))
    tick(running_bot)
    read = len(running_bot.salesforce.requests)
    tick(running_bot, 2)

    assert read > calls
    assert len(running_bot.salesforce.requests) == read
    assert len(alerts(running_bot)) == 1


def test_a_clock_that_was_off_for_a_while_keeps_nobody_from_hearing(running_bot: RunningBot) -> None:
    """As that of a machine that starts before anybody told it the time, and asks the orgs meanwhile."""
    for later in (timedelta(days=400), timedelta(days=400, hours=2)):
        with time_machine.travel(utc_now() + later, tick=True):
            running_bot.ask("status all")
            tick(running_bot)
    uninstall(running_bot)

    assert "prod · not read now, was ready" in running_bot.ask("orgs").text
    tick(running_bot, 2)

    assert len(alerts(running_bot)) == 1


@pytest.mark.parametrize("kind", [FaultKind.DROP, FaultKind.SERVER_ERROR, FaultKind.RATE_LIMIT])
def test_a_post_of_which_nobody_knows_whether_it_came_is_looked_for_before_it_is_said_again(
    running_bot: RunningBot, kind: FaultKind
) -> None:
    uninstall(running_bot)
    running_bot.ask("status prod")
    running_bot.workspace.fail("chat.postMessage", WebApiFault(kind, seconds=1))

    tick(running_bot)

    set_clock(running_bot, timedelta(minutes=10))
    tick(running_bot, 2)
    assert len(alerts(running_bot)) == 1
