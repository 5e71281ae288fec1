"""A day, a time and a zone in anybody's words: ``every monday at 9am Berlin``.

Why no library reads them: of 32 such lines, half of them wrong on purpose, dateparser 1.5 got 15 right and 8 silently
wrong ("monday at 9" is a Saturday there), parsedatetime 15 and 17, dateutil 14 and 8, recurrent 18 and 14, timefhuman
18 and 14. They look for a moment in a text and pass over what they do not know; here every word must be understood.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.domain.answers.markup import code
from bot.domain.digest import zones
from bot.domain.digest.schedule import DAYS
from bot.domain.errors import AskerError

_SHOWN = 40  # letters of somebody's words that are said again


class Unclear(AskerError):
    """It may be one of several; ``choices`` are words for each, which are clear."""

    def __init__(self, text: str, choices: Sequence[str] = ()) -> None:
        super().__init__(text)
        self.choices = tuple(choices)


@dataclass(slots=True)
class _Heard:
    """What was understood so far, and the words that were not, each with its place."""

    own: str
    days: list[int] = field(default_factory=list)
    times: list[tuple[int, int]] = field(default_factory=list)
    half: str = ""
    rest: list[tuple[int, str]] = field(default_factory=list)
    zone: str = ""

    def words(self, zone: str | None = None) -> str:
        """As one would say it, with examples for what is missing."""
        day = DAYS[self.days[0] if self.days else 0].lower()
        hour, minute = self.times[0] if self.times else (9, 0)
        named = self.zone if zone is None else zone
        return f"{day} {hour:02}:{minute:02}" + (f" {named}" if named else "")

    def told(self) -> str:
        """A sentence about what was understood, with a space behind it; "" if nothing was."""
        parts = [" and ".join(DAYS[day] for day in self.days), " and ".join(f"{h:02}:{m:02}" for h, m in self.times)]
        shown = ", ".join(part for part in (*parts, self.zone) if part)
        return f"I read {shown}. " if shown else ""


def read_schedule(words: Sequence[str], own: str) -> tuple[int, int, int, str]:
    """Weekday (0 = Monday), hour, minute and zone; the zone is ``own`` where none is named.

    Raises Unclear with what was understood, what was not, and an example.
    """
    heard = _Heard(own)
    tokens = _tokens(" ".join(words))
    _refuse_other_rhythms(heard, tokens)
    _take_all(heard, tokens)
    _take_zone(heard)
    if not heard.days:
        raise Unclear(f"{heard.told()}Which day of the week? Try {_say(heard.words())}.")
    if not heard.times:
        raise Unclear(f"{heard.told()}At what time? Try {_say(heard.words())}.", [heard.words()])
    if len(heard.days) > 1 or len(heard.times) > 1:
        every = [_Heard(own, [day], [time], zone=heard.zone).words() for day in heard.days for time in heard.times]
        raise Unclear(f"{heard.told()}The digest comes once a week: which is it? {_say(every[0])}.", every[:4])
    return heard.days[0], *heard.times[0], heard.zone or zones.usable(own)


def read_switch(words: Sequence[str]) -> str:
    """``on``, ``off`` or ``now`` where that alone is said, however it is said; else "". "Off now" is off."""
    left = [word for word in map(_plain, _tokens(" ".join(words))) if word not in _BESIDE_SWITCHES]
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
    "& a and at by clock come comes day digest each every for from hour hours hrs in it me o'clock oclock of on once"
    " or per please post remind reminder send sharp starting the time to week weekly your".split()
)
"""Words that say nothing here."""

_RHYTHMS = frozenset(
    "2nd alternate biweekly daily everyday fortnight fortnightly hourly month monthly other second today tomorrow"
    " tonight weekday weekdays weekend weekends workday workdays yearly".split()
)
"""Words for another rhythm than once a week, on one day."""

_SWITCHES = {
    "off": "off",
    "stop": "off",
    "pause": "off",
    "disable": "off",
    "on": "on",
    "resume": "on",
    "enable": "on",
    "now": "now",
}
_BESIDE_SWITCHES = (_IDLE - {"on"}) | {"again", "back", "just", "right", "switch", "turn"}

_HALVES = {"morning": "am", "afternoon": "pm", "evening": "pm", "night": "pm"}
_NUMBERS = {
    name: str(number)
    for number, name in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)
} | {"fifteen": "15", "thirty": "30", "forty-five": "45"}

_TIME = re.compile(
    r"(?P<hour>\d{1,2})(?:(?:[:.h]| (?=\d\d\b))(?P<minute>\d{2}))?(?::\d{2})?h? ?(?P<half>am|pm|a|p)?"
    r"|(?P<hour4>\d{1,2})(?P<minute4>\d{2})h? ?(?P<half4>am|pm)?"
    r"|(?P<part>half|quarter) (?P<side>past|after|to) (?P<near>\d{1,2}) ?(?P<half3>am|pm)?"
    r"|(?:12 ?(?:00)? )?(?P<named>noon|midday|midnight)"
)
_NAMED = {"noon": (12, 0), "midday": (12, 0), "midnight": (0, 0)}
_LONGEST_TIME = 4  # words


def _tokens(text: str) -> list[str]:
    """The words, as they were typed, without what stands between them."""
    text = text.replace("’", "'").replace("−", "-")
    return [word for raw in re.split(r"[\s,;()@]+", text) if (word := raw.strip("\"'“”‘`!?").rstrip(".-:"))]


def _plain(word: str) -> str:
    word = word.casefold()
    if re.fullmatch(r"(\d[\d:.]*)?[ap]\.m", word):
        word = word.replace(".m", "m")
    return _NUMBERS.get(word, word)


def _refuse_other_rhythms(heard: _Heard, tokens: Sequence[str]) -> None:
    if other := next((word for word in tokens if word.casefold() in _RHYTHMS), None):
        heard.days = [day for word in tokens if (day := _day(_plain(word))) is not None][:1]
        raise Unclear(
            f"The digest comes once a week, on one day; {code(other[:_SHOWN])} is something else. "
            f"Try {_say(heard.words())}."
        )


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
    return Unclear(f"{told}{code(said)} is not a time of the day. {way}", [heard.words()] if heard.times else ())


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
    shown = code(run[:_SHOWN])
    if found.zone:
        choices = [heard.words(heard.zone), heard.words(found.zone)]
        raise Unclear(f"{heard.told()}{shown} is another zone. Which one? {_say(choices[0])}.", choices)
    if found.zones:
        likely, choices = " or ".join(map(code, found.zones)), [heard.words(zone) for zone in found.zones]
        raise Unclear(f"{heard.told()}{found.doubt}. Did you mean {likely}? Say {_say(choices[0])}.", choices)
    if not heard.days and (day := _nearly_a_day(run)):
        heard.days = [day - 1]
        raise Unclear(f"{shown} is not a day of the week. Did you mean {_say(heard.words())}?", [heard.words()])
    if not heard.days or not heard.times:
        kind = "time of the day" if heard.days else "day of the week"
        raise Unclear(f"{heard.told()}{shown} is not a {kind}. Try {_say(heard.words())}.")
    example = heard.words(heard.zone or zones.usable(heard.own))
    raise Unclear(f"{heard.told()}{found.doubt}. Try {_say(example)}.")


def _nearly_a_day(word: str) -> int:
    """Which day a slip of the keyboard was, from 1; 0 if it was none."""
    near = difflib.get_close_matches(word.casefold().removesuffix("s"), [day.casefold() for day in DAYS], 1, 0.7)
    return [day.casefold() for day in DAYS].index(near[0]) + 1 if near else 0
