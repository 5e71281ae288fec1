"""What a database says when it cannot serve, as the one sentence that the operator reads."""

from __future__ import annotations

import os
import sqlite3
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from bot.adapters.store import SqlStore, errors
from bot.adapters.store.database import Database
from bot.adapters.vault import Vault
from bot.domain.errors import OperatorError
from tests.store_helpers import KEY, LOGIN, NOW, PROD, opened

pytest_plugins = ["tests.databases"]

Use = Callable[[str], SqlStore]


@pytest.fixture
def use() -> Iterator[Use]:
    """Open a store that is closed after the test."""
    stores: list[SqlStore] = []

    def open_it(url: str) -> SqlStore:
        stores.append(SqlStore(url, Vault([KEY])))
        return stores[-1]

    yield open_it
    for store in stores:
        store.close()


def run(database: Database, *statements: str) -> None:
    with database.exclusive() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def test_a_locked_file_is_waited_for_and_then_named(sqlite_url: str, use: Use) -> None:
    opened(sqlite_url).close()
    store = use(f"{sqlite_url}?timeout=0.05")
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(OperatorError, match=r"assistant\.db is locked by another program\."):
        store.add_org(PROD, LOGIN)
    assert store.orgs("T1") == []  # reading goes on

    other.execute("COMMIT")
    other.close()
    store.add_org(PROD, LOGIN)
    assert store.orgs("T1") == [PROD]


def test_a_read_only_file_still_reads(sqlite_url: str, use: Use) -> None:
    filled = opened(sqlite_url)
    filled.add_org(PROD, LOGIN)
    filled.close()
    store = use(f"sqlite:///file:{sqlite_url.removeprefix('sqlite:///')}?mode=ro&uri=true")

    assert store.orgs("T1") == [PROD]
    with pytest.raises(OperatorError, match=r"is read-only\. Give the bot's user the right to write"):
        store.remove_org("T1", "prod")


def test_a_file_that_is_something_else_is_left_as_it_is(tmp_path: Path, use: Use) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Dear diary, this is no database at all. " * 9, encoding="utf-8")

    with pytest.raises(OperatorError, match=r"notes\.txt is not a database\. Move it away"):
        use(f"sqlite:///{path}").prepare()

    assert path.read_text(encoding="utf-8").startswith("Dear diary")


def test_a_full_disk_is_said_and_nothing_is_half_written(sqlite_url: str, use: Use) -> None:
    store = opened(sqlite_url)
    store.close()
    database = Database(sqlite_url)

    with pytest.raises(OperatorError, match="has no room left on its disk"):
        run(database, "PRAGMA max_page_count = 1", "CREATE TABLE big AS SELECT zeroblob(100000) AS hole")

    database.close()
    assert use(sqlite_url).orgs("T1") == []


def test_a_file_cut_in_the_middle_is_said_to_be_damaged(sqlite_url: str, use: Use) -> None:
    store = opened(sqlite_url)
    for number in range(40):
        store.claim_message("T1", f"C{number}", "x" * 500, NOW)
    store.close()
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    path.write_bytes(path.read_bytes()[: 4096 * 3])

    with pytest.raises(OperatorError, match=r"is damaged\. Restore it from a backup"):
        use(sqlite_url).orgs("T1")


@pytest.mark.parametrize(
    ("text", "spoiled"),
    [
        (b"acme.my.salesforce.com", b"acme.my.sales\xff\xfe\xfd.com"),
        (b"CREATE TABLE orgs", b"CREATE \xff\xfe\xfd orgs "),
    ],
    ids=["a value", "what a table is"],
)
def test_a_text_that_is_none_any_more_is_said_to_be_damage(
    sqlite_url: str, use: Use, text: bytes, spoiled: bytes
) -> None:
    store = opened(sqlite_url)
    store.add_org(PROD, LOGIN)
    store.close()
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    whole = path.read_bytes()
    assert text in whole
    path.write_bytes(whole.replace(text, spoiled))

    with pytest.raises(OperatorError, match=r"is damaged\. Restore it from a backup"):
        use(sqlite_url).orgs("T1")


def test_a_connection_that_is_still_used_at_the_end_is_closed_once_it_is_given_back(database_url: str) -> None:
    database = Database(database_url)
    with database.inspecting() as connection:
        driven: Any = connection.connection.dbapi_connection
        database.close()
        assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1

    with pytest.raises((sqlite3.ProgrammingError, psycopg.OperationalError), match="closed"):
        driven.execute("SELECT 1")


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(OperatorError, match=r"assistant\.db cannot be read or made: [\w ]+\.$"):
        SqlStore(f"sqlite:///{tmp_path}/file/assistant.db", Vault([KEY]))


def test_a_file_of_a_database_that_is_not_migrated_says_what_to_run(sqlite_url: str, use: Use) -> None:
    with pytest.raises(OperatorError, match=r"lacks a table.* Run python app\.py migrate$"):
        use(sqlite_url).orgs("T1")


@pytest.mark.skipif(os.name != "posix", reason="permissions are kept elsewhere on this system")
def test_only_its_owner_can_read_the_files(sqlite_url: str, use: Use) -> None:
    store = use(sqlite_url)
    store.migrate()

    folder = Path(sqlite_url.removeprefix("sqlite:///")).parent

    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert len(list(folder.iterdir())) == 3  # the write-ahead log and its index are there too


def test_a_server_that_does_not_answer_is_named_without_the_password(use: Use) -> None:
    store = use("postgresql://bot:planted-password@127.0.0.1:1/flosum")

    with pytest.raises(OperatorError) as raised:
        store.ping()

    assert raised.value.text == (
        "The database flosum at 127.0.0.1:1 cannot be reached: nothing listens there. "
        "Check FLOSUM_DATABASE_URL, and that the database runs."
    )
    assert "planted" not in "".join(traceback.format_exception(raised.value))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "planted",
        "postgresql://planted@:planted:x/",
        "mysql://u:planted@h/d",
        "sqlite+aiosqlite:///planted.db",
    ],
)
def test_an_address_of_no_use_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(OperatorError, match=r"^FLOSUM_DATABASE_URL .*Examples: sqlite:") as raised:
        SqlStore(url, Vault([KEY]))

    assert "planted" not in "".join(traceback.format_exception(raised.value))


def test_the_old_name_of_postgresql_is_understood(use: Use) -> None:
    assert repr(use("postgres://h/d")) == "SqlStore('The database d at h:5432')"


def test_a_user_who_may_not_is_said(postgresql: Callable[[], str], use: Use) -> None:
    url = postgresql()
    opened(url).close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE ROLE guest LOGIN")

    with pytest.raises(OperatorError, match="does not let this user read or write its tables"):
        use(url.replace("postgres:@", "guest:@")).orgs("T1")


def test_a_standby_is_said_to_be_read_only(postgresql: Callable[[], str], use: Use) -> None:
    url = postgresql()
    opened(url).close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {connection.info.dbname} SET default_transaction_read_only = on".encode())

    with pytest.raises(OperatorError, match="is read-only"):
        use(url).add_org(PROD, LOGIN)


def test_a_locked_table_is_waited_for_and_then_said(postgresql: Callable[[], str]) -> None:
    url = postgresql()
    opened(url).close()
    database = Database(url)

    with psycopg.connect(url) as other:
        other.execute("LOCK TABLE orgs")
        with pytest.raises(OperatorError, match="is locked by another"):
            run(database, "SET LOCAL lock_timeout = 50", "SELECT * FROM orgs")

    database.close()


def test_a_query_that_takes_too_long_is_said(postgresql: Callable[[], str]) -> None:
    database = Database(postgresql())

    with pytest.raises(OperatorError, match="did not answer in time"):
        run(database, "SET LOCAL statement_timeout = 50", "SELECT pg_sleep(5)")

    database.close()


def test_a_server_that_restarted_is_used_again_without_a_word(postgresql: Callable[[], str], use: Use) -> None:
    url = postgresql()
    opened(url).close()
    store = use(url)
    store.add_org(PROD, LOGIN)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")

    assert store.orgs("T1") == [PROD]


@pytest.mark.parametrize(
    ("part", "instead", "said"),
    [
        ("postgres:@", "nobody:@", "refuses the login. Check the user"),
        ("/test", "/absent", "is not there on that server. Create it"),
        ("?", "?foo=bar&", "knows no such option"),
        ("?", "?connect_timeout=soon&", "knows no such option"),
        ("?", "?sslmode=bogus&", "knows no such option"),
    ],
)
def test_why_a_server_lets_nobody_in_is_said(
    postgresql: Callable[[], str], use: Use, part: str, instead: str, said: str
) -> None:
    with pytest.raises(OperatorError, match=said) as raised:
        use(postgresql().replace(part, instead, 1)).ping()

    assert "The log says" not in raised.value.text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ('connection failed: FATAL:  password authentication failed for user "bot"', errors.NO_LOGIN),
        ('FATAL:  no pg_hba.conf entry for host "10.0.0.1", user "bot", no encryption', errors.NO_LOGIN),
        ("failed to resolve host 'db': [Errno -2] Name or service not known", errors.NO_HOST),
        ('could not translate host name "db" to address: Temporary failure', errors.NO_HOST),
        ("connection timeout expired", errors.NO_ANSWER),
        ("connection failed: No route to host", errors.NO_ANSWER),
        ("FATAL:  sorry, too many clients already", errors.CROWDED),
        ("FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute", errors.CROWDED),
        ("ERROR:  no more connections allowed (max_client_conn)", errors.CROWDED),
        ("server does not support SSL, but SSL was required", errors.TLS),
        ('root certificate file "/none" does not exist', errors.TLS),
        ("SSL error: certificate verify failed", errors.TLS),
        # of a session that was there, which says nothing of how it was set up
        ("SSL SYSCALL error: EOF detected", errors.UNREACHABLE),
        ("server closed the connection unexpectedly", errors.UNREACHABLE),
        ("FATAL:  Passwort-Authentifizierung fehlgeschlagen", errors.UNREACHABLE),
    ],
)
def test_why_no_session_came_about_is_said_in_one_sentence(words: str, said: str) -> None:
    with pytest.raises(OperatorError) as raised, errors.translated("The database flosum at db:5432"):
        raise OperationalError("connect", None, psycopg.OperationalError(words))

    assert raised.value.text == f"The database flosum at db:5432 {said}"


def test_a_database_without_a_name_is_called_by_its_place() -> None:
    assert errors.called(make_url("postgresql://bot@db")) == "The database at db:5432"


@pytest.mark.parametrize("made", [os.mkfifo, lambda path: path.symlink_to("/dev/null")])
def test_what_is_no_file_is_told_and_not_waited_for(tmp_path: Path, made: Callable[[Path], None]) -> None:
    made(tmp_path / "bot.db")

    with pytest.raises(OperatorError, match=r"bot\.db is no file that a database can be in\."):
        SqlStore(f"sqlite:///{tmp_path}/bot.db", Vault([KEY]))


def _deleted(path: Path) -> None:
    path.unlink()


def _moved(path: Path) -> None:
    path.rename(path.with_name("away.db"))


def _replaced(path: Path) -> None:
    path.with_name("copy.db").write_bytes(path.read_bytes())
    path.with_name("copy.db").replace(path)


def _in_a_moved_folder(path: Path) -> None:
    path.parent.rename(path.parent.with_name("away"))


@pytest.mark.parametrize("done", [_deleted, _moved, _replaced, _in_a_moved_folder])
def test_nothing_is_written_to_a_file_that_is_somewhere_else(
    sqlite_url: str, use: Use, done: Callable[[Path], None]
) -> None:
    """It lives on for whoever has it open, and all that is written since is gone when the process ends."""
    opened(sqlite_url).close()
    store = use(sqlite_url)
    store.add_org(PROD, LOGIN)
    path = Path(sqlite_url.removeprefix("sqlite:///"))

    done(path)

    moved = r"assistant\.db is not where it was when the bot started"
    with pytest.raises(OperatorError, match=moved):
        store.remove_org("T1", "prod")
    with pytest.raises(OperatorError, match=moved):
        store.try_writing(NOW)
    with pytest.raises(OperatorError, match=moved):
        store.claim_message("T1", "C1", "1", NOW)
    assert store.orgs("T1") == [PROD]  # reading goes on


def test_a_file_that_is_back_is_written_to_again(sqlite_url: str, use: Use) -> None:
    opened(sqlite_url).close()
    store = use(sqlite_url)
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    away = path.rename(path.with_name("away.db"))
    with pytest.raises(OperatorError, match="is not where it was"):
        store.add_org(PROD, LOGIN)

    away.rename(path)

    store.add_org(PROD, LOGIN)
    assert store.orgs("T1") == [PROD]


def test_no_connection_makes_a_file_where_one_was(sqlite_url: str, use: Use) -> None:
    opened(sqlite_url).close()
    store = use(sqlite_url)
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    path.unlink()

    with pytest.raises(OperatorError, match="is not where it was"):
        store.ping()

    assert not path.exists()


def test_a_value_that_the_database_cannot_hold_is_said(postgresql: Callable[[], str], use: Use) -> None:
    url = postgresql()
    opened(url).close()

    with pytest.raises(OperatorError, match="does not take a value of that kind"):
        use(url).claim_message("T1", "C\0", "1", NOW)


def test_a_connection_that_never_comes_free_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.adapters.store.database._FREE_SECONDS", 0.05)
    database = Database("sqlite://")

    with database.inspecting(), pytest.raises(OperatorError, match="in memory did not answer in time"):
        database.ping()

    database.close()


def test_what_nobody_foresaw_is_said_by_its_code(sqlite_url: str) -> None:
    database = Database(sqlite_url)

    with pytest.raises(OperatorError, match=r"failed with SQLITE_ERROR\. The log says where\.$"):
        run(database, "SELEKT 1")

    database.close()
