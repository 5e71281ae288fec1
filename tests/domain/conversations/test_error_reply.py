"""Errors explained on a phone: how high, with which first button, and joined with what is known of the org."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.slack.views.blocks import message
from bot.domain.answers import Answer, Buttons, Steps
from bot.domain.conversations import replies
from bot.domain.conversations.entry_reply import About
from bot.domain.conversations.error_reply import LINES
from bot.domain.conversations.guidance_reply import guidance
from bot.domain.model import (
    BACKUP_APP,
    DEVOPS_APP,
    AppEvent,
    AppFacts,
    AppState,
    Diagnosis,
    Login,
    Org,
    OrgFacts,
    Policy,
    Read,
)
from bot.domain.orgs.diagnosis import diagnose
from bot.domain.orgs.setup_links import setup_link, with_link
from bot.domain.recognition.entries import Entry, Kind, Recognition
from tests import phone
from tests.recognition_helpers import ARTICLE, GUIDANCE

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PROD = Org("T1", "prod", "acme.my.salesforce.com", Login.JWT)
ERRORS = [entry for entry in GUIDANCE.entries if entry.kind is Kind.ERROR]
THROUGH = AppFacts(
    BACKUP_APP,
    AppState.INSTALLED,
    permitted_users=Policy.ADMIN_APPROVED,
    profiles=("System Administrator",),
    permission_sets=(),
    users_with_access=3,
    connected_users=2,
    history=(),
)


def known(*apps: AppFacts, **values: object) -> Diagnosis:
    facts = OrgFacts(NOW - timedelta(minutes=5), "00D000000000001EAA", False, apps)
    return replace(diagnose(PROD, facts, article=ARTICLE, now=NOW), **values)  # type: ignore[arg-type]


READY = known(THROUGH, replace(THROUGH, name=DEVOPS_APP))
UNSEEN = known(replace(THROUGH, history=None), replace(THROUGH, name=DEVOPS_APP))
MISSING = known(THROUGH, AppFacts(DEVOPS_APP, AppState.NOT_INSTALLED))
BLOCKED = known(THROUGH, AppFacts(DEVOPS_APP, AppState.BLOCKED))
SELF = replace(THROUGH, permitted_users=Policy.SELF_AUTHORIZE, users_with_access=None)
OPEN = known(SELF, replace(SELF, name=DEVOPS_APP))
NEVER = diagnose(PROD, None, article=ARTICLE, now=NOW, trouble="prod did not answer.")
OLD = replace(diagnose(PROD, READY.facts, article=ARTICLE, now=NOW, trouble="It is over."), read=Read.OVER)
UAT = replace(PROD, name="uat")

ABOUT = {
    "without orgs": About(),
    "of one of many": About(None, [PROD, UAT], None, NOW),
    "not read so far": About(PROD, [PROD], diagnose(PROD, None, article=ARTICLE, now=NOW), NOW),
    "ready": About(PROD, [PROD], READY, NOW),
    "perhaps blocked": About(PROD, [PROD], UNSEEN, NOW),
    "not installed": About(PROD, [PROD, UAT], MISSING, NOW),
    "blocked": About(PROD, [PROD, UAT], BLOCKED, NOW),
    "never read": About(PROD, [PROD], NEVER, NOW),
    "read long ago": About(PROD, [PROD], OLD, NOW),
}


def answered(entry: Entry, about: About) -> Answer:
    return guidance(Recognition(entry, code="INVALID_CLIENT", evidence=("app must be installed",)), entry, about)


def steps(answer: Answer) -> list[str]:
    return [step for part in answer.parts if isinstance(part, Steps) for step in part.items]


@pytest.mark.parametrize("about", ABOUT.values(), ids=ABOUT)
@pytest.mark.parametrize("entry", ERRORS, ids=lambda entry: entry.id)
def test_every_error_fits_a_phone_with_every_org(entry: Entry, about: About) -> None:
    answer = answered(entry, about)
    blocks = message(answer)["blocks"]

    assert phone.height(blocks) <= LINES, phone.lines(blocks)
    assert 1 <= len(steps(answer)) <= 4
    assert len(phone.buttons(blocks)) <= 3
    assert sum(button.get("style") == "primary" for button in phone.buttons(blocks)) <= 1


@pytest.mark.parametrize("entry", ERRORS, ids=lambda entry: entry.id)
def test_the_first_button_stands_below_the_first_step(entry: Entry) -> None:
    kinds = [type(part) for part in answered(entry, ABOUT["ready"]).parts if not hasattr(part, "text")]

    assert kinds[:2] == [Steps, Buttons]


@pytest.mark.parametrize("about", ABOUT.values(), ids=ABOUT)
@pytest.mark.parametrize("entry", ERRORS, ids=lambda entry: entry.id)
def test_a_button_for_all_of_it_stands_where_the_answer_leaves_something_out(entry: Entry, about: About) -> None:
    answer = answered(entry, about)
    (more, *_), told = answer.buttons, steps(answer)
    link = setup_link(PROD.host, entry.page) if entry.page else None
    missing = [step for step in entry.steps if not {step, with_link(step, link)} & {*told}]
    more_to_tell = entry.tips or answer.lead.removeprefix("Who can: ") != entry.who

    if more.command == f"helpful {entry.id} no":
        assert not missing
        assert not more_to_tell
    elif (more.command or "").startswith("entry "):
        assert missing or more_to_tell
        assert more.label.startswith("All ") == bool(missing and len(entry.steps) > 1)
    else:
        assert about.known is not None
        assert (more.label == "All that it needs") == (len(told) < len(about.known.steps))


@pytest.mark.parametrize("entry", ERRORS, ids=lambda entry: entry.id)
@pytest.mark.parametrize("reading", ["ready", "perhaps blocked"])
def test_nobody_is_sent_to_install_or_unblock_in_an_org_that_is_ready(entry: Entry, reading: str) -> None:
    if entry.topic in ("app-not-installed", "app-blocked", "user-not-approved"):
        told = " ".join(steps(answered(entry, ABOUT[reading])))

        assert "click" not in told
        assert "Install" not in told


@pytest.mark.parametrize(
    ("reading", "first"),
    [
        ("not installed", "In [Connected Apps OAuth Usage](https://acme.my.salesforce.com/"),
        ("blocked", "In [Connected Apps OAuth Usage](https://acme.my.salesforce.com/"),
        ("perhaps blocked", "Look at [Connected Apps OAuth Usage](https://acme.my.salesforce.com/"),
        ("ready", "See in the address of the login page"),
        ("never read", "Setup → [Connected Apps OAuth Usage](https://acme.my.salesforce.com/"),
        ("of one of many", "Setup → **Connected Apps OAuth Usage**: click **Unblock**"),
    ],
)
def test_an_app_that_is_blocked_is_joined_with_what_was_read(reading: str, first: str) -> None:
    entry = GUIDANCE.entry("app-blocked")
    assert entry is not None

    assert steps(answered(entry, ABOUT[reading]))[0].startswith(first)


def test_what_is_known_is_told_with_its_age() -> None:
    entry = GUIDANCE.entry("app-blocked")
    assert entry is not None

    assert "✅ `prod`: ready (read 5 min ago)" in str(answered(entry, ABOUT["ready"]).parts)
    assert "❔ `prod` must be connected again (ready when last read" in str(
        answered(entry, ABOUT["read long ago"]).parts
    )


def test_a_line_of_the_trail_that_cannot_be_told_leaves_a_block_open() -> None:
    unclear = known(replace(THROUGH, history=(AppEvent(None, "?", None, None),)), replace(THROUGH, name=DEVOPS_APP))
    entry = GUIDANCE.entry("app-blocked")
    assert entry is not None

    assert "**Unblock**" in steps(answered(entry, About(PROD, [PROD], unclear, NOW)))[0]


@pytest.mark.parametrize("reading", ["ready", "perhaps blocked"])
@pytest.mark.parametrize("entry", ERRORS, ids=lambda entry: entry.id)
def test_nor_where_the_org_is_named_afterwards(entry: Entry, reading: str) -> None:
    answer = replies.going_on(entry, [replace(ABOUT[reading], org=PROD)])

    assert "✅ `prod`: ready (read 5 min ago)" in str(answer.parts)
    if entry.topic in ("app-not-installed", "app-blocked", "user-not-approved"):
        assert "click" not in answer.lead


def test_the_step_that_names_its_page_leads_there() -> None:
    (entry,) = [each for each in ERRORS if each.id == "refresh-token-expired"]

    steps = [
        step
        for part in guidance(Recognition(entry), entry, About(PROD)).parts
        if isinstance(part, Steps)
        for step in part.items
    ]

    assert ["acme.my.salesforce.com" in step for step in steps] == [False, True]


def entry(topic: str) -> Entry:
    return next(each for each in ERRORS if each.topic == topic)


@pytest.mark.parametrize(
    ("topic", "reading", "first"),
    [
        ("token-expired-or-revoked", BLOCKED, "click **Unblock**"),
        ("token-expired-or-revoked", MISSING, "click **Install**"),
        ("token-expired-or-revoked", READY, "**Update Token**"),
        ("user-not-approved", OPEN, "here all users may authorize themselves"),
        ("user-not-approved", READY, "has one of the profiles or permission sets"),
    ],
)
def test_the_first_step_is_one_that_can_help_in_the_org_as_it_was_read(
    topic: str, reading: Diagnosis, first: str
) -> None:
    (answer,) = [replies.going_on(entry(topic), [About(PROD, known=reading, now=NOW)])]

    assert first in answer.lead


@pytest.mark.parametrize("number", [1, 2, 3, 5])
@pytest.mark.parametrize("topic", ["app-not-installed", "app-blocked", "user-not-approved"])
def test_the_links_of_several_orgs_fit_a_phone(topic: str, number: int) -> None:
    orgs = [replace(PROD, name=f"org-{each}", host=f"acme-{each}.my.salesforce.com") for each in range(number)]

    answer = replies.going_on(entry(topic), [About(org, known=None, now=NOW) for org in orgs])

    blocks = message(answer)["blocks"]
    assert all(org.host in str(blocks) for org in orgs)
    assert phone.height(blocks) <= LINES
