"""What the built-in orgs make of records that are created and deleted: as Salesforce does, down to its codes."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import requests

from bot.adapters.salesforce.login import API_VERSION
from bot.adapters.salesforce.transport import TOKEN_PATH
from bot.domain.model import DEVOPS_APP
from bot.sandbox.salesforce.database import OrgRecords
from bot.sandbox.salesforce.server import BuiltInSalesforce
from bot.wiring.parts import utc_now

SETS, ACCESS, ASSIGNMENTS = "PermissionSet", "SetupEntityAccess", "PermissionSetAssignment"


class Org:
    """A built-in org as a program with a session sees it."""

    def __init__(self, salesforce: BuiltInSalesforce, name: str) -> None:
        self.salesforce, self.name = salesforce, name
        self._host = next(org.host for org in salesforce.orgs.values() if org.name == name)
        login = requests.post(
            salesforce.route(f"https://{self._host}{TOKEN_PATH}"),
            data={"grant_type": "client_credentials"},
            auth=(salesforce.client_id, salesforce.client_secret),
            headers={"Host": self._host},
            timeout=10,
        )
        self._session = login.json()["access_token"]

    @property
    def database(self) -> OrgRecords:
        """What is in it now."""
        return self.salesforce.orgs[self._host].database

    def id_of(self, table: str, **values: object) -> str:
        """The id of the one record with these values."""
        (found,) = [row for row in self.database.tables[table] if values.items() <= row.items()]
        return str(found["Id"])

    def call(self, method: str, path: str, values: Any = None) -> requests.Response:
        """One call of the REST API."""
        url = self.salesforce.route(f"https://{self._host}/services/data/v{API_VERSION}/sobjects/{path}")
        headers = {"Host": self._host, "Authorization": f"Bearer {self._session}"}
        return requests.request(method, url, json=values, headers=headers, timeout=10)

    def refusal(self, method: str, path: str, values: Any = None) -> tuple[int, str]:
        """The status and the code of a call that is refused."""
        answer = self.call(method, path, values)
        return answer.status_code, answer.json()[0]["errorCode"]


@pytest.fixture
def org() -> Iterator[Org]:
    with BuiltInSalesforce(utc_now()) as salesforce:
        yield Org(salesforce, "uat")


def grant(org: Org) -> dict[str, object]:
    return {
        "ParentId": org.id_of(SETS, Label="Flosum Users"),
        "SetupEntityId": org.id_of("ConnectedApplication", Name=DEVOPS_APP),
    }


def test_access_is_given_once_seen_and_taken_back(org: Org) -> None:
    made = org.call("POST", ACCESS, grant(org))

    assert (made.status_code, made.json()["success"]) == (201, True)
    assert org.refusal("POST", ACCESS, grant(org)) == (400, "DUPLICATE_VALUE")
    (row,) = org.database.query("SELECT Id, SetupEntityType, Parent.Label FROM SetupEntityAccess")
    assert (row["Id"], row["SetupEntityType"]) == (made.json()["id"], "ConnectedApplication")
    gone = org.call("DELETE", f"{ACCESS}/{row['Id']}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert org.database.query("SELECT Id FROM SetupEntityAccess") == []
    assert org.refusal("DELETE", f"{ACCESS}/{row['Id']}") == (404, "ENTITY_IS_DELETED")


def test_a_permission_set_is_made_assigned_and_deleted(org: Org) -> None:
    made = org.call("POST", SETS, {"Name": "Flosum_Apps", "Label": "Flosum apps", "Description": "For Flosum."}).json()
    person = org.id_of("User", Name="Ben Okoro")
    assigned = org.call("POST", ASSIGNMENTS, {"AssigneeId": person, "PermissionSetId": made["id"]})

    assert assigned.status_code == 201
    again = {"AssigneeId": person, "PermissionSetId": made["id"]}
    assert org.refusal("POST", ASSIGNMENTS, again) == (400, "DUPLICATE_VALUE")
    assert org.refusal("DELETE", f"{SETS}/{made['id']}") == (400, "DELETE_FAILED")
    assert org.call("POST", ACCESS, {**grant(org), "ParentId": made["id"]}).ok
    assert org.call("DELETE", f"{ASSIGNMENTS}/{assigned.json()['id']}").status_code == 204
    assert org.call("DELETE", f"{SETS}/{made['id'][:15]}").status_code == 204
    assert org.database.query("SELECT Id FROM SetupEntityAccess") == []


REFUSED: list[tuple[str, Mapping[str, object] | list[object], tuple[int, str]]] = [
    (ACCESS, {"SetupEntityType": "ConnectedApplication"}, (400, "INVALID_FIELD_FOR_INSERT_UPDATE")),
    (ACCESS, {"Nonsense": "x"}, (400, "INVALID_FIELD")),
    (ACCESS, {"ParentId": None}, (400, "REQUIRED_FIELD_MISSING")),
    (ACCESS, {"ParentId": "Flosum Users"}, (400, "MALFORMED_ID")),
    (ACCESS, {"ParentId": "0PSKd0000099999IAO"}, (400, "INVALID_CROSS_REFERENCE_KEY")),
    (ACCESS, {"SetupEntityId": "0H4Kd0000099999IAO"}, (400, "INVALID_CROSS_REFERENCE_KEY")),
    (ACCESS, {"ParentId": "managed"}, (400, "CANNOT_MODIFY_MANAGED_OBJECT")),
    (SETS, {"Name": "1 No!", "Label": "x"}, (400, "FIELD_INTEGRITY_EXCEPTION")),
    (SETS, {"Name": "flosum_users", "Label": "x"}, (400, "DUPLICATE_DEVELOPER_NAME")),
    (SETS, {"Name": "New"}, (400, "REQUIRED_FIELD_MISSING")),
    (ASSIGNMENTS, {"AssigneeId": "ben", "PermissionSetId": "profile"}, (400, "FIELD_INTEGRITY_EXCEPTION")),
    ("Account", {"Name": "x"}, (404, "NOT_FOUND")),
    (SETS, [], (400, "JSON_PARSER_ERROR")),
]


@pytest.mark.parametrize(("table", "values", "refusal"), REFUSED)
def test_what_salesforce_refuses_is_refused(
    org: Org, table: str, values: Mapping[str, object] | list[object], refusal: tuple[int, str]
) -> None:
    known = {
        "managed": org.id_of(SETS, Label="Package Users"),
        "profile": org.id_of(SETS, Type="Profile", ProfileId=org.id_of("Profile", Name="Standard User")),
        "ben": org.id_of("User", Name="Ben Okoro"),
    }
    before = org.database
    if isinstance(values, Mapping):
        values = {field: known.get(str(value), value) for field, value in values.items()}
        values = {**grant(org), **values} if table == ACCESS else values

    assert org.refusal("POST", table, values) == refusal
    assert org.database == before


def test_who_lacks_the_right_writes_nothing(org: Org) -> None:
    rows = [
        {**row, "PermissionsManageProfilesPermissionsets": False} for row in org.database.tables["UserPermissionAccess"]
    ]
    org.salesforce.change("uat", database=OrgRecords({**org.database.tables, "UserPermissionAccess": rows}))

    assert org.refusal("POST", ACCESS, grant(org)) == (400, "INSUFFICIENT_ACCESS_OR_READONLY")


def test_of_many_who_write_the_same_one_does(org: Org) -> None:
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda: answers.append(org.call("POST", ACCESS, grant(org)).status_code))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted(answers) == [201, *[400] * 7]


def test_the_setup_audit_trail_says_what_was_written_and_by_whom(org: Org) -> None:
    ben = org.id_of("User", Name="Ben Okoro")
    written = org.call("POST", ACCESS, grant(org)).json()["id"]
    org.call("POST", ASSIGNMENTS, {"AssigneeId": ben, "PermissionSetId": grant(org)["ParentId"]})
    org.call("DELETE", f"{ACCESS}/{written}")

    trail = org.database.query("SELECT Display, CreatedBy.Name FROM SetupAuditTrail ORDER BY CreatedDate DESC")
    assert [(row["Display"], row["CreatedBy"]) for row in trail] == [
        (f"Connected app {DEVOPS_APP} taken from Flosum Users", {"Name": "Flosum Bot"}),
        ("Permission set Flosum Users: assigned to user ben@acme--uat.example", {"Name": "Flosum Bot"}),
        (f"Connected app {DEVOPS_APP} granted to Flosum Users", {"Name": "Flosum Bot"}),
    ]
