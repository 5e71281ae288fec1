"""Erasing: a workspace with all that is kept for it, and a person in every workspace, wherever their id stands."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.adapters.store.base import StorePart
from bot.adapters.store.connections import ticket_context
from bot.adapters.store.installations import installation_context, installation_name
from bot.adapters.store.requests import request_context
from bot.adapters.store.statements import EverybodysStatements, UnscopedStatements
from bot.adapters.store.tables import (
    changes,
    digest_slots,
    escalations,
    greeted,
    guide_ticks,
    installations,
    mentions,
    metadata,
    notices,
    org_writes,
    orgs,
    ratings,
    requests,
    snoozes,
    subscriptions,
    tickets,
    trusted,
)
from bot.domain.errors import LoginLost
from bot.domain.model import FORGOTTEN


class SqlForgetting(StorePart):
    """What goes for good."""

    def forget_workspace(self, workspace: str) -> Mapping[str, int]:
        """Delete everything that is kept for a workspace, its own installation included, in one transaction.

        How many rows that were, by table. ``workspace`` may be an enterprise that has the app org-wide; else the
        enterprise's installation stays, as it serves other workspaces.
        """
        own = (installations.c.team == workspace) | (
            (installations.c.enterprise == workspace) & (installations.c.team == "")
        )
        with self._database.leaving(workspace) as (scope, rows):
            # Rows that refer to others first, so that each is counted.
            belonging = [table for table in reversed(metadata.sorted_tables) if "workspace" in table.c]
            erased = {table.name: scope.drop(table) for table in belonging}
            erased[tickets.name] = self._drop_logins(rows, workspace)
            erased[installations.name] = rows.drop(installations, own)
        self._database.settle()
        return erased

    def forget_user(self, user: str) -> Mapping[str, int]:
        """Erase a person; how many rows that concerned, by table.

        The trail's lines stay, because they say what happened, without saying who. What no key of ours opens stays,
        too: nobody can read in it whose it is.
        """
        with self._database.everybodys() as rows:
            erased = {
                orgs.name: _leave_orgs(rows, user),
                trusted.name: rows.drop(trusted, trusted.c.subject == user),
                subscriptions.name: _leave_subscriptions(rows, user),
                changes.name: _leave_trail(rows, user),
                ratings.name: rows.drop(ratings, ratings.c.user == user),
                greeted.name: rows.drop(greeted, greeted.c.user == user),
                snoozes.name: rows.change(snoozes, snoozes.c.by == user, by=FORGOTTEN, reason=""),
                org_writes.name: _leave_writes(rows, user),
                guide_ticks.name: rows.change(guide_ticks, guide_ticks.c.by == user, by=FORGOTTEN),
                notices.name: _drop_notices(rows, user),
                escalations.name: _leave_escalations(rows, user),
                mentions.name: rows.drop(mentions, mentions.c.person == user),
                tickets.name: self._drop_logins(rows, user),
                requests.name: self._drop_requests(rows, user),
                installations.name: self._leave_installations(rows, user),
            }
        self._database.settle()
        return erased

    def _drop_logins(self, rows: EverybodysStatements | UnscopedStatements, name: str) -> int:
        """Logins under way, of a person or of a workspace."""
        theirs = [
            row.digest
            for row in rows.rows(tickets, tickets.c.sealed != "")
            if f'"{name}"' in self._opened_or_nothing(row.sealed, ticket_context(row.kind, row.digest))
        ]
        return rows.drop(tickets, tickets.c.digest.in_(theirs))

    def _drop_requests(self, rows: EverybodysStatements, user: str) -> int:
        """What they asked for and is not done yet."""
        theirs = [
            row.key
            for row in rows.rows(requests, requests.c.sealed != "")
            if f'"{user}"' in self._opened_or_nothing(row.sealed, request_context(row.key))
        ]
        return rows.drop(requests, requests.c.key.in_(theirs))

    def _leave_installations(self, rows: EverybodysStatements, user: str) -> int:
        """Who installed the app stands in what Slack gave for it; its tokens have to stay."""
        count = 0
        for row in rows.locked(installations):  # a token that is refreshed meanwhile must not be lost
            context = installation_context(row.enterprise, row.team)
            payload = self._opened_or_nothing(row.sealed, context, installation_name(row.enterprise, row.team))
            without = payload.replace(f'"user_id": "{user}"', f'"user_id": "{FORGOTTEN}"')
            if without != payload:
                same = (installations.c.enterprise == row.enterprise, installations.c.team == row.team)
                count += rows.change(installations, *same, sealed=self._vault.seal(without, context))
        return count

    def _opened_or_nothing(self, sealed: str, context: str, name: str = "a login under way") -> str:
        try:
            return self._vault.open(sealed, context, name=name)
        except LoginLost:
            return ""


def _leave_orgs(rows: EverybodysStatements, user: str) -> int:
    theirs = (orgs.c.owner == user) | (orgs.c.connected_by == user)
    count = len(rows.rows(orgs, theirs))
    rows.change(orgs, orgs.c.owner == user, owner=None)
    rows.change(orgs, orgs.c.connected_by == user, connected_by=FORGOTTEN)
    return count


def _drop_notices(rows: EverybodysStatements, user: str) -> int:
    """What was said to them or about them between digests; nobody's whose id is only longer."""
    told = notices.c.said.contains(user, autoescape=True) | notices.c.key.contains(user, autoescape=True)
    count = 0
    for row in rows.rows(notices, (notices.c.target == user) | told):
        if row.target == user or _named(user).search(f"{row.key} {row.said}"):
            count += rows.drop(notices, notices.c.workspace == row.workspace, notices.c.key == row.key)
    return count


def _named(user: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(user)}\b")


def _leave_escalations(rows: EverybodysStatements, user: str) -> int:
    """Orgs are escalated all the same, to their owners."""
    theirs = (escalations.c.person == user) | (escalations.c.set_by == user)
    count = len(rows.rows(escalations, theirs))
    rows.change(escalations, escalations.c.person == user, person=None)
    rows.change(escalations, escalations.c.set_by == user, set_by=FORGOTTEN)
    return count


def _leave_subscriptions(rows: EverybodysStatements, user: str) -> int:
    """Their own go; what they set for others stays, and somebody else is told should it fail."""
    rows.change(digest_slots, digest_slots.c.channel == user, channel=FORGOTTEN)
    count = rows.drop(subscriptions, subscriptions.c.target == user)
    return count + rows.change(subscriptions, subscriptions.c.set_by == user, set_by=FORGOTTEN)


def _leave_writes(rows: EverybodysStatements, user: str) -> int:
    wrote, took_back = org_writes.c.by == user, org_writes.c.undo_by == user
    both = rows.change(org_writes, wrote & took_back, by=FORGOTTEN, undo_by=FORGOTTEN)  # a row counts once
    either = rows.change(org_writes, wrote, by=FORGOTTEN), rows.change(org_writes, took_back, undo_by=FORGOTTEN)
    return both + sum(either)


def _leave_trail(rows: EverybodysStatements, user: str) -> int:
    named, count = _named(user), 0
    for row in rows.rows(changes, (changes.c.user == user) | changes.c.subject.contains(user, autoescape=True)):
        who = FORGOTTEN if row.user == user else row.user
        subject = named.sub(FORGOTTEN, row.subject)
        if (who, subject) != (row.user, row.subject):
            count += rows.change(changes, changes.c.number == row.number, user=who, subject=subject)
    return count
