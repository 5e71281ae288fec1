"""Changing the records of a built-in org, and the audit trail that says who did.

A press in Setup and a call of the API do so by the same writer.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count

from bot.sandbox.salesforce.database import OrgRecords, Record, has

_NUMBERS = count(50_001)
"""Of records that are made while the orgs run; those made before them have smaller ones."""


def written(at: datetime) -> str:
    """A time as the REST API writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


class OrgWriter:
    """The records of one org while one person changes them. Others see them as they were until all of it is done."""

    def __init__(self, records: OrgRecords, by: str, at: datetime) -> None:
        self._tables: dict[str, list[Record]] = {name: list(rows) for name, rows in records.tables.items()}
        self._hidden = records.hidden
        self._by = by
        self.at = written(at)

    @property
    def records(self) -> OrgRecords:
        """As they are after the changes."""
        return OrgRecords(self._tables, self._hidden)

    def rows(self, table: str, **values: object) -> list[Record]:
        """Those whose fields have these values."""
        return self.records.rows(table, **values)

    def insert(self, table: str, prefix: str, **values: object) -> str:
        """A new record; its id, which begins with ``prefix``."""
        record = {"Id": f"{prefix}Kd00000{next(_NUMBERS):05}IAO", **values}
        self._tables.setdefault(table, []).append(record)
        return str(record["Id"])

    def update(self, table: str, meant: Callable[[Record], bool], **values: object) -> None:
        """Give the records that are meant these values."""
        rows = self._tables.get(table, [])
        self._tables[table] = [{**row, **values} if meant(row) else row for row in rows]

    def delete(self, table: str, **values: object) -> int:
        """Delete the records whose fields have these values; how many there were."""
        rows = self._tables.get(table, [])
        self._tables[table] = [row for row in rows if not has(row, values)]
        return len(rows) - len(self._tables[table])

    def reveal(self) -> None:
        """Let the connection's user see all there is."""
        self._hidden = frozenset()

    def note(self, action: str, text: str) -> None:
        """A line of the setup audit trail; the newest stands first, also among those of one second."""
        self.insert("SetupAuditTrail", "0Ym", Action=action, Display=text, CreatedDate=self.at, CreatedById=self._by)
        trail = self._tables["SetupAuditTrail"]
        trail.insert(0, trail.pop())
