"""When digests are due: each *slot* is the UTC instant of the wanted time on somebody's clock; the words for it."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.digest.subscription import Rhythm, Subscription
from bot.domain.digest.zones import usable
from bot.domain.model import PastDigest

CATCH_UP = timedelta(days=1)
"""A digest that could not be sent on time is still worth sending for less than this; later the next one says so."""

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if number}
MONTHS |= {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if number} | {"sept": 9}

_DAY = timedelta(days=1)
_FORTNIGHT = 14  # days
_LOOK = _FORTNIGHT + 4  # days within which there is a slot either way, whatever the clock does at the ends
_SOME_MONDAY = date(1970, 1, 5)
"""From where fortnights are counted that nobody gave a start."""


def upcoming(subscription: Subscription, now: datetime) -> datetime:
    """The first slot after ``now``, in UTC."""
    yesterday = local(subscription, now).date() - _DAY
    slots = (_slot(subscription, yesterday + ahead * _DAY) for ahead in range(_LOOK))
    return next(slot for slot in slots if slot is not None and slot > now)


def latest(subscription: Subscription, now: datetime) -> datetime:
    """The newest slot that is not after ``now``, in UTC."""
    tomorrow = local(subscription, now).date() + _DAY
    slots = (_slot(subscription, tomorrow - back * _DAY) for back in range(_LOOK))
    return next(slot for slot in slots if slot is not None and slot <= now)


def due(subscription: Subscription, now: datetime) -> datetime | None:
    """The slot for which it is time: due since somebody set it, and not too late to be of use."""
    slot = latest(subscription, now)
    if not subscription.enabled or now - slot >= CATCH_UP:
        return None
    return None if subscription.set_at is not None and slot < subscription.set_at else slot


def earlier(past: Sequence[PastDigest], subscription: Subscription | None, now: datetime) -> list[PastDigest]:
    """The digests of the weeks (the days, where one comes every day) before the present one, in the order given."""
    subscription = subscription or Subscription("", "", "")
    day = local(subscription, now).date()
    if subscription.rhythm is not Rhythm.WEEKDAYS:
        day -= day.weekday() * _DAY
    since = datetime.combine(day, time.min, _clock(subscription))
    return [each for each in past if each.slot < since]


def _is_day(subscription: Subscription, day: date) -> bool:
    """Whether one is due on this local day."""
    if subscription.rhythm is Rhythm.WEEKDAYS:
        return day.weekday() < DAYS.index("Saturday")
    if day.weekday() != subscription.weekday:
        return False
    return subscription.rhythm is Rhythm.WEEKLY or (day - _first(subscription)).days % _FORTNIGHT == 0


def _first(subscription: Subscription) -> date:
    """A day of the fortnight: the start, or the next day after it that is of the weekday."""
    start = subscription.start or _SOME_MONDAY
    return start + (subscription.weekday - start.weekday()) % 7 * _DAY


def _slot(subscription: Subscription, day: date) -> datetime | None:
    """The slot of a local day, None where none is due.

    Going through UTC gives an hour that the clock skips or repeats exactly one instant: the later, the first.

    An hour that is skipped up to midnight (Nuuk, in March) would come on the next day; then it is the earlier.
    """
    if not _is_day(subscription, day):
        return None
    wall = datetime.combine(day, time(subscription.hour, subscription.minute), _clock(subscription))
    slot = wall.astimezone(UTC)
    return slot if local(subscription, slot).date() == day else wall.replace(fold=1).astimezone(UTC)


def local(subscription: Subscription, moment: datetime) -> datetime:
    """A moment on the subscription's clock."""
    return moment.astimezone(_clock(subscription))


def _clock(subscription: Subscription) -> ZoneInfo:
    return ZoneInfo(usable(subscription.zone))


# --- in words ---------------------------------------------------------------------------------------------


def next_words(subscription: Subscription, now: datetime) -> str:
    """``Monday 30 November, 09:00 Europe/Berlin``: when the next digest comes."""
    return slot_words(subscription, upcoming(subscription, now))


def slot_words(subscription: Subscription, slot: datetime) -> str:
    """``Monday 30 November, 09:00 Europe/Berlin``: when a digest was due."""
    at = local(subscription, slot)
    return f"{DAYS[at.weekday()]} {at.day} {at:%B}, {at:%H:%M} {usable(subscription.zone)}"


def next_day_words(subscription: Subscription, now: datetime) -> str:
    """``Monday 30 November``: the day of the next digest."""
    return next_words(subscription, now).partition(",")[0]


def schedule_words(subscription: Subscription) -> str:
    """``Mondays at 09:00 Europe/Berlin``, ``every second Friday at …``, ``Monday to Friday at …``."""
    day = DAYS[subscription.weekday]
    days = {Rhythm.WEEKDAYS: "Monday to Friday", Rhythm.FORTNIGHTLY: f"every second {day}"}
    clock = f"{subscription.hour:02}:{subscription.minute:02} {usable(subscription.zone)}"
    return f"{days.get(subscription.rhythm, f'{day}s')} at {clock}"
