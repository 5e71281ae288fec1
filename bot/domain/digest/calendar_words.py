"""A day of the calendar in anybody's words, seen from today: ``friday``, ``24 dec``, ``end of the month``."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from bot.domain.answers.humanize import shortened
from bot.domain.answers.markup import code
from bot.domain.digest.schedule import DAYS, MONTHS
from bot.domain.digest.spoken import Unclear
from bot.domain.patterns import late

WEEKDAYS = {name.casefold(): number for number, name in enumerate(DAYS)}
WEEKDAYS |= {name[:3]: number for name, number in WEEKDAYS.items()}
WEEKDAYS |= {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}


def day_meant(said: str, today: date, *, until: bool) -> date | None:
    """The day that words mean, None for none; ``until``: the word stands before them. Raises Unclear."""
    bare = said.removeprefix("the ").removeprefix("this ").removeprefix("coming ")
    if (day := _end_of(said.removeprefix("the "), today)) is not None:
        return day
    for read in (_named_day, _weekday, _month, _quarter, _week):
        if (day := read(bare, today)) is not None:
            return day
    return _date(bare, today, until=until)


def months_on(then: datetime, months: int) -> datetime:
    """The same day of a later month, its last one where it is shorter."""
    year, month = divmod(then.year * 12 + then.month - 1 + months, 12)
    day = min(then.day, calendar.monthrange(year, month + 1)[1])
    return then.replace(year=year, month=month + 1, day=day)


_CLOCK = late(
    r"(?:at )?(?:(?P<hour>\d{1,2}):(?P<minute>\d{2})(?: ?(?P<half>am|pm))?"
    r"|(?P<hour2>\d{1,2}) ?(?P<half2>am|pm)|(?P<hour3>\d{1,2})(?:h(?P<minute3>\d{2})?| ?(?:uhr|o'?clock))"
    r"|(?:in the )?(?P<part>noon|midday|morning|afternoon|evening|night))"
)
_PARTS = {"morning": 0, "noon": 12, "midday": 12, "afternoon": 12, "evening": 18, "night": 21}


def time_of_day(said: str) -> time | None:
    """A time behind a day: “14:00”, “at 9 am”, “17h”, “noon”, “evening”."""
    found = _CLOCK.fullmatch(said)
    if found is None or found["part"]:
        return time(_PARTS[found["part"]]) if found else None
    hour = int(found["hour"] or found["hour2"] or found["hour3"])
    minute = int(found["minute"] or found["minute3"] or 0)
    half = found["half"] or found["half2"]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _named_day(said: str, today: date) -> date | None:
    monday = today + timedelta(days=7 - today.weekday())
    saturday = today + timedelta(days=(5 - today.weekday()) % 7 or 7)
    return {
        "today": today,
        "tonight": today,
        "yesterday": today - timedelta(days=1),
        "last week": today - timedelta(days=7),
        "last month": today - timedelta(days=28),
        "last year": today - timedelta(days=365),
        "tomorrow": today + timedelta(days=1),
        "tmrw": today + timedelta(days=1),
        "day after tomorrow": today + timedelta(days=2),
        "next week": monday,
        "weekend": monday if today.weekday() >= 5 else saturday,
        "next weekend": saturday,
        "next month": _first(today, 1),
        "next quarter": _first(today, 3 - (today.month - 1) % 3),
        "next year": date(today.year + 1, 1, 1),
        "new year": date(today.year + 1, 1, 1),
    }.get(said)


def _first(today: date, months: int) -> date:
    return months_on(datetime(today.year, today.month, 1), months).date()  # noqa: DTZ001 - a date, no instant


def _weekday(said: str, today: date) -> date | None:
    is_next = said.startswith("next ")
    number = WEEKDAYS.get(said.removeprefix("next ").removeprefix("last "))
    if number is None:
        return None
    if said.startswith("last "):
        return today - timedelta(days=(today.weekday() - number) % 7 or 7)
    ahead = (number - today.weekday()) % 7 or 7
    if is_next and today.weekday() + ahead < 7:  # “next friday” on a Monday is not the one in four days
        ahead += 7
    return today + timedelta(days=ahead)


_END = late(
    r"(?:eo|(?:(?:end|beginning|start|rest|remainder|all) of|this|all|whole) ?(?P<which>(?:the |this |next )*))"
    r"(?P<what>d|day|w|week|m|month|q|quarter|y|year)"
)


def _end_of(said: str, today: date) -> date | None:
    """The first day after it, and the first one of it for its beginning."""
    found = _END.fullmatch(said)
    if found is None:
        return None
    what, start = found["what"][0], said.startswith(("beginning", "start"))
    ahead = "next" in (found["which"] or "")
    steps = (0 if start else 1) + ahead if start is False or ahead else 1
    if what == "d":
        return today + timedelta(days=steps)
    if what == "w":
        return today + timedelta(days=7 * steps - today.weekday())
    months = {"m": steps, "q": 3 * steps - (today.month - 1) % 3, "y": 12 * steps - (today.month - 1)}[what]
    return _first(today, months)


_MONTH = late(
    r"(?P<part>(?:(?:the )?(?:end|beginning|start|middle) of|early|mid|late)[ -])?"
    r"(?:next )?(?P<name>[a-z]+)(?:,? (?P<year>\d{4}))?"
)


def _month(said: str, today: date) -> date | None:
    """“january”, “january 2027”: its first day; “mid january” its fifteenth, and the day after the “end of january”."""
    found = _MONTH.fullmatch(said)
    month = MONTHS.get(found["name"]) if found else None
    if found is None or month is None or said in ("may", "mar", "sun"):  # “may” is a word of its own
        return None
    part = (found["part"] or "").removeprefix("the ")
    later, days = part.startswith(("end", "late")), timedelta(days=14 if part.startswith("mid") else 0)
    return _next_of(found["year"], today, lambda year: _first(date(year, month, 1), later) + days)


_QUARTER = late(r"(?P<part>(?:end|beginning|start) of )?q(?P<number>[1-4])(?:,? (?P<year>\d{4}))?")


def _quarter(said: str, today: date) -> date | None:
    """“q1”, “q1 2027”: its first day, and the day after the “end of q1”."""
    found = _QUARTER.fullmatch(said)
    if found is None:
        return None
    month, later = 3 * int(found["number"]) - 2, 3 if (found["part"] or "").startswith("end") else 0
    return _next_of(found["year"], today, lambda year: _first(date(year, month, 1), later))


_WEEK = late(r"(?:calendar week|week|kw|cw|wk) ?(?P<number>[1-9]|[1-4]\d|5[0-3])(?:,? (?P<year>\d{4}))?")


def _week(said: str, today: date) -> date | None:
    """“week 50”, as calendars number them: its Monday."""
    found = _WEEK.fullmatch(said)
    if found is None:
        return None
    days = timedelta(weeks=int(found["number"]) - 1)  # week 53 of a year without one is the first of the next
    return _next_of(found["year"], today, lambda year: date.fromisocalendar(year, 1, 1) + days)


def _next_of(year: str | None, today: date, of: Callable[[int], date]) -> date:
    """The day of that year; where none was said, of the first year in which it is still to come."""
    if year:
        return of(int(year))
    return next(day for day in map(of, range(today.year, today.year + 3)) if day > today)


_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
_ORDINAL = "(?:st|nd|rd|th)?"
_DATES = (
    late(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?:t[\d:.]*z?)?"),
    late(r"(?P<year>20\d{2})(?P<month>\d{2})(?P<day>\d{2})"),
    late(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.?(?P<year>\d{4}|\d{2})?"),
    late(rf"(?P<day>\d{{1,2}}){_ORDINAL}[ -]?(?:of )?(?P<name>{_NAMES})[ ,-]*(?P<year>\d{{4}})?"),
    late(rf"(?P<name>{_NAMES})[ -]?(?:the )?(?P<day>\d{{1,2}}){_ORDINAL}(?:[ ,-]+(?P<year>\d{{4}}))?"),
    late(r"(?P<one>\d{1,2})[/-](?P<two>\d{1,2})(?:[/-](?P<year>\d{4}|\d{2}))?"),
    late(r"(?P<day>\d{1,2})(?:st|nd|rd|th)"),
)


def _date(said: str, today: date, *, until: bool) -> date | None:
    said = re.sub(rf"^(?:{'|'.join(WEEKDAYS)})[ ,]+(?=\d|(?:{_NAMES})\b)", "", said)  # Friday 4 December
    for form in _DATES:
        if found := form.fullmatch(said):
            return _of_parts(said, found.groupdict(), today, until=until)
    return None


def _of_parts(said: str, parts: dict[str, str | None], today: date, *, until: bool) -> date | None:
    year = _year(parts.get("year"))
    if parts.get("one"):
        return _slashed(said, int(parts["one"] or 0), int(parts["two"] or 0), year, today)
    month = MONTHS[parts["name"] or ""] if parts.get("name") else int(parts.get("month") or 0)
    day = int(parts["day"] or 0)
    if not month:
        return next(iter(day_of_month(today, day)), None)
    is_dotted = "." in said and year is None and not said.endswith(".")
    if is_dotted and not until:
        return None  # 1.5 is a number, unless “until” stands before it
    return _coming(said, day, month, year, today)


def _year(text: str | None) -> int | None:
    return None if text is None else int(text) + (2000 if len(text) == 2 else 0)


def _slashed(said: str, one: int, two: int, year: int | None, today: date) -> date:
    """Americans write the month first."""
    if one <= 12 and two <= 12 and one != two:
        choices = [str(_coming(said, day, month, year, today)) for day, month in ((two, one), (one, two))]
        raise Unclear(f"{code(said)} may be either of two days. Which one?", choices)
    day, month = (two, one) if two > 12 else (one, two)
    return _coming(said, day, month, year, today)


def _coming(said: str, day: int, month: int, year: int | None, today: date) -> date:
    """The day, of this year or the next where no year was said."""
    for each in [year] if year else [today.year, today.year + 1, *range(today.year + 2, today.year + 9)]:
        found = _valid(each, month, day)
        if found and (year or found >= today):
            return found
    raise Unclear(f"{code(shortened(said, 30))} is not in the calendar.")


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def day_of_month(today: date, day: int) -> list[date]:
    """The next time that a month has this day."""
    for ahead in range(12):
        first = _first(today, ahead)
        found = _valid(first.year, first.month, day)
        if found and found > today:
            return [found]
    return []
