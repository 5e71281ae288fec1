"""What is true of each app that an org needs, told apart as finely as what is to be done about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, auto

from bot.domain.answers.humanize import listed
from bot.domain.model import FLOSUM_APPS, AppAction, AppEvent, AppFacts, AppState, Doubt, OrgFacts


class Finding(IntEnum):
    """What is true of one app that an org needs, the most urgent first: those that need a step, those that leave
    open whether anybody can get in, those that are fine."""

    BLOCKED = auto()
    MISSING = auto()
    UNINSTALLED = auto()
    NOBODY_GRANTED = auto()
    CONTROLLED = auto()
    ONLY_FROZEN = auto()
    ONLY_ENDED = auto()
    STALE_GROUP = auto()
    SESSION_ONLY = auto()
    EMPTY_PROFILES = auto()
    NOBODY_ACTIVE = auto()
    REFRESHED = auto()
    ONE_NOT_INSTALLED = auto()
    TWO_APPS = auto()
    BOTH_KINDS = auto()
    BLOCK_UNREAD = auto()
    QUESTION_REFUSED = auto()
    HIDDEN = auto()
    TOO_MANY = auto()
    HIDDEN_POLICY = auto()
    HIDDEN_GRANTS = auto()
    UNCOUNTED = auto()
    UNSEEN = auto()
    BLOCK_UNTOLD = auto()
    OPEN = auto()
    CONTROL_UNREAD = auto()
    GROUP_BEHIND = auto()
    GRANT_UNNAMED = auto()
    GRANTS_CUT = auto()
    FROZEN_UNSEEN = auto()
    TOKENS_CUT = auto()
    THROUGH = auto()

    @property
    def word(self) -> str:
        """Its stable word for programs."""
        return self.name.lower().replace("_", "-")


FINE = Finding.BLOCK_UNTOLD
"""From here on nothing is known to keep people out."""

NOBODY_GETS_IN = frozenset(
    {
        Finding.NOBODY_GRANTED,
        Finding.CONTROLLED,
        Finding.ONLY_FROZEN,
        Finding.ONLY_ENDED,
        Finding.STALE_GROUP,
        Finding.SESSION_ONLY,
        Finding.EMPTY_PROFILES,
        Finding.NOBODY_ACTIVE,
    }
)
"""What is true of an installed app through which nobody may connect."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One needed app and what is true of it, the most urgent first; never nothing."""

    name: str
    findings: tuple[Finding, ...]
    external: bool = False

    @property
    def finding(self) -> Finding:
        """What leads."""
        return self.findings[0]


def judge(name: str, facts: OrgFacts) -> Judged:
    """What ``facts`` say of the app ``name``; an app without facts could not be read."""
    app = next((app for app in facts.apps if app.name == name), None)
    if app is None:
        return Judged(name, (Finding.HIDDEN,))
    found = sorted(_findings(app))
    # A refresh ends the tokens; that there are any shows that they were made anew.
    if facts.refreshed_at and found[0] >= FINE and not app.connected_users:
        found.insert(0, Finding.REFRESHED)
    return Judged(name, tuple(found), app.external)


def leading(judged: Sequence[Judged]) -> tuple[Finding, list[str]]:
    """What is most urgent of several apps, and of which it is true. What a policy opens to all may be closed by
    API Access Control: that it was not read is told with it."""
    worst = min((app.finding for app in judged), default=Finding.THROUGH)
    mine = [app for app in judged if app.finding is worst]
    if worst is Finding.OPEN and any(Finding.CONTROL_UNREAD in app.findings for app in mine):
        worst = Finding.CONTROL_UNREAD
    return worst, [app.name for app in mine]


def block_unseen(app: AppFacts) -> bool:
    """Whether nothing tells if the app is blocked: no audit trail, or a newest line that cannot be told."""
    newest = bearing(app.history)
    return app.history is None or (newest is not None and newest.action is None)


def may_be_blocked(app: AppFacts) -> bool:
    """Whether it is open if the app is blocked, for either reason."""
    return block_unseen(app) or block_untold(app.history, app.connected_users)


def bearing(history: Sequence[AppEvent] | None) -> AppEvent | None:
    """The newest line that says whether the app is there, or may; None where there is none."""
    return next((event for event in history or () if event.action is not AppAction.POLICY_CHANGED), None)


_OPENED = (AppAction.INSTALLED, AppAction.UNBLOCKED)


def block_untold(history: Sequence[AppEvent] | None, connected_users: int | None) -> bool:
    """Whether nothing speaks against a block of an installed app.

    The trail goes back 180 days, so one that is older left no line. What tells is a line that it was opened since, or
    a token: a block ends them all, and none is made behind it.
    """
    newest = bearing(history)
    return not connected_users and (newest is None or newest.action not in _OPENED)


def is_uninstalled(app: AppFacts) -> bool:
    """Whether an app is gone with all its tokens, so that the page with *Install* may not list it."""
    newest = bearing(app.history)
    is_gone = app.state is AppState.NOT_INSTALLED and not app.connected_users
    return is_gone and newest is not None and newest.action is AppAction.UNINSTALLED


# Which of two apps of one name is Flosum's cannot be told, so what is granted to one of them says little.
TWIN_FINDINGS: Mapping[Doubt, Finding] = {
    Doubt.ONE_NOT_INSTALLED: Finding.ONE_NOT_INSTALLED,
    Doubt.TWO_APPS: Finding.TWO_APPS,
    Doubt.BOTH_KINDS: Finding.BOTH_KINDS,
}
_CAUTIONS: Mapping[Doubt, Finding] = {
    Doubt.GRANT_HIDDEN: Finding.GRANT_UNNAMED,
    Doubt.GRANTS_CUT: Finding.GRANTS_CUT,
    Doubt.FROZEN_UNSEEN: Finding.FROZEN_UNSEEN,
    Doubt.TOKENS_CUT: Finding.TOKENS_CUT,
}


def _findings(app: AppFacts) -> Sequence[Finding]:
    twins = [finding for doubt, finding in TWIN_FINDINGS.items() if doubt in app.doubts]
    if app.state is AppState.INSTALLED:
        found = twins or ([Finding.BLOCK_UNREAD] if Doubt.BLOCK_UNREAD in app.doubts else _of_installed(app))
        is_untold = min(found) > FINE and block_untold(app.history, app.connected_users)
        return [Finding.BLOCK_UNTOLD, *found] if is_untold else found
    if app.state is AppState.UNREADABLE:
        if Doubt.QUESTION_REFUSED in app.doubts:
            return [Finding.QUESTION_REFUSED]
        return [Finding.TOO_MANY if Doubt.TOKENS_CUT in app.doubts else Finding.HIDDEN]
    leading = {
        AppState.BLOCKED: Finding.BLOCKED,
        AppState.NOT_INSTALLED: Finding.UNINSTALLED if is_uninstalled(app) else Finding.MISSING,
        AppState.NOT_SEEN: Finding.UNSEEN,
    }
    return [leading[app.state], *twins]


def _of_installed(app: AppFacts) -> Sequence[Finding]:
    refused = Doubt.QUESTION_REFUSED in app.doubts
    if app.permitted_users is None:
        return [Finding.QUESTION_REFUSED if refused and app.external else Finding.HIDDEN_POLICY]
    if not app.needs_grant:
        found = {Finding.CONTROL_UNREAD: app.controlled is None, Finding.TOKENS_CUT: Doubt.TOKENS_CUT in app.doubts}
        return [Finding.OPEN, *(caution for caution, holds in found.items() if holds)]
    if app.users_with_access:
        return _of_let_in(app)
    if app.profiles is None or app.permission_sets is None:
        return [Finding.QUESTION_REFUSED if refused else Finding.HIDDEN_GRANTS]
    if not app.profiles and not app.permission_sets and Doubt.GRANT_HIDDEN not in app.doubts:
        return [Finding.CONTROLLED if app.controlled else Finding.NOBODY_GRANTED]
    if app.users_with_access is None:
        return [Finding.QUESTION_REFUSED if refused else Finding.UNCOUNTED]
    return _of_nobody(app)


def _of_let_in(app: AppFacts) -> Sequence[Finding]:
    """People can get in; what is not quite certain beside that."""
    found = [finding for doubt, finding in _CAUTIONS.items() if doubt in app.doubts]
    found += [Finding.GROUP_BEHIND] if app.stale_groups else []
    return found or [Finding.THROUGH]


def _of_nobody(app: AppFacts) -> Sequence[Finding]:
    """Access is granted, and lets nobody in: why."""
    only_profiles = bool(app.profiles) and not app.permission_sets and Doubt.GRANT_HIDDEN not in app.doubts
    reasons = {
        Finding.ONLY_FROZEN: bool(app.frozen_users),
        Finding.ONLY_ENDED: bool(app.ended_users),
        Finding.STALE_GROUP: bool(app.stale_groups),
        Finding.SESSION_ONLY: Doubt.SESSION_BASED in app.doubts,
        Finding.EMPTY_PROFILES: only_profiles and not app.frozen_users,
    }
    return [finding for finding, holds in reasons.items() if holds] or [Finding.NOBODY_ACTIVE]


def named(apps: Sequence[str]) -> str:
    """The apps as a sentence names them."""
    return "both Flosum apps" if set(apps) == set(FLOSUM_APPS) else listed([f"**{app}**" for app in apps])
