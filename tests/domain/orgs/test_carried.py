"""What keeps people out is not forgotten where it cannot be read for a moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.model import DEVOPS_APP, AppFacts, AppState, Doubt, Login, Org, OrgFacts, Policy, Verdict
from bot.domain.orgs.carried import carried
from bot.domain.orgs.diagnosis import diagnose
from tests.recognition_helpers import ARTICLE

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PROD = Org("T1", "prod", "acme.my.salesforce.com", Login.JWT, apps=(DEVOPS_APP,))
GOOD = AppFacts(DEVOPS_APP, AppState.INSTALLED, "0H4", Policy.ADMIN_APPROVED, ("Admin",), (), 4, history=())
BLOCKED = replace(GOOD, state=AppState.BLOCKED)
UNREAD = replace(GOOD, history=None)
OPEN = replace(GOOD, permitted_users=Policy.SELF_AUTHORIZE, profiles=(), users_with_access=None)
CONTROLLED = replace(OPEN, controlled=True, users_with_access=0)
FROZEN = replace(GOOD, users_with_access=0, frozen_users=4, ended_users=0)
ENDED = replace(GOOD, users_with_access=0, frozen_users=0, ended_users=4)
READY, ACTION, UNKNOWN = Verdict.READY, Verdict.ACTION_NEEDED, Verdict.UNKNOWN


def facts(app: AppFacts, organization: str | None = "00D000000000001") -> OrgFacts:
    return OrgFacts(NOW, organization, False, (app,))


def verdict(found: OrgFacts) -> Verdict:
    return diagnose(PROD, found, article=ARTICLE, now=NOW).verdict


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (GOOD, UNREAD, READY),
        (BLOCKED, UNREAD, UNKNOWN),
        (BLOCKED, GOOD, READY),
        (replace(UNREAD, doubts=(Doubt.BLOCK_UNREAD,)), UNREAD, UNKNOWN),
        (replace(UNREAD, doubts=(Doubt.BLOCK_UNREAD,)), GOOD, READY),
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


@pytest.mark.parametrize("organization", ["00D000000000001AAA", None])
def test_the_same_org_is_known_by_its_id_or_not_at_all(organization: str | None) -> None:
    assert verdict(carried(facts(UNREAD, organization), facts(BLOCKED))) is UNKNOWN


def test_another_org_has_nothing_of_the_one_before() -> None:
    assert verdict(carried(facts(UNREAD, "00D000000000002"), facts(BLOCKED))) is READY
    assert carried(facts(UNREAD), None) == facts(UNREAD)
