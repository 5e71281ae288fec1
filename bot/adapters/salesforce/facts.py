"""From an org's answers to facts, in at most two calls. What could not be read is None, never "none".

An app is installed when it has a row among the connected apps or external client apps, or when a token of it carries a
menu item; tokens without one are what an app leaves that people used and nobody installed. Whether an app is *blocked*
shows in no object, so that state is never read here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.adapters.salesforce import queries
from bot.adapters.salesforce.queries import Ask, Denied, Reply, Row, Rows
from bot.domain.model import FLOSUM_APPS, AppFacts, AppState, OrgFacts, Policy

VIEW_SETUP = "View Setup and Configuration"
CUSTOMIZE = "Customize Application"
_EXTERNAL_PREFIX = "0xI"


@dataclass(frozen=True, slots=True)
class _Overview:
    """The first call: what is installed, who holds tokens, and what this connection's user may see."""

    organization: Reply
    connected: Reply
    connected_names: Reply
    external: Reply
    tokens: Reply
    permissions: Reply

    @property
    def installed(self) -> Reply:
        """The connected apps, by their names alone where the policy field is hidden."""
        return self.connected if isinstance(self.connected, Rows) else self.connected_names

    @property
    def sees_all_tokens(self) -> bool:
        """Without Customize Application the token list holds only the connection's own."""
        return isinstance(self.tokens, Rows) and bool(_flag(self.permissions, "PermissionsCustomizeApplication"))


@dataclass(frozen=True, slots=True)
class _Found:
    """One app after the first call."""

    name: str
    state: AppState
    app_id: str | None
    policy: Policy | None
    connected_users: int | None
    last_used: datetime | None


@dataclass(frozen=True, slots=True)
class _Access:
    """One installed app after the second call."""

    profiles: tuple[str, ...] | None = None
    permission_sets: tuple[str, ...] | None = None
    users: int | None = None
    policy: Policy | None = None


def read(ask: Ask, now: datetime) -> OrgFacts:
    """Both Flosum apps as ``ask`` shows them; ``now`` becomes the time of the reading."""
    overview = _overview(ask)
    found = [_find(name, overview) for name in FLOSUM_APPS]
    replies, access = _access(ask, [app.app_id for app in found if app.app_id])
    return OrgFacts(
        checked_at=now,
        organization_id=_text(overview.organization, "Id"),
        sandbox=_flag(overview.organization, "IsSandbox"),
        apps=tuple(_facts(app, access.get(app.app_id or "", _Access())) for app in found),
        missing_permissions=_missing(overview, replies),
    )


def _overview(ask: Ask) -> _Overview:
    return _Overview(
        *ask(
            [
                queries.ORGANIZATION,
                queries.connected_apps(policy=True),
                queries.connected_apps(policy=False),
                queries.external_apps(),
                queries.tokens(),
                queries.PERMISSIONS,
            ]
        )
    )


def _find(name: str, overview: _Overview) -> _Found:
    tokens = list(_matching(overview.tokens, "AppName", name))
    connected = next(_matching(overview.installed, "Name", name), None)
    external = next(_matching(overview.external, "MasterLabel", name), None)
    menu = next((token for token in tokens if token.text("AppMenuItemId")), None)
    app_id = (
        (connected.text("Id") if connected else None)
        or (external.text("Id") if external else None)
        or (menu.text("AppMenuItem.ApplicationId") if menu else None)
    )
    known = bool(connected or external or menu)
    all_seen = overview.sees_all_tokens and isinstance(overview.tokens, Rows) and overview.tokens.complete
    return _Found(
        name=name,
        state=AppState.INSTALLED if known else _state_without_app(overview, bool(tokens)),
        app_id=app_id,
        policy=_policy(connected, menu),
        connected_users=len({token.text("UserId") for token in tokens}) if all_seen else None,
        last_used=_newest(tokens) if all_seen else None,
    )


def _state_without_app(overview: _Overview, has_tokens: bool) -> AppState:
    """No sign of an installed app. Only a full view of apps and tokens makes that more than "cannot tell"."""
    if isinstance(overview.installed, Denied) or isinstance(overview.tokens, Denied):
        return AppState.UNREADABLE
    if has_tokens:
        # Tokens of an external client app carry no menu item although it is installed.
        return AppState.UNREADABLE if isinstance(overview.external, Denied) else AppState.NOT_INSTALLED
    return AppState.NOT_SEEN if overview.sees_all_tokens else AppState.UNREADABLE


def _policy(connected: Row | None, menu: Row | None) -> Policy | None:
    only_approved = connected.flag("OptionsAllowAdminApprovedUsersOnly") if connected else None
    if only_approved is None and menu:
        only_approved = menu.flag("AppMenuItem.IsUsingAdminAuthorization")
    if only_approved is None:
        return None
    return Policy.ADMIN_APPROVED if only_approved else Policy.SELF_AUTHORIZE


def _access(ask: Ask, app_ids: Sequence[str]) -> tuple[list[Reply], dict[str, _Access]]:
    """The second call, for the apps that are installed; none where there are none."""
    if not app_ids:
        return [], {}
    external = [app_id for app_id in app_ids if app_id.startswith(_EXTERNAL_PREFIX)]
    asked = [queries.grants(app_ids), *map(queries.people_with_access, app_ids)]
    replies = ask([*asked, queries.external_policies(external)] if external else asked)
    grants, people = replies[0], replies[1 : len(asked)]
    policies = replies[len(asked)] if external else Rows(())
    access = {
        app_id: _access_of(app_id, grants, count, policies) for app_id, count in zip(app_ids, people, strict=True)
    }
    return replies, access


def _access_of(app_id: str, grants: Reply, people: Reply, policies: Reply) -> _Access:
    policy = _external_policy(app_id, policies)
    users = next((row.number("people") for row in _rows(people)), None)
    if isinstance(grants, Denied):
        return _Access(users=users, policy=policy)
    parents = [row for row in grants.rows if row.text("SetupEntityId") == app_id]
    owned = [row.text("Parent.Profile.Name") for row in parents if row.flag("Parent.IsOwnedByProfile")]
    free = [row.text("Parent.Label") for row in parents if not row.flag("Parent.IsOwnedByProfile")]
    return _Access(_names(owned), _names(free), users, policy)


def _external_policy(app_id: str, policies: Reply) -> Policy | None:
    for row in _rows(policies):
        if row.text("ExternalClientApplicationId") == app_id:
            approved = row.text("PermittedUsersPolicyType") == "AdminApprovedPreAuthorized"
            return Policy.ADMIN_APPROVED if approved else Policy.SELF_AUTHORIZE
    return None


def _facts(app: _Found, access: _Access) -> AppFacts:
    return AppFacts(
        name=app.name,
        state=app.state,
        app_id=app.app_id,
        permitted_users=app.policy or access.policy,
        profiles=access.profiles,
        permission_sets=access.permission_sets,
        users_with_access=access.users,
        connected_users=app.connected_users,
        last_used=app.last_used,
    )


def _missing(overview: _Overview, replies: Sequence[Reply]) -> tuple[str, ...]:
    """What the connection's user lacks: whatever a refused question needs, unless the user is known to hold it."""
    seeing_apps = [overview.connected, overview.external, *replies]
    wanted = {VIEW_SETUP, CUSTOMIZE} if _hidden(overview.connected) else set()
    if any(map(_hidden, seeing_apps)):
        wanted.add(VIEW_SETUP)
    if not overview.sees_all_tokens:
        wanted.add(CUSTOMIZE)
    held = {
        VIEW_SETUP: _flag(overview.permissions, "PermissionsViewSetup"),
        CUSTOMIZE: _flag(overview.permissions, "PermissionsCustomizeApplication"),
    }
    return tuple(sorted(name for name in wanted if not held[name]))


def _hidden(reply: Reply) -> bool:
    return isinstance(reply, Denied) and reply.for_lack_of_permission


def _matching(reply: Reply, field: str, name: str) -> Iterator[Row]:
    """Rows whose name is ``name`` but for case, colons and spaces: the pages and objects spell it differently."""
    return (row for row in _rows(reply) if _loose(row.text(field) or "") == _loose(name))


def _loose(name: str) -> str:
    return "".join(filter(str.isalnum, name)).lower()


def _rows(reply: Reply) -> tuple[Row, ...]:
    return reply.rows if isinstance(reply, Rows) else ()


def _names(names: Sequence[str | None]) -> tuple[str, ...]:
    return tuple(sorted({name for name in names if name}))


def _newest(tokens: Sequence[Row]) -> datetime | None:
    return max((when for token in tokens if (when := _moment(token.text("LastUsedDate")))), default=None)


def _moment(text: str | None) -> datetime | None:
    """Salesforce writes ``2026-11-22T15:04:05.000+0000``."""
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")
    except ValueError:
        return None


def _text(reply: Reply, field: str) -> str | None:
    return next((row.text(field) for row in _rows(reply)), None)


def _flag(reply: Reply, field: str) -> bool | None:
    return next((row.flag(field) for row in _rows(reply)), None)
