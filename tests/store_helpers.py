"""What the tests of the store put into it, and how they open it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import psycopg
from psycopg import sql

from bot.adapters.store import SqlStore
from bot.adapters.store.tables import digest_history, metadata
from bot.adapters.vault import Vault, make_key
from bot.domain.model import (
    BACKUP_APP,
    DEVOPS_APP,
    AppAction,
    AppEvent,
    AppFacts,
    AppState,
    Change,
    Credentials,
    Doubt,
    Login,
    Org,
    OrgFacts,
    PastDigest,
    Policy,
    PostedAnswer,
)

KEY = make_key()
NOW = datetime(2026, 11, 23, 8, 0, 0, 123456, tzinfo=UTC)
LEASE = timedelta(minutes=5)
PROD = Org("T1", "Prod", "acme.my.salesforce.com", Login.CLIENT_CREDENTIALS, added_at=NOW)
LOGIN = Credentials("planted-consumer-key", "planted-consumer-secret", "planted-private-key", "planted-refresh-token")
READING = OrgFacts(
    checked_at=NOW,
    organization_id="00D000000000001EAA",
    sandbox=True,
    apps=(
        AppFacts(
            BACKUP_APP,
            AppState.INSTALLED,
            app_id="0H4",
            permitted_users=Policy.ADMIN_APPROVED,
            profiles=("System Administrator",),
            permission_sets=(),
            users_with_access=4,
            connected_users=3,
            last_used=NOW - timedelta(days=1),
            frozen_users=1,
            ended_users=2,
            controlled=True,
            stale_groups=("Team (Outdated)",),
            doubts=(Doubt.TWO_APPS, Doubt.GRANTS_CUT),
            history=(
                AppEvent(AppAction.BLOCKED, "blockConnectedApplication: …", "Ada", NOW),
                AppEvent(None, "", None, None),
            ),
        ),
        AppFacts(DEVOPS_APP, AppState.UNREADABLE),
    ),
    missing_permissions=("Manage Users",),
    other_apps=("Flosum CLI",),
)
CHANGE = Change("T1", NOW, "U1", "connected", "Prod")
ANSWER = PostedAnswer("T1", "C1", "1", "1", "1.5", "install", NOW)


def opened(url: str, *keys: str) -> SqlStore:
    store = SqlStore(url, Vault(keys or [KEY]))
    store.migrate()
    return store


def at_once(count: int, call: Callable[[int], bool]) -> list[bool]:
    """Call from ``count`` threads that all wait for each other first."""
    barrier = Barrier(count)

    def run(number: int) -> bool:
        barrier.wait()
        return call(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def keep_past(store: SqlStore, workspace: str, subscription: str, past: PastDigest) -> None:
    """Keep what a digest found, as if it had been posted."""
    values = {"slot": past.slot, "ready": past.ready, "missing": past.missing}
    with store._database.writing(workspace) as scope:  # noqa: SLF001 - only a slot that is posted does so elsewhere
        scope.put(digest_history, subscription=subscription, **values)


def dump(url: str) -> bytes:
    """Everything that somebody finds who gets hold of the database."""
    if url.startswith("sqlite"):
        folder = Path(url.removeprefix("sqlite:///")).parent
        return b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
    with psycopg.connect(url) as connection:
        queries = [sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(name)) for name in metadata.tables]
        return str([connection.execute(query).fetchall() for query in queries]).encode()
