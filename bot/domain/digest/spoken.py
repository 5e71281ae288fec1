"""A rhythm, a day, a time and a zone in anybody's words: ``every other monday at 9am Berlin``.

Why no library reads them: of 32 such lines, half of them wrong on purpose, dateparser 1.5 got 15 right and 8 silently
wrong ("monday at 9" is a Saturday there), parsedatetime 15 and 17, dateutil 14 and 8, recurrent 18 and 14, timefhuman
18 and 14. They look for a moment in a text and pass over what they do not know; here every word must be understood.
"""

from __future__ import annotations

import contextlib
import difflib
import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.answers.markup import code
from bot.domain.command import shorten
from bot.domain.digest import zones
from bot.domain.digest.foreign_days import day_called
from bot.domain.digest.other_languages import in_english
from bot.domain.digest.schedule import DAYS, MONTHS
from bot.domain.digest.subscription import Rhythm
from bot.domain.errors import AskerError
from bot.domain.patterns import late

_SHOWN = 40  # letters of somebody's words that are said again


class Unclear(AskerError):
    """It may be one of several; ``choices`` are words for each, which are clear. ``heard`` is what was understood."""

    def __init__(self, text: str, choices: Sequence[str] = (), heard: Mapping[str, str] | None = None) -> None:
        super().__init__(text)
        self.choices = tuple(choices)
        self.heard = dict(heard or {})


@dataclass(frozen=True, slots=True)
class When:
    """When a digest comes. ``weekday`` is 0 for Monday, whatever the rhythm."""

    rhythm: Rhythm
    weekday: int
    hour: int
    minute: int
    zone: str


@dataclass(slots=True)
class _Heard:
    """What was understood so far, and the words that were not, each with its place."""

    own: str
    days: list[int] = field(default_factory=list)
    times: list[tuple[int, int]] = field(default_factory=list)
    half: str = ""
    rest: list[tuple[int, str]] = field(default_factory=list)
    zone: str = ""
    rhythm: Rhythm | None = None

    def words(self, zone: str | None = None) -> str:
        """As one would say it, with examples for what is missing."""
        day = DAYS[self.days[0] if self.days else 0].lower()
        days = {Rhythm.WEEKDAYS: "weekdays", Rhythm.FORTNIGHTLY: f"every 2 weeks {day}"}
        hour, minute = self.times[0] if self.times else (9, 0)
        named = self.zone if zone is None else zone
        return f"{days.get(self.rhythm or Rhythm.WEEKLY, day)} {hour:02}:{minute:02}" + (f" {named}" if named else "")

    def told(self) -> str:
        """A sentence about what was understood, with a space behind it; "" if nothing was."""
        parts = [" and ".join(DAYS[day] for day in self.days), " and ".join(f"{h:02}:{m:02}" for h, m in self.times)]
        rhythm = _SAID[self.rhythm] if self.rhythm else ""
        shown = ", ".join(part for part in (rhythm, *parts, self.zone) if part)
        return f"I read {shown}. " if shown else ""

    def filled(self) -> dict[str, str]:
        """The same for the lines of the form."""
        lines = {"rhythm": str(self.rhythm or ""), "day": "".join(map(str, self.days[:1])), "zone": self.zone}
        lines["time"] = "".join(f"{hour:02}:{minute:02}" for hour, minute in self.times[:1])
        return {name: value for name, value in lines.items() if value}

    def unclear(self, text: str, choices: Sequence[str] = ()) -> Unclear:
        """Ask back, with what was understood."""
        return Unclear(text, choices, self.filled())


def read_schedule(words: Sequence[str], own: str) -> When:
    """When a digest is to come; the zone is ``own`` where none is named.

    Raises Unclear with what was understood, what was not, and an example; in another language with the same in English.
    """
    try:
        return _read_schedule(words, own)
    except Unclear:
        if (english := in_english(words)) == list(words):
            raise
    meant = _read_schedule(english, own)
    named = meant.zone if meant.zone != zones.usable(own) else ""
    heard = _Heard(own, [meant.weekday], [(meant.hour, meant.minute)], zone=named, rhythm=meant.rhythm)
    raise heard.unclear(f"I read days and times in English. Did you mean {_say(heard.words())}?", [heard.words()])


def _read_schedule(words: Sequence[str], own: str) -> When:
    heard = _Heard(own)
    tokens = _without_rhythm(heard, _tokens(" ".join(words)))
    _refuse_other_rhythms(heard, tokens)
    _take_all(heard, tokens)
    _take_zone(heard)
    _refuse_what_is_missing(heard)
    day, (hour, minute) = next(iter(heard.days), 0), heard.times[0]
    return When(heard.rhythm or Rhythm.WEEKLY, day, hour, minute, heard.zone or zones.usable(own))


def _refuse_what_is_missing(heard: _Heard) -> None:
    """Ask for what was not said, and for the one of several."""
    on_weekdays = heard.rhythm is Rhythm.WEEKDAYS
    if not heard.days and not on_weekdays:
        raise heard.unclear(f"{heard.told()}Which day of the week? Try {_say(heard.words())}.")
    if not heard.times:
        raise heard.unclear(f"{heard.told()}At what time? Try {_say(heard.words())}.", [heard.words()])
    if heard.days and on_weekdays:
        weekly = _Heard(heard.own, heard.days, heard.times, zone=heard.zone)
        raise heard.unclear(
            f"{heard.told()}On weekdays, or on one of them? {_say(heard.words())}.", [heard.words(), weekly.words()]
        )
    if len(heard.days) > 1 or len(heard.times) > 1:
        every = [
            _Heard(heard.own, [day], [time], zone=heard.zone, rhythm=heard.rhythm).words()
            for day in heard.days or [0]
            for time in heard.times
        ]
        several = [_Heard(heard.own, [], heard.times, zone=heard.zone, rhythm=Rhythm.WEEKDAYS).words()]
        every = [*every[:4], *(several if len(heard.days) > 1 and len(heard.times) == 1 else [])]
        once = "once a day" if on_weekdays else "on one day of the week" if len(heard.days) > 1 else "once a day"
        raise heard.unclear(f"{heard.told()}A digest comes {once}: which is it? {_say(every[0])}.", every)


def read_switch(words: Sequence[str]) -> str:
    """``on``, ``off`` or ``now`` where that alone is said, however it is said; else "". "Off now" is off."""
    plain = [_plain(word) for word in _tokens(" ".join(words))]
    if ("end", "of") in itertools.pairwise(plain):  # of the week, of the day
        return ""
    left = [word for word in plain if word not in _BESIDE_SWITCHES]
    said = {_SWITCHES.get(word, "") for word in left}
    if "" in said or {"on", "off"} <= said:
        return ""
    return next((switch for switch in ("off", "on", "now") if switch in said), "")


def says_nothing(words: Sequence[str]) -> bool:
    """Whether no word among them means anything: "me", "to" in front of a channel."""
    return all(_plain(word) in _IDLE for word in _tokens(" ".join(words)))


def read_zone(words: str, own: str) -> str:
    """The zone that is meant. Raises Unclear."""
    found = zones.meant(words, own)
    if found.zone:
        return found.zone
    likely = " or ".join(map(code, found.zones))
    way = f"Did you mean {likely}?" if likely else "Try a city, such as `Berlin`, or `UTC`."
    raise Unclear(f"{found.doubt}. {way}", found.zones)


def _say(words: str) -> str:
    return code(f"/flosum remind {words}")


# --- words ---------------------------------------------------------------------------------------------

_IDLE = frozenset(
    "& a and at by change clock come comes day digest each every everybody everyone for from hour hours hrs in"
    " instead it make me move o'clock oclock of on once or per please post remind reminder send set sharp starting team"
    " the time to uhr week weekly your".split()
)
"""Words that say nothing here."""

_SAID = {
    Rhythm.WEEKLY: "every week",
    Rhythm.FORTNIGHTLY: "every two weeks",
    Rhythm.WEEKDAYS: "weekdays",
}
_MONDAY, _FRIDAY = "mo(?:n(?:day)?)?s?|m", "fr(?:i(?:day)?)?s?|f"
_RHYTHMS = {
    Rhythm.FORTNIGHTLY: late(
        r"(?:(?:every|each|on|once|a|per|the) )*"
        r"(?:(?:other|2|2nd|second|alternate|alternating) weeks?|bi ?-?weekly|fortnight(?:ly)?|2[ -]?weekly|14 days"
        r"|alternate|alternating|(?:every|each) (?:other|second|2nd))"
    ),
    Rhythm.WEEKDAYS: late(
        r"(?:(?:every|each|on|all) )*"
        r"(?:weekdays?|workdays?|(?:work|week|working|business) days?"
        rf"|(?:from )?(?:{_MONDAY}) ?(?:-|–|—|to|till?|until|through|thru) ?(?:{_FRIDAY})"
        r"|(?:daily|every ?day) (?:except|but not|without|not)(?: on)?(?: the)? weekends?)"
    ),
    Rhythm.WEEKLY: late(r"(?:(?:every|each|once|1|in|a|per|the) )*(?:1 )?(?:weekly|week)"),
}
"""How a rhythm is said. "every other" and "every second" stand in front of a day; the second Friday is a month's."""
_LONGEST_RHYTHM = 6  # words

_OTHERS = frozenset(
    "daily everyday hourly minute minutes month monthly months quarterly today tomorrow tonight twice thrice"
    " weekend weekends year yearly days weeks next this starting until".split()
)
"""Words for a rhythm that a digest has not."""

_NEARLY_WEEKDAYS = ("daily", "everyday")
_MONTHS = "|".join(MONTHS)
_DATE = r"(?:the )?\d{1,2}(?:st|nd|rd|th)?"
_OTHER_RUNS = late(
    r"(?P<days>(?:every|each) (?:day|morning|afternoon|evening|night)|mornings|evenings)"
    r"|in (?:an?|\d+) (?:seconds?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?)"
    r"|(?:every|each) \d+ \w+"
    r"|(?:(?:first|second|third|fourth|last|1st|2nd|3rd|4th) )?(?P<kept>\w+) of (?:the|every|each) month"
    rf"|(?:{_DATE} (?:of )?(?:{_MONTHS})|(?:{_MONTHS}) {_DATE})(?: \d{{4}})?"
)
"""The same in several words, and a date; a time of the day every day is nearly on weekdays."""

_SWITCHES = {
    "off": "off",
    "stop": "off",
    "pause": "off",
    "disable": "off",
    **dict.fromkeys("cancel delete don't dont end mute quit remove unsubscribe".split(), "off"),
    "on": "on",
    "resume": "on",
    "enable": "on",
    "now": "now",
}
_BESIDE_SWITCHES = (_IDLE - {"on"}) | {"again", "back", "just", "right", "switch", "turn"}
_BESIDE_SWITCHES |= {"reminding", "sending", "posting", "reminders", "digests", "this", "that", "these"}

_HALVES = {"morning": "am", "afternoon": "pm", "evening": "pm", "night": "pm"}
_HALVES |= {f"{name}s": half for name, half in _HALVES.items()}
_NUMBERS = {
    name: str(number)
    for number, name in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)
} | {"fifteen": "15", "thirty": "30", "forty-five": "45"}

_TIME = late(
    r"(?P<hour>\d{1,2})(?:(?:[:.h]| (?=\d\d\b))(?P<minute>\d{2}))?(?::\d{2})?h? ?(?P<half>am|pm|a|p)?"
    r"|(?P<hour4>\d{1,2})(?P<minute4>\d{2})h? ?(?P<half4>am|pm)?"
    r"|(?P<part>half|quarter) (?P<side>past|after|to) (?P<near>\d{1,2}) ?(?P<half3>am|pm)?"
    r"|(?:12 ?(?:00)? )?(?P<named>noon|midday|midnight)"
)
_NAMED = {"noon": (12, 0), "midday": (12, 0), "midnight": (0, 0)}
_LONGEST_TIME = 4  # words


_SHORT = "|".join(day[:3] for day in DAYS)
_SEVERAL = late(
    rf"(?i)\b((?:{_SHORT})[a-z]*)(?:\s*([/+]|[-–—])\s*|\s+(to|till?|until|through|thru)\s+)((?:{_SHORT})[a-z]*)\b"
)
"""Days that stand together, or the first and the last of several: "tue/thu", "mon-wed"."""


def _each_day(found: re.Match[str]) -> str:
    """Every one of them; Monday to Friday is a rhythm of its own."""
    first, mark, _, last = found.groups()
    begin, end = _day(first.casefold()), _day(last.casefold())
    if mark in ("/", "+"):
        return f"{first} {last}"
    if begin is None or end is None or (begin, end) == (0, 4):
        return f"{first} to {last}"
    return " ".join(DAYS[(begin + ahead) % 7] for ahead in range((end - begin) % 7 + 1))


def _tokens(text: str) -> list[str]:
    """The words, as they were typed, without what stands between them."""
    text = unicodedata.normalize("NFKC", text).replace("’", "'").replace("−", "-")  # ９：００
    for _ in DAYS:  # "mon/wed/fri" is two pairs
        text = _SEVERAL.sub(_each_day, text)
    return [word for raw in re.split(r"[\s,;()@]+", text) if (word := raw.strip("\"'“”‘`!?").rstrip(".-:"))]


def _plain(word: str) -> str:
    word = word.casefold()
    if re.fullmatch(r"(\d[\d:.]*)?[ap]\.m", word):
        word = word.replace(".m", "m")
    return _NUMBERS.get(word, word)


def _without_rhythm(heard: _Heard, tokens: list[str]) -> list[str]:
    """The words without those that name the rhythm, which is taken; the longest way of saying it counts."""
    plain, place, left = [_plain(word) for word in tokens], 0, list[str]()
    while place < len(tokens):
        length, rhythm = _rhythm_at(plain, place)
        if rhythm is None:
            left.append(tokens[place])
        elif heard.rhythm not in (None, Rhythm.WEEKLY, rhythm) and rhythm is not Rhythm.WEEKLY:
            raise heard.unclear(f"{heard.told()}{code(' '.join(tokens[place : place + length]))} is another rhythm.")
        elif heard.rhythm is None or rhythm is not Rhythm.WEEKLY:
            heard.rhythm = rhythm
        place += length
    return left


def _rhythm_at(plain: Sequence[str], place: int) -> tuple[int, Rhythm | None]:
    """How many words from here on name a rhythm, and which; one word and None where none does."""
    for length in range(min(_LONGEST_RHYTHM, len(plain) - place), 0, -1):
        said = " ".join(plain[place : place + length])
        for rhythm, form in _RHYTHMS.items():
            if form.fullmatch(said):
                return length, rhythm
    return 1, None


def _refuse_other_rhythms(heard: _Heard, tokens: Sequence[str]) -> None:
    plain = [_plain(word) for word in tokens]
    run = re.search(rf"(?<!\S)(?:{_OTHER_RUNS.pattern})(?!\S)", " ".join(plain))
    if run and run["days"] and (heard.rhythm is Rhythm.WEEKDAYS or any(_day(word) is not None for word in plain)):
        run = None  # "weekday mornings", "monday mornings"
    other = run[0] if run else next((word for word in tokens if word.casefold() in _OTHERS), None)
    if other is None:
        return
    rest = _Heard(heard.own)
    with contextlib.suppress(Unclear):  # it is an example for what is asked back, no more
        _take_all(rest, _OTHER_RUNS.sub(_what_counts, " ".join(plain)).split())
    heard.days, heard.times = rest.days[:1], rest.times[:1]
    if other.casefold() in _NEARLY_WEEKDAYS or (run and run["days"]):
        heard.rhythm = Rhythm.WEEKDAYS
    raise heard.unclear(
        f"A digest comes every week or every two weeks on one day, or on weekdays; {code(shorten(other, _SHOWN))} is "
        f"something else. Try {_say(heard.words())}.",
        [heard.words()] if heard.times else (),
    )


def _what_counts(run: re.Match[str]) -> str:
    return run[0].split()[-1].removesuffix("s") if run["days"] else run["kept"] or ""


def _take_all(heard: _Heard, tokens: list[str]) -> None:
    """Sort the words into days, times, and the rest."""
    plain = [_plain(word) for word in tokens]
    heard.half = next((_HALVES[word] for word in plain if word in _HALVES), "")
    place = 0
    while place < len(tokens):
        if used := _take_time(heard, plain, place):
            place += used
            continue
        word, day = plain[place], _day(plain[place])
        if day is not None:
            heard.days += [day] if day not in heard.days else []
        elif word not in _IDLE and word not in _HALVES and (word, place) != ("us", 0):  # "us Monday", not "9:00 US"
            heard.rest.append((place, tokens[place]))
        place += 1


def _day(word: str) -> int | None:
    bare = word.removesuffix("'s").removesuffix("s") or word
    return next((n for n, day in enumerate(DAYS) if len(bare) >= 2 and day.casefold().startswith((word, bare))), None)


# --- times ---------------------------------------------------------------------------------------------


def _take_time(heard: _Heard, plain: Sequence[str], place: int) -> int:
    """Take a time that begins here; how many words it has. Raises Unclear for a time that no clock shows."""
    for length in range(_LONGEST_TIME, 0, -1):
        said = " ".join(plain[place : place + length])
        if place + length <= len(plain) and (found := _TIME.fullmatch(said)):
            time = _time(found, heard.half)
            if time is None:
                raise _no_time(heard, said)
            heard.times += [time] if time not in heard.times else []
            return length
    return 0


def _time(found: re.Match[str], half_said: str) -> tuple[int, int] | None:
    if found["named"]:
        return _NAMED[found["named"]]
    hour, minute = int(found["hour"] or found["hour4"] or found["near"]), int(found["minute"] or found["minute4"] or 0)
    if found["part"]:
        minute = {"half": 30, "quarter": 15}[found["part"]]
        if found["side"] == "to":
            hour, minute = (hour - 1) or 12, 60 - minute
    half = (found["half"] or found["half4"] or found["half3"] or "")[:1]
    if half and not 1 <= hour <= 12:
        return None
    half = half or (half_said[:1] if 1 <= hour <= 12 else "")
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return (hour, minute) if hour <= 23 and minute <= 59 else None


def _no_time(heard: _Heard, said: str) -> Unclear:
    told, without_half = heard.told(), _TIME.fullmatch(re.sub(r" ?[ap]m?$", "", said))  # 13pm, 14:30 pm
    heard.times = [time] if without_half and (time := _time(without_half, "")) else []
    way = f"Did you mean {_say(heard.words())}?" if heard.times else f"Try {_say(heard.words())}."
    return heard.unclear(f"{told}{code(said)} is not a time of the day. {way}", [heard.words()] if heard.times else ())


# --- zones and what is left ----------------------------------------------------------------------------


def _take_zone(heard: _Heard) -> None:
    """Read what is left as a zone, and refuse what is none."""
    unread = []
    for run in _runs(heard.rest):
        found = zones.meant(run, heard.own)
        if found.zone and not heard.zone:
            heard.zone = found.zone
        elif found.zone != heard.zone:
            unread.append((run, found))
    if unread:
        _refuse(heard, *unread[0])


def _runs(rest: Sequence[tuple[int, str]]) -> Iterator[str]:
    """Words that stood beside each other, joined."""
    run: list[str] = []
    for number, (place, word) in enumerate(rest):
        if run and place != rest[number - 1][0] + 1:
            yield " ".join(run)
            run = []
        run.append(word)
    if run:
        yield " ".join(run)


def _refuse(heard: _Heard, run: str, found: zones.Meant) -> None:
    """Say what of the words is not understood, with what they may mean."""
    shown = code(shorten(run, _SHOWN))
    if found.zone:
        choices = [heard.words(heard.zone), heard.words(found.zone)]
        raise heard.unclear(f"{heard.told()}{shown} is another zone. Which one? {_say(choices[0])}.", choices)
    if found.zones:
        likely, choices = " or ".join(map(code, found.zones)), [heard.words(zone) for zone in found.zones]
        raise heard.unclear(f"{heard.told()}{found.doubt}. Did you mean {likely}? Say {_say(choices[0])}.", choices)
    days_known = bool(heard.days) or heard.rhythm is Rhythm.WEEKDAYS
    if not days_known and (day := _nearly_a_day(run)):
        heard.days = [day - 1]
        raise heard.unclear(f"{shown} is not a day of the week. Did you mean {_say(heard.words())}?", [heard.words()])
    if not days_known or not heard.times:
        kind = "time of the day" if days_known else "day of the week"
        raise heard.unclear(f"{heard.told()}{shown} is not a {kind}. Try {_say(heard.words())}.")
    example = heard.words(heard.zone or zones.usable(heard.own))
    raise heard.unclear(f"{heard.told()}{found.doubt}. Try {_say(example)}.")


def _nearly_a_day(word: str) -> int:
    """Which day a slip of the keyboard was, or another language's word, from 1; 0 if it was none."""
    if (found := day_called(word)) is not None:
        return found + 1
    near = difflib.get_close_matches(word.casefold().removesuffix("s"), [day.casefold() for day in DAYS], 1, 0.7)
    return [day.casefold() for day in DAYS].index(near[0]) + 1 if near else 0
