"""Migrations lose no row: from every version to every version, refused, killed at every statement."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory

from bot.adapters.store.database import Database
from bot.adapters.store.migrations import migrating
from bot.domain.digest.delivery import Plan
from bot.domain.errors import OperatorError
from bot.domain.model import PastDigest
from bot.ports import Waking
from tests.digests import weekly
from tests.paths import ROOT
from tests.store_helpers import LEASE, opened

Rows = dict[str, list[dict[str, Any]]]

PYPROJECT = ROOT / "pyproject.toml"
VERSIONS = sorted(script.revision for script in ScriptDirectory(str(ROOT / "migrations")).walk_revisions())
CARRIED_OVER = {"reminders", "digest_runs", "digest_weeks"}
"""What became other tables (0008); that nothing is lost on the way has tests of its own below."""
AT = datetime(2026, 11, 23, 8, 0, 0, 123456, tzinfo=UTC)


def move(database: Database, source: str, target: str) -> None:
    """Migrate from one version to another, whichever is newer; ``base`` is before the first."""
    downwards = target == "base" or (source != "base" and target < source)
    with migrating(database) as connection:
        config = Config(toml_file=PYPROJECT, attributes={"connection": connection})
        (command.downgrade if downwards else command.upgrade)(config, target)


def tables_of(connection: sa.Connection) -> list[sa.Table]:
    """The tables as they are, parents first."""
    found = sa.MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def value(column: sa.Column[Any], number: int) -> Any:
    """A value for the column in row ``number``; the last row has nothing where nothing is allowed."""
    if column.nullable and number == 3:
        return None
    if isinstance(column.type, sa.DateTime):
        return AT
    if isinstance(column.type, sa.Date):
        return AT.date()
    if isinstance(column.type, sa.Boolean):
        return number != 2
    if isinstance(column.type, sa.Integer):
        return number
    if column.foreign_keys or column.name == "key":
        return f"org {number}"
    return f"{'T' if column.name == 'workspace' else column.name}{number}"


def filled(database: Database) -> Rows:
    """Three rows in every table that there is, whichever version; what they are."""
    with database.exclusive() as connection:
        for table in tables_of(connection):
            names = [column for column in table.columns if column.server_default is None or not is_text(column)]
            rows = [{column.name: value(column, number) for column in names} for number in (1, 2, 3)]
            keys = {tuple(row[column.name] for column in table.primary_key.columns) for row in rows}
            assert len(keys) == 3, table.name
            connection.execute(sa.insert(table), [with_parent(table, row) for row in rows])
    return contents(database)


def is_text(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, sa.Text | sa.String)


def with_parent(table: sa.Table, row: dict[str, Any]) -> dict[str, Any]:
    """The row, tied to the row of the parent that has the same number."""
    number = next(iter(row.values()))[-1] if table.foreign_keys else ""
    tied = {"workspace": f"T{number}", "key": f"org {number}", "id": f"id{number}"}
    return row | {key.parent.name: tied[key.column.name] for key in table.foreign_keys}


def contents(database: Database) -> Rows:
    """Every row of every table, in the order of their keys."""
    with database.inspecting() as connection:
        queries = {table.name: sa.select(table).order_by(*table.primary_key.columns) for table in tables_of(connection)}
        return {name: [dict(row) for row in connection.execute(query).mappings()] for name, query in queries.items()}


def shared(rows: Rows, other: Rows) -> Rows:
    """What of ``rows`` has a table and a column in ``other`` as well."""
    return {
        table: [{name: row[name] for name in row if name in other[table][0]} for row in rows[table]]
        for table in rows
        if other.get(table)
    }


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


@pytest.mark.parametrize(("source", "target"), [*permutations(["base", *VERSIONS], 2)])
def test_from_every_version_to_every_version_no_row_changes(database: Database, source: str, target: str) -> None:
    if source != "base":
        move(database, "base", source)
    before = filled(database)

    move(database, source, target)

    after = contents(database)
    assert target != "base" or after == {}
    assert all(len(after[table]) == 3 for table in before if table in after)
    assert shared(before, after) == shared(after, before)


def test_every_table_of_the_newest_version_is_filled_by_these_tests(database: Database) -> None:
    move(database, "base", VERSIONS[-1])

    rows = filled(database)

    assert {table: len(each) for table, each in rows.items()} == dict.fromkeys(rows, 3)
    assert {"orgs", "org_credentials", "org_facts", "answers", "installations"} <= set(rows)


def rebuild_orgs(connection: sa.Connection) -> None:
    """A change of orgs that SQLite can make only by a new table."""
    with Operations(MigrationContext.configure(connection)).batch_alter_table("orgs") as columns:
        columns.alter_column("host", existing_type=sa.Text(), nullable=True)


def test_a_later_change_of_orgs_leaves_their_credentials_and_facts(database: Database) -> None:
    move(database, "base", VERSIONS[-1])
    before = filled(database)

    with migrating(database) as connection:
        rebuild_orgs(connection)

    assert contents(database) == before
    with database.exclusive() as connection:  # and with the org they still go
        connection.exec_driver_sql("DELETE FROM orgs WHERE key = 'org 1'")
    assert [len(contents(database)[table]) for table in ("orgs", "org_credentials", "org_facts")] == [2, 2, 2]


def test_a_migration_that_leaves_rows_without_their_org_is_undone(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    move(database, "base", VERSIONS[-1])
    before = filled(database)

    with pytest.raises(OperatorError, match=r"would part rows .* Nothing was changed"), migrating(database) as changing:
        changing.exec_driver_sql("DELETE FROM orgs")

    assert contents(database) == before
    database.close()


def test_a_connection_that_would_delete_children_is_refused(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    move(database, "base", VERSIONS[-1])
    before = filled(database)

    with pytest.raises(RuntimeError, match="Foreign keys are on"), database.exclusive() as connection:
        command.downgrade(Config(toml_file=PYPROJECT, attributes={"connection": connection}), VERSIONS[0])

    assert contents(database) == before
    database.close()


def alembic(url: str, *arguments: str) -> None:
    """The command line, as a developer types it."""
    words = [sys.executable, "-m", "alembic", "-x", f"url={url}", *arguments]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_alembics_own_command_line_loses_nothing_either(database: Database, database_url: str) -> None:
    move(database, "base", VERSIONS[-1])
    before = filled(database)
    database.close()

    alembic(database_url, "downgrade", VERSIONS[0])
    back = contents(database)
    alembic(database_url, "upgrade", "head")

    back = {table: rows for table, rows in back.items() if table not in CARRIED_OVER}
    assert shared(before, back) == back
    assert shared(contents(database), back) == back


KILLED_AT_EVERY_STATEMENT = """
import os, signal, sys
from sqlalchemy import Engine, event
from bot.adapters.store.database import Database
from tests.adapters.store.test_migration_data import contents, move

url, source, target = sys.argv[1:]

def migrated(survive):
    def count(*_):
        nonlocal survive
        if survive == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        survive -= 1
    event.listen(Engine, "after_cursor_execute", count)
    database = Database(url)
    move(database, source, target)
    database.close()

def state():
    database = Database(url)
    found = contents(database)
    database.close()
    return found

before, kills = state(), 0
while True:
    child = os.fork()
    if child == 0:
        migrated(kills)
        os._exit(0)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != -signal.SIGKILL:
        break
    if state() != before:
        sys.exit(f"killed after statement {kills + 1}: rows changed")
    kills += 1
print(kills)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system makes processes another way")
@pytest.mark.parametrize(("source", "target"), [(VERSIONS[0], VERSIONS[-1]), (VERSIONS[-1], VERSIONS[0])])
def test_killed_after_any_statement_the_old_state_is_left_and_the_next_start_migrates(
    database: Database, database_url: str, source: str, target: str, tmp_path: Path
) -> None:
    move(database, "base", source)
    before = filled(database)
    database.close()

    words = [sys.executable, "-c", KILLED_AT_EVERY_STATEMENT, database_url, source, target]
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr or done.stdout
    assert int(done.stdout) > 10
    after = contents(database)
    assert shared(before, after) == shared(after, before)


def at_once(url: str, moves: Sequence[tuple[str, str]], folder: Path) -> list[str]:
    """What processes say that migrate at the same moment."""
    script = (
        "import sys; from bot.adapters.store.database import Database\n"
        "from tests.adapters.store.test_migration_data import move\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "database = Database(sys.argv[1]); move(database, *sys.argv[2:]); database.close()"
    )
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", script, url, *each],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for each in moves
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    return [process.communicate("go\n", timeout=60)[1] for process in started]


def test_two_processes_that_migrate_at_once_take_turns_and_lose_nothing(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    first, newest = VERSIONS[0], VERSIONS[-1]
    move(database, "base", first)
    before = filled(database)
    database.close()

    assert at_once(database_url, [(first, newest)] * 2, tmp_path) == ["", ""]

    after = contents(database)
    assert shared(before, after) == {table: rows for table, rows in before.items() if table not in CARRIED_OVER}


# --- one digest a week becomes subscriptions -----------------------------------------------------------


def insert(database: Database, table: str, *rows: dict[str, Any]) -> None:
    with database.exclusive() as connection:
        (known,) = (each for each in tables_of(connection) if each.name == table)
        connection.execute(sa.insert(known), list(rows))


def with_a_weekly_digest(database: Database) -> None:
    """One workspace whose digest of week 47 was sent, and one that ended while it was sending that of week 48."""
    move(database, "base", "0007")
    clock = {"weekday": 0, "hour": 9, "minute": 0, "zone": "Europe/Berlin", "enabled": True, "set_at": None}
    insert(database, "reminders", *({**clock, "workspace": f"T{n}", "channel": f"C{n}"} for n in (1, 2)))
    run = {"lease_until": AT, "attempts": 1, "channel": "C1", "message_ts": "1.0"}
    sent = {**run, "workspace": "T1", "iso_week": "2026-W47", "due_at": AT, "status": "sent"}
    insert(database, "digest_runs", sent, {**sent, "workspace": "T2", "iso_week": "2026-W48", "status": "claimed"})
    change = {"workspace": "T1", "at": AT, "action": "set the weekly digest", "subject": ""}
    other = change | {"action": "connected", "user": "U3"}
    insert(database, "changes", *(change | {"user": user} for user in ("U1", "U2", "forgotten")), other)
    found = {"workspace": "T1", "ready": '["prod"]', "missing": '["qa"]'}
    insert(database, "digest_weeks", {**found, "iso_week": "2026-W46"}, {**found, "iso_week": "2026-W47"})


def test_the_weekly_digest_becomes_a_subscription_and_what_was_sent_stays_sent(database_url: str) -> None:
    database = Database(database_url)
    with_a_weekly_digest(database)
    database.close()

    store = opened(database_url)

    (kept,) = store.subscriptions("T1")
    assert kept == weekly("T1", "C1", zone="Europe/Berlin", id="first", set_by="U2")
    assert [past.slot for past in store.past_digests("T1", "first")] == [AT, datetime(2026, 11, 9, 9, tzinfo=UTC)]
    assert store.past_digests("T1", "first")[0] == PastDigest(AT, ("prod",), ("qa",))
    plan = Plan(AT, None, AT + timedelta(days=1))
    assert store.begin_step(Waking("T1", "first", AT), "me", AT, LEASE, lambda _: plan) is None
    database = Database(database_url)
    slots = contents(database)["digest_slots"]
    assert [(row["workspace"], row["status"], row["message_ts"]) for row in slots] == [
        ("T1", "sent", "1.0"),
        ("T2", "uncertain", "1.0"),
    ]
    store.close()
    database.close()


def test_back_at_the_version_before_it_is_the_weekly_digest_again(database: Database) -> None:
    with_a_weekly_digest(database)
    before = contents(database)

    move(database, "0007", "0008")
    move(database, "0008", "0007")

    after = contents(database)
    assert after["reminders"] == before["reminders"]
    assert [(row["workspace"], row["due_at"]) for row in after["digest_runs"]] == [
        (row["workspace"], row["due_at"]) for row in before["digest_runs"]
    ]
    assert [(row["ready"], row["missing"]) for row in after["digest_weeks"]] == [('["prod"]', '["qa"]')] * 2


def test_since_when_orgs_are_open_is_told_by_the_digests_of_before(database_url: str) -> None:
    database = Database(database_url)
    with_a_weekly_digest(database)
    org = {"workspace": "T1", "host": "acme.my.salesforce.com", "login": "jwt", "apps": "[]", "reconnect": False}
    insert(database, "orgs", *({**org, "key": name.casefold(), "name": name} for name in ("prod", "qa", "New")))
    insert(database, "digest_weeks", {"workspace": "T1", "iso_week": "2026-W45", "ready": "no list", "missing": "1"})
    database.close()

    store = opened(database_url)

    since = {org.name: org.open_since for org in store.orgs("T1")}
    assert since == {"New": None, "prod": None, "qa": datetime(2026, 11, 9, 9, tzinfo=UTC)}
    database = Database(database_url)
    verdicts = [(row["org_key"], row["verdict"]) for row in contents(database)["org_verdicts"]]
    assert verdicts == [("prod", "ready"), ("qa", "action-needed")]
    database.close()
    store.close()
