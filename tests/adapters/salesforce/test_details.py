"""The rest of an org, over real HTTP on loopback through the real simple-salesforce."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.adapters.salesforce import Salesforce
from bot.domain.model import BACKUP_APP, DEVOPS_APP
from bot.domain.orgs.org_details import AppDetails, Holding, OrgDetails, People, RefreshPolicy
from bot.domain.orgs.user_access import Way
from tests.salesforce_under_test import BATCH, NOW, SalesforceUnderTest

SOQL_TIME = "%Y-%m-%dT%H:%M:%S.000+0000"


def read(under_test: SalesforceUnderTest, name: str = "prod") -> OrgDetails:
    adapter = Salesforce(clock=lambda: NOW, route=under_test.salesforce.route)
    org = under_test.org(name)
    return adapter.details(*org, adapter.facts(*org))


def devops(details: OrgDetails) -> AppDetails:
    return next(app for app in details.apps if app.app == DEVOPS_APP)


def test_it_is_one_batch_more_than_a_check_and_one_setting(under_test: SalesforceUnderTest) -> None:
    read(under_test)

    calls = under_test.calls()
    assert calls[1:] == [BATCH, BATCH, BATCH, "/services/Soap/m/67.0"]


def test_who_gets_in_through_what(under_test: SalesforceUnderTest) -> None:
    found = read(under_test)

    assert devops(found).ways == (
        Holding(Way.PROFILE, "System Administrator", People(3, ("Ada Lindt", "Cleo Marsh", "Dana Voss"))),
        Holding(Way.PERMISSION_SET, "Flosum Users", People(2, ("Dana Voss", "Finn Oduya"))),
    )
    assert devops(found).refresh == RefreshPolicy(30, idle=True)
    assert devops(found).session is False
    assert (found.approvers, found.any_client, found.access_control, found.cut) == (People(0), People(0), False, False)


def test_a_group_of_its_own_permission_set_is_told_as_one_and_a_set_that_nobody_holds_has_no_users(
    under_test: SalesforceUnderTest,
) -> None:
    tables = under_test.records("prod")
    granted = [row for row in tables["PermissionSet"] if row["Label"] == "Flosum Users"]
    group = {"Id": "0PGKd00000000001", "MasterLabel": "O'Neil % team", "Status": "Outdated"}
    tables["PermissionSetGroup"] = [group]
    tables["PermissionSet"] = [
        {**row, "PermissionSetGroupId": group["Id"]} if row in granted else row for row in tables["PermissionSet"]
    ]
    holders = [row["Id"] for row in granted]
    tables["PermissionSetAssignment"] = [
        row for row in tables["PermissionSetAssignment"] if row["PermissionSetId"] not in holders
    ]
    under_test.refill("prod", tables)

    ways = devops(read(under_test)).ways

    assert ways
    assert ways[-1] == Holding(Way.GROUP, "O'Neil % team", People(0), "Outdated")


OVER, LATER = (NOW - timedelta(seconds=1)).strftime(SOQL_TIME), (NOW + timedelta(days=1)).strftime(SOQL_TIME)


def with_ends(under_test: SalesforceUnderTest, hidden: frozenset[str] = frozenset()) -> None:
    """Dana has Flosum Users until a day that is over, Finn until one to come; Ada's profile may approve."""
    tables = under_test.records("prod")
    people = {row["Id"]: str(row["Name"]) for row in tables["User"]}
    granted = {row["Id"] for row in tables["PermissionSet"] if row["Label"] == "Flosum Users"}
    ends = {"Dana Voss": OVER, "Finn Oduya": LATER}
    tables["PermissionSet"] = [
        {**row, "PermissionsApproveUninstalledConnectedApps": row["Id"] in granted} for row in tables["PermissionSet"]
    ]
    tables["PermissionSetAssignment"] = [
        {**row, "ExpirationDate": ends.get(people[row["AssigneeId"]])} if row["PermissionSetId"] in granted else row
        for row in tables["PermissionSetAssignment"]
    ]
    under_test.refill("prod", tables, hidden)


def test_whose_assignment_has_ended_is_not_let_in_by_it(under_test: SalesforceUnderTest) -> None:
    with_ends(under_test)

    found = read(under_test)

    assert (devops(found).ways or ())[-1] == Holding(Way.PERMISSION_SET, "Flosum Users", People(1, ("Finn Oduya",)))
    assert found.approvers == People(1, ("Finn Oduya",))


def test_where_ends_do_not_show_everybody_counts(under_test: SalesforceUnderTest) -> None:
    with_ends(under_test, frozenset({"PermissionSetAssignment.ExpirationDate"}))

    found = read(under_test)

    both = People(2, ("Dana Voss", "Finn Oduya"))
    assert (devops(found).ways or ())[-1] == Holding(Way.PERMISSION_SET, "Flosum Users", both)
    assert found.approvers == both


def test_where_ends_cannot_be_told_just_now_nobody_is_counted(under_test: SalesforceUnderTest) -> None:
    with under_test.refusing("ExpirationDate", "QUERY_TIMEOUT"):
        found = read(under_test)

    assert [way.people for way in devops(found).ways or ()] == [People(None)] * 2
    assert found.approvers is None


def test_who_may_approve_uninstalled_apps(under_test: SalesforceUnderTest) -> None:
    tables = under_test.records("prod")
    tables["PermissionSet"] = [
        {**row, "PermissionsApproveUninstalledConnectedApps": row["Label"] == "00e"} for row in tables["PermissionSet"]
    ]
    under_test.refill("prod", tables)

    approvers = read(under_test).approvers

    assert approvers
    assert approvers.count == 6  # the connection's user among them; one has left
    assert approvers.names[:2] == ("Ada Lindt", "Ben Okoro")


def test_tokens_by_user_with_the_stale_ones(under_test: SalesforceUnderTest) -> None:
    tables = under_test.records("prod")
    token = next(row for row in tables["OauthToken"] if row["AppName"] == DEVOPS_APP)
    old = (NOW - timedelta(days=91)).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
    people = [row["Id"] for row in tables["User"]]
    tables["OauthToken"] = [
        {**token, "UserId": people[0]},
        {**token, "UserId": people[0], "LastUsedDate": old},
        {**token, "UserId": people[1], "LastUsedDate": None, "CreatedDate": old},
        {**token, "UserId": people[2], "LastUsedDate": None, "CreatedDate": None},
        {**token, "UserId": people[4]},  # who is not active
    ]
    under_test.refill("prod", tables)

    holders = devops(read(under_test)).holders

    assert holders is not None
    assert [(each.name, each.active, each.tokens, each.stale) for each in holders] == [
        ("Ada Lindt", True, 2, 1),
        ("Cleo Marsh", True, 1, 1),
        ("Dana Voss", True, 1, 0),
        ("Eli Brandt", False, 1, 1),
    ]
    assert "AccessToken" not in str(holders)


def test_of_more_tokens_than_salesforce_gives_there_are_at_least_so_many(under_test: SalesforceUnderTest) -> None:
    tables = under_test.records("prod")
    token = next(row for row in tables["OauthToken"] if row["AppName"] == DEVOPS_APP)
    tables["OauthToken"] = [{**token, "Id": f"0CQ{number}"} for number in range(2600)]
    under_test.refill("prod", tables)

    found = read(under_test)

    assert found.cut
    assert [holder.tokens for holder in devops(found).holders or ()] == [2500]


def test_what_the_connection_may_not_see_is_unknown_and_not_none(under_test: SalesforceUnderTest) -> None:
    found = read(under_test, "legacy")

    assert (found.approvers, found.any_client, found.access_control) == (None, None, None)
    assert [(app.ways, app.holders, app.refresh, app.session) for app in found.apps] == [(None, None, None, None)] * 2


@pytest.mark.parametrize(
    ("hidden", "unread"),
    [
        ("PermissionSet.PermissionsApproveUninstalledConnectedApps", "approvers"),
        ("PermissionSet.PermissionsUseAnyApiClient", "any_client"),
        ("ConnectedAppSettings", "access_control"),
    ],
)
def test_one_thing_that_is_hidden_hides_nothing_else(under_test: SalesforceUnderTest, hidden: str, unread: str) -> None:
    under_test.refill("prod", under_test.records("prod"), frozenset({hidden}))

    found = read(under_test)

    org_wide = ("approvers", "any_client", "access_control")
    assert [name for name in org_wide if getattr(found, name) is None] == [unread]
    assert devops(found).ways


def test_an_external_client_app_has_policies_of_its_own(under_test: SalesforceUnderTest) -> None:
    tables = under_test.records("prod")
    tables["ConnectedApplication"] = [row for row in tables["ConnectedApplication"] if row["Name"] == BACKUP_APP]
    tables["ExternalClientApplication"] = [{"Id": "0xIKd00000000001", "MasterLabel": DEVOPS_APP}]
    tables["OauthToken"] = []
    tables["ExtlClntAppOauthPlcyCnfg"] = [
        {
            "Id": "1",
            "ExternalClientApplicationId": "0xIKd00000000001",
            "PermittedUsersPolicyType": "AllSelfAuthorized",
            "RefreshTokenPolicyType": "SpecificLifetime",
            "RefreshTokenValidityPeriod": 30,
            "RefreshTokenValidityUnit": "Days",
            "RequiredSessionLevel": "HIGH_ASSURANCE",
        }
    ]
    under_test.refill("prod", tables)

    app = devops(read(under_test))

    assert app.refresh == RefreshPolicy(30, "Days", kind="SpecificLifetime")
    assert app.session == "HIGH_ASSURANCE"
