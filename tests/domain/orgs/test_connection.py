"""The words around connecting and disconnecting: what is offered, asked, and said afterwards."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.answers import Items, State, Steps
from bot.domain.errors import AskerError
from bot.domain.model import Diagnosis, Login, NextStep, Org, Verdict
from bot.domain.orgs import connection
from bot.domain.orgs.own_app import is_own, refused
from bot.domain.orgs.urgency import in_short, state_of

PROD = Org("T1", "prod", "acme.my.salesforce.com", Login.JWT, "bot@acme.example")
BROWSER = replace(PROD, login=Login.BROWSER)
LINK = "https://bot.example/link"


@pytest.mark.parametrize(
    ("set_up", "offered", "buttons"),
    [
        ({Login.JWT: ""}, ["**With the bot's key**", "**With client credentials**"], ["Name the user"]),
        (
            {Login.JWT: "", Login.BROWSER: LINK},
            ["**In your browser**", "**With the bot's key**", "**With client credentials**"],
            ["Log in to Salesforce", "Name the user"],
        ),
    ],
)
def test_the_ways_that_are_set_up_are_offered_and_the_terminals_always(
    set_up: dict[Login, str], offered: list[str], buttons: list[str]
) -> None:
    answer = connection.ways("prod", None, set_up)

    (items,) = answer.parts
    assert isinstance(items, Items)
    assert [item.name for item in items.items] == offered
    assert [button.label for button in answer.buttons] == buttons
    assert answer.lead.startswith("Choose how")
    assert ("link is yours alone" in answer.note) is (Login.BROWSER in set_up)
    assert answer.private


def test_where_slack_can_begin_none_it_says_what_to_hand_to_whom() -> None:
    answer = connection.ways("prod", None, {})

    (steps,) = answer.parts
    assert isinstance(steps, Steps)
    assert "Whoever runs the bot connects it" in answer.lead
    assert "Not in Slack" in steps.items[-1]
    assert (answer.buttons, answer.private) == ((), True)


def test_an_org_that_is_known_is_connected_again() -> None:
    assert connection.ways("prod", None, {}).headline == "Connect `prod`"
    assert connection.ways("prod", PROD, {}).headline == "Connect `prod` again"


@pytest.mark.parametrize(
    ("known", "values"),
    [
        (None, ["", ""]),
        (PROD, ["bot@acme.example", "acme.my.salesforce.com"]),
        (replace(PROD, username=None), ["", "acme.my.salesforce.com"]),
        (BROWSER, ["", BROWSER.host]),
    ],
)
def test_the_form_is_filled_in_with_what_is_known_of_a_login_by_a_named_user(
    known: Org | None, values: list[str]
) -> None:
    assert [field.value for field in connection.jwt_form("prod", known).fields] == values


@pytest.mark.parametrize(("org", "revoked"), [(BROWSER, True), (PROD, False)])
def test_only_a_login_that_can_be_revoked_is_said_to_be(org: Org, revoked: bool) -> None:
    done = connection.disconnected(org, None)

    assert ("Its login is revoked" in connection.ask_disconnect(org).lead) is revoked
    assert done.lead == ("Its login was revoked at Salesforce." if revoked else "")
    assert done.state is State.READY


def test_a_login_that_could_not_be_revoked_is_revoked_by_hand() -> None:
    answer = connection.disconnected(BROWSER, "Salesforce did not answer.")

    assert answer.state is State.NEEDS_STEP
    assert answer.lead.startswith("Salesforce did not answer. Revoke it by hand:")


# --- how an org stands in a list -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verdict", "topic", "state"),
    [
        (Verdict.READY, "install", State.READY),
        (Verdict.UNKNOWN, "unblock", State.UNKNOWN),
        (Verdict.ACTION_NEEDED, "install", State.MISSING),
        (Verdict.ACTION_NEEDED, "unblock", State.MISSING),
        (Verdict.ACTION_NEEDED, "grant-profile", State.NEEDS_STEP),
    ],
)
def test_an_org_is_stopped_only_where_something_is_to_be_done_about_an_app(
    verdict: Verdict, topic: str, state: State
) -> None:
    found = Diagnosis(PROD, verdict, "", "", (NextStep(topic, None, "Do it.", None),), None)

    assert state_of(found) is state


@pytest.mark.parametrize(
    ("trouble", "said"),
    [(None, "in short"), ("It is away. It comes back.", "It is away"), ("It is away.", "It is away")],
)
def test_in_short_the_reason_is_its_first_sentence(trouble: str | None, said: str) -> None:
    assert in_short(Diagnosis(PROD, Verdict.UNKNOWN, "at length", "in short", (), None, trouble)) == said


# --- an error of the bot's own app ---------------------------------------------------------------------


def test_a_refusal_without_a_known_cause_is_its_step_alone() -> None:
    assert refused("", "", None).startswith("Check the app and the user")


@pytest.mark.parametrize(("key", "own"), [("k" * 16, True), ("k" * 15, False)])
def test_a_key_that_is_short_enough_to_stand_anywhere_tells_nothing(key: str, own: bool) -> None:
    assert is_own(f"client_id={key}&x=1", [None, "", key], None) is own


@pytest.mark.parametrize(
    "typed", ["sandboxes", "Not Ready", "ready", "7", "7d", "all orgs", "environments", "page 2", "me", "off", "steps"]
)
def test_a_new_org_is_called_nothing_that_means_something_else(typed: str) -> None:
    with pytest.raises(AskerError, match="means something else in my commands"):
        connection.new_org_name(typed)

    assert connection.name_and_host(typed, lambda name: name == typed) == (typed, None)  # an org that is called so


@pytest.mark.parametrize("typed", ["prod", "Production", "sandbox", "test", "uat 2", "ready-1", "prod2", "nonprod"])
def test_and_what_orgs_are_called_may_be_a_name(typed: str) -> None:
    assert connection.new_org_name(typed) == typed
