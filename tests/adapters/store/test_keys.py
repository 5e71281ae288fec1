"""From one encryption key to the next: for the operator, while the bot runs, and when a key is lost."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.adapters.settings import Settings, given
from bot.adapters.store import SqlStore
from bot.adapters.vault import Vault, key_file, make_key
from bot.domain.model import LOCAL, Credentials
from bot.entrypoints.cli.program import main
from bot.sandbox.salesforce.server import BuiltInSalesforce
from bot.wiring.command_line import CommandLineParts
from bot.wiring.parts import utc_now
from tests.store_helpers import LOGIN, NOW, PROD, opened

OLD, NEW, LOST = make_key(), make_key(), make_key()
SOON = NOW + timedelta(minutes=10)
QA = replace(PROD, name="QA")
THEIRS = replace(PROD, workspace="T2")

Said = tuple[int, str, str]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Runs a command line; its exit code and what it printed, on standard output and standard error."""

    def run(settings: Settings | None, *arguments: str) -> Said:
        code = main(CommandLineParts(settings=settings), arguments)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def filled(url: str, key: str) -> None:
    store = opened(url, key)
    for org in (QA, PROD, THEIRS):
        store.add_org(org, replace(LOGIN, refresh_token=f"token of {org.workspace}/{org.name}"))
    store.put_ticket("login", "ticket", "payload", SOON)
    store.save_installation(None, "T1", "installed T1")
    store.save_installation("E1", None, "installed E1")
    store.close()


def holds_all(store: SqlStore) -> bool:
    for org in (QA, PROD, THEIRS):
        assert store.credentials(org).refresh_token == f"token of {org.workspace}/{org.name}"
    assert store.installation(None, "T1") == "installed T1"
    assert store.installation("E1", None) == "installed E1"
    return store.take_ticket("login", "ticket", NOW) == "payload"


# --- resealing -----------------------------------------------------------------------------------------


def test_everything_sealed_opens_with_the_new_key_alone(database_url: str) -> None:
    filled(database_url, OLD)
    both = opened(database_url, NEW, OLD)

    assert both.reseal() == (6, ())

    both.close()
    store = opened(database_url, NEW)
    assert holds_all(store)
    store.close()


def test_what_no_key_opens_is_named_and_left_as_it_is(database_url: str) -> None:
    filled(database_url, LOST)
    store = opened(database_url, NEW, OLD)
    store.save_credentials(PROD, LOGIN)

    assert store.unopened() == ("T1/QA", "T2/Prod", "Slack enterprise E1", "Slack workspace T1")
    assert store.reseal() == (1, store.unopened())

    store.close()
    found = opened(database_url, LOST, NEW)
    found.save_credentials(PROD, replace(LOGIN, refresh_token="token of T1/Prod"))
    assert holds_all(found)
    found.close()


class _Interrupted(Vault):
    """Has something happen after a row was read and before it is written."""

    happen: Callable[[], object] | None = None

    def seal(self, text: str, context: str) -> str:
        happen, self.happen = self.happen, None
        if happen is not None and "org_credentials" in context:
            happen()
        return super().seal(text, context)


@pytest.fixture
def interrupted(database_url: str) -> tuple[SqlStore, _Interrupted, SqlStore]:
    vault = _Interrupted([NEW, OLD])
    filled(database_url, OLD)
    return SqlStore(database_url, vault), vault, opened(database_url, OLD)


def test_a_token_that_is_refreshed_meanwhile_is_not_undone(
    interrupted: tuple[SqlStore, _Interrupted, SqlStore], database_url: str
) -> None:
    store, vault, bot = interrupted
    vault.happen = lambda: bot.save_credentials(PROD, Credentials("fresh"))

    assert store.reseal() == (6, ())

    assert store.credentials(PROD) == Credentials("fresh")
    store.close()
    bot.close()
    new = opened(database_url, NEW)
    assert new.unopened() == ()
    new.close()


def test_an_org_that_is_removed_meanwhile_stays_removed(
    interrupted: tuple[SqlStore, _Interrupted, SqlStore],
) -> None:
    store, vault, bot = interrupted
    vault.happen = lambda: bot.remove_org("T1", "Prod")

    assert store.reseal() == (5, ())

    assert [org.name for org in store.orgs("T1")] == ["QA"]
    store.close()
    bot.close()


def test_it_may_run_again_and_again_while_the_bot_works(database_url: str) -> None:
    filled(database_url, OLD)
    store, bot = opened(database_url, NEW, OLD), opened(database_url, NEW, OLD)
    stop, saved = threading.Event(), [0]

    def work() -> None:
        for number in itertools.count(1):
            bot.save_credentials(PROD, Credentials(str(number)))
            assert bot.credentials(PROD) == Credentials(str(number))
            saved[0] = number
            if stop.wait(0.01):  # SQLite has no queue: who writes without a pause keeps others out
                return

    worker = threading.Thread(target=work)
    worker.start()
    outcomes = [store.reseal() for _ in range(10)]
    stop.set()
    worker.join()

    assert outcomes == [(6, ())] * 10
    assert store.credentials(PROD) == Credentials(str(saved[0]))
    store.close()
    bot.close()


# --- the commands --------------------------------------------------------------------------------------


def test_keys_rotate_through_the_key_file(sqlite_url: str, tmp_path: Path, say: Callable[..., Said]) -> None:
    path = tmp_path / "data" / "assistant.key"
    settings = given(flosum_database_url=sqlite_url)
    (old,) = key_file(path)
    filled(sqlite_url, old)

    code, out, err = say(settings, "rotate-keys", "--new-key")

    assert (code, out) == (0, "")
    assert err == (
        f"A new key stands first in {path} now. Next: restart the bot, then run: python app.py rotate-keys\n"
    )
    new, *others = key_file(path)
    assert others == [old]
    assert path.stat().st_mode & 0o777 == 0o600
    said = "6 secrets are encrypted under the newest key now. Older keys open older backups only.\n"
    assert say(settings, "rotate-keys") == (0, said, "")
    store = opened(sqlite_url, new)
    assert holds_all(store)
    store.close()


def test_keys_rotate_through_the_settings(database_url: str, say: Callable[..., Said]) -> None:
    filled(database_url, OLD)

    code, out, err = say(given(flosum_database_url=database_url, flosum_secret_keys=OLD), "rotate-keys", "--new-key")

    new = out.strip()
    Vault([new])
    assert (code, out) == (0, f"{new}\n")
    assert err == (
        "That is the new key: put it before the others in FLOSUM_SECRET_KEYS, restart the bot, "
        "then run: python app.py rotate-keys\n"
    )
    settings = given(flosum_database_url=database_url, flosum_secret_keys=f"{new},{OLD}")
    assert say(settings, "rotate-keys")[0] == 0
    store = opened(database_url, new)
    assert holds_all(store)
    store.close()


def test_the_first_key_can_be_made_as_the_settings_say(
    monkeypatch: pytest.MonkeyPatch, postgresql: Callable[[], str], say: Callable[..., Said]
) -> None:
    monkeypatch.setenv("FLOSUM_DATABASE_URL", postgresql())
    code, _, err = say(None, "migrate")
    assert code == 2
    command = err.partition("python app.py ")[2].partition(")")[0]

    code, out, err = say(None, *command.split())

    assert (code, err) == (0, "That is the first key: set it as FLOSUM_SECRET_KEYS, and keep a copy apart.\n")
    monkeypatch.setenv("FLOSUM_SECRET_KEYS", out.strip())
    assert say(None, "migrate")[0] == 0
    assert say(None, "rotate-keys")[:2] == (
        0,
        "0 secrets are encrypted under the newest key now. Older keys open older backups only.\n",
    )


def test_a_database_without_a_file_has_no_key_file(say: Callable[..., Said]) -> None:
    code, out, err = say(given(flosum_database_url="sqlite://"), "rotate-keys", "--new-key")

    assert (code, out) == (2, "")
    assert err == (
        "FLOSUM_SECRET_KEYS is missing; a database without a file has no place for a key file. "
        "Name a file in FLOSUM_DATABASE_URL, with four slashes before its path.\n"
    )


def test_a_file_that_is_no_database_lacks_no_key(say: Callable[..., Said], tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("not a database at all")

    code, out, err = say(given(flosum_database_url=f"sqlite:///{path}"), "status")

    assert (code, out) == (2, "")
    assert err == (
        f"The database file {path} is not a database. Move it away, or let FLOSUM_DATABASE_URL name another one.\n"
    )


def test_a_rotation_names_the_orgs_that_must_reconnect(database_url: str, say: Callable[..., Said]) -> None:
    filled(database_url, OLD)
    store = opened(database_url, LOST)
    store.save_credentials(QA, LOGIN)
    store.close()

    code, out, err = say(given(flosum_database_url=database_url, flosum_secret_keys=f"{NEW},{OLD}"), "rotate-keys")

    assert code == 1
    assert out.startswith("5 secrets are encrypted")
    assert err == (
        "No key opens the logins of: T1/QA. Put the key that they were encrypted with back, or connect them again.\n"
    )


def test_doctor_names_the_orgs_whose_key_is_lost(database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    filled(database_url, LOST)
    store = opened(database_url, NEW)
    store.save_credentials(QA, LOGIN)
    store.close()

    def keys(given_keys: str) -> dict[str, object]:
        settings = given(flosum_database_url=database_url, flosum_secret_keys=given_keys)
        with BuiltInSalesforce(utc_now()) as salesforce:
            main(CommandLineParts(settings=settings, route=salesforce.route), ["doctor", "--json"])
        found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        return next(finding for finding in found if finding["check"] == "keys")

    assert keys(NEW) == {
        "check": "keys",
        "ok": False,
        "text": "no key opens the logins of: T1/Prod, T2/Prod, Slack enterprise E1, Slack workspace T1",
        "fix": "Put the lost key back into FLOSUM_SECRET_KEYS or the key file, or connect these again.",
    }
    assert keys(f"{NEW},{LOST}")["ok"] is True


def test_doctor_looks_at_keys_once_there_is_a_database(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with BuiltInSalesforce(utc_now()) as salesforce:
        main(
            CommandLineParts(settings=given(flosum_database_url=sqlite_url), route=salesforce.route),
            ["doctor", "--json"],
        )

    checks = [json.loads(line)["check"] for line in capsys.readouterr().out.splitlines()]
    assert "migrations" in checks
    assert "keys" not in checks


def test_a_lost_key_is_told_of_its_org_and_the_others_are_read(
    sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with BuiltInSalesforce(utc_now()) as salesforce:
        wiring = CommandLineParts(
            settings=given(flosum_database_url=sqlite_url, flosum_secret_keys=NEW), route=salesforce.route
        )
        (first, login), (second, _), *_ = salesforce.built_in(LOCAL)
        for key, org in ((NEW, first), (LOST, second)):
            store = opened(sqlite_url, key)
            store.add_org(org, login)
            store.close()

        codes = [main(wiring, ["status", *what]) for what in (["--all", "--json"], [second.name])]

    printed = capsys.readouterr().out.splitlines()
    found = {status["org"]: status for status in map(json.loads, printed[:2])}
    assert found[first.name]["checked_at"] is not None
    assert found[second.name]["verdict"] == "unknown"
    lost = f"None of the encryption keys opens the stored login of {second.name}. Put the key that was used"
    assert found[second.name]["trouble"].startswith(lost)
    assert any(line.startswith(lost) for line in printed[2:])
    assert codes == [1, 1]
