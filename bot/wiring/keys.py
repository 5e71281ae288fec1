"""Where encryption keys come from: the settings, or a file beside the SQLite database."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import make_url

from bot.adapters.settings import Settings, load
from bot.adapters.vault import add_key, make_key
from bot.domain.errors import OperatorError
from bot.domain.program import to_type
from bot.entrypoints.cli.parts import FreshKey

_THEN = f"restart the bot, then run: {to_type('rotate-keys')}"


def beside(url: str) -> Path:
    """Where the key file of a SQLite database lies. Raises OperatorError when the database has no file."""
    path = make_url(url).database
    if not path or path == ":memory:":
        raise OperatorError("FLOSUM_SECRET_KEYS is missing; a database without a file has no place for a key file.")
    return Path(path).with_suffix(".key")


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
