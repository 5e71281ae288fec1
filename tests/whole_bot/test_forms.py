"""Forms: the window opens first, keeps what was typed, and says what is wrong and where the answer appears."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from slack_bolt import BoltContext

from bot.adapters.slack.views.modal import entered, form_modal
from bot.domain.answers import Entry, Field, Form
from bot.domain.answers.typed import packed, unpacked
from bot.domain.digest.form import DIGEST_FORM, digest_form
from bot.domain.orgs.connection import NEW_ORG_FORM
from bot.domain.orgs.home_report import CONNECT_FORM
from bot.domain.orgs.logins import JWT_FORM
from bot.domain.orgs.snooze_report import SNOOZE_FORM
from bot.entrypoints.slack.kept_form import kept_form
from bot.entrypoints.slack.shapes import fault_of
from bot.sandbox.slack.faults import FaultKind, WebApiFault
from bot.sandbox.slack.records import SlackMessage, View
from tests.blockkit import assert_valid_view
from tests.digests import the_digest, weekly
from tests.running_bot import ADA, RunningBot
from tests.running_bot import running_bot as running_bot
from tests.whole_bot.test_commands import SESSION_ID
from tests.whole_bot.test_forgetting import everything
from tests.whole_bot.test_outsiders import sent

TEAM = "T0DEMO"
Values = dict[str, Any]


def chosen(day: str = "4", time: str = "14:30", zone: str = "New York", channel: str = "C0SALESFORCE") -> Values:
    """What Slack sends of the digest's form."""
    label = {"type": "plain_text", "text": "Any", "emoji": False}
    return {
        "day": {"line": {"type": "static_select", "selected_option": {"text": label, "value": day}}},
        "time": {"line": {"type": "timepicker", "selected_time": time}},
        "zone": {"line": {"type": "plain_text_input", "value": zone}},
        "channel": {"line": {"type": "conversations_select", "selected_conversation": channel}},
    }


def window(running_bot: RunningBot) -> View:
    """The newest window."""
    assert running_bot.workspace.settle()
    return [shown.view for shown in running_bot.workspace.log if shown.view and shown.view.kind == "modal"][-1]


def opened(running_bot: RunningBot, message: SlackMessage, button: str = "Change") -> View:
    assert running_bot.ada.press(message, button).acked
    return window(running_bot)


def initial(view: View) -> dict[str, Any]:
    """What the lines hold when the form opens."""
    elements = {block["block_id"]: block["element"] for block in view.body["blocks"] if block["type"] == "input"}
    return {
        key: next((value for name, value in element.items() if name.startswith("initial_")), None)
        for key, element in elements.items()
    }


def newest(running_bot: RunningBot) -> SlackMessage:
    return running_bot.shown()[-1]


# --- the digest's form ---------------------------------------------------------------------------------


def test_the_digest_is_set_with_a_form_from_the_command(running_bot: RunningBot) -> None:
    form = opened(running_bot, running_bot.ask("remind"))

    filled = initial(form)
    assert (filled["day"]["value"], filled["day"]["text"]["text"]) == ("0", "Monday")
    assert (filled["time"], filled["zone"], filled["channel"]) == ("09:00", "Europe/Berlin", "C0SALESFORCE")
    assert "told in your direct messages" in form.body["blocks"][0]["text"]["text"]
    assert running_bot.ada.submit(form, chosen()).acked

    answer = newest(running_bot)
    direct = running_bot.workspace.state.direct_channel(ADA)
    assert direct
    assert answer.channel == direct.id
    assert "The digest comes Fridays at 14:30 America/New_York to" in answer.text
    reminder = the_digest(running_bot.bot.store, TEAM)
    assert reminder
    assert (reminder.weekday, reminder.hour, reminder.minute, reminder.zone) == (4, 14, 30, "America/New_York")


@pytest.mark.parametrize(
    ("orgs", "told"),
    [
        ("  ", "The digest comes Fridays at 14:30 America/New_York to"),
        ("\0", "The digest comes Fridays at 14:30 America/New_York to"),
        ("x" * 3000, f"{'x' * 59}… is no org, tag or kind of orgs here."),
    ],
)
def test_blanks_are_nothing_and_what_is_long_is_told_short(running_bot: RunningBot, orgs: str, told: str) -> None:
    form = opened(running_bot, running_bot.ask("remind"))
    line = {"orgs": {"line": {"type": "plain_text_input", "value": orgs}}}

    assert running_bot.ada.submit(form, chosen() | line).acked

    assert told in running_bot.shown(meanwhile=True)[-1].text


def test_it_opens_from_the_digest_itself(running_bot: RunningBot) -> None:
    before = len(running_bot.shown())
    running_bot.ada.command("remind now")
    digest = running_bot.shown()[before]

    assert opened(running_bot, digest).body["callback_id"] == "digest"


def test_it_opens_over_home_and_home_stays(running_bot: RunningBot) -> None:
    running_bot.ada.open_home()
    assert running_bot.workspace.settle()
    home = running_bot.workspace.state.homes[ADA]

    running_bot.ada.press_view(home, "Change")

    assert window(running_bot).body["callback_id"] == "digest"
    assert running_bot.workspace.state.homes[ADA].id == home.id


def test_it_takes_the_place_of_an_answer_that_stands_in_a_window(running_bot: RunningBot) -> None:
    running_bot.ada.open_home()
    assert running_bot.workspace.settle()
    page = running_bot.workspace.state.homes[ADA]
    rows = [block["elements"] for block in page.body["blocks"] if block["type"] == "actions"]
    button = next(each for row in rows for each in row if each["text"]["text"] == "Change")
    button |= {"action_id": "home-say:remind", "value": "remind"}  # as on a page of before it opened the form itself
    running_bot.ada.press_view(page, "Change")
    answer = window(running_bot)

    running_bot.ada.press_view(answer, "Change")

    form = window(running_bot)
    assert (form.id, form.body["callback_id"]) == (answer.id, "digest")


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Mars", "Mars is not a city or a time zone that I know. Try a city"),
        ("EST", "EST is the clock of half a year, and a digest comes all year. Did you mean America/New_York?"),
        ("Portland", "Did you mean America/New_York or America/Los_Angeles?"),
        ("", "Name a city, such as Berlin, or UTC."),
        (" ", "Name a city, such as Berlin, or UTC."),
    ],
)
def test_what_is_wrong_is_said_at_its_line_and_the_form_stays(running_bot: RunningBot, zone: str, said: str) -> None:
    form = opened(running_bot, running_bot.ask("remind"))

    receipt = running_bot.ada.submit(form, chosen(zone=zone))

    assert receipt.answer["response_action"] == "errors"
    assert list(receipt.answer["errors"]) == ["zone"]
    assert said in receipt.answer["errors"]["zone"]
    assert window(running_bot).id == form.id


def test_a_line_without_a_choice_is_named(running_bot: RunningBot) -> None:
    form = opened(running_bot, running_bot.ask("remind"))
    nothing = chosen()
    nothing["time"] = {"line": {"type": "timepicker", "selected_time": None}}
    nothing["day"] = {"line": {"type": "static_select", "selected_option": None}}

    errors = running_bot.ada.submit(form, nothing).answer["errors"]

    assert errors == {"day": "Choose a day.", "time": "Choose a time."}


LINES = [
    (SNOOZE_FORM, "uat", {"length": "7"}, "reason"),
    (SNOOZE_FORM, "uat", {"reason": "later"}, "length"),
    (CONNECT_FORM, "-", {}, "org"),
    (NEW_ORG_FORM, "-", {}, "org"),
    (JWT_FORM, "uat", {"host": "acme"}, "username"),
    (JWT_FORM, "uat", {"username": "bot@acme.example"}, "host"),
    (DIGEST_FORM, "-", {"day": "0", "time": "09:00", "channel": "C0SALESFORCE"}, "zone"),
    (DIGEST_FORM, "-", {"day": "0", "time": "09:00", "channel": "C0SALESFORCE", "zone": "Berlin"}, "orgs"),
]
"""Each line into which people type, and what else is in its form."""


@pytest.mark.parametrize(("kind", "subject", "others", "line"), LINES)
@pytest.mark.parametrize(
    "typed", [SESSION_ID, f"https://acme.my.salesforce.com/?sid={SESSION_ID}", f"see {SESSION_ID}"]
)
def test_a_secret_in_a_line_is_refused_there_and_neither_kept_nor_shown(
    running_bot: RunningBot, kind: str, subject: str, others: dict[str, str], line: str, typed: str
) -> None:
    secret = SESSION_ID[16:40]

    receipt = sent(kind, subject, **others, **{line: typed})(running_bot.ada, running_bot)

    assert list(receipt.answer["errors"]) == [line]
    said = receipt.answer["errors"][line]
    assert "shows a Salesforce secret: session id. Leave it out. I do not store or repeat it." in said
    assert "End the session: Setup → Session Management" in said
    shown = f"{said}{running_bot.shown()}{running_bot.workspace.calls}{running_bot.log.getvalue()}"
    assert secret not in shown
    assert [place for *place, value in everything(running_bot) if secret in value] == []


def test_what_fails_later_keeps_what_was_typed(running_bot: RunningBot) -> None:
    form = opened(running_bot, running_bot.ask("remind"))
    leads = running_bot.workspace.state.channel_named("#crm-leads")
    assert leads

    assert running_bot.ada.submit(form, chosen("2", "07:15", "Tokyo", leads.id)).acked

    answer = newest(running_bot)
    assert "invite me there first" in answer.text.casefold()
    filled = initial(opened(running_bot, answer, "Change what I typed"))
    assert (filled["day"]["value"], filled["time"], filled["zone"], filled["channel"]) == (
        "2",
        "07:15",
        "Tokyo",
        leads.id,
    )


def test_a_login_that_is_refused_keeps_what_was_typed(running_bot: RunningBot) -> None:
    form = opened(running_bot, running_bot.ask("connect jwt"), "Name the user")
    values = {
        "username": {"line": {"type": "plain_text_input", "value": "ada@other.example"}},
        "host": {"line": {"type": "plain_text_input", "value": "acme"}},
    }
    assert "direct messages" in form.body["blocks"][0]["text"]["text"]
    running_bot.ada.submit(form, values)

    again = opened(running_bot, newest(running_bot), "Change what I typed")

    typed = initial(again)
    assert typed.pop("grants")["value"] == "no"
    assert typed == {"username": "ada@other.example", "host": "acme"}
    assert again.body["private_metadata"] == "jwt"


def test_who_may_not_change_it_is_told_in_the_window(running_bot: RunningBot) -> None:
    running_bot.ada.mention("remind")
    running_bot.ben.press(running_bot.shown()[-1], "Change")

    assert "Changing a digest is for" in str(window(running_bot).body["blocks"])


def test_without_a_digest_it_is_set_up_for_the_channel_it_was_asked_in(running_bot: RunningBot) -> None:
    running_bot.ask("remind off")
    with closing(sqlite3.connect(running_bot.folder / "demo.db")) as connection:
        connection.execute("DELETE FROM subscriptions")
        connection.commit()

    form = opened(running_bot, running_bot.ask("remind"), "Set it up")

    assert initial(form)["channel"] == "C0SALESFORCE"
    assert initial(form)["zone"] == running_bot.ada.member.zone


# --- the window ----------------------------------------------------------------------------------------


def test_the_window_opens_before_anything_else_is_asked(running_bot: RunningBot) -> None:
    message = running_bot.ask("remind")
    before = len(running_bot.workspace.calls)

    opened(running_bot, message)

    calls = [call.method for call in running_bot.workspace.calls[before:]]
    assert calls[0] == "views.open"
    assert calls[-1] == "views.update"


def test_a_press_that_slack_gives_up_on_offers_the_form_again(running_bot: RunningBot) -> None:
    message = running_bot.ask("remind")
    with too_late(running_bot):
        running_bot.ada.press(message, "Change")
        answer = newest(running_bot)

    assert "Slack did not open the form in time" in answer.text
    assert opened(running_bot, answer, "Open the form").body["callback_id"] == "digest"


@pytest.mark.parametrize("code", ["not_found", "hash_conflict"])
def test_a_window_that_was_closed_before_the_form_was_in_it_offers_the_form_again(
    running_bot: RunningBot, code: str
) -> None:
    message = running_bot.ask("remind")
    running_bot.workspace.fail("views.update", WebApiFault(FaultKind.REFUSE, error=code))
    running_bot.ada.press(message, "Change")
    answer = newest(running_bot)

    assert (answer.channel, answer.audience) == (message.channel, running_bot.ada.member.id)
    assert "The window was closed before the form was in it" in answer.text
    assert opened(running_bot, answer, "Open the form").body["callback_id"] == "digest"


@contextmanager
def too_late(running_bot: RunningBot) -> Iterator[None]:
    """Every press is older than Slack allows by the time the bot opens a window."""
    context = running_bot.workspace.method_context
    fresh = context.new_trigger
    context.new_trigger = lambda user: f"{fresh(user)}0"  # type: ignore[method-assign]
    try:
        yield
    finally:
        context.new_trigger = fresh  # type: ignore[method-assign]


# --- what is kept of it --------------------------------------------------------------------------------


def test_what_was_chosen_survives_being_kept() -> None:
    view: dict[str, Any] = {"id": "V1", "type": "modal", "callback_id": "digest", "private_metadata": "-"}
    view["state"] = {"values": chosen()}
    payload = {"type": "view_submission", "user": {"id": "U1"}, "view": view}
    assert fault_of(payload) == ""

    kept = kept_form(payload, BoltContext({}), lambda _: False)

    values = kept["view"]["state"]["values"]
    assert {key: entered(state["line"]) for key, state in values.items()} == {
        "day": "4",
        "time": "14:30",
        "zone": "New York",
        "channel": "C0SALESFORCE",
    }
    assert kept_form(kept, BoltContext({}), lambda _: False) == kept
    assert fault_of(kept) == ""


@pytest.mark.parametrize(
    "line",
    [
        {"selected_time": 9},
        {"selected_conversation": ["C1"]},
        {"selected_option": "4"},
        {"selected_option": {"value": 4}},
    ],
)
def test_a_choice_of_another_form_is_no_payload(line: dict[str, Any]) -> None:
    view = {"id": "V1", "type": "modal", "callback_id": "digest", "private_metadata": "-"}
    view["state"] = {"values": {"day": {"line": line}}}  # type: ignore[assignment]

    assert fault_of({"type": "view_submission", "user": {"id": "U1"}, "view": view})


def test_what_was_typed_fits_a_button_or_is_left_out() -> None:
    typed = {"username": "a b&c=d\n", "host": "é"}

    assert unpacked(packed("prod", typed)) == ("prod", typed)
    long = {"orgs": " or ".join(f"org-{number}" for number in range(60))}
    assert unpacked(packed("C1", long)) == ("C1", long)
    assert packed("prod", {str(number): "€" * 300 for number in range(9)}) == "prod"
    assert unpacked("prod") == ("prod", {})


@pytest.mark.parametrize("channel", ["", "C1"])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "US/Pacific-New"])
def test_slack_takes_the_form(channel: str, zone: str) -> None:
    assert_valid_view(form_modal(digest_form(weekly(TEAM, channel, 6, 0, 5, zone))))


def test_a_line_may_be_of_every_kind_and_empty() -> None:
    fields = tuple(Field(kind, kind, entry=kind, choices=(("1", "One"),), placeholder="Any") for kind in Entry)

    assert_valid_view(form_modal(Form("kind", "-", "Title", "Text", fields, "Go")))
