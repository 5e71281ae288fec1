"""One process of the engine, on a clock that is told the week, which dies at random between any two steps."""

from __future__ import annotations

import os
import random
import secrets
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.sharedctypes import Synchronized
from typing import Any

import structlog

from bot.adapters.slack import web_api
from bot.adapters.store import SqlStore
from bot.adapters.vault import Vault
from bot.domain.answers import Answer
from bot.domain.digest import delivery
from bot.domain.digest.subscription import Slot, Subscription
from bot.domain.model import PastDigest
from bot.service.digest_delivery import DigestDelivery
from bot.service.digest_posting import DigestPosting, MadeDigest, Timing

TIMEOUT = 1  # seconds for one call of Slack's
TIMING = Timing(making=timedelta(seconds=2), settled=timedelta(seconds=3), begun=0.8, apart=0.0)
TICKS = 0.1  # seconds between them


@dataclass(frozen=True)
class Given:
    """What a process is given. ``dies``: the chance of that before, and after, each step."""

    database: str
    key: str
    slack: str
    dies: float
    seed: int


class Deadly:
    """Something whose calls may each be the last."""

    def __init__(self, real: Any, dies: float, chance: random.Random) -> None:
        self._real = real
        self._dies = dies
        self._chance = chance

    def __getattr__(self, name: str) -> Callable[..., Any]:
        call = getattr(self._real, name)
        if name == "waking":  # which takes nothing on
            return call  # type: ignore[no-any-return]

        def deadly(*args: Any, **named: Any) -> Any:
            self._perhaps_die()
            result = call(*args, **named)
            self._perhaps_die()
            return result

        return deadly

    def _perhaps_die(self) -> None:
        if self._chance.random() < self._dies:
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


def serve(given: Given, weeks: Synchronized[int]) -> None:
    """Tick until killed."""
    structlog.configure(processors=[_nothing])
    delivery.SPREAD = timedelta(0)
    delivery.PAUSES = tuple(timedelta(seconds=seconds) for seconds in (0.2, 0.5, 1.0))
    chance = random.Random(given.seed)  # noqa: S311 - a seed is the point
    store = SqlStore(given.database, Vault([given.key]))
    slack = web_api.client("xoxb-1", given.slack)
    slack.timeout = TIMEOUT

    def clock() -> datetime:
        return datetime.now(UTC) + timedelta(weeks=weeks.value)

    owner = secrets.token_hex(8)
    slots = Deadly(store, given.dies, chance)
    posts = Deadly(web_api.SlackOutbox(lambda _: slack), given.dies, chance)
    common: dict[str, Any] = {"slots": slots, "clock": clock, "owner": owner, "timing": TIMING}
    posting = DigestPosting(posts=posts, make=make, counts=Uncounted(), **common)
    digests = DigestDelivery(posting=posting, gather=lambda *_: None, threads=8, **common)
    while True:
        digests.tick(patience=0)
        time.sleep(TICKS)


def _nothing(*_: object) -> str:
    raise structlog.DropEvent
