"""The one place where what a database says becomes a sentence for the operator."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.domain.errors import OperatorError
from bot.domain.patterns import late
from bot.domain.program import to_type

LOCKED = "is locked by another program. Close that one, or try again in a moment."
READ_ONLY = "is read-only. Give the bot's user the right to write to it and to its folder."
STANDBY = "is read-only: it is a standby, or set so. Let FLOSUM_DATABASE_URL name the primary, or lift that setting."
FULL = "has no room left on its disk. Make room and try again."
NOT_A_DATABASE = "is not a database. Move it away, or let FLOSUM_DATABASE_URL name another one."
DISK = "cannot be read or written, because its disk is read-only or fails. Check the disk."
DAMAGED = "is damaged. Restore it from a backup."
UNREACHABLE = "cannot be reached, or refuses the login. Check FLOSUM_DATABASE_URL, and that the database runs."
UNOPENED = "cannot be opened. Check FLOSUM_DATABASE_URL, and that the folder exists and may be written to."
MOVED = (
    "is not where it was when the bot started: it was moved, deleted or replaced, and what is written would be lost. "
    "Put that very file back, or stop the bot, put a copy there with restore, and start it."
)
NO_LOGIN = "refuses the login. Check the user and the password in FLOSUM_DATABASE_URL, and who the server lets in."
NO_SUCH = "is not there on that server. Create it, or let FLOSUM_DATABASE_URL name another one."
NO_HOST = "cannot be reached: its server's name leads to no address. Check FLOSUM_DATABASE_URL, and the DNS."
NOT_LISTENING = "cannot be reached: nothing listens there. Check FLOSUM_DATABASE_URL, and that the database runs."
NO_ANSWER = "cannot be reached: there is no answer in time. Check FLOSUM_DATABASE_URL, the network and its firewall."
TLS = "cannot be reached by TLS as FLOSUM_DATABASE_URL wants it. Check sslmode and sslrootcert there, and the server's."
CROWDED = "has no connection left. End what holds them, or allow more there or in PgBouncer."
NO_OPTION = "knows no such option, or no such value of one. Check what stands behind the ? in FLOSUM_DATABASE_URL."
BUSY = "did not answer in time. Try again in a moment."
FORBIDDEN = "does not let this user read or write its tables. Grant the user the rights on them."
NOT_MIGRATED = f"lacks a table that this version needs. Run {to_type('migrate')}"
UNFIT = "does not take a value of that kind."

# The first part of SQLite's own name of the error, longest first where one begins another.
_SQLITE = {
    "SQLITE_BUSY": LOCKED,
    "SQLITE_LOCKED": LOCKED,
    "SQLITE_READONLY": READ_ONLY,
    "SQLITE_PERM": READ_ONLY,
    "SQLITE_FULL": FULL,
    "SQLITE_NOTADB": NOT_A_DATABASE,
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_IOERR": DISK,
    "SQLITE_IOERR_SHMSIZE": FULL,
    "SQLITE_CANTOPEN": UNOPENED,
    "SQLITE_AUTH": UNOPENED,
}

# PostgreSQL's codes, whole or by class: https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRESQL = {
    "55P03": LOCKED,
    "40": LOCKED,
    "25006": STANDBY,
    "53100": FULL,
    "57014": BUSY,
    "57": UNREACHABLE,
    "42501": FORBIDDEN,
    "42P01": NOT_MIGRATED,
    "22": UNFIT,
    "XX": DAMAGED,
}


_CONNECTING = (
    (late(r"password authentication|authentication failed|role .* does not exist|no pg_hba"), NO_LOGIN),
    (late(r"database .* does not exist"), NO_SUCH),
    (
        late(r"name or service not known|could not translate host|failed to resolve|nodename nor|no address"),
        NO_HOST,
    ),
    (late(r"too many (?:clients|connections)|connection slots|no more connections"), CROWDED),
    (late(r"invalid (?:\w+ value|.*option|integer)|bad value for"), NO_OPTION),
    (late(r"ssl error|ssl was required|support ssl|certificate"), TLS),
    (late(r"refused|no such file or directory"), NOT_LISTENING),
    (late(r"timeout|timed out|unreachable|no route"), NO_ANSWER),
)
"""What stands in psycopg's words, in small letters, where no session came about: it gives no code for that. A server
in another language is said to be unreachable."""


_NO_TEXT = "Could not decode to UTF-8"
"""What Python says of a text in an SQLite file that is none any more; it gives no name for that."""


class DatabaseFault(OperatorError):
    """What is wrong with the database, and what helps, as one text and apart."""

    def __init__(self, fault: str, fix: str) -> None:
        super().__init__(f"{fault} {fix}".strip())
        self.fault = fault
        self.fix = fix


class Unreadable(DatabaseFault, ValueError):
    """What is kept is none of its kind: it is damaged, or a newer version's. It is a ``ValueError`` for who passes
    over a row of another version.
    """

    def __init__(self, what: str) -> None:
        super().__init__(
            f"The database holds {what} that this version cannot read.",
            f"Restore a backup, or start the version that wrote it. Where it stands: {to_type('doctor')}",
        )


def fault(database: str, sentences: str) -> DatabaseFault:
    """That of the database so ``called``: one sentence of what is wrong, the rest of what helps."""
    wrong, stop, fix = sentences.partition(". ")
    return DatabaseFault(f"{database} {wrong}{stop.strip()}", fix)


@contextmanager
def translated(database: str) -> Iterator[None]:
    """Raise OperatorError about ``database`` (see ``called``) for whatever its driver raises inside.

    What SQLAlchemy itself complains of is a mistake of ours and goes on as it is.
    """
    try:
        yield
    except PoolTimeout as error:
        raise fault(database, BUSY) from error
    except (DBAPIError, sqlite3.Error) as error:
        raise fault(database, _sentence(error)) from error
    except UnicodeDecodeError as error:  # SQLite's own words about a damaged file, with what is in it
        raise fault(database, DAMAGED) from error


def called(url: URL) -> str:
    """How the sentences name the database: its file or its place, never the user, password or options."""
    if url.get_backend_name() == "sqlite":
        return f"The database file {url.database}" if url.database else "The database in memory"
    place = f"{url.host or 'this machine'}:{url.port or 5432}"
    return f"The database {url.database} at {place}" if url.database else f"The database at {place}"


def _sentence(error: DBAPIError | sqlite3.Error) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    name = str(getattr(cause, "sqlite_errorname", "") or "")
    state = str(getattr(cause, "sqlstate", "") or "")
    if name == "SQLITE_ERROR" and str(cause).startswith("no such"):
        return NOT_MIGRATED
    if isinstance(cause, sqlite3.OperationalError) and str(cause).startswith(_NO_TEXT):
        return DAMAGED
    if name:
        return _by_prefix(_SQLITE, name)
    if state:
        return _by_prefix(_POSTGRESQL, state)
    # psycopg gives no code where no session came about, or where it refused the value on this side.
    if isinstance(error, OperationalError | InterfaceError | ProgrammingError):
        said = str(cause).lower()
        return next((sentence for signs, sentence in _CONNECTING if signs.search(said)), UNREACHABLE)
    return UNFIT if isinstance(error, DataError) else f"failed with {type(cause).__name__}. The log says where."


def _by_prefix(sentences: dict[str, str], code: str) -> str:
    fitting = [prefix for prefix in sentences if code.startswith(prefix)]
    if fitting:
        return sentences[max(fitting, key=len)]
    return f"failed with {code}. The log says where."
