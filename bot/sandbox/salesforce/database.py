"""The records of a built-in org and what its questions get: answers by the records, refusals by the rules.

It knows which fields an object has and which of them may be filtered, and refuses the rest as Salesforce does. So a
question that Salesforce would refuse is refused here too, instead of being answered by chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.salesforce.soql import Condition, Conditions, LastDays, Reader, SoqlError, Statement

Record = Mapping[str, object]

# Object -> fields. "-" marks a field that cannot be filtered, ">" names the object that a lookup leads to.
_OBJECTS = {
    "Organization": "Id Name IsSandbox InstanceName OrganizationType",
    "ConnectedApplication": "Id Name OptionsAllowAdminApprovedUsersOnly RefreshTokenValidityPeriod CreatedDate "
    "OptionsRefreshTokenValidityMetric OptionsHasSessionLevelPolicy",
    "ExternalClientApplication": "Id DeveloperName MasterLabel NamespacePrefix DistributionState",
    "ExtlClntAppOauthPlcyCnfg": "Id ExternalClientApplicationId PermittedUsersPolicyType RefreshTokenPolicyType "
    "RefreshTokenValidityPeriod RefreshTokenValidityUnit RequiredSessionLevel",
    "AppMenuItem": "Id ApplicationId IsUsingAdminAuthorization IsVisible -Label Name",
    "OauthToken": "AppName AppMenuItemId>AppMenuItem UserId>User UseCount CreatedDate -LastUsedDate "
    "AccessToken DeleteToken",
    "SetupEntityAccess": "Id ParentId>PermissionSet SetupEntityId SetupEntityType",
    "PermissionSet": "Id Name Label Description NamespacePrefix IsOwnedByProfile ProfileId>Profile "
    "HasActivationRequired Type PermissionSetGroupId>PermissionSetGroup PermissionsApiEnabled "
    "PermissionsApproveUninstalledConnectedApps PermissionsUseAnyApiClient",
    "PermissionSetAssignment": "Id AssigneeId>User PermissionSetId>PermissionSet "
    "PermissionSetGroupId>PermissionSetGroup ExpirationDate",
    "LoginHistory": "Id UserId>User LoginTime LoginType -Application -Status -SourceIp",
    "PermissionSetGroup": "Id DeveloperName MasterLabel Status",
    "PermissionSetGroupComponent": "Id PermissionSetGroupId>PermissionSetGroup PermissionSetId>PermissionSet",
    "Profile": "Id Name",
    "SetupAuditTrail": "Id Action CreatedDate CreatedById>User DelegateUser CreatedByContext -Section -Display",
    "User": "Id Name Username Email IsActive UserType ProfileId>Profile",
    "UserLogin": "Id UserId>User IsFrozen IsPasswordLocked",
    "UserPermissionAccess": "Id PermissionsCustomizeApplication PermissionsViewSetup PermissionsApiEnabled "
    "PermissionsManageProfilesPermissionsets PermissionsAssignPermissionSets",
}


_TOOLING_OBJECTS = {"Profile": "Id Name -FullName -Metadata"}
"""What the Tooling API answers questions about."""


@dataclass(frozen=True, slots=True)
class OrgRecords:
    """The records of one org, and what its connection's user does not get to see: objects, or ``Object.Field``."""

    tables: Mapping[str, Sequence[Record]]
    hidden: frozenset[str] = frozenset()

    def query(self, soql: str) -> list[dict[str, object]]:
        """The records that answer ``soql``, as the REST API prints them. Raises SoqlError."""
        return _Query(self, Reader(soql).statement()).answer()

    def query_tooling(self, soql: str) -> list[dict[str, object]]:
        """The same of the Tooling API. Raises SoqlError."""
        found = _Query(self, Reader(soql).statement(), _TOOLING_OBJECTS).answer()
        if len(found) > 1 and "Metadata" in found[0]:
            raise SoqlError("MALFORMED_QUERY", "When retrieving Metadata or FullName, the query must return one row.")
        return found

    def rows(self, table: str, **values: object) -> list[Record]:
        """The records whose fields have these values, for what looks at an org from inside."""
        return [row for row in self.tables.get(table, ()) if has(row, values)]


def has(record: Record, values: Record) -> bool:
    """Whether the record's fields have these values."""
    return all(record.get(name) == value for name, value in values.items())


_AGGREGATE = re.compile(r"(COUNT|COUNT_DISTINCT)\((.+)\)")


class _Query:
    """Answers one statement from the records."""

    def __init__(self, database: OrgRecords, statement: Statement, objects: Mapping[str, str] = _OBJECTS) -> None:
        self._database = database
        self._objects = objects
        self._statement = statement
        self._by_id: dict[str, dict[object, Record]] = {}

    def answer(self) -> list[dict[str, object]]:
        statement = self._statement
        for path, _ in statement.fields:
            aggregate = _AGGREGATE.fullmatch(path)
            self._check(aggregate[2] if aggregate else path)
        records = self._ordered(list(self._matching()))
        if statement.group or any(_AGGREGATE.fullmatch(path) for path, _ in statement.fields):
            return [self._aggregated(group) for group in self._grouped(records)]
        return [self._printed(record) for record in records[: statement.limit]]

    def values(self) -> set[object]:
        """The values of the one field that a semi-join selects."""
        path = self._statement.fields[0][0]
        self._check(path)
        return {self._value(record, path) for record in self._matching()}

    def _matching(self) -> Iterator[Record]:
        where = self._statement.where
        wanted: dict[int, object] = {}
        for condition in where.conditions():
            self._check(condition.field, filtered=True)
            inner = condition.value
            wanted[id(condition)] = _Query(self._database, inner).values() if isinstance(inner, Statement) else inner
        for record in self._database.tables.get(self._statement.object, ()):
            if self._fits(record, where, wanted):
                yield record

    def _fits(self, record: Record, part: Conditions | Condition, wanted: Mapping[int, object]) -> bool:
        if isinstance(part, Condition):
            return self._meets(record, part, wanted[id(part)])
        fits = (self._fits(record, inner, wanted) for inner in part.parts)
        return any(fits) if part.either else all(fits)

    def _meets(self, record: Record, condition: Condition, wanted: object) -> bool:
        value = self._value(record, condition.field)
        if isinstance(wanted, LastDays):
            return isinstance(value, str) and value >= self._days_ago(condition.field, wanted.days)
        if isinstance(wanted, datetime):
            return isinstance(value, str) and _compares(value, condition.operator, wanted)
        if condition.operator == "LIKE":
            return isinstance(value, str) and _like(str(wanted), value)
        if condition.operator in ("IN", "NOT IN"):
            found = isinstance(wanted, tuple | set) and value in wanted
            return found == (condition.operator == "IN")
        return (value == wanted) == (condition.operator == "=")

    def _days_ago(self, path: str, days: int) -> str:
        """Counted from the newest record that there is: the built-in orgs know no other now."""
        times = [
            str(value) for row in self._database.tables[self._statement.object] if (value := self._value(row, path))
        ]
        newest = datetime.strptime(max(times), "%Y-%m-%dT%H:%M:%S.%f%z")
        return (newest - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S.000%z")

    def _ordered(self, records: list[Record]) -> list[Record]:
        if self._statement.order is None:
            return records
        path, descending = self._statement.order
        self._check(path)
        return sorted(records, key=lambda record: str(self._value(record, path) or ""), reverse=descending)

    def _check(self, path: str, *, filtered: bool = False) -> None:
        """Refuse an object or field that does not exist, is hidden, or may not be filtered."""
        name = self._statement.object
        *relations, last = path.split(".")
        fields = self._fields(name)
        for relation in relations:
            target = fields.get(f"{relation}Id", "")
            if not target:
                raise SoqlError("INVALID_FIELD", f"Didn't understand relationship '{relation}' in field path.")
            name, fields = target, self._fields(target)
        if last not in fields or f"{name}.{last}" in self._database.hidden:
            raise SoqlError("INVALID_FIELD", f"No such column '{last}' on entity '{name}'.")
        if filtered and fields[last] == "-":
            raise SoqlError("INVALID_FIELD", f"field '{last}' can not be filtered in a query call")

    def _fields(self, name: str) -> dict[str, str]:
        """Field -> "-" where it cannot be filtered, the object that it leads to, or ""."""
        if name not in self._objects or name in self._database.hidden:
            raise SoqlError("INVALID_TYPE", f"sObject type '{name}' is not supported.")
        words = (word.partition(">") for word in self._objects[name].split())
        return {word.lstrip("-"): "-" if word.startswith("-") else target for word, _, target in words}

    def _value(self, record: Record, path: str) -> object:
        name, current = self._statement.object, record
        *relations, last = path.split(".")
        for relation in relations:
            name = self._fields(name)[f"{relation}Id"]
            key = current.get(f"{relation}Id")
            current = self._rows_by_id(name).get(key, {})
        return current.get(last)

    def _rows_by_id(self, name: str) -> Mapping[object, Record]:
        if name not in self._by_id:
            self._by_id[name] = {row["Id"]: row for row in self._database.tables.get(name, ())}
        return self._by_id[name]

    def _grouped(self, records: Sequence[Record]) -> Iterator[Sequence[Record]]:
        """The records that aggregates are made of: all of them, or those that share what is grouped by."""
        paths = self._statement.group
        for path in paths:
            self._check(path)
            if path.rpartition(".")[2] == "Id":
                raise SoqlError("INVALID_FIELD", f"field '{path}' can not be grouped in a query call")
        groups: dict[tuple[object, ...], list[Record]] = {}
        for record in records:
            groups.setdefault(tuple(self._value(record, path) for path in paths), []).append(record)
        yield from groups.values() if paths else (records,)

    def _aggregated(self, records: Sequence[Record]) -> dict[str, object]:
        answer: dict[str, object] = {"attributes": {"type": "AggregateResult"}}
        for path, alias in self._statement.fields:
            aggregate = _AGGREGATE.fullmatch(path)
            if aggregate is None:
                if path not in self._statement.group:
                    raise SoqlError("MALFORMED_QUERY", f"Field must be grouped or aggregated: {path}")
                answer[path.rpartition(".")[2]] = self._value(records[0], path)
                continue
            values = [value for record in records if (value := self._value(record, aggregate[2])) is not None]
            answer[alias] = len(set(values) if aggregate[1] == "COUNT_DISTINCT" else values)
        return answer

    def _printed(self, record: Record) -> dict[str, object]:
        answer: dict[str, object] = {"attributes": {"type": self._statement.object}}
        for path, _ in self._statement.fields:
            at = answer
            *relations, last = path.split(".")
            for depth, relation in enumerate(relations, start=1):
                found = self._value(record, ".".join([*relations[:depth], "Id"]))
                inner = at.setdefault(relation, None if found is None else {})
                if not isinstance(inner, dict):
                    break
                at = inner
            else:
                at[last] = self._value(record, path)
        return answer


def _compares(value: str, operator: str, wanted: datetime) -> bool:
    """A time against one: later, or not later."""
    return (datetime.strptime(value, "%Y-%m-%dT%H:%M:%S.%f%z") > wanted) == (operator == ">")


def _like(pattern: str, value: str) -> bool:
    """SOQL's LIKE: ``%`` and ``_``, without regard to case; behind a backslash they are themselves."""
    parts = {"%": ".*", "_": ".", r"\%": "%", r"\_": "_"}
    expression = "".join(parts.get(part, re.escape(part)) for part in re.findall(r"\\[%_]|.", pattern, re.DOTALL))
    return re.fullmatch(expression, value, re.IGNORECASE | re.DOTALL) is not None
