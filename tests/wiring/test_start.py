"""What a start loads, and what it leaves until somebody needs it."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.script import ScriptDirectory

from bot import shipped
from bot.adapters.settings import given
from bot.adapters.store import migrations
from bot.wiring.deferred import Deferred
from bot.wiring.parts import BotParts
from tests.paths import ROOT
from tests.store_helpers import KEY, LOGIN, PROD

LATER = (
    "alembic",
    "apscheduler",
    "authlib",
    "cryptography",
    "pygments",
    "rich",
    "simple_salesforce",
    "sqlalchemy.dialects.postgresql",
    "tomllib",
    "typer",
    "websocket",
    "yaml",
    "zeep",
)
"""Slow to load, and not needed to listen on a SQLite database that is migrated."""

LOAD = """
import sys
from bot.entrypoints.cli import main
from bot.wiring import command_line
with command_line._without("rich"):
    from bot.adapters import logs
from bot.adapters import settings
from bot.wiring import app
print(*sys.modules)
"""


def test_a_start_loads_nothing_that_is_slow_to_load_and_not_needed_yet() -> None:
    loaded = subprocess.run([sys.executable, "-c", LOAD], cwd=ROOT, capture_output=True, text=True, check=True)

    assert {"structlog", "slack_bolt", "sqlalchemy"} <= set(loaded.stdout.split())
    assert set(loaded.stdout.split()).isdisjoint(LATER)


def test_what_reads_orgs_is_loaded_before_the_first_question_where_there_are_any(sqlite_url: str) -> None:
    with BotParts(settings=given(flosum_database_url=sqlite_url, flosum_secret_keys=KEY)).bot() as bot:
        made: list[object] = []
        bot.store.prepare()

        bot.warm_up()
        bot._salesforce.if_made(made.append)  # noqa: SLF001
        assert made == []

        bot.store.add_org(PROD, LOGIN)
        bot.warm_up()
        bot._salesforce.if_made(made.append)  # noqa: SLF001
        assert [type(each).__name__ for each in made] == ["Salesforce"]


def test_migrations_are_told_without_alembic_as_alembic_tells_them() -> None:
    scripts = ScriptDirectory(str(shipped("migrations")))

    assert migrations.newest() == scripts.get_current_head()
    assert migrations._known() == {each.revision: each.down_revision for each in scripts.walk_revisions()}  # noqa: SLF001


class Made:
    """Something that counts how often it was made."""

    count = 0

    def __init__(self) -> None:
        type(self).count += 1
        self.value = 7

    def fail(self) -> None:
        raise LookupError("as it would")


@pytest.fixture
def deferred() -> Deferred[Made]:
    Made.count = 0
    return Deferred(Made)


def test_what_is_deferred_is_made_once_for_all_threads(deferred: Deferred[Made]) -> None:
    together = threading.Barrier(8)

    def use(_: int) -> int:
        together.wait(10)
        return deferred.itself.value

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(use, range(8))) == [7] * 8
    assert Made.count == 1


def test_what_is_loaded_is_made_before_anybody_uses_it(deferred: Deferred[Made]) -> None:
    deferred.load()
    deferred.load()

    assert Made.count == 1


def test_what_is_not_used_is_not_made(deferred: Deferred[Made]) -> None:
    deferred.if_made(lambda made: made.fail())

    assert Made.count == 0


def test_it_fails_as_the_thing_itself_does(deferred: Deferred[Made]) -> None:
    with pytest.raises(LookupError, match="as it would"):
        deferred.itself.fail()
    with pytest.raises(LookupError, match="as it would"):
        deferred.if_made(lambda made: made.fail())
