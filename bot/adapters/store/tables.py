"""The tables. Every row belongs to a workspace, save tickets and installations, which come before one is known."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
)

from bot.adapters.store.errors import Unreadable

T = TypeVar("T")


class Checked(TypeDecorator[T]):
    """What may be damaged where it is kept as text: said to be so, by ``what`` it is. Raises Unreadable."""

    what: str

    def result_processor(self, dialect: Dialect, coltype: Any) -> Callable[[Any], T | None] | None:
        """Reads what the driver gives; SQLAlchemy's own raises whatever Python says of it."""
        read = super().result_processor(dialect, coltype)
        if read is None:
            return None

        def checked(value: Any) -> T | None:
            try:
                return read(value)
            except (ValueError, TypeError) as error:
                raise Unreadable(self.what) from error

        return checked


class Instant(Checked[datetime]):
    """An aware datetime, kept in UTC. SQLite has no zones and gives back naive ones, which are UTC here."""

    impl = DateTime(timezone=True)
    cache_ok = True
    what = "a time"

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Day(Checked[date]):
    """A day of the calendar."""

    impl = Date()
    cache_ok = True
    what = "a day"


class NameList(Checked[Sequence[str]]):
    """A list of names as JSON text."""

    impl = Text()
    cache_ok = True
    what = "a list of names"

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else json.dumps(list(value))

    def process_result_value(self, value: Any | None, dialect: Dialect) -> tuple[str, ...] | None:  # noqa: ARG002
        names = None if value is None else json.loads(value)
        if names is not None and not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
            raise ValueError("no list of names")
        return None if names is None else tuple(names)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _workspace() -> Column[str]:
    return Column("workspace", Text, primary_key=True)


def _of_an_org() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["workspace", "org_key"], ["orgs.workspace", "orgs.key"], ondelete="CASCADE", onupdate="CASCADE"
    )


def _of_a_subscription() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["workspace", "subscription"], ["subscriptions.workspace", "subscriptions.id"], ondelete="CASCADE"
    )


orgs = Table(
    "orgs",
    metadata,
    _workspace(),
    Column("key", Text, primary_key=True),  # the name, folded: what makes it unique without regard to case
    Column("name", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("login", Text, nullable=False),
    Column("username", Text),
    Column("organization_id", Text),
    Column("sandbox", Boolean),
    Column("apps", NameList, nullable=False),
    Column("owner", Text),
    Column("added_at", Instant),
    Column("connected_by", Text),
    Column("reconnect", Boolean, nullable=False, server_default=false()),
    # The latest attempt to read it, and why it failed: here, because an org that was never read has no facts.
    Column("attempted_at", Instant),
    Column("failure", Text),
    Column("tags", NameList, nullable=False, server_default="[]"),
    Column("grants_allowed", Boolean, nullable=False, server_default=false()),
)

org_credentials = Table(
    "org_credentials",
    metadata,
    _workspace(),
    Column("org_key", Text, primary_key=True),
    Column("sealed", Text, nullable=False),  # Text, because ciphertexts outgrow any length that looks generous
    _of_an_org(),
)

org_facts = Table(
    "org_facts",
    metadata,
    _workspace(),
    Column("org_key", Text, primary_key=True),
    Column("checked_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    Column("facts", Text, nullable=False),
    _of_an_org(),
)

snoozes = Table(
    "snoozes",
    metadata,
    _workspace(),
    Column("org_key", Text, primary_key=True),
    Column("until", Instant),  # empty for good: the org is not needed there
    Column("reason", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
    _of_an_org(),
)
Index(None, snoozes.c.until)

org_verdicts = Table(
    "org_verdicts",
    metadata,
    _workspace(),
    Column("org_key", Text, primary_key=True),
    Column("verdict", Text, nullable=False),
    Column("since", Instant, nullable=False),  # when it was first read as ready, or as not ready
    Column("condition", Text),  # what was last certain of it, which alerts are about
    Column("fell_at", Instant),  # when it stopped being ready, until it is ready again
    Column("news", Text),  # of which people are still to be told
    _of_an_org(),
)
Index(None, org_verdicts.c.news)

org_writes = Table(
    "org_writes",
    metadata,
    _workspace(),
    Column("org_key", Text, primary_key=True),
    # What it is about: its row is the claim, so that two who press at once write once.
    Column("kind", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("holder", Text, primary_key=True),
    Column("subject_name", Text, nullable=False),
    Column("holder_name", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("status", Text, nullable=False),  # a value of WriteStatus
    Column("lease_until", Instant),  # empty once nobody is at it any more
    Column("record_id", Text),
    Column("organization_id", Text),
    Column("undo_by", Text),  # who takes it back, or has
    _of_an_org(),
)
Index(None, org_writes.c.lease_until)
Index(None, org_writes.c.at)  # for the pruning of old ones

guide_ticks = Table(
    "guide_ticks",
    metadata,
    _workspace(),
    Column("org_key", Text, primary_key=True),
    Column("step", Text, primary_key=True),
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("organization_id", Text),
    _of_an_org(),
)

notices = Table(
    "notices",
    metadata,
    _workspace(),
    Column("key", Text, primary_key=True),  # what it is about, and so what keeps it from being said twice
    Column("target", Text, nullable=False),  # a channel, or a person
    Column("behind", Text),  # the key of the notice in whose thread it is said
    Column("said", Text, nullable=False),  # the answer as JSON
    Column("at", Instant, nullable=False),
    Column("status", Text, nullable=False),
    Column("next_try_at", Instant),  # empty once nothing is to be done any more
    Column("attempts", Integer, nullable=False),
    Column("channel", Text),
    Column("message_ts", Text),
)
Index(None, notices.c.next_try_at)
Index(None, notices.c.at)  # for the pruning of old ones

escalations = Table(
    "escalations",
    metadata,
    _workspace(),
    Column("weeks", Integer, nullable=False),  # 0 for never
    Column("person", Text),  # who is told beside an org's owner
    Column("handover", Boolean, nullable=False),  # whether admins are told who left
    Column("set_by", Text, nullable=False),
)

mentions = Table(
    "mentions",
    metadata,
    _workspace(),
    Column("person", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("key", Text, nullable=False),  # of the message that mentions them
)

alert_checks = Table(
    "alert_checks",
    metadata,
    _workspace(),
    Column("next_at", Instant, nullable=False),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    _workspace(),
    Column("id", Text, primary_key=True),
    Column("target", Text, nullable=False),  # the id of a channel or a person
    Column("kind", Text, nullable=False),
    Column("rhythm", Text, nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("hour", Integer, nullable=False),
    Column("minute", Integer, nullable=False),
    Column("zone", Text, nullable=False),
    Column("start", Day),
    Column("orgs", Text, nullable=False),
    Column("when_nothing", Text, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("set_at", Instant),
    Column("failing_since", Instant),
    Column("failing", Text, nullable=False),
    # The next instant at which anything is to be done for it; long past where nobody has looked yet.
    Column("wake_at", Instant, nullable=False),
    UniqueConstraint("workspace", "target", "kind"),
)
Index(None, subscriptions.c.enabled, subscriptions.c.wake_at)  # for the clock, in all workspaces at once

digest_slots = Table(
    "digest_slots",
    metadata,
    _workspace(),
    Column("subscription", Text, primary_key=True),
    Column("slot", Instant, primary_key=True),  # when it is due
    # Empty for the digest itself; else what else is told in its stead or beside it, each once.
    Column("about", Text, primary_key=True),
    Column("status", Text, nullable=False),  # a value of SlotStatus
    Column("owner", Text),  # the process that has it, and until when, on the database's clock
    Column("lease_until", Instant),
    Column("attempts", Integer, nullable=False),
    Column("next_try_at", Instant),
    Column("posting_at", Instant),  # since when Slack may have it; none: it certainly has not
    Column("channel", Text),
    Column("message_ts", Text),
    Column("told_at", Instant),  # when somebody was told that it did not come
    _of_a_subscription(),
)

digest_history = Table(
    "digest_history",
    metadata,
    _workspace(),
    Column("subscription", Text, primary_key=True),
    Column("slot", Instant, primary_key=True),
    Column("ready", NameList, nullable=False),
    Column("missing", NameList, nullable=False),
    _of_a_subscription(),
)

seen_messages = Table(
    "seen_messages",
    metadata,
    _workspace(),
    Column("channel", Text, primary_key=True),
    Column("ts", Text, primary_key=True),
    Column("seen_at", Instant, nullable=False),
)
Index(None, seen_messages.c.seen_at)  # for the pruning of old ones, in all workspaces at once

trusted = Table(
    "trusted",
    metadata,
    _workspace(),
    Column("subject", Text, primary_key=True),  # the id of a user or a user group
)

workspaces_open_to_guests = Table(
    "workspaces_open_to_guests",
    metadata,
    _workspace(),
)

changes = Table(
    "changes",
    metadata,
    # Counted over all workspaces, because two changes of one instant have an order, too.
    Column("number", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("workspace", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("user", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
)
Index(None, changes.c.workspace, changes.c.number)

quiet_channels = Table(
    "quiet_channels",
    metadata,
    _workspace(),
    Column("channel", Text, primary_key=True),
)

shared_channels = Table(
    "shared_channels",
    metadata,
    _workspace(),
    Column("channel", Text, primary_key=True),
)

answers = Table(
    "answers",
    metadata,
    _workspace(),
    Column("channel", Text, primary_key=True),
    Column("to_ts", Text, primary_key=True),
    Column("thread", Text),
    Column("ts", Text, nullable=False),
    Column("entry", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False, server_default="full"),  # a value of AnswerKind
    Column("detail", Text, nullable=False, server_default=""),
)
Index(None, answers.c.workspace, answers.c.channel, answers.c.thread, answers.c.at)
Index(None, answers.c.workspace, answers.c.channel, answers.c.kind, answers.c.at)
Index(None, answers.c.at)  # for the pruning of old ones, in all workspaces at once

ratings = Table(
    "ratings",
    metadata,
    _workspace(),
    Column("entry", Text, primary_key=True),
    Column("user", Text, primary_key=True),
    Column("helpful", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
)

greeted = Table(
    "greeted",
    metadata,
    _workspace(),
    Column("user", Text, primary_key=True),
)

departures = Table(
    "departures",
    metadata,
    _workspace(),
    Column("left_at", Instant, nullable=False),
    Column("counted_at", Instant, nullable=False),
    Column("days", Integer, nullable=False),
)

tickets = Table(
    "tickets",
    metadata,
    Column("digest", Text, primary_key=True),  # of the ticket: who reads this table can use none of them
    Column("kind", Text, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("expires_at", Instant, nullable=False),
)
Index(None, tickets.c.kind, tickets.c.expires_at)  # for the pruning of old ones

installations = Table(
    "installations",
    metadata,
    Column("enterprise", Text, primary_key=True),  # empty for none: a primary key holds no NULL
    Column("team", Text, primary_key=True),
    Column("sealed", Text, nullable=False),
)

requests = Table(
    "requests",
    metadata,
    Column("key", Text, primary_key=True),  # made of what Slack names it by, so that it is known when it comes again
    Column("workspace", Text, nullable=False),
    Column("sealed", Text, nullable=False),  # emptied when it is done
    Column("taken_at", Instant, nullable=False),
    Column("owner", Text),  # the process that does it
    Column("done", Boolean, nullable=False),
)
Index(None, requests.c.done, requests.c.owner)
Index(None, requests.c.taken_at)  # for the pruning of old ones

processes = Table(
    "processes",
    metadata,
    Column("id", Text, primary_key=True),
    Column("seen_at", Instant, nullable=False),
)
