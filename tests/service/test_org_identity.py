"""Orgs that are refreshed, replaced or moved between two checks. Real store, real simple-salesforce."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.adapters.salesforce import Salesforce
from bot.adapters.store import SqlStore
from bot.domain.model import Diagnosis, Verdict
from bot.domain.orgs.details_report import steps
from bot.sandbox.salesforce.database import OrgRecords
from bot.sandbox.salesforce.server import BuiltInSalesforce
from bot.service.org_checks import OrgChecks
from tests.databases import *  # noqa: F403 - fixtures
from tests.recognition_helpers import ARTICLE
from tests.salesforce_under_test import NOW

NEW_ID, MOVED = "00DKd0000000099EAA", "acme-new.my.salesforce.com"


@pytest.fixture
def salesforce() -> Iterator[BuiltInSalesforce]:
    with BuiltInSalesforce(NOW) as running:
        yield running


class Checked:
    """One built-in org in a store, checked once already."""

    def __init__(self, salesforce: BuiltInSalesforce, store: SqlStore, name: str) -> None:
        self.salesforce, self.store, self.name = salesforce, store, name
        store.add_org(*next(pair for pair in salesforce.built_in("T1") if pair[0].name == name))
        self.checks = OrgChecks(
            store, Salesforce(clock=lambda: NOW, route=salesforce.route), lambda: NOW, lambda: ARTICLE
        )
        self.check()

    def check(self) -> Diagnosis:
        org = self.store.org("T1", self.name)
        assert org
        return self.checks.one(org)

    def get_new_id(self) -> None:
        host = next(org.host for org in self.salesforce.orgs.values() if org.name == self.name)
        tables = dict(self.salesforce.orgs[host].database.tables)
        tables["Organization"] = [{**tables["Organization"][0], "Id": NEW_ID}]
        tables["OauthToken"] = []
        self.salesforce.change(self.name, database=OrgRecords(tables), organization_id=NEW_ID)


def test_a_refreshed_sandbox_is_read_on_and_says_what_is_to_be_done_again(
    salesforce: BuiltInSalesforce, store: SqlStore
) -> None:
    checked = Checked(salesforce, store, "qa")
    checked.get_new_id()

    found, again = checked.check(), checked.check()

    for each in (found, again):
        assert each.verdict is Verdict.ACTION_NEEDED
        assert "was refreshed" in each.headline
        assert "a refresh ends its tokens" in str(steps(each, NOW).parts)
    known = store.org("T1", "qa")
    assert known
    assert known.organization_id == NEW_ID


def test_a_production_org_that_answers_with_another_id_is_questioned_and_not_taken_over(
    salesforce: BuiltInSalesforce, store: SqlStore
) -> None:
    checked = Checked(salesforce, store, "prod")
    before = store.org("T1", "prod")
    checked.get_new_id()

    found = checked.check()

    assert "A production org keeps its id" in (found.trouble or "")
    kept = store.org("T1", "prod")
    assert before
    assert kept
    assert kept == replace(before, failure=kept.failure)
    assert found.facts
    assert found.facts.organization_id != NEW_ID


def test_an_org_that_moved_is_followed_with_its_links(salesforce: BuiltInSalesforce, store: SqlStore) -> None:
    checked = Checked(salesforce, store, "emea-prod")
    salesforce.move("emea-prod", MOVED)

    found = checked.check()

    assert found.trouble is None
    assert {step.link for step in found.steps if step.link} != set()
    assert all(step.link.startswith(f"https://{MOVED}/") for step in found.steps if step.link)
    known = store.org("T1", "emea-prod")
    assert known
    assert known.host == MOVED
    assert checked.check().trouble is None
    assert salesforce.requests[-1].host == MOVED
