"""The port ``Connections``: changes of connected orgs, their credentials, and logins under way."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta

from bot.adapters.store import records
from bot.adapters.store.base import StorePart
from bot.adapters.store.statements import Scope
from bot.adapters.store.tables import (
    digest_history,
    guide_ticks,
    notices,
    org_credentials,
    org_facts,
    org_verdicts,
    org_writes,
    orgs,
    snoozes,
    subscriptions,
    tickets,
)
from bot.domain import selection
from bot.domain.answers.markup import code
from bot.domain.digest.notices import Notice, with_new_name
from bot.domain.errors import AskerError, AssistantError, LoginLost, OrgUnreachable
from bot.domain.model import Credentials, Failure, KeptOrg, Org, OrgFacts

REFRESH_PATIENCE = 20.0  # seconds: longer than a refresh takes with all its time-outs
_EXPIRED_KEPT = timedelta(days=1)
_PROBE = "probe"
_PROBE_SIZE = 32_768  # letters: what a large reading of an org takes, so that it is told before one is lost


class SqlConnections(StorePart):
    """What the store keeps of connected orgs beyond reading them."""

    def save_org(self, org: Org) -> None:
        """Replace what is kept of the org of that workspace and name, its tags aside; nothing if it is gone."""
        values = records.org_values(org)
        del values["tags"]  # somebody may change them meanwhile
        with self._database.writing(org.workspace) as scope:
            scope.change(orgs, orgs.c.key == values.pop("key"), **values)

    def change_tags(self, org: Org, change: Callable[[Sequence[str]], Sequence[str]]) -> tuple[Org, Org]:
        """Give an org the tags that ``change`` makes of those it has now; the org before and after.

        In one transaction, so that of two people who add one each both are kept. Raises AskerError when it is gone.
        """
        with self._database.writing(org.workspace) as scope:
            row = next(iter(scope.locked(orgs, orgs.c.key == records.folded(org.name))), None)
            if row is None:
                raise not_connected(org.name)
            before = records.org_record(row)
            after = replace(before, tags=tuple(change(before.tags)))
            scope.change(orgs, orgs.c.key == row.key, tags=after.tags)
        return before, after

    def hindered(self) -> Sequence[tuple[str, tuple[str, ...]]]:
        """For the operator: each org (workspace/name) whose connection lacked permissions when it was last read."""
        read = [(row, records.facts_record(row)) for row in self._database.everywhere(org_facts)]
        found = [
            (f"{row.workspace}/{row.org_key}", facts.missing_permissions)
            for row, facts in read
            if facts and facts.missing_permissions
        ]
        return sorted(found)

    def rename_org(self, workspace: str, name: str, new_name: str) -> Org:
        """Give an org another name, in the past weeks too. Raises AskerError when there is none, or it is taken."""
        refuse_unstorable(new_name)
        key = records.folded(name)
        with self._database.moving(workspace, workspace) as (old, new):
            # Setting the name to itself locks the row: no token may be refreshed into it while it moves.
            old.change(orgs, orgs.c.key == key, key=key)
            row = old.row(orgs, orgs.c.key == key)
            if row is None:
                raise not_connected(name)
            org = records.org_record(row)
            renamed = replace(org, name=new_name, failure=_renamed_in(org, new_name))
            if key == records.folded(new_name):
                old.change(orgs, orgs.c.key == key, name=new_name, **records.failure_values(renamed.failure))
            elif not self._move(old, new, org, renamed):
                raise taken(new_name)
            _rename_in_history(old, org.name, new_name)
            _rename_in_subscriptions(old, org.name, new_name)
            _rename_in_notices(old, org.name, new_name)
        return renamed

    def credentials(self, org: Org) -> Credentials:
        """The decrypted credentials.

        Raises LoginLost when no key of ours opens them, AskerError when the org was removed meanwhile.
        """
        with self._database.reading(org.workspace) as scope:
            return records.credentials_record(self._opened(scope, org))

    def _kept(self, org: Org, sealed: str | None, facts: OrgFacts | None) -> KeptOrg:
        """All that is kept of an org; what cannot be opened is that org's own trouble."""
        try:
            return KeptOrg(org, records.credentials_record(self._open(sealed, org)), facts)
        except AssistantError as error:
            return KeptOrg(org, error, facts)
        except (ValueError, TypeError):  # a newer version's words; the others' must still be read
            return KeptOrg(org, _unreadable(org), facts)

    def save_credentials(self, org: Org, credentials: Credentials) -> None:
        """Replace an org's credentials in one step. Raises AskerError when the org was removed meanwhile."""
        key = records.folded(org.name)
        with self._database.writing(org.workspace) as scope:
            if not scope.change(orgs, orgs.c.key == key, key=key):
                raise not_connected(org.name)
            self._seal(scope, org.workspace, key, records.credentials_text(credentials))

    def set_reconnect(self, org: Org, *, needed: bool, said: Sequence[Notice] = ()) -> bool:
        """Note whether an org must be connected again, and keep what is to be said of it, in one transaction.

        False, and nothing is said, where that is no news.
        """
        key = records.folded(org.name)
        with self._database.writing(org.workspace) as scope:
            is_news = scope.change(orgs, orgs.c.key == key, orgs.c.reconnect != needed, reconnect=needed) > 0
            for notice in said if is_news else ():
                scope.add(notices, **records.notice_values(notice))
        return is_news

    def refreshing(self, org: Org) -> AbstractContextManager[None]:
        """Hold the one right to refresh this org's token, across threads and, on PostgreSQL, processes.

        Read the credentials inside: whoever held it before may have changed them. Not to be nested for one org.
        Raises OrgUnreachable when another refresh takes longer than 20 seconds.
        """
        busy = OrgUnreachable(
            f"The token of `{org.name}` is being refreshed, and that takes long. Try again in a minute."
        )
        name = records.qualified("refreshing", org.workspace, records.folded(org.name))
        return self._locks.held(name, REFRESH_PATIENCE, busy)

    # --- tickets ---------------------------------------------------------------------------------------

    def put_ticket(self, kind: str, ticket: str, payload: str, expires_at: datetime) -> None:
        """Keep something for one later use, sealed. ``ticket`` is random, and kept as its SHA-256 only.

        Those of a kind live about equally long, so one that ended a day before this one will is of no use any more.
        """
        digest = _digest(ticket)
        sealed = self._vault.seal(payload, ticket_context(kind, digest))
        with self._database.outside() as rows:
            rows.drop(tickets, tickets.c.kind == kind, tickets.c.expires_at < expires_at - _EXPIRED_KEPT)
            rows.put(tickets, digest=digest, kind=kind, sealed=sealed, expires_at=expires_at)

    def take_ticket(self, kind: str, ticket: str, now: datetime) -> str | None:
        """Give the payload and forget it, in one atomic statement; None if it is used, unknown or too old."""
        digest = _digest(ticket)
        fits = (tickets.c.digest == digest, tickets.c.kind == kind, tickets.c.expires_at > now)
        with self._database.outside() as rows:
            row = rows.take(tickets, *fits)
        if row is None:
            return None
        return self._vault.open(row.sealed, ticket_context(kind, digest), name="the login under way")

    def forget_tickets(self, before: datetime) -> int:
        """Forget those that ended before then; how many there were."""
        with self._database.outside() as rows:
            return rows.drop(tickets, tickets.c.expires_at < before)

    def try_writing(self, now: datetime) -> None:
        """Write something and take it back, so that nothing is left. Raises OperatorError where that cannot be done.

        Read-only is told by any write; a full disk only by one that needs room, so this one needs some pages of it.
        """
        digest = _digest(secrets.token_hex(16))
        with self._database.outside() as rows:
            rows.add(tickets, digest=digest, kind=_PROBE, sealed="x" * _PROBE_SIZE, expires_at=now)
            rows.drop(tickets, tickets.c.digest == digest)

    # --- moving ----------------------------------------------------------------------------------------

    def adopt(self, source: str, workspace: str) -> int:
        """Move the orgs of ``source`` to ``workspace`` where no org has that name; how many were moved.

        Raises OperatorError, and moves none, when no key of ours opens the credentials of one of them.
        """
        with self._database.moving(source, workspace) as (old, new):
            found = [records.org_record(row) for row in old.rows(orgs)]
            return sum(self._move(old, new, org, replace(org, workspace=workspace)) for org in found)

    def _move(self, old: Scope, new: Scope, org: Org, target: Org) -> bool:
        """Credentials are sealed anew, because they open only in the row that they were sealed for."""
        key, new_key = records.folded(org.name), records.folded(target.name)
        if not new.add(orgs, **records.org_values(target)):
            return False
        self._seal(new, target.workspace, new_key, self._opened(old, org))
        reading = old.row(org_facts, org_facts.c.org_key == key)
        if reading is not None:
            new.put(org_facts, org_key=new_key, **records.reading_values(reading))
        for table in (snoozes, org_verdicts, org_writes, guide_ticks):
            for row in old.rows(table, table.c.org_key == key):
                new.put(table, **{**row._asdict(), "workspace": target.workspace, "org_key": new_key})
        return old.drop(orgs, orgs.c.key == key) > 0

    def _seal(self, scope: Scope, workspace: str, key: str, text: str) -> None:
        sealed = self._vault.seal(text, records.credentials_context(workspace, key))
        scope.put(org_credentials, org_key=key, sealed=sealed)

    def _opened(self, scope: Scope, org: Org) -> str:
        key = records.folded(org.name)
        row = scope.row(org_credentials, org_credentials.c.org_key == key)
        return self._open(row.sealed if row else None, org)

    def _open(self, sealed: str | None, org: Org) -> str:
        if sealed is None:
            raise not_connected(org.name)
        context = records.credentials_context(org.workspace, records.folded(org.name))
        return self._vault.open(sealed, context, name=org.name)


def refuse_unstorable(name: str) -> None:
    """Raise AskerError unless somebody could type this name."""
    if not name.strip() or not name.isprintable():
        raise AskerError("That name cannot be stored: it is empty, or holds letters that cannot be printed.")


def taken(name: str) -> AskerError:
    """The refusal of a name that another org has."""
    return AskerError(f"An org called `{name}` is connected already. Choose another name for this one.")


def not_connected(name: str) -> AskerError:
    """The refusal where an org is gone."""
    return AskerError(f"`{name}` is not connected any more.")


def _unreadable(org: Org) -> LoginLost:
    return LoginLost(
        f"What is kept of the login to {code(org.name)} was written by another version. Upgrade this assistant, or "
        "connect the org again."
    )


def _renamed_in(org: Org, new_name: str) -> Failure | None:
    """The sentence about its latest attempt names the org."""
    return org.failure and replace(org.failure, text=org.failure.text.replace(code(org.name), code(new_name)))


def _rename_in_history(scope: Scope, name: str, new_name: str) -> None:
    """What missed for five weeks before still does: streaks are counted by name."""
    for row in scope.rows(digest_history):
        if name in row.ready or name in row.missing:
            ready, missing = (
                [new_name if each == name else each for each in names] for names in (row.ready, row.missing)
            )
            same = (digest_history.c.subscription == row.subscription, digest_history.c.slot == row.slot)
            scope.change(digest_history, *same, ready=ready, missing=missing)


def _rename_in_subscriptions(scope: Scope, name: str, new_name: str) -> None:
    """What was set for an org by its name goes on for it; else its digest would be about none, or about others."""
    every = [records.org_record(row) for row in scope.rows(orgs)]
    for row in scope.rows(subscriptions):
        if (line := selection.with_new_name(row.orgs, every, name, new_name)) != row.orgs:
            scope.change(subscriptions, subscriptions.c.id == row.id, orgs=line)


def _rename_in_notices(scope: Scope, name: str, new_name: str) -> None:
    """What was said of it is not said again, and that it is ready again is said where it was said that it was not."""
    for row in scope.rows(notices):
        key, behind = (each and with_new_name(each, name, new_name) for each in (row.key, row.behind))
        if (key, behind) != (row.key, row.behind):
            scope.change(notices, notices.c.key == row.key, key=key, behind=behind)


def _digest(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest()


def ticket_context(kind: str, digest: str) -> str:
    """The vault's context of a ticket's payload."""
    return records.qualified("tickets", kind, digest)
