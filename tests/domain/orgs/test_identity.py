"""Which org answers: the same, a refreshed sandbox, one that moved, or another."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.model import DEVOPS_APP, AppFacts, AppState, Login, Org, OrgFacts, Policy, Verdict
from bot.domain.orgs.diagnosis import diagnose
from bot.domain.orgs.identity import SHOWN_FOR, Identity, compared, noted, of_reading
from tests.recognition_helpers import ARTICLE

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PROD, UAT, MOVED = "acme.my.salesforce.com", "acme--uat.sandbox.my.salesforce.com", "beta.my.salesforce.com"
OLD, NEW = "00DKd0000000001EAA", "00DKd0000000002EAA"


def org(host: str, organization_id: str | None = OLD, *, sandbox: bool | None = None) -> Org:
    return Org("T1", "it", host, Login.JWT, organization_id=organization_id, sandbox=sandbox)


@pytest.mark.parametrize(
    ("known", "host", "organization_id", "sandbox", "found"),
    [
        (org(PROD), PROD, OLD, False, Identity.SAME),
        (org(PROD), PROD, OLD[:15], False, Identity.SAME),
        (org(PROD), MOVED, OLD, False, Identity.SAME),
        (org(PROD, None), PROD, NEW, False, Identity.SAME),
        (org(PROD), PROD, None, None, Identity.SAME),
        (org(PROD, None), MOVED, NEW, False, Identity.OTHER),
        (org(PROD), MOVED, NEW, False, Identity.OTHER),
        (org(PROD), PROD, NEW, False, Identity.REPLACED),
        (org(PROD), PROD, NEW, None, Identity.REPLACED),
        (org(UAT), UAT, NEW, None, Identity.REFRESHED),
        (org(PROD, sandbox=True), PROD, NEW, None, Identity.REFRESHED),
        (org(PROD), PROD, NEW, True, Identity.REFRESHED),
        (org(UAT, sandbox=True), MOVED, NEW, True, Identity.OTHER),
    ],
)
def test_which_org_answers(
    known: Org, host: str, organization_id: str | None, sandbox: bool | None, found: Identity
) -> None:
    assert compared(known, host, organization_id, sandbox) is found


def test_where_an_id_is_not_known_no_other_org_is_suspected() -> None:
    assert of_reading(org(PROD), OrgFacts(NOW, None, None, ())) is Identity.SAME
    assert of_reading(org(PROD, None), OrgFacts(NOW, NEW, None, (), host=MOVED)) is Identity.SAME


def test_a_refresh_is_spoken_of_for_a_week() -> None:
    known = org(UAT, sandbox=True)
    first = noted(known, OrgFacts(NOW, NEW, True, ()), None)
    after = replace(known, organization_id=NEW)
    soon = noted(after, OrgFacts(NOW + timedelta(days=6), NEW, True, ()), first)
    late = noted(after, OrgFacts(NOW + SHOWN_FOR, NEW, True, ()), soon)

    assert (first.refreshed_at, soon.refreshed_at, late.refreshed_at) == (NOW, NOW, None)


@pytest.mark.parametrize(
    ("connected", "verdict"), [(0, Verdict.ACTION_NEEDED), (None, Verdict.ACTION_NEEDED), (1, Verdict.READY)]
)
def test_a_refreshed_sandbox_is_ready_once_a_token_was_made_anew(connected: int | None, verdict: Verdict) -> None:
    app = AppFacts(DEVOPS_APP, AppState.INSTALLED, permitted_users=Policy.SELF_AUTHORIZE, connected_users=connected)
    facts = OrgFacts(NOW, NEW, True, (app,), refreshed_at=NOW)

    found = diagnose(replace(org(UAT), apps=(DEVOPS_APP,)), facts, article=ARTICLE, now=NOW)

    assert found.verdict is verdict
    assert ("refreshed" in found.headline) == (verdict is Verdict.ACTION_NEEDED)
    assert ("refresh-token" in [step.topic for step in found.steps]) == (verdict is Verdict.ACTION_NEEDED)
