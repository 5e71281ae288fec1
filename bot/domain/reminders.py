"""The weekly digest: when it is due, for which week, and what it says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.answers import Answer, Button, Item, Items, State, Text
from bot.domain.answers.markup import code, owner_words
from bot.domain.errors import AskerError
from bot.domain.model import Diagnosis, Reminder, Verdict, Week

CATCH_UP = timedelta(hours=12)
"""A digest that could not be sent on time is still worth sending this long after it was due."""

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Due:
    """One digest of one ISO week (``2026-W48``), counted in the reminder's own zone."""

    week: str
    due_at: datetime


def this_week(reminder: Reminder, now: datetime) -> Due:
    """The digest of the ISO week that ``now`` lies in, on the clock of the reminder's zone."""
    local = now.astimezone(ZoneInfo(reminder.zone))
    return _in_week_of(reminder, local.date())


def upcoming(reminder: Reminder, now: datetime) -> datetime:
    """The next instant at which a digest falls due, in UTC."""
    due = this_week(reminder, now)
    if due.due_at > now:
        return due.due_at
    local = now.astimezone(ZoneInfo(reminder.zone))
    return _in_week_of(reminder, local.date() + timedelta(days=7)).due_at


def _in_week_of(reminder: Reminder, day: date) -> Due:
    monday = day - timedelta(days=day.weekday())
    year, week, _ = monday.isocalendar()
    # Going through UTC gives an hour that daylight saving skips or repeats exactly one instant.
    wall = datetime.combine(
        monday + timedelta(days=reminder.weekday),
        time(reminder.hour, reminder.minute),
        ZoneInfo(reminder.zone),
    )
    return Due(f"{year}-W{week:02}", wall.astimezone(UTC))


def due(reminder: Reminder, now: datetime) -> Due | None:
    """This week's digest if it is time for it: due since the reminder was set, and not too late to be of use."""
    this = this_week(reminder, now)
    if not reminder.enabled or not this.due_at <= now <= this.due_at + CATCH_UP:
        return None
    if reminder.set_at is not None and this.due_at < reminder.set_at:
        return None
    return this


# --- reading "monday 9:00 Europe/Berlin" ---------------------------------------------------------------

_TIME = re.compile(r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>am|pm)?", re.IGNORECASE)


def read_schedule(words: Sequence[str], default_zone: str) -> tuple[int, int, int, str]:
    """Weekday (0 = Monday), hour, minute and zone from words like ``monday 9:00 Europe/Berlin``.

    Raises AskerError with what is wrong and an example.
    """
    if len(words) not in (2, 3):
        raise AskerError(
            "Say a day, a time and, if it is not yours, a zone: `/flosum remind monday 09:00 Europe/Berlin`."
        )
    zone = _zone(words[2]) if len(words) == 3 else default_zone
    return _weekday(words[0]), *_clock(words[1]), zone


def _weekday(word: str) -> int:
    for number, day in enumerate(DAYS):
        if len(word) >= 2 and day.casefold().startswith(word.casefold().rstrip("s.") or " "):
            return number
    raise AskerError(f"{code(word[:30])} is not a day of the week. Try `monday`.")


def _clock(word: str) -> tuple[int, int]:
    found = _TIME.fullmatch(word)
    hour, minute = (int(found["hour"]), int(found["minute"] or 0)) if found else (99, 0)
    if found and found["half"]:
        hour = hour % 12 + (12 if found["half"].lower() == "pm" else 0) if 1 <= hour <= 12 else 99
    if hour > 23 or minute > 59:
        raise AskerError(f"{code(word[:30])} is not a time of the day. Try `09:00`.")
    return hour, minute


def _zone(word: str) -> str:
    by_name = {name.casefold(): name for name in available_timezones()}
    zone = by_name.get(word.casefold())
    if zone is None:
        raise AskerError(f"{code(word[:40])} is not a time zone that I know. Try `Europe/Berlin` or `UTC`.")
    return zone


# --- the words of a digest -----------------------------------------------------------------------------

_STATES = {
    Verdict.READY: State.READY,
    Verdict.ACTION_NEEDED: State.NEEDS_STEP,
    Verdict.UNKNOWN: State.UNKNOWN,
}
SHOWN = 15  # more lines than this nobody reads on a Monday


def all_done(diagnoses: Sequence[Diagnosis], weeks: Sequence[Week]) -> bool:
    """Whether there is nothing left to say: everything is ready, and the last digest already said so."""
    everything_ready = all(diagnosis.verdict is Verdict.READY for diagnosis in diagnoses)
    return everything_ready and (not diagnoses or (bool(weeks) and not weeks[0].missing))


def digest(diagnoses: Sequence[Diagnosis], weeks: Sequence[Week], reminder: Reminder, now: datetime) -> Answer:
    """The weekly message: how many are ready, what each of the others needs, since when, and who was thanked.

    ``weeks`` are the earlier digests, newest first, without the one being made.
    """
    ready = [found for found in diagnoses if found.verdict is Verdict.READY]
    open_orgs = sorted((found for found in diagnoses if found.verdict is not Verdict.READY), key=_urgency)
    parts: list[Items | Text] = []
    if open_orgs:
        parts.append(Items(tuple(_line(found, weeks) for found in open_orgs[:SHOWN])))
    if len(open_orgs) > SHOWN:
        parts.append(Text(f"And {len(open_orgs) - SHOWN} more: `/flosum status all` shows every org."))
    if done := _done(ready, weeks):
        parts.append(Text(f"Done since last week: {', '.join(map(code, done))}."))
    return Answer(
        headline=_headline(ready, diagnoses, weeks),
        state=State.NEEDS_STEP if open_orgs else State.READY,
        parts=tuple(parts),
        buttons=(Button("Check all orgs now", command="status all"),),
        note=f"Next: {_next(reminder, now)} · change it with `/flosum remind`",
    )


def _urgency(found: Diagnosis) -> tuple[bool, str]:
    return found.verdict is Verdict.UNKNOWN, found.org.name.casefold()


def _headline(ready: Sequence[Diagnosis], every: Sequence[Diagnosis], weeks: Sequence[Week]) -> str:
    if len(ready) == len(every):
        return f"Flosum apps: all {len(every)} orgs ready" if len(every) > 1 else "Flosum apps: the org is ready"
    headline = f"Flosum apps: {len(ready)} of {len(every)} orgs ready"
    if weeks and (change := len(ready) - len(weeks[0].ready)):
        headline += f" ({change:+} since last week)"
    return headline


def _line(found: Diagnosis, weeks: Sequence[Week]) -> Item:
    detail = [in_short(found)]
    if (count := _weeks_missing(found.org.name, weeks)) > 0:
        detail.append(f"open for {count + 1} weeks")
    if found.org.owner:
        detail.append(f"owner {owner_words(found.org.owner)}")
    link = next((step.link for step in found.steps if step.link), None)
    button = Button("Open the page", url=link) if link else Button("Check now", command=f"status {found.org.name}")
    if found.org.reconnect:
        button = Button("Reconnect", command=f"connect {found.org.name}")
    return Item(code(found.org.name), " · ".join(detail), state_of(found), (button,))


def state_of(found: Diagnosis) -> State:
    """The emoji of a diagnosis: ⛔ where an app is missing or blocked, else by verdict."""
    if found.verdict is Verdict.ACTION_NEEDED and any(step.topic in ("install", "unblock") for step in found.steps):
        return State.MISSING
    return _STATES[found.verdict]


def in_short(found: Diagnosis) -> str:
    """What to say of an org beside its name: why it could not be read, else what it needs."""
    return found.trouble.split(". ")[0].removesuffix(".") if found.trouble else found.brief


def _weeks_missing(name: str, weeks: Sequence[Week]) -> int:
    count = 0
    for week in weeks:
        if name not in week.missing:
            break
        count += 1
    return count


def _done(ready: Sequence[Diagnosis], weeks: Sequence[Week]) -> list[str]:
    before = set(weeks[0].missing) if weeks else set()
    return [found.org.name for found in ready if found.org.name in before]


def _next(reminder: Reminder, now: datetime) -> str:
    local = upcoming(reminder, now).astimezone(ZoneInfo(reminder.zone))
    return f"{DAYS[local.weekday()]} {local.day} {local:%B}, {local:%H:%M} {reminder.zone}"


def schedule_words(reminder: Reminder) -> str:
    """``Mondays at 09:00 Europe/Berlin``."""
    return f"{DAYS[reminder.weekday]}s at {reminder.hour:02}:{reminder.minute:02} {reminder.zone}"
