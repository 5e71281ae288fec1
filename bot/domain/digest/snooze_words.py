"""For how long an org is snoozed, in anybody's words: ``7``, ``2 weeks holidays``, ``until friday``, ``never``.

What is said begins or ends with the time; the rest is the reason. An amount of time counts from now, a day from its
first minute on the asker's clock, so that an org is in the digest of the day that was named.
"""

from __future__ import annotations

import contextlib
import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.answers.humanize import shortened
from bot.domain.answers.markup import code
from bot.domain.digest.calendar_words import WEEKDAYS, day_meant, day_of_month, months_on, time_of_day
from bot.domain.digest.other_languages import time_in_english
from bot.domain.digest.schedule import MONTHS
from bot.domain.digest.spoken import Unclear
from bot.domain.digest.zones import usable
from bot.domain.patterns import late

MOST_DAYS = 366
"""A snooze that is forgotten hides an org for good; a year is the longest that anybody plans."""

REASON = 200
"""Letters of a reason: a line or two of a list."""

LENGTHS = ("1 week", "2 weeks", "4 weeks")
NEVER = "never"
OFF = "off"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done: ``ends`` a snooze, or leave the org out ``until`` then, for good where that is None."""

    until: datetime | None
    reason: str = ""
    ends: bool = False


def read_snooze(said: str, now: datetime, zone: str) -> Wanted:
    """What is meant, on the clock of ``zone``.

    Raises Unclear, with words for what may be meant; in another language with the same in English.
    """
    try:
        found, unclear = _read(said, now, zone), None
    except Unclear as error:
        found, unclear = None, error
    english = _english(said.split(), now, zone)
    if english is not None and (found is None or found.until != english.meant.until):  # "2 Wochen" are no two days
        line = " ".join((*english.words, *english.rest))
        raise Unclear(f"I read days and times in English. Did you mean {code(shortened(line, 60))}?", [line])
    if found is None:
        raise unclear or _how_long(said)
    if english is not None and english.has_unit:  # "3 Tage": the number was read, and its unit is no reason
        return replace(found, reason=_reason(english.rest))
    return found


@dataclass(frozen=True, slots=True)
class _InEnglish:
    """A time that was said in another language: in English, what that means, and what else was said."""

    words: Sequence[str]
    meant: Wanted
    rest: Sequence[str]
    has_unit: bool


def _english(words: Sequence[str], now: datetime, zone: str) -> _InEnglish | None:
    """The time that it begins or ends with; None where there is none in another language."""
    most = range(min(_LONGEST, len(words)), 0, -1)
    places = [(0, end) for end in most] + [(len(words) - length, len(words)) for length in most]
    for start, end in places:
        spoken = [word.rstrip(",;:") for word in words[start:end]]
        first = time_in_english(spoken)
        if first == spoken:
            continue
        has_unit = not _UNITS.keys().isdisjoint(first) and _UNITS.keys().isdisjoint(map(str.casefold, spoken))
        try:
            meant = _read(" ".join(first), now, zone)
        except Unclear:
            if has_unit and _amount(" ".join(first)):
                raise  # too long, or too short, in any language
            continue
        if not meant.reason and not meant.ends:
            return _InEnglish(first, meant, [*words[:start], *words[end:]], has_unit)
    return None


def _read(said: str, now: datetime, zone: str) -> Wanted:
    heard = _Heard(said.split(), now.astimezone(ZoneInfo(usable(zone))))
    if heard.ends:
        return Wanted(None, ends=True)
    found = next(heard.times(), None)
    if found is None:
        raise _last(heard) or _how_long(said)
    start, end, until = found
    return Wanted(until and _within(until, now), _reason([*heard.raw[:start], *heard.raw[end:]]))


def _last(heard: _Heard) -> Unclear | None:
    """A reason with a time behind it, which may be a part of it."""
    for start in range(1, len(heard.raw)):
        time = _Heard(heard.raw[start:], heard.now)
        if any((begin, end) == (0, len(time.raw)) for begin, end, _ in time.times()):
            days = " days" if time.raw[-1].isdecimal() and len(time.raw) == 1 else ""
            first = f"{' '.join(time.raw)}{days} {_reason(heard.raw[:start])}".strip()
            return Unclear("For how long? The time comes before the reason.", [first, *LENGTHS[:2], NEVER])
    return None


def _how_long(said: str) -> Unclear:
    reason = _reason(said.split())
    choices = [f"{words} {reason}".strip() for words in (*LENGTHS, NEVER)]
    if not reason:
        return Unclear("For how long?", choices)
    return Unclear(f"For how long? I read no time in {code(shortened(said, 60))}, so it would be the reason.", choices)


def _within(until: datetime, now: datetime) -> datetime:
    if until <= now and until.date() == now.astimezone(until.tzinfo).date():
        raise Unclear(
            "A snooze lasts until tomorrow at least: a digest comes once a day at most.", ["tomorrow", *LENGTHS]
        )
    if until <= now:
        raise Unclear("That time is over already. A snooze ends in the future: from tomorrow on.", LENGTHS)
    if until > now + timedelta(days=MOST_DAYS):
        raise Unclear(
            f"A snooze lasts a year at most. An org that is not needed here: {code(NEVER)}.", ["1 year", NEVER]
        )
    return until.astimezone(UTC)


# --- words ---------------------------------------------------------------------------------------------

_ENDS = frozenset(
    "off|end|ends|end it|stop|stop it|cancel|cancel it|remove|remove it|over|undo|unsnooze|resume|back|wake|wake up"
    "|none|wake it|wake it up|no|on again|done|clear|finish|now off|end now|end snooze|remove snooze|bring back"
    "|no more|not any more|no longer|delete".split("|")
)
_NEVERS = (
    "not needed here|not needed|not required here|not required|no need|never needed here|never needed|never|forever"
    "|for ever|for good|for always|always|permanently|indefinitely|will never have it|does not need it|doesn't need it"
).split("|")
_NUMBERS = {
    word: number
    for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)
} | {"a": 1, "an": 1, "another": 1, "couple": 2, "a couple of": 2, "couple of": 2, "a couple": 2}
_NUMBERS |= {"thirteen": 13, "fourteen": 14, "fifteen": 15, "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90}
_HALVES = {"half a": 0.5, "half an": 0.5, "one and a half": 1.5, "a half": 0.5, "half": 0.5}
_VAGUE = frozenset(
    "a few|few|several|some|some time|a while|a bit|later|soon|while|a moment|a little|sometime|until further notice"
    "|further notice|a few days|some days|several days|a few weeks|some weeks|several weeks|a few months|eventually"
    "|a long time|long|for now".split("|")
)
_UNITS = {
    "d": "day", "day": "day", "days": "day", "night": "day", "nights": "day",
    "working day": "workday", "working days": "workday", "business day": "workday", "business days": "workday",
    "workday": "workday", "workdays": "workday", "weekday": "workday", "weekdays": "workday",
    "w": "week", "wk": "week", "wks": "week", "week": "week", "weeks": "week",
    "fortnight": "fortnight", "fortnights": "fortnight",
    "mo": "month", "mos": "month", "mth": "month", "mths": "month", "month": "month", "months": "month",
    "quarter": "quarter", "quarters": "quarter", "q": "quarter",
    "y": "year", "yr": "year", "yrs": "year", "year": "year", "years": "year",
    "h": "hour", "hr": "hour", "hrs": "hour", "hour": "hour", "hours": "hour",
    "min": "minute", "mins": "minute", "minute": "minute", "minutes": "minute",
}  # fmt: skip
_DAYS_OF = {"day": 1.0, "week": 7.0, "fortnight": 14.0, "hour": 1 / 24, "minute": 1 / 1440}
_MONTHS_OF = {"month": 1, "quarter": 3, "year": 12}

_BEFORE = "please|pls|for|until|untill|till|til|to|through|thru|up to|before|over|in|it|is|by|on|and|just|the|now|about"
_SKIP = frozenset(f"{_BEFORE}|around|snooze|snoozed|approx|approximately|roughly|next|coming|only|us|me|do".split("|"))
_UNTIL = frozenset("until|untill|till|til|through|thru|before|by".split("|"))
_LONGEST = 5  # words of a time


_FROM = frozenset("from after starting beginning counting as".split())
_TO = _UNTIL | {"to", "-", "–", "and", "or"}


@dataclass(frozen=True, slots=True)
class _Time:
    """Where a time ends among words, and until when it says; the ``amount`` that it was, None for a day."""

    end: int
    until: datetime | None
    amount: tuple[float, str] | None = None


class _Heard:
    """What was said, word by word, as it was typed and as it is compared; ``now`` is on the asker's clock."""

    def __init__(self, raw: Sequence[str], now: datetime) -> None:
        self.raw = raw
        self.now = now
        self._words = [_plain(word) for word in raw]

    @property
    def ends(self) -> bool:
        """Whether a snooze is to end."""
        words = [word for word in self._words if word not in ("please", "pls", "it", "the", "now")]
        return bool(words) and (words[0] == OFF or " ".join(self._words) in _ENDS or " ".join(words) in _ENDS)

    def times(self) -> Iterator[tuple[int, int, datetime | None]]:
        """Where a time begins and ends, and until when it says: the first one counts."""
        exact = self._words
        slips = [_without_slip(word) for word in exact]
        for start in dict.fromkeys((*self._starts(exact), *self._starts(slips))):
            found = [time for words in (exact, slips) if (time := self._time_at(words, start))]
            if found:  # of "2 weks" the slip says more
                yield start, *max(found, key=lambda time: time[0])

    def _starts(self, words: Sequence[str]) -> Iterator[int]:
        """Where a time may begin: first of all, behind “for” or “until”, or so that it is the end."""
        yield 0
        for place, word in enumerate(words[1:], 1):
            if word in ("for", *_UNTIL, OFF, NEVER, "forever"):
                yield place
        for place in range(max(1, len(words) - _LONGEST), len(words)):
            if not words[-1].isdecimal():  # "ticket 7" is no time
                found = self._found_at(words, place)
                if found and found[0] == len(words):
                    yield place

    def _time_at(self, words: Sequence[str], start: int) -> tuple[int, datetime | None] | None:
        """Where a time that begins here ends, and until when it says."""
        if found := self._from_a_day(words, start):
            return found
        place = start
        while place < len(words):
            if time := self._longest(words, place, until=not _UNTIL.isdisjoint(words[start:place])):
                return self._and_more(words, time)
            if words[place] not in _SKIP:
                return None
            place += 1
        return None

    def _found_at(self, words: Sequence[str], start: int) -> tuple[int, datetime | None] | None:
        """The same; none where it is not clear what it says: there a reason goes on, "for a long time"."""
        try:
            return self._time_at(words, start)
        except Unclear:
            return None

    def _longest(self, words: Sequence[str], place: int, *, until: bool) -> _Time | None:
        for length in range(min(_LONGEST, len(words) - place), 0, -1):
            said, end = " ".join(words[place : place + length]), place + length
            if said in _NEVERS:
                return _Time(end, None)
            if said in _VAGUE:
                raise Unclear("For how long?", LENGTHS)
            if either := _EITHER.fullmatch(said):
                unit = either["unit"]
                choices = [f"{either['few']} {unit}", f"{either['more']} {unit}"]
                if one := either["one"]:
                    choices = [f"1 {one}", f"2 {one}s"]
                raise Unclear(f"For how long: {' or '.join(map(code, choices))}?", choices)
            if (day := self._day(said, until=until)) is not None:
                return _Time(end, day)
            if (then := self._amount(said, until=until)) is not None:
                return _Time(end, then, _amount(said))
        return None

    # --- from a day on

    def _from_a_day(self, words: Sequence[str], start: int) -> tuple[int, datetime] | None:
        """“from tomorrow for 3 days”, “from monday to friday”: it begins at once all the same, and ends then."""
        begins = self._beginning(words, start)
        if begins is None or begins.until is None:
            return None
        place = begins.end + (words[begins.end : begins.end + 1] == ["for"])
        time = self._longest(words, place, until=False) if place < len(words) else None
        if time and time.amount:
            return time.end, self._after(begins.until, *time.amount, "")
        return self._range(words, begins)

    def _beginning(self, words: Sequence[str], place: int) -> _Time | None:
        """A day with “from” before it, or something alike."""
        if words[place : place + 1] == ["on"]:  # “a week on friday”
            is_one = words[place + 1 : place + 2] and words[place + 1] in WEEKDAYS
            return self._longest(words, place + 1, until=False) if is_one else None
        if place >= len(words) or words[place] not in _FROM:
            return None
        place += 1
        while place < len(words) and words[place] in ("from", "of", "on", "with"):
            place += 1
        time = self._longest(words, place, until=False) if place < len(words) else None
        return time if time and time.until and not time.amount else None

    def _range(self, words: Sequence[str], first: _Time) -> tuple[int, datetime] | None:
        """“tomorrow until friday”; None where no such word and day follow. Raises Unclear where it is not clear."""
        if first.end + 1 >= len(words) or words[first.end] not in _TO or first.until is None:
            return None
        last = self._longest(words, first.end + 1, until=True)
        if last is None or last.until is None or last.amount:
            return None
        if words[first.end] not in ("and", "or") and not first.amount and last.until > first.until:
            return last.end, last.until
        said = " ".join(words[first.end + 1 : last.end])
        is_turned = words[first.end] not in ("and", "or") and not first.amount  # “monday to friday” on a Monday
        days = (last.until, last.until + timedelta(weeks=1)) if is_turned else (first.until, last.until)
        raise Unclear(
            f"{code(shortened(said, 30))} is a second time. Until when?", [f"until {day:%Y-%m-%d}" for day in days]
        )

    # --- an amount of time

    def _amount(self, said: str, *, until: bool) -> datetime | None:
        found = _amount(said)
        if found is None:
            return None
        number, unit = found
        if unit == "" and until and number == int(number) and 1 <= number <= 31:
            choices = [f"{number:g} days", *map(str, day_of_month(self.now.date(), int(number)))]
            raise Unclear(f"{code(said)} may be so many days, or a day of the month.", choices)
        return self._after(self.now, number, unit, said)

    def _after(self, then: datetime, number: float, unit: str, said: str) -> datetime:
        if number <= 0:
            raise Unclear(f"{code(shortened(said, 20))} is no time to wait. A snooze lasts a day at least.", LENGTHS)
        unit = unit or "day"
        days = number * _DAYS_OF.get(unit, 30.0 * _MONTHS_OF.get(unit, 1))
        if days > 2 * MOST_DAYS:
            return then + timedelta(days=2 * MOST_DAYS)  # too long, which is said elsewhere
        if unit in ("hour", "minute") and days < 1:
            raise Unclear("A snooze is counted in days: a digest comes once a day at most.", ["1 day", "1 week"])
        if unit in _MONTHS_OF and number == int(number):
            return months_on(then, int(number) * _MONTHS_OF[unit])
        if unit == "workday":
            return _workdays_on(then, int(number))
        return _local(then + timedelta(days=days), then)

    def _and_more(self, words: Sequence[str], time: _Time) -> tuple[int, datetime | None]:
        """“2 weeks and 3 days”, “3 days from tomorrow”, “until friday 14:00”, “monday to friday”."""
        if time.until is None:
            return time.end, None
        more = self._more_amount(words, time) if time.amount else self._more_of_day(words, time.end, time.until)
        return more or self._range(words, time) or (time.end, time.until)

    def _more_amount(self, words: Sequence[str], time: _Time) -> tuple[int, datetime] | None:
        if time.amount and (begins := self._beginning(words, time.end)) and begins.until:
            return begins.end, self._after(begins.until, *time.amount, "")
        for length in (3, 2):
            said = " ".join(words[time.end : time.end + length]).removeprefix("and ")
            more = _amount(said) if len(words) >= time.end + length else None
            if more and more[1] and time.until:
                return time.end + length, self._after(time.until, *more, said)
        return None

    def _more_of_day(self, words: Sequence[str], end: int, until: datetime) -> tuple[int, datetime] | None:
        for length in (3, 2, 1):
            at = time_of_day(" ".join(words[end : end + length])) if len(words) >= end + length else None
            if at:
                return end + length, until.replace(hour=at.hour, minute=at.minute)
        if words[end - 1] in WEEKDAYS and words[end:] == ["week"]:  # “friday week”
            return end + 1, until + timedelta(weeks=1)
        return None

    # --- a day

    def _day(self, said: str, *, until: bool) -> datetime | None:
        if _INSTANT.fullmatch(said):
            with contextlib.suppress(ValueError):  # of a day that no calendar has, which is said below
                then = datetime.fromisoformat(said.upper())
                return _local(then if then.tzinfo else then.replace(tzinfo=self.now.tzinfo), self.now)
        day = day_meant(said, self.now.date(), until=until)
        return self._begins(day) if day else None

    def _begins(self, day: date) -> datetime:
        return datetime.combine(day, time(0), self.now.tzinfo)


_INSTANT = late(r"\d{4}-\d{2}-\d{2}t\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:z|[+-]\d{2}:?\d{2})?")


def _plain(word: str) -> str:
    word = word.casefold().replace("’", "'").replace("−", "-").strip("\"'“”‘`!?,;:()[]…")
    return word if re.fullmatch(r"\d{1,2}\.\d{1,2}\.", word) else word.rstrip(".")


_SAID = (*_UNITS, *WEEKDAYS, *MONTHS, "until", "tomorrow", "weekend", "forever", NEVER)
_SPELLED = sorted({word for word in _SAID if len(word) > 3})


def _without_slip(word: str) -> str:
    if len(word) < 4 or word in _SPELLED or not word.isalpha() or word.endswith("ly"):
        return word
    return next(iter(difflib.get_close_matches(word, _SPELLED, 1, 0.83)), word)


_LEADS = late(
    r"^(?:(?:because(?: of)?|due to|since|reason|as|for|until|till|til|with reason|why)\b|[\s:;,.()–—-]+)+",
    re.IGNORECASE,
)
_TRAILS = late(r"(?:^|\s+)(?:for|until|till|til|bis|because|of|the|to|please|pls|thanks|thank you)$", re.IGNORECASE)


def _reason(words: Sequence[str]) -> str:
    """What is left, without the word that leads to it."""
    text = _TRAILS.sub("", _LEADS.sub("", " ".join(words)))
    return shortened(text.strip(" \"'“”()").strip(), REASON)


# --- amounts -------------------------------------------------------------------------------------------

_FRACTION = r"(?:(?:[12] )?[1-3]/[2-4]|\d?[½¼¾])"
_NUMBER = rf"(?:{_FRACTION}|[+-]?\d[\d.,_]*(?:e\+?\d+)?)"
_COUNT = "|".join(sorted((*_NUMBERS, *_HALVES), key=len, reverse=True))
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_AMOUNT = late(
    rf"(?:(?:next|coming|further) )?(?:(?P<number>{_NUMBER})|(?P<count>{_COUNT}))?(?: more)?[ -]?"
    rf"(?:of )?(?P<unit>{_UNIT})?(?: long| more| time)?(?: from (?:now|today))?"
)


_EITHER = late(
    rf"(?P<few>\d{{1,3}})(?: ?[-–/] ?| to | or )(?P<more>\d{{1,3}})[ -]?(?P<unit>{_UNIT})"
    r"|(?:an?|one) (?P<one>day|week|month|year) or (?:2|two)"
)
"""“2-3 weeks”, “a week or two”."""


def _amount(said: str) -> tuple[float, str] | None:
    """How many of which unit; "" for a number alone."""
    found = _AMOUNT.fullmatch(said)
    if found is None or not (found["number"] or found["count"]):
        return None
    unit = _UNITS.get(found["unit"] or "", "")
    if found["count"]:
        number = _HALVES.get(found["count"], _NUMBERS.get(found["count"], 0))
        return (float(number), unit) if unit else None  # "a" alone is no time
    if re.fullmatch(_FRACTION, found["number"]):
        return (_fraction(found["number"]), unit) if unit else None  # "1/2" alone is a day
    return _value(found["number"]), unit


def _fraction(text: str) -> float:
    """“1 1/2”, “2½”."""
    whole, part = re.fullmatch(r"(\d(?= )|\d(?=[½¼¾]))? ?(.+)", text).groups(default="0")  # type: ignore[union-attr]
    return int(whole) + ({"½": 0.5, "¼": 0.25, "¾": 0.75}[part] if part in "½¼¾" else int(part[0]) / int(part[2]))


def _value(text: str) -> float:
    bare = text.replace("_", "")
    bare = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", bare).replace(",", ".").rstrip(".")
    try:
        return min(float(bare), 1e9)
    except ValueError:
        return -1.0  # 1.2.3: no number, and said to be none


def _local(then: datetime, clock: datetime) -> datetime:
    return then.astimezone(clock.tzinfo)


def _workdays_on(then: datetime, number: int) -> datetime:
    while number > 0:
        then += timedelta(days=1)
        number -= then.weekday() < 5
    return then
