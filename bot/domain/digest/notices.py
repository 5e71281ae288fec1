"""What is said between digests, once each: that an org stopped being ready, that a snooze is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.answers import Answer

PAUSES: tuple[float, ...] = (60.0, 120.0, 300.0, 900.0, 3600.0)
"""Seconds before each further try; the last one counts for all that follow."""

TRIED_FOR = timedelta(days=1)
"""News that is older says nothing that the next digest does not say better."""


class NoticeStatus(StrEnum):
    """How far a notice has come."""

    WAITING = "waiting"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    GIVEN_UP = "given-up"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to say once to a channel or a person (``target``). ``key`` is what it is about.

    ``behind`` is the key of the notice in whose thread it belongs: it is said there or not at all. ``attempts`` is how
    often it was begun since Slack certainly did not have it.
    """

    workspace: str
    key: str
    target: str
    answer: Answer
    at: datetime
    behind: str | None = None
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Escalation:
    """Who is told when an org is not ready for so many ``weeks`` (0 for nobody): its owner, and ``person`` if any.

    ``handover``: admins are told when somebody leaves who owns or connected an org.
    """

    workspace: str
    weeks: int
    person: str | None
    set_by: str
    handover: bool = False


def pause_after(attempts: int) -> timedelta:
    """How long to wait before the next try."""
    return timedelta(seconds=PAUSES[min(max(attempts, 1), len(PAUSES)) - 1])
