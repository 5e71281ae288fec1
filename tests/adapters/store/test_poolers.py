"""PostgreSQL behind a pooler that gives each transaction any session."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from bot.adapters.store.database import Database
from tests.databases import NewDatabase
from tests.pooler import pgbouncer, pooled
from tests.store_helpers import LOGIN, NOW, PROD, READING, at_once, opened

pytest_plugins = ["tests.databases"]


@pytest.fixture(params=[pooled, pgbouncer], ids=["ours", "pgbouncer"])
def behind_a_pooler(postgresql: NewDatabase, request: pytest.FixtureRequest) -> Iterator[str]:
    with request.param(postgresql()) as url:
        yield url


def test_a_driver_that_prepares_statements_trips_over_it(postgresql: NewDatabase) -> None:
    """So the others of this file prove something. (PgBouncer follows prepared statements from its version 1.21 on.)"""
    with pooled(postgresql()) as url, psycopg.connect(url, autocommit=True) as connection:

        def many_times() -> None:
            for _ in range(20):
                connection.execute("SELECT %s::int", (1,))

        with pytest.raises(psycopg.Error, match="_pg3_0"):
            many_times()


def test_all_calls_work(behind_a_pooler: str) -> None:
    store = opened(behind_a_pooler)
    store.add_org(PROD, LOGIN)

    def use(number: int) -> bool:
        store.save_facts(PROD, READING)
        with store.refreshing(PROD):
            known = store.credentials(PROD) == LOGIN
        return known and store.claim_message("T1", "C1", str(number), NOW) and store.facts(PROD) == READING

    assert at_once(4, lambda number: all(use(number * 100 + each) for each in range(20))) == [True] * 4
    store.close()


def test_nothing_is_left_on_a_session_and_the_limits_hold_in_every_transaction(behind_a_pooler: str) -> None:
    database = Database(behind_a_pooler)
    for _ in range(12):
        with database.inspecting() as connection:
            assert connection.exec_driver_sql("SHOW statement_timeout").scalar_one() == "15s"
            assert connection.exec_driver_sql("SHOW lock_timeout").scalar_one() == "5s"
    database.close()

    with psycopg.connect(behind_a_pooler, autocommit=True, prepare_threshold=None) as connection:
        for _ in range(6):
            (row,) = connection.execute(
                "SELECT current_setting('statement_timeout'), current_setting('lock_timeout'),"
                " (SELECT count(*) FROM pg_prepared_statements)"
            )
            assert row == ("0", "0", 0)
