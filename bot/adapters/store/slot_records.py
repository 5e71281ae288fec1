"""How a slot is written to its table, found in it and read from it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Row

from bot.adapters.store.records import kept_word
from bot.adapters.store.tables import digest_slots
from bot.domain.digest.subscription import OPEN, Slot, SlotStatus

OPEN_SLOTS = digest_slots.c.status.in_([status.value for status in OPEN])
NEVER_CAME = [status.value for status in (SlotStatus.MISSED, SlotStatus.GIVEN_UP)]


def same_slot(slot: Slot) -> tuple[ColumnElement[bool], ...]:
    """The row of a slot, within its workspace."""
    return (
        digest_slots.c.subscription == slot.subscription,
        digest_slots.c.slot == slot.due,
        digest_slots.c.about == str(slot.about),
    )


def new_slot(slot: Slot) -> dict[str, Any]:
    """Its columns before anybody has claimed it."""
    return {
        "subscription": slot.subscription,
        "slot": slot.due,
        "about": str(slot.about),
        "status": slot.status.value,
        "attempts": 0,
        "channel": slot.channel,
    }


def slot_record(row: Row[Any]) -> Slot:
    """The slot of a row."""
    return Slot(
        workspace=row.workspace,
        subscription=row.subscription,
        due=row.slot,
        about=row.about,
        status=kept_word(SlotStatus, row.status, "digest_slots.status"),
        attempts=row.attempts,
        posting_at=row.posting_at,
        channel=row.channel,
        message_ts=row.message_ts,
    )
