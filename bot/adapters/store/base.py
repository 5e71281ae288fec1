"""What every part of the store works with."""

from __future__ import annotations

from typing import Protocol

from bot.adapters.store.database import Database
from bot.adapters.store.locks import Locks


class Sealer(Protocol):
    """What keeps a secret in a row: ``bot.adapters.vault.Vault``."""

    def load(self) -> None:
        """Load what the first to seal something would wait for."""
        ...

    def seal(self, text: str, context: str) -> str:
        """Encrypt ``text`` for the row that ``context`` names."""
        ...

    def open(self, token: str, context: str, *, name: str) -> str:
        """Decrypt it. Raises LoginLost about ``name`` when that cannot be done."""
        ...


class StorePart:
    """One part of the store: the database that all parts share, and what seals secrets in it."""

    def __init__(self, database: Database, vault: Sealer) -> None:
        self._database = database
        self._vault = vault
        self._locks = Locks(database)
