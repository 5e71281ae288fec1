"""Apps that share a name, apps under other names, and what the audit trail says of them, over real HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from bot.domain.model import DEVOPS_APP, AppAction, AppEvent, AppFacts, AppState, Doubt, Policy
from bot.sandbox.salesforce.database import OrgRecords, Record
from bot.sandbox.salesforce.soql import SoqlError
from tests.salesforce_under_test import SalesforceUnderTest

TWIN = {"Id": "0HTWIN000000001", "Name": DEVOPS_APP, "OptionsAllowAdminApprovedUsersOnly": False}
EXTERNAL = {"Id": "0xIKd0000000001IAO", "MasterLabel": DEVOPS_APP}
TOKEN = {"AppName": DEVOPS_APP, "AppMenuItemId": None, "UserId": "005Kd0000001USRIAO"}


def devops(
    under_test: SalesforceUnderTest, more: dict[str, list[Record]], hidden: frozenset[str] = frozenset()
) -> AppFacts:
    """The DevOps app of `prod` with more records in its tables."""
    tables = under_test.records("prod")
    for table, rows in more.items():
        tables[table] = [*tables.get(table, []), *rows]
    under_test.refill("prod", tables, hidden)
    return under_test.apps("prod")[1]


# --- two of one name -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "hidden", "doubts"),
    [
        ({}, (), ()),
        ({"ConnectedApplication": [TWIN]}, (), (Doubt.TWO_APPS,)),
        ({"OauthToken": [TOKEN]}, (), (Doubt.ONE_NOT_INSTALLED,)),
        ({"ConnectedApplication": [TWIN], "OauthToken": [TOKEN]}, (), (Doubt.ONE_NOT_INSTALLED,)),
        ({"OauthToken": [TOKEN]}, ("ExternalClientApplication",), (Doubt.TWO_APPS,)),
        ({"ExternalClientApplication": [EXTERNAL]}, (), (Doubt.BOTH_KINDS,)),
        ({"ExternalClientApplication": [EXTERNAL], "OauthToken": [TOKEN]}, (), (Doubt.BOTH_KINDS,)),
        ({"ConnectedApplication": [TWIN], "ExternalClientApplication": [EXTERNAL]}, (), tuple(Doubt)[:3:2]),
    ],
)
def test_apps_that_share_a_name_are_told_apart(
    under_test: SalesforceUnderTest,
    more: dict[str, list[Record]],
    hidden: tuple[str, ...],
    doubts: tuple[Doubt, ...],
) -> None:
    app = devops(under_test, more, frozenset(hidden))

    assert (app.state, app.doubts) == (AppState.INSTALLED, doubts)


def test_of_both_kinds_the_connected_app_is_the_one_whose_policy_is_told(under_test: SalesforceUnderTest) -> None:
    app = devops(under_test, {"ExternalClientApplication": [EXTERNAL]}, frozenset())

    assert app.permitted_users is Policy.ADMIN_APPROVED
    assert not app.external


def test_a_menu_item_of_another_app_says_nothing_of_this_ones_policy(under_test: SalesforceUnderTest) -> None:
    tables = under_test.records("qa")
    tables["AppMenuItem"] = [{**row, "ApplicationId": "0HTWIN000000001"} for row in tables["AppMenuItem"]]
    under_test.refill("qa", tables, frozenset({"ConnectedApplication.OptionsAllowAdminApprovedUsersOnly"}))

    app = under_test.apps("qa")[1]

    assert (app.permitted_users, app.doubts) == (None, (Doubt.TWO_APPS,))


def test_apps_with_flosum_in_other_names_are_mentioned(under_test: SalesforceUnderTest) -> None:
    devops(
        under_test,
        {
            "ConnectedApplication": [{**TWIN, "Name": "Acme's Flosum Backup"}],
            "OauthToken": [{**TOKEN, "AppName": "Flosum CLI"}],
        },
    )
    facts = under_test.facts("prod")

    assert facts.other_apps == ("Acme's Flosum Backup", "Flosum CLI")
    assert [app.doubts for app in facts.apps] == [(), ()]


# --- who did what --------------------------------------------------------------------------------------


def line(action: str, text: str, day: int = 1) -> Record:
    at = f"2026-11-{day:02}T10:00:00.000+0000"
    return {"Action": action, "Display": text, "CreatedDate": at, "CreatedById": "005Kd0000001USRIAO"}


@pytest.mark.parametrize(
    ("action", "text", "told"),
    [
        ("insertConnectedApplication", f"Installed Connected App {DEVOPS_APP} with version 3", AppAction.INSTALLED),
        ("deleteConnectedApplication", f"Uninstalled Connected App {DEVOPS_APP}", AppAction.UNINSTALLED),
        ("blockConnectedApplication", f"Blocked Connected App {DEVOPS_APP}", AppAction.BLOCKED),
        ("blockConnectedApplication", f'"{DEVOPS_APP}" was blocked.', AppAction.BLOCKED),
        ("unblockConnectedApplication", f"Unblocked Connected App {DEVOPS_APP} for the org", AppAction.UNBLOCKED),
        (
            "changeUserRuntimeAccessPolicy",
            f"Changed connected app {DEVOPS_APP} Permitted Users setting from All users to Admin approved users",
            AppAction.POLICY_CHANGED,
        ),
        ("blockConnectedApplication", f"Unblocked Connected App {DEVOPS_APP}", None),
        ("blockConnectedApplication", f"{DEVOPS_APP} wurde gesperrt", None),
        ("someConnectedAppNews", f"Blocked Connected App {DEVOPS_APP}", None),
        ("blockConnectedApplication", f"Blocked Connected App {DEVOPS_APP} (copy)", None),
    ],
)
def test_a_line_counts_only_where_action_and_text_are_known(
    under_test: SalesforceUnderTest, action: str, text: str, told: AppAction | None
) -> None:
    app = devops(under_test, {"SetupAuditTrail": [line(action, text)]})

    assert app.history == (AppEvent(told, f"{action}: {text}", "Ada Lindt", datetime(2026, 11, 1, 10, tzinfo=UTC)),)
    assert app.state is (AppState.BLOCKED if told is AppAction.BLOCKED else AppState.INSTALLED)


@pytest.mark.parametrize(
    "text", [f"Blocked Connected App {DEVOPS_APP} Sandbox", f"Blocked Connected App {DEVOPS_APP} 2", "Blocked Other"]
)
def test_a_line_about_another_app_is_not_taken_for_this_ones(under_test: SalesforceUnderTest, text: str) -> None:
    assert devops(under_test, {"SetupAuditTrail": [line("blockConnectedApplication", text)]}).history == ()


def test_a_longer_name_that_the_org_knows_keeps_its_own_lines(under_test: SalesforceUnderTest) -> None:
    longer = f"{DEVOPS_APP} - EU"
    trail = [line("blockConnectedApplication", f"Blocked Connected App {longer}")]

    app = devops(under_test, {"ConnectedApplication": [{**TWIN, "Name": longer}], "SetupAuditTrail": trail})

    assert app.history == ()


BLOCK = ("blockConnectedApplication", f"Blocked Connected App {DEVOPS_APP}")
UNBLOCK = ("unblockConnectedApplication", f"Unblocked Connected App {DEVOPS_APP}")
POLICY = ("changeUserRuntimeAccessPolicy", f"Changed connected app {DEVOPS_APP} Permitted Users setting")
UNKNOWN = ("fooConnectedApp", f"Something about {DEVOPS_APP}")


@pytest.mark.parametrize(
    ("lines", "state"),
    [
        ([BLOCK], AppState.BLOCKED),
        ([BLOCK, POLICY], AppState.BLOCKED),
        ([BLOCK, UNBLOCK], AppState.INSTALLED),
        ([UNBLOCK, BLOCK], AppState.BLOCKED),
        ([BLOCK, UNKNOWN], AppState.INSTALLED),
        ([UNKNOWN, BLOCK], AppState.BLOCKED),
    ],
)
def test_the_newest_line_that_bears_on_it_says_whether_an_app_is_blocked(
    under_test: SalesforceUnderTest, lines: list[tuple[str, str]], state: AppState
) -> None:
    trail = [line(action, text, day) for day, (action, text) in enumerate(lines, start=1)]

    app = devops(under_test, {"SetupAuditTrail": trail})

    assert app.state is state
    assert [event.raw.partition(":")[0] for event in app.history or ()] == [action for action, _ in reversed(lines)]


def test_an_app_without_any_row_can_be_known_to_be_blocked(under_test: SalesforceUnderTest) -> None:
    tables = under_test.records("fresh")
    tables["SetupAuditTrail"] = [line(*BLOCK)]
    under_test.refill("fresh", tables)

    assert [app.state for app in under_test.apps("fresh")] == [AppState.NOT_SEEN, AppState.BLOCKED]


GONE = ("deleteConnectedApplication", f"Uninstalled Connected App {DEVOPS_APP}")
BACK = ("insertConnectedApplication", f"Installed Connected App {DEVOPS_APP}")


@pytest.mark.parametrize(
    ("lines", "hidden", "state"),
    [
        ([], (), AppState.NOT_SEEN),
        ([GONE], (), AppState.NOT_INSTALLED),
        ([BACK, GONE, POLICY], (), AppState.NOT_INSTALLED),
        ([GONE], ("OauthToken",), AppState.NOT_INSTALLED),
        ([GONE, BACK], (), AppState.NOT_SEEN),
        ([GONE, UNKNOWN], (), AppState.NOT_SEEN),
        ([GONE], ("SetupAuditTrail",), AppState.NOT_SEEN),
        ([GONE], ("ConnectedApplication",), AppState.UNREADABLE),
        ([GONE], ("ExternalClientApplication",), AppState.UNREADABLE),
        ([], ("ExternalClientApplication",), AppState.UNREADABLE),
    ],
)
def test_of_an_app_without_a_row_or_a_token_the_trail_alone_tells_that_it_is_not_installed(
    under_test: SalesforceUnderTest, lines: list[tuple[str, str]], hidden: tuple[str, ...], state: AppState
) -> None:
    tables = under_test.records("fresh")
    tables["SetupAuditTrail"] = [line(action, text, day) for day, (action, text) in enumerate(lines, start=1)]
    under_test.refill("fresh", tables, frozenset(hidden))

    assert under_test.apps("fresh")[1].state is state


def test_which_of_two_apps_was_blocked_the_trail_does_not_say(under_test: SalesforceUnderTest) -> None:
    app = devops(under_test, {"ConnectedApplication": [TWIN], "SetupAuditTrail": [line(*BLOCK)]})

    assert (app.state, app.doubts) == (AppState.INSTALLED, (Doubt.TWO_APPS,))


def test_whoever_did_it_is_named(under_test: SalesforceUnderTest) -> None:
    tables = under_test.records("prod")
    tables["User"] = [{**row, "Name": "Ada Admin"} for row in tables["User"]]
    tables["SetupAuditTrail"] = [{**line(*POLICY), "CreatedById": tables["User"][0]["Id"]}]
    under_test.refill("prod", tables)

    assert [event.by for event in under_test.apps("prod")[1].history or ()] == ["Ada Admin"]


def test_a_trail_that_may_not_be_read_is_null_and_hides_nothing_else(under_test: SalesforceUnderTest) -> None:
    app = devops(under_test, {}, frozenset({"SetupAuditTrail"}))

    assert (app.history, app.state, app.permitted_users) == (None, AppState.INSTALLED, Policy.ADMIN_APPROVED)


# --- refusals that are no lack of permission -----------------------------------------------------------


@dataclass(frozen=True)
class Refusing(OrgRecords):
    """An org that refuses every question with ``about`` in it, with a code and message of its choice."""

    about: str = ""
    code: str = ""
    message: str = ""

    def query(self, soql: str) -> list[dict[str, object]]:
        if self.about in soql:
            raise SoqlError(self.code, self.message)
        return OrgRecords(self.tables).query(soql)


@pytest.mark.parametrize(
    ("code", "otherwise"),
    [
        ("FUNCTIONALITY_NOT_ENABLED", True),
        ("INVALID_FIELD", False),
        ("INVALID_TYPE", False),
        ("INSUFFICIENT_ACCESS_OR_READONLY", False),
    ],
)
@pytest.mark.parametrize("about", ["FROM OauthToken", "FROM ConnectedApplication"])
def test_only_what_hides_things_is_taken_for_a_lack_of_permission(
    under_test: SalesforceUnderTest, about: str, code: str, otherwise: bool
) -> None:
    tables = under_test.records("fresh")
    under_test.salesforce.change("fresh", database=Refusing(tables, about=about, code=code))

    app = under_test.apps("fresh")[1]

    assert (app.state, Doubt.QUESTION_REFUSED in app.doubts) == (AppState.UNREADABLE, otherwise)


@pytest.mark.parametrize("about", ["FROM SetupEntityAccess WHERE SetupEntityId =", "FROM PermissionSetAssignment"])
def test_a_question_about_access_that_is_refused_otherwise_is_told_apart(
    under_test: SalesforceUnderTest, about: str
) -> None:
    tables = under_test.records("prod")
    under_test.salesforce.change("prod", database=Refusing(tables, about=about, code="FUNCTIONALITY_NOT_ENABLED"))

    facts = under_test.facts("prod")

    assert [(app.state, app.doubts) for app in facts.apps] == [(AppState.INSTALLED, (Doubt.QUESTION_REFUSED,))] * 2
    assert facts.missing_permissions == ()


@pytest.mark.parametrize("code", ["MALFORMED_QUERY", "INVALID_QUERY_FILTER_OPERATOR", "QUERY_TIMEOUT", "INVALID_TYPE"])
@pytest.mark.parametrize("about", ["FROM SetupAuditTrail", "FROM UserLogin", "FROM PermissionSetGroupComponent"])
def test_what_no_live_org_has_answered_yet_takes_nothing_else_with_it(
    under_test: SalesforceUnderTest, about: str, code: str
) -> None:
    tables = under_test.records("prod")
    under_test.salesforce.change("prod", database=Refusing(tables, about=about, code=code))

    app = under_test.apps("prod")[1]

    assert (app.state, app.users_with_access, app.permission_sets) == (AppState.INSTALLED, 4, ("Flosum Users",))
    assert (app.history is None) == (about == "FROM SetupAuditTrail")
