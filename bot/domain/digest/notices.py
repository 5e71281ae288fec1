"""What is said between digests, once each: that an org stopped being ready, that a snooze is over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, get_args

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


OfOrg = Literal["alert", "escalate", "reconnect", "snooze", "write"]
"""The kinds of notices that are about an org, whose name stands behind the kind in their keys."""

RECONNECT: OfOrg = "reconnect"
UNDELIVERED = "undelivered:"
"""How the key of a notice about another one begins, which did not arrive."""

_OF_ORGS = frozenset(get_args(OfOrg))


def key_of(kind: OfOrg, org: str, *rest: str) -> str:
    """The key of a notice about an org; with a ``rest`` that ends in "" what keys begin with."""
    return ":".join((kind, _quoted(org), *rest))


def org_of(key: str) -> str:
    """The name of the org that a notice is about, also one about another notice; "" where it is about none."""
    parts, place = _org_in(key)
    return parts[place].replace("%3A", ":").replace("%25", "%") if place else ""


def must_be_heard(notice: Notice) -> bool:
    """Whether somebody else is told where whoever it is for is gone."""
    return notice.key.startswith((UNDELIVERED, RECONNECT))


def with_new_name(key: str, name: str, new_name: str) -> str:
    """The key once an org is called otherwise: what was said of it was said, and its thread is still there."""
    parts, place = _org_in(key)
    if not place or parts[place] != _quoted(name):
        return key
    return ":".join((*parts[:place], _quoted(new_name), *parts[place + 1 :]))


def _org_in(key: str) -> tuple[list[str], int]:
    """The parts of a key, and the place of the org's name; 0 where it has none."""
    parts = key.split(":")
    return parts, next((place for place, kind in enumerate(parts[:-1], 1) if kind in _OF_ORGS), 0)


def _quoted(name: str) -> str:
    """A name may hold what parts a key."""
    return name.replace("%", "%25").replace(":", "%3A")


def pause_after(attempts: int) -> timedelta:
    """How long to wait before the next try."""
    return timedelta(seconds=PAUSES[min(max(attempts, 1), len(PAUSES)) - 1])
