"""Records of a built-in org that are created and deleted, with the refusals that Salesforce has for it.

Only what lets people into connected apps can be written, as the real objects take it: ``SetupEntityAccess``,
``PermissionSet`` and ``PermissionSetAssignment``. Checks come in Salesforce's order: what is there, what may be set,
what must be set, who may, what it refers to, what is there twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.sandbox.salesforce.changes import OrgWriter
from bot.sandbox.salesforce.database import Record
from bot.sandbox.salesforce.http import HttpAnswer
from bot.sandbox.salesforce.setup.apps import note_access, note_assignment

PATH = re.compile(r"/services/data/v[\d.]+/sobjects/(?P<object>\w+)(?:/(?P<id>\w+))?/?")

_ID = re.compile(r"[A-Za-z0-9]{15}|[A-Za-z0-9]{18}")
_API_NAME = re.compile(r"[A-Za-z](?:_?[A-Za-z0-9])*")


@dataclass(frozen=True, slots=True)
class _Object:
    """What an object takes: the fields that may be set (the ones that must be first), and what a user needs for it."""

    prefix: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    read_only: tuple[str, ...] = ()
    right: str = "PermissionsManageProfilesPermissionsets"


_OBJECTS = {
    "SetupEntityAccess": _Object("0J0", ("ParentId", "SetupEntityId"), read_only=("Id", "SetupEntityType")),
    "PermissionSet": _Object(
        "0PS", ("Label", "Name"), ("Description",), ("Id", "IsOwnedByProfile", "NamespacePrefix", "Type", "ProfileId")
    ),
    "PermissionSetAssignment": _Object(
        "0Pa", ("AssigneeId", "PermissionSetId"), ("ExpirationDate",), ("Id",), "PermissionsAssignPermissionSets"
    ),
}


class WriteRefusedError(Exception):
    """What Salesforce says instead of writing."""

    def __init__(self, code: str, message: str, *fields: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.answer = HttpAnswer(status, [{"errorCode": code, "message": message, "fields": list(fields)}])


def write(org: OrgWriter, method: str, path: str, body: bytes) -> HttpAnswer:
    """The answer to a call. Raises WriteRefusedError."""
    found = PATH.fullmatch(path)
    name, record_id = (found["object"], found["id"]) if found else ("", None)
    kind = _OBJECTS.get(name)
    if kind is None:
        raise WriteRefusedError("NOT_FOUND", "The requested resource does not exist", status=404)
    if method == "POST" and record_id is None:
        return _created(org, name, kind, _given(body))
    if method == "DELETE" and record_id is not None:
        _delete(org, name, kind, record_id)
        return HttpAnswer(204, "")
    raise WriteRefusedError("METHOD_NOT_ALLOWED", f"HTTP Method '{method}' not allowed", status=405)


def _given(body: bytes) -> Mapping[str, object]:
    try:
        values = json.loads(body)
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise WriteRefusedError("JSON_PARSER_ERROR", "The HTTP entity body is required to be a JSON object")
    return values


def _created(org: OrgWriter, name: str, kind: _Object, values: Mapping[str, object]) -> HttpAnswer:
    _check_fields(name, kind, values)
    _check_right(org, kind)
    record = _CHECKS[name](org, values)
    record_id = org.insert(name, kind.prefix, **record)
    if name in _NOTES:
        _NOTES[name](org, record, given=True)
    return HttpAnswer(201, {"id": record_id, "success": True, "errors": []})


def _check_fields(name: str, kind: _Object, values: Mapping[str, object]) -> None:
    for field in values:
        if field in kind.read_only:
            message = f"Unable to create/update fields: {field}. Please check the security settings of this field."
            raise WriteRefusedError("INVALID_FIELD_FOR_INSERT_UPDATE", message, field)
        if field not in (*kind.required, *kind.optional):
            raise WriteRefusedError("INVALID_FIELD", f"No such column '{field}' on sobject of type {name}")
    missing = [field for field in kind.required if not values.get(field)]
    if missing:
        message = f"Required fields are missing: [{', '.join(missing)}]"
        raise WriteRefusedError("REQUIRED_FIELD_MISSING", message, *missing)
    for field, value in values.items():
        if field.endswith("Id") and not (isinstance(value, str) and _ID.fullmatch(value)):
            raise WriteRefusedError("MALFORMED_ID", f"{field}: id value of incorrect type: {value}", field)


def _check_right(org: OrgWriter, kind: _Object) -> None:
    held = next(iter(org.rows("UserPermissionAccess")), {})
    if not held.get(kind.right):
        raise WriteRefusedError("INSUFFICIENT_ACCESS_OR_READONLY", "insufficient access rights on object id")


def _access(org: OrgWriter, values: Mapping[str, object]) -> dict[str, object]:
    parent = _referred(org, "PermissionSet", values, "ParentId")
    app = _referred(org, "ConnectedApplication", values, "SetupEntityId")
    _refuse_managed(parent)
    if parent.get("Type") == "Group":
        message = "You can't change a permission set that belongs to a permission set group"
        raise WriteRefusedError("FIELD_INTEGRITY_EXCEPTION", message, "ParentId")
    pair = {"ParentId": parent["Id"], "SetupEntityId": app["Id"]}
    if twins := org.rows("SetupEntityAccess", **pair):
        message = f"duplicate value found: SetupEntityId duplicates value on record with id: {twins[0]['Id']}"
        raise WriteRefusedError("DUPLICATE_VALUE", message)
    return {**pair, "SetupEntityType": "ConnectedApplication"}


def _permission_set(org: OrgWriter, values: Mapping[str, object]) -> dict[str, object]:
    name = str(values["Name"])
    if not _API_NAME.fullmatch(name):
        message = "The Name field can only contain underscores and alphanumeric characters."
        raise WriteRefusedError("FIELD_INTEGRITY_EXCEPTION", message, "Name")
    for row in org.rows("PermissionSet"):
        if str(row.get("Name", "")).casefold() == name.casefold() and not row.get("NamespacePrefix"):
            message = "The name you entered is already in use. Choose a different name."
            raise WriteRefusedError("DUPLICATE_DEVELOPER_NAME", message, "Name")
    new = {"IsOwnedByProfile": False, "ProfileId": None, "NamespacePrefix": None, "Type": "Regular"}
    return {**values, **new, "HasActivationRequired": False}


def _assignment(org: OrgWriter, values: Mapping[str, object]) -> dict[str, object]:
    person = _referred(org, "User", values, "AssigneeId")
    holder = _referred(org, "PermissionSet", values, "PermissionSetId")
    if holder.get("IsOwnedByProfile"):
        message = "You can't assign a permission set that is owned by a profile"
        raise WriteRefusedError("FIELD_INTEGRITY_EXCEPTION", message, "PermissionSetId")
    pair = {"AssigneeId": person["Id"], "PermissionSetId": holder["Id"]}
    if org.rows("PermissionSetAssignment", **pair):
        message = f"Duplicate PermissionSetAssignment. Assignee: {person['Id']}; Permission Set: {holder['Id']}"
        raise WriteRefusedError("DUPLICATE_VALUE", message, "AssigneeId", "PermissionSetId")
    return {**pair, "ExpirationDate": values.get("ExpirationDate"), "PermissionSetGroupId": None}


_CHECKS = {
    "SetupEntityAccess": _access,
    "PermissionSet": _permission_set,
    "PermissionSetAssignment": _assignment,
}


_NOTES: Mapping[str, Callable[..., None]] = {
    "SetupEntityAccess": note_access,
    "PermissionSetAssignment": note_assignment,
}
"""What the setup audit trail says of a write, as of a press in Setup."""


def _delete(org: OrgWriter, name: str, kind: _Object, record_id: str) -> None:
    """A record, and what belongs to it."""
    row = _row(org, name, record_id)
    if row is None:
        raise WriteRefusedError("ENTITY_IS_DELETED", "entity is deleted", status=404)
    _check_right(org, kind)
    if name == "PermissionSet":
        _refuse_managed(row)
        if org.rows("PermissionSetAssignment", PermissionSetId=row["Id"]):
            raise WriteRefusedError("DELETE_FAILED", "You can't delete a permission set that is assigned to users")
        org.delete("SetupEntityAccess", ParentId=row["Id"])
    org.delete(name, Id=row["Id"])
    if name in _NOTES:
        _NOTES[name](org, row, given=False)


def _refuse_managed(row: Record) -> None:
    if row.get("NamespacePrefix"):
        raise WriteRefusedError("CANNOT_MODIFY_MANAGED_OBJECT", "cannot modify managed object")


def _referred(org: OrgWriter, name: str, values: Mapping[str, object], field: str) -> Record:
    row = _row(org, name, str(values[field]))
    if row is None:
        raise WriteRefusedError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", field)
    return row


def _row(org: OrgWriter, name: str, record_id: str) -> Record | None:
    """By its id, of which the first 15 letters count."""
    return next((row for row in org.rows(name) if str(row["Id"])[:15] == record_id[:15]), None)
