"""Whom an app lets in, as read over real HTTP: who counts, what was cut, what was denied."""

from __future__ import annotations

import pytest

from bot.domain.model import DEVOPS_APP, AppFacts, Doubt, Policy
from bot.domain.orgs.app_evidence import app_evidence
from bot.domain.orgs.findings import Finding, judge
from bot.sandbox.salesforce.database import Record
from tests.salesforce_under_test import NOW, SalesforceUnderTest

EXTERNAL = "0xIKd0000000001IAO"


def app_id_of(tables: dict[str, list[Record]]) -> object:
    return next(row["Id"] for row in tables["ConnectedApplication"] if row["Name"] == DEVOPS_APP)


def devops(
    under_test: SalesforceUnderTest, tables: dict[str, list[Record]], hidden: frozenset[str] = frozenset()
) -> AppFacts:
    under_test.refill("prod", tables, hidden)
    return under_test.apps("prod")[1]


def with_grant(tables: dict[str, list[Record]], holder: Record, people: list[dict[str, object]]) -> None:
    """Grant the DevOps app to one more permission set, which these people hold."""
    tables["PermissionSet"].append(holder)
    tables["SetupEntityAccess"].append({"ParentId": holder["Id"], "SetupEntityId": app_id_of(tables)})
    for person in people:
        tables["User"].append({"IsActive": True, "UserType": "Standard", **person})
        tables["PermissionSetAssignment"].append({"AssigneeId": person["Id"], "PermissionSetId": holder["Id"]})


ONE_MORE: Record = {"Id": "0PSone", "Label": "One more", "IsOwnedByProfile": False}


@pytest.mark.parametrize(
    ("person", "counted"),
    [
        ({}, 5),
        ({"IsActive": False}, 4),
        ({"UserType": "Guest"}, 4),
        ({"UserType": "AutomatedProcess"}, 4),
        ({"UserType": "CloudIntegrationUser"}, 4),
        ({"UserType": "PowerPartner"}, 5),
    ],
)
def test_only_people_who_can_log_in_are_counted(
    under_test: SalesforceUnderTest, person: dict[str, object], counted: int
) -> None:
    tables = under_test.records("prod")
    with_grant(tables, ONE_MORE, [{"Id": "005new", **person}])

    assert devops(under_test, tables).users_with_access == counted


def test_frozen_people_are_counted_apart(under_test: SalesforceUnderTest) -> None:
    tables = under_test.records("prod")
    with_grant(tables, ONE_MORE, [{"Id": "005frozen"}, {"Id": "005free"}])
    tables["UserLogin"] = [{"UserId": "005frozen", "IsFrozen": True}, {"UserId": "005free", "IsFrozen": False}]

    app = devops(under_test, tables)

    assert (app.users_with_access, app.frozen_users, app.doubts) == (5, 1, ())


def test_where_frozen_people_do_not_show_the_count_holds_them_and_says_so(under_test: SalesforceUnderTest) -> None:
    app = devops(under_test, under_test.records("prod"), frozenset({"UserLogin"}))

    assert (app.users_with_access, app.frozen_users, app.doubts) == (4, None, (Doubt.FROZEN_UNSEEN,))
    assert under_test.facts("prod").missing_permissions == ()


PAST, TO_COME = "2026-11-23T08:59:59.000+0000", "2026-11-23T09:00:01.000+0000"


@pytest.mark.parametrize(
    ("ends", "users", "ended"),
    [
        ([TO_COME], 5, 0),
        ([PAST], 4, 1),
        ([PAST, None], 5, 0),
        ([PAST, TO_COME], 5, 0),
        ([PAST, PAST], 4, 1),
    ],
)
@pytest.mark.parametrize("hidden", [frozenset(), frozenset({"UserLogin"})])
def test_an_assignment_that_has_ended_lets_nobody_in(
    under_test: SalesforceUnderTest, ends: list[str | None], users: int, ended: int, hidden: frozenset[str]
) -> None:
    tables = under_test.records("prod")
    with_grant(tables, ONE_MORE, [])
    tables["User"].append({"Id": "005new", "IsActive": True, "UserType": "Standard"})
    for end in ends:
        assignment = {"AssigneeId": "005new", "PermissionSetId": ONE_MORE["Id"], "ExpirationDate": end}
        tables["PermissionSetAssignment"].append(assignment)

    app = devops(under_test, tables, hidden)

    assert (app.users_with_access, app.ended_users) == (users, ended)


def test_an_org_whose_assignments_have_all_ended_is_not_ready(under_test: SalesforceUnderTest) -> None:
    tables = under_test.records("prod")
    tables["PermissionSetAssignment"] = [{**row, "ExpirationDate": PAST} for row in tables["PermissionSetAssignment"]]

    app = devops(under_test, tables)

    assert (app.users_with_access, app.ended_users) == (0, 4)
    assert judge(DEVOPS_APP, under_test.facts("prod")).finding is Finding.ONLY_ENDED


def test_where_ends_cannot_be_told_just_now_the_count_says_so(under_test: SalesforceUnderTest) -> None:
    with under_test.refusing("ExpirationDate", "QUERY_TIMEOUT"):
        app = under_test.apps("prod")[1]

    assert (app.users_with_access, app.ended_users, app.doubts) == (4, None, (Doubt.QUESTION_REFUSED,))
    evidence = app_evidence(app, under_test.facts("prod"), under_test.org("prod")[0], NOW)
    assert "4 users with access, ended assignments not told apart" in evidence.detail


def test_where_ends_do_not_show_people_are_counted_as_before(under_test: SalesforceUnderTest) -> None:
    app = devops(under_test, under_test.records("prod"), frozenset({"PermissionSetAssignment.ExpirationDate"}))

    assert (app.users_with_access, app.ended_users, app.doubts) == (4, None, ())


def test_a_session_based_permission_set_lets_nobody_in_by_itself(under_test: SalesforceUnderTest) -> None:
    tables = under_test.records("prod")
    with_grant(tables, {**ONE_MORE, "HasActivationRequired": True}, [{"Id": "005new"}])

    app = devops(under_test, tables)

    assert (app.users_with_access, app.doubts) == (4, (Doubt.SESSION_BASED,))
    assert "One more" in (app.permission_sets or ())


def test_a_denied_count_is_null_and_the_grants_stay(under_test: SalesforceUnderTest) -> None:
    app = devops(under_test, under_test.records("prod"), frozenset({"PermissionSetAssignment"}))

    assert (app.users_with_access, app.permission_sets, app.doubts) == (None, ("Flosum Users",), ())


def test_a_grant_whose_holder_does_not_show_is_no_grant_to_nobody(under_test: SalesforceUnderTest) -> None:
    tables = under_test.records("prod")
    tables["SetupEntityAccess"] = [{"ParentId": "0PShidden", "SetupEntityId": app_id_of(tables)}]

    app = devops(under_test, tables)

    assert (app.profiles, app.permission_sets, app.doubts) == ((), (), (Doubt.GRANT_HIDDEN,))


def grants_in_all(under_test: SalesforceUnderTest, number: int) -> AppFacts:
    tables = under_test.records("prod")
    for at in range(number):
        with_grant(tables, {"Id": f"0PS{at}", "Label": f"Set {at:05}", "IsOwnedByProfile": False}, [])
    return devops(under_test, tables)


def test_more_grants_than_a_page_holds_are_all_read(under_test: SalesforceUnderTest) -> None:
    app = grants_in_all(under_test, 2500)

    assert (len(app.permission_sets or ()), app.users_with_access, app.doubts) == (2501, 4, ())


def test_grants_beyond_what_is_fetched_are_cut_and_said_to_be(under_test: SalesforceUnderTest) -> None:
    app = grants_in_all(under_test, 10_500)

    assert (len(app.permission_sets or ()), app.doubts) == (9_999, (Doubt.GRANTS_CUT,))


@pytest.mark.parametrize(
    ("status", "told"), [("Updated", ()), ("Outdated", ("Team (Outdated)",)), ("Failed", ("Team (Failed)",))]
)
def test_a_group_that_is_not_up_to_date_is_named(
    under_test: SalesforceUnderTest, status: str, told: tuple[str, ...]
) -> None:
    tables = under_test.records("prod")
    holder = next(row for row in tables["PermissionSet"] if row["Label"] == "Flosum Users")
    tables["PermissionSetGroup"] = [{"Id": "0PG1", "MasterLabel": "Team", "Status": status}]
    tables["PermissionSetGroupComponent"] = [{"PermissionSetGroupId": "0PG1", "PermissionSetId": holder["Id"]}]
    under_test.refill("prod", tables)

    assert under_test.apps("prod")[0].stale_groups == told


def test_under_self_authorize_nobody_needs_access_so_there_is_no_number(under_test: SalesforceUnderTest) -> None:
    assert [app.users_with_access for app in under_test.apps("qa")] == [None, None]


@pytest.mark.parametrize(
    ("value", "policy"),
    [
        ("AllSelfAuthorized", Policy.SELF_AUTHORIZE),
        ("AdminApprovedPreAuthorized", Policy.ADMIN_APPROVED),
        (None, None),
        ("SomethingNew", None),
    ],
)
def test_an_external_client_apps_policy_is_read_only_where_it_is_known(
    under_test: SalesforceUnderTest, value: str | None, policy: Policy | None
) -> None:
    tables = under_test.records("fresh")
    tables["ExternalClientApplication"] = [{"Id": EXTERNAL, "MasterLabel": DEVOPS_APP}]
    tables["ExtlClntAppOauthPlcyCnfg"] = [
        {"ExternalClientApplicationId": EXTERNAL, "PermittedUsersPolicyType": value},
    ]
    under_test.refill("fresh", tables)

    app = under_test.apps("fresh")[1]

    assert (app.permitted_users, app.external) == (policy, True)


@pytest.mark.parametrize("hidden", ["ExternalClientApplication", "ExtlClntAppOauthPlcyCnfg"])
def test_the_permission_that_shows_external_client_apps_is_named(under_test: SalesforceUnderTest, hidden: str) -> None:
    tables = under_test.records("fresh")
    tables["ExternalClientApplication"] = [{"Id": EXTERNAL, "MasterLabel": DEVOPS_APP}]
    under_test.refill("fresh", tables, frozenset({hidden}))

    assert under_test.facts("fresh").missing_permissions == (
        "View all External Client Apps, view their settings, and edit their policies",
    )


@pytest.mark.parametrize(
    ("sees", "granted", "users", "missing"),
    [
        (True, True, 4, ()),
        (True, False, 0, ()),
        (False, True, None, ("View Setup and Configuration",)),
        (False, False, None, ("View Setup and Configuration",)),
        (None, True, 4, ("Customize Application",)),
        (None, False, None, ("Customize Application",)),
    ],
)
def test_ones_own_assignments_are_no_count_of_whom_an_app_lets_in(
    under_test: SalesforceUnderTest, sees: bool | None, granted: bool, users: int | None, missing: tuple[str, ...]
) -> None:
    tables = under_test.records("prod")
    tables["UserPermissionAccess"] = [{"PermissionsCustomizeApplication": True, "PermissionsViewSetup": sees}]
    tables["PermissionSetAssignment"] = tables["PermissionSetAssignment"] if granted else []
    under_test.refill("prod", tables, frozenset({"UserPermissionAccess"} if sees is None else ()))

    facts = under_test.facts("prod")

    assert ([app.users_with_access for app in facts.apps], facts.missing_permissions) == ([users] * 2, missing)


def test_a_check_makes_two_round_trips_beside_its_login(under_test: SalesforceUnderTest) -> None:
    under_test.calls()
    under_test.facts("prod")

    assert [path.rpartition("/")[2] for path in under_test.calls()] == ["token", "batch", "batch"]
