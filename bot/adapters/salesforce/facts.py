"""From an org's answers to facts, in at most two calls. What could not be read is None, never "none".

An app is installed when it has a row among the connected apps or external client apps, or when a token of it carries a
menu item; tokens without one are what an app leaves that people used and nobody installed. Where more than one app
bears the name, that is a doubt of its own. Whether an app is *blocked* shows in no object, only in the audit trail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.adapters.salesforce import audit_trail
from bot.adapters.salesforce.access import EXTERNAL_PREFIX, Access, read_access
from bot.adapters.salesforce.overview import Overview, flag, read_overview, text
from bot.adapters.salesforce.queries import Ask, Denied, Reply, Row, Rows, moment, rows
from bot.domain.model import FLOSUM_APPS, AppEvent, AppFacts, AppState, Doubt, OrgFacts, Policy, loosely, short_id

VIEW_SETUP = "View Setup and Configuration"
CUSTOMIZE = "Customize Application"
SEE_EXTERNAL = "View all External Client Apps, view their settings, and edit their policies"


@dataclass(frozen=True, slots=True)
class FoundApp:
    """One app after the first call: what is there, and what was done to it."""

    name: str
    state: AppState
    app_id: str | None
    policy: Policy | None
    connected_users: int | None
    last_used: datetime | None
    doubts: tuple[Doubt, ...]
    history: tuple[AppEvent, ...] | None

    def is_called(self, name: str) -> bool:
        """Whether that is its name, but for case, colons and spaces."""
        return loosely(name) == loosely(self.name)


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of one name: connected apps, external client apps, and tokens."""

    connected: list[Row]
    external: list[Row]
    tokens: list[Row]

    @property
    def in_menu(self) -> list[Row]:
        """The tokens of an app that is installed."""
        return [token for token in self.tokens if token.text("AppMenuItemId")]

    @property
    def app_ids(self) -> list[str]:
        """Every app of that name, connected apps first."""
        found = [row.text("Id") for row in (*self.connected, *self.external)]
        found += [token.text("AppMenuItem.ApplicationId") for token in self.in_menu]
        firsts: dict[str, str] = {}
        for app_id in filter(None, found):
            firsts.setdefault(short_id(app_id), app_id)
        return [*firsts.values()]


def read(ask: Ask, access_control: Callable[[], bool | None], now: datetime) -> OrgFacts:
    """Both Flosum apps as ``ask`` shows them; ``now`` becomes the time of the reading.

    ``access_control``: whether API Access Control is on, a call of its own. It is asked where it decides who gets in.
    """
    overview = read_overview(ask)
    found = find_apps(overview)
    replies, access = read_access(ask, [app.app_id for app in found if app.app_id], now)
    sees = flag(overview.permissions, "PermissionsViewSetup")
    accesses = [(app, _as_far_as_seen(access.get(app.app_id or "", Access()), sees=sees)) for app in found]
    is_open = any((app.policy or its.policy) is Policy.SELF_AUTHORIZE for app, its in accesses)
    controlled = access_control() if is_open else None
    return OrgFacts(
        checked_at=now,
        organization_id=text(overview.organization, "Id"),
        sandbox=flag(overview.organization, "IsSandbox"),
        apps=tuple(_facts(app, its, controlled=controlled) for app, its in accesses),
        missing_permissions=_missing(overview, replies),
        other_apps=others(overview),
        listed=overview.lists_all,
    )


def _as_far_as_seen(access: Access, *, sees: bool | None) -> Access:
    """Who may not view Setup sees their own assignments alone, as if there were no others: that is no count.

    Where it is not known whether they may, that somebody is counted still shows that somebody gets in.
    """
    if sees or (sees is None and access.users):
        return access
    return replace(access, users=None, frozen=None, ended=None)


def find_apps(overview: Overview) -> list[FoundApp]:
    """Both Flosum apps, by the answers of the first call."""
    return [_find(name, overview) for name in FLOSUM_APPS]


def _find(name: str, overview: Overview) -> FoundApp:
    mine = _Rows(
        list(_matching(overview.installed, "Name", name)),
        list(_matching(overview.external, "MasterLabel", name)),
        list(_matching(overview.tokens, "AppName", name)),
    )
    app_id = next(iter(mine.app_ids), None)
    history = audit_trail.history(name, overview.trail, others(overview))
    known = bool(mine.connected or mine.external or mine.in_menu)
    state = AppState.INSTALLED if known else _state_without_app(overview, bool(mine.tokens), history)
    # The trail names an app and nothing else: of two of one name it does not say which was blocked.
    blocked = audit_trail.is_blocked(history) and len(mine.app_ids) < 2
    all_seen = overview.sees_all_tokens and not overview.tokens_cut
    used = filter(None, (moment(token.text("LastUsedDate")) for token in mine.tokens))
    return FoundApp(
        name=name,
        state=AppState.BLOCKED if blocked else state,
        app_id=app_id,
        policy=_policy(mine, app_id),
        connected_users=len({token.text("UserId") for token in mine.tokens}) if overview.sees_all_tokens else None,
        last_used=max(used, default=None) if all_seen else None,
        doubts=tuple(_doubts(mine, overview, state)),
        history=history,
    )


def _state_without_app(overview: Overview, has_tokens: bool, history: Sequence[AppEvent] | None) -> AppState:
    """No sign of an installed app. Only a full view of apps and tokens makes that more than "cannot tell".

    An uninstallation takes the tokens along, so then nothing but the trail tells of it.
    """
    if isinstance(overview.installed, Denied) or isinstance(overview.external, Denied):
        # One that may not be seen may be there; tokens of an external client app carry no menu item.
        return AppState.UNREADABLE
    if audit_trail.is_uninstalled(history):
        return AppState.NOT_INSTALLED
    if isinstance(overview.tokens, Denied):
        return AppState.UNREADABLE
    if has_tokens:
        return AppState.NOT_INSTALLED
    return AppState.NOT_SEEN if overview.sees_all_tokens and not overview.tokens_cut else AppState.UNREADABLE


def _doubts(mine: _Rows, overview: Overview, state: AppState) -> Iterator[Doubt]:
    external = [app_id for app_id in mine.app_ids if app_id.startswith(EXTERNAL_PREFIX)]
    connected = [app_id for app_id in mine.app_ids if app_id not in external]
    stray = len(mine.tokens) > len(mine.in_menu) and not external and state is AppState.INSTALLED
    if stray and isinstance(overview.external, Rows):
        yield Doubt.ONE_NOT_INSTALLED
    elif stray or max(len(connected), len(external)) > 1:
        # The tokens may be those of an external client app, which this connection does not see.
        yield Doubt.TWO_APPS
    if connected and external:
        yield Doubt.BOTH_KINDS
    if overview.tokens_cut:
        yield Doubt.TOKENS_CUT
    asked = (overview.installed, overview.tokens, overview.external)
    refused = [reply for reply in asked if isinstance(reply, Denied)]
    if state is AppState.UNREADABLE and any(not reply.for_lack_of_permission for reply in refused):
        yield Doubt.QUESTION_REFUSED


def _policy(mine: _Rows, app_id: str | None) -> Policy | None:
    """Of a connected app. A menu item tells it where the app itself hides it, if it is that app's."""
    if app_id and app_id.startswith(EXTERNAL_PREFIX):
        return None
    flags = [row.flag("OptionsAllowAdminApprovedUsersOnly") for row in mine.connected[:1]]
    flags += [
        token.flag("AppMenuItem.IsUsingAdminAuthorization")
        for token in mine.in_menu
        if short_id(token.text("AppMenuItem.ApplicationId") or app_id) == short_id(app_id)
    ]
    only_approved = next((flag for flag in flags if flag is not None), None)
    if only_approved is None:
        return None
    return Policy.ADMIN_APPROVED if only_approved else Policy.SELF_AUTHORIZE


def others(overview: Overview) -> tuple[str, ...]:
    """Apps with Flosum in their name that are neither of the two: a renamed install, another product."""
    ours = set(map(loosely, FLOSUM_APPS))
    return tuple(sorted(name for name in overview.names() if loosely(name) not in ours))


def _facts(app: FoundApp, access: Access, *, controlled: bool | None) -> AppFacts:
    policy = app.policy or access.policy
    # Where all users may authorize themselves nobody needs to be let in, unless API Access Control is on.
    is_open = policy is Policy.SELF_AUTHORIZE and not controlled
    return AppFacts(
        name=app.name,
        state=app.state,
        app_id=app.app_id,
        permitted_users=policy,
        profiles=access.profiles,
        permission_sets=access.permission_sets,
        users_with_access=None if is_open else access.users,
        connected_users=app.connected_users,
        last_used=app.last_used,
        frozen_users=None if is_open else access.frozen,
        ended_users=None if is_open else access.ended,
        stale_groups=access.stale_groups,
        doubts=app.doubts + access.doubts,
        history=app.history,
        controlled=controlled if policy is Policy.SELF_AUTHORIZE else None,
    )


def _missing(overview: Overview, replies: Sequence[Reply]) -> tuple[str, ...]:
    """What the connection's user lacks: whatever a refused question needs, unless the user is known to hold it."""
    seeing_apps = [overview.connected, overview.external, overview.trail, *replies]
    wanted = {VIEW_SETUP, CUSTOMIZE} if _hidden(overview.connected) else set()
    if any(map(_hidden, seeing_apps)) or (replies and flag(overview.permissions, "PermissionsViewSetup") is False):
        wanted.add(VIEW_SETUP)
    if not overview.sees_all_tokens:
        wanted.add(CUSTOMIZE)
    held = {
        VIEW_SETUP: flag(overview.permissions, "PermissionsViewSetup"),
        CUSTOMIZE: flag(overview.permissions, "PermissionsCustomizeApplication"),
        # No object tells this one. It lets its holder edit, so it is asked for only where the others do not suffice.
        SEE_EXTERNAL: None,
    }
    if held[VIEW_SETUP] is not False and any(map(_hidden, [overview.external, *replies[-1:]])):
        wanted.add(SEE_EXTERNAL)
    return tuple(sorted(name for name in wanted if not held[name]))


def _hidden(reply: Reply) -> bool:
    return isinstance(reply, Denied) and reply.for_lack_of_permission


def _matching(reply: Reply, field: str, name: str) -> Iterator[Row]:
    """Rows whose name is ``name`` but for case, colons and spaces: the pages and objects spell it differently."""
    return (row for row in rows(reply) if loosely(row.text(field) or "") == loosely(name))
