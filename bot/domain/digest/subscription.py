"""What somebody asked to hear of, where and when; and how far each of its digests has come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.model import is_person


class Rhythm(StrEnum):
    """How often a digest comes."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    WEEKDAYS = "weekdays"


class Kind(StrEnum):
    """What is told: digests at their hour, or alerts as things happen."""

    DIGEST = "digest"
    ALERTS = "alerts"


class WhenNothing(StrEnum):
    """What is said when there is nothing to report: one quiet line, or nothing."""

    LINE = "line"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Subscription:
    """One digest of a workspace: what it tells, where, and when. A target has one of each kind.

    ``id`` is a short random word, unique in the workspace; "" until it is kept. ``target`` is a channel, or a person,
    to whose direct messages it goes then. ``weekday`` is 0 for Monday; the clock is that of ``zone``. ``start`` is the
    local date of a digest from which every fourteen days are counted. ``orgs`` are words that choose orgs.

    ``set_at`` is when somebody last changed it: a digest that was due before then is not made up for.
    ``failing_since`` and ``failing`` (a sentence): since when its digests do not arrive, and why.
    """

    workspace: str
    id: str
    target: str
    kind: Kind = Kind.DIGEST
    rhythm: Rhythm = Rhythm.WEEKLY
    weekday: int = 0
    hour: int = 9
    minute: int = 0
    zone: str = "UTC"
    start: date | None = None
    orgs: str = "all"
    when_nothing: WhenNothing = WhenNothing.LINE
    enabled: bool = True
    set_by: str = ""
    set_at: datetime | None = None
    failing_since: datetime | None = None
    failing: str = ""

    @property
    def personal(self) -> bool:
        """Whether it goes to somebody's direct messages."""
        return is_person(self.target)


class SlotStatus(StrEnum):
    """How far what is to be told has come."""

    WAITING = "waiting"  # to be tried, perhaps again
    CLAIMED = "claimed"  # by a process that is at it
    SENT = "sent"
    SKIPPED = "skipped"  # there was nothing to say
    UNCERTAIN = "uncertain"  # it may have been posted; nobody can look
    GIVEN_UP = "given-up"  # it was not posted, and will not be
    MISSED = "missed"  # it was due while nothing ran, for more than a day


OPEN = (SlotStatus.WAITING, SlotStatus.CLAIMED)
"""What is still to be done."""


class About(StrEnum):
    """What is told for a slot: the digest itself, or to whoever set it that it did not come."""

    DIGEST = ""
    FAILING = "failing"
    UNCERTAIN = "uncertain"
    GIVEN_UP = "given-up"


@dataclass(frozen=True, slots=True)
class Slot:
    """Something to be told once: what ``about``, when it was ``due``, and how far it has come.

    ``attempts`` counts the one under way. ``posting_at`` is since when Slack may have it; None: it certainly has not.
    ``channel`` is where it goes, None for the subscription's target.
    """

    workspace: str
    subscription: str
    due: datetime
    about: str = About.DIGEST
    status: SlotStatus = SlotStatus.WAITING
    attempts: int = 0
    posting_at: datetime | None = None
    channel: str | None = None
    message_ts: str | None = None

    @property
    def key(self) -> str:
        """What travels with the message, so that it is found again."""
        parts = (self.workspace, self.subscription, self.due.isoformat(), self.about)
        return ":".join(part for part in parts if part)


def first_digest(subscriptions: Iterable[Subscription]) -> Subscription | None:
    """The digest that was set first, on or off."""
    return next((each for each in subscriptions if each.kind is Kind.DIGEST), None)
