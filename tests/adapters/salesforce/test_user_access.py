"""One person in an org, read over real HTTP on loopback through the real simple-salesforce."""

from __future__ import annotations

from typing import Any

import pytest

from bot.adapters.salesforce import Salesforce
from bot.domain.model import DEVOPS_APP
from bot.domain.orgs.user_access import Entry, LoginHours, ProfileLimits, UserReading, Way, Why, verdict
from bot.sandbox.salesforce.database import Record
from bot.sandbox.salesforce.faults import OrgFault
from tests.salesforce_under_test import NOW, SalesforceUnderTest

BEN, METADATA, TOOLING = "005Kd0000006USRIAO", "/services/Soap/", "/services/data/v67.0/tooling"


def read(
    under_test: SalesforceUnderTest, wanted: str = "ben@acme.example", org: str = "prod", deadline: float = 14.0
) -> UserReading:
    adapter = Salesforce(clock=lambda: NOW, route=under_test.salesforce.route, deadline=deadline)
    return adapter.user(*under_test.org(org), wanted)


def changed(rows: list[Record], person: str, **values: object) -> list[Record]:
    return [{**row, **values} if row["Id"] == person else row for row in rows]


# --- API Access Control --------------------------------------------------------------------------------


@pytest.mark.parametrize(("setting", "known"), [(True, True), (False, False), (None, False)])
def test_api_access_control_is_read_and_off_where_it_was_never_enabled(
    under_test: SalesforceUnderTest, setting: bool | None, known: bool
) -> None:
    under_test.salesforce.change("qa", access_control=setting)

    found = read(under_test, org="qa")

    assert found.access_control is known
    entries = {(decided.entry, decided.why) for app in found.apps for decided in [verdict(found.users[0], app)]}
    expected = (Entry.NO, Why.CONTROLLED) if setting else (Entry.YES, Why.SELF_AUTHORIZE)
    assert entries == {expected}


@pytest.mark.parametrize(
    "fault",
    [
        OrgFault(path=METADATA, status=503),
        OrgFault(path=METADATA, status=500, body=b"<fault/>"),
        OrgFault(path=METADATA, reset=True),
        OrgFault(path=METADATA, body=b""),
        OrgFault(path=METADATA, body=b"<html>Maintenance</html>"),
        OrgFault(path=TOOLING, status=503),
        OrgFault(path=TOOLING, status=401, body=b'[{"errorCode": "INVALID_SESSION_ID", "message": "no"}]'),
        OrgFault(path=TOOLING, status=403, body=b'[{"errorCode": "INSUFFICIENT_ACCESS", "message": "no"}]'),
        OrgFault(path=TOOLING, body=b'{"records": []}'),
        OrgFault(path=TOOLING, body=b'{"records": [{"Metadata": []}]}'),
        OrgFault(path=TOOLING, body=b'{"records": 7}'),
        OrgFault(path=TOOLING, truncate=True),
    ],
)
def test_a_setting_that_cannot_be_read_is_unknown_and_all_the_rest_is_told(
    under_test: SalesforceUnderTest, fault: OrgFault
) -> None:
    under_test.salesforce.break_org("prod", fault)

    found = read(under_test)

    assert (found.access_control is None) is (fault.path == METADATA)
    assert (found.limits is None) is (fault.path == TOOLING)
    assert [verdict(found.users[0], app).why for app in found.apps] == [Why.NOT_GRANTED] * 2


@pytest.mark.parametrize("fault", [{"hang": 60.0}, {"trickle": 0.5}], ids=str)
@pytest.mark.parametrize("path", [METADATA, TOOLING])
def test_a_setting_that_does_not_come_leaves_time_for_all_the_rest(
    under_test: SalesforceUnderTest, path: str, fault: dict[str, float]
) -> None:
    under_test.salesforce.break_org("prod", OrgFault(path=path, **fault))  # type: ignore[arg-type]

    found = read(under_test, deadline=6.0)

    assert (found.access_control is None, found.limits is None) == (path == METADATA, path == TOOLING)
    assert [verdict(found.users[0], app).why for app in found.apps] == [Why.NOT_GRANTED] * 2


FAULT = "<soapenv:Fault><faultcode>sf:{}</faultcode><faultstring>{}: no</faultstring></soapenv:Fault>"


@pytest.mark.parametrize(
    "fault",
    [
        OrgFault(path=METADATA, status=503),
        OrgFault(path=METADATA, reset=True),
        *(
            OrgFault(path=METADATA, status=500, body=FAULT.format(code, code).encode())
            for code in ("SERVER_UNAVAILABLE", "REQUEST_LIMIT_EXCEEDED", "UNKNOWN_EXCEPTION", "INVALID_SESSION_ID")
        ),
    ],
)
def test_a_setting_that_did_not_come_for_now_is_asked_for_again(
    under_test: SalesforceUnderTest, fault: OrgFault
) -> None:
    adapter = Salesforce(clock=lambda: NOW, route=under_test.salesforce.route)
    under_test.salesforce.break_org("prod", fault)
    assert adapter.user(*under_test.org("prod"), "ben@acme.example").access_control is None

    under_test.salesforce.mend("prod")

    assert adapter.user(*under_test.org("prod"), "ben@acme.example").access_control is False


def test_what_it_was_read_as_stands_for_a_while(under_test: SalesforceUnderTest) -> None:
    now = [NOW]
    adapter = Salesforce(clock=lambda: now[0], route=under_test.salesforce.route)
    seen = []
    for minutes in (0, 14, 16, 0):
        now[0] = NOW.replace(minute=minutes)
        adapter.user(*under_test.org("prod"), "ben@acme.example")
        seen.append(sum(path.startswith(METADATA) for path in under_test.calls()))

    assert seen == [1, 0, 1, 1]  # a clock that goes back makes no answer last


# --- the profile ---------------------------------------------------------------------------------------


def limited(under_test: SalesforceUnderTest, metadata: object) -> ProfileLimits | None:
    tables = under_test.records("prod")
    tables["Profile"] = [{**row, "Metadata": metadata} for row in tables["Profile"]]
    under_test.refill("prod", tables)
    return read(under_test).limits


@pytest.mark.parametrize(
    ("metadata", "limits"),
    [
        ({"loginHours": None, "loginIpRanges": []}, ProfileLimits()),
        ({}, ProfileLimits()),
        (
            {"loginHours": {"mondayStart": "480", "mondayEnd": 1020, "sundayStart": "0", "sundayEnd": "0"}},
            ProfileLimits((LoginHours("Monday", 480, 1020), LoginHours("Sunday", 0, 0))),
        ),
        ({"loginHours": {"mondayStart": "eight", "tuesdayStart": "480"}}, ProfileLimits()),
        (
            {"loginIpRanges": [{"startAddress": "10.0.0.1", "endAddress": "10.0.0.9"}, {"startAddress": 7}, None]},
            ProfileLimits((), (("10.0.0.1", "10.0.0.9"),)),
        ),
        (None, None),
    ],
)
def test_login_hours_and_ip_ranges_of_the_profile(
    under_test: SalesforceUnderTest, metadata: Any, limits: ProfileLimits | None
) -> None:
    assert limited(under_test, metadata) == limits


# --- who is meant --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "wanted", "found"),
    [
        ({"Email": "ben@acme.example.invalid"}, "ben@acme.example", ["ben@acme.example"]),
        ({"Email": "BEN@ACME.EXAMPLE"}, "ben@acme.example", ["ben@acme.example"]),
        ({"Username": "ben@acme.example.uat", "Email": "x@y.example"}, "ben@acme.example", ["ben@acme.example.uat"]),
        ({"Email": "ada@acme.example", "Username": "b@x.example"}, "ada@acme.example", ["ada@acme.example"]),
        ({"Name": "Ada Lindt"}, "Ada Lindt", ["ada@acme.example", "ben@acme.example"]),
        ({"Name": "100% O'Neil_"}, "100% O'Neil_", ["ben@acme.example"]),
        ({"Name": "Ben % Okoro"}, "n % O", ["ben@acme.example"]),
        ({}, "%", []),
        ({}, "_", []),
        ({}, "ben' OR Name LIKE '%", []),
        ({}, "ben\\", []),
    ],
)
def test_who_is_meant(
    under_test: SalesforceUnderTest, changes: dict[str, object], wanted: str, found: list[str]
) -> None:
    tables = under_test.records("prod")
    tables["User"] = changed(tables["User"], BEN, **changes)
    under_test.refill("prod", tables)

    assert [user.username for user in read(under_test, wanted).users] == found


def test_a_user_name_is_found_among_more_than_a_list_holds(under_test: SalesforceUnderTest) -> None:
    tables = under_test.records("prod")
    twins = [
        {**tables["User"][0], "Id": f"005Kd00001{number:02}USRIAO", "Username": f"a{number:02}@acme.example"}
        for number in range(40)
    ]
    tables["User"] = [*({**user, "Email": "ben@acme.example"} for user in twins), *tables["User"]]
    under_test.refill("prod", tables)

    assert [user.username for user in read(under_test).users] == ["ben@acme.example"]


def test_a_user_of_a_community_is_told_as_one(under_test: SalesforceUnderTest) -> None:
    tables = under_test.records("qa")
    tables["User"] = changed(tables["User"], BEN, UserType="CspLitePortal")
    under_test.refill("qa", tables)

    found = read(under_test, org="qa")

    assert {verdict(found.users[0], app).why for app in found.apps} == {Why.NOT_STANDARD}


# --- through what --------------------------------------------------------------------------------------


def in_a_group(under_test: SalesforceUnderTest, *assignments: str | None, gives: bool = True) -> UserReading:
    """Ben in one group that holds the granted permission set, once for each time at which an assignment ends.

    ``gives``: the group's own permission set is granted, too, as that of a group without a muting one.
    """
    tables = under_test.records("prod")
    granted = [row["Id"] for row in tables["PermissionSet"] if row["Label"] == "Flosum Users"]
    group = {"Id": "0PGKd00000000001", "MasterLabel": "Release 'team' 100%", "Status": "Updated"}
    tables["PermissionSetGroup"] = [group]
    tables["PermissionSetGroupComponent"] = [
        {"Id": f"0PJ{holder}", "PermissionSetGroupId": group["Id"], "PermissionSetId": holder} for holder in granted
    ]
    aggregate = {"Id": "0PSKd0000099999IAO", "Label": "Release", "IsOwnedByProfile": False, "ProfileId": None}
    tables["PermissionSet"] = [*tables["PermissionSet"], aggregate]
    given = [row for row in tables["SetupEntityAccess"] if row["ParentId"] in granted] if gives else []
    tables["SetupEntityAccess"] += [{**row, "Id": f"{row['Id']}2", "ParentId": aggregate["Id"]} for row in given]
    tables["PermissionSetAssignment"] += [
        {
            "Id": f"0PaKd00000{number:05}IAO",
            "AssigneeId": BEN,
            "PermissionSetId": aggregate["Id"],
            "PermissionSetGroupId": group["Id"],
            "ExpirationDate": ends,
        }
        for number, ends in enumerate(assignments)
    ]
    under_test.refill("prod", tables)
    return read(under_test)


OVER, LATER = "2026-11-01T00:00:00.000+0000", "2026-12-01T00:00:00.000+0000"


@pytest.mark.parametrize(
    ("assignments", "why"),
    [
        ((None,), Why.GRANTED),
        ((LATER,), Why.GRANTED),
        ((OVER,), Why.EXPIRED),
        ((OVER, None), Why.GRANTED),
        ((None, OVER), Why.GRANTED),
        ((), Why.NOT_GRANTED),
    ],
)
def test_a_group_lets_in_while_an_assignment_to_it_stands(
    under_test: SalesforceUnderTest, assignments: tuple[str | None, ...], why: Why
) -> None:
    found = in_a_group(under_test, *assignments)

    (app,) = [app for app in found.apps if app.app == DEVOPS_APP]
    decided = verdict(found.users[0], app)
    assert decided.why is why
    if why is Why.GRANTED:
        assert {(grant.kind, grant.name) for grant in decided.grants} == {(Way.GROUP, "Release 'team' 100%")}


def test_a_group_that_does_not_give_on_what_it_holds_lets_nobody_in_for_certain(
    under_test: SalesforceUnderTest,
) -> None:
    found = in_a_group(under_test, None, gives=False)

    (app,) = [app for app in found.apps if app.app == DEVOPS_APP]
    assert verdict(found.users[0], app).why is Why.GROUP_WITHHOLDS


@pytest.mark.parametrize(
    ("code", "why"), [("QUERY_TIMEOUT", Why.GRANTS_UNREAD), ("INVALID_FIELD", Why.GRANTED)], ids=["for now", "no field"]
)
def test_a_grant_that_may_have_ended_lets_nobody_in_for_certain(
    under_test: SalesforceUnderTest, code: str, why: Why
) -> None:
    with under_test.refusing("ExpirationDate", code):
        found = in_a_group(under_test, None)

    (app,) = [app for app in found.apps if app.app == DEVOPS_APP]
    assert verdict(found.users[0], app).why is why


@pytest.mark.parametrize(("ends", "held"), [(OVER, False), (LATER, True), (None, True)])
def test_a_permission_is_held_until_its_assignment_ends(
    under_test: SalesforceUnderTest, ends: str | None, held: bool
) -> None:
    tables = under_test.records("prod")
    rights = ("PermissionsApiEnabled", "PermissionsUseAnyApiClient", "PermissionsApproveUninstalledConnectedApps")
    tables["PermissionSet"] = [{**row, **dict.fromkeys(rights, False)} for row in tables["PermissionSet"]]
    more = {"Id": "0PSKd0000088888IAO", "Label": "More", "IsOwnedByProfile": False, "ProfileId": None}
    tables["PermissionSet"].append({**more, **dict.fromkeys(rights, True)})
    assignment = {"Id": "0PaKd0000088888IAO", "AssigneeId": BEN, "PermissionSetId": more["Id"], "ExpirationDate": ends}
    tables["PermissionSetAssignment"].append(assignment)
    under_test.refill("prod", tables)

    (user,) = read(under_test).users

    assert (user.api_enabled, user.any_client, user.approves_uninstalled) == (held, held, held)


def test_a_profile_lets_in_whatever_is_not_known_of_ends(under_test: SalesforceUnderTest) -> None:
    with under_test.refusing("ExpirationDate", "QUERY_TIMEOUT"):
        found = read(under_test, "ada@acme.example")

    (app,) = [app for app in found.apps if app.app == DEVOPS_APP]
    assert [grant.kind for grant in verdict(found.users[0], app).grants] == [Way.PROFILE]


def test_an_app_that_was_renamed_in_the_org_is_named_as_what_it_may_be(under_test: SalesforceUnderTest) -> None:
    tables = under_test.records("prod")
    tables["ConnectedApplication"] = [
        {**row, "Name": "Flosum DevOps (EU)"} if row["Name"] == DEVOPS_APP else row
        for row in tables["ConnectedApplication"]
    ]
    tables["OauthToken"] = []
    under_test.refill("prod", tables)

    found = read(under_test)

    (app,) = [app for app in found.apps if app.app == DEVOPS_APP]
    assert (verdict(found.users[0], app).why, found.other_apps) == (Why.APP_NEVER_SEEN, ("Flosum DevOps (EU)",))


def test_a_trail_that_cannot_be_read_makes_no_yes(under_test: SalesforceUnderTest) -> None:
    under_test.refill("prod", under_test.records("prod"), frozenset({"SetupAuditTrail"}))

    found = read(under_test, "ada@acme.example")

    assert {verdict(found.users[0], app).why for app in found.apps} == {Why.BLOCKED_UNREAD}


def test_more_than_2500_tokens_hide_nothing_of_one_person(under_test: SalesforceUnderTest) -> None:
    tables = under_test.records("prod")
    other = next(row for row in tables["OauthToken"] if row["AppName"] == DEVOPS_APP)
    tables["OauthToken"] = [
        *({**other, "Id": f"0CQ{number}"} for number in range(2600)),
        *({**other, "Id": f"0CR{number}", "UserId": BEN} for number in range(6)),
    ]
    under_test.refill("prod", tables)

    (app,) = [app for app in read(under_test).apps if app.app == DEVOPS_APP]

    assert app.tokens == 6
