"""What keeps people out is not forgotten where it cannot be read for a moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.model import (
    DEVOPS_APP,
    TWINS,
    AppAction,
    AppEvent,
    AppFacts,
    AppState,
    Doubt,
    Login,
    Org,
    OrgFacts,
    Policy,
    Verdict,
)
from bot.domain.orgs.carried import carried
from bot.domain.orgs.diagnosis import diagnose
from tests.recognition_helpers import ARTICLE

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PROD = Org("T1", "prod", "acme.my.salesforce.com", Login.JWT, apps=(DEVOPS_APP,))
GOOD = AppFacts(DEVOPS_APP, AppState.INSTALLED, "0H4", Policy.ADMIN_APPROVED, ("Admin",), (), 4, 3, history=())
BLOCK = AppEvent(AppAction.BLOCKED, "raw", "Ada Lindt", NOW - timedelta(days=179))
BLOCKED = replace(GOOD, state=AppState.BLOCKED, history=(BLOCK,))
OPENED = replace(GOOD, history=(AppEvent(AppAction.UNBLOCKED, "raw", "Ada Lindt", NOW),))
UNCLEAR = replace(GOOD, history=(AppEvent(None, "raw", "Ada Lindt", NOW),))
EMPTIED = replace(GOOD, connected_users=0)
UNREAD = replace(GOOD, history=None)
OPEN = replace(GOOD, permitted_users=Policy.SELF_AUTHORIZE, profiles=(), users_with_access=None)
CONTROLLED = replace(OPEN, controlled=True, users_with_access=0)
FROZEN = replace(GOOD, users_with_access=0, frozen_users=4, ended_users=0)
ENDED = replace(GOOD, users_with_access=0, frozen_users=0, ended_users=4)
HIDDEN = AppFacts(DEVOPS_APP, AppState.UNREADABLE)
READY, ACTION, UNKNOWN = Verdict.READY, Verdict.ACTION_NEEDED, Verdict.UNKNOWN


def facts(app: AppFacts, organization: str | None = "00D000000000001", *, listed: bool = True) -> OrgFacts:
    return OrgFacts(NOW, organization, False, (app,), listed=listed)


def verdict(found: OrgFacts) -> Verdict:
    return diagnose(PROD, found, article=ARTICLE, now=NOW).verdict


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (GOOD, UNREAD, READY),
        (BLOCKED, UNREAD, UNKNOWN),
        (BLOCKED, OPENED, READY),
        (BLOCKED, UNCLEAR, UNKNOWN),
        (BLOCKED, EMPTIED, ACTION),
        (BLOCKED, replace(EMPTIED, connected_users=None), ACTION),
        (BLOCKED, GOOD, UNKNOWN),
        (replace(BLOCKED, connected_users=0), GOOD, READY),
        (replace(BLOCKED, connected_users=0), UNREAD, READY),
        (replace(UNREAD, doubts=(Doubt.BLOCK_UNREAD,)), EMPTIED, UNKNOWN),
        (replace(UNREAD, doubts=(Doubt.BLOCK_UNREAD,)), UNREAD, UNKNOWN),
        (replace(UNREAD, doubts=(Doubt.BLOCK_UNREAD,)), GOOD, UNKNOWN),
        (replace(UNREAD, doubts=(Doubt.BLOCK_UNREAD,)), OPENED, READY),
        (replace(UNREAD, doubts=(Doubt.BLOCK_UNREAD,)), UNCLEAR, UNKNOWN),
        (BLOCKED, replace(UNREAD, state=AppState.NOT_INSTALLED), ACTION),
        (CONTROLLED, OPEN, ACTION),
        (CONTROLLED, replace(OPEN, profiles=("Admin",)), UNKNOWN),
        (CONTROLLED, replace(OPEN, controlled=False), READY),
        (CONTROLLED, GOOD, READY),
        (replace(OPEN, controlled=False), OPEN, READY),
        (FROZEN, replace(GOOD, frozen_users=None), UNKNOWN),
        (FROZEN, replace(GOOD, frozen_users=0), READY),
        (FROZEN, FROZEN, ACTION),
        (replace(GOOD, frozen_users=2), replace(GOOD, frozen_users=None), READY),
        (ENDED, replace(GOOD, ended_users=None), UNKNOWN),
        (ENDED, replace(GOOD, ended_users=0), READY),
    ],
)
def test_what_was_known_and_is_not_read_now_makes_nothing_ready(before: AppFacts, now: AppFacts, said: Verdict) -> None:
    found = carried(facts(now), facts(before))

    assert verdict(found) is said
    if found.apps != (now,):
        assert verdict(carried(facts(now), found)) is said, "nor does it the time after"


def test_a_block_whose_line_has_left_the_trail_is_told_with_who_did_it() -> None:
    (app,) = carried(facts(EMPTIED), facts(BLOCKED)).apps

    assert (app.state, app.history) == (AppState.BLOCKED, (BLOCK,))


def test_what_was_done_since_a_reading_of_long_ago_may_have_left_the_trail_too() -> None:
    long_ago = replace(facts(BLOCKED), checked_at=NOW - timedelta(days=180))

    assert verdict(carried(facts(EMPTIED), long_ago)) is UNKNOWN


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (BLOCKED, UNREAD),
        (CONTROLLED, OPEN),
        (FROZEN, replace(GOOD, frozen_users=None)),
        (ENDED, replace(GOOD, ended_users=None)),
    ],
)
@pytest.mark.parametrize(
    "between", [HIDDEN, replace(GOOD, permitted_users=None, profiles=None, users_with_access=None, history=None)]
)
def test_a_reading_in_which_hardly_anything_was_read_forgets_nothing_either(
    before: AppFacts, between: AppFacts, now: AppFacts
) -> None:
    found = carried(facts(now), carried(facts(between), facts(before)))

    assert verdict(found) is not READY


@pytest.mark.parametrize("doubt", sorted(TWINS))
def test_a_second_app_of_a_name_is_there_until_all_lists_show_that_it_is_not(doubt: Doubt) -> None:
    before = facts(replace(GOOD, doubts=(doubt,)))
    part = carried(facts(GOOD, listed=False), carried(facts(HIDDEN, listed=False), before))

    assert (verdict(part), part.apps[0].doubts) == (UNKNOWN, (doubt,))
    assert verdict(carried(facts(GOOD), part)) is READY


@pytest.mark.parametrize("organization", ["00D000000000001AAA", None])
def test_the_same_org_is_known_by_its_id_or_not_at_all(organization: str | None) -> None:
    assert verdict(carried(facts(UNREAD, organization), facts(BLOCKED))) is UNKNOWN


def test_another_org_has_nothing_of_the_one_before() -> None:
    assert verdict(carried(facts(UNREAD, "00D000000000002"), facts(BLOCKED))) is READY
    assert carried(facts(UNREAD), None) == facts(UNREAD)
