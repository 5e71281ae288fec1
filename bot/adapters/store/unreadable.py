"""Where a database holds what this version cannot read: for the operator, whom one such value may cost much."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, select

from bot.adapters.store.database import Database
from bot.adapters.store.errors import Unreadable
from bot.adapters.store.tables import (
    Checked,
    answers,
    digest_slots,
    metadata,
    notices,
    org_writes,
    orgs,
    subscriptions,
)
from bot.domain.digest.notices import NoticeStatus
from bot.domain.digest.subscription import Kind, Rhythm, SlotStatus, WhenNothing
from bot.domain.model import AnswerKind, Login
from bot.domain.orgs.org_writes import WriteKind, WriteStatus

_WORDS: dict[Column[Any], type[StrEnum]] = {
    orgs.c.login: Login,
    answers.c.kind: AnswerKind,
    notices.c.status: NoticeStatus,
    org_writes.c.kind: WriteKind,
    org_writes.c.status: WriteStatus,
    subscriptions.c.kind: Kind,
    subscriptions.c.rhythm: Rhythm,
    subscriptions.c.when_nothing: WhenNothing,
    digest_slots.c.status: SlotStatus,
}


def unreadable(database: Database) -> Iterator[str]:
    """The columns with such a value, ``orgs.added_at``."""
    for column in (column for table in metadata.sorted_tables for column in table.columns):
        if column in _WORDS or isinstance(column.type, Checked):
            try:
                kept = {value for (value,) in database.found(select(column).where(column.is_not(None)).distinct())}
                is_read = column not in _WORDS or kept <= {word.value for word in _WORDS[column]}
            except Unreadable:
                is_read = False
            if not is_read:
                yield f"{column.table.name}.{column.name}"
