"""What the assistant remembers, on SQLite or PostgreSQL: orgs and claims here, the rest in the bases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from bot.adapters.store import migrations as stored_migrations
from bot.adapters.store import records
from bot.adapters.store.base import Sealer
from bot.adapters.store.connections import SqlConnections, refuse_unstorable, taken
from bot.adapters.store.conversations import SqlConversations
from bot.adapters.store.database import Database
from bot.adapters.store.departures import SqlDepartures
from bot.adapters.store.digest_slots import SqlDigestSlots
from bot.adapters.store.forgetting import SqlForgetting
from bot.adapters.store.governance import SqlGovernance
from bot.adapters.store.installations import SqlInstallations
from bot.adapters.store.keys import SqlKeys
from bot.adapters.store.lately import Lately, outlast
from bot.adapters.store.notices import SqlNotices
from bot.adapters.store.org_writes import SqlOrgWrites
from bot.adapters.store.requests import SqlRequests
from bot.adapters.store.serving import Serving
from bot.adapters.store.snoozes import SqlSnoozes
from bot.adapters.store.statements import Scope
from bot.adapters.store.subscriptions import SqlSubscriptions
from bot.adapters.store.tables import answers, org_credentials, org_facts, org_verdicts, orgs, seen_messages, snoozes
from bot.adapters.store.unreadable import unreadable
from bot.domain.model import Credentials, Failure, KeptOrg, Org, OrgFacts
from bot.ports import Noting

OVER_TIME = (snoozes, org_verdicts)
"""What is kept of an org beside its login and its newest reading."""


class SqlStore(
    SqlConnections,
    SqlGovernance,
    SqlInstallations,
    SqlConversations,
    SqlDepartures,
    SqlRequests,
    SqlSnoozes,
    SqlNotices,
    SqlOrgWrites,
    SqlSubscriptions,
    SqlDigestSlots,
    SqlForgetting,
    SqlKeys,
):
    """The port ``Store``, and by its bases the others that keep things. Safe to share between threads."""

    def __init__(self, url: str, vault: Sealer) -> None:
        """Raises OperatorError when ``url`` is unusable. Call ``prepare`` before the first use."""
        super().__init__(Database(url), vault)
        self._serving = Serving(self._database)
        self._orgs_lately = Lately(self._database, self.orgs)

    def __repr__(self) -> str:
        return f"SqlStore({self._database.name!r})"

    def close(self) -> None:
        """Give back every connection, and the right to serve."""
        self._database.close()
        self._serving.release()

    def serve(self) -> None:
        """Take the right to serve this database until closed. Raises OperatorError while another process serves a
        SQLite file; commands of the terminal need no such right.
        """
        self._serving.take()

    def load_vault(self) -> None:
        """Load what the first to seal something would wait for."""
        self._vault.load()

    def ping(self) -> None:
        """Raise OperatorError unless the database answers."""
        self._database.ping()

    def now(self) -> datetime | None:
        """The time on the clock that all processes share; None where that is this machine's."""
        return self._database.now()

    def backup(self, path: Path) -> None:
        """Copy a SQLite database to a new file, while others go on with it. Raises OperatorError."""
        self._database.copy_to(path)

    def connections_in_use(self) -> int:
        """How many connections of this process to the database are just being used."""
        return self._database.connections_in_use()

    def check(self) -> None:
        """Raise OperatorError unless the database answers and is at the migration that this version needs."""
        stored_migrations.check(self._database)

    def unreadable(self) -> list[str]:
        """For the operator: the columns that hold what this version cannot read, ``orgs.added_at``."""
        return [*unreadable(self._database)]

    def prepare(self, *, apart: bool = False) -> None:
        """What a start needs: migrates SQLite; raises OperatorError when PostgreSQL lacks a migration.

        ``apart``: in another process, with whose end the memory comes back that a migration takes.
        """
        stored_migrations.prepare(self._database, apart=apart)

    def migrate(self) -> tuple[str | None, str]:
        """Bring the database to the newest migration; what it had before (None: it was empty) and has now."""
        return stored_migrations.migrate(self._database)

    def migrations(self) -> tuple[str | None, str]:
        """The migration that the database has (None: it is empty), and the newest that this version knows."""
        return stored_migrations.migrations(self._database)

    # --- orgs ------------------------------------------------------------------------------------------

    def orgs(self, workspace: str) -> Sequence[Org]:
        """All orgs, sorted by name without regard to case."""
        with self._database.reading(workspace) as scope:
            rows = scope.rows_and(orgs, OVER_TIME)
        # Sorted here, because databases differ in how they sort letters.
        return [records.org_and_more_record(row) for row in sorted(rows, key=lambda row: row.key)]

    def orgs_lately(self, workspace: str) -> Sequence[Org]:
        """The same without a query each time; see ``Lately``."""
        return self._orgs_lately.of(workspace)

    def outlast_memories(self) -> None:
        """Wait until no process answers from what it read before now: a person was told that it is erased."""
        outlast()

    def has_orgs(self) -> bool:
        """Whether any workspace has one."""
        return bool(self._database.everywhere(orgs, limit=1))

    def org(self, workspace: str, name: str) -> Org | None:
        """One org by its name, without regard to case."""
        with self._database.reading(workspace) as scope:
            row = next(iter(scope.rows_and(orgs, OVER_TIME, orgs.c.key == records.folded(name))), None)
        return None if row is None else records.org_and_more_record(row)

    def add_org(self, org: Org, credentials: Credentials) -> None:
        """Add an org. Raises AskerError when the workspace has one of that name, or nobody could type it."""
        refuse_unstorable(org.name)
        key = records.folded(org.name)
        with self._database.writing(org.workspace) as scope:
            if not scope.add(orgs, **records.org_values(org)):
                raise taken(org.name)
            self._seal(scope, org.workspace, key, records.credentials_text(credentials))

    def remove_org(self, workspace: str, name: str) -> bool:
        """Forget an org with its credentials and facts; False if there was none."""
        with self._database.writing(workspace) as scope:
            return scope.drop(orgs, orgs.c.key == records.folded(name)) > 0

    def kept_orgs(self, workspace: str, name: str | None = None) -> Sequence[KeptOrg]:
        """All orgs, sorted by name, or the one of that name, each with all that is kept of it; one query."""
        where = () if name is None else (orgs.c.key == records.folded(name),)
        with self._database.reading(workspace) as scope:
            rows = scope.rows_and(orgs, (org_credentials, org_facts, *OVER_TIME), *where)
        return [
            self._kept(records.org_and_more_record(row), row.sealed, records.facts_record(row))
            for row in sorted(rows, key=lambda row: row.key)
        ]

    def save_facts(self, org: Org, facts: OrgFacts) -> None:
        """Keep a reading as the newest, with the org's id, sandbox flag and new host; nothing if the org is gone."""
        self.save_readings(org.workspace, {org.name: facts})

    def save_readings(
        self, workspace: str, readings: Mapping[str, OrgFacts | Failure], noting: Noting | None = None
    ) -> dict[str, Org]:
        """The same for many attempts at once, by the org's name, in one transaction of at most five statements.

        A failure is kept beside the newest reading, and nothing that is older than what is kept. Returned are the orgs
        as they were before, without those gone. ``noting`` is given those whose attempt is the newest, with what is
        known of them over time, and gives what is known now.
        """
        by_key = {records.folded(name): reading for name, reading in readings.items()}
        with self._database.writing(workspace) as scope:
            # Locked, so that no org can go before its facts are in.
            known = scope.locked(orgs, orgs.c.key.in_(by_key))
            changes = {row.key: records.what_an_attempt_sets(row, by_key[row.key]) for row in known}
            newest = {key: values for key, values in changes.items() if values}
            scope.change_all(orgs, orgs.c.key, newest)
            facts = {key: reading for key in newest if isinstance(reading := by_key[key], OrgFacts)}
            scope.put_all(org_facts, [{"org_key": key, **records.facts_values(read)} for key, read in facts.items()])
            if noting is not None and newest:
                self._note(scope, {row.key: records.org_record(row) for row in known if row.key in newest}, noting)
        kept = {row.key: records.org_record(row) for row in known}
        return {name: kept[key] for name in readings if (key := records.folded(name)) in kept}

    def _note(self, scope: Scope, there: Mapping[str, Org], noting: Noting) -> None:
        rows = scope.rows(org_verdicts, org_verdicts.c.org_key.in_(there))
        before = {there[row.org_key].name: records.verdict_record(row) for row in rows}
        now = noting({org.name: org for org in there.values()}, before)
        changed = {name: known for name, known in now.items() if known != before.get(name)}
        scope.put_all(
            org_verdicts,
            [{"org_key": records.folded(name), **records.verdict_values(known)} for name, known in changed.items()],
        )

    def facts(self, org: Org) -> OrgFacts | None:
        """The newest reading, if any."""
        with self._database.reading(org.workspace) as scope:
            row = scope.row(org_facts, org_facts.c.org_key == records.folded(org.name))
        return None if row is None else records.facts_record(row)

    def all_facts(self, workspace: str) -> dict[str, OrgFacts]:
        """The newest reading of every org, by the org's name; one query."""
        with self._database.reading(workspace) as scope:
            rows = scope.rows_and(org_facts, (orgs,))
        readings = {row.name: records.facts_record(row) for row in rows}
        return {name: facts for name, facts in readings.items() if facts is not None}

    # --- messages --------------------------------------------------------------------------------------

    def claim_message(self, workspace: str, channel: str, ts: str, now: datetime) -> bool:
        """Record that this message is being answered; False if it already was (Slack delivers some twice)."""
        place = workspace, channel
        if not self._under_way.claim(place, ts):
            return False
        try:
            if self._database.is_sqlite:
                self._newest.come(place, ts)
            with self._database.writing(workspace) as scope:
                return scope.add(seen_messages, channel=channel, ts=ts, seen_at=now)
        finally:
            self._under_way.give_back(place, ts)

    def forget_old(self, before: datetime) -> int:
        """Forget, in every workspace, which messages were answered before then, and how; how many rows that were."""
        return self._database.forget_old(seen_messages.c.seen_at, before) + self._database.forget_old(
            answers.c.at, before
        )
