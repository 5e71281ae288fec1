"""What people say about digests and alerts, and what comes of it: real store, a clock of our own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import pytest

from bot.adapters.store import SqlStore
from bot.domain.answers import Answer, Button, Buttons, Item, Items, Text
from bot.domain.answers.typed import unpacked
from bot.domain.command import parse
from bot.domain.digest.posted_now import ONCE_IN
from bot.domain.digest.subscription import Kind, Rhythm, Subscription, WhenNothing
from bot.domain.errors import AskerError, NotAllowed, SlackRefused
from bot.domain.model import Asker, Diagnosis, Login, NextStep, Org, Person, Standing, Verdict
from bot.service.digest_making import DigestMaking
from bot.service.membership import Membership
from bot.service.permissions import Permissions
from bot.service.posting_now import PostingNow
from bot.service.shared_channels import SharedChannels
from bot.service.subscriptions import Reminders
from tests.databases import *  # noqa: F403 - fixtures
from tests.digests import weekly
from tests.store_helpers import at_once

MONDAY_9 = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # 09:00 in Berlin
HERE = weekly("T1", "C1", 0, 9, 0, "Europe/Berlin")
ADA, BEN = Asker("T1", "UADA", "C1"), Asker("T1", "UBEN", "C1")
IN_DM = Asker("T1", "UBEN", "D1")


@dataclass
class Town:
    """The channels, the people in them, the clock on the wall, and two orgs."""

    now: datetime = MONDAY_9
    posted: list[tuple[str, str, str]] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)
    zone: str = "Europe/Berlin"

    def post(self, workspace: str, channel: str, answer: Answer, key: str) -> str:
        assert workspace
        self.check(workspace, channel)
        self.posted.append((channel, answer.headline, key))
        return f"{len(self.posted)}.0"

    def check(self, workspace: str, channel: str) -> None:
        assert workspace
        if channel in self.closed:
            raise SlackRefused("I am not in that channel.", permanent=True)

    def person(self, who: Asker) -> Person:
        return Person(self.zone, admin=who.user == "UADA", standing=Standing.MEMBER, name=who.user[1:].title())

    def read_all(self, workspace: str) -> Sequence[Diagnosis]:
        return [_diagnosis(workspace, "prod", Verdict.READY), _diagnosis(workspace, "uat", Verdict.ACTION_NEEDED)]


def _diagnosis(workspace: str, name: str, verdict: Verdict) -> Diagnosis:
    org = Org(workspace, name, f"{name}.my.salesforce.com", Login.JWT, sandbox=name == "uat")
    steps = (NextStep("install", None, "Install it.", None),) if verdict is Verdict.ACTION_NEEDED else ()
    return Diagnosis(org, verdict, f"`{name}` is {verdict}", str(verdict), steps, None)


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def shared(store: SqlStore) -> SharedChannels:
    return SharedChannels(store)


@pytest.fixture
def reminders(town: Town, store: SqlStore, shared: SharedChannels) -> Reminders:
    membership = Membership(town)
    making = DigestMaking(
        store=store,
        orgs=lambda workspace: [found.org for found in town.read_all(workspace)],
        read_all=town.read_all,
        read_for=lambda workspace, _: town.read_all(workspace),
        membership=membership,
        shared_channels=shared,
        clock=lambda: town.now,
    )
    permissions = Permissions(membership, frozenset({"UEVE"}))
    return Reminders(
        store=store,
        making=making,
        outbox=town,
        channels=town,
        people=town,
        permissions=permissions,
        shared_channels=shared,
        posting_now=PostingNow(
            store=store,
            making=making,
            outbox=town,
            people=town,
            named=permissions.named,
            clock=lambda: town.now,
        ),
        clock=lambda: town.now,
        trail=store,
        others={"escalate": lambda _, command: Answer(f"escalate: {command.rest}")},
    )


@pytest.fixture
def here(reminders: Reminders, store: SqlStore) -> Reminders:
    store.keep_subscription(HERE)
    return reminders


def say(reminders: Reminders, typed: str, who: Asker = ADA) -> Answer:
    return reminders.command(who, parse(f"remind {typed}"))


def buttons(answer: Answer) -> list[Button]:
    rows = [part.buttons for part in answer.parts if isinstance(part, Buttons)]
    return [*(button for row in rows for button in row), *answer.buttons]


def press(reminders: Reminders, answer: Answer, label: str, who: Asker = ADA) -> Answer:
    button = next(button for button in buttons(answer) if button.label == label)
    return reminders.command(who, parse(button.command or ""))


def kept(store: SqlStore, target: str, kind: Kind = Kind.DIGEST) -> Subscription:
    return next(each for each in store.subscriptions("T1") if (each.target, each.kind) == (target, kind))


def told(answer: Answer) -> str:
    texts = [part.text for part in answer.parts if isinstance(part, Text)]
    items = [f"{i.name} · {i.detail}" for part in answer.parts if isinstance(part, Items) for i in part.items]
    return "\n".join([answer.headline, answer.lead, *texts, *items, answer.note])


# --- setting one ---------------------------------------------------------------------------------------


def test_of_many_who_switch_it_on_at_once_one_tells_the_channel(
    reminders: Reminders, town: Town, store: SqlStore
) -> None:
    shown = say(reminders, "friday 2pm <#C2|ops>")

    answers = list[Answer]()

    def switch_on(_: int) -> bool:
        answers.append(press(reminders, shown, "Switch it on"))
        return True

    at_once(6, switch_on)

    assert [channel for channel, _, _ in town.posted] == ["C2"]
    assert sorted("already" in answer.headline for answer in answers) == [False, *[True] * 5]
    assert kept(store, "C2").enabled


def test_it_is_shown_before_it_is_on_and_its_channel_hears_of_it_once(
    reminders: Reminders, town: Town, store: SqlStore
) -> None:
    shown = say(reminders, "friday 2pm <#C2|ops> for sandboxes")

    assert shown.headline == "The digest of sandboxes to {channel:C2}: Fridays at 14:00 Europe/Berlin"
    assert "Nothing is switched on yet" in shown.lead
    assert "As it would look now: ⛔ Flosum apps: 0 of 1 sandbox ready" in told(shown)
    assert (town.posted, store.subscriptions("T1")) == ([], [])

    done = press(reminders, shown, "Switch it on")

    assert done.headline == "The digest of sandboxes comes Fridays at 14:00 Europe/Berlin to {channel:C2}"
    assert done.lead == "The first one comes Friday 27 November, 14:00 Europe/Berlin."
    assert town.posted == [("C2", "A digest of sandboxes comes here Fridays at 14:00 Europe/Berlin", "set:C2")]
    found = kept(store, "C2")
    assert (found.weekday, found.hour, found.orgs, found.enabled, found.set_by) == (4, 14, "sandboxes", True, "UADA")


def test_saying_the_same_again_changes_and_posts_nothing(here: Reminders, town: Town, store: SqlStore) -> None:
    for typed in (
        "monday 9:00",
        "monday 9:00 <#C1|ops>",
        "mondays at nine for all orgs",
        "on",
        "confirmed monday 9:00",
    ):
        answer = say(here, typed)
        assert answer.headline.endswith("comes Mondays at 09:00 Europe/Berlin to {channel:C1} already"), typed
        assert answer.lead.startswith("Nothing was changed")

    assert (town.posted, store.subscriptions("T1")) == ([], [HERE])


def test_what_is_not_said_stays_as_it_is(here: Reminders, store: SqlStore) -> None:
    press(here, say(here, "for sandboxes, silent when nothing is missing"), "Switch it on")
    assert (kept(store, "C1").hour, kept(store, "C1").orgs) == (9, "sandboxes")

    shown = say(here, "tuesday 10:00")
    assert "Nothing is changed yet" in shown.lead
    press(here, shown, "Switch it on")

    found = kept(store, "C1")
    assert (found.weekday, found.hour, found.orgs) == (1, 10, "sandboxes")
    assert found.when_nothing is WhenNothing.SILENCE


def test_several_channels_have_each_its_own(here: Reminders, store: SqlStore) -> None:
    press(here, say(here, "every 2 weeks friday 14:00 <#C2> for production"), "Switch it on")
    press(here, say(here, "me weekdays 8:30", BEN), "Switch it on", BEN)

    assert {(each.target, each.rhythm, each.orgs) for each in store.subscriptions("T1")} == {
        ("C1", Rhythm.WEEKLY, "all"),
        ("C2", Rhythm.FORTNIGHTLY, "production"),
        ("UBEN", Rhythm.WEEKDAYS, "all"),
    }
    assert kept(store, "C2").start == date(2026, 11, 27)


def test_fortnights_go_on_counting_when_something_else_is_changed(here: Reminders, town: Town, store: SqlStore) -> None:
    press(here, say(here, "every other friday 14:00"), "Switch it on")
    town.now = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)

    press(here, say(here, "every other friday 15:00"), "Switch it on")
    assert kept(store, "C1").start == date(2026, 11, 27)

    press(here, say(here, "every other thursday 15:00"), "Switch it on")
    assert kept(store, "C1").start == date(2026, 12, 3)


def test_the_clock_is_that_of_whoever_sets_it_and_what_it_was_before_is_told(here: Reminders, town: Town) -> None:
    town.zone = "Asia/Tokyo"

    answer = press(here, say(here, "monday 9:00"), "Switch it on")

    assert "Mondays at 09:00 Asia/Tokyo" in answer.headline
    assert "Before: Mondays at 09:00 Europe/Berlin" in answer.note


def test_a_zone_of_slacks_that_nobody_knows_is_utc_with_a_word(here: Reminders, town: Town, store: SqlStore) -> None:
    town.zone = "US/Pacific-New"

    answer = say(here, "friday 9:00")

    assert "Fridays at 09:00 UTC" in answer.headline
    assert "`US/Pacific-New` as your time zone, which I do not know" in answer.note
    assert "do not know" not in say(here, "friday 9:00 Berlin").note
    press(here, answer, "Switch it on")
    assert kept(store, "C1").zone == "UTC"


def test_an_hour_that_the_clock_skips_is_told_of(here: Reminders) -> None:
    answer = say(here, "sunday 2:30")

    assert "On 28 March 2027 the clock skips 02:30 there: it comes at 03:30 that day" in answer.note


# --- places --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["monday 9:00", "me monday 9:00", "monday 9:00 <#D1>", "monday 9:00 <@UBEN>"])
def test_in_direct_messages_it_is_their_own_and_every_member_may(
    reminders: Reminders, town: Town, store: SqlStore, typed: str
) -> None:
    answer = press(reminders, say(reminders, typed, IN_DM), "Switch it on", IN_DM)

    assert answer.headline == "The digest comes Mondays at 09:00 Europe/Berlin to your direct messages"
    assert kept(store, "UBEN").personal
    assert town.posted == []
    assert store.changes("T1") == []  # it concerns nobody else


def test_nobody_sets_one_for_somebody_else(reminders: Reminders, store: SqlStore) -> None:
    with pytest.raises(AskerError, match=r"Everybody sets their own: Ben types `/flosum remind me"):
        say(reminders, "monday 9:00 <@UBEN|ben>")
    assert store.subscriptions("T1") == []


@pytest.mark.parametrize("typed", ["monday 9:00 <#C9|secret>", "on <#C9>", "now <#C9>", "alerts on <#C9>"])
def test_a_channel_without_the_bot_says_so_before_anything_is_set(
    reminders: Reminders, town: Town, store: SqlStore, typed: str
) -> None:
    town.closed.add("C9")

    with pytest.raises(SlackRefused, match="not in that channel"):
        say(reminders, typed)
    assert (town.posted, store.subscriptions("T1")) == ([], [])


@pytest.mark.parametrize("typed", ["monday 9:00", "on", "now", "alerts on", "confirmed monday 9:00"])
def test_a_channel_that_another_company_reads_is_refused(
    reminders: Reminders, town: Town, shared: SharedChannels, typed: str
) -> None:
    shared.note("T1", "C1", shared=True)

    with pytest.raises(AskerError, match="is shared with another company"):
        say(reminders, typed)
    assert town.posted == []


def test_without_a_place_it_is_asked_which(reminders: Reminders) -> None:
    with pytest.raises(AskerError, match="Say which channel"):
        say(reminders, "monday 9:00", Asker("T1", "UADA"))


# --- every word means the channel it was said in ---------------------------------------------------------


def test_off_is_for_the_place_that_is_meant_and_says_what_still_comes(here: Reminders, store: SqlStore) -> None:
    store.keep_subscription(replace(HERE, id="ops", target="C2"))

    answer = say(here, "off <#C7|general>")
    assert answer.headline == "The digest to {channel:C7} is off already"
    assert all(each.enabled for each in store.subscriptions("T1"))

    answer = say(here, "off")
    assert answer.headline == "The digest to {channel:C1} is off now"
    assert answer.lead == "`/flosum remind on` brings it back as before."
    assert answer.note == "Still on: the digest to {channel:C2}."
    assert [kept(store, target).enabled for target in ("C1", "C2")] == [False, True]


def test_on_brings_back_what_was_and_shows_what_never_was(here: Reminders, town: Town, store: SqlStore) -> None:
    say(here, "off")
    assert "is off already" in say(here, "off").headline

    answer = say(here, "on")
    assert answer.headline == "The digest comes Mondays at 09:00 Europe/Berlin to {channel:C1}"
    assert [channel for channel, *_ in town.posted] == ["C1"]

    shown = say(here, "on", replace(ADA, channel="C7"))
    assert "Nothing is switched on yet" in shown.lead
    assert [each.target for each in store.subscriptions("T1")] == ["C1"]
    press(here, shown, "Switch it on", replace(ADA, channel="C1"))  # wherever the button is pressed
    assert kept(store, "C7").enabled


@pytest.mark.parametrize("typed", ["now", "now here", "post it now", "now <#C7>"])
def test_now_is_for_the_place_that_is_meant(here: Reminders, town: Town, typed: str) -> None:
    answer = say(here, typed, replace(ADA, channel="C7"))

    assert [channel for channel, *_ in town.posted] == ["C7"]
    assert answer.note == "It is off here: none comes by itself."
    say(here, "now")
    assert town.posted[-1][0] == "C1"


def test_now_promises_the_next_one_only_where_there_is_one(here: Reminders, town: Town) -> None:
    assert say(here, "now").note == "The next one still comes Monday 30 November, 09:00 Europe/Berlin."
    say(here, "off")
    town.now += ONCE_IN
    assert say(here, "now").note == "It is off here: none comes by itself."


def test_a_preview_changes_nothing_and_is_for_everybody(here: Reminders, town: Town, store: SqlStore) -> None:
    shown = say(here, "preview", BEN)
    assert "As it would look now: ⛔ Flosum apps: 1 of 2 orgs ready" in told(shown)
    assert buttons(shown) == []

    assert [button.label for button in buttons(say(here, "preview friday 14:00"))] == ["Switch it on", "Change"]
    assert [button.label for button in buttons(say(here, "preview"))] == ["Change"]
    assert (town.posted, store.subscriptions("T1")) == ([], [HERE])


# --- alerts --------------------------------------------------------------------------------------------


def test_alerts_go_on_and_off_beside_the_digest(here: Reminders, town: Town, store: SqlStore) -> None:
    answer = say(here, "alerts on <#C1|ops> for production")
    assert answer.headline == "Alerts about production orgs come to {channel:C1}"
    assert town.posted == [
        ("C1", "Alerts about production orgs come here when an org that was ready stops being so", "set:C1")
    ]
    assert kept(store, "C1", Kind.ALERTS).orgs == "production"
    assert "are on already" in say(here, "alerts on for production").headline
    assert "Alerts to {channel:C1} · as they happen · about production orgs" in told(say(here, ""))

    answer = say(here, "alerts off")
    assert answer.headline == "Alerts to {channel:C1} are off now"
    assert "the digest to the same place" in answer.note
    assert kept(store, "C1").enabled
    assert not kept(store, "C1", Kind.ALERTS).enabled


def test_alerts_alone_tell_how_it_is(here: Reminders) -> None:
    answer = say(here, "alerts")

    assert answer.headline == "Alerts to {channel:C1} are off"
    assert press(here, answer, "Switch alerts on").headline == "Alerts come to {channel:C1}"


# --- what comes ----------------------------------------------------------------------------------------


def test_what_comes_here_is_told_first_then_the_rest_that_the_asker_may_know_of(
    here: Reminders, store: SqlStore
) -> None:
    failing = replace(HERE, id="ops", target="C2", failing_since=MONDAY_9, failing="That channel is archived.")
    store.keep_subscription(failing)
    store.keep_subscription(replace(HERE, id="own", target="UBEN", rhythm=Rhythm.WEEKDAYS, hour=8))
    store.keep_subscription(replace(HERE, id="other", target="UCYD"))

    answer = say(here, "", BEN)

    assert answer.headline == "The digest comes Mondays at 09:00 Europe/Berlin to {channel:C1}"
    assert answer.lead == "The next one comes Monday 30 November, 09:00 Europe/Berlin."
    assert "Your direct messages · Monday to Friday at 08:00 Europe/Berlin · next Tuesday 24 November" in told(answer)
    assert "{channel:C2} · Mondays at 09:00 Europe/Berlin · next Monday 30 November" in told(answer)
    assert "Not delivered since {time:1795420800}, because that channel is archived" in told(answer)
    assert "UCYD" not in told(answer)
    assert [bool(item.buttons) for item in _items(answer)] == [True, False]  # Ben may change his own alone


def test_their_own_is_told_first_where_that_is_asked(here: Reminders) -> None:
    assert say(here, "me", BEN).headline == "The digest to your direct messages is off"
    press(here, say(here, "me friday 9:00", BEN), "Switch it on", BEN)
    assert say(here, "me", BEN).headline.endswith("Fridays at 09:00 Europe/Berlin to your direct messages")


def test_of_many_places_the_first_are_shown(here: Reminders, store: SqlStore) -> None:
    for number in range(20):
        store.keep_subscription(replace(HERE, id=f"n{number}", target=f"C2{number}"))

    answer = say(here, "")

    assert len(_items(answer)) == 8
    assert "And 12 more." in told(answer)


def test_one_that_does_not_arrive_says_so_where_it_should(here: Reminders, store: SqlStore) -> None:
    store.keep_subscription(replace(HERE, failing_since=MONDAY_9, failing="I am not in that channel"))

    answer = say(here, "")

    assert answer.lead == "Not delivered since {time:1795420800}, because I am not in that channel"


def test_setting_one_again_that_does_not_arrive_is_no_repetition(here: Reminders, store: SqlStore) -> None:
    store.keep_subscription(replace(HERE, failing_since=MONDAY_9, failing="I am not in that channel"))

    press(here, say(here, "monday 9:00"), "Switch it on")

    assert (kept(store, "C1").failing_since, kept(store, "C1").failing) == (None, "")


def test_where_none_comes_it_is_offered(reminders: Reminders) -> None:
    answer = say(reminders, "")

    assert answer.headline == "The digest to {channel:C1} is off"
    assert [(button.label, button.form, button.command) for button in answer.buttons] == [("Set it up", "digest", "C1")]
    assert "`/flosum remind me monday 09:00`" in say(reminders, "", IN_DM).lead


# --- who may -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["off", "now", "on", "monday 9:00", "confirmed friday 9:00", "alerts on"])
def test_a_channels_is_for_those_who_may_change_things(here: Reminders, town: Town, typed: str) -> None:
    with pytest.raises(NotAllowed, match=r"Today that is Eve\.") as refused:
        say(here, typed, BEN)
    assert ("Your own comes to your direct messages" in refused.value.text) == ("9:00" in typed)
    assert town.posted == []


def test_their_own_is_for_everybody_and_nobody_elses_business(here: Reminders, store: SqlStore) -> None:
    press(here, say(here, "me friday 9:00", BEN), "Switch it on", BEN)
    assert "to your direct messages" in say(here, "me now", BEN).headline
    assert "is off now" in say(here, "me off", BEN).headline
    assert "is off already" in say(here, "me off").headline
    assert not kept(store, "UBEN").enabled


def test_somebody_named_in_the_settings_may_change_it(here: Reminders, store: SqlStore) -> None:
    say(here, "off", Asker("T1", "UEVE", "C1"))

    assert not kept(store, "C1").enabled


def test_what_begins_with_a_word_of_its_own_is_somebody_elses(reminders: Reminders) -> None:
    assert say(reminders, "escalate after 3 weeks to <@U1>").headline == "escalate: after 3 weeks to <@U1>"


# --- what is not understood ----------------------------------------------------------------------------


def test_what_may_be_meant_is_offered_to_press_and_nothing_is_set(here: Reminders, store: SqlStore) -> None:
    answer = say(here, "friday 9:00 EST <#C2|ops> for sandboxes")

    button, form = answer.buttons
    assert (button.label, button.command) == (
        "Friday 09:00 America/New_York for sandboxes",
        "remind friday 09:00 America/New_York <#C2> for sandboxes",
    )
    assert unpacked(form.command or "") == (
        "C2",
        {"orgs": "sandboxes", "to": "channel", "channel": "C2", "day": "4", "time": "09:00"},
    )
    assert store.subscriptions("T1") == [HERE]
    shown = here.command(ADA, parse(button.command or ""))
    assert shown.headline == "The digest of sandboxes to {channel:C2}: Fridays at 09:00 America/New_York"


@pytest.mark.parametrize(
    ("typed", "said", "lines"),
    [
        ("someday", "`someday` is not a day of the week", {}),
        ("monday 25:00", "`25:00` is not a time of the day", {"day": "0"}),
        ("monday 9:00 Mars", "`Mars` is not a city or a time zone that I know", {"day": "0", "time": "09:00"}),
        ("monday 9:00 #no-such-channel", "I cannot see a channel `#no-such-channel`", {}),
        ("me every 2 weeks", "Which day of the week?", {"to": "me", "rhythm": "fortnightly"}),
        ("whenever you feel like it", "`whenever you feel like` is not a day", {}),
    ],
)
def test_free_words_lead_to_the_form_with_what_was_understood(
    here: Reminders, store: SqlStore, typed: str, said: str, lines: dict[str, str]
) -> None:
    answer = say(here, typed)

    assert said in answer.headline
    assert (answer.buttons[-1].label, answer.buttons[-1].form) == ("Fill in a form", "digest")
    assert unpacked(answer.buttons[-1].command or "") == ("UADA" if "to" in lines else "C1", lines)
    assert store.subscriptions("T1") == [HERE]


def test_the_trail_says_who_set_what(here: Reminders, store: SqlStore) -> None:
    press(here, say(here, "friday 9:00 for sandboxes"), "Switch it on")
    say(here, "off")
    say(here, "alerts on")

    assert [(change.action, change.subject) for change in store.changes("T1")][::-1] == [
        ("set the digest", "Fridays at 09:00 Europe/Berlin for sandboxes, C1"),
        ("switched off the digest", "Fridays at 09:00 Europe/Berlin for sandboxes, C1"),
        ("switched alerts on", "C1"),
    ]


def _items(answer: Answer) -> list[Item]:
    return [item for part in answer.parts if isinstance(part, Items) for item in part.items]
