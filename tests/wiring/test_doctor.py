"""``doctor``: every check, each with its fix; against the built-in workspace."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.adapters.settings import given
from bot.adapters.store import SqlStore
from bot.adapters.vault import Vault, make_key
from bot.domain.model import Credentials, Login, Org, OrgFacts
from bot.entrypoints.cli.program import main
from bot.sandbox.salesforce.server import BuiltInSalesforce
from bot.sandbox.slack.workspace import Workspace
from bot.wiring.command_line import CommandLineParts
from bot.wiring.manifest import bot_scopes
from bot.wiring.parts import utc_now

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
            "flosum_database_url": f"sqlite:///{tmp_path}/doctor.db",
            "flosum_secret_keys": make_key(),
        }

        def look(*, off: timedelta = timedelta(0), **changes: object) -> dict[str, bool | None]:
            wiring = CommandLineParts(
                settings=given(**values | changes), route=salesforce.route, clock=lambda: utc_now() + off
            )
            code = main(wiring, ["doctor", "--json"])
            findings = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
            assert code == (0 if all(finding["ok"] is not False for finding in findings) else 1)
            assert all(finding["fix"] for finding in findings if finding["ok"] is False)
            return {finding["check"]: finding["ok"] for finding in findings}

        yield look


def test_all_is_well(look: Look) -> None:
    assert set(look().values()) == {True}
    assert {"settings", "guidance", "database", "migrations", "slack", "scopes", "clock", "salesforce"} <= set(look())


def test_a_token_that_slack_refuses(look: Look) -> None:
    assert look(slack_bot_token="xoxb-revoked")["slack"] is False


def test_a_scope_that_was_not_granted(look: Look) -> None:
    with Workspace(scopes=["chat:write"]) as poorer:
        found = look(slack_api_url=poorer.api_url, slack_bot_token=poorer.bot_token)
    assert found["scopes"] is False


def test_a_clock_that_is_off(look: Look) -> None:
    assert look(off=timedelta(minutes=10))["clock"] is False


def test_no_way_in(look: Look) -> None:
    assert look(slack_signing_secret=None)["events"] is False


def test_slack_that_cannot_be_reached(look: Look) -> None:
    found = look(slack_api_url="http://127.0.0.1:9/")
    assert found["slack"] is False
    assert found["database"] is True


def test_a_wrong_setting_is_a_finding_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("FLOSUM_PROT", "1")

    assert main(CommandLineParts(), ["doctor"]) == 1
    assert "did you mean FLOSUM_PORT?" in capsys.readouterr().out


def test_an_org_whose_connection_lacks_a_permission_is_named(look: Look, tmp_path: Path) -> None:
    store = SqlStore(f"sqlite:///{tmp_path}/doctor.db", Vault([make_key()]))
    store.prepare()
    legacy = Org("T0DEMO", "Legacy", "acme-legacy.my.salesforce.com", Login.JWT)
    store.add_org(legacy, Credentials("key"))
    store.save_facts(legacy, OrgFacts(utc_now(), None, None, (), ("Customize Application",)))
    store.close()

    assert look()["orgs"] is None
