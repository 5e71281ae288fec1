"""What a reading could not tell and the one before did. It is not forgotten: nothing becomes ready by not being read.

The setup audit trail, API Access Control, and who is frozen or was let in for a time, are read by questions that may be
refused for a moment while all else is answered.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.model import AppFacts, AppState, Doubt, OrgFacts, Policy, short_id


def carried(facts: OrgFacts, earlier: OrgFacts | None) -> OrgFacts:
    """``facts`` with what ``earlier`` ones of the same Salesforce org told of what keeps people out."""
    if earlier is None or not _is_same(facts.organization_id, earlier.organization_id):
        return facts
    before = {app.name: app for app in earlier.apps}
    return replace(facts, apps=tuple(_carried(app, before.get(app.name)) for app in facts.apps))


def _is_same(now: str | None, before: str | None) -> bool:
    """A sandbox that was refreshed is another org: what production has decides there."""
    return not now or not before or short_id(now) == short_id(before)


def _carried(app: AppFacts, before: AppFacts | None) -> AppFacts:
    if before is None or app.state is not AppState.INSTALLED:
        return app
    if app.permitted_users is Policy.SELF_AUTHORIZE and app.controlled is None and before.controlled:
        app = replace(app, controlled=True)
    was_blocked = before.state is AppState.BLOCKED or Doubt.BLOCK_UNREAD in before.doubts
    if app.history is None and was_blocked:
        app = replace(app, doubts=(*app.doubts, Doubt.BLOCK_UNREAD))
    return app if before.users_with_access else _still_out(app, before)


def _still_out(app: AppFacts, before: AppFacts) -> AppFacts:
    """Where all who are granted were frozen, or their assignments over, nobody is let in by not being told apart."""
    frozen, ended = app.frozen_users, app.ended_users
    if before.frozen_users and frozen is None:
        frozen = before.frozen_users
    if before.ended_users and ended is None:
        ended = before.ended_users
    if not app.users_with_access or (frozen, ended) == (app.frozen_users, app.ended_users):
        return app
    return replace(app, users_with_access=None, frozen_users=frozen, ended_users=ended)
