"""What ``/readyz`` of the whole bot tells the operator, and that it is ready again without a restart."""

from __future__ import annotations

import json
import socket
import sqlite3
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import create_engine, event, text
from sqlalchemy.pool import NullPool, Pool

from bot.domain.errors import OperatorError
from bot.sandbox.slack.faults import FaultKind, WebApiFault
from bot.sandbox.slack.workspace import Workspace
from bot.wiring.app import Bot
from bot.wiring.command_line import CommandLineParts
from bot.wiring.manifest import bot_events, bot_scopes
from bot.wiring.parts import utc_now
from tests.databases import NewDatabase
from tests.entrypoints.test_silent_line import Relay, until
from tests.pooler import pooled
from tests.settings_of import settings_of
from tests.shared_bot import SharedBot
from tests.store_helpers import opened

pytest_plugins = ["tests.databases", "tests.shared_bot"]


@contextmanager
def started(url: str) -> Iterator[tuple[Workspace, Bot]]:
    with Workspace(events=bot_events(), scopes=bot_scopes()) as workspace:
        settings = settings_of(workspace, url, flosum_metrics_address="127.0.0.1:0")
        with CommandLineParts(settings=settings).bot() as bot:
            bot.start()
            yield workspace, bot


def readiness(bot: Bot, address: str | None = None) -> dict[str, str]:
    """What the operator reads, or what is read at another address."""
    try:
        with urllib.request.urlopen(f"{address or bot.metrics_address}/readyz", timeout=10) as answer:
            code, told = answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            code, told = refused.code, json.load(refused)
    assert code == (200 if set(told.values()) <= {"ok", "ready"} else 503)
    return dict(told)


def until_told(bot: Bot, check: str, words: str) -> None:
    until(lambda: words in readiness(bot)[check], 30)


def test_all_that_is_looked_at_is_named(sqlite_url: str) -> None:
    with started(sqlite_url) as (_, bot):
        assert readiness(bot) == {"database": "ok", "writes": "ok", "token": "ok"}
        assert readiness(bot, bot.address) == {"status": "ready"}


def test_a_token_that_is_revoked_is_told(sqlite_url: str) -> None:
    with started(sqlite_url) as (workspace, bot):
        workspace.fail("auth.test", WebApiFault(FaultKind.REFUSE, error="token_revoked"), times=99)

        until_told(bot, "token", "SLACK_BOT_TOKEN is not accepted any more. Slack refused (token_revoked).")
        assert readiness(bot, bot.address) == {"status": "not ready"}


@contextmanager
def limited_file() -> Iterator[threading.Event]:
    """While the event is set, a SQLite file cannot grow: what a full disk does to it."""
    is_full = threading.Event()

    def limit(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {1 if is_full.is_set() else 1_000_000}")  # 1: as it is now

    event.listen(Pool, "checkout", limit)
    try:
        yield is_full
    finally:
        event.remove(Pool, "checkout", limit)


def fill_up(bot: Bot) -> None:
    """Write until there is no room left in the file either."""
    for number in range(2000):
        bot.store.claim_message("T1", f"C{number}", "x" * 500, utc_now())


def test_a_full_disk_is_told_until_there_is_room(sqlite_url: str) -> None:
    with limited_file() as is_full, started(sqlite_url) as (_, bot):
        assert readiness(bot)["writes"] == "ok"
        is_full.set()
        with pytest.raises(OperatorError, match="no room left"):
            fill_up(bot)

        until_told(bot, "writes", "has no room left on its disk. Make room and try again.")
        assert readiness(bot)["database"] == "ok"

        is_full.clear()
        until_told(bot, "writes", "ok")


def test_a_file_that_was_replaced_is_told_and_nothing_is_acknowledged(sqlite_url: str) -> None:
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    with started(sqlite_url) as (workspace, bot):
        assert readiness(bot)["writes"] == "ok"
        away = path.rename(path.with_name("away.db"))

        until_told(bot, "writes", "is not where it was when the bot started")
        said = workspace.person("ada").say("OAUTH_APP_BLOCKED: this app is blocked by admin", "#salesforce")
        assert not said.acked
        away.rename(path)
        until_told(bot, "writes", "ok")


@pytest.fixture
def url(database_url: str) -> str:
    opened(database_url).close()
    return database_url


def test_a_foreign_migration_is_told_and_its_undoing_is_seen(url: str) -> None:
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)
    with started(url) as (_, bot), engine.connect() as other:
        assert readiness(bot)["database"] == "ok"
        (newest,) = other.exec_driver_sql("SELECT version_num FROM alembic_version").one()
        for version, told in (
            ("beef", "newer version of the assistant (migration beef). Upgrade"),
            ("0001", "Run python"),
        ):
            other.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
            other.commit()
            until_told(bot, "database", told)
        other.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": newest})
        other.commit()

        until_told(bot, "database", "ok")


def test_a_server_that_became_a_standby_is_told_until_it_is_the_primary_again(
    postgresql: NewDatabase, migrated_database: str
) -> None:
    url = postgresql(migrated_database)
    with started(url) as (_, bot), psycopg.connect(url, autocommit=True) as other:
        other.execute("SET default_transaction_read_only = off")

        def become(read_only: str) -> None:
            name = sql.Identifier(other.info.dbname)
            other.execute(sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = {}").format(name, read_only))
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid()"
            )

        become("on")
        until_told(bot, "writes", "is read-only: it is a standby, or set so. Let FLOSUM_DATABASE_URL name the primary")
        assert readiness(bot)["database"] == "ok"

        become("off")
        until_told(bot, "writes", "ok")


def test_a_database_that_hangs_is_told_at_once_and_used_again_when_it_answers(
    postgresql: NewDatabase, migrated_database: str
) -> None:
    with pooled(postgresql(migrated_database), sessions=20) as behind, ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        relay = Relay(urlsplit(behind).port or 0)
        relay.passes.set()
        threading.Thread(target=relay.serve, args=(listener,), daemon=True).start()
        url = behind.replace(f":{relay.target}/", f":{listener.getsockname()[1]}/")
        _, bot = stack.enter_context(started(url))
        assert readiness(bot)["database"] == "ok"

        relay.passes.clear()
        until_told(bot, "database", "There has been no answer for ")
        begun = time.monotonic()
        with ThreadPoolExecutor(64) as pool:
            told = list(pool.map(lambda _: readiness(bot)["database"], range(64)))
        assert set(told) & {"ok"} == set()
        assert time.monotonic() - begun < 5
        with urllib.request.urlopen(f"{bot.address}/healthz", timeout=2) as answer:
            assert answer.status == 200

        relay.passes.set()
        until_told(bot, "database", "ok")
        assert bot.store.orgs("T1") == []


def test_of_many_workspaces_no_token_is_told(shared_bot: SharedBot) -> None:
    assert set(readiness(shared_bot.bot)) == {"database", "writes"}
