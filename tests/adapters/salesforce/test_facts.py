"""The facts of each org, over real HTTP on loopback, through the real simple-salesforce."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.salesforce import access, audit_trail, queries
from bot.domain.model import BACKUP_APP, DEVOPS_APP, AppFacts, AppState, Doubt, Policy
from bot.sandbox.salesforce.setup_apis import METADATA_PATH, SETTINGS
from tests.salesforce_under_test import NOW, SalesforceUnderTest


def test_an_org_that_is_through_shows_who_may_and_who_does(under_test: SalesforceUnderTest) -> None:
    facts = under_test.facts("prod")

    assert (facts.checked_at, facts.organization_id, facts.sandbox) == (NOW, "00DKd0000000001EAA", False)
    assert facts.missing_permissions == ()
    backup, devops = facts.apps
    assert (backup.name, devops.name) == (BACKUP_APP, DEVOPS_APP)
    assert devops.app_id is not None
    assert devops.app_id.startswith("0H4")
    assert replace(devops, app_id=None) == AppFacts(
        DEVOPS_APP,
        AppState.INSTALLED,
        permitted_users=Policy.ADMIN_APPROVED,
        profiles=("System Administrator",),
        permission_sets=("Flosum Users",),
        users_with_access=4,  # five people hold one of the two, one of them is not active
        connected_users=3,
        last_used=NOW - timedelta(days=1),
        frozen_users=0,
        ended_users=0,
        history=(),
    )


def test_tokens_without_a_menu_item_mean_not_installed(under_test: SalesforceUnderTest) -> None:
    backup, devops = under_test.apps("emea-prod")

    assert backup.state is AppState.INSTALLED
    assert (devops.state, devops.connected_users, devops.users_with_access) == (AppState.NOT_INSTALLED, 3, None)


def test_a_sandbox_where_nobody_is_granted_has_empty_lists_not_unread_ones(under_test: SalesforceUnderTest) -> None:
    facts = under_test.facts("uat")

    assert facts.sandbox is True
    assert [(app.profiles, app.permission_sets, app.users_with_access) for app in facts.apps] == [((), (), 0)] * 2


def test_the_self_authorize_policy_is_read(under_test: SalesforceUnderTest) -> None:
    assert [app.permitted_users for app in under_test.apps("qa")] == [Policy.SELF_AUTHORIZE] * 2


@pytest.mark.parametrize(
    ("setting", "hidden", "known"), [(True, (), True), (None, (), False), (True, (SETTINGS,), None)]
)
def test_with_self_authorize_it_is_read_whether_api_access_control_overrides_it(
    under_test: SalesforceUnderTest, *, setting: bool | None, hidden: tuple[str, ...], known: bool | None
) -> None:
    under_test.refill("qa", under_test.records("qa"), frozenset(hidden))
    under_test.salesforce.change("qa", access_control=setting)

    apps = under_test.apps("qa")

    assert [app.controlled for app in apps] == [known] * 2
    assert [app.users_with_access for app in apps] == [0 if known else None] * 2


def test_with_admin_approved_it_is_not_asked(under_test: SalesforceUnderTest) -> None:
    under_test.salesforce.change("prod", access_control=True)

    assert [app.controlled for app in under_test.apps("prod")] == [None] * 2
    assert not [path for path in under_test.calls() if path.startswith(METADATA_PATH)]


def test_what_the_connection_may_not_see_is_unreadable_and_names_the_permissions(
    under_test: SalesforceUnderTest,
) -> None:
    facts = under_test.facts("legacy")

    assert [app.state for app in facts.apps] == [AppState.UNREADABLE] * 2
    assert [app.connected_users for app in facts.apps] == [None, None]
    assert facts.missing_permissions == ("Customize Application", "View Setup and Configuration")


def test_an_org_that_never_saw_the_apps_says_not_seen(under_test: SalesforceUnderTest) -> None:
    facts = under_test.facts("fresh")

    assert [app.state for app in facts.apps] == [AppState.NOT_SEEN] * 2
    assert facts.missing_permissions == ()


def test_names_are_matched_by_letters_and_digits(under_test: SalesforceUnderTest) -> None:
    tables = under_test.records("prod")
    tables["ConnectedApplication"] = [
        {**row, "Name": "FLOSUM DevOps Web App  Production"} if row["Name"] == DEVOPS_APP else row
        for row in tables["ConnectedApplication"]
    ]
    under_test.refill("prod", tables)

    assert under_test.apps("prod")[1].state is AppState.INSTALLED


def test_a_hidden_policy_field_does_not_hide_that_the_app_is_installed(under_test: SalesforceUnderTest) -> None:
    tables = under_test.records("prod")
    del tables["AppMenuItem"], tables["OauthToken"]
    under_test.refill("prod", tables, frozenset({"ConnectedApplication.OptionsAllowAdminApprovedUsersOnly"}))

    devops = under_test.apps("prod")[1]

    assert (devops.state, devops.permitted_users) == (AppState.INSTALLED, None)
    assert devops.permission_sets == ("Flosum Users",)


def test_the_menu_item_tells_the_policy_where_the_app_itself_hides_it(under_test: SalesforceUnderTest) -> None:
    under_test.refill(
        "qa", under_test.records("qa"), frozenset({"ConnectedApplication.OptionsAllowAdminApprovedUsersOnly"})
    )

    assert under_test.apps("qa")[1].permitted_users is Policy.SELF_AUTHORIZE


def test_a_menu_item_proves_an_install_where_apps_cannot_be_read(under_test: SalesforceUnderTest) -> None:
    under_test.refill("prod", under_test.records("prod"), frozenset({"ConnectedApplication"}))

    devops = under_test.apps("prod")[1]

    assert (devops.state, devops.permitted_users) == (AppState.INSTALLED, Policy.ADMIN_APPROVED)
    assert devops.permission_sets == ("Flosum Users",)


def test_an_external_client_app_is_installed_although_its_tokens_have_no_menu_item(
    under_test: SalesforceUnderTest,
) -> None:
    tables = under_test.records("emea-prod")
    tables["ExternalClientApplication"] = [{"Id": "0xIKd0000000001IAO", "MasterLabel": DEVOPS_APP}]
    tables["ExtlClntAppOauthPlcyCnfg"] = [
        {"ExternalClientApplicationId": "0xIKd0000000001IAO", "PermittedUsersPolicyType": "AllSelfAuthorized"}
    ]
    under_test.refill("emea-prod", tables)

    devops = under_test.apps("emea-prod")[1]

    assert (devops.state, devops.permitted_users) == (AppState.INSTALLED, Policy.SELF_AUTHORIZE)
    assert len(under_test.calls()) <= 4  # of which one asks for API Access Control


@pytest.mark.parametrize(
    "hidden",
    [
        {"ExternalClientApplication"},
        {"ConnectedApplication"},
        {"OauthToken"},
        {"UserPermissionAccess", "ConnectedApplication"},
        {"ConnectedApplication.Name"},
        {"OauthToken.AppMenuItemId"},
    ],
)
def test_nothing_hidden_makes_an_app_not_installed(under_test: SalesforceUnderTest, hidden: set[str]) -> None:
    under_test.refill("emea-prod", under_test.records("emea-prod"), frozenset(hidden))

    devops = under_test.apps("emea-prod")[1]

    assert devops.state is AppState.UNREADABLE


def test_hidden_grants_are_unread_and_not_empty(under_test: SalesforceUnderTest) -> None:
    under_test.refill("prod", under_test.records("prod"), frozenset({"SetupEntityAccess"}))

    devops = under_test.apps("prod")[1]

    assert (devops.profiles, devops.permission_sets, devops.users_with_access) == (None, None, None)


def test_the_permission_for_grants_is_named_where_only_they_are_hidden(under_test: SalesforceUnderTest) -> None:
    tables = under_test.records("prod")
    tables["UserPermissionAccess"] = [{"PermissionsCustomizeApplication": True, "PermissionsViewSetup": False}]
    under_test.refill("prod", tables, frozenset({"SetupEntityAccess"}))

    assert under_test.facts("prod").missing_permissions == ("View Setup and Configuration",)


def test_granted_names_come_once_and_in_order(under_test: SalesforceUnderTest) -> None:
    tables = under_test.records("prod")
    app_id = next(row["Id"] for row in tables["ConnectedApplication"] if row["Name"] == DEVOPS_APP)
    for number, label in enumerate(["Zoo", "Admins", "Zoo"]):
        tables["PermissionSet"].append({"Id": f"0PSnew{number}", "Label": label, "IsOwnedByProfile": False})
        tables["SetupEntityAccess"].append({"ParentId": f"0PSnew{number}", "SetupEntityId": app_id})
    under_test.refill("prod", tables)

    assert under_test.apps("prod")[1].permission_sets == ("Admins", "Flosum Users", "Zoo")


def test_without_customize_application_no_tokens_is_not_taken_for_none(under_test: SalesforceUnderTest) -> None:
    tables = under_test.records("fresh")
    tables["UserPermissionAccess"] = [{"PermissionsCustomizeApplication": False, "PermissionsViewSetup": True}]
    under_test.refill("fresh", tables)

    facts = under_test.facts("fresh")

    assert [app.state for app in facts.apps] == [AppState.UNREADABLE] * 2
    assert facts.missing_permissions == ("Customize Application",)


def with_tokens(under_test: SalesforceUnderTest, number: int) -> AppFacts:
    """The DevOps app of an org where so many more people hold a token of it."""
    tables = under_test.records("prod")
    token = next(row for row in tables["OauthToken"] if row["AppName"] == DEVOPS_APP)
    tables["OauthToken"] += [{**token, "UserId": f"005{number:015}"} for number in range(number)]
    under_test.refill("prod", tables)
    return under_test.apps("prod")[1]


def test_more_tokens_than_a_page_holds_are_all_counted(under_test: SalesforceUnderTest) -> None:
    devops = with_tokens(under_test, 600)

    assert (devops.connected_users, devops.last_used) == (603, NOW - timedelta(days=1))
    assert devops.doubts == ()


def test_where_salesforce_stops_counting_tokens_the_number_is_a_least_one(under_test: SalesforceUnderTest) -> None:
    devops = with_tokens(under_test, 2600)

    assert devops.connected_users is not None
    assert 2400 < devops.connected_users <= 2500
    assert (devops.last_used, devops.doubts) == (None, (Doubt.TOKENS_CUT,))


def test_an_app_that_is_not_among_cut_tokens_is_not_called_unseen(under_test: SalesforceUnderTest) -> None:
    tables = under_test.records("fresh")
    tables["OauthToken"] = [{"AppName": "Flosum CLI", "UserId": f"005{number}"} for number in range(2600)]
    under_test.refill("fresh", tables)

    assert [app.state for app in under_test.apps("fresh")] == [AppState.UNREADABLE] * 2


def test_no_question_asks_for_a_token() -> None:
    asked = [
        queries.ORGANIZATION,
        queries.PERMISSIONS,
        queries.connected_apps(policy=True),
        queries.external_apps(),
        queries.tokens(),
        audit_trail.TRAIL,
        access.grants("0H4"),
        access.people("0H4", frozen=True),
        access.people("0H4", frozen=False),
        access.stale_groups(["0H4"]),
        access.external_policies(["0xI"]),
    ]

    assert not [soql for soql in asked if "AccessToken" in soql or "DeleteToken" in soql or "RequestToken" in soql]
