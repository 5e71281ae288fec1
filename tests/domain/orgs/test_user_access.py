"""Whether somebody may connect: over all combinations of what decides, never a yes while one of them is unknown."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.answers import Items, State
from bot.domain.answers.fitting import height
from bot.domain.answers.markup import plain
from bot.domain.model import BACKUP_APP, DEVOPS_APP, AppState, Login, Org, Policy
from bot.domain.orgs.user_access import (
    DAYS,
    Entry,
    Grant,
    LoginAttempt,
    LoginHours,
    OrgUser,
    ProfileLimits,
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
WITHHELD = replace(GROUP, withheld=True)
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


OPEN_BUT_CONTROLLED = app(policy=Policy.SELF_AUTHORIZE, grants=(), controlled=True)


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
    for active, frozen, approves, any_client, controlled, state, policy, blocked, granted in itertools.product(
        (True, False, None),
        (True, False, None),
        (True, False, None),
        (True, False, None),
        (True, False, None),
        AppState,
        (*Policy, None),
        (True, False, None),
        grants,
    ):
        yield (
            user(active=active, frozen=frozen, approves_uninstalled=approves, any_client=any_client),
            app(state=state, policy=policy, blocked=blocked, grants=granted, controlled=controlled),
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
        if what.policy is Policy.ADMIN_APPROVED or what.controlled:
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
        closed = what.policy is Policy.ADMIN_APPROVED or (what.policy is not None and what.controlled is True)
        no_other_way = who.any_client is False or (who.any_client is None and what.controlled is not True)
        assert certain or (what.state is AppState.INSTALLED and closed and none_counts and no_other_way)


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
        (user(), app(grants=(WITHHELD,)), Entry.UNKNOWN, Why.GROUP_WITHHOLDS),
        (user(), app(grants=(WITHHELD, STALE)), Entry.UNKNOWN, Why.GROUP_STALE),
        (user(), app(grants=(WITHHELD, SET)), Entry.YES, Why.GRANTED),
        (user(), app(grants=(SESSION,)), Entry.UNKNOWN, Why.SESSION_BASED),
        (user(), app(twin=True), Entry.UNKNOWN, Why.TWO_APPS),
        (user(), app(twin=True, grants=()), Entry.UNKNOWN, Why.TWO_APPS),
        (user(), app(twin=True, policy=Policy.SELF_AUTHORIZE), Entry.UNKNOWN, Why.TWO_APPS),
        (user(approves_uninstalled=False), app(twin=True, state=AppState.NOT_INSTALLED), Entry.UNKNOWN, Why.TWO_APPS),
        (user(frozen=True), app(twin=True), Entry.NO, Why.FROZEN),
        (user(), app(twin=True, state=AppState.BLOCKED, blocked=True), Entry.NO, Why.BLOCKED),
        (user(), app(state=AppState.NOT_SEEN), Entry.UNKNOWN, Why.APP_NEVER_SEEN),
        (user(), app(state=AppState.UNREADABLE), Entry.UNKNOWN, Why.APP_UNSEEN),
        (user(active=None), app(), Entry.UNKNOWN, Why.ACTIVE_UNREAD),
        (user(frozen=None), app(), Entry.UNKNOWN, Why.FROZEN_UNREAD),
        (user(), app(blocked=None), Entry.UNKNOWN, Why.BLOCKED_UNREAD),
        (user(), app(block_untold=True), Entry.UNKNOWN, Why.BLOCK_UNTOLD),
        (user(), app(block_untold=True, grants=()), Entry.NO, Why.NOT_GRANTED),
        (user(), app(block_untold=True, policy=Policy.SELF_AUTHORIZE), Entry.UNKNOWN, Why.BLOCK_UNTOLD),
        (user(), app(policy=None), Entry.UNKNOWN, Why.POLICY_UNREAD),
        (user(), app(grants=None), Entry.UNKNOWN, Why.GRANTS_UNREAD),
        (user(any_client=False), OPEN_BUT_CONTROLLED, Entry.NO, Why.CONTROLLED),
        (user(), OPEN_BUT_CONTROLLED, Entry.UNKNOWN, Why.ANY_CLIENT_UNREAD),
        (user(any_client=True), OPEN_BUT_CONTROLLED, Entry.UNKNOWN, Why.ANY_CLIENT),
        (user(any_client=True), app(grants=()), Entry.UNKNOWN, Why.ANY_CLIENT),
        (user(), replace(OPEN_BUT_CONTROLLED, grants=(SET,)), Entry.YES, Why.GRANTED),
        (user(), replace(OPEN_BUT_CONTROLLED, grants=None), Entry.UNKNOWN, Why.GRANTS_UNREAD),
        (user(standard=False), app(), Entry.UNKNOWN, Why.NOT_STANDARD),
        (user(standard=False), app(grants=()), Entry.NO, Why.NOT_GRANTED),
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


@pytest.mark.parametrize(
    ("what", "words", "page"),
    [
        (app(grants=()), "**Manage App Policies**", "Connected Apps OAuth Usage"),
        (app(grants=(), external=True), "**External Client App Manager**", "External Client App Manager"),
        (app(policy=None), "**View Setup and Configuration** and **Customize Application**", ""),
        (app(policy=None, external=True), "**View all External Client Apps, view their settings", ""),
        (app(twin=True), "look at each row of that name", "Connected Apps OAuth Usage"),
    ],
)
def test_the_step_is_that_of_the_kind_of_app(what: UserOfApp, words: str, page: str) -> None:
    told = report(PROD, reading(user(), app(app=BACKUP_APP), what), NOW)

    assert words in told.lead
    assert [button.label for button in told.buttons] == ([f"Open {page}"] if page else [])


def test_what_refuses_comes_before_what_lets_in_and_unneeded_apps_do_not_decide() -> None:
    good, bad = app(app=BACKUP_APP), app(grants=())

    assert report(PROD, reading(user(), good, bad), NOW).headline == (
        "Ben Okoro cannot connect to `prod` through **Flosum DevOps: Web App Production**: "
        "no profile or permission set of theirs is granted"
    )
    backup_alone = Org("T1", "prod", "acme.my.salesforce.com", Login.JWT, apps=(BACKUP_APP,))
    assert report(backup_alone, reading(user(), good, bad), NOW).state is State.READY


INSTALL = "In **Connected Apps OAuth Usage** press **Install** beside the app."
GRANT = "In **Connected Apps OAuth Usage** open **Manage App Policies**; add a profile or permission set of theirs."
UNINSTALLED: dict[str, object] = {"state": AppState.NOT_INSTALLED, "grants": ()}


@pytest.mark.parametrize(
    ("backup", "devops", "finding", "step"),
    [
        (
            {"grants": ()},
            {"grants": ()},
            "cannot connect to `prod` through either Flosum app: no profile or permission set of theirs is granted",
            GRANT,
        ),
        (
            {"grants": ()},
            UNINSTALLED,
            "cannot connect to `prod` through either Flosum app",
            f"**{BACKUP_APP}**: {GRANT} **{DEVOPS_APP}**: {INSTALL}",
        ),
        (
            UNINSTALLED,
            {"grants": ()},
            "cannot connect to `prod` through either Flosum app",
            f"**{BACKUP_APP}**: {INSTALL} **{DEVOPS_APP}**: {GRANT}",
        ),
        (
            {"grants": (ENDED,)},
            {"grants": ()},
            "cannot connect to `prod` through either Flosum app",
            f"**{BACKUP_APP}**: In **Permission Sets** assign it to them anew. **{DEVOPS_APP}**: {GRANT}",
        ),
        (
            {"grants": ()},
            {},
            f"cannot connect to `prod` through **{BACKUP_APP}**: no profile or permission set of theirs is granted",
            GRANT,
        ),
        ({}, {}, "may connect to `prod` through each Flosum app", ""),
    ],
)
def test_a_reason_that_holds_for_one_app_is_not_told_as_that_of_both(
    backup: dict[str, object], devops: dict[str, object], finding: str, step: str
) -> None:
    told = report(PROD, reading(user(), app(app=BACKUP_APP, **backup), app(app=DEVOPS_APP, **devops)), NOW)

    assert told.headline == f"Ben Okoro {finding}"
    assert told.lead == step or not step
    names = [line.name for part in told.parts if isinstance(part, Items) for line in part.items]
    assert names == [f"**{BACKUP_APP}**", f"**{DEVOPS_APP}**"]


@pytest.mark.parametrize(("tokens", "said"), [(0, False), (4, False), (5, True), (7, True), (None, False)])
def test_who_holds_as_many_tokens_as_are_kept_is_told(tokens: int | None, said: bool) -> None:
    answer = report(PROD, reading(user(), app(tokens=tokens, last_used=NOW)), NOW)

    assert ("drops the oldest" in str(answer.parts)) is said


def test_what_was_not_looked_at_is_said_whatever_the_verdict() -> None:
    for who, what in itertools.islice(combinations(), 0, None, 97):
        note = report(PROD, reading(who, what), NOW).note
        assert "could not be read: login hours, IP ranges and API Access Control" in note


EVERY_DAY = tuple(LoginHours(day, 480, 1020) for day in DAYS)


@pytest.mark.parametrize(
    ("limits", "only", "told"),
    [
        (ProfileLimits(), "", "login hours: any · IP ranges: any"),
        (ProfileLimits(EVERY_DAY), ", only at its profile's login hours", "login hours: Mon to Sun 08:00–17:00 (the"),
        (
            ProfileLimits((*EVERY_DAY[:5], LoginHours("Saturday", 0, 0), LoginHours("Sunday", 0, 0))),
            ", only at its profile's login hours",
            "Mon to Fri 08:00–17:00, Sat and Sun never (the org's time)",
        ),
        (
            ProfileLimits((EVERY_DAY[0], EVERY_DAY[2], EVERY_DAY[4])),
            ", only at its profile's login hours",
            "Mon, Wed and Fri 08:00–17:00, else any (the org's time)",
        ),
        (
            ProfileLimits((), (("10.0.0.1", "10.0.0.9"), ("10.1.0.1", "10.1.0.1"))),
            ", only from its profile's IP ranges",
            "IP ranges: 10.0.0.1–10.0.0.9 and 1 more",
        ),
        (
            ProfileLimits(EVERY_DAY, (("10.0.0.1", "10.0.0.9"),)),
            ", only at its profile's login hours and from its profile's IP ranges",
            "IP ranges: 10.0.0.1–10.0.0.9 · API Access Control on",
        ),
    ],
)
def test_when_and_from_where_a_login_is_let_in_stands_beside_the_verdict(
    limits: ProfileLimits, only: str, told: str
) -> None:
    known = replace(reading(user(), app(), app(app=BACKUP_APP)), limits=limits, access_control=True)

    answer = report(PROD, known, NOW)

    assert answer.headline == f"Ben Okoro may connect to `prod` through each Flosum app{only}"
    assert told in answer.note
    assert "could not be read" not in answer.note
    assert only not in report(PROD, replace(known, users=(user(active=False),)), NOW).headline or not only


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
    assert "could not be read: login history" in report(PROD, reading(user(), app(), logins=None), NOW).note


def test_an_app_under_another_name_is_pointed_at_where_ours_is_missing() -> None:
    unseen, other = app(state=AppState.NOT_SEEN), ("Flosum DevOps (EU)",)

    missing = report(PROD, replace(reading(user(), unseen, app(app=BACKUP_APP)), other_apps=other), NOW)
    there = report(PROD, replace(reading(user(), app(), app(app=BACKUP_APP)), other_apps=other), NOW)

    assert "Flosum DevOps (EU). One of them may be ours" in str(missing.parts)
    assert "Flosum DevOps (EU)" not in str(there.parts)


@pytest.mark.parametrize("count", [2, 5, 6, 19, 20])
def test_of_many_that_fit_a_few_are_offered(count: int) -> None:
    users = [user(username=f"ben{number}@acme.com") for number in range(count)]

    answer = several(PROD, "ben", users)

    assert len(answer.parts[0].items) == min(count, 5)  # type: ignore[union-attr]
    assert answer.headline.startswith("Many" if count == 20 else str(count))
    assert height(answer.lead) <= 2
