"""Digests as people set them in Slack: shown first, switched on by a press, each place with its own."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.digest.subscription import Rhythm, Subscription, WhenNothing
from bot.domain.model import PastDigest
from bot.entrypoints.cli.program import main
from bot.sandbox.slack import block_limits
from bot.sandbox.slack.records import BOT_USER, SlackMessage, View
from bot.wiring.command_line import CommandLineParts
from bot.wiring.parts import utc_now
from tests import phone
from tests.people import share
from tests.running_bot import ADA, RunningBot
from tests.running_bot import running_bot as running_bot
from tests.store_helpers import keep_past

TEAM, HERE = "T0DEMO", "C0SALESFORCE"
Values = dict[str, Any]


def newest(running_bot: RunningBot) -> SlackMessage:
    return running_bot.shown()[-1]


def since(running_bot: RunningBot, before: int) -> list[SlackMessage]:
    """What came after, beside what is said where orgs are slow."""
    return [shown for shown in running_bot.shown()[before:] if not shown.text.startswith("Reading ")]


def press(running_bot: RunningBot, message: SlackMessage, label: str) -> list[SlackMessage]:
    """What comes of a press of Ada's."""
    before = len(running_bot.shown())
    assert running_bot.ada.press(message, label).acked
    return since(running_bot, before)


def labels(message: SlackMessage) -> set[str]:
    return {button["text"]["text"] for button in phone.buttons(message.blocks)}


def kept(running_bot: RunningBot, target: str = HERE) -> Subscription:
    return next(each for each in running_bot.bot.store.subscriptions(TEAM) if each.target == target)


# --- typed ---------------------------------------------------------------------------------------------


def test_a_digest_is_shown_switched_on_told_of_and_switched_off(running_bot: RunningBot) -> None:
    before = len(running_bot.shown())
    shown = running_bot.ask("remind friday 14:30 America/New_York for sandboxes")
    assert len(since(running_bot, before)) == 1  # nothing in the channel yet
    assert "As it would look now: ⚠️ Flosum apps: 1 of 2 sandboxes ready" in shown.text
    assert kept(running_bot).hour == 9

    said_in_channel, confirmed = press(running_bot, shown, "Switch it on")

    assert (said_in_channel.audience, said_in_channel.channel) == (None, HERE)
    assert said_in_channel.text.startswith("A digest of sandboxes comes here Fridays at 14:30 America/New_York")
    assert "The digest of sandboxes comes Fridays at 14:30 America/New_York to" in confirmed.text
    assert "Fridays at 14:30 America/New_York" in running_bot.ask("remind").text
    assert "already" in running_bot.ask("remind friday 14:30 America/New_York for sandboxes").text
    assert "is off now" in running_bot.ask("remind off").text
    assert "is off" in running_bot.ask("remind").text


def test_a_button_pressed_again_changes_nothing_more(running_bot: RunningBot) -> None:
    shown = running_bot.ask("remind friday 14:30")
    press(running_bot, shown, "Switch it on")

    (again,) = press(running_bot, shown, "Switch it on")

    assert "already" in again.text
    assert again.audience == ADA


def test_in_direct_messages_everybody_has_their_own(running_bot: RunningBot) -> None:
    before = len(running_bot.shown())
    running_bot.ben.command("remind weekdays 8:30", "dm")
    (shown,) = since(running_bot, before)
    assert "to your direct messages: Monday to Friday at 08:30" in shown.text

    running_bot.ben.press(shown, "Switch it on")
    running_bot.shown()

    ben = running_bot.ben.member.id
    assert kept(running_bot, ben).rhythm is Rhythm.WEEKDAYS
    assert kept(running_bot).enabled
    before = len(running_bot.shown())
    running_bot.ben.command("remind me now")
    posted, told = since(running_bot, before)
    direct = running_bot.workspace.state.direct_channel(ben)
    assert direct
    assert (posted.channel, posted.audience) == (direct.id, None)
    assert "Posted to your direct messages" in told.text


def test_a_message_says_it_as_well_as_a_command(running_bot: RunningBot) -> None:
    (shown,) = running_bot.say("can you please remind me every weekday at 8:30?", "dm")
    assert "to your direct messages: Monday to Friday at 08:30" in shown.text
    assert running_bot.say("could you remind me on friday at 9") == []  # said to a colleague, in a channel

    press(running_bot, shown, "Switch it on")

    assert kept(running_bot, ADA).rhythm is Rhythm.WEEKDAYS


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("remind monday 8:00 #crm-leads", "invite me there first"),  # private, and the bot is not in it
        ("remind monday 8:00 <#C0ELSEWHERE|ops>", "I cannot see that channel"),  # another workspace's
        ("remind monday 8:00 #no-such-channel", "I cannot see a channel #no-such-channel"),
        ("remind monday 25:00", "25:00 is not a time of the day"),
        ("remind monday 9:00 Mars", "Mars is not a city or a time zone that I know"),
        ("remind someday", "someday is not a day of the week"),
        ("remind monday 9 for nowhere-prod", "nowhere-prod is no org, tag or kind of orgs here"),
        ("remind monday 9:00 <@U0BEN>", "Everybody sets their own"),
    ],
)
def test_what_cannot_be_is_told_before_anything_is_set(running_bot: RunningBot, typed: str, said: str) -> None:
    before = running_bot.bot.store.subscriptions(TEAM)

    answer = running_bot.ask(typed)

    assert said.casefold() in answer.text.casefold()
    assert running_bot.bot.store.subscriptions(TEAM) == before


def test_what_is_on_in_a_channel_that_the_bot_was_taken_out_of_is_not_called_on(running_bot: RunningBot) -> None:
    running_bot.ask("remind alerts on")
    channel = running_bot.workspace.state.channels[HERE]
    running_bot.workspace.state.channels[HERE] = replace(channel, members=channel.members - {BOT_USER})

    for line in ("remind on", "remind monday 9:00", "remind alerts on"):
        assert "I am not in that channel. Invite me there first" in running_bot.ask(line).text


def test_a_fortnight_that_is_set_again_has_the_same_next_day(running_bot: RunningBot) -> None:
    shown = running_bot.ask("remind every 2 weeks friday 14:00")
    (*_, first) = press(running_bot, shown, "Switch it on")
    (again,) = press(running_bot, shown, "Switch it on")

    day = re.search(r"The first one comes (\w+ \d+ \w+)", first.text)
    assert day
    assert f"The next one comes {day[1]}" in again.text


def test_who_may_not_change_a_digest_gets_no_button_for_that(running_bot: RunningBot) -> None:
    assert {"Post it now", "Switch it off"} <= labels(running_bot.ask("remind"))
    assert labels(running_bot.ask("remind", running_bot.ben)) == set()


def test_who_presses_second_alone_hears_that_it_was_posted(running_bot: RunningBot) -> None:
    ben = running_bot.ben.member.id
    running_bot.bot.store.trust(TEAM, ben)
    adas, bens = running_bot.ask("remind"), running_bot.ask("remind", running_bot.ben)
    before = len(running_bot.shown())
    for person, message in ((running_bot.ada, adas), (running_bot.ben, bens), (running_bot.ada, adas)):
        assert person.press(message, "Post it now").acked
        assert running_bot.workspace.settle()

    told = since(running_bot, before)

    assert [each.text.startswith("⛔ Flosum apps") for each in told if each.audience is None] == [True]
    seconds = [each.audience for each in told if "so I did not post it again" in each.text]
    assert seconds == [ben, ADA]
    assert len(told) == 4


def test_what_is_posted_elsewhere_is_said_to_be_off_there(running_bot: RunningBot) -> None:
    before = len(running_bot.shown())
    running_bot.ada.command("remind now #random")

    *_, told = since(running_bot, before)

    assert "It is off there" in str(told.blocks)


def test_an_archived_channel_is_refused_before_it_is_on(running_bot: RunningBot) -> None:
    state = running_bot.workspace.state
    state.channels[HERE] = replace(state.channels[HERE], archived=True)

    assert "That channel is archived" in running_bot.ask("remind friday 9:00").text


def test_a_channel_that_slack_calls_shared_is_refused_though_no_event_told_so(running_bot: RunningBot) -> None:
    share(running_bot.workspace, "#random")
    random = running_bot.workspace.state.channel_named("#random")
    assert random

    answer = running_bot.ask(f"remind friday 9:00 <#{random.id}|random>")

    assert "shared with another company" in answer.text


def test_words_that_are_not_understood_open_the_form_with_what_was(running_bot: RunningBot) -> None:
    answer = running_bot.ask("remind every 2 weeks friday for sandboxes")

    form = opened(running_bot, answer, "Fill in a form")

    lines = initial(form)
    assert (lines["rhythm"]["value"], lines["day"]["value"], lines["orgs"]) == ("fortnightly", "4", "sandboxes")


# --- the form ------------------------------------------------------------------------------------------


def window(running_bot: RunningBot) -> View:
    assert running_bot.workspace.settle()
    return [shown.view for shown in running_bot.workspace.log if shown.view and shown.view.kind == "modal"][-1]


def opened(running_bot: RunningBot, message: SlackMessage, button: str) -> View:
    assert running_bot.ada.press(message, button).acked
    return window(running_bot)


def initial(view: View) -> dict[str, Any]:
    elements = {block["block_id"]: block["element"] for block in view.body["blocks"] if block["type"] == "input"}
    return {
        key: next((value for name, value in element.items() if name.startswith("initial_")), None)
        for key, element in elements.items()
    }


def filled(**lines: str) -> Values:
    """What Slack sends of the form."""
    values = {"rhythm": "weekly", "day": "4", "nothing": "line", "to": "channel"} | lines
    chosen: Values = {}
    for key in ("rhythm", "day", "nothing", "to"):
        label = {"type": "plain_text", "text": "Any", "emoji": False}
        chosen[key] = {"line": {"type": "static_select", "selected_option": {"text": label, "value": values[key]}}}
    channel = values.get("channel", HERE)
    chosen["channel"] = {"line": {"type": "conversations_select", "selected_conversation": channel or None}}
    chosen["time"] = {"line": {"type": "timepicker", "selected_time": values.get("time", "14:30")}}
    for key, usual in (("zone", "Berlin"), ("orgs", "all")):
        chosen[key] = {"line": {"type": "plain_text_input", "value": values.get(key, usual)}}
    return chosen


def test_what_is_on_is_changed_by_the_form_at_once(running_bot: RunningBot) -> None:
    form = opened(running_bot, running_bot.ask("remind"), "Change")
    assert form.body["private_metadata"] == HERE
    before = len(running_bot.shown())

    running_bot.ada.submit(form, filled(rhythm="fortnightly", orgs="sandboxes", nothing="silence"))

    said, confirmed = since(running_bot, before)
    assert said.text.startswith("A digest of sandboxes comes here every second Friday at 14:30 Europe/Berlin")
    assert "every second Friday" in confirmed.text
    found = kept(running_bot)
    assert (found.rhythm, found.orgs, found.when_nothing) == (Rhythm.FORTNIGHTLY, "sandboxes", WhenNothing.SILENCE)


def test_what_is_new_is_shown_first(running_bot: RunningBot) -> None:
    form = opened(running_bot, running_bot.ask("remind"), "Change")
    before = len(running_bot.shown())

    running_bot.ada.submit(form, filled(to="me", channel="", orgs="production", rhythm="weekdays"))

    (shown,) = since(running_bot, before)
    assert "Nothing is switched on yet" in shown.text
    assert [each.target for each in running_bot.bot.store.subscriptions(TEAM)] == [HERE]
    press(running_bot, shown, "Switch it on")
    assert (kept(running_bot, ADA).orgs, kept(running_bot, ADA).rhythm) == ("production", Rhythm.WEEKDAYS)
    assert kept(running_bot).enabled


def test_changing_the_channel_moves_the_digest(running_bot: RunningBot) -> None:
    state = running_bot.workspace.state
    random = state.channel_named("#random")
    assert random
    form = opened(running_bot, running_bot.ask("remind"), "Change")

    running_bot.ada.submit(form, filled(channel=random.id))
    running_bot.shown()

    assert [(each.target, each.enabled) for each in running_bot.bot.store.subscriptions(TEAM)] == [(random.id, True)]


def test_orgs_that_are_none_keep_what_was_typed(running_bot: RunningBot) -> None:
    form = opened(running_bot, running_bot.ask("remind"), "Change")

    running_bot.ada.submit(form, filled(orgs="prod, nowhere-prod", time="07:15"))

    answer = newest(running_bot)
    assert answer.text.startswith("nowhere-prod is no org, tag or kind of orgs here")
    lines = initial(opened(running_bot, answer, "Change what I typed"))
    assert (lines["orgs"], lines["time"]) == ("prod, nowhere-prod", "07:15")


def test_orgs_of_two_kinds_are_asked_back_about_in_the_form_too(running_bot: RunningBot) -> None:
    form = opened(running_bot, running_bot.ask("remind"), "Change")

    running_bot.ada.submit(form, filled(orgs="uat and production"))

    answer = newest(running_bot)
    assert answer.text == "Say which orgs: uat, or production. A digest has one kind of list."
    assert initial(opened(running_bot, answer, "Change what I typed"))["orgs"] == "uat and production"
    assert kept(running_bot).orgs == "all"


def test_who_may_not_change_channels_gets_the_form_for_their_own(running_bot: RunningBot) -> None:
    running_bot.ask("remind off")
    before = len(running_bot.shown())
    running_bot.ben.command("remind", "dm")
    (answer,) = since(running_bot, before)

    running_bot.ben.press(answer, "Set it up")

    form = window(running_bot)
    assert {"to", "channel"}.isdisjoint(initial(form))
    lines = filled()
    del lines["to"], lines["channel"]
    running_bot.ben.submit(form, lines)
    shown = newest(running_bot)
    assert "to your direct messages: Fridays at 14:30 Europe/Berlin" in shown.text
    running_bot.ben.press(shown, "Switch it on")
    running_bot.shown()
    assert kept(running_bot, running_bot.ben.member.id).enabled


def test_a_channel_that_was_not_offered_is_refused_all_the_same(running_bot: RunningBot) -> None:
    running_bot.ask("remind off")
    running_bot.ben.command("remind", "dm")
    running_bot.ben.press(newest(running_bot), "Set it up")

    running_bot.ben.submit(window(running_bot), filled())

    assert "is for workspace admins" in newest(running_bot).text
    assert not kept(running_bot).enabled


# --- the digest itself ---------------------------------------------------------------------------------


def with_history(running_bot: RunningBot) -> None:
    """Weeks in which one org after the other got ready."""
    store = running_bot.bot.store
    subscription = store.keep_subscription(replace(kept(running_bot), orgs="uat"))
    for number in range(1, 5):
        ready = ("prod",) if number == 4 else ()
        earlier = utc_now() - timedelta(days=7 * (6 - number))
        keep_past(store, TEAM, subscription.id, PastDigest(earlier, ready, ("uat",)))


def test_a_chart_is_posted_where_slack_has_them_and_left_out_elsewhere(
    running_bot: RunningBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_history(running_bot)
    monkeypatch.setattr("bot.service.posting_now.ONCE_IN", timedelta(0))

    def now() -> SlackMessage:
        before = len(running_bot.shown())
        running_bot.ada.command("remind now")
        return since(running_bot, before)[0]

    assert [block["type"] for block in now().blocks].count("data_visualization") == 1
    without = block_limits.BY_SURFACE["message"] - {"data_visualization"}
    calls = len(running_bot.workspace.calls)
    with monkeypatch.context() as elsewhere:
        elsewhere.setitem(block_limits.BY_SURFACE, "message", without)
        assert "data_visualization" not in [block["type"] for block in now().blocks]
        now()
    posts = [call for call in running_bot.workspace.calls[calls:] if call.method == "chat.postMessage"]
    assert len(posts) == 3  # tried once, and not again


def test_change_below_a_digest_opens_its_own_form(running_bot: RunningBot) -> None:
    press(running_bot, running_bot.ask("remind me friday 9:00 for sandboxes"), "Switch it on")
    before = len(running_bot.shown())
    running_bot.ada.command("remind me now")
    digest = since(running_bot, before)[0]

    form = opened(running_bot, digest, "Change")

    lines = initial(form)
    assert (lines["to"]["value"], lines["day"]["value"], lines["orgs"]) == ("me", "4", "sandboxes")


def test_home_switches_off_the_one_that_is_meant(running_bot: RunningBot) -> None:
    press(running_bot, running_bot.ask("remind me friday 9:00"), "Switch it on")
    running_bot.ada.open_home()
    running_bot.shown()
    home = running_bot.workspace.state.homes[ADA]
    assert len([b for b in home.body["blocks"] if str(b.get("block_id")).startswith("home-digest")]) == 2

    running_bot.ada.choose(home, "home-say:digest-1", "Switch it off")
    running_bot.shown()

    assert [kept(running_bot, target).enabled for target in (HERE, ADA)] == [True, False]


# --- orgs that are called otherwise, or gone ---------------------------------------------------------------


def about(bot: RunningBot) -> list[str]:
    """What the digests and alerts are about."""
    return sorted(each.orgs for each in bot.bot.store.subscriptions(TEAM))


def test_what_was_set_for_an_org_goes_on_under_its_new_name(running_bot: RunningBot) -> None:
    running_bot.ask("remind alerts on for prod, uat")
    running_bot.ask("rename prod live")
    assert about(running_bot) == ["all", "live or uat"]

    running_bot.ask("rename uat Two Words")
    assert about(running_bot) == ["all", "live or Two Words"]
    assert "about orgs called live or Two Words" in str(running_bot.ask("remind").blocks).replace("`", "")


def test_a_digest_of_an_org_that_is_gone_is_about_no_other(running_bot: RunningBot) -> None:
    running_bot.ask("remind confirmed monday 9:00 for prod")
    running_bot.ask("disconnect prod yes")

    told = running_bot.ask("remind preview").text
    assert "orgs called prod" in told
    assert "emea-prod" not in told


def test_an_old_button_about_an_org_shows_and_shares_no_others(running_bot: RunningBot) -> None:
    answer = running_bot.ask("status prod")
    running_bot.ask("disconnect prod yes")

    for label in ("Details", "Share in channel"):
        before = len(running_bot.shown())
        running_bot.ada.press(answer, label)
        (told,) = running_bot.shown()[before:]
        assert told.text.startswith("prod is not connected any more")
        assert told.audience == ADA

    assert running_bot.ask("status production").text.startswith("⛔ Production: 0 of 3 orgs ready")
    running_bot.ask("rename qa prod")
    running_bot.ask("rename prod live")
    assert running_bot.ask("status prod").text.startswith("prod is called live now.")


def test_a_digest_from_the_terminal_and_a_press_of_the_running_bot_are_one(
    running_bot: RunningBot, capsys: pytest.CaptureFixture[str]
) -> None:
    def post_from_terminal() -> tuple[int, str]:
        parts = CommandLineParts(settings=running_bot.bot.settings, route=running_bot.salesforce.route)
        code = main(parts, ["digest"])
        return code, capsys.readouterr().out

    assert post_from_terminal() == (0, "Posted.\n")
    assert running_bot.ask("remind now").text.startswith("✅ The operator had it posted to #C0SALESFORCE")
    code, said = post_from_terminal()

    assert code == 0
    assert said.startswith("✅ You had it posted to #C0SALESFORCE 20")
    assert "so I did not post it again" in said
    assert sum("orgs ready" in shown.text for shown in running_bot.shown()) == 1
