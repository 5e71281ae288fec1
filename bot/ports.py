"""What the service needs from the outside world. Adapters satisfy these; tests and the sandbox do too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.model import Answer, Asker, Credentials, DigestStatus, Org, OrgFacts, Person, Reminder, Week

Clock = Callable[[], datetime]
"""The time now, aware, in UTC."""


class Orgs(Protocol):
    """Salesforce, as far as we read it."""

    def facts(self, org: Org, credentials: Credentials) -> OrgFacts:
        """Read both Flosum apps in ``org``, live, within 15 seconds.

        Raises OrgUnreachable when no usable answer came and OrgRefused when the login was refused. What the
        connection's user may not see is a fact of the answer (``unreadable``), not an error.
        """
        ...


class Store(Protocol):
    """What we remember. Every call is scoped by workspace; records come out, never sessions.

    Raises OperatorError when the database is locked, read-only, unreachable or from a newer version.
    """

    def orgs(self, workspace: str) -> Sequence[Org]:
        """All orgs, sorted by name without regard to case."""
        ...

    def org(self, workspace: str, name: str) -> Org | None:
        """One org by its name, without regard to case."""
        ...

    def add_org(self, org: Org, credentials: Credentials) -> None:
        """Add an org. Raises AskerError when the workspace has one of that name."""
        ...

    def remove_org(self, workspace: str, name: str) -> bool:
        """Forget an org with its credentials and facts; False if there was none."""
        ...

    def credentials(self, org: Org) -> Credentials:
        """The decrypted credentials. Raises OperatorError when no key of ours opens them."""
        ...

    def save_facts(self, org: Org, facts: OrgFacts) -> None:
        """Keep a reading as the newest, and the org's id and sandbox flag with it."""
        ...

    def facts(self, org: Org) -> OrgFacts | None:
        """The newest reading, if any."""
        ...

    def all_facts(self, workspace: str) -> dict[str, OrgFacts]:
        """The newest reading of every org, by the org's name; one query."""
        ...

    def reminder(self, workspace: str) -> Reminder | None:
        """The workspace's weekly digest, if somebody set one."""
        ...

    def set_reminder(self, reminder: Reminder) -> None:
        """Set or replace the workspace's weekly digest."""
        ...

    def reminders(self) -> Sequence[Reminder]:
        """Every enabled reminder of every workspace: for the clock, which serves them all."""
        ...

    def claim_digest(self, workspace: str, week: str, due_at: datetime, now: datetime, lease: timedelta) -> bool:
        """Record that this ISO week's digest (``2026-W48``) is being sent; False if it already was claimed."""
        ...

    def finish_digest(
        self,
        workspace: str,
        week: str,
        status: DigestStatus,
        channel: str | None = None,
        ts: str | None = None,
    ) -> None:
        """Record how the claimed digest ended, and the message it became."""
        ...

    def save_week(self, workspace: str, week: Week) -> None:
        """Keep which orgs were ready and which were not when this week's digest was made."""
        ...

    def weeks(self, workspace: str, limit: int = 26) -> Sequence[Week]:
        """The newest digests, newest first."""
        ...

    def claim_message(self, workspace: str, channel: str, ts: str, now: datetime) -> bool:
        """Record that this message is being answered; False if it already was (Slack delivers some twice)."""
        ...

    def adopt(self, source: str, workspace: str) -> int:
        """Move the orgs of ``source`` to ``workspace`` where no org has that name; how many were moved."""
        ...


class People(Protocol):
    """Who is who in a workspace."""

    def person(self, who: Asker) -> Person:
        """Look somebody up. Raises SlackRefused when Slack does not say."""
        ...


class Outbox(Protocol):
    """Where messages that nobody asked for go."""

    def post(self, workspace: str, channel: str, answer: Answer, key: str) -> str:
        """Post once and return the message's ts; ``key`` travels as message metadata. Raises SlackRefused."""
        ...
