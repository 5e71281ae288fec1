"""Where encryption keys come from: the settings, or a file beside the SQLite database."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.adapters.settings import Settings, load
from bot.adapters.store.errors import NOT_A_DATABASE, fault
from bot.adapters.vault import add_key, key_file, make_key
from bot.domain.errors import OperatorError
from bot.domain.program import to_type
from bot.entrypoints.cli.parts import FreshKey

_BEGINS = b"SQLite format 3\0"
_THEN = f"restart the bot, then run: {to_type('rotate-keys')}"


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite database, made or not; None where it is another database, or in memory."""
    parts = make_url(url)
    path = str(parts.database or "").removeprefix("file:")
    return None if parts.get_backend_name() != "sqlite" or path in ("", ":memory:") else Path(path)


def sqlite_only(settings: Settings | None, instead: str) -> None:
    """Raise OperatorError on PostgreSQL, whose own tool does it ``instead``, and before anything is said of keys."""
    if (settings or load(without_keys=True)).on_postgresql:
        raise OperatorError(f"On PostgreSQL its own tool {instead}")


def is_made(url: str) -> bool:
    """Whether there is a SQLite file with anything in it. Raises OperatorError where nobody can tell, and for a folder
    or a device in its place: what its key file is, or whether one is missing, is not the question then."""
    path = sqlite_file(url)
    found = None if path is None else _at(path)
    if found is not None and not stat.S_ISREG(found.st_mode):
        what = "a folder" if stat.S_ISDIR(found.st_mode) else "no file that a database can be in"
        raise OperatorError(f"{path} is {what}. Name another in FLOSUM_DATABASE_URL.")
    return found is not None and found.st_size > 0


def _at(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:  # such as a name that is too long
        raise OperatorError(f"The file {path} cannot be looked at: {error.strerror}.") from None


def beside(url: str) -> Path:
    """Where the key file of a SQLite database lies. Raises OperatorError when the database has no file."""
    path = sqlite_file(url)
    if path is None:
        raise OperatorError(
            "FLOSUM_SECRET_KEYS is missing; a database without a file has no place for a key file. "
            "Name a file in FLOSUM_DATABASE_URL, with four slashes before its path."
        )
    return path.with_suffix(".key")


def kept_keys(url: str) -> tuple[str, ...]:
    """The keys in the file beside a SQLite database, which the first start makes together with it.

    Raises OperatorError where a database is there and its keys are not: with a new one no login in it could be opened,
    and nobody would know until the first org is asked.
    """
    path = beside(url)
    if _at(path) is None and is_made(url):
        _refuse_other_files(url)
        raise OperatorError(
            f"The key file {path} is missing, and its database is there: no other key opens the logins in it. "
            "Put the key file back, or set FLOSUM_SECRET_KEYS. To begin with a new key, and connect each org again: "
            + to_type("rotate-keys", "--new-key")
        )
    return key_file(path)


def _refuse_other_files(url: str) -> None:
    """Raise OperatorError where the file is another program's: no key was ever missing then."""
    path = sqlite_file(url)
    assert path is not None  # noqa: S101 - it has a place for a key file; mypy cannot see it
    try:
        with path.open("rb") as file:
            begins = file.read(len(_BEGINS))
    except OSError as error:
        raise OperatorError(f"The file {path} cannot be read: {error.strerror}.") from None
    if begins != _BEGINS:
        raise fault(f"The database file {path}", NOT_A_DATABASE)


def new_key(settings: Settings | None) -> FreshKey:
    """Make a key; where there is a key file, put it in front there. Works before FLOSUM_SECRET_KEYS is set, too."""
    settings = settings or load(without_keys=True)
    if settings.secret_keys:
        return FreshKey(f"That is the new key: put it before the others in FLOSUM_SECRET_KEYS, {_THEN}", make_key())
    if settings.on_postgresql:
        return FreshKey("That is the first key: set it as FLOSUM_SECRET_KEYS, and keep a copy apart.", make_key())
    path = beside(settings.database_url)
    add_key(path)
    return FreshKey(f"A new key stands first in {path} now. Next: {_THEN}")
