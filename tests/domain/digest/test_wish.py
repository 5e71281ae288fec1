"""What follows ``remind`` in anybody's words: places, orgs, switches, silence, and what is asked back."""

from __future__ import annotations

import contextlib
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import selection
from bot.domain.digest import wish
from bot.domain.digest.spoken import Unclear, When
from bot.domain.digest.subscription import Kind, Rhythm, Subscription, WhenNothing
from bot.domain.digest.wish import ME, Action, Wish

OWN = "Europe/Vienna"
NAMES, TAGS = ("prod", "uat", "emea-prod", "legacy"), ("emea", "apac")


def chosen(text: str) -> str | None:
    found = selection.read(text, NAMES, TAGS)
    return found.line if found else None


def read(typed: str) -> Wish:
    return wish.read(typed.split(), OWN, chosen)


def at(day: int, time: str, rhythm: Rhythm = Rhythm.WEEKLY, zone: str = OWN) -> When:
    hour, minute = map(int, time.split(":"))
    return When(rhythm, day, hour, minute, zone)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("monday 9:00 <#C1|ops>", {"target": "C1", "when": at(0, "9:00")}),
        ("in <#C1> on monday at 9", {"target": "C1", "when": at(0, "9:00")}),
        ("me weekdays 8:30", {"target": ME, "when": at(0, "8:30", Rhythm.WEEKDAYS)}),
        ("weekdays at 8:30 in my DMs", {"target": ME, "when": at(0, "8:30", Rhythm.WEEKDAYS)}),
        ("monday 9 by direct message", {"target": ME, "when": at(0, "9:00")}),
        ("me every Monday @ 9", {"target": ME, "when": at(0, "9:00")}),
        ("us every Monday @ 9", {"when": at(0, "9:00")}),
        ("monday 9:00 US/Eastern", {"when": at(0, "9:00", zone="America/New_York")}),
        ("monday 9 my time", {"when": at(0, "9:00")}),
        ("<@U123|ben> monday 9", {"target": "U123", "when": at(0, "9:00")}),
        ("monday 9 https://acme.slack.com/archives/C0123/p17", {"target": "C0123", "when": at(0, "9:00")}),
        (
            "every 2 weeks friday 14:00 <#C1|mgmt> for sandboxes",
            {"target": "C1", "when": at(4, "14:00", Rhythm.FORTNIGHTLY), "orgs": "sandboxes"},
        ),
        ("friday 14:00 for production", {"when": at(4, "14:00"), "orgs": "production"}),
        ("friday 14:00 for emea in <#C1>", {"target": "C1", "when": at(4, "14:00"), "orgs": "emea"}),
        ("friday 14 for prod,uat and legacy", {"when": at(4, "14:00"), "orgs": "prod or uat or legacy"}),
        ("for prod, uat on fridays at 14", {"when": at(4, "14:00"), "orgs": "prod or uat"}),
        ("for not ready monday 9", {"when": at(0, "9:00"), "orgs": "not ready"}),
        ("for prod every other friday 9", {"when": at(4, "9:00", Rhythm.FORTNIGHTLY), "orgs": "prod"}),
        ("about sandboxes monday 9", {"when": at(0, "9:00"), "orgs": "sandboxes"}),
        ("monday 9 sandboxes", {"when": at(0, "9:00"), "orgs": "sandboxes"}),
        ("fridays 2pm production only", {"when": at(4, "14:00"), "orgs": "production"}),
        ("monday 9:00 prod", {"when": at(0, "9:00"), "orgs": "prod"}),
        ("monday 9:00 prod uat", {"when": at(0, "9:00"), "orgs": "prod or uat"}),
        ("prod, uat and legacy monday 9:00", {"when": at(0, "9:00"), "orgs": "prod or uat or legacy"}),
        ("monday 9:00 emea not ready", {"when": at(0, "9:00"), "orgs": "emea not ready"}),
        ("the team mondays at 9", {"when": at(0, "9:00")}),
        ("everyone every monday at 9", {"when": at(0, "9:00")}),
        ("change to friday 10:00", {"when": at(4, "10:00")}),
        ("monday 9 for all orgs", {"when": at(0, "9:00"), "orgs": "all"}),
        ("for sandboxes", {"orgs": "sandboxes"}),
        ("for monday at 9", {"when": at(0, "9:00")}),
        ("in <#C1>", {"target": "C1"}),
        ("here", {}),
        ("monday 9 here", {"when": at(0, "9:00")}),
        ("silently weekdays 8:30", {"when": at(0, "8:30", Rhythm.WEEKDAYS), "when_nothing": WhenNothing.SILENCE}),
        ("monday 9, silent when nothing is missing", {"when": at(0, "9:00"), "when_nothing": WhenNothing.SILENCE}),
        ("monday 9 only if something is missing", {"when": at(0, "9:00"), "when_nothing": WhenNothing.SILENCE}),
        ("monday 9 even if nothing is missing", {"when": at(0, "9:00"), "when_nothing": WhenNothing.LINE}),
        ("confirmed monday 9", {"when": at(0, "9:00"), "confirmed": True}),
    ],
)
def test_a_subscription_is_wished_for_in_anybodys_words(typed: str, expected: dict[str, Any]) -> None:
    assert read(typed) == Wish(Action.SET, **expected)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", Wish(Action.SHOW)),
        ("us", Wish(Action.SHOW)),
        ("me", Wish(Action.SHOW, target=ME)),
        ("show me", Wish(Action.SHOW, target=ME)),
        ("list all", Wish(Action.SHOW)),
        ("when", Wish(Action.SHOW)),
        ("when is the next one", Wish(Action.SHOW)),
        ("help", Wish(Action.SHOW)),
        ("off", Wish(Action.OFF)),
        ("stop reminding me", Wish(Action.OFF, target=ME)),
        ("don't remind me", Wish(Action.OFF, target=ME)),
        ("unsubscribe", Wish(Action.OFF)),
        ("cancel", Wish(Action.OFF)),
        ("delete <#C1>", Wish(Action.OFF, target="C1")),
        ("off here", Wish(Action.OFF)),
        ("me off", Wish(Action.OFF, target=ME)),
        ("stop <#C1>", Wish(Action.OFF, target="C1")),
        ("turn it off in <#C1>", Wish(Action.OFF, target="C1")),
        ("on", Wish(Action.ON)),
        ("on <#C1>", Wish(Action.ON, target="C1")),
        ("now", Wish(Action.NOW)),
        ("now in <#C1>", Wish(Action.NOW, target="C1")),
        ("me now", Wish(Action.NOW, target=ME)),
        ("preview", Wish(Action.PREVIEW)),
        ("preview for sandboxes", Wish(Action.PREVIEW, orgs="sandboxes")),
        ("preview monday 9", Wish(Action.PREVIEW, when=at(0, "9:00"))),
        ("alerts", Wish(Action.SHOW, Kind.ALERTS)),
        ("alerts on", Wish(Action.ON, Kind.ALERTS)),
        ("alerts on <#C1>", Wish(Action.ON, Kind.ALERTS, "C1")),
        ("alerts <#C1>", Wish(Action.ON, Kind.ALERTS, "C1")),
        ("alerts for production <#C1>", Wish(Action.ON, Kind.ALERTS, "C1", orgs="production")),
        ("me alerts", Wish(Action.ON, Kind.ALERTS, ME)),
        ("alerts off", Wish(Action.OFF, Kind.ALERTS)),
        ("stop alerts in <#C1>", Wish(Action.OFF, Kind.ALERTS, "C1")),
    ],
)
def test_what_is_no_time_is_told_apart(typed: str, expected: Wish) -> None:
    assert read(typed) == expected


@pytest.mark.parametrize(
    ("typed", "told", "choices", "heard"),
    [
        (
            "monday 9 <#C1> me",
            "That names two places, and each has a digest of its own: which is it?",
            [f"monday 09:00 {OWN} <#C1>", f"monday 09:00 {OWN} me"],
            {"to": "channel", "channel": "C1"},
        ),
        (
            "monday 9 #no-such-channel",
            "I cannot see a channel `#no-such-channel`. Pick it from the list that Slack offers.",
            [],
            {},
        ),
        (
            "monday at 9 for emea-prodd",
            (
                "`emea-prodd` is no org, tag or kind of orgs here. Say `for sandboxes`, `for production`, "
                "`for not ready`, a tag, or names of orgs."
            ),
            [],
            {"rhythm": "weekly", "day": "0", "time": "09:00", "zone": OWN},
        ),
        *(
            (
                f"monday at 9 for sandboxes{joined} emea-prodd",
                (
                    "`emea-prodd` is no org, tag or kind of orgs here. Say `for sandboxes`, `for production`, "
                    "`for not ready`, a tag, or names of orgs."
                ),
                [],
                {"rhythm": "weekly", "day": "0", "time": "09:00", "zone": OWN, "orgs": "sandboxes"},
            )
            for joined in (",", " and")
        ),
        (
            "me monday 9 EST for sandboxes",
            (
                "I read Monday, 09:00. `EST` is the clock of half a year, and a digest comes all year. Did you mean "
                "`America/New_York`? Say `/flosum remind monday 09:00 America/New_York`."
            ),
            ["monday 09:00 America/New_York me for sandboxes"],
            {"orgs": "sandboxes", "to": "me", "day": "0", "time": "09:00"},
        ),
        (
            "alerts monday 9",
            "Alerts come as soon as an org stops being ready, so they have no time.",
            ["alerts on"],
            {},
        ),
        (
            "off for sandboxes",
            "It goes off as a whole. To hear of other orgs instead, say which: `/flosum remind for production`.",
            [],
            {"orgs": "sandboxes"},
        ),
        (
            "off everywhere",
            "Each place has a digest of its own, switched off by itself. `/flosum remind` shows them.",
            [],
            {},
        ),
        (
            "me every day 8:30",
            (
                "A digest comes every week or every two weeks on one day, or on weekdays; `every day` is something "
                "else. Try `/flosum remind weekdays 08:30`."
            ),
            ["weekdays 08:30 me"],
            {"to": "me", "rhythm": "weekdays", "time": "08:30"},
        ),
        (
            "next monday 9:00",
            (
                "A digest comes every week or every two weeks on one day, or on weekdays; `next` is something else. "
                "Try `/flosum remind monday 09:00`."
            ),
            ["monday 09:00"],
            {"day": "0", "time": "09:00"},
        ),
        (
            "weekly",
            "I read every week. Which day of the week? Try `/flosum remind monday 09:00`.",
            [],
            {"rhythm": "weekly"},
        ),
        (
            "someday",
            "`someday` is not a day of the week. Try `/flosum remind monday 09:00`.",
            [],
            {},
        ),
    ],
)
def test_what_is_not_understood_is_asked_back_with_the_rest(
    typed: str, told: str, choices: list[str], heard: dict[str, str]
) -> None:
    with pytest.raises(Unclear) as asked:
        read(typed)

    assert (asked.value.text, list(asked.value.choices), asked.value.heard) == (told, choices, heard)


@pytest.mark.parametrize(
    ("typed", "org", "choice"),
    [
        ("pause 2 weeks", "prod", "off"),
        ("skip next week", "prod", "off"),
        ("snooze until friday <#C1|ops>", "prod", "off <#C1>"),
        ("off for 2 weeks", "prod", "off"),
        ("stop for a while", "prod", "off"),
        ("mute for a week", "prod", "off"),
        ("me off until monday", "prod", "off me"),
        ("pause uat 2 weeks", "uat", "off"),
    ],
)
def test_a_pause_for_a_time_is_told_apart_from_off(typed: str, org: str, choice: str) -> None:
    with pytest.raises(Unclear) as asked:
        read(typed)

    assert asked.value.text == (
        "A digest has no pause for a time: `/flosum remind off` switches it off until `/flosum remind on`. "
        f"One org is left out for a while with `/flosum snooze {org} 2 weeks`."
    )
    assert list(asked.value.choices) == [choice]


def test_alerts_have_no_pause_either() -> None:
    with pytest.raises(Unclear, match=r"`/flosum remind alerts off` switches them off until") as asked:
        read("alerts pause 2 weeks")

    assert list(asked.value.choices) == ["alerts off"]


@pytest.mark.parametrize(
    "typed", ["for " * 20_000, "monday " * 20_000, "x" * 40_000, "in " * 79 + "dm", "for prod " * 40]
)
def test_what_is_long_takes_no_time(typed: str) -> None:
    begun = time.process_time()
    with contextlib.suppress(Unclear):
        read(typed)
    assert time.process_time() - begun < 1


@given(st.text(alphabet="abdefmonriswv0123459:+/ `*<>@#U|é,", max_size=60))
def test_whatever_is_typed_is_understood_or_asked_back(text: str) -> None:
    try:
        read(text)
    except Unclear as asked:
        for choice in asked.choices:
            assert read(choice)


@given(
    rhythm=st.sampled_from(Rhythm),
    weekday=st.integers(0, 6),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    zone=st.sampled_from([OWN, "UTC", "America/Argentina/Buenos_Aires", "Asia/Kolkata", "Etc/GMT+5"]),
    target=st.sampled_from(["C1", "G2", "UME"]),
    orgs=st.sampled_from(["all", "sandboxes", "not ready", "prod or uat", "emea", "emea not ready production"]),
    when_nothing=st.sampled_from(WhenNothing),
)
def test_what_a_button_says_for_a_subscription_is_that_subscription(**values: Any) -> None:
    subscription = Subscription("T1", "", **values)
    if subscription.rhythm is Rhythm.WEEKDAYS:
        subscription = Subscription("T1", "", **values | {"weekday": 0})
    if subscription.zone == "Etc/GMT+5":
        with pytest.raises(Unclear):  # a clock that nobody sets: what is kept has been read before
            read(wish.line(subscription, "UME"))
        return

    said = read(f"{wish.CONFIRMED} {wish.line(subscription, 'UME')}")

    silent = WhenNothing.SILENCE if subscription.when_nothing is WhenNothing.SILENCE else None
    orgs = None if subscription.orgs == "all" else subscription.orgs
    target = ME if subscription.target == "UME" else subscription.target
    assert said == Wish(Action.SET, Kind.DIGEST, target, wish.when_of(subscription), orgs, silent, confirmed=True)


def test_more_names_than_a_button_holds_are_asked_to_be_sorted_by_a_tag() -> None:
    names = [f"{number:02}-{'W' * 57}" for number in range(26)]

    def among(text: str) -> str | None:
        found = selection.read(text, names)
        return found.line if found else None

    line = ["monday", "9:00", "for", *", ".join(names).split()]
    assert wish.read(line[:-3], OWN, among).orgs == " or ".join(names[:-3])
    with pytest.raises(Unclear, match="Sort those orgs by a tag"):
        wish.read(line, OWN, among)
