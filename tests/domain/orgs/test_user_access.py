"""Whether somebody may connect: over all combinations of what decides, never a yes while one of them is unknown."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.answers import State
from bot.domain.answers.fitting import height
from bot.domain.answers.markup import plain
from bot.domain.model import BACKUP_APP, DEVOPS_APP, AppState, Login, Org, Policy
from bot.domain.orgs.user_access import (
    Entry,
    Grant,
    LoginAttempt,
    OrgUser,
    UserOfApp,
    UserReading,
    Way,
    Why,
    verdict,
)
from bot.domain.orgs.user_access_report import _REASONS, _STEPS, report, several

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
PROD = Org("T1", "prod", "acme.my.salesforce.com", Login.JWT)
PROFILE = Grant(Way.PROFILE, "System Administrator")
SET = Grant(Way.PERMISSION_SET, "Flosum Users")
GROUP = Grant(Way.GROUP, "Release team", "Updated")
STALE = Grant(Way.GROUP, "Release team", "Outdated")
FAILED = Grant(Way.GROUP, "Release team", "Failed")
SESSION = Grant(Way.PERMISSION_SET, "Session", session_based=True)
ENDED = Grant(Way.PERMISSION_SET, "Contractors", expired=True)


def user(**changes: object) -> OrgUser:
    known: dict[str, object] = {
        "id": "005",
        "username": "ben@acme.com",
        "name": "Ben Okoro",
        "email": "ben@acme.com",
        "active": True,
        "frozen": False,
        "approves_uninstalled": False,
        "profile": "Standard User",
    }
    return OrgUser(**known | changes)  # type: ignore[arg-type]


def app(**changes: object) -> UserOfApp:
    known: dict[str, object] = {
        "app": DEVOPS_APP,
        "state": AppState.INSTALLED,
        "policy": Policy.ADMIN_APPROVED,
        "blocked": False,
        "grants": (PROFILE,),
    }
    return UserOfApp(**known | changes)  # type: ignore[arg-type]


def combinations() -> Iterator[tuple[OrgUser, UserOfApp]]:
    grants = (
        None,
        (),
        (PROFILE,),
        (SET,),
        (GROUP,),
        (STALE,),
        (FAILED,),
        (SESSION,),
        (ENDED,),
        (STALE, SET),
        (ENDED, SET),
    )
    for active, frozen, approves, state, policy, blocked, granted in itertools.product(
        (True, False, None),
        (True, False, None),
        (True, False, None),
        AppState,
        (*Policy, None),
        (True, False, None),
        grants,
    ):
        yield (
            user(active=active, frozen=frozen, approves_uninstalled=approves),
            app(state=state, policy=policy, blocked=blocked, grants=granted),
        )


def test_nobody_is_said_to_get_in_while_something_that_decides_is_unknown() -> None:
    counted = dict.fromkeys(Entry, 0)
    for who, what in combinations():
        found = verdict(who, what)
        counted[found.entry] += 1
        if found.entry is not Entry.YES:
            continue
        assert (who.active, who.frozen, what.blocked) == (True, False, False)
        if what.state is AppState.NOT_INSTALLED:
            assert who.approves_uninstalled
            continue
        assert what.state is AppState.INSTALLED
        assert what.policy is not None
        if what.policy is Policy.ADMIN_APPROVED:
            assert what.grants
            assert any(
                not grant.expired and not grant.session_based and grant.status in (None, "Updated")
                for grant in what.grants
            )
    assert all(counted.values())


def test_nobody_is_refused_for_something_that_is_not_certain() -> None:
    for who, what in combinations():
        if verdict(who, what).entry is not Entry.NO:
            continue
        certain = who.active is False or who.frozen or what.blocked or what.state is AppState.BLOCKED
        certain = certain or (what.state is AppState.NOT_INSTALLED and who.approves_uninstalled is False)
        none_counts = what.grants is not None and all(grant.expired for grant in what.grants)
        closed = what.state is AppState.INSTALLED and what.policy is Policy.ADMIN_APPROVED
        assert certain or (closed and none_counts)


@pytest.mark.parametrize(
    ("who", "what", "entry", "why"),
    [
        (user(), app(), Entry.YES, Why.GRANTED),
        (user(), app(grants=(SET,)), Entry.YES, Why.GRANTED),
        (user(), app(grants=(GROUP,)), Entry.YES, Why.GRANTED),
        (user(), app(grants=(STALE, SET)), Entry.YES, Why.GRANTED),
        (user(), app(policy=Policy.SELF_AUTHORIZE, grants=None), Entry.YES, Why.SELF_AUTHORIZE),
        (user(approves_uninstalled=True), app(state=AppState.NOT_INSTALLED), Entry.YES, Why.APPROVES_UNINSTALLED),
        (user(active=False), app(), Entry.NO, Why.INACTIVE),
        (user(frozen=True), app(), Entry.NO, Why.FROZEN),
        (user(), app(state=AppState.BLOCKED, blocked=True), Entry.NO, Why.BLOCKED),
        (user(), app(state=AppState.NOT_INSTALLED), Entry.NO, Why.NOT_INSTALLED),
        (user(), app(grants=()), Entry.NO, Why.NOT_GRANTED),
        (user(), app(grants=(ENDED,)), Entry.NO, Why.EXPIRED),
        (user(active=None, frozen=True), app(), Entry.NO, Why.FROZEN),
        (user(), app(grants=(STALE,)), Entry.UNKNOWN, Why.GROUP_STALE),
        (user(), app(grants=(SESSION,)), Entry.UNKNOWN, Why.SESSION_BASED),
        (user(), app(state=AppState.NOT_SEEN), Entry.UNKNOWN, Why.APP_NEVER_SEEN),
        (user(), app(state=AppState.UNREADABLE), Entry.UNKNOWN, Why.APP_UNSEEN),
        (user(active=None), app(), Entry.UNKNOWN, Why.ACTIVE_UNREAD),
        (user(frozen=None), app(), Entry.UNKNOWN, Why.FROZEN_UNREAD),
        (user(), app(blocked=None), Entry.UNKNOWN, Why.BLOCKED_UNREAD),
        (user(), app(policy=None), Entry.UNKNOWN, Why.POLICY_UNREAD),
        (user(), app(grants=None), Entry.UNKNOWN, Why.GRANTS_UNREAD),
        (user(approves_uninstalled=None), app(state=AppState.NOT_INSTALLED), Entry.UNKNOWN, Why.UNINSTALLED_UNREAD),
    ],
)
def test_what_decides_is_named(who: OrgUser, what: UserOfApp, entry: Entry, why: Why) -> None:
    found = verdict(who, what)

    assert (found.entry, found.why) == (entry, why)


# --- in words ------------------------------------------------------------------------------------------


def reading(who: OrgUser, *apps: UserOfApp, logins: tuple[LoginAttempt, ...] | None = ()) -> UserReading:
    return UserReading(NOW, "00D", (who,), apps, logins)


def test_each_reason_has_its_words() -> None:
    assert set(_REASONS) == set(Why)
    assert not set(_STEPS) - set(Why)


def test_what_refuses_comes_before_what_lets_in_and_unneeded_apps_do_not_decide() -> None:
    good, bad = app(app=BACKUP_APP), app(grants=())

    assert report(PROD, reading(user(), good, bad), NOW).headline == (
        "Ben Okoro cannot connect to `prod` through **Flosum DevOps: Web App Production**: "
        "no profile or permission set of theirs is granted"
    )
    backup_alone = Org("T1", "prod", "acme.my.salesforce.com", Login.JWT, apps=(BACKUP_APP,))
    assert report(backup_alone, reading(user(), good, bad), NOW).state is State.READY


@pytest.mark.parametrize(("tokens", "said"), [(0, False), (4, False), (5, True), (7, True), (None, False)])
def test_who_holds_as_many_tokens_as_are_kept_is_told(tokens: int | None, said: bool) -> None:
    answer = report(PROD, reading(user(), app(tokens=tokens, last_used=NOW)), NOW)

    assert ("drops the oldest" in str(answer.parts)) is said


def test_what_was_not_looked_at_is_said_whatever_the_verdict() -> None:
    for who, what in itertools.islice(combinations(), 0, None, 97):
        note = report(PROD, reading(who, what), NOW).note
        assert "not looked at: login hours, IP ranges, API Access Control" in note


def test_the_latest_logins_through_our_apps_are_shown_and_no_more_than_fits() -> None:
    attempts = [
        LoginAttempt(NOW - timedelta(hours=hour), name, status)
        for hour, name, status in (
            (1, "Salesforce for Outlook", "Success"),
            (2, "Flosum DevOps - Web App Production", "User is not admin approved for this app"),
            (3, DEVOPS_APP, "Success"),
            (4, BACKUP_APP, "Success"),
            (5, BACKUP_APP, "Success"),
        )
    ]
    answer = report(PROD, reading(user(), app(), app(app=BACKUP_APP), logins=tuple(attempts)), NOW)

    shown = plain(str(answer.parts))
    assert "not admin approved" in shown
    assert "Outlook" not in shown
    assert "5 h ago" not in shown
    assert "login history cannot be read" in report(PROD, reading(user(), app(), logins=None), NOW).note


@pytest.mark.parametrize("count", [2, 5, 6, 19, 20])
def test_of_many_that_fit_a_few_are_offered(count: int) -> None:
    users = [user(username=f"ben{number}@acme.com") for number in range(count)]

    answer = several(PROD, "ben", users)

    assert len(answer.parts[0].items) == min(count, 5)  # type: ignore[union-attr]
    assert answer.headline.startswith("Many" if count == 20 else str(count))
    assert height(answer.lead) <= 2
