"""``doctor``: every check, each with its fix; against the built-in workspace."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from slack_sdk import WebClient
from sqlalchemy import text
from werkzeug import Request, Response

from bot.adapters.settings import given, load
from bot.adapters.store import SqlStore
from bot.adapters.store.database import Database
from bot.adapters.vault import Vault, key_file, make_key
from bot.domain.digest import zones
from bot.domain.digest.subscription import SlotStatus
from bot.domain.errors import OperatorError
from bot.domain.model import Credentials, Login, Org, OrgFacts
from bot.entrypoints.cli.program import main
from bot.ports import Outcome
from bot.sandbox.salesforce.server import BuiltInSalesforce
from bot.sandbox.slack.faults import FaultKind, WebApiFault
from bot.sandbox.slack.loopback import LoopbackServer
from bot.sandbox.slack.workspace import Workspace
from bot.wiring.command_line import CommandLineParts
from bot.wiring.doctor import _database, _zones, clock_finding
from bot.wiring.keys import beside, kept_keys
from bot.wiring.manifest import bot_scopes
from bot.wiring.parts import utc_now
from bot.wiring.settings_check import the_settings
from bot.wiring.surroundings import no_database_yet, the_machine, the_way_in, where_it_listens
from tests.digests import take, weekly
from tests.running_bot import RunningBot
from tests.store_helpers import opened
from tests.whole_bot.test_readiness import limited_file

Look = Callable[..., dict[str, bool | None]]


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with Workspace(scopes=bot_scopes()) as workspace:
        yield workspace


@pytest.fixture
def look(workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Look]:
    with BuiltInSalesforce(utc_now()) as salesforce:
        values: dict[str, object] = {
            "slack_bot_token": workspace.bot_token,
            "slack_signing_secret": workspace.signing_secret,
            "slack_api_url": workspace.api_url,
            "flosum_port": 0,
            "flosum_database_url": f"sqlite:///{tmp_path}/doctor.db",
            "flosum_secret_keys": make_key(),
        }

        def look(
            *, off: timedelta = timedelta(0), findings: list[dict[str, str]] | None = None, **changes: object
        ) -> dict[str, bool | None]:
            wiring = CommandLineParts(
                settings=given(**values | changes), route=salesforce.route, clock=lambda: utc_now() + off
            )
            code = main(wiring, ["doctor", "--json"])
            found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
            assert code == (0 if all(finding["ok"] is not False for finding in found) else 1)
            assert all(finding["fix"] for finding in found if finding["ok"] is False)
            if findings is not None:
                findings.extend(found)
            return {finding["check"]: finding["ok"] for finding in found}

        yield look


NOT_PROVEN = {"signing secret", "request url"}
"""What nobody can see from here, unless the bot runs where FLOSUM_PUBLIC_URL says."""


def test_all_is_well_but_for_what_cannot_be_proven(look: Look) -> None:
    found = look()

    assert {name: ok for name, ok in found.items() if ok is not True} == dict.fromkeys(NOT_PROVEN)
    assert {"settings", "guidance", "database", "migrations", "slack", "scopes", "clock", "salesforce"} <= set(found)
    assert "disk" in found


def test_a_token_that_slack_refuses(look: Look) -> None:
    assert look(slack_bot_token="xoxb-revoked")["slack"] is False


@pytest.mark.parametrize(
    ("changes", "said", "fix"),
    [
        (
            {"slack_bot_token": "xoxb-no"},
            "Slack does not take SLACK_BOT_TOKEN (invalid_auth)",
            "Copy the Bot User OAuth",
        ),
        (
            {"slack_api_url": "http://127.0.0.1:9/"},
            "did not answer",
            "Check the network and HTTPS_PROXY and SLACK_API_URL",
        ),
    ],
)
def test_a_refusal_of_slack_s_and_a_lost_line_have_their_own_fixes(
    look: Look, changes: dict[str, object], said: str, fix: str
) -> None:
    findings: list[dict[str, str]] = []
    look(findings=findings, **changes)

    (found,) = [each for each in findings if each["check"] == "slack"]
    assert said in found["text"]
    assert found["fix"].startswith(fix)


@pytest.mark.parametrize(
    ("fault", "fix"),
    [
        (WebApiFault(FaultKind.RATE_LIMIT, seconds=30), "Run doctor again in a minute."),
        (WebApiFault(FaultKind.SERVER_ERROR), "Check the network and HTTPS_PROXY and SLACK_API_URL."),
        (WebApiFault(FaultKind.DROP), "Check the network and HTTPS_PROXY and SLACK_API_URL."),
        (
            WebApiFault(FaultKind.REFUSE, error="internal_error"),
            "Run doctor again in a minute; status.slack.com tells of Slack's outages.",
        ),
    ],
)
@pytest.mark.parametrize(("method", "check"), [("auth.test", "slack"), ("apps.connections.open", "line")])
def test_where_slack_did_not_look_at_a_token_it_is_not_the_tokens_fault(
    look: Look, workspace: Workspace, fault: WebApiFault, fix: str, method: str, check: str
) -> None:
    workspace.fail(method, fault)
    findings: list[dict[str, str]] = []
    look(findings=findings, slack_app_token=workspace.app_token)

    assert [each["fix"] for each in findings if each["check"] == check] == [fix]


@pytest.mark.parametrize("date", [None, "", "tomorrow", "Mon, 99 Nov 2026 09:00:00 GMT"])
def test_a_date_that_is_none_says_nothing_of_the_clock(date: str | None) -> None:
    assert clock_finding(date, utc_now()).ok is None


@contextmanager
def listening(answer: Callable[[Request], Response]) -> Iterator[int]:
    """A program that has a port, which is not the bot unless it answers like one."""
    with LoopbackServer(Request.application(answer)) as server:
        yield int(server.url.rpartition(":")[2])


@pytest.mark.parametrize(
    ("answer", "ok"),
    [
        (lambda _: Response('{"status": "alive"}', content_type="application/json"), True),
        (lambda _: Response('{"database": "is gone"}', 503, content_type="application/json"), True),
        (lambda _: Response("Welcome to nginx"), False),
        (lambda _: Response("{}", 404, content_type="application/json"), False),
    ],
)
def test_a_port_that_is_taken_is_told_unless_a_bot_has_it(answer: Callable[[Request], Response], ok: bool) -> None:
    with listening(answer) as port:
        found = list(where_it_listens(given(flosum_port=port, flosum_metrics_address=f"127.0.0.1:{port}")))

    assert [each.ok for each in found] == [ok, ok]
    named = "FLOSUM_HOST and FLOSUM_PORT", "FLOSUM_METRICS_ADDRESS"
    assert all(each.text.startswith(f"{name}: 127.0.0.1:{port}") for name, each in zip(named, found, strict=True))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0", "*"])  # noqa: S104 - for a moment
def test_a_port_that_is_free_is_well(host: str) -> None:
    assert [each.ok for each in where_it_listens(given(flosum_host=host, flosum_port=0))] == [True, True]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(13, "Permission denied"), "cannot be listened on (Permission denied)"),
        (OSError(99, "Cannot assign requested address"), "cannot be listened on (Cannot assign requested address)"),
        (socket.gaierror(-2, "Name or service not known"), "cannot be listened on (there is no such host)"),
    ],
)
def test_an_address_that_cannot_be_had_is_told(monkeypatch: pytest.MonkeyPatch, error: OSError, said: str) -> None:
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr("bot.wiring.surroundings._try_to_listen", refuse)

    found = list(where_it_listens(given(flosum_metrics_address="off")))

    assert [(each.ok, bool(each.fix)) for each in found] == [(False, True)]
    assert said in found[0].text


def test_a_scope_that_was_not_granted(look: Look) -> None:
    with Workspace(scopes=["chat:write"]) as poorer:
        found = look(slack_api_url=poorer.api_url, slack_bot_token=poorer.bot_token)
    assert found["scopes"] is False


def test_a_clock_that_is_off(look: Look) -> None:
    assert look(off=timedelta(minutes=10))["clock"] is False


def test_digests_that_did_not_go_out_are_named(look: Look, tmp_path: Path) -> None:
    store = opened(f"sqlite:///{tmp_path}/doctor.db")
    store.keep_subscription(weekly("T1", "C1"))
    assert look()["digests"] is True
    step = take(store, utc_now() - timedelta(days=1))
    assert step is not None
    assert look()["digests"] is False  # it hangs

    refused = Outcome(SlotStatus.GIVEN_UP, utc_now(), failing="That channel is archived.", certainly_not=True)
    store.end_step(step, "me", refused)
    store.close()

    assert look()["digests"] is None  # which is known to whoever set it


def test_where_the_database_is_damaged_is_named(look: Look, tmp_path: Path) -> None:
    store = opened(f"sqlite:///{tmp_path}/doctor.db")
    store.keep_subscription(replace(weekly("T1", "C1"), set_at=utc_now()))
    store.close()
    with closing(sqlite3.connect(tmp_path / "doctor.db")) as database:
        database.execute("UPDATE subscriptions SET set_at = 'soon'")
        database.commit()
    findings = list[dict[str, str]]()

    assert look(findings=findings)["database"] is False

    assert "holds what this version cannot read, in subscriptions.set_at" in [each["text"] for each in findings]


def test_no_way_in(look: Look) -> None:
    assert look(slack_signing_secret=None)["events"] is False


def test_slack_that_cannot_be_reached(look: Look) -> None:
    found = look(slack_api_url="http://127.0.0.1:9/")
    assert found["slack"] is False
    assert found["database"] is True


def test_a_wrong_setting_is_a_finding_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FLOSUM_PROT", "1")

    assert main(CommandLineParts(), ["doctor"]) == 1
    said = capsys.readouterr().out
    assert "did you mean FLOSUM_PORT?" in said
    assert "SLACK_BOT_TOKEN is missing" in said


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, ["SLACK_APP_TOKEN (Socket", "SLACK_BOT_TOKEN is missing"]),
        ({"FLOSUM_PORT": "x"}, ["FLOSUM_PORT is not right", "SLACK_APP_TOKEN (Socket", "SLACK_BOT_TOKEN is missing"]),
        (
            {"FLOSUM_PROT": "1", "FLOSUM_DATABASE_URL": "postgresql://h/x", "SLACK_SIGNING_SECRET": "s" * 32},
            ["FLOSUM_PROT is not a setting", "FLOSUM_SECRET_KEYS is missing", "SLACK_BOT_TOKEN is missing"],
        ),
        (
            {"SLACK_BOT_TOKEN": "xapp-1-A-1-a", "FLOSUM_PORT": "x", "FLOSUM_METRICS_ADDRESS": "127.0.0.1:3000"},
            ["SLACK_BOT_TOKEN is not right", "FLOSUM_PORT is not right", "SLACK_APP_TOKEN (Socket"],
        ),
        (
            {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s" * 32, "FLOSUM_PUBLIC_URL": "ftp://x"},
            ["FLOSUM_PUBLIC_URL is not right", "SLACK_SIGNING_SECRET is missing"],
        ),
    ],
)
def test_what_is_wrong_and_what_is_missing_is_told_at_once(
    settings: dict[str, str],
    told: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(OperatorError) as refused:
        CommandLineParts().refuse_unready()

    lines = refused.value.text.splitlines()
    assert [line[: len(begins)] for line, begins in zip(lines, told, strict=True)] == told


def test_an_org_whose_connection_lacks_a_permission_is_named(look: Look, tmp_path: Path) -> None:
    store = SqlStore(f"sqlite:///{tmp_path}/doctor.db", Vault([make_key()]))
    store.prepare()
    legacy = Org("T0DEMO", "Legacy", "acme-legacy.my.salesforce.com", Login.JWT)
    store.add_org(legacy, Credentials("key"))
    store.save_facts(legacy, OrgFacts(utc_now(), None, None, (), ("Customize Application",)))
    store.close()

    assert look()["orgs"] is None


def test_who_looks_before_the_first_start_leaves_nothing_behind(look: Look, tmp_path: Path) -> None:
    found = look(flosum_secret_keys=(), flosum_database_url=f"sqlite:///{tmp_path}/new/folder/bot.db")

    assert (found["database"], found["key file"], found["disk"]) == (True, True, True)
    assert not (tmp_path / "new").exists()


def test_a_folder_that_may_not_be_written_to_is_told_before_the_first_start(
    monkeypatch: pytest.MonkeyPatch, look: Look
) -> None:
    monkeypatch.setattr("bot.wiring.surroundings.access", lambda *_: False)  # as root, one may

    assert look()["database"] is False


def _a_folder(path: Path) -> None:
    path.mkdir()


def _a_file_for_a_folder(path: Path) -> None:
    path.parent.rmdir()
    path.parent.touch()


def _a_link_into_nowhere(path: Path) -> None:
    path.symlink_to("/not/there/bot.db")


@pytest.mark.parametrize(
    ("made", "check", "said"),
    [
        (_a_folder, "settings", "bot.db is a folder. Name another in FLOSUM_DATABASE_URL."),
        (os.mkfifo, "settings", "bot.db is no file that a database can be in."),
        (_a_file_for_a_folder, "database", "its folder cannot be made"),
        (_a_link_into_nowhere, "database", "bot.db leads into a folder that is not there"),
        (lambda path: path.with_suffix(".key").symlink_to("gone"), "key file", "cannot be read or made: No such file"),
        (lambda path: path.with_suffix(".key").mkdir(), "key file", "cannot be read or made: Is a directory"),
    ],
)
def test_what_stands_in_the_way_of_the_first_start_is_told(
    look: Look, tmp_path: Path, made: Callable[[Path], None], check: str, said: str
) -> None:
    path = tmp_path / "data" / "bot.db"
    path.parent.mkdir()
    made(path)
    findings: list[dict[str, str]] = []

    found = look(findings=findings, flosum_secret_keys=(), flosum_database_url=f"sqlite:///{path}")

    assert found[check] is False
    assert any(said in each["text"] for each in findings)


@pytest.mark.parametrize("may", [True, False])
def test_an_empty_file_is_filled_by_who_may_write_to_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, may: bool
) -> None:
    (tmp_path / "bot.db").touch()
    monkeypatch.setattr("bot.wiring.surroundings.access", lambda *_: may)  # as root, one may

    assert no_database_yet(f"sqlite:///{tmp_path}/bot.db").ok is may


def test_a_file_that_nobody_can_look_at_is_told(look: Look, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/{'x' * 300}.db"

    assert look(flosum_secret_keys=(), flosum_database_url=url) == {"settings": False}
    with pytest.raises(OperatorError, match=r"^The file .* cannot be looked at: File name too long\.$"):
        kept_keys(url)


def test_a_database_without_its_key_file_is_told(look: Look, tmp_path: Path) -> None:
    """A new key would be made in silence, and open nothing."""
    url = f"sqlite:///{tmp_path}/doctor.db"
    opened(url).close()

    assert look(flosum_secret_keys=())["settings"] is False
    with pytest.raises(OperatorError, match=r"doctor\.key is missing, and its database is there"):
        kept_keys(url)
    assert not (tmp_path / "doctor.key").exists()
    CommandLineParts(settings=given(flosum_database_url=url)).new_key()
    assert len(kept_keys(url)) == 2


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:////srv/bot.db", "/srv/bot.key"),
        ("sqlite:///file:/srv/bot.db?uri=true", "/srv/bot.key"),
        ("sqlite:///bot.db", "bot.key"),
    ],
)
def test_the_key_file_lies_beside_the_database(url: str, path: str) -> None:
    assert beside(url) == Path(path)


def test_without_a_key_in_the_settings_the_file_is_looked_at(look: Look, tmp_path: Path) -> None:
    key_file(tmp_path / "doctor.key")
    opened(f"sqlite:///{tmp_path}/doctor.db").close()
    assert look(flosum_secret_keys=())["key file"] is True

    (tmp_path / "doctor.key").chmod(0o644)
    assert look(flosum_secret_keys=())["settings"] is False


@pytest.mark.parametrize(("free", "ok"), [(50, False), (500, None), (5000, True)])
def test_a_disk_that_fills_up_is_told(monkeypatch: pytest.MonkeyPatch, look: Look, free: int, ok: bool | None) -> None:
    usage = type("Usage", (), {"free": free * 1_000_000})
    monkeypatch.setattr("bot.wiring.surroundings.shutil.disk_usage", lambda _: usage)

    assert look()["disk"] is ok


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        ("0a" * 16, "has the right form; whether it is Slack's shows"),
        ("8f742231b10e8888abcd99yyyzzz85a5", "is not 32 of the signs 0-9 and a-f"),
        ("0A" * 16, "is not 32 of the signs 0-9 and a-f"),
    ],
)
def test_a_signing_secret_is_doubted_and_not_refused(secret: str, said: str) -> None:
    findings = {each.name: each for each in the_way_in(given(slack_signing_secret=secret), WebClient())}

    assert findings["signing secret"].ok is None
    assert said in findings["signing secret"].text


@pytest.mark.parametrize(("used", "ok"), [("2026f", True), ("2025b", True), ("2024b", False), ("", False)])
def test_zone_data_that_is_old_is_told(monkeypatch: pytest.MonkeyPatch, used: str, ok: bool) -> None:
    monkeypatch.setattr(zones, "DATA", replace(zones.DATA, package=used, system="", uses_package=True))

    found = _zones(datetime(2026, 11, 29, tzinfo=UTC))

    assert found.ok is ok
    assert bool(found.fix) is not ok


IN_BROWSER = {"salesforce_client_id": "k", "flosum_public_url": "https://b.example.com"}
WITH_KEY = {"salesforce_jwt_client_id": "k", "salesforce_jwt_key": "key.pem"}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "orgs can be connected from the terminal"),
        (IN_BROWSER, "orgs can be connected in the browser and from the terminal"),
        (IN_BROWSER | WITH_KEY, "orgs can be connected in the browser, with the operator's key and from the terminal"),
        (
            IN_BROWSER | WITH_KEY | {"slack_client_id": "12345.67890", "slack_client_secret": "s"},
            "orgs can be connected in the browser and from the terminal",
        ),
        ({"salesforce_client_id": "k"}, "orgs cannot be connected in the browser yet: FLOSUM_PUBLIC_URL is missing"),
        (
            {"salesforce_jwt_client_id": "k"},
            "orgs cannot be connected with the operator's key yet: SALESFORCE_JWT_KEY is missing",
        ),
        (
            {"salesforce_jwt_key": "key.pem"},
            "orgs cannot be connected with the operator's key yet: SALESFORCE_JWT_CLIENT_ID is missing",
        ),
        (
            {"slack_app_token": "xapp-1", "slack_signing_secret": "s"},
            "SLACK_SIGNING_SECRET is not used: with SLACK_APP_TOKEN events come by Socket Mode",
        ),
        ({"slack_client_id": "1.2"}, "SLACK_CLIENT_ID is not used: for Add to Slack SLACK_CLIENT_SECRET is missing"),
        ({"slack_client_secret": "s"}, "SLACK_CLIENT_SECRET is not used: for Add to Slack SLACK_CLIENT_ID is missing"),
        (
            {"slack_client_id": "12345.67890", "slack_client_secret": "s", "slack_bot_token": "xoxb-1"},
            "SLACK_BOT_TOKEN is not used: workspaces add the bot themselves, as SLACK_CLIENT_ID says",
        ),
    ],
)
def test_what_is_set_by_half_or_for_nothing_is_told(settings: dict[str, str], said: str) -> None:
    found = {each.text: each.ok for each in the_settings(given(**settings))}

    assert found[said] is (True if said.startswith("orgs can be") else None)


def test_where_settings_come_from_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("FLOSUM_HOST=127.0.0.2\nSLACK_BOT_TOKEN=xoxb-1\nEDITOR=vi\n")
    path.chmod(0o600)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-2")
    monkeypatch.setenv("EDITOR", "ed")

    found = [each.text for each in the_settings(given(), str(path))]

    assert found[:2] == [
        f"every name and form is right, from the environment and {path}",
        f"SLACK_BOT_TOKEN in {path} does not count: the environment says something else",
    ]
    path.chmod(0o644)
    assert f"{path} can be read by other users of this machine" in [e.text for e in the_settings(given(), str(path))]
    nothing = next(the_settings(given(), str(tmp_path / "none"))).text
    assert nothing == f"every name and form is right, from the environment; there is no {tmp_path}/none"


@pytest.mark.parametrize(
    ("in_environment", "in_file", "said"),
    [
        ({"FLOSUM_PORT": ""}, "FLOSUM_PORT=1", []),
        ({"FLOSUM_PORT": "''"}, "FLOSUM_PORT=1", []),
        ({"FLOSUM_PORT": "1"}, "FLOSUM_PORT=", []),
        ({"FLOSUM_PORT": "1"}, "FLOSUM_PORT=' 1 '", []),
        ({"FLOSUM_PORT": "1"}, "flosum_port=1", []),
        ({"FLOSUM_PORT": "1"}, "flosum_port=2", ["FLOSUM_PORT in .env does not count"]),
        ({"HTTPS_PROXY": "http://a:1", "https_proxy": "http://a:1"}, "HTTPS_PROXY=a:1", []),  # as it was set for all
        ({}, "FLOSUM_PORT=1\nFLOSUM_HOST=h\nFLOSUM_PORT=1", ["FLOSUM_PORT is given twice"]),
        ({}, "FLOSUM_PORT=1\nflosum_port=2", ["FLOSUM_PORT is given twice"]),
        ({"FLOSUM_PORT": "1", "flosum_port": "2"}, "", ["FLOSUM_PORT is given twice"]),
        ({"EDITOR": "vi", "editor": "ed"}, "", []),
        ({"SLACK_TOKEN": "x"}, "", ["SLACK_TOKEN is not a setting of the assistant; did you mean SLACK_BOT_TOKEN?"]),
        ({}, "SLACK_SIGNING_SECERT=x", ["did you mean SLACK_SIGNING_SECRET?"]),
        ({"SLACK_SECRET": "x"}, "SLACK_SIGNING_SECRET=x\nSLACK_CLIENT_SECRET=y", []),
        ({"SLACK_WEBHOOK_URL": "x", "SLACK_CHANNEL": "x", "SALESFORCE_USERNAME": "x"}, "", []),
    ],
)
def test_what_does_not_count_in_settings_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, in_environment: dict[str, str], in_file: str, said: list[str]
) -> None:
    for name, value in in_environment.items():
        monkeypatch.setenv(name, value)
    (tmp_path / ".env").write_text(in_file)
    (tmp_path / ".env").chmod(0o600)

    doubted = [each.text.replace(f"{tmp_path}/", "") for each in the_settings(given()) if each.ok is None]

    assert len(doubted) == len(said)
    assert all(words in text for words, text in zip(said, doubted, strict=True))


@pytest.mark.parametrize(
    ("in_environment", "in_file", "name"),
    [
        ({"HTTPS_PROXY": "http://a:1", "https_proxy": "http://b:1"}, "", "HTTPS_PROXY"),
        ({"https_proxy": "http://a:1"}, "HTTPS_PROXY=http://b:1", "HTTPS_PROXY"),
        ({}, "no_proxy=a\nNO_PROXY=b", "NO_PROXY"),
        ({"HTTPS_PROXY": "http://a:1", "https_proxy": " a:1 "}, "https_proxy=a:1", ""),
        ({"NO_PROXY": "", "no_proxy": "a"}, "", ""),
    ],
)
def test_a_proxy_that_is_given_twice_and_not_alike_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, in_environment: dict[str, str], in_file: str, name: str
) -> None:
    for each in ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.setenv(each, in_environment.get(each, ""))
    (tmp_path / ".env").write_text(in_file)
    (tmp_path / ".env").chmod(0o600)

    doubted = [each.text.partition(";")[0] for each in the_settings(load()) if each.ok is None]

    assert doubted == ([f"{name} is given twice, not alike"] if name else [])


def test_a_private_key_that_others_can_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    path.write_text("")
    path.chmod(0o640)
    settings = given(salesforce_jwt_key="key.pem", salesforce_jwt_client_id="3MVG9")

    assert f"{path} can be read by other users of this machine" in [each.text for each in the_settings(settings)]
    path.chmod(0o600)
    assert all(each.ok for each in the_settings(settings))


def test_the_line_of_socket_mode_is_asked_for(look: Look, workspace: Workspace) -> None:
    workspace.use_socket("ws://127.0.0.1:9/line")
    assert look(slack_app_token=workspace.app_token)["line"] is True
    assert look(slack_app_token="xapp-1-revoked")["line"] is False


@pytest.mark.parametrize(
    ("status", "headers", "ok"),
    [
        (401, {}, True),
        (401, {"WWW-Authenticate": "Basic"}, False),
        (200, {}, False),
        (404, {}, False),
        (502, {}, False),
    ],
)
def test_the_request_url_is_tried_from_here(look: Look, status: int, headers: dict[str, str], ok: bool | None) -> None:
    @Request.application
    def answer(request: Request) -> Response:
        asked.append((request.method, request.path))
        return Response("", status, headers)

    asked: list[tuple[str, str]] = []
    with LoopbackServer(answer) as server:
        found = look(flosum_public_url=server.url)

    assert (found["request url"], asked) == (ok, [("POST", "/slack/events")])


def test_where_nobody_answers_the_request_url_is_not_proven(look: Look) -> None:
    assert look(flosum_public_url="http://127.0.0.1:9")["request url"] is None


def test_the_request_url_of_a_bot_that_runs_is_right(look: Look, running_bot: RunningBot) -> None:
    assert look(flosum_public_url=running_bot.bot.address)["request url"] is True


def database_findings(url: str) -> dict[str, tuple[bool | None, str, str]]:
    """What doctor says of a database, with the fix."""
    parts = CommandLineParts(settings=given(flosum_database_url=url, flosum_secret_keys=make_key()))
    with parts.bot() as bot:
        return {each.name: (each.ok, each.text, each.fix) for each in _database(bot, parts.now())}


@pytest.fixture
def migrated_url(database_url: str) -> str:
    opened(database_url).close()
    return database_url


@pytest.mark.parametrize(
    ("version", "told", "fix"),
    [
        (
            "beef",
            "was written by a newer version of the assistant (migration beef).",
            "Upgrade the assistant, or restore the backup from before.",
        ),
        ("0001", "is not at the newest migration.", "Run python app.py migrate"),
    ],
)
def test_another_migration_has_the_fix_that_helps(migrated_url: str, version: str, told: str, fix: str) -> None:
    database = Database(migrated_url)
    with database.exclusive() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    database.close()

    found = database_findings(migrated_url)

    ok, said, helps = found["migrations"]
    assert (ok, helps) == (False, fix)
    assert said.endswith(told)
    assert found["database"][0] is True


def test_a_database_of_now_takes_what_is_written(migrated_url: str) -> None:
    found = database_findings(migrated_url)

    assert found["database"] == (True, "reachable, and takes what is written", "")
    assert found["migrations"][0] is True


def test_a_database_in_memory_is_told_of() -> None:
    found = list(the_machine(given(flosum_database_url="sqlite:///:memory:", flosum_secret_keys=make_key())))

    assert [(each.name, each.ok) for each in found] == [("database", None)]
    assert "all of it is gone when the bot stops" in found[0].text


def test_a_file_that_is_read_only_has_the_fix_that_helps(sqlite_url: str) -> None:
    opened(sqlite_url).close()
    path = sqlite_url.removeprefix("sqlite:///")

    ok, told, helps = database_findings(f"sqlite:///file:{path}?mode=ro&uri=true")["database"]

    assert ok is False
    assert told.endswith("is read-only.")
    assert helps == "Give the bot's user the right to write to it and to its folder."


def test_a_disk_that_is_full_has_the_fix_that_helps(sqlite_url: str) -> None:
    opened(sqlite_url).close()
    with limited_file() as is_full:
        is_full.set()
        ok, told, helps = database_findings(sqlite_url)["database"]

    assert ok is False
    assert told.endswith("has no room left on its disk.")
    assert helps == "Make room and try again."


def test_a_server_that_is_not_there_has_the_fix_that_helps() -> None:
    found = database_findings("postgresql://bot@127.0.0.1:1/flosum")

    assert list(found) == ["database"]
    assert found["database"][0] is False
    assert found["database"][2] == "Check FLOSUM_DATABASE_URL, and that the database runs."
