"""Ten thousand digests due in the same minute, and workspaces that hang beside others.

python -m tests.benchmarks.bench_digests
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
import tracemalloc
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import structlog
from sqlalchemy import create_engine, insert

from bot.adapters.store import SqlStore
from bot.adapters.store.subscriptions import LONG_PAST
from bot.adapters.store.tables import subscriptions
from bot.adapters.vault import Vault, make_key
from bot.domain.answers import Answer
from bot.domain.digest import delivery
from bot.domain.digest.subscription import Slot, Subscription
from bot.domain.errors import SlackRefused
from bot.service.digest_delivery import DigestDelivery
from bot.service.digest_posting import DigestPosting, MadeDigest
from tests.benchmarks.faults.databases import PostgresqlServer

MANY = 10_000
NOW = datetime.now(UTC)
DUE = NOW - timedelta(minutes=1)
SLACK_TAKES = 0.15  # seconds for a post
HANGS = 10.0  # seconds: the client's time-out


class Slack:
    """Takes what a post takes, or hangs until the client gives up, in one workspace of twenty."""

    def __init__(self) -> None:
        self.at: dict[str, float] = {}
        self._begun = time.monotonic()
        self._lock = threading.Lock()

    def post(self, workspace: str, channel: str, answer: Answer, key: str) -> str:
        """As the outbox does."""
        if int(workspace[1:]) % 20 == 0:
            time.sleep(HANGS)
            raise SlackRefused("Slack did not answer.", permanent=False)
        time.sleep(SLACK_TAKES)
        with self._lock:
            assert workspace not in self.at, (channel, answer, key)
            self.at[workspace] = time.monotonic() - self._begun
        return "1.0"

    def find(self, *_: Any) -> str | None:
        """Never there."""
        return None

    def digest(self, what: str) -> None:
        """One more."""


def made(_: Subscription, slot: datetime, __: Sequence[Slot]) -> MadeDigest:
    """A digest without orgs."""
    return MadeDigest(Answer(f"{slot}"))


def filled(url: str, count: int) -> SqlStore:
    """A database with so many digests that are due, each of a workspace of its own."""
    store = SqlStore(url, Vault([make_key()]))
    store.migrate()
    common = {"kind": "digest", "rhythm": "weekly", "zone": "UTC", "orgs": "all", "when_nothing": "line"}
    common |= {"enabled": True, "set_by": "U1", "set_at": DUE, "failing": "", "wake_at": LONG_PAST}  # type: ignore[dict-item]
    common |= {"weekday": DUE.weekday(), "hour": DUE.hour, "minute": DUE.minute}  # type: ignore[dict-item]
    rows = [common | {"workspace": f"T{n}", "id": "weekly", "target": f"C{n}"} for n in range(count)]
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(insert(subscriptions), [row | {"set_at": DUE - timedelta(hours=1)} for row in rows])
    engine.dispose()
    return store


def found(store: SqlStore, _url: str) -> str:
    """How long it takes to find them all, and what memory that needs."""
    seconds, work = [], []
    for _ in range(7):
        begun, before = time.perf_counter(), time.process_time()
        assert len(store.waking(NOW)) == MANY
        seconds.append(time.perf_counter() - begun)
        work.append(time.process_time() - before)
    tracemalloc.start()
    store.waking(NOW)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    took = f"{median(seconds) * 1000:.0f} ms ({median(work) * 1000:.0f} of our work)"
    return f"{MANY} due found in {took}, {peak / 1e6:.1f} MB at most"


def idle(store: SqlStore, url: str) -> str:
    """How long a tick takes that finds nothing."""
    digests = engine(store, Slack())
    later = NOW + timedelta(days=1)
    asleep = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with asleep.begin() as connection:
        connection.execute(subscriptions.update().values(wake_at=later))
    asleep.dispose()
    seconds = []
    for _ in range(7):
        begun = time.perf_counter()
        digests.tick()
        seconds.append(time.perf_counter() - begun)
    return f"a tick that finds nothing to do takes {median(seconds) * 1000:.1f} ms"


def engine(store: SqlStore, slack: Slack) -> DigestDelivery:
    """One process."""
    common: dict[str, Any] = {"slots": store, "clock": lambda: datetime.now(UTC), "owner": "me"}
    posting = DigestPosting(posts=slack, make=made, counts=slack, **common)
    return DigestDelivery(posting=posting, gather=lambda *_: None, **common)


def side_by_side(store: SqlStore, _url: str, workspaces: int = 200) -> str:
    """One workspace in twenty hangs: when the others have theirs."""
    slack = Slack()
    digests, begun = engine(store, slack), time.monotonic()
    wanted = sum(number % 20 != 0 for number in range(workspaces))
    while len(slack.at) < wanted and time.monotonic() - begun < 600:
        digests.tick(patience=0)
        time.sleep(1)
    others = sorted(slack.at.values())
    return (
        f"{workspaces} workspaces, {workspaces - wanted} of which hang: the others have theirs after "
        f"{median(others):.1f} s in the median, the last after {others[-1]:.1f} s ({len(others)} of {wanted})"
    )


def main() -> int:
    """Print what was measured, on both databases."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    delivery.SPREAD = timedelta(0)
    server = PostgresqlServer()
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("sqlite", "postgresql"):
            for count, measures in ((MANY, (found, idle)), (200, (side_by_side,))):
                with server.database() as database:
                    url = database.url if kind == "postgresql" else f"sqlite:///{folder}/{count}.db"
                    store = filled(url, count)
                    for measure in measures:
                        print(f"{kind}: {measure(store, url)}", flush=True)  # noqa: T201
                    store.close()
    server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
