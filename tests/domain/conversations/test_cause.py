"""An error, an org and a person, joined: over what each may show, what leads and what is contradicted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.answers import Answer
from bot.domain.answers.fitting import SMALL, height
from bot.domain.answers.markup import plain
from bot.domain.answers.plain_text import part_lines
from bot.domain.conversations.cause import Joined, likely_cause
from bot.domain.model import (
    BACKUP_APP,
    DEVOPS_APP,
    AppAction,
    AppEvent,
    AppFacts,
    AppState,
    Diagnosis,
    Login,
    Org,
    OrgFacts,
    Policy,
)
from bot.domain.orgs.diagnosis import diagnose
from bot.domain.orgs.user_access import Grant, OrgUser, UserOfApp, UserReading, Way
from tests.recognition_helpers import ARTICLE, GUIDANCE

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
PROD = Org("T1", "prod", "acme.my.salesforce.com", Login.JWT, apps=(DEVOPS_APP,))
INSTALLED = AppEvent(AppAction.INSTALLED, "raw", "Ada Lindt", NOW - timedelta(hours=3))
UNINSTALLED = AppEvent(AppAction.UNINSTALLED, "raw", "Cleo Marsh", NOW - timedelta(days=3))
UNBLOCKED = AppEvent(AppAction.UNBLOCKED, "raw", "Ada Lindt", NOW - timedelta(hours=3))
GRANT = Grant(Way.PROFILE, "System Administrator")

GOOD = AppFacts(DEVOPS_APP, AppState.INSTALLED, "0H4", Policy.ADMIN_APPROVED, ("Admins",), (), 4, history=(INSTALLED,))
GONE = AppFacts(DEVOPS_APP, AppState.NOT_INSTALLED, connected_users=3, history=(UNINSTALLED,))
BLOCKED = AppFacts(
    DEVOPS_APP, AppState.BLOCKED, history=(AppEvent(AppAction.BLOCKED, "raw", "Cleo Marsh", NOW - timedelta(days=3)),)
)
NOBODY = replace(GOOD, profiles=(), users_with_access=0)
OPEN = replace(GOOD, permitted_users=Policy.SELF_AUTHORIZE)
BEN = OrgUser(
    "005", "ben@acme.com", "Ben Okoro", "ben@acme.com", True, frozen=False, locked=False, approves_uninstalled=False
)
LET_IN = UserOfApp(DEVOPS_APP, AppState.INSTALLED, Policy.ADMIN_APPROVED, False, (GRANT,))
KEPT_OUT = replace(LET_IN, grants=())


TAKEN_AWAY = replace(GONE, connected_users=0)


def found(app: AppFacts) -> Diagnosis:
    return diagnose(PROD, OrgFacts(NOW, "00D", False, (app,)), article=ARTICLE, now=NOW)


def person(app: UserOfApp = LET_IN, **changes: object) -> UserReading:
    user = replace(BEN, **changes)  # type: ignore[arg-type]
    return UserReading(NOW, "00D", (user,), (app,), (), access_control=False)


def joined(topic: str, app: AppFacts, who: UserReading | None, told_at: datetime | None = None) -> Answer:
    entry = next(entry for entry in GUIDANCE.entries if entry.topic == topic)
    return likely_cause(Joined(entry, found(app), who, NOW, told_at))


@pytest.mark.parametrize(
    ("topic", "app", "who", "headline"),
    [
        # The org bears it out.
        ("app-not-installed", GONE, person(), "prod needs a step: install Flosum DevOps: Web App Production"),
        ("app-blocked", BLOCKED, None, "prod needs a step: unblock Flosum DevOps: Web App Production"),
        ("user-not-approved", NOBODY, person(KEPT_OUT), "prod needs a step: nobody is granted access"),
        ("token-expired-or-revoked", GONE, person(), "prod needs a step: install"),
        (
            "app-not-installed",
            TAKEN_AWAY,
            person(),
            "Flosum DevOps: Web App Production in prod: uninstalled 3",
        ),
        (
            "app-blocked",
            GONE,
            person(),
            "Nothing that can be read in prod explains this error. prod needs a",
        ),
        # The person does.
        ("user-not-approved", GOOD, person(KEPT_OUT), "Ben Okoro cannot connect to prod through"),
        ("user-inactive-or-locked", GOOD, person(frozen=True), "Ben Okoro cannot connect to prod through"),
        ("token-expired-or-revoked", GOOD, person(active=False), "Ben Okoro cannot connect to prod through"),
        # What was read contradicts it.
        (
            "app-not-installed",
            GOOD,
            person(),
            "prod is ready, though the error says not installed: Flosum DevOps: Web App Production installed 3 h",
        ),
        (
            "app-not-installed",
            replace(GOOD, history=None),
            None,
            "prod is ready, though the error says not installed: it is installed",
        ),
        (
            "app-blocked",
            replace(GOOD, history=(UNBLOCKED,)),
            None,
            "prod is ready, though the error says blocked: Flosum DevOps: Web App Production unblocked 3 h ago",
        ),
        ("user-not-approved", GOOD, person(), "prod is ready, though the error says not approved: you are let in"),
        ("user-not-approved", OPEN, person(), "prod is ready, though the error says not approved: all users may"),
        (
            "user-inactive-or-locked",
            GOOD,
            person(),
            "prod is ready, though the error says inactive or locked: your user is active",
        ),
        ("app-not-installed", NOBODY, person(), "The error says not installed; prod says Flosum DevOps"),
        # Neither: nothing is claimed.
        ("app-blocked", replace(GOOD, history=None), None, "Nothing that can be read in prod explains this error"),
        ("user-not-approved", GOOD, None, "Nothing that can be read in prod explains this error"),
        ("user-not-approved", GOOD, person(replace(LET_IN, blocked=None)), "Nothing that can be read in prod explains"),
        ("user-not-approved", OPEN, None, "Nothing that can be read in prod explains this error"),
        ("user-inactive-or-locked", GOOD, person(locked=None), "Nothing that can be read in prod explains this error"),
        ("rate-limited-or-unavailable", GOOD, person(), "Nothing that can be read in prod explains this error"),
    ],
)
def test_the_likeliest_cause_leads(topic: str, app: AppFacts, who: UserReading | None, headline: str) -> None:
    assert plain(joined(topic, app, who).headline).startswith(headline)


@pytest.mark.parametrize(
    ("topic", "state", "said"),
    [("app-not-installed", AppState.NOT_INSTALLED, "not installed"), ("app-blocked", AppState.BLOCKED, "blocked")],
)
def test_an_app_that_is_not_needed_may_be_what_the_error_is_of(topic: str, state: AppState, said: str) -> None:
    backup = AppFacts(BACKUP_APP, state)
    diagnosis = diagnose(PROD, OrgFacts(NOW, "00D", False, (GOOD, backup)), article=ARTICLE, now=NOW)
    entry = next(entry for entry in GUIDANCE.entries if entry.topic == topic)

    answer = likely_cause(Joined(entry, diagnosis, None, NOW, None))

    assert answer.headline == f"**{BACKUP_APP}** is {said} in `prod`, where it is said not to be needed"
    assert "/flosum apps prod both" in answer.lead


TOPICS = sorted({entry.topic for entry in GUIDANCE.entries if entry.kind.value == "error"})


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("app", [GOOD, GONE, TAKEN_AWAY, BLOCKED, NOBODY, OPEN])
def test_it_fits_a_phone_and_says_who_the_person_is_or_that_it_is_not_known(topic: str, app: AppFacts) -> None:
    for who in (None, person(), person(KEPT_OUT), replace(person(), users=()), replace(person(), users=(BEN, BEN))):
        answer = joined(topic, app, who)

        lines = [answer.headline, answer.lead, *(line for part in answer.parts for line in part_lines(part))]
        assert sum(map(height, lines)) + height(answer.note, SMALL) + 2 <= 18
        known = who is not None and len(who.users) == 1
        assert ("Ben Okoro" in str(lines)) is known
        assert ("cannot be told; say it" in str(lines)) is not known


@pytest.mark.parametrize(
    ("topic", "app", "headline", "lead"),
    [
        (
            "app-not-installed",
            GOOD,
            "prod is ready now: Flosum DevOps: Web App Production installed 3 h ago by Ada Lindt",
            "Try again. In Flosum:",
        ),
        (
            "app-blocked",
            replace(GOOD, history=(UNBLOCKED,)),
            "prod is ready now: Flosum DevOps: Web App Production unblocked 3 h ago by Ada Lindt",
            "Try again. In Flosum:",
        ),
        (
            "app-not-installed",
            NOBODY,
            "prod needs a step: nobody is granted access",
            "Done since the error: Flosum DevOps: Web App Production installed 3 h ago by Ada Lindt. ",
        ),
        ("app-not-installed", GONE, "prod needs a step: install", ""),
        ("user-not-approved", GOOD, "prod is ready, though the error says not approved: you are let in", ""),
    ],
)
def test_what_was_done_since_the_error_contradicts_nothing(topic: str, app: AppFacts, headline: str, lead: str) -> None:
    answer = joined(topic, app, person(), told_at=NOW - timedelta(hours=4))

    assert plain(answer.headline).startswith(headline)
    assert plain(answer.lead).startswith(lead)


@pytest.mark.parametrize("told_at", [None, NOW - timedelta(hours=3), NOW - timedelta(hours=2)])
@pytest.mark.parametrize("app", [GOOD, NOBODY])
def test_what_was_done_before_the_error_does(app: AppFacts, told_at: datetime | None) -> None:
    answer = joined("app-not-installed", app, person(), told_at=told_at)

    assert "error says not installed" in plain(answer.headline)
    assert "which user logged in" in answer.lead


def test_an_org_that_could_not_be_read_says_why() -> None:
    entry = next(entry for entry in GUIDANCE.entries if entry.topic == "app-not-installed")
    failed = diagnose(PROD, None, article=ARTICLE, now=NOW, trouble="`prod` did not answer.")

    answer = likely_cause(Joined(entry, failed, None, NOW))

    assert answer.lead == "`prod` did not answer."
