"""The trail of changes: who did what, for an operator and for other programs; and no secret anywhere."""

from __future__ import annotations

import io
import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.adapters import logs
from bot.adapters.settings import given
from bot.adapters.vault import make_key
from bot.domain.errors import OrgError
from bot.domain.model import Asker, Change, Credentials, Login, Org
from bot.entrypoints.cli.program import main
from bot.sandbox.salesforce.server import BuiltInSalesforce
from bot.sandbox.slack.records import TEAM, Team
from bot.sandbox.slack.workspace import Workspace
from bot.wiring.command_line import CommandLineParts
from bot.wiring.parts import utc_now
from tests.running_bot import ADA, RunningBot
from tests.store_helpers import NOW, dump, opened

KEY = make_key()


def trail(capsys: pytest.CaptureFixture[str], wiring: CommandLineParts) -> list[dict[str, str]]:
    capsys.readouterr()
    assert main(wiring, ["audit", "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_what_the_terminal_does_to_orgs_is_on_the_trail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = given(flosum_database_url=f"sqlite:///{tmp_path}/a.db", flosum_secret_keys=KEY)
    wiring = CommandLineParts(settings=settings, clock=lambda: NOW)
    (tmp_path / "secret").write_text("planted-secret")
    how = ["--host", "acme.my.salesforce.com", "--consumer-key", "k", "--secret-file", str(tmp_path / "secret")]

    assert main(wiring, ["orgs", "add", "Prod", *how, "--no-check"]) == 0
    assert main(wiring, ["orgs", "add", "prod", *how, "--no-check"]) == 2
    assert main(wiring, ["orgs", "remove", "PROD"]) == 0
    assert main(wiring, ["orgs", "remove", "prod"]) == 2

    line = {"workspace": "local", "at": "2026-11-23T08:00:00Z", "user": "terminal"}
    subject = "Prod (acme.my.salesforce.com)"
    assert trail(capsys, wiring) == [
        line | {"action": "disconnected", "subject": subject},
        line | {"action": "connected", "subject": subject},
    ]


@pytest.mark.parametrize("order", ["\x1b[2J", "\x1b]0;x\x07", "\x9b31m", "\u202e", "\u2066", "\x08\x08", "\x7f"])
def test_what_people_type_gives_no_orders_to_the_operators_terminal(
    running_bot: RunningBot, capsys: pytest.CaptureFixture[str], order: str
) -> None:
    typed = f"ja{order}ne"
    running_bot.ask(f"snooze uat 7 {typed}")
    running_bot.bot.store.record(Change(TEAM, utc_now(), ADA, "looked at", f"prod: {typed}"))
    wiring = CommandLineParts(settings=running_bot.bot.settings)

    for arguments in (["audit"], ["audit", "--json"], ["digest", "--dry-run"], ["status"], ["status", "--json"]):
        capsys.readouterr()
        main(wiring, arguments)
        told = capsys.readouterr().out
        assert told
        assert not any(sign in told for sign in order if not sign.isprintable()), arguments
    assert f"prod: {typed}" in [line["subject"] for line in trail(capsys, wiring)]


def test_what_people_do_to_the_digest_is_on_the_trail(
    running_bot: RunningBot, capsys: pytest.CaptureFixture[str]
) -> None:
    for text in ("remind", "remind confirmed friday 14:00", "remind off", "remind off", "remind on", "remind now"):
        running_bot.ada.command(text, "#salesforce")
        running_bot.shown()  # once it is done
    running_bot.ask("remind off", running_bot.ben)

    found = trail(capsys, CommandLineParts(settings=running_bot.bot.settings))

    channel = running_bot.workspace.state.channel_named("#salesforce")
    assert channel is not None
    assert [(line["workspace"], line["user"], line["action"]) for line in found] == [
        (TEAM, ADA, "switched on the digest"),
        (TEAM, ADA, "switched off the digest"),
        (TEAM, ADA, "set the digest"),
    ]
    assert {line["subject"] for line in found} == {f"Fridays at 14:00 Europe/Berlin, {channel.id}"}


def test_the_trail_is_newest_first_for_people_and_for_programs(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store = opened(database_url, KEY)
    start = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    for number in range(1100):
        store.record(Change(f"T{number % 2}", start + timedelta(seconds=number), "U1", "connected", f"org\t{number}"))
    store.close()
    wiring = CommandLineParts(settings=given(flosum_database_url=database_url, flosum_secret_keys=KEY))

    found = trail(capsys, wiring)

    assert [line["subject"] for line in found] == [f"org\t{number}" for number in reversed(range(1100))]
    assert main(wiring, ["audit"]) == 0
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "2026-11-23T09:00:01Z\tT1\tU1\tconnected\torg 1",
        "2026-11-23T09:00:00Z\tT0\tU1\tconnected\torg 0",
    ]


def test_an_empty_trail_prints_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert trail(capsys, CommandLineParts(settings=given(flosum_database_url=f"sqlite:///{tmp_path}/a.db"))) == []


PLANTED = {
    "consumer key": "3MVG9planted.ConsumerKey",
    "consumer secret": "PLANTED0CONSUMER0SECRET",
    "refresh token": "5Aep861plantedRefreshToken",
    "ticket": "plantedTicketOfALogin",
    "verifier": "plantedVerifierOfALogin",
    "installation": "xoxb-1-planted-installation",
    "session id": "AQEAQGk2Yy5tbnBqc3R1dnd4eXphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3ODk",
}
HOST = "acme.my.salesforce.com"


def test_no_secret_is_in_the_database_the_log_or_the_trail(
    database_url: str, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    log = io.StringIO()
    logs.configure(log, logging.DEBUG)
    for library in ("sqlalchemy", "urllib3", "alembic"):
        caplog.set_level(logging.DEBUG, library)  # they keep quiet unless each is asked
    with BuiltInSalesforce(utc_now()) as salesforce, Workspace(team=Team("T1")) as workspace:
        slack = {"slack_api_url": workspace.api_url, "slack_bot_token": workspace.bot_token}
        settings = given(flosum_database_url=database_url, flosum_secret_keys=KEY, **slack)
        wiring = CommandLineParts(settings=settings, route=salesforce.route)
        with wiring.bot() as bot:
            bot.store.migrate()
            org = Org("T1", "prod", HOST, Login.CLIENT_CREDENTIALS)
            key, secret, token = (PLANTED[name] for name in ("consumer key", "consumer secret", "refresh token"))
            bot.store.add_org(org, Credentials(key, secret, refresh_token=token))
            bot.store.record(Change("T1", utc_now(), "U1", "connected", f"prod ({HOST})"))
            bot.store.put_ticket("login", PLANTED["ticket"], PLANTED["verifier"], utc_now() + timedelta(minutes=10))
            bot.store.save_installation(None, "T1", PLANTED["installation"])
            who = Asker("T1", "U0YOU", "C1")
            bot.uses.assistant.reply(who, f"INVALID_SESSION_ID for 00DKd0000000001!{PLANTED['session id']}")
            bot.uses.assistant.reply(who, f"explain error=invalid_grant&refresh_token={token}")
            try:
                bot.store.save_facts(org, bot.salesforce.facts(org, bot.store.credentials(org)))
            except OrgError as error:
                logging.getLogger("assistant").warning(error.text, exc_info=error)
            bot.store.reseal()
            bot.store.rename_org("T1", "prod", "live")
            assert bot.store.take_ticket("login", PLANTED["ticket"], utc_now()) == PLANTED["verifier"]
            bot.store.put_ticket("login", PLANTED["ticket"], PLANTED["verifier"], utc_now() + timedelta(minutes=10))

        capsys.readouterr()
        assert main(wiring, ["audit", "--json"]) == 0
        told = capsys.readouterr().out

    places = {"database": dump(database_url), "log": log.getvalue().encode(), "trail": told.encode()}
    places["log before masking"] = caplog.text.encode()
    assert {place for place, text in places.items() if HOST.encode() in text} == set(places)
    found = [
        (place, what) for place, text in places.items() for what, value in PLANTED.items() if value.encode() in text
    ]
    assert found == []
