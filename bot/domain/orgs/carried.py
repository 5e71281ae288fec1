"""What a reading could not tell and the one before did. It is not forgotten: nothing becomes ready by not being read.

The setup audit trail, API Access Control, the lists in which a second app of a name would show, and who is frozen or
was let in for a time, are read by questions that may be refused for a moment while all else is answered. So what they
told goes on from reading to reading, also through one in which the app itself could not be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.domain.model import TWINS, AppAction, AppFacts, AppState, Doubt, OrgFacts, short_id
from bot.domain.orgs.findings import bearing

TRAIL = timedelta(days=180)
"""How far an org's setup audit trail goes back."""


def carried(facts: OrgFacts, earlier: OrgFacts | None) -> OrgFacts:
    """``facts`` with what ``earlier`` ones of the same Salesforce org told of what keeps people out."""
    if earlier is None or not _is_same(facts.organization_id, earlier.organization_id):
        return facts
    before = {app.name: app for app in earlier.apps}
    told = facts.checked_at - earlier.checked_at < TRAIL
    apps = (_carried(app, before.get(app.name), told=told, listed=facts.listed) for app in facts.apps)
    return replace(facts, apps=tuple(apps))


def _is_same(now: str | None, before: str | None) -> bool:
    """A sandbox that was refreshed is another org: what production has decides there."""
    return not now or not before or short_id(now) == short_id(before)


_UNSURE = (AppState.INSTALLED, AppState.UNREADABLE, AppState.NOT_SEEN)
"""States that a block, or a second app of the name, changes the meaning of, or that may be followed by such a one."""


def _carried(app: AppFacts, before: AppFacts | None, *, told: bool, listed: bool) -> AppFacts:
    """``told``: what was done to the app since the reading before stands in the trail, where that can be read.

    ``listed``: all lists were read in which a second app of the name would show.
    """
    if before is None or app.state not in _UNSURE:
        return app
    if app.controlled is None and before.controlled:
        app = replace(app, controlled=True)
    if not listed:
        app = _with_doubts(app, [doubt for doubt in before.doubts if doubt in TWINS])
    if not _is_opened(app, before):
        is_told = app.state is AppState.INSTALLED and told and app.history is not None and not _is_unclear(app)
        if before.state is AppState.BLOCKED and is_told:
            return _still_blocked(app, before)
        if before.state is AppState.BLOCKED or Doubt.BLOCK_UNREAD in before.doubts:
            app = _with_doubts(app, [Doubt.BLOCK_UNREAD])
    return app if before.users_with_access or not app.needs_grant else _still_out(app, before)


def _with_doubts(app: AppFacts, more: Sequence[Doubt]) -> AppFacts:
    return replace(app, doubts=(*app.doubts, *(doubt for doubt in more if doubt not in app.doubts)))


def _is_opened(app: AppFacts, before: AppFacts) -> bool:
    """Whether something tells that a block is over: a line of the trail, or tokens where a block had left none."""
    newest, had_none = bearing(app.history), before.connected_users == 0
    return (newest is not None and newest.action is not None) or (had_none and bool(app.connected_users))


def _is_unclear(app: AppFacts) -> bool:
    """Whether there is something that may come of an end of the block: a line that cannot be told, or tokens."""
    return bearing(app.history) is not None or bool(app.connected_users)


def _still_blocked(app: AppFacts, before: AppFacts) -> AppFacts:
    """Its line has left the trail, and none came that ended it."""
    kept = [event for event in before.history or () if event.action is AppAction.BLOCKED][:1]
    return replace(app, state=AppState.BLOCKED, history=(*(app.history or ()), *kept))


def _still_out(app: AppFacts, before: AppFacts) -> AppFacts:
    """Where all who are granted were frozen, or their assignments over, nobody is let in by not being told apart."""
    frozen, ended = app.frozen_users, app.ended_users
    if before.frozen_users and frozen is None:
        frozen = before.frozen_users
    if before.ended_users and ended is None:
        ended = before.ended_users
    if app.users_with_access == 0 or (frozen, ended) == (app.frozen_users, app.ended_users):
        return app
    return replace(app, users_with_access=None, frozen_users=frozen, ended_users=ended)
