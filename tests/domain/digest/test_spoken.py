"""A day, a time and a zone in anybody's words, and what is asked back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.digest.schedule import DAYS
from bot.domain.digest.spoken import Unclear, When, read_schedule, read_switch, read_zone, says_nothing
from bot.domain.digest.subscription import Rhythm
from bot.domain.digest.zones import meant, usable

OWN = "Europe/Vienna"


@pytest.mark.parametrize(
    ("typed", "day", "time"),
    [
        ("monday 09:00", 0, "09:00"),
        ("mondays at 9am", 0, "09:00"),
        ("every monday at 9:00", 0, "09:00"),
        ("monday 9:00 am", 0, "09:00"),
        ("9:00 monday", 0, "09:00"),
        ("monday at 9", 0, "09:00"),
        ("tuesday 9 am", 1, "09:00"),
        ("9 on monday", 0, "09:00"),
        ("on monday at 9:00, please", 0, "09:00"),
        ("me every Monday @ 9", 0, "09:00"),
        ("us mondays at 9", 0, "09:00"),
        ("MONDAY 9AM", 0, "09:00"),
        ("“monday” 9:00", 0, "09:00"),
        ("monday, 9:00", 0, "09:00"),
        ("monday's 9:00.", 0, "09:00"),
        ("monday morning at 9", 0, "09:00"),
        ("monday at 9 in the evening", 0, "21:00"),
        ("monday at 14:00 in the afternoon", 0, "14:00"),
        ("monday at nine o'clock", 0, "09:00"),
        ("monday at nine o’clock", 0, "09:00"),
        ("Mondays 9 a.m.", 0, "09:00"),
        ("Mondays 9p.m.", 0, "21:00"),
        ("monday 9:30pm", 0, "21:30"),
        ("monday 0900", 0, "09:00"),
        ("monday 930", 0, "09:30"),
        ("monday 9 30", 0, "09:30"),
        ("monday 9h", 0, "09:00"),
        ("monday 9h30", 0, "09:30"),
        ("monday 9.30", 0, "09:30"),
        ("monday 9:00:00", 0, "09:00"),
        ("monday half past nine", 0, "09:30"),
        ("monday quarter to nine", 0, "08:45"),
        ("monday quarter past 1 pm", 0, "13:15"),
        ("monday quarter to one pm", 0, "12:45"),
        ("weekly on thursday at 16:15", 3, "16:15"),
        ("each friday at 5 pm", 4, "17:00"),
        ("thurs at noon", 3, "12:00"),
        ("thurs 12 noon", 3, "12:00"),
        ("wednesday 12 am", 2, "00:00"),
        ("wednesday 12pm", 2, "12:00"),
        ("sunday midnight", 6, "00:00"),
        ("sun 0:00", 6, "00:00"),
        ("sat 23:59", 5, "23:59"),
        ("tu 9", 1, "09:00"),
        ("weds. 9", 2, "09:00"),
        ("ｍｏｎｄａｙ ９：３０", 0, "09:30"),
    ],
)
def test_a_day_and_a_time_are_read_in_the_persons_own_zone(typed: str, day: int, time: str) -> None:
    hour, minute = map(int, time.split(":"))

    assert read_schedule(typed.split(), OWN) == When(Rhythm.WEEKLY, day, hour, minute, OWN)


@pytest.mark.parametrize(
    ("typed", "rhythm", "day", "time"),
    [
        ("weekdays 8:30", Rhythm.WEEKDAYS, 0, "08:30"),
        ("every weekday at 8:30", Rhythm.WEEKDAYS, 0, "08:30"),
        ("8:30 on workdays", Rhythm.WEEKDAYS, 0, "08:30"),
        ("every working day 8:30", Rhythm.WEEKDAYS, 0, "08:30"),
        ("business days 8:30 am", Rhythm.WEEKDAYS, 0, "08:30"),
        ("mon-fri 8:30", Rhythm.WEEKDAYS, 0, "08:30"),
        ("Mon – Fri at 8:30", Rhythm.WEEKDAYS, 0, "08:30"),
        ("monday to friday 8:30", Rhythm.WEEKDAYS, 0, "08:30"),
        ("from monday through friday at 8:30", Rhythm.WEEKDAYS, 0, "08:30"),
        ("daily except weekends 8:30", Rhythm.WEEKDAYS, 0, "08:30"),
        ("weekday mornings at 8:30", Rhythm.WEEKDAYS, 0, "08:30"),
        ("every 2 weeks friday 14:00", Rhythm.FORTNIGHTLY, 4, "14:00"),
        ("every two weeks on friday at 2pm", Rhythm.FORTNIGHTLY, 4, "14:00"),
        ("every other friday at 9", Rhythm.FORTNIGHTLY, 4, "09:00"),
        ("every other week friday 9", Rhythm.FORTNIGHTLY, 4, "09:00"),
        ("every second friday at 9", Rhythm.FORTNIGHTLY, 4, "09:00"),
        ("every 2nd friday at 9", Rhythm.FORTNIGHTLY, 4, "09:00"),
        ("biweekly friday 9", Rhythm.FORTNIGHTLY, 4, "09:00"),
        ("bi-weekly on fridays 9", Rhythm.FORTNIGHTLY, 4, "09:00"),
        ("fortnightly friday 9", Rhythm.FORTNIGHTLY, 4, "09:00"),
        ("friday at 9 every fortnight", Rhythm.FORTNIGHTLY, 4, "09:00"),
        ("alternate fridays 9:00", Rhythm.FORTNIGHTLY, 4, "09:00"),
        ("friday 9:00 once every two weeks", Rhythm.FORTNIGHTLY, 4, "09:00"),
        ("2-weekly friday 9", Rhythm.FORTNIGHTLY, 4, "09:00"),
        ("every week on friday at 9", Rhythm.WEEKLY, 4, "09:00"),
        ("once a week friday 9", Rhythm.WEEKLY, 4, "09:00"),
        ("friday 9 weekly", Rhythm.WEEKLY, 4, "09:00"),
    ],
)
def test_a_rhythm_is_read_however_it_is_said(typed: str, rhythm: Rhythm, day: int, time: str) -> None:
    hour, minute = map(int, time.split(":"))

    assert read_schedule(typed.split(), OWN) == When(rhythm, day, hour, minute, OWN)


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        ("every 2 weeks friday", {"rhythm": "fortnightly", "day": "4"}),
        ("someday 9:00", {"time": "09:00"}),
        ("friday 25:00 Berlin", {"day": "4"}),
        ("Berlin", {"zone": "Europe/Berlin"}),
    ],
)
def test_what_was_understood_is_there_for_the_form(typed: str, heard: dict[str, str]) -> None:
    with pytest.raises(Unclear) as asked:
        read_schedule(typed.split(), OWN)

    assert asked.value.heard == heard


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("monday 9:00 Europe/Berlin", "Europe/Berlin"),
        ("monday 9:00 europe/berlin", "Europe/Berlin"),
        ("monday 9:00 Berlin", "Europe/Berlin"),
        ("monday 9:00 berlin time", "Europe/Berlin"),
        ("monday at 9 (Berlin)", "Europe/Berlin"),
        ("monday at 9 in Berlin", "Europe/Berlin"),
        ("Berlin monday 9", "Europe/Berlin"),
        ("9:00 Berlin on mondays", "Europe/Berlin"),
        ("tuesday 9 am New York", "America/New_York"),
        ("tuesday 9 am new_york", "America/New_York"),
        ("monday 9 Buenos Aires", "America/Argentina/Buenos_Aires"),
        ("monday 9 Istanbul", "Europe/Istanbul"),
        ("monday 9 St. Louis", "America/Chicago"),
        ("monday 9 münchen", "Europe/Berlin"),
        ("monday 9 Zürich", "Europe/Zurich"),
        ("monday 9 San Francisco", "America/Los_Angeles"),
        ("monday 9 Bangalore", "Asia/Kolkata"),
        ("monday 9 UK", "Europe/London"),
        ("monday 9 British Summer Time", "Europe/London"),
        ("monday 9 Genf", "Europe/Zurich"),
        ("monday 9 Warschau", "Europe/Warsaw"),
        ("monday 9 Bruxelles", "Europe/Brussels"),
        ("monday 9 東京", "Asia/Tokyo"),
        ("monday 9 Москва", "Europe/Moscow"),
        ("monday 9 in India", "Asia/Kolkata"),
        ("monday 9 Germany", "Europe/Berlin"),
        ("monday 9 the Netherlands", "Europe/Amsterdam"),
        ("monday 9 Japan", "Asia/Tokyo"),
        ("monday 9am ET", "America/New_York"),
        ("monday 9am Eastern time", "America/New_York"),
        ("monday 9am pacific", "America/Los_Angeles"),
        ("monday 9am Eastern Daylight Time", "America/New_York"),
        ("monday 9am US Central", "America/Chicago"),
        ("monday 9am US/Mountain", "America/Denver"),
        ("monday 9 JST", "Asia/Tokyo"),
        ("monday 9 UTC", "UTC"),
        ("monday 9 utc time", "UTC"),
        ("monday 9 my time", OWN),
        ("monday 9 local time", OWN),
    ],
)
def test_a_zone_is_named_as_people_name_it(typed: str, zone: str) -> None:
    assert read_schedule(typed.split(), OWN) == When(Rhythm.WEEKLY, 0 if "tue" not in typed else 1, 9, 0, zone)


@pytest.mark.parametrize(
    ("typed", "own", "zone"),
    [
        ("CEST", OWN, OWN),
        ("CET", OWN, OWN),
        ("MESZ", OWN, OWN),
        ("CEST", "Europe/Paris", "Europe/Paris"),
        ("est", "America/Toronto", "America/Toronto"),
        ("EST", "America/Jamaica", "America/Jamaica"),
        ("PST", "Asia/Manila", "Asia/Manila"),
        ("PST", "America/Los_Angeles", "America/Los_Angeles"),
        ("CST", "Asia/Shanghai", "Asia/Shanghai"),
        ("IST", "Europe/Dublin", "Europe/Dublin"),
        ("IST", "Asia/Kolkata", "Asia/Kolkata"),
        ("BST", "Europe/London", "Europe/London"),
        ("BST", "Asia/Dhaka", "Asia/Dhaka"),
        ("GMT", "UTC", "UTC"),
        ("BRT", OWN, "America/Sao_Paulo"),
        ("GST", OWN, "Asia/Dubai"),
        ("EST5EDT", OWN, "America/New_York"),
        ("Central European Summer Time", "America/New_York", "Europe/Berlin"),
        ("+05:30", OWN, "Asia/Kolkata"),
        ("UTC+0", OWN, "UTC"),
    ],
)
def test_an_abbreviation_of_ones_own_clock_is_that_clock_in_summer_and_winter(typed: str, own: str, zone: str) -> None:
    assert read_schedule(["monday", "9:00", *typed.split()], own) == When(Rhythm.WEEKLY, 0, 9, 0, zone)
    assert read_zone(typed, own) == zone


def test_of_a_clock_of_half_a_year_just_that_is_said() -> None:
    with pytest.raises(Unclear, match="`PDT` is the clock of half a year, and a digest comes all year"):
        read_zone("PDT", OWN)
    with pytest.raises(Unclear, match=r"`PST` means several clocks\."):
        read_zone("PST", OWN)


@pytest.mark.parametrize(
    ("typed", "own", "likely"),
    [
        ("EST", OWN, ["America/New_York"]),
        ("PST", OWN, ["America/Los_Angeles", "Asia/Manila"]),
        ("CST", OWN, ["America/Chicago", "Asia/Shanghai"]),
        ("IST", OWN, ["Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"]),
        ("PDT", OWN, ["America/Los_Angeles"]),
        ("CET", "America/New_York", ["Europe/Berlin"]),
        ("CEST", "", ["Europe/Berlin"]),
        ("PST", "Asia/Singapore", ["America/Los_Angeles", "Asia/Manila"]),
        ("BST", OWN, ["Europe/London", "Asia/Dhaka"]),
        ("GMT", OWN, ["Europe/London", "UTC"]),
        ("GMT+2", OWN, [OWN, "Europe/Helsinki"]),
        ("GMT+2", "Asia/Tokyo", ["Europe/Helsinki"]),
        ("UTC -5", OWN, ["America/New_York"]),
        ("UTC−5", OWN, ["America/New_York"]),
        ("GMT", "Europe/London", ["Europe/London", "UTC"]),
        ("UTC+0", "Europe/London", ["Europe/London", "UTC"]),
        ("Etc/GMT+5", OWN, ["America/New_York"]),
        ("Portland", OWN, ["America/New_York", "America/Los_Angeles"]),
        ("portland", "America/Los_Angeles", ["America/Los_Angeles", "America/New_York"]),
        ("Birmingham", OWN, ["America/Chicago", "Europe/London"]),
        ("San Jose", OWN, ["America/Los_Angeles", "America/Costa_Rica"]),
        ("Spain", OWN, ["Europe/Madrid", "Atlantic/Canary"]),
        ("Berln", OWN, ["Europe/Berlin"]),
        ("New Yrok", OWN, ["America/New_York"]),
    ],
)
def test_what_may_be_several_clocks_is_asked_back_with_the_likely_ones(typed: str, own: str, likely: list[str]) -> None:
    with pytest.raises(Unclear) as asked:
        read_schedule(["monday", "9:00", *typed.split()], own)

    assert list(asked.value.choices) == [f"monday 09:00 {zone}" for zone in likely]
    assert asked.value.text.startswith("I read Monday, 09:00. `")
    assert f"Did you mean `{likely[0]}`" in asked.value.text
    with pytest.raises(Unclear) as alone:
        read_zone(typed, own)
    assert list(alone.value.choices) == likely


@pytest.mark.parametrize(
    ("typed", "english"),
    [
        ("montags um 9", "monday 09:00"),
        ("jeden Montag um 9 Uhr", "monday 09:00"),
        ("wöchentlich freitags 14:00", "friday 14:00"),
        ("alle zwei Wochen freitags 14 Uhr", "every 2 weeks friday 14:00"),
        ("jeden zweiten Freitag um 9", "every 2 weeks friday 09:00"),
        ("werktags 8:30", "weekdays 08:30"),
        ("von Montag bis Freitag um 9", "weekdays 09:00"),
        ("freitags mittags New York", "friday 12:00 America/New_York"),
        ("tous les lundis à 9h", "monday 09:00"),
        ("cada lunes a las 9", "monday 09:00"),
        ("ogni lunedì alle 9", "monday 09:00"),
        ("elke maandag om 9 uur", "monday 09:00"),
        ("segunda-feira às 9", "monday 09:00"),
        ("fredag 9:00", "friday 09:00"),
        ("каждый понедельник в 9:00", "monday 09:00"),
        ("毎週月曜日の午後3時", "monday 15:00"),
        ("每周一上午9点", "monday 09:00"),
        ("월요일 오전 9시", "monday 09:00"),
        ("יום שני 9:00", "monday 09:00"),
        ("كل يوم الاثنين 9:00", "monday 09:00"),
        ("सोमवार 9:00", "monday 09:00"),
    ],
)
def test_another_language_is_offered_in_english(typed: str, english: str) -> None:
    with pytest.raises(Unclear) as unclear:
        read_schedule(typed.split(), OWN)

    assert unclear.value.text == f"I read days and times in English. Did you mean `/flosum remind {english}`?"
    assert unclear.value.choices == (english,)


def test_a_country_of_many_clocks_asks_for_those_of_its_large_cities() -> None:
    assert meant("USA", OWN).zones[:3] == ("America/New_York", "America/Chicago", "America/Denver")
    assert meant("Brazil", OWN).zones[0] == "America/Sao_Paulo"
    assert meant("the US", "America/Denver").zones[0] == "America/Denver"


@pytest.mark.parametrize(
    ("typed", "told", "choices"),
    [
        ("monday", "I read Monday. At what time? Try `/flosum remind monday 09:00`.", ["monday 09:00"]),
        ("9:00", "I read 09:00. Which day of the week? Try `/flosum remind monday 09:00`.", []),
        ("berlin", "I read Europe/Berlin. Which day of the week? Try `/flosum remind monday 09:00 Europe/Berlin`.", []),
        ("someday 9:00", "I read 09:00. `someday` is not a day of the week. Try `/flosum remind monday 09:00`.", []),
        (
            "tusday 8:15",
            "`tusday` is not a day of the week. Did you mean `/flosum remind tuesday 08:15`?",
            ["tuesday 08:15"],
        ),
        ("friday 25:00", "I read Friday. `25:00` is not a time of the day. Try `/flosum remind friday 09:00`.", []),
        ("friday 9:60", "I read Friday. `9:60` is not a time of the day. Try `/flosum remind friday 09:00`.", []),
        (
            "friday 14:30 pm",
            "I read Friday. `14:30 pm` is not a time of the day. Did you mean `/flosum remind friday 14:30`?",
            ["friday 14:30"],
        ),
        (
            "friday sharpish",
            "I read Friday. `sharpish` is not a time of the day. Try `/flosum remind friday 09:00`.",
            [],
        ),
        (
            "friday 9:00 tomorow",
            (
                "I read Friday, 09:00. `tomorow` is not a city or a time zone that I know. "
                "Try `/flosum remind friday 09:00 Europe/Vienna`."
            ),
            [],
        ),
        (
            "monday and thursday 9:00",
            (
                "I read Monday and Thursday, 09:00. A digest comes on one day of the week: which is it? "
                "`/flosum remind monday 09:00`."
            ),
            ["monday 09:00", "thursday 09:00", "weekdays 09:00"],
        ),
        (
            "monday 9:00 or 10:00 Berlin",
            (
                "I read Monday, 09:00 and 10:00, Europe/Berlin. A digest comes once a day: which is it? "
                "`/flosum remind monday 09:00 Europe/Berlin`."
            ),
            ["monday 09:00 Europe/Berlin", "monday 10:00 Europe/Berlin"],
        ),
        (
            "Berlin monday 9:00 Tokyo",
            (
                "I read Monday, 09:00, Europe/Berlin. `Tokyo` is another zone. Which one? "
                "`/flosum remind monday 09:00 Europe/Berlin`."
            ),
            ["monday 09:00 Europe/Berlin", "monday 09:00 Asia/Tokyo"],
        ),
        (
            "weekdays at 9 on monday",
            ("I read weekdays, Monday, 09:00. On weekdays, or on one of them? `/flosum remind weekdays 09:00`."),
            ["weekdays 09:00", "monday 09:00"],
        ),
        (
            "weekdays Berlin",
            ("I read weekdays, Europe/Berlin. At what time? Try `/flosum remind weekdays 09:00 Europe/Berlin`."),
            ["weekdays 09:00 Europe/Berlin"],
        ),
        (
            "every 2 weeks friday",
            "I read every two weeks, Friday. At what time? Try `/flosum remind every 2 weeks friday 09:00`.",
            ["every 2 weeks friday 09:00"],
        ),
        (
            "daily at 9",
            (
                "A digest comes every week or every two weeks on one day, or on weekdays; `daily` is something else. "
                "Try `/flosum remind weekdays 09:00`."
            ),
            ["weekdays 09:00"],
        ),
        (
            "every evening at 6",
            (
                "A digest comes every week or every two weeks on one day, or on weekdays; `every evening` is something "
                "else. Try `/flosum remind weekdays 18:00`."
            ),
            ["weekdays 18:00"],
        ),
        (
            "tomorrow at 8am",
            (
                "A digest comes every week or every two weeks on one day, or on weekdays; `tomorrow` is something "
                "else. Try `/flosum remind monday 08:00`."
            ),
            ["monday 08:00"],
        ),
        (
            "in 2 hours",
            (
                "A digest comes every week or every two weeks on one day, or on weekdays; `in 2 hours` is something "
                "else. Try `/flosum remind monday 09:00`."
            ),
            [],
        ),
        (
            "Montag 9:00",
            "I read days and times in English. Did you mean `/flosum remind monday 09:00`?",
            ["monday 09:00"],
        ),
        (
            "mon/wed/fri 9",
            (
                "I read Monday and Wednesday and Friday, 09:00. A digest comes on one day of the week: which is it? "
                "`/flosum remind monday 09:00`."
            ),
            ["monday 09:00", "wednesday 09:00", "friday 09:00", "weekdays 09:00"],
        ),
        (
            "tue/thu 9",
            (
                "I read Tuesday and Thursday, 09:00. A digest comes on one day of the week: which is it? "
                "`/flosum remind tuesday 09:00`."
            ),
            ["tuesday 09:00", "thursday 09:00", "weekdays 09:00"],
        ),
        (
            "mon-wed 9",
            (
                "I read Monday and Tuesday and Wednesday, 09:00. A digest comes on one day of the week: which is it? "
                "`/flosum remind monday 09:00`."
            ),
            ["monday 09:00", "tuesday 09:00", "wednesday 09:00", "weekdays 09:00"],
        ),
        (
            "first friday of the month at 9",
            (
                "A digest comes every week or every two weeks on one day, or on weekdays; `first friday of the month` "
                "is something else. Try `/flosum remind friday 09:00`."
            ),
            ["friday 09:00"],
        ),
        (
            "every 3 weeks monday 9:00",
            (
                "A digest comes every week or every two weeks on one day, or on weekdays; `every 3 weeks` is something "
                "else. Try `/flosum remind monday 09:00`."
            ),
            ["monday 09:00"],
        ),
    ],
)
def test_what_was_understood_and_what_was_not_is_said(typed: str, told: str, choices: list[str]) -> None:
    with pytest.raises(Unclear) as asked:
        read_schedule(typed.split(), OWN)

    assert (asked.value.text, list(asked.value.choices)) == (told, choices)


@given(st.text(alphabet="abcdmonfri0123459:+/ `*<>|é", max_size=60))
def test_whatever_is_typed_is_read_or_asked_back(text: str) -> None:
    try:
        when = read_schedule(text.split(), OWN)
    except Unclear as asked:
        for choice in asked.choices:
            assert read_schedule(choice.split(), OWN)
    else:
        assert 0 <= when.weekday < len(DAYS)
        assert 0 <= when.hour < 24
        assert 0 <= when.minute < 60
        assert usable(when.zone) == when.zone


@pytest.mark.parametrize(
    ("typed", "switch"),
    [
        ("end of week", ""),
        ("end the digest", "off"),
        ("off", "off"),
        ("OFF", "off"),
        ("off now", "off"),
        ("off please", "off"),
        ("turn it off", "off"),
        ("stop the digest", "off"),
        ("pause", "off"),
        ("on", "on"),
        ("ON", "on"),
        ("on now", "on"),
        ("on again", "on"),
        ("switch it back on", "on"),
        ("resume", "on"),
        ("now", "now"),
        ("Now!", "now"),
        ("right now", "now"),
        ("post it now", "now"),
        ("on or off", ""),
        ("on monday at 9", ""),
        ("now monday", ""),
        ("", ""),
    ],
)
def test_a_switch_is_read_however_it_is_said(typed: str, switch: str) -> None:
    assert read_switch(typed.split()) == switch


def test_words_that_mean_nothing_are_told_from_others() -> None:
    assert says_nothing([])
    assert says_nothing(["me", "to"])
    assert not says_nothing(["monday"])


def test_a_zone_alone_is_read_and_what_is_none_is_refused_with_an_example() -> None:
    assert read_zone("berlin", OWN) == "Europe/Berlin"
    with pytest.raises(Unclear, match=r"`Mars/Olympus` is not a city or a time zone that I know\. Try a city"):
        read_zone("Mars/Olympus", OWN)


def test_a_profile_may_hold_a_zone_that_the_database_lacks() -> None:
    assert usable("US/Pacific-New") == "UTC"
    assert usable("../etc/passwd") == "UTC"
    assert read_schedule(["monday", "9:00"], "US/Pacific-New").zone == "UTC"
