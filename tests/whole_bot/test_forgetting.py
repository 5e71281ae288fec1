"""``forget``: a person who did everything that people can do is nowhere afterwards; a workspace leaves nothing."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from slack_sdk.oauth.installation_store import Installation
from sqlalchemy import select

from bot.adapters.slack.installation_store import SealedInstallationStore
from bot.adapters.store import SqlStore, lately
from bot.adapters.store.connections import ticket_context
from bot.adapters.store.database import Database
from bot.adapters.store.installations import installation_context
from bot.adapters.store.records import credentials_context
from bot.adapters.store.requests import request_context
from bot.adapters.store.tables import metadata
from bot.adapters.vault import Vault
from bot.domain.answers import Answer
from bot.domain.digest.notices import Escalation, Notice
from bot.domain.model import FORGOTTEN, Change
from bot.domain.orgs.org_writes import LEASE, OrgWrite, WriteKind
from bot.entrypoints.cli.program import main
from bot.sandbox.slack.records import TEAM
from bot.wiring.command_line import CommandLineParts
from bot.wiring.demo import built_in
from bot.wiring.parts import utc_now
from tests.browsers import Browser
from tests.running_bot import ADA, RunningBot
from tests.store_helpers import dump
from tests.whole_bot.test_commands import NOT_INSTALLED
from tests.whole_bot.test_connecting import begun, filled

BEN = "U0BEN"


@pytest.fixture(autouse=True)
def _remembers_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lately, "LATELY", 0.2)


@pytest.fixture
def bot_on_either(database_url: str, store: SqlStore, tmp_path: Path) -> Iterator[RunningBot]:
    """The running bot on SQLite, and on PostgreSQL."""
    store.close()
    log = io.StringIO()
    with built_in(tmp_path, log, url=database_url) as (workspace, salesforce, bot):
        yield RunningBot(workspace, salesforce, bot, log, tmp_path)


def session(running_bot: RunningBot, browser: Browser) -> None:
    """Ada does every kind of thing that leaves something behind."""
    ada = running_bot.ada
    (answer,) = running_bot.say(NOT_INSTALLED)
    ada.press(answer, "Not what happened")
    filled(running_bot, "flosum-bot@acme--uat.example", "acme--uat.sandbox.lightning.force.com", "uat")
    for text in (
        "settings trust @ada",
        "settings trust @ben",
        "settings distrust @ben",
        "owner prod @ada",
        "apps qa backup",
        "rename emea-prod emea",
        "remind confirmed friday 14:00",
        "snooze uat 7 Ada is away",
        "settings quiet",
        "disconnect fresh yes",
        "helpful install no",
        "status prod",
    ):
        ada.command(text)
        running_bot.shown()
    ada.command("help", "dm")
    ada.say(NOT_INSTALLED, "dm")
    ada.open_home()
    ada.open_home("messages")
    begun(running_bot, browser)  # a login that is at Salesforce's door
    running_bot.ask("connect another")  # and a link that nobody follows
    bot = running_bot.bot
    kept = SealedInstallationStore(bot.store, utc_now, bot.slack, "id", "secret")
    kept.save(Installation(user_id=ADA, team_id=TEAM, bot_token="xoxb-1", bot_id="B1", bot_user_id="U0FLOSUM"))
    bot.store.set_escalation(Escalation(TEAM, 3, ADA, ADA))
    bot.store.claim_mentions(TEAM, [ADA], "key", utc_now(), utc_now())
    running_bot.ask("guide for uat done refresh-token")
    write = OrgWrite(TEAM, "uat", WriteKind.ACCESS, "0H4", "0PS", "the app", "the set", ADA, utc_now())
    uat = bot.store.org(TEAM, "uat")
    assert uat
    bot.store.save_org(replace(uat, grants_allowed=True))
    assert bot.store.claim_write(replace(write, undo_by=ADA), utc_now(), utc_now() + LEASE)
    bot.store.add_notices(TEAM, [Notice(TEAM, f"left:{ADA}", ADA, Answer(f"{{user:{ADA}}}"), utc_now())])
    running_bot.shown()


def everything(running_bot: RunningBot) -> Iterator[tuple[str, str, str]]:
    """Each value in each column of each table, what is sealed opened: (table, column, value)."""
    settings = running_bot.bot.settings
    vault = Vault(settings.secret_keys)
    with closing(Database(settings.database_url)) as database, database.inspecting() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(select(table)):
                for column, value in row._asdict().items():
                    yield table.name, column, str(value)
                if sealed := getattr(row, "sealed", ""):
                    context = {
                        "requests": lambda row=row: request_context(row.key),
                        "tickets": lambda row=row: ticket_context(row.kind, row.digest),
                        "installations": lambda row=row: installation_context(row.enterprise, row.team),
                        "org_credentials": lambda row=row: credentials_context(row.workspace, row.org_key),
                    }[table.name]()
                    yield table.name, "sealed, opened", vault.open(sealed, context, name=table.name)


def places(running_bot: RunningBot, name: str) -> Counter[tuple[str, str]]:
    return Counter((table, column) for table, column, value in everything(running_bot) if name in value)


def run(running_bot: RunningBot, capsys: pytest.CaptureFixture[str], *arguments: str) -> Sequence[str]:
    capsys.readouterr()
    assert main(CommandLineParts(settings=running_bot.bot.settings), ["forget", *arguments]) == 0
    return capsys.readouterr().out.splitlines()


def test_a_person_who_did_everything_is_nowhere_afterwards(
    bot_on_either: RunningBot, capsys: pytest.CaptureFixture[str]
) -> None:
    with Browser() as browser:
        session(bot_on_either, browser)
    store = bot_on_either.bot.store
    store.record(Change("T0OTHER", utc_now(), BEN, "changed owner", f"prod: {ADA}"))
    before, trail = places(bot_on_either, ADA), store.changes()
    assert set(before) == {
        ("orgs", "owner"),
        ("orgs", "connected_by"),
        ("trusted", "subject"),
        ("subscriptions", "set_by"),
        ("changes", "user"),
        ("changes", "subject"),
        ("ratings", "user"),
        ("greeted", "user"),
        ("snoozes", "by"),
        ("org_writes", "by"),
        ("org_writes", "undo_by"),
        ("guide_ticks", "by"),
        ("escalations", "person"),
        ("escalations", "set_by"),
        ("mentions", "person"),
        ("notices", "key"),
        ("notices", "target"),
        ("notices", "said"),
        ("tickets", "sealed, opened"),
        ("installations", "sealed, opened"),
    }

    (line,) = run(bot_on_either, capsys, "--user", ADA, "--json")

    assert places(bot_on_either, ADA) == Counter()
    told = json.loads(line)
    assert told["user"] == ADA
    lines = [change for change in trail if ADA in (change.user, change.subject) or ADA in change.subject]
    assert told["erased"] == {
        "changes": len(lines),
        "greeted": 1,
        "installations": 1,
        "orgs": 2,
        "ratings": before["ratings", "user"],
        "requests": 0,
        "tickets": before["tickets", "sealed, opened"],
        "trusted": 1,
        "subscriptions": 1,
        "snoozes": 1,
        "org_writes": 1,
        "guide_ticks": 1,
        "escalations": 1,
        "mentions": 1,
        "notices": 1,
    }
    after = store.changes()
    assert [(one.at, one.action) for one in after] == [(one.at, one.action) for one in trail]
    assert [one.user for one in after] == [FORGOTTEN if one.user == ADA else one.user for one in trail]
    assert [one.subject for one in after] == [one.subject.replace(ADA, FORGOTTEN) for one in trail]
    assert run(bot_on_either, capsys, "--user", ADA) == [f"Nothing was kept of user {ADA}."]


def test_what_is_left_goes_on_without_them(bot_on_either: RunningBot, capsys: pytest.CaptureFixture[str]) -> None:
    with Browser() as browser:
        session(bot_on_either, browser)
        bot_on_either.ask("settings distrust @ada")
        bot_on_either.ask("settings trust @ada")
        assert run(bot_on_either, capsys, "--user", ADA)[0] == f"Erased of user {ADA}:"

        bot = bot_on_either.bot
        kept = SealedInstallationStore(bot.store, utc_now, bot.slack, "id", "secret")
        found = kept.find_bot(enterprise_id=None, team_id=TEAM)
        assert found is not None
        assert (found.bot_token, found.bot_user_id) == ("xoxb-1", "U0FLOSUM")
        settings = bot_on_either.ask("settings", bot_on_either.ben)
        assert "forgotten · trusted forgotten" in re.sub(r"[*`]", "", json.dumps(settings.blocks, ensure_ascii=False))
        assert "<@forgotten>" not in str(settings.blocks)
        assert "has no owner" in bot_on_either.ask("owner prod").text
        assert "prod" in bot_on_either.ask("orgs").text


def test_a_person_is_not_even_in_the_files_any_more(
    running_bot: RunningBot, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of SQLite, which leaves what was deleted where it was unless it is told otherwise."""
    running_bot.ask("owner prod @ada")
    running_bot.ask("settings trust @ada")
    url = running_bot.bot.settings.database_url
    assert ADA.encode() in dump(url)

    run(running_bot, capsys, "--user", ADA)

    running_bot.bot.store.close()
    found = [line for line in dump(url).split(b"\n") if ADA.encode() in line]
    assert found == []


def test_nobody_else_loses_anything(bot_on_either: RunningBot, capsys: pytest.CaptureFixture[str]) -> None:
    running_bot = bot_on_either
    longer = f"{BEN}2"
    running_bot.ask("settings trust @ben")
    running_bot.bot.store.trust(TEAM, longer)
    running_bot.bot.store.record(Change(TEAM, utc_now(), longer, "trusted", longer))
    told = (Notice(TEAM, f"left:{who}", who, Answer(f"{{user:{who}}}"), utc_now()) for who in (BEN, longer))
    running_bot.bot.store.add_notices(TEAM, list(told))
    running_bot.ask("owner prod @ada")
    before = places(running_bot, ADA)

    run(running_bot, capsys, "--user", BEN)

    assert places(running_bot, ADA) == before
    assert places(running_bot, BEN) == places(running_bot, longer)
    assert places(running_bot, longer) == Counter({("trusted", "subject"): 1, ("changes", "user"): 1}) + Counter(
        {("changes", "subject"): 1, ("notices", "key"): 1, ("notices", "target"): 1, ("notices", "said"): 1}
    )


def test_of_a_workspace_nothing_is_left_and_no_other_loses_anything(
    bot_on_either: RunningBot, capsys: pytest.CaptureFixture[str]
) -> None:
    with Browser() as browser:
        session(bot_on_either, browser)
    store = bot_on_either.bot.store
    store.trust("T0OTHER", BEN)
    store.save_installation("E0GRID", TEAM + "2", "theirs")
    orgs = len(store.orgs_lately(TEAM))

    said = run(bot_on_either, capsys, "--workspace", TEAM)

    assert store.orgs_lately(TEAM) == []  # the running bot's own, from memory
    assert orgs
    assert said[0] == f"Erased of workspace {TEAM}:"
    assert f"  orgs: {orgs} rows" in said
    assert f"  org credentials: {orgs} rows" in said
    assert "  installations: 1 row" in said
    assert said[-1].startswith("If the app is still in that workspace")
    assert set(places(bot_on_either, TEAM)) == {("installations", "team")}  # the other one's, whose id is longer
    assert store.installations() == [("E0GRID", TEAM + "2")]
    assert store.trusted("T0OTHER") == [BEN]
    assert run(bot_on_either, capsys, "--workspace", TEAM) == [f"Nothing was kept of workspace {TEAM}."]


def test_an_enterprise_goes_with_its_installation(running_bot: RunningBot, capsys: pytest.CaptureFixture[str]) -> None:
    store = running_bot.bot.store
    store.save_installation("E0GRID", None, "org-wide")
    store.save_installation("E0GRID", "T1", "of one of its workspaces")

    assert run(running_bot, capsys, "--workspace", "E0GRID", "--json") != []

    assert store.installations() == [("E0GRID", "T1")]
