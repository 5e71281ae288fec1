"""Which clock somebody means: a name of the zone database, a city, a country, an abbreviation, an offset."""

from __future__ import annotations

import difflib
import importlib.resources
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.domain.answers.markup import code
from bot.domain.command import shorten
from bot.domain.digest import zone_data
from bot.domain.digest.places import ABBREVIATIONS, AT_OFFSETS, CITIES, COUNTRIES, NICKNAMES

OTHERWISE = "UTC"
"""The clock of whoever has none that the zone database knows."""

DATA = zone_data.NEWEST
"""The zone data of this process."""

_ASKED_AT_MOST = 5  # zones that one of is to be chosen
_SEASONS = (datetime(2030, 1, 15, tzinfo=UTC), datetime(2030, 7, 15, tzinfo=UTC))
_OFFSET = re.compile(r"(?:utc|gmt|etc gmt)? ?(?P<sign>[+-]) ?(?P<hours>1[0-4]|0?\d)(?::?(?P<minutes>[0-5]\d))?")
_LONGEST = 40  # letters of a name that are worth looking at, and showing
_NO_CITIES = ("", "Etc", "US", "Canada", "Brazil", "Mexico", "Chile", "North", "South", "West", "ACT", "LHI")
_UNFIT = ("Factory", "localtime")  # of the database, and no clock that people mean


@dataclass(frozen=True, slots=True)
class Meant:
    """The zones that words can mean, the likeliest first; ``doubt`` says why one is to be chosen, "" where it is clear.

    Nothing is known of words without a zone.
    """

    zones: tuple[str, ...]
    doubt: str = ""

    @property
    def zone(self) -> str | None:
        """The zone, where it is clear."""
        return self.zones[0] if self.zones and not self.doubt else None


def usable(zone: str) -> str:
    """The zone, or UTC where today's zone database lacks it: Slack's profiles and old settings may hold such a name."""
    return zone if zone in _known() else OTHERWISE


def meant(words: str, own: str) -> Meant:
    """What somebody whose clock is ``own`` means by some words."""
    said = _plain(words)
    if said in ("my", "mine", "local", "own", "our"):
        return Meant((usable(own),))
    if offset := _OFFSET.fullmatch(said):
        return _at_offset(words, offset, own)
    if said in ABBREVIATIONS:
        return _abbreviated(words, said, own)
    if said in NICKNAMES:
        return Meant((NICKNAMES[said],))
    # Cities come before the database's single words, such as "Japan": what is shown names a clock alike everywhere.
    return _place(words, said, own) or _by_name(words, said)


def _plain(words: str) -> str:
    """Without accents, capitals, and what only says that a clock is meant."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", words) if not unicodedata.combining(sign))
    bare = re.sub(r"[\s_/]+", " ", bare.casefold().replace("−", "-").replace(".", "")).strip(" ,()")
    return re.sub(r"^the |( standard| daylight| summer| winter)?( time ?zone| timezone| time| zone| tz)?$", "", bare)


# --- offsets and abbreviations -------------------------------------------------------------------------


def _at_offset(words: str, offset: re.Match[str], own: str) -> Meant:
    minutes = (int(offset["hours"]) * 60 + int(offset["minutes"] or 0)) * (-1 if offset["sign"] == "-" else 1)
    if words.casefold().startswith("etc/"):  # there the sign is the other way round
        minutes = -minutes
    away = timedelta(minutes=minutes)
    likely = [own] if own in _known() and away in _clock(own) else []
    likely += [AT_OFFSETS[minutes]] if minutes in AT_OFFSETS else []
    if likely and set(_clock(likely[0])) == {away}:
        return Meant((likely[0],))
    return Meant(_distinct(likely), f"{code(words)} is the same all year: it knows no daylight saving")


def _abbreviated(words: str, said: str, own: str) -> Meant:
    """What an abbreviation means to somebody: their own clock, in either half of its year, before any other."""
    zones = ABBREVIATIONS[said].split()
    if _is_own(said, zones, own):
        zones = [own, *(zone for zone in zones if zone == OTHERWISE)]  # some say GMT for UTC
    likely = _distinct(zones)
    if len(likely) > 1:
        return Meant(likely, f"{code(words)} means several clocks")
    is_half = likely[0] != own and len({*_clock(likely[0])}) > 1
    return Meant(likely, f"{code(words)} is the clock of half a year, and a digest comes all year" if is_half else "")


def _is_own(said: str, zones: Sequence[str], own: str) -> bool:
    """Whether an abbreviation of these zones is one of somebody's own clock, "" for nobody's."""
    return own in _known() and (said in _called(own) or own in zones or len(_distinct((own, *zones))) == 1)


def _called(zone: str) -> set[str]:
    """What a clock is called in either half of the year."""
    return {(moment.astimezone(ZoneInfo(zone)).tzname() or "").casefold() for moment in _SEASONS}


# --- places --------------------------------------------------------------------------------------------


def _place(words: str, said: str, own: str) -> Meant | None:
    found = _cities().get(said) or _countries().get(said)
    if found is None:
        return None
    zones = _distinct(found)
    if usable(own) in found:  # "Germany" has two names of one clock
        zones = (usable(own), *(zone for zone in zones if _clock(zone) != _clock(usable(own))))
    return Meant(zones, f"{code(words)} has several clocks" if len(zones) > 1 else "")


def _by_name(words: str, said: str) -> Meant:
    if said in _names():
        return Meant((_names()[said],))
    known = {**{said: (zone,) for said, zone in _names().items()}, **_countries(), **_cities()}
    near = difflib.get_close_matches(said, known, n=1, cutoff=0.8) if 3 < len(said) < _LONGEST else []
    likely = _distinct(zone for name in near for zone in known[name])
    return Meant(likely, f"{code(shorten(words, _LONGEST))} is not a city or a time zone that I know")


@cache
def _names() -> dict[str, str]:
    """Every zone, by its name in plain letters."""
    return {_plain(zone): zone for zone in sorted(available_timezones()) if zone not in _UNFIT}


@cache
def _known() -> frozenset[str]:
    return frozenset(_names().values())


@cache
def _cities() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    # Of two names of one clock the longer one is the newer: America/Argentina/Buenos_Aires.
    for zone in sorted(_names().values(), key=len, reverse=True):
        area, _, city = zone.rpartition("/")
        if area not in _NO_CITIES and city not in _NO_CITIES:
            found.setdefault(_plain(city), []).append(zone)
    for zone, cities in CITIES.items():
        for city in cities.split(", "):
            found.setdefault(_plain(city), []).append(zone)
    return {city: _distinct(zones) for city, zones in found.items()}


@cache
def _countries() -> dict[str, tuple[str, ...]]:
    """The zones of each country, those of its large cities first."""
    zones: dict[str, list[str]] = {}
    for country, _, zone, *_ in _table("zone.tab"):
        zones.setdefault(country, []).append(zone)
    names = {_plain(name): country for country, name in _table("iso3166.tab")} | COUNTRIES
    likely = {country: tuple(sorted(named, key=lambda zone: zone not in CITIES)) for country, named in zones.items()}
    return {name: likely[country] for name, country in names.items() if country in likely}


def _table(name: str) -> list[list[str]]:
    text = (importlib.resources.files("tzdata.zoneinfo") / name).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


@cache
def _clock(zone: str) -> tuple[timedelta | None, ...]:
    """How far a clock is from UTC in either half of the year."""
    return tuple(moment.astimezone(ZoneInfo(zone)).utcoffset() for moment in _SEASONS)


def _distinct(zones: Iterable[str]) -> tuple[str, ...]:
    """Of zones with the same clock the first."""
    first: dict[object, str] = {}
    for zone in zones:
        first.setdefault(_clock(zone), zone)
    return tuple(first.values())[:_ASKED_AT_MOST]
