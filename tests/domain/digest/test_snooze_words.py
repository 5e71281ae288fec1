"""For how long an org is snoozed, in anybody's words. It is Monday 23 November 2026, nine o'clock in Berlin."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.digest.snooze_words import MOST_DAYS, REASON, read_snooze
from bot.domain.digest.spoken import Unclear

BERLIN = "Europe/Berlin"
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def read(said: str) -> str:
    """Until when, on the clock of Berlin, and why: ``2026-11-30 09:00 holidays``; a midnight without its time."""
    wanted = read_snooze(said, NOW, BERLIN)
    if wanted.ends:
        return "off"
    if wanted.until is None:
        return f"never {wanted.reason}".strip()
    shown = wanted.until.astimezone(ZoneInfo(BERLIN)).strftime("%Y-%m-%d %H:%M").removesuffix(" 00:00")
    return f"{shown} {wanted.reason}".strip()


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("7", "2026-11-30 09:00"),
        ("1", "2026-11-24 09:00"),
        ("7 days", "2026-11-30 09:00"),
        ("7days", "2026-11-30 09:00"),
        ("7d", "2026-11-30 09:00"),
        ("7-day", "2026-11-30 09:00"),
        ("for 7", "2026-11-30 09:00"),
        ("for 7 days", "2026-11-30 09:00"),
        ("seven days", "2026-11-30 09:00"),
        ("Seven Days!", "2026-11-30 09:00"),
        ("a week", "2026-11-30 09:00"),
        ("one week", "2026-11-30 09:00"),
        ("1 week", "2026-11-30 09:00"),
        ("for another week", "2026-11-30 09:00"),
        ("one more week", "2026-11-30 09:00"),
        ("2 weeks", "2026-12-07 09:00"),
        ("2w", "2026-12-07 09:00"),
        ("2 wks", "2026-12-07 09:00"),
        ("two weeks", "2026-12-07 09:00"),
        ("for the next 2 weeks", "2026-12-07 09:00"),
        ("for the next two weeks please", "2026-12-07 09:00"),
        ("2 weeks from now", "2026-12-07 09:00"),
        ("in 2 weeks", "2026-12-07 09:00"),
        ("a fortnight", "2026-12-07 09:00"),
        ("a couple of weeks", "2026-12-07 09:00"),
        ("couple of days", "2026-11-25 09:00"),
        ("half a week", "2026-11-26 21:00"),
        ("1.5 weeks", "2026-12-03 21:00"),
        ("1,5 weeks", "2026-12-03 21:00"),
        ("two weeks and 3 days", "2026-12-10 09:00"),
        ("1 week 2 days", "2026-12-02 09:00"),
        ("a month", "2026-12-23 09:00"),
        ("1 month", "2026-12-23 09:00"),
        ("3 months", "2027-02-23 09:00"),
        ("3mo", "2027-02-23 09:00"),
        ("a quarter", "2027-02-23 09:00"),
        ("a year", "2027-11-23 09:00"),
        ("12 months", "2027-11-23 09:00"),
        ("365", "2027-11-23 09:00"),
        ("48 hours", "2026-11-25 09:00"),
        ("5 working days", "2026-11-30 09:00"),
        ("10 business days", "2026-12-07 09:00"),
        ("until friday", "2026-11-27"),
        ("till Friday", "2026-11-27"),
        ("friday", "2026-11-27"),
        ("until fri", "2026-11-27"),
        ("until monday", "2026-11-30"),
        ("until next monday", "2026-11-30"),
        ("until next friday", "2026-12-04"),
        ("until this friday", "2026-11-27"),
        ("until friday 14:00", "2026-11-27 14:00"),
        ("until friday at 2 pm", "2026-11-27 14:00"),
        ("until friday noon", "2026-11-27 12:00"),
        ("tomorrow", "2026-11-24"),
        ("until tomorrow", "2026-11-24"),
        ("until the day after tomorrow", "2026-11-25"),
        ("until next week", "2026-11-30"),
        ("over the weekend", "2026-11-28"),
        ("until next month", "2026-12-01"),
        ("until next quarter", "2027-01-01"),
        ("until next year", "2027-01-01"),
        ("until the end of the month", "2026-12-01"),
        ("until end of month", "2026-12-01"),
        ("end of the week", "2026-11-30"),
        ("eow", "2026-11-30"),
        ("until eoy", "2027-01-01"),
        ("end of year", "2027-01-01"),
        ("until the end of next month", "2027-01-01"),
        ("until the beginning of next month", "2026-12-01"),
        ("until january", "2027-01-01"),
        ("until december", "2026-12-01"),
        ("until march 2027", "2027-03-01"),
        ("until 2026-12-24", "2026-12-24"),
        ("2026-12-24", "2026-12-24"),
        ("2026/12/24", "2026-12-24"),
        ("until 24.12.2026", "2026-12-24"),
        ("24.12.", "2026-12-24"),
        ("until 24.12", "2026-12-24"),
        ("until 24.12.26", "2026-12-24"),
        ("until 12/24", "2026-12-24"),
        ("24/12/2026", "2026-12-24"),
        ("until 24 dec", "2026-12-24"),
        ("until Dec 24", "2026-12-24"),
        ("until december 24th", "2026-12-24"),
        ("until the 24th of december", "2026-12-24"),
        ("24 December 2026", "2026-12-24"),
        ("until friday 4 december", "2026-12-04"),
        ("until friday, december 4", "2026-12-04"),
        ("until the 15th", "2026-12-15"),
        ("until the 30th", "2026-11-30"),
        ("until jan 5", "2027-01-05"),
        ("until 3 january", "2027-01-03"),
        ("until may 3", "2027-05-03"),
        ("1 1/2 weeks", "2026-12-03 21:00"),
        ("2½ weeks", "2026-12-10 21:00"),
        ("3 days from now", "2026-11-26 09:00"),
        ("3 days from tomorrow", "2026-11-27"),
        ("for 3 days from tomorrow", "2026-11-27"),
        ("2 weeks from friday", "2026-12-11"),
        ("a week after next monday", "2026-12-07"),
        ("a week on friday", "2026-12-04"),
        ("friday week", "2026-12-04"),
        ("2 weeks, starting tomorrow", "2026-12-08"),
        ("1 month beginning on 1 december", "2027-01-01"),
        ("3 working days as of tomorrow", "2026-11-27"),
        ("from tomorrow for 3 days", "2026-11-27"),
        ("starting from friday 1 week", "2026-12-04"),
        ("from tomorrow until friday", "2026-11-27"),
        ("tomorrow to friday", "2026-11-27"),
        ("until tomorrow evening", "2026-11-24 18:00"),
        ("until monday morning", "2026-11-30"),
        ("until friday 17h", "2026-11-27 17:00"),
        ("until friday at 17h30", "2026-11-27 17:30"),
        ("until 2026-12-24T10:30", "2026-12-24 10:30"),
        ("until 2026-12-24T10:30:00Z", "2026-12-24 11:30"),
        ("until 20261224", "2026-12-24"),
        ("this week", "2026-11-30"),
        ("the rest of the month", "2026-12-01"),
        ("all of next week", "2026-12-07"),
        ("until the end of january", "2027-02-01"),
        ("until mid january", "2027-01-15"),
        ("until early december", "2026-12-01"),
        ("until late november", "2026-12-01"),
        ("until q1", "2027-01-01"),
        ("until Q2 2027", "2027-04-01"),
        ("until the end of Q4", "2027-01-01"),
        ("until week 50", "2026-12-07"),
        ("until KW 2", "2027-01-11"),
        ("until week 2, 2027", "2027-01-11"),
        ("2 weks", "2026-12-07 09:00"),
        ("untill fridya", "2026-11-27"),
        ("until tommorow", "2026-11-24"),
        ("until decembre 24", "2026-12-24"),
    ],
)
def test_until_when(said: str, meant: str) -> None:
    assert read(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("7 holidays", "2026-11-30 09:00 holidays"),
        ("7 days because of holidays", "2026-11-30 09:00 holidays"),
        ("2 weeks: Ada is away", "2026-12-07 09:00 Ada is away"),
        ("2 weeks - go-live", "2026-12-07 09:00 go-live"),
        ('2 weeks "waiting for Sam"', "2026-12-07 09:00 waiting for Sam"),
        ("a month (release freeze)", "2026-12-23 09:00 release freeze"),
        ("until friday the admin is away", "2026-11-27 the admin is away"),
        ("until 24 dec waiting for 3 people", "2026-12-24 waiting for 3 people"),
        ("release freeze until friday", "2026-11-27 release freeze"),
        ("because of the freeze for 2 weeks", "2026-12-07 09:00 the freeze"),
        ("holidays 2 weeks", "2026-12-07 09:00 holidays"),
        ("7 Friday is when Ada is back", "2026-11-30 09:00 Friday is when Ada is back"),
        ("2 weeks ticket ABC-123", "2026-12-07 09:00 ticket ABC-123"),
        ("never sold to somebody else", "never sold to somebody else"),
    ],
)
def test_the_rest_is_the_reason(said: str, meant: str) -> None:
    assert read(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "never",
        "NEVER",
        "not needed",
        "not needed here",
        "forever",
        "for ever",
        "for good",
        "permanently",
        "never needed",
    ],
)
def test_an_org_that_is_not_needed_here(said: str) -> None:
    assert read(said) == "never"


@pytest.mark.parametrize(
    "said",
    ["off", "OFF", "off please", "end", "stop", "cancel", "wake up", "remove", "resume", "back", "off now", "over"],
)
def test_a_snooze_that_ends(said: str) -> None:
    assert read(said) == "off"


@pytest.mark.parametrize(
    ("said", "told", "choices"),
    [
        ("", "For how long?", ("1 week", "2 weeks", "4 weeks", "never")),
        (
            "holidays",
            "For how long? I read no time in `holidays`, so it would be the reason.",
            ("1 week holidays", "2 weeks holidays"),
        ),
        ("a while", "For how long?", ("1 week", "2 weeks", "4 weeks")),
        ("a few days", "For how long?", ("1 week", "2 weeks", "4 weeks")),
        ("until further notice", "For how long?", ("1 week", "2 weeks", "4 weeks")),
        ("0", "`0` is no time to wait. A snooze lasts a day at least.", ("1 week",)),
        ("0 days", "`0 days` is no time to wait. A snooze lasts a day at least.", ("1 week",)),
        ("-1", "`-1` is no time to wait. A snooze lasts a day at least.", ("1 week",)),
        ("-5 days", "`-5 days` is no time to wait. A snooze lasts a day at least.", ("1 week",)),
        ("−3 weeks", "`-3 weeks` is no time to wait. A snooze lasts a day at least.", ("1 week",)),
        ("1e9", "A snooze lasts a year at most.", ("1 year", "never")),
        ("1000000000 days", "A snooze lasts a year at most.", ("1 year", "never")),
        ("9" * 50, "A snooze lasts a year at most.", ("1 year", "never")),
        ("2 years", "A snooze lasts a year at most.", ("1 year", "never")),
        ("500", "A snooze lasts a year at most.", ("1 year", "never")),
        ("until 2030-01-01", "A snooze lasts a year at most.", ("1 year", "never")),
        ("until 9999-12-31", "A snooze lasts a year at most.", ("1 year", "never")),
        ("3 hours", "A snooze is counted in days", ("1 day", "1 week")),
        ("10 min", "A snooze is counted in days", ("1 day", "1 week")),
        ("until today", "A snooze lasts until tomorrow at least", ("tomorrow", "1 week")),
        ("until tonight", "A snooze lasts until tomorrow at least", ("tomorrow", "1 week")),
        ("last friday", "That time is over already.", ("1 week",)),
        ("2 weeks until friday", "`friday` is a second time. Until when?", ("until 2026-12-07", "until 2026-11-27")),
        ("friday or monday", "`monday` is a second time. Until when?", ("until 2026-11-27", "until 2026-11-30")),
        ("monday to friday", "`friday` is a second time. Until when?", ("until 2026-11-27", "until 2026-12-04")),
        ("2-3 weeks", "For how long: `2 weeks` or `3 weeks`?", ("2 weeks", "3 weeks")),
        ("10 to 14 days", "For how long: `10 days` or `14 days`?", ("10 days", "14 days")),
        ("a week or two", "For how long: `1 week` or `2 weeks`?", ("1 week", "2 weeks")),
        ("until yesterday", "That time is over already.", ("1 week",)),
        ("until 2026-11-01", "That time is over already.", ("1 week",)),
        ("until 24.12.2020", "That time is over already.", ("1 week",)),
        ("until 1 january 2020", "That time is over already.", ("1 week",)),
        ("until 31.02.2027", "`31.02.2027` is not in the calendar.", ()),
        ("until 32 december", "`32 december` is not in the calendar.", ()),
        ("2026-13-45", "`2026-13-45` is not in the calendar.", ()),
        ("until 5/6", "`5/6` may be either of two days. Which one?", ("2027-05-06", "2027-06-05")),
        ("until 7", "`7` may be so many days, or a day of the month.", ("7 days", "2026-12-07")),
    ],
)
def test_what_is_not_clear_is_asked_with_what_would_be(said: str, told: str, choices: tuple[str, ...]) -> None:
    with pytest.raises(Unclear) as unclear:
        read(said)

    assert unclear.value.text.startswith(told)
    assert unclear.value.choices[: len(choices)] == choices
    for choice in unclear.value.choices:
        read(choice)


def test_a_day_begins_on_the_clock_of_whoever_says_it() -> None:
    sunday_evening = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)

    in_tokyo = read_snooze("until tuesday", sunday_evening, "Asia/Tokyo").until
    in_new_york = read_snooze("until tuesday", sunday_evening, "America/New_York").until
    nowhere = read_snooze("until tuesday", sunday_evening, "US/Pacific-New").until

    assert in_tokyo == datetime(2026, 11, 23, 15, tzinfo=UTC)
    assert in_new_york == datetime(2026, 11, 24, 5, tzinfo=UTC)
    assert nowhere == datetime(2026, 11, 24, 0, tzinfo=UTC)


def test_a_reason_is_cut_to_a_line_or_two() -> None:
    reason = read_snooze(f"7 {'x' * 500}", NOW, BERLIN).reason

    assert len(reason) == REASON
    assert reason.endswith("…")


@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from("for until 7 2 weeks a month never off friday 24.12. -1 the".split())).map(" ".join)
)
def test_whatever_is_said_is_understood_or_asked_back(said: str) -> None:
    with suppress(Unclear):
        wanted = read_snooze(said, NOW, BERLIN)
        assert wanted.until is None or 0 < (wanted.until - NOW).total_seconds() <= MOST_DAYS * 86400


@pytest.mark.parametrize(
    ("said", "english"),
    [
        ("bis freitag", "until friday"),
        ("bis Freitag Urlaub", "until friday Urlaub"),
        ("2 Wochen", "2 weeks"),
        ("eine Woche", "one week"),
        ("für 3 Tage", "for 3 days"),
        ("bis morgen", "until tomorrow"),
        ("nie", "never"),
        ("jusqu'à vendredi", "until friday"),
        ("hasta el viernes", "until friday"),
        ("fino a venerdì", "until friday"),
        ("tot vrijdag", "until friday"),
        ("до пятницы", "until friday"),
        ("金曜日まで", "until friday"),
        ("到周五", "until friday"),
        ("금요일까지", "until friday"),
        ("3日間", "3 days"),
        ("עד יום שישי", "until friday"),
        ("حتى الجمعة", "until friday"),
        ("2 Monate", "2 months"),
        ("1 Jahr", "1 year"),
        ("1 an", "1 year"),
        ("5 jours ouvrés", "5 working days"),
        ("3ヶ月", "3 months"),
        ("Urlaub 3 Tage", "3 days Urlaub"),
        ("Freeze für 2 Wochen", "for 2 weeks Freeze"),
        ("release bis Freitag", "until friday release"),
    ],
)
def test_another_language_is_offered_in_english(said: str, english: str) -> None:
    with pytest.raises(Unclear) as unclear:
        read_snooze(said, NOW, BERLIN)

    assert unclear.value.text == f"I read days and times in English. Did you mean `{english}`?"
    assert unclear.value.choices == (english,)
    assert read_snooze(english, NOW, BERLIN)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("3 Tage", "2026-11-26 09:00"),
        ("3 Tagen", "2026-11-26 09:00"),
        ("1 Tag", "2026-11-24 09:00"),
        ("3 Werktage", "2026-11-26 09:00"),
        ("3 Tage wegen Freeze", "2026-11-26 09:00 wegen Freeze"),
        ("3 Tage, Freeze", "2026-11-26 09:00 Freeze"),
        ("3 jours gel", "2026-11-26 09:00 gel"),
        ("3 días por la migración", "2026-11-26 09:00 migración"),
        ("3 giorni ferie", "2026-11-26 09:00 ferie"),
        ("5 dagen", "2026-11-28 09:00"),
        ("3 dage", "2026-11-26 09:00"),
        ("3 дня отпуск", "2026-11-26 09:00 отпуск"),
        ("7 dni", "2026-11-30 09:00"),
        ("3 gün tatil", "2026-11-26 09:00 tatil"),
        ("3 أيام", "2026-11-26 09:00"),
        ("3 ימים", "2026-11-26 09:00"),
        ("7 an Anna", "2026-11-30 09:00 an Anna"),
        ("7 den Kunden fragen", "2026-11-30 09:00 den Kunden fragen"),
    ],
)
def test_days_of_another_language_are_no_reason(said: str, meant: str) -> None:
    assert read(said) == meant


def test_too_long_is_too_long_in_any_language() -> None:
    with pytest.raises(Unclear, match="A snooze lasts a year at most"):
        read_snooze("2 ans", NOW, BERLIN)


@pytest.mark.parametrize("said", ["7 bis freitag", "1 week per ticket 5", "until friday das Team", "3 de"])
def test_a_reason_may_be_in_any_language(said: str) -> None:
    assert read_snooze(said, NOW, BERLIN).reason
