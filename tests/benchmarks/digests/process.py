"""Processes of the engine, on a clock that is told the week, which die at random between any two steps.

    python -m tests.benchmarks.digests.process '{"database": …}'

keeps so many of them alive, forked from here because a start takes seconds, and kills them from outside as well. Once
its input ends it kills them all and says how many died.
"""

from __future__ import annotations

import json
import os
import random
import secrets
import select
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from bot.adapters.slack import web_api
from bot.adapters.store import SqlStore
from bot.adapters.vault import Vault
from bot.domain.answers import Answer
from bot.domain.digest import delivery
from bot.domain.digest import notices as pauses_of_notices
from bot.domain.digest.subscription import Slot, Subscription
from bot.domain.model import PastDigest
from bot.service import notices as leases_of_notices
from bot.service.alerts import Alerts
from bot.service.digest_delivery import DigestDelivery
from bot.service.digest_posting import DigestPosting, MadeDigest, Timing
from bot.service.notices import Notices
from bot.service.shared_channels import SharedChannels
from bot.service.shared_clock import SharedClock

TIMEOUT = 1  # seconds for one call of Slack's
TIMING = Timing(making=timedelta(seconds=2), settled=timedelta(seconds=3), begun=0.8, apart=0.0)
LEASE, BEGUN = timedelta(seconds=5), timedelta(seconds=1.5)
"""Of notices: how long one process has one, and by when it begins to post."""
TICKS = 0.1  # seconds between them
OFF = 600.0
"""Seconds that the clock of a machine may be off, either way, where the database has one of its own."""


@dataclass(frozen=True)
class Given:
    """What they are given. ``dies``: the chance of that before, and after, each step; ``outside``: seconds between
    kills from outside, on average. ``state`` is a file that holds the week, and whether they die just now.
    """

    database: str
    key: str
    slack: str
    state: str
    processes: int
    dies: float
    outside: float
    seed: int

    def now(self) -> tuple[int, bool]:
        """The week, and whether they die."""
        week, deadly = Path(self.state).read_text(encoding="ascii").split()
        return int(week), deadly == "deadly"


class Deadly:
    """Something whose calls may each be the last."""

    def __init__(self, real: Any, given: Given, chance: random.Random) -> None:
        self._real = real
        self._given = given
        self._chance = chance

    def __getattr__(self, name: str) -> Callable[..., Any]:
        call = getattr(self._real, name)
        if name in ("waking", "notices_due"):  # which takes nothing on
            return call  # type: ignore[no-any-return]

        def deadly(*args: Any, **named: Any) -> Any:
            self._perhaps_die()
            result = call(*args, **named)
            self._perhaps_die()
            return result

        return deadly

    def _perhaps_die(self) -> None:
        if self._chance.random() < self._given.dies and self._given.now()[1]:
            os.kill(os.getpid(), signal.SIGKILL)


class Uncounted:
    """Nobody asks."""

    def digest(self, what: str) -> None:
        """One more."""


def make(subscription: Subscription, slot: datetime, never_came: Sequence[Slot]) -> MadeDigest:
    """A digest without orgs."""
    return MadeDigest(
        Answer(f"The digest of {slot:%d %B}, {len(never_came)} did not come"), PastDigest(slot, (), (subscription.id,))
    )


def serve(given: Given, seed: int) -> None:
    """Tick until killed."""
    structlog.configure(processors=[_nothing])
    delivery.SPREAD = timedelta(0)
    delivery.PAUSES = tuple(timedelta(seconds=seconds) for seconds in (0.2, 0.5, 1.0))
    chance = random.Random(seed)  # noqa: S311 - a seed is the point
    store = SqlStore(given.database, Vault([given.key]))
    slack = web_api.client("xoxb-1", given.slack)
    slack.timeout = TIMEOUT

    off = timedelta(seconds=0.0 if given.processes == 1 else chance.uniform(-OFF, OFF))
    shared = SharedClock(lambda: datetime.now(UTC) + off, store.now)
    shared.look()

    def clock() -> datetime:
        return shared() + timedelta(weeks=given.now()[0])

    owner = secrets.token_hex(8)
    slots = Deadly(store, given, chance)
    posts = Deadly(web_api.SlackOutbox(lambda _: slack), given, chance)
    common: dict[str, Any] = {"slots": slots, "clock": clock, "owner": owner, "timing": TIMING}
    posting = DigestPosting(posts=posts, make=make, counts=Uncounted(), **common)
    digests = DigestDelivery(posting=posting, gather=lambda *_: None, threads=8, **common)
    notices = _notices(slots, posts, SharedChannels(store), shared)
    while True:
        digests.tick(patience=0)
        notices.tick()
        time.sleep(TICKS)


def _notices(store: Any, outbox: Any, shared_channels: SharedChannels, clock: SharedClock) -> Notices:
    """What says alerts, and tells whoever set them where they do not arrive."""
    leases_of_notices.LEASE, leases_of_notices.BEGUN = LEASE, BEGUN
    pauses_of_notices.PAUSES = (2.0, 2.0, 3.0)
    alerts = Alerts(store, store, lambda *_: True, lambda _: None, clock)
    return Notices(store, outbox, shared_channels, lambda _: True, clock, alerts.ended)


def tend(given: Given) -> int:
    """Keep them alive, and kill them, until the input ends; how many died."""
    chance = random.Random(given.seed)  # noqa: S311 - a seed is the point
    alive: set[int] = set()
    died = begun = 0
    next_kill = time.monotonic() + given.outside
    while not select.select([sys.stdin], [], [], 0.02)[0]:
        while len(alive) < given.processes:
            begun += 1
            alive.add(_forked(given, given.seed * 100_000 + begun))
        if time.monotonic() >= next_kill:
            next_kill = time.monotonic() + chance.uniform(0, 2 * given.outside)
            if given.now()[1]:
                os.kill(chance.choice(sorted(alive)), signal.SIGKILL)
        for process in [each for each in alive if os.waitpid(each, os.WNOHANG)[0]]:
            alive.remove(process)
            died += 1
    for process in alive:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    return died


def _forked(given: Given, seed: int) -> int:
    process = os.fork()
    if process == 0:
        try:
            serve(given, seed)
        finally:
            os._exit(1)
    return process


def _nothing(*_: object) -> str:
    raise structlog.DropEvent


if __name__ == "__main__":
    print(tend(Given(**json.loads(sys.argv[1]))))  # noqa: T201
