"""What was read of one app, as a line of evidence: as much as the reading proves, and what it leaves open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.answers import Item, State
from bot.domain.answers.humanize import age, counted
from bot.domain.answers.markup import literal
from bot.domain.model import AppFacts, AppState, Diagnosis, Doubt, Org, OrgFacts, Policy, Verdict
from bot.domain.orgs import app_history
from bot.domain.orgs.diagnosis import verdict_of
from bot.domain.orgs.findings import Finding, block_unseen, block_untold, judge

_STATES: Mapping[AppState, tuple[State, str]] = {
    AppState.INSTALLED: (State.READY, "installed"),
    AppState.NOT_INSTALLED: (State.MISSING, "not installed"),
    AppState.NOT_SEEN: (State.UNKNOWN, "not seen: neither the app nor a token of it"),
    AppState.UNREADABLE: (State.UNKNOWN, "cannot be read with this connection's permissions"),
    AppState.BLOCKED: (State.MISSING, "blocked"),
}
_UNREAD_OTHERWISE: Mapping[Finding, str] = {
    Finding.QUESTION_REFUSED: "not read: Salesforce refused the question, and not for lack of a permission",
    Finding.TOO_MANY: "not found among the first 2,500 tokens",
}
_BY_VERDICT = {
    Verdict.READY: State.READY,
    Verdict.ACTION_NEEDED: State.NEEDS_STEP,
    Verdict.UNKNOWN: State.UNKNOWN,
}
_BESIDE: Mapping[Doubt, str] = {
    Doubt.ONE_NOT_INSTALLED: "another app of this name is not installed",
    Doubt.TWO_APPS: "there is another app of this name",
    Doubt.BOTH_KINDS: "there is an external client app of this name too",
    Doubt.BLOCK_UNREAD: "blocked when that could last be read",
}
_POLICIES: Mapping[Policy | None, str] = {
    Policy.ADMIN_APPROVED: "admin-approved",
    Policy.SELF_AUTHORIZE: "all users may self-authorize",
    None: "Permitted Users cannot be read",
}


def app_evidence(
    app: AppFacts, facts: OrgFacts, org: Org, now: datetime, *, grants: bool = True, tokens: bool = True
) -> Item:
    """One app of a reading: its state, who may use it, who does. What is told elsewhere is left out."""
    finding = judge(app.name, facts).finding
    state, words = _STATES[app.state]
    if app.state is AppState.INSTALLED:
        state = _BY_VERDICT[verdict_of(finding)]
    details = [_UNREAD_OTHERWISE.get(finding, words) if app.state is AppState.UNREADABLE else words]
    if event := app_history.explains(app):
        told = app_history.told(event, now)
        details[0] = told if told.startswith(words) else f"{words}, {told}"
    details += [words for doubt, words in _BESIDE.items() if doubt in app.doubts]
    details += ["nothing tells whether it is blocked"] if finding is Finding.BLOCK_UNTOLD else []
    if app.state in (AppState.INSTALLED, AppState.BLOCKED):
        is_open = app.permitted_users is Policy.SELF_AUTHORIZE
        controlled = ", but API Access Control is on" if app.controlled and is_open else ""
        details.append(f"{_POLICIES[app.permitted_users]}{controlled}")
        details += _grants(app) if app.needs_grant and grants else []
    details += _use(app, now) if tokens else []
    if app.name not in org.apps:
        details.append("not needed for this org")
    return Item(f"**{literal(app.name)}**", " · ".join(details), state)


def _use(app: AppFacts, now: datetime) -> list[str]:
    details = []
    if app.connected_users:
        least = "at least " if Doubt.TOKENS_CUT in app.doubts else ""
        details.append(f"{least}{counted(app.connected_users, 'person', 'people')} connected")
    if app.last_used is not None:
        details.append(f"last used {age(app.last_used, now)}")
    return details


def in_brief(app: AppFacts, facts: OrgFacts, org: Org, now: datetime, *, history: bool = True) -> Item:
    """The same in few words: its state, whom it lets in, when it was used, what was done to it last (``history``)."""
    whole = app_evidence(app, facts, org, now)
    details = [_UNREAD_BRIEFLY if app.state is AppState.UNREADABLE else _STATES[app.state][1].partition(":")[0]]
    event = app_history.explains(app)
    if event and (history or app.state is not AppState.INSTALLED):
        details = [app_history.told(event, now)]
    if app.state is AppState.INSTALLED:
        details += _let_in(app)
    if app.last_used is not None and app.name in org.apps:
        details.append(f"used {age(app.last_used, now)}")
    if app.name not in org.apps:
        details.append("not needed here")
    if history and app.history and app.history[0] is not event:
        details.append(app_history.latest(app, now))
    is_untold = judge(app.name, facts).finding is Finding.BLOCK_UNTOLD
    if app.doubts or app.frozen_users or app.ended_users or app.stale_groups or is_untold:
        details.append("with reservations")
    return Item(whole.name, " · ".join(details), whole.state)


_UNREAD_BRIEFLY = "cannot be read"


def _let_in(app: AppFacts) -> list[str]:
    if not app.needs_grant:
        return ["open to all" if app.controlled is False else "self-authorize"]
    if app.users_with_access is None:
        return []
    if not (app.profiles or app.permission_sets or app.users_with_access):
        return ["nobody granted"]
    return [counted(app.users_with_access, "user", "users")]


def other_apps(names: Sequence[str]) -> str:
    """Apps under other names, which may be Flosum's all the same."""
    return f"Other apps here with Flosum in their name: {_names(names)}"


def may_be_renamed(names: Sequence[str]) -> str:
    """The same where one of ours was not found."""
    return f"{other_apps(names)}. One of them may be ours under another name."


def unseen_blocks(found: Diagnosis) -> str:
    """Said beside a reading in which an installed app may be blocked for all that can be seen; else nothing."""
    installed = [app for app in found.needed_apps if app.state is AppState.INSTALLED]
    unseen = [app for app in installed if block_unseen(app) and not block_untold(app.history, app.connected_users)]
    return "whether it is blocked cannot be seen" if unseen else ""


def _grants(app: AppFacts) -> list[str]:
    if app.profiles is None or app.permission_sets is None:
        return ["who is granted cannot be read"]
    unnamed = Doubt.GRANT_HIDDEN in app.doubts
    if not app.profiles and not app.permission_sets and not unnamed:
        return ["nobody granted"]
    least = "at least " if Doubt.GRANTS_CUT in app.doubts else ""
    granted = []
    if app.profiles:
        granted.append(f"{least}{counted(len(app.profiles), 'profile', 'profiles')} ({_names(app.profiles)})")
    if app.permission_sets:
        sets = counted(len(app.permission_sets), "permission set", "permission sets")
        granted.append(f"{least}{sets} ({_names(app.permission_sets)})")
    granted += ["grants whose names do not show"] if unnamed else []
    return [", ".join([*granted, *_people(app)])]


def _people(app: AppFacts) -> list[str]:
    """How many that lets in, and who is not counted."""
    if app.users_with_access is None:
        return ["how many users that lets in cannot be read"]
    found = [f"{counted(app.users_with_access, 'user', 'users')} with access"]
    if Doubt.FROZEN_UNSEEN in app.doubts:
        found.append("frozen ones not told apart")
    if Doubt.QUESTION_REFUSED in app.doubts and app.ended_users is None:
        found.append("ended assignments not told apart")
    if app.frozen_users:
        found.append(f"{app.frozen_users:,} frozen")
    if app.ended_users:
        found.append(f"{counted(app.ended_users, 'assignment', 'assignments')} ended")
    if Doubt.SESSION_BASED in app.doubts:
        found.append("a session-based permission set counts only while activated")
    if app.stale_groups:
        found.append(f"not up to date: {_names(app.stale_groups)}")
    return found


def _names(names: Sequence[str], shown: int = 3) -> str:
    listed = ", ".join(literal(name) for name in names[:shown])
    return listed if len(names) <= shown else f"{listed} and {len(names) - shown} more"
