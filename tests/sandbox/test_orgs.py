from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests

from bot.adapters.salesforce import Salesforce, access
from bot.domain.errors import OrgError
from bot.domain.model import FLOSUM_APPS, Verdict
from bot.domain.orgs.diagnosis import diagnose
from bot.domain.orgs.my_domain import my_domain_host
from bot.sandbox.salesforce.database import OrgRecords
from bot.sandbox.salesforce.faults import OrgFault
from bot.sandbox.salesforce.orgs import built_in_orgs
from bot.sandbox.salesforce.server import BuiltInSalesforce
from bot.sandbox.salesforce.soql import SoqlError
from tests.recognition_helpers import ARTICLE

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DATABASE = OrgRecords(
    {
        "Profile": [{"Id": "00e1", "Name": "Admin"}],
        "User": [
            {"Id": "0051", "Username": "ada@acme.example", "IsActive": True, "ProfileId": "00e1"},
            {"Id": "0052", "Username": "O'Neil", "IsActive": False, "ProfileId": None},
        ],
        "PermissionSetAssignment": [
            {"Id": "0Pa1", "AssigneeId": "0051", "PermissionSetId": "0PS1"},
            {"Id": "0Pa2", "AssigneeId": "0051", "PermissionSetId": "0PS2"},
            {"Id": "0Pa3", "AssigneeId": "0052", "PermissionSetId": "0PS1"},
        ],
        "SetupEntityAccess": [{"Id": "0J01", "ParentId": "0PS1", "SetupEntityId": "0H41"}],
    },
    hidden=frozenset({"Organization", "User.IsActive"}),
)
_USERS = "SELECT Id FROM User WHERE"
_JOIN = "Id IN (SELECT AssigneeId FROM PermissionSetAssignment)"


@pytest.fixture(scope="module")
def salesforce() -> Iterator[BuiltInSalesforce]:
    with BuiltInSalesforce(NOW) as running:
        yield running


# --- the orgs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "verdict", "first_step"),
    [
        ("prod", Verdict.READY, None),
        ("emea-prod", Verdict.ACTION_NEEDED, "install"),
        ("uat", Verdict.ACTION_NEEDED, "grant-permission-set"),
        ("qa", Verdict.READY, "grant-permission-set"),
        ("legacy", Verdict.UNKNOWN, "check-installed"),
        ("partner", Verdict.UNKNOWN, "check-installed"),
        ("fresh", Verdict.UNKNOWN, "check-installed"),
    ],
)
def test_every_built_in_org_shows_its_state(
    salesforce: BuiltInSalesforce, name: str, verdict: Verdict, first_step: str | None
) -> None:
    org, credentials = next(pair for pair in salesforce.built_in("T1") if pair[0].name == name)
    facts, trouble = None, None
    try:
        facts = Salesforce(clock=lambda: NOW, route=salesforce.route).facts(org, credentials)
    except OrgError as error:
        trouble = error.text

    found = diagnose(org, facts, article=ARTICLE, now=NOW, trouble=trouble)

    assert found.verdict is verdict
    assert (found.steps[0].topic if found.steps else None) == first_step


def test_the_built_in_orgs_are_connected_as_a_person_would_have(salesforce: BuiltInSalesforce) -> None:
    pairs = salesforce.built_in("T9")

    assert len({org.name for org, _ in pairs}) == len({org.host for org, _ in pairs}) == 7
    assert all(org.workspace == "T9" and org.apps == FLOSUM_APPS for org, _ in pairs)
    assert all(my_domain_host(org.host) == org.host for org, _ in pairs)


def test_each_org_has_an_id_of_eighteen_characters() -> None:
    assert {len(org.organization_id) for org in built_in_orgs(NOW)} == {18}
    assert len({org.organization_id for org in built_in_orgs(NOW)}) == 7


def test_credentials_differ_from_start_to_start(salesforce: BuiltInSalesforce) -> None:
    with BuiltInSalesforce(NOW) as other:
        assert {pair[1] for pair in other.built_in("T")}.isdisjoint(pair[1] for pair in salesforce.built_in("T"))


# --- the server ----------------------------------------------------------------------------------------


def test_a_route_keeps_everything_but_scheme_and_host(salesforce: BuiltInSalesforce) -> None:
    routed = salesforce.route("https://acme.my.salesforce.com/services/data/v67.0/query?q=SELECT%20Id")

    assert routed.startswith("http://127.0.0.1:")
    assert routed.endswith("/services/data/v67.0/query?q=SELECT%20Id")


def test_every_call_is_noted_with_its_host(salesforce: BuiltInSalesforce) -> None:
    requests.get(
        salesforce.route("https://x/some/path?secret=1"), headers={"Host": "Acme.my.salesforce.com"}, timeout=5
    )

    last = salesforce.requests[-1]
    assert (last.method, last.path, last.host) == ("GET", "/some/path", "acme.my.salesforce.com")


@pytest.mark.parametrize("token", ["", "Bearer ", "Bearer nonsense"])
def test_without_a_session_nothing_is_answered(salesforce: BuiltInSalesforce, token: str) -> None:
    answer = requests.post(
        salesforce.route("https://x/services/data/v67.0/composite/batch"),
        headers={"Host": "acme.my.salesforce.com", "Authorization": token},
        json={"batchRequests": []},
        timeout=5,
    )

    assert (answer.status_code, answer.json()[0]["errorCode"]) == (401, "INVALID_SESSION_ID")


def test_a_session_opens_only_its_own_org(salesforce: BuiltInSalesforce) -> None:
    _, credentials = salesforce.built_in("T")[0]
    login = requests.post(
        salesforce.route("https://x/services/oauth2/token"),
        headers={"Host": "acme.my.salesforce.com"},
        data={"grant_type": "client_credentials"},
        auth=(credentials.consumer_key, credentials.consumer_secret or ""),
        timeout=5,
    ).json()
    answer = requests.post(
        salesforce.route("https://x/services/data/v67.0/composite/batch"),
        headers={"Host": "acme-emea.my.salesforce.com", "Authorization": f"Bearer {login['access_token']}"},
        json={"batchRequests": []},
        timeout=5,
    )

    assert answer.status_code == 401


def test_an_unknown_my_domain_gets_a_web_page(salesforce: BuiltInSalesforce) -> None:
    answer = requests.post(
        salesforce.route("https://x/services/oauth2/token"), headers={"Host": "nobody.my.salesforce.com"}, timeout=5
    )

    assert (answer.status_code, answer.text[:6]) == (404, "<html>")


def test_stopping_lets_calls_that_hang_go() -> None:
    with BuiltInSalesforce(NOW) as salesforce:
        salesforce.break_org("prod", OrgFault(hang=60))
        port = int(salesforce.route("https://x/").rpartition(":")[2].strip("/"))
        caller = socket.create_connection(("127.0.0.1", port), timeout=5)
        caller.sendall(b"GET / HTTP/1.1\r\nHost: acme.my.salesforce.com\r\n\r\n")
        while not salesforce.requests:
            time.sleep(0.01)

    with caller:
        assert caller.recv(12) == b"HTTP/1.1 401"


# --- questions -----------------------------------------------------------------------------------------


def test_a_question_gets_the_fields_it_names() -> None:
    assert DATABASE.query("SELECT Username, Profile.Name FROM User WHERE ProfileId != null") == [
        {"attributes": {"type": "User"}, "Username": "ada@acme.example", "Profile": {"Name": "Admin"}}
    ]


def test_a_lookup_that_leads_nowhere_is_null() -> None:
    assert DATABASE.query("SELECT Profile.Name FROM User WHERE Username = 'O\\'Neil'") == [
        {"attributes": {"type": "User"}, "Profile": None}
    ]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("Username LIKE 'ADA%'", ["0051"]),
        ("Username LIKE '_da%'", ["0051"]),
        ("Username LIKE 'da%'", []),
        ("Id IN ('0051','0059')", ["0051"]),
        ("Profile.Name = 'Admin'", ["0051"]),
        ("Id != '0051'", ["0052"]),
        ("Id IN (SELECT AssigneeId FROM PermissionSetAssignment WHERE PermissionSetId = '0PS2')", ["0051"]),
        ("Id = '0051' AND ProfileId = null", []),
    ],
)
def test_filters_filter(where: str, found: list[str]) -> None:
    assert [row["Id"] for row in DATABASE.query(" WHERE ".join(["SELECT Id FROM User", where]))] == found


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("Id NOT IN ('0051')", ["0052"]),
        ("Id NOT IN (SELECT AssigneeId FROM PermissionSetAssignment WHERE PermissionSetId = '0PS2')", ["0052"]),
        ("Id = '0051' OR Username LIKE 'o%'", ["0051", "0052"]),
        ("(Id = '0051' OR Id = '0052') AND ProfileId = null", ["0052"]),
        ("Id != null ORDER BY Username DESC", ["0051", "0052"]),
        ("Id != null ORDER BY Id DESC", ["0052", "0051"]),
    ],
)
def test_tests_are_joined_turned_and_sorted(where: str, found: list[str]) -> None:
    assert [row["Id"] for row in DATABASE.query(f"{_USERS} {where}")] == found


def test_records_are_grouped_by_what_they_share() -> None:
    soql = "SELECT PermissionSetId, COUNT(Id) people FROM PermissionSetAssignment GROUP BY PermissionSetId"

    assert [(row["PermissionSetId"], row["people"]) for row in DATABASE.query(soql)] == [("0PS1", 2), ("0PS2", 1)]
    assert len(DATABASE.query("SELECT PermissionSetId FROM PermissionSetAssignment GROUP BY PermissionSetId")) == 2


def test_people_are_counted_once() -> None:
    soql = (
        "SELECT COUNT_DISTINCT(AssigneeId) people FROM PermissionSetAssignment WHERE PermissionSetId IN "
        "(SELECT ParentId FROM SetupEntityAccess WHERE SetupEntityId = '0H41')"
    )

    assert DATABASE.query(soql)[0]["people"] == 2


@pytest.mark.parametrize(
    ("soql", "code", "message"),
    [
        ("SELECT Id FROM Nothing", "INVALID_TYPE", "'Nothing' is not supported"),
        ("SELECT Id FROM Organization", "INVALID_TYPE", "'Organization' is not supported"),
        ("SELECT Nothing FROM User", "INVALID_FIELD", "No such column 'Nothing' on entity 'User'"),
        ("SELECT IsActive FROM User", "INVALID_FIELD", "No such column 'IsActive'"),
        ("SELECT Id FROM PermissionSetAssignment WHERE Assignee.IsActive = true", "INVALID_FIELD", "IsActive"),
        ("SELECT Nothing.Name FROM User", "INVALID_FIELD", "relationship 'Nothing'"),
        ("SELECT AppName FROM OauthToken WHERE LastUsedDate = null", "INVALID_FIELD", "can not be filtered"),
        ("SELECT Id FROM User WHERE Nothing = 1", "INVALID_FIELD", "No such column 'Nothing'"),
        ("SELECT Id FROM User WHERE Id IN (SELECT Nothing FROM Profile)", "INVALID_FIELD", "'Nothing'"),
        ("SELECT Id FROM User GROUP BY Id", "INVALID_FIELD", "'Id' can not be grouped"),
        ("SELECT Name FROM User GROUP BY Username", "MALFORMED_QUERY", "grouped or aggregated: Name"),
        ("SELECT Id FROM User ORDER BY Nothing", "INVALID_FIELD", "No such column 'Nothing'"),
        ("SELECT Id FROM User WHERE Id = '1' AND Id = '2' OR Id = '3'", "MALFORMED_QUERY", "unexpected token: 'OR'"),
        ("SELECT Id FROM SetupAuditTrail WHERE Display LIKE '%Flosum%'", "INVALID_FIELD", "can not be filtered"),
        (" AND ".join([f"{_USERS} {_JOIN}", _JOIN, _JOIN]), "MALFORMED_QUERY", "Maximum 2 semi join"),
        (f"{_USERS} Id = '1' OR {_JOIN}", "MALFORMED_QUERY", "not allowed with the 'OR' operator"),
        ("SELECT Id, FROM User", "MALFORMED_QUERY", "unexpected token"),
        ("SELECT Id FROM User WHERE Id > 1", "MALFORMED_QUERY", "unexpected token"),
        ("SELECT Id FROM User WHERE Id = Name", "MALFORMED_QUERY", "unexpected token: 'Name'"),
        ("SELECT Id FROM User WHERE Id = 'open", "MALFORMED_QUERY", "unexpected token"),
        ("SELECT Id, COUNT(Id) FROM User", "MALFORMED_QUERY", "grouped or aggregated"),
        ("DELETE FROM User", "MALFORMED_QUERY", "DELETE"),
        ("", "MALFORMED_QUERY", "<EOF>"),
    ],
)
def test_what_salesforce_would_refuse_is_refused(soql: str, code: str, message: str) -> None:
    with pytest.raises(SoqlError, match=message) as caught:
        DATABASE.query(soql)

    assert caught.value.code == code


def test_a_quote_in_a_name_cannot_leave_its_literal() -> None:
    soql = access.grants("0H4' OR Id != '")

    assert DATABASE.query(re.sub("SELECT .* FROM", "SELECT Id FROM", soql)) == []


def test_a_refused_question_does_not_spoil_its_batch(salesforce: BuiltInSalesforce) -> None:
    org, credentials = next(pair for pair in salesforce.built_in("T") if pair[0].name == "legacy")

    facts = Salesforce(clock=lambda: NOW, route=salesforce.route).facts(org, credentials)

    assert facts.organization_id == "00DKd0000000005EAA"
    assert json.dumps(facts.missing_permissions) == '["Customize Application", "View Setup and Configuration"]'
