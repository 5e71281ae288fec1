"""Encryption keys, seen from what they seal: everything under the newest one, and what none of them opens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.adapters.store import records
from bot.adapters.store.base import StorePart
from bot.adapters.store.connections import ticket_context
from bot.adapters.store.installations import installation_context, installation_name
from bot.adapters.store.requests import request_context
from bot.adapters.store.tables import installations, org_credentials, orgs, requests, tickets
from bot.domain.errors import LoginLost


@dataclass(frozen=True, slots=True)
class _Sealed:
    """A sealed row: where it is, what it was sealed for, and whom it is about (empty: nobody would miss it)."""

    table: Any
    where: tuple[Any, ...]
    context: str
    sealed: str
    workspace: str = ""
    about: str = ""


class SqlKeys(StorePart):
    """The way from one key to the next."""

    def reseal(self) -> tuple[int, tuple[str, ...]]:
        """Encrypt every sealed thing anew under the newest key; how many, and what no key opens (as ``unopened``).

        Row by row in short transactions, and never over what somebody changed meanwhile, so the bot may run.
        """
        done = [(thing.about, self._reseal(thing)) for thing in (*self._lasting(), *self._passing())]
        lost = tuple(about for about, opened in done if opened is False and about)
        return sum(opened is True for _, opened in done), lost

    def unopened(self) -> tuple[str, ...]:
        """What none of our keys opens: orgs as workspace/name, sorted, then Slack's installations."""
        return tuple(thing.about for thing in self._lasting() if self._plain(thing, thing.sealed) is None)

    def _reseal(self, thing: _Sealed) -> bool | None:
        """False when no key opens it, None when it is gone."""
        sealed: str | None = thing.sealed
        while sealed is not None:
            plain = self._plain(thing, sealed)
            if plain is None:
                return False
            anew = self._vault.seal(plain, thing.context)
            database = self._database
            with database.writing(thing.workspace) if thing.workspace else database.outside() as rows:
                # Compared with what was read: a token that was refreshed meanwhile stays, and is the next to try.
                if rows.change(thing.table, *thing.where, thing.table.c.sealed == sealed, sealed=anew):
                    return True
                row = rows.row(thing.table, *thing.where)
                sealed = None if row is None else row.sealed
        return None

    def _plain(self, thing: _Sealed, sealed: str) -> str | None:
        try:
            return self._vault.open(sealed, thing.context, name=thing.about)
        except LoginLost:
            return None

    # --- what is sealed --------------------------------------------------------------------------------

    def _lasting(self) -> list[_Sealed]:
        found = (*self._credentials(), *self._installations())
        return sorted(found, key=lambda thing: (not thing.workspace, thing.about))

    def _credentials(self) -> Iterator[_Sealed]:
        names = {(row.workspace, row.key): row.name for row in self._database.everywhere(orgs)}
        for row in self._database.everywhere(org_credentials):
            yield _Sealed(
                org_credentials,
                (org_credentials.c.org_key == row.org_key,),
                records.credentials_context(row.workspace, row.org_key),
                row.sealed,
                row.workspace,
                f"{row.workspace}/{names.get((row.workspace, row.org_key), row.org_key)}",
            )

    def _installations(self) -> Iterator[_Sealed]:
        table = installations
        for row in self._database.everywhere(table):
            ids = (row.enterprise, row.team)
            where = (table.c.enterprise == row.enterprise, table.c.team == row.team)
            yield _Sealed(table, where, installation_context(*ids), row.sealed, about=installation_name(*ids))

    def _passing(self) -> Iterator[_Sealed]:
        """Tickets and requests: they end within minutes, so one that no key opens needs nobody's help."""
        for row in self._database.everywhere(tickets):
            context = ticket_context(row.kind, row.digest)
            yield _Sealed(tickets, (tickets.c.digest == row.digest,), context, row.sealed)
        for row in self._database.everywhere(requests, ~requests.c.done):
            where = (requests.c.key == row.key,)
            yield _Sealed(requests, where, request_context(row.key), row.sealed, row.workspace)
