"""Migrations: they make what the tables say, both ways, whoever starts first, from wherever."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import IO, Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from bot.adapters.store import SqlStore, migrations
from bot.adapters.store.database import Database
from bot.adapters.store.tables import metadata
from bot.adapters.vault import Vault
from bot.domain.errors import OperatorError
from bot.domain.model import AnswerKind, Failure, PostedAnswer
from tests.paths import ROOT
from tests.store_helpers import KEY, LOGIN, NOW, PROD, READING, opened

pytest_plugins = ["tests.databases"]

SCRIPTS = sorted((ROOT / "migrations" / "versions").glob("[0-9]*.py"))
NEWEST = SCRIPTS[-1].name.partition("_")[0]
"""Read from the scripts: another one is no reason to change a test."""


@pytest.mark.parametrize(
    ("before", "script"), [(None, SCRIPTS[0]), *pairwise(SCRIPTS)], ids=lambda path: path and path.stem
)
def test_each_script_follows_the_one_before_it(before: Path | None, script: Path) -> None:
    lines = script.read_text(encoding="utf-8").splitlines()
    older = f'"{before.name[:4]}"' if before else "None"

    assert f'revision = "{script.name[:4]}"' in lines
    assert f"down_revision = {older}" in lines


def test_from_empty_they_make_exactly_the_tables(database_url: str) -> None:
    opened(database_url).close()
    database = Database(database_url)

    with database.inspecting() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        foreign_keys = inspect(connection).get_foreign_keys("org_credentials")

    database.close()
    assert [key["options"] for key in foreign_keys] == [{"onupdate": "CASCADE", "ondelete": "CASCADE"}]


def test_downgrading_leaves_nothing_and_upgrading_again_works(database_url: str) -> None:
    store = opened(database_url)
    store.add_org(PROD, LOGIN)
    database = Database(database_url)

    with database.migrating() as connection:
        command.downgrade(Config(toml_file=ROOT / "pyproject.toml", attributes={"connection": connection}), "base")
    with database.inspecting() as connection:
        left = inspect(connection).get_table_names()

    assert left == ["alembic_version"]
    assert store.migrate() == (None, NEWEST)
    assert store.orgs("T1") == []
    database.close()
    store.close()


def test_migrating_twice_is_migrating_once(database_url: str) -> None:
    store = SqlStore(database_url, Vault([KEY]))

    assert store.migrations() == (None, NEWEST)
    assert store.migrate() == (None, NEWEST)
    assert store.migrate() == (NEWEST, NEWEST)
    assert store.migrations() == (NEWEST, NEWEST)
    store.close()


def test_a_start_migrates_sqlite_by_itself(sqlite_url: str) -> None:
    store = SqlStore(sqlite_url, Vault([KEY]))

    store.prepare()

    assert store.orgs("T1") == []
    store.close()


APART = """
import sys
from bot.adapters.store import SqlStore
from bot.adapters.vault import Vault
store = SqlStore(sys.argv[1], Vault([sys.argv[2]]))
store.prepare(apart=True)
print(store.migrations()[0], "alembic" in sys.modules)
store.close()
"""


def test_a_bot_that_stays_loads_nothing_of_what_migrates(sqlite_url: str, tmp_path: Path) -> None:
    """In a folder whose files have the names of Python's own modules, which must not matter."""
    (tmp_path / "logging.py").write_text("raise ImportError")
    arguments = [sys.executable, "-P", "-W", "error", "-c", APART, sqlite_url, KEY]

    done = started(arguments, tmp_path).communicate(timeout=60)

    assert done == (f"{NEWEST} False\n", "")


def test_in_memory_it_migrates_by_itself_all_the_same() -> None:
    store = SqlStore("sqlite://", Vault([KEY]))

    store.prepare(apart=True)

    assert store.migrations() == (NEWEST, NEWEST)
    store.close()


def test_a_migration_that_ends_without_a_word_is_no_start(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "_ALONE", "raise SystemExit('killed')")
    store = SqlStore(sqlite_url, Vault([KEY]))

    with pytest.raises(RuntimeError, match=r"ended with 1\.\nkilled"):
        store.prepare(apart=True)
    store.close()


def test_a_migration_that_is_killed_is_told_and_the_next_start_goes_on(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the middle: tables are made by then, and nothing is committed."""
    dying = migrations._ALONE.replace(  # noqa: SLF001 - what another process runs
        "sys.exit(",
        "import os, signal\nfrom sqlalchemy import event\nfrom sqlalchemy.engine import Engine\n"
        "event.listen(Engine, 'commit', lambda connection: os.kill(os.getpid(), signal.SIGKILL))\nsys.exit(",
    )
    store = SqlStore(sqlite_url, Vault([KEY]))
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "_ALONE", dying)
        with pytest.raises(OperatorError, match=r"was not migrated: .* ended from outside \(Killed\)\. .* start again"):
            store.prepare(apart=True)
    assert store.migrations() == (None, NEWEST)

    store.prepare(apart=True)

    assert store.migrations() == (NEWEST, NEWEST)
    store.close()


def test_a_start_on_postgresql_names_the_command_instead(postgresql: Callable[[], str]) -> None:
    store = SqlStore(postgresql(), Vault([KEY]))

    with pytest.raises(OperatorError, match=r"is not at the newest migration\. Run python app\.py migrate$"):
        store.prepare()

    assert store.migrations() == (None, NEWEST)
    store.migrate()
    store.prepare()
    store.close()


def test_a_database_of_a_newer_version_is_left_alone(database_url: str) -> None:
    store = opened(database_url)
    store.add_org(PROD, LOGIN)
    database = Database(database_url)
    with database.migrating() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0099'")

    for start in (store.prepare, partial(store.prepare, apart=True), store.migrate):
        with pytest.raises(OperatorError, match=r"was written by a newer version .*\(migration 0099\)\. Upgrade"):
            start()

    assert store.migrations() == ("0099", NEWEST)
    assert store.orgs("T1") == [PROD]
    database.close()
    store.close()


def test_a_migration_that_fails_leaves_the_database_as_it_was(database_url: str) -> None:
    database = Database(database_url)
    with database.migrating() as connection:
        connection.exec_driver_sql("CREATE TABLE reminders (mine TEXT)")
    store = SqlStore(database_url, Vault([KEY]))

    starts: list[Callable[[], object]] = [
        store.migrate,
        *([partial(store.prepare, apart=True)] if database.is_sqlite else []),
    ]
    for start in starts:
        with pytest.raises(OperatorError, match="failed with"):
            start()

    with database.inspecting() as connection:
        assert inspect(connection).get_table_names() == ["reminders"]
    database.close()
    store.close()


AT_0002 = [
    ("T1", "C1", "1", "1", "1.5", "app-must-be-installed"),
    ("T1", "C1", "1/org", "1", "1.5", "app-must-be-installed#org:Acme: UAT #2"),
    ("T1", "C1", "2", "2", "2.5", "app-must-be-installed#pointer:"),
    ("T1", "C1", "3", "1", "3.5", "app-must-be-installed#org:prod"),
    ("T1", "C1", "4", "4", "4.5", "blocked#outdated:"),
    ("T1", "D1", "5", None, "5.5", "#nothing:"),
    ("T1", "D1", "6", None, "6.5", "blocked#nothing:"),
    ("T1", "D1", "7", None, "7.5", "#command:"),
    ("T2", "C1", "1", "1", "1.5", "install"),
]
AT_0003 = [
    ("T1", "C1", "1", "1", "1.5", "app-must-be-installed", "full", ""),
    ("T1", "C1", "1/org", "1", "1.5", "app-must-be-installed", "org", "Acme: UAT #2"),
    ("T1", "C1", "2", "2", "2.5", "app-must-be-installed", "pointer", ""),
    ("T1", "C1", "3", "1", "3.5", "app-must-be-installed", "org", "prod"),
    ("T1", "C1", "4", "4", "4.5", "blocked", "outdated", ""),
    ("T1", "D1", "5", None, "5.5", "", "nothing", ""),
    ("T1", "D1", "6", None, "6.5", "blocked", "nothing", ""),
    ("T1", "D1", "7", None, "7.5", "", "command", ""),
    ("T2", "C1", "1", "1", "1.5", "install", "full", ""),
]


def moved(database: Database, to: str) -> None:
    direction = command.upgrade if to > "0002" else command.downgrade
    with database.migrating() as connection:
        direction(Config(toml_file=ROOT / "pyproject.toml", attributes={"connection": connection}), to)


def answers_in(database: Database, *more: str) -> list[tuple[Any, ...]]:
    """Every answer with its instant, which no migration may touch, taken off."""
    columns = ", ".join(["workspace, channel, to_ts, thread, ts, entry", *more, "at"])
    with database.inspecting() as connection:
        query = f"SELECT {columns} FROM answers ORDER BY workspace, channel, to_ts"  # noqa: S608 - our own words
        rows = [tuple(row) for row in connection.exec_driver_sql(query)]
    assert {str(row[-1])[:19] for row in rows} == {"2026-11-23 08:00:00"}
    return [row[:-1] for row in rows]


@pytest.fixture
def answers_at_0002(database_url: str) -> Iterator[Database]:
    """A database at migration 0002 that holds an answer of every kind."""
    opened(database_url).close()
    database = Database(database_url)
    moved(database, "0002")
    table = sa.table("answers", *map(sa.column, "workspace channel to_ts thread ts entry at".split()))
    at = "2026-11-23 08:00:00.000000" if database.is_sqlite else NOW.replace(microsecond=0)
    with database.migrating() as connection:
        for row in AT_0002:
            connection.execute(sa.insert(table).values(**dict(zip(table.c.keys(), row, strict=False)), at=at))
    yield database
    database.close()


def test_what_an_answer_said_is_taken_apart_and_put_together_again(answers_at_0002: Database) -> None:
    moved(answers_at_0002, "0003")
    assert answers_in(answers_at_0002, "kind", "detail") == AT_0003

    moved(answers_at_0002, "0002")
    assert answers_in(answers_at_0002) == AT_0002


@pytest.mark.usefixtures("answers_at_0002")
def test_answers_of_every_kind_are_read_after_the_migration(database_url: str) -> None:
    store = opened(database_url)

    around = store.around("T1", "C1", ts="3", thread="1", since=NOW - timedelta(hours=1))

    assert [(each.to_ts, each.kind, each.detail) for each in sorted(around.answers, key=lambda each: each.to_ts)] == [
        ("1", AnswerKind.FULL, ""),
        ("1/org", AnswerKind.FOR_ORG, "Acme: UAT #2"),
        ("3", AnswerKind.FOR_ORG, "prod"),
    ]
    assert {each.at for each in around.answers} == {NOW.replace(microsecond=0)}
    store.close()


def test_on_the_way_back_an_answers_org_gets_its_own_row_where_it_has_none(
    answers_at_0002: Database, database_url: str
) -> None:
    moved(answers_at_0002, "0003")
    store = opened(database_url)
    at = NOW.replace(microsecond=0)
    store.remember_answer(PostedAnswer("T1", "C1", "1", "1", "1.5", "blocked", at, detail="elsewhere"))
    store.remember_answer(PostedAnswer("T1", "C1", "8", "8", "8.5", "blocked", at, detail="prod"))
    store.close()

    moved(answers_at_0002, "0002")

    changed = [("T1", "C1", "1", "1", "1.5", "blocked"), *AT_0002[1:5]]
    added = [("T1", "C1", "8", "8", "8.5", "blocked"), ("T1", "C1", "8/org", "8", "8.5", "blocked#org:prod")]
    assert answers_in(answers_at_0002) == [*changed, *added, *AT_0002[5:]]


def test_orgs_with_their_facts_and_logins_pass_migration_0004_both_ways(database_url: str) -> None:
    store = opened(database_url)
    store.add_org(PROD, LOGIN)
    store.save_facts(PROD, READING)
    (kept,) = store.kept_orgs("T1")
    store.save_readings("T1", {"Prod": Failure(NOW + timedelta(hours=1), "No answer came.")})
    (failed,) = store.kept_orgs("T1")
    assert failed == replace(kept, org=replace(kept.org, failure=Failure(NOW + timedelta(hours=1), "No answer came.")))
    database = Database(database_url)
    store.close()

    with database.migrating() as connection:
        command.downgrade(Config(toml_file=ROOT / "pyproject.toml", attributes={"connection": connection}), "0003")
    with database.inspecting() as connection:
        assert not {"failure", "attempted_at"} & {each["name"] for each in inspect(connection).get_columns("orgs")}
    moved(database, "head")

    store = opened(database_url)
    assert store.kept_orgs("T1") == [kept]
    database.close()
    store.close()


STARTER = """
import sys
from bot.adapters.store import SqlStore
from bot.adapters.vault import Vault
store = SqlStore(sys.argv[1], Vault([sys.argv[2]]))
print("ready", flush=True)
sys.stdin.readline()
before, _ = store.migrate()
print(before)
store.close()
"""


def started(arguments: list[str], folder: Path) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    environment = {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(arguments, cwd=folder, env=environment, text=True, stdin=pipe, stdout=pipe, stderr=pipe)


def piped(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


def test_of_processes_that_start_at_once_one_migrates_and_all_go_on(database_url: str, tmp_path: Path) -> None:
    """They run in another folder too, which must not matter."""
    arguments = [sys.executable, "-W", "error", "-c", STARTER, database_url, KEY]
    starts = [started(arguments, tmp_path) for _ in range(4)]
    for start in starts:
        assert piped(start.stdout).readline() == "ready\n"
    for start in starts:
        piped(start.stdin).write("go\n")
        piped(start.stdin).flush()

    results = [start.communicate(timeout=60) for start in starts]

    assert [err for _, err in results if err] == []
    assert sorted(out.strip() for out, _ in results) == [NEWEST] * 3 + ["None"]
