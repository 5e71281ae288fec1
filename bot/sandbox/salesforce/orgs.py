"""The built-in orgs: records as they would lie in Salesforce, one org for each state that people meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from bot.domain.model import BACKUP_APP, DEVOPS_APP, Login
from bot.sandbox.salesforce.database import OrgRecords, Record

CONNECTION_USER = "005Kd000001BOTxIAO"
_NAMES = ("Ada Lindt", "Cleo Marsh", "Dana Voss", "Finn Oduya", "Eli Brandt")
"""The first three are administrators; the last one has left."""
_PEOPLE = tuple(f"005Kd00000{number:02}USRIAO" for number in range(1, 6))
_BEN = "005Kd0000006USRIAO"
"""Whom nothing was granted yet."""
_NOT_APPROVED = "User is not admin approved for this app"
_UNREADABLE = frozenset(
    {
        "ConnectedAppSettings",
        "ConnectedApplication",
        "ExternalClientApplication",
        "ExtlClntAppOauthPlcyCnfg",
        "Profile.Metadata",
        "SetupAuditTrail",
        "SetupEntityAccess",
    }
)


@dataclass(frozen=True, slots=True)
class BuiltInOrg:
    """One org: where it is, how its connection logs in, or with which error and description it is refused.

    A login through a person's browser is a new connection, so it has a refusal of its own: ``browser_refusal`` is what
    the browser is sent back with instead of a code. ``access_control``: whether API Access Control is on; None where
    Salesforce's support has not enabled it. ``api_usage``: how many of how many API requests its answers say are used.
    """

    name: str
    host: str
    organization_id: str
    login: Login
    database: OrgRecords
    refusal: tuple[str, str] | None = None
    browser_refusal: tuple[str, str] | None = None
    access_control: bool | None = None
    api_usage: tuple[int, int] = (1_200, 15_000)

    @property
    def username(self) -> str:
        """The connection's user."""
        return f"flosum-bot@{self.host.partition('.')[0]}.example"


@dataclass(frozen=True, slots=True)
class _App:
    """An app before it is cut into records. Not installed: known to the org by its tokens only."""

    name: str
    tokens: int = 0
    installed: bool = True
    admin_approved: bool = True
    profiles: tuple[str, ...] = ()
    permission_sets: tuple[str, ...] = ()


def built_in_orgs(now: datetime) -> tuple[BuiltInOrg, ...]:
    """Each state once; ``now`` is what "yesterday" is counted from."""
    admins, users = ("System Administrator",), ("Flosum Users",)
    granted = (
        _App(BACKUP_APP, 1, profiles=admins, permission_sets=users),
        _App(DEVOPS_APP, 3, profiles=admins, permission_sets=users),
    )
    not_installed = (_App(BACKUP_APP, 1, profiles=admins), _App(DEVOPS_APP, 3, installed=False))
    nobody = (_App(BACKUP_APP, 1), _App(DEVOPS_APP, 2))
    everybody = (_App(BACKUP_APP, 1, admin_approved=False), _App(DEVOPS_APP, 4, admin_approved=False))
    expired = ("invalid_grant", "expired access/refresh token")
    return (
        _org("prod", "acme", 1, _records(granted, now)),
        _org("emea-prod", "acme-emea", 2, _records(not_installed, now)),
        _org("uat", "acme--uat.sandbox", 3, _records(nobody, now), login=Login.JWT),
        _org("qa", "acme--qa.sandbox", 4, _records(everybody, now), login=Login.JWT),
        _org("legacy", "acme-legacy", 5, _records(granted, now, may_customize=False), hidden=_UNREADABLE),
        _org("partner", "acme-partner", 6, _records(granted, now), refusal=expired),
        _org("fresh", "acme-fresh", 7, _records((), now)),
    )


def _org(
    name: str,
    my_domain: str,
    number: int,
    tables: dict[str, list[Record]],
    *,
    login: Login = Login.CLIENT_CREDENTIALS,
    hidden: frozenset[str] = frozenset(),
    refusal: tuple[str, str] | None = None,
) -> BuiltInOrg:
    organization_id = f"00DKd00000{number:05}EAA"
    sandbox = my_domain.endswith(".sandbox")
    tables["Organization"] = [{"Id": organization_id, "Name": f"Acme {name}", "IsSandbox": sandbox}]
    host = f"{my_domain}.my.salesforce.com"
    ending = my_domain.partition(".")[0]
    tables["User"] = [{**row, "Username": f"{row['Alias']}@{ending}.example"} for row in tables["User"]]
    return BuiltInOrg(name, host, organization_id, login, OrgRecords(tables, hidden), refusal)


def _records(apps: Sequence[_App], now: datetime, *, may_customize: bool = True) -> dict[str, list[Record]]:
    """The tables of one org, in which only the connection's own tokens show to a user who may not customize."""
    tables = _Tables(now)
    for app in apps:
        tables.add(app)
    rights = ("CustomizeApplication", "ViewSetup", "ManageProfilesPermissionsets", "AssignPermissionSets")
    held = {f"Permissions{right}": may_customize for right in rights}
    tables.rows["UserPermissionAccess"] = [{"Id": "0", "PermissionsApiEnabled": True, **held}]
    if not may_customize:
        tokens = tables.rows.get("OauthToken", [])
        tables.rows["OauthToken"] = [token for token in tokens if token["UserId"] == CONNECTION_USER]
    return tables.rows


@dataclass(slots=True)
class _Tables:
    """Fills the tables of one org, with an id for every row."""

    now: datetime
    rows: dict[str, list[Record]] = field(default_factory=dict)
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        administrators, others = self._profile("System Administrator"), self._profile("Standard User")
        named = {**dict(zip(_PEOPLE, _NAMES, strict=True)), _BEN: "Ben Okoro", CONNECTION_USER: "Flosum Bot"}
        for person, name in named.items():
            alias = name.partition(" ")[0].lower()
            profile, holder = administrators if person in _PEOPLE[:3] else others
            self._insert(
                "User",
                "005",
                Id=person,
                Name=name,
                Alias="flosum-bot" if person == CONNECTION_USER else alias,
                Email=f"{alias}@acme.example",
                IsActive=person != _PEOPLE[-1],
                UserType="Standard",
                ProfileId=profile,
            )
            self._insert("UserLogin", "0Yw", UserId=person, IsFrozen=False, IsPasswordLocked=False)
            self._assign(holder, person)
        self._permission_set("Flosum Users", _PEOPLE[2:])
        self._permission_set("Release Managers")
        self._permission_set("Package Users", _PEOPLE[:1], namespace="acme_pkg")
        for number, (person, status) in enumerate(((_PEOPLE[0], "Success"), (_BEN, _NOT_APPROVED))):
            at = (self.now - timedelta(hours=3 + number)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
            self._insert(
                "LoginHistory",
                "0Ya",
                UserId=person,
                LoginTime=at,
                LoginType="Remote Access 2.0",
                Application=DEVOPS_APP,
                Status=status,
            )

    def _permission_set(self, name: str, people: Sequence[str] = (), namespace: str | None = None) -> None:
        """A permission set of the org, or of a package, and the people who have it."""
        holder = self._insert(
            "PermissionSet",
            "0PS",
            Label=name,
            Name=name.replace(" ", "_"),
            NamespacePrefix=namespace,
            IsOwnedByProfile=False,
            ProfileId=None,
            HasActivationRequired=False,
            Type="Regular",
        )
        for person in people:
            self._assign(holder, person)

    def _profile(self, name: str) -> tuple[str, str]:
        """A profile, and the permission set that it owns."""
        unlimited: dict[str, object] = {"loginHours": None, "loginIpRanges": []}
        profile = self._insert("Profile", "00e", Name=name, Metadata=unlimited)
        owned = self._insert(
            "PermissionSet",
            "0PS",
            Label="00e",
            Name=f"X00e{name.replace(' ', '')}",
            IsOwnedByProfile=True,
            Type="Profile",
            ProfileId=profile,
            PermissionsApiEnabled=True,
            PermissionsApproveUninstalledConnectedApps=False,
            PermissionsUseAnyApiClient=False,
        )
        return profile, owned

    def _assign(self, holder: str, person: str) -> None:
        self._insert("PermissionSetAssignment", "0Pa", AssigneeId=person, PermissionSetId=holder)

    def add(self, app: _App) -> None:
        """One app with its grants and tokens."""
        menu_item = None
        if app.installed:
            app_id = self._insert(
                "ConnectedApplication",
                "0H4",
                Name=app.name,
                OptionsAllowAdminApprovedUsersOnly=app.admin_approved,
                OptionsRefreshTokenValidityMetric=True,
                OptionsHasSessionLevelPolicy=False,
                RefreshTokenValidityPeriod=30,
            )
            menu_item = self._insert(
                "AppMenuItem", "0DS", ApplicationId=app_id, IsUsingAdminAuthorization=app.admin_approved
            )
            self._grant(app, app_id)
        for number in range(app.tokens):
            self._token(app, menu_item, number)

    def _token(self, app: _App, menu_item: str | None, number: int) -> None:
        last_used = (self.now - timedelta(days=1 + number)).astimezone(UTC)
        self._insert(
            "OauthToken",
            "0CQ",
            AppName=app.name,
            AppMenuItemId=menu_item,
            UserId=_PEOPLE[number],
            UseCount=10 + number,
            LastUsedDate=last_used.strftime("%Y-%m-%dT%H:%M:%S.000+0000"),  # as the REST API writes a time
        )

    def _grant(self, app: _App, app_id: str) -> None:
        for name in app.profiles:
            profile = next(row["Id"] for row in self.rows["Profile"] if row["Name"] == name)
            self._let_in(
                next(str(row["Id"]) for row in self.rows["PermissionSet"] if row["ProfileId"] == profile), app_id
            )
        for name in app.permission_sets:
            self._let_in(next(str(row["Id"]) for row in self.rows["PermissionSet"] if row["Label"] == name), app_id)

    def _let_in(self, holder: str, app_id: str) -> None:
        entity = {"SetupEntityId": app_id, "SetupEntityType": "ConnectedApplication"}
        self._insert("SetupEntityAccess", "0J0", ParentId=holder, **entity)

    def _insert(self, table: str, prefix: str, **values: object) -> str:
        record = {"Id": f"{prefix}Kd00000{next(self._numbers):05}IAO", **values}
        self.rows.setdefault(table, []).append(record)
        return str(record["Id"])
