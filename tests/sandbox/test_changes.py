"""A change of a built-in org is whole or nothing, and the trail says whose it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.sandbox.salesforce.server import BuiltInSalesforce

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOST, ADA = "acme.my.salesforce.com", "005Kd0000001USRIAO"
TRAIL = "SELECT Action, CreatedDate, CreatedBy.Name FROM SetupAuditTrail ORDER BY CreatedDate DESC"


@pytest.fixture
def salesforce() -> Iterator[BuiltInSalesforce]:
    with BuiltInSalesforce(NOW, clock=lambda: NOW) as running:
        yield running


def test_a_change_shows_when_it_is_done_with_who_and_when(salesforce: BuiltInSalesforce) -> None:
    with salesforce.writing(HOST, ADA) as org:
        org.note("unblockConnectedApplication", "Unblocked Connected App Flosum")
        org.note("blockConnectedApplication", "Blocked Connected App Flosum")
        assert salesforce.orgs[HOST].database.query(TRAIL) == []

    told = salesforce.orgs[HOST].database.query(TRAIL)
    assert [(row["Action"], row["CreatedBy"]) for row in told] == [
        ("blockConnectedApplication", {"Name": "Ada Lindt"}),
        ("unblockConnectedApplication", {"Name": "Ada Lindt"}),
    ]
    assert told[0]["CreatedDate"] == "2026-11-23T09:00:00.000+0000"


def test_a_change_that_fails_changes_nothing(salesforce: BuiltInSalesforce) -> None:
    before = salesforce.orgs[HOST].database

    def fail_halfway() -> None:
        with salesforce.writing(HOST, ADA) as org:
            org.delete("User")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()

    assert salesforce.orgs[HOST].database == before


def test_records_are_made_changed_and_deleted_by_their_values(salesforce: BuiltInSalesforce) -> None:
    with salesforce.writing(HOST, ADA) as org:
        first = org.insert("Profile", "00e", Name="Sales")
        second = org.insert("Profile", "00e", Name="Support")
        org.update("Profile", lambda row: row["Id"] == first, Name="Sales EMEA")

        assert org.delete("Profile", Id=second) == 1
        assert [row["Id"] for row in org.rows("Profile", Name="Sales EMEA")] == [first]
        assert len({first, second}) == 2

    assert salesforce.orgs[HOST].database.query("SELECT Name FROM Profile WHERE Name LIKE 'S%e%'")[-1]["Name"] == (
        "Sales EMEA"
    )
