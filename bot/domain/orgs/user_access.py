"""Whether somebody may connect through each app, and why: a verdict from facts, never more certain than they are.

Nobody is said to get in while one of the facts that decide is unknown. Login hours and IP ranges bind when and from
where somebody logs in, and are told beside a verdict; so is whether they, and API Access Control, could be read at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from bot.domain.model import AppState, Policy

UPDATED = "Updated"
"""The status of a permission set group whose grants count."""


@dataclass(frozen=True, slots=True)
class OrgUser:
    """A user of an org. None is "could not be read". ``standard``: no community, guest or machine user.

    ``any_client``: they hold *Use Any API Client*, which opens apps to them that nobody granted.
    """

    id: str
    username: str
    name: str
    email: str | None
    active: bool | None
    standard: bool = True
    profile: str | None = None
    frozen: bool | None = None
    locked: bool | None = None
    api_enabled: bool | None = None
    approves_uninstalled: bool | None = None
    any_client: bool | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """One way in: a profile, a permission set, or a group that holds one (with its status).

    ``session_based``: it counts only while it is activated in a session. ``expired``: its assignment has ended.
    ``withheld``: the group holds a granted permission set, and its own, by which a group gives what it holds, does not
    show the grant; a muting permission set may take it away.
    """

    kind: Way
    name: str
    status: str | None = None
    session_based: bool = False
    expired: bool = False
    withheld: bool = False


class Way(Enum):
    """Through what an app is granted."""

    PROFILE = auto()
    PERMISSION_SET = auto()
    GROUP = auto()


@dataclass(frozen=True, slots=True)
class UserOfApp:
    """What is known of one app and one user. ``grants`` None: could not be read. ``blocked`` None: cannot be told.
    ``block_untold``: the trail, which goes back 180 days, can be read, and nothing speaks against an older block.

    ``tokens`` are those that the user holds; Salesforce keeps five for a user and app, and the next drops the oldest.
    ``controlled``: API Access Control is on in the org, so that a policy of self-authorize opens nothing by itself.
    ``external``: it is an external client app. ``twin``: the org has more than one app of its name.
    """

    app: str
    state: AppState
    policy: Policy | None
    blocked: bool | None
    grants: tuple[Grant, ...] | None
    tokens: int | None = None
    last_used: datetime | None = None
    controlled: bool | None = None
    external: bool = False
    twin: bool = False
    block_untold: bool = False

    @property
    def needs_grant(self) -> bool:
        """Whether only those get in who are granted access."""
        return self.policy is Policy.ADMIN_APPROVED or (self.policy is not None and self.controlled is True)


DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class LoginHours:
    """When a profile's users may log in on a day, in minutes since midnight; never where both are the same."""

    day: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ProfileLimits:
    """When and from where a profile's users may log in: the days that are restricted, the only addresses if any."""

    hours: tuple[LoginHours, ...] = ()
    ip_ranges: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LoginAttempt:
    """A line of the login history: when, through what, and what Salesforce said."""

    at: datetime
    application: str
    status: str


@dataclass(frozen=True, slots=True)
class UserReading:
    """One reading of an org for one person: who fits the words, and for the one user that does, each app.

    ``users`` are those that fit, the first alone being the one meant where ``apps`` is filled; ``readable`` is False
    where the org's users could not be read at all. ``logins``, ``limits`` and ``access_control`` (whether API Access
    Control is on) are None where they could not be read. ``other_apps`` have Flosum in their name and are none of ours.
    """

    checked_at: datetime
    organization_id: str | None
    users: tuple[OrgUser, ...]
    apps: tuple[UserOfApp, ...] = ()
    logins: tuple[LoginAttempt, ...] | None = None
    readable: bool = True
    limits: ProfileLimits | None = None
    access_control: bool | None = None
    other_apps: tuple[str, ...] = ()


class Entry(Enum):
    """Whether somebody gets in."""

    YES = auto()
    NO = auto()
    UNKNOWN = auto()


class Why(Enum):
    """What decides."""

    INACTIVE = auto()
    FROZEN = auto()
    BLOCKED = auto()
    NOT_INSTALLED = auto()
    NOT_GRANTED = auto()
    CONTROLLED = auto()
    EXPIRED = auto()
    GROUP_STALE = auto()
    GROUP_WITHHOLDS = auto()
    SESSION_BASED = auto()
    TWO_APPS = auto()
    APP_NEVER_SEEN = auto()
    APP_UNSEEN = auto()
    ACTIVE_UNREAD = auto()
    FROZEN_UNREAD = auto()
    BLOCKED_UNREAD = auto()
    BLOCK_UNTOLD = auto()
    POLICY_UNREAD = auto()
    GRANTS_UNREAD = auto()
    UNINSTALLED_UNREAD = auto()
    ANY_CLIENT = auto()
    ANY_CLIENT_UNREAD = auto()
    NOT_STANDARD = auto()
    SELF_AUTHORIZE = auto()
    GRANTED = auto()
    APPROVES_UNINSTALLED = auto()


@dataclass(frozen=True, slots=True)
class Verdict:
    """``grants`` are those that decide, where any do."""

    entry: Entry
    why: Why
    grants: tuple[Grant, ...] = ()


def verdict(user: OrgUser, app: UserOfApp) -> Verdict:
    """Whether ``user`` may connect through ``app``. What refuses for certain comes before what is not known."""
    found = _refused(user, app) or _not_known(user, app) or _let_in(app)
    if found.entry is Entry.YES and not user.standard:
        return Verdict(Entry.UNKNOWN, Why.NOT_STANDARD, found.grants)
    return found


def _refused(user: OrgUser, app: UserOfApp) -> Verdict | None:
    if user.active is False:
        return Verdict(Entry.NO, Why.INACTIVE)
    if user.frozen:
        return Verdict(Entry.NO, Why.FROZEN)
    if app.blocked or app.state is AppState.BLOCKED:
        return Verdict(Entry.NO, Why.BLOCKED)
    if app.twin:  # what is true of one of them says little: which of them is Flosum's is not known
        return Verdict(Entry.UNKNOWN, Why.TWO_APPS)
    if app.state is AppState.NOT_INSTALLED and user.approves_uninstalled is False:
        return Verdict(Entry.NO, Why.NOT_INSTALLED)
    if app.state is AppState.INSTALLED and app.needs_grant and app.grants is not None:
        return _not_granted(user, app, app.grants)
    return None


def _not_granted(user: OrgUser, app: UserOfApp, grants: tuple[Grant, ...]) -> Verdict | None:
    """Why none of the grants counts for certain; None where one may, or another permission may let them in."""
    if any(not grant.expired for grant in grants) or _may_use_any_client(user, app):
        return None
    if grants:
        return Verdict(Entry.NO, Why.EXPIRED, grants)
    return Verdict(Entry.NO, Why.NOT_GRANTED if app.policy is Policy.ADMIN_APPROVED else Why.CONTROLLED)


def _may_use_any_client(user: OrgUser, app: UserOfApp) -> bool:
    """Only an org with API Access Control knows that permission: elsewhere its being unread says nothing."""
    return user.any_client or (user.any_client is None and app.controlled is True)


def _not_known(user: OrgUser, app: UserOfApp) -> Verdict | None:
    """The first fact that decides and is not known."""
    missing = {
        Why.APP_NEVER_SEEN: app.state is AppState.NOT_SEEN,
        Why.APP_UNSEEN: app.state is AppState.UNREADABLE,
        Why.ACTIVE_UNREAD: user.active is None,
        Why.FROZEN_UNREAD: user.frozen is None,
        Why.BLOCKED_UNREAD: app.blocked is None,
        Why.BLOCK_UNTOLD: app.block_untold and app.state is AppState.INSTALLED,
    }
    if (why := next((why for why, is_missing in missing.items() if is_missing), None)) is not None:
        return Verdict(Entry.UNKNOWN, why)
    if app.state is AppState.NOT_INSTALLED:
        # Salesforce lets them in although nothing is installed.
        if user.approves_uninstalled:
            return Verdict(Entry.YES, Why.APPROVES_UNINSTALLED)
        return Verdict(Entry.UNKNOWN, Why.UNINSTALLED_UNREAD)
    if app.policy is None:
        return Verdict(Entry.UNKNOWN, Why.POLICY_UNREAD)
    if app.needs_grant and app.grants is None:
        return Verdict(Entry.UNKNOWN, Why.GRANTS_UNREAD)
    if app.needs_grant and all(grant.expired for grant in app.grants or ()):
        return Verdict(Entry.UNKNOWN, Why.ANY_CLIENT if user.any_client else Why.ANY_CLIENT_UNREAD)
    return None


def _let_in(app: UserOfApp) -> Verdict:
    if not app.needs_grant:
        return Verdict(Entry.YES, Why.SELF_AUTHORIZE)
    grants = tuple(grant for grant in app.grants or () if not grant.expired)
    sure = tuple(grant for grant in grants if _counts(grant))
    if sure:
        return Verdict(Entry.YES, Why.GRANTED, sure)
    stale = tuple(grant for grant in grants if grant.kind is Way.GROUP and grant.status != UPDATED)
    if stale:
        return Verdict(Entry.UNKNOWN, Why.GROUP_STALE, stale)
    if withheld := tuple(grant for grant in grants if grant.withheld):
        return Verdict(Entry.UNKNOWN, Why.GROUP_WITHHOLDS, withheld)
    return Verdict(Entry.UNKNOWN, Why.SESSION_BASED, grants)


def _counts(grant: Grant) -> bool:
    is_behind = grant.kind is Way.GROUP and grant.status != UPDATED
    return not (grant.session_based or grant.withheld or is_behind)
