"""Readings under way, shared: equal ones are joined, and an org that keeps failing is left alone for longer and longer.

An org that hangs holds its reading for as long as a check may last, so nobody waits for it twice: whoever asks
meanwhile gets the same reading, and whoever reads all orgs soon after gets what came of it. One that fails at once is
left alone from the third time in a row on. Whoever names an org has it asked at once, whatever it did before.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, replace
from typing import Protocol

from bot.domain.errors import AssistantError
from bot.domain.model import Failure, KeptOrg, OrgFacts

HUNG = 4.0
"""Seconds after which a reading that failed counts as hung: far above what any answer takes."""

PAUSES = (60.0, 120.0, 240.0)
"""Seconds that an org is left alone after it hung once, twice, and more often."""

FAILING = (0.0, 0.0, 60.0, 120.0, 240.0, 480.0, 900.0)
"""The same where it failed at once: a fault or two are over soon, and the clock reads again within the hour anyway."""

OVERDUE = 1.0
"""Seconds after which a reading is not worth waiting for with the rest: several times what it takes everywhere."""

_LOOK_AGAIN = 0.1  # seconds


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of asking one org. ``rests``: it was not asked again now, and is not for so many seconds."""

    kept: KeptOrg
    outcome: OrgFacts | Failure
    rests: float | None = None


class Begin(Protocol):
    """Begins some work soon, elsewhere (``bot.org_places.Places.begin``)."""

    def __call__(self, work: Callable[[], Reading], /) -> Future[Reading]:
        """What will come of ``work``."""
        ...


Key = tuple[object, ...]


@dataclass(slots=True)
class _UnderWay:
    """One reading: what will come of it, and since when it really runs, on the monotonic clock."""

    future: Future[Reading]
    since: float | None = None


@dataclass(frozen=True, slots=True)
class _Failing:
    """An org that failed: how often in a row, until when it is left alone, and what came of the last time."""

    times: int
    until: float
    reading: Reading


class Batch:
    """Several readings under way, in the order in which they were asked for."""

    def __init__(self, readings: Sequence[_UnderWay], monotonic: Callable[[], float]) -> None:
        self._readings = readings
        self._monotonic = monotonic
        self._begun = monotonic()

    def results(self) -> list[Reading]:
        """All of them, once all are there."""
        return [each.future.result() for each in self._readings]

    def within(self, seconds: float) -> tuple[list[Reading], int]:
        """Those that are there, and how many are not; no waiting after ``seconds`` for those that are overdue."""
        while waiting := [each for each in self._readings if not each.future.done()]:
            if self._monotonic() - self._begun >= seconds and all(map(self._overdue, waiting)):
                break
            wait([each.future for each in waiting], timeout=_LOOK_AGAIN)
        done = [each.future.result() for each in self._readings if each.future.done()]
        return done, len(self._readings) - len(done)

    def _overdue(self, reading: _UnderWay) -> bool:
        return reading.since is not None and self._monotonic() - reading.since >= OVERDUE


class SharedReadings:
    """Begins readings, joins equal ones, and lets orgs that hang rest. Safe to share between threads.

    ``read`` must not raise.
    """

    def __init__(
        self, read: Callable[[KeptOrg], Reading], begin: Begin, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._read = read
        self._begin = begin
        self._monotonic = monotonic
        self._lock = threading.RLock()  # reentered where ``begin`` reads at once
        self._batches: list[dict[Key, _UnderWay]] = []
        self._failing: dict[Key, _Failing] = {}

    def one(self, kept: KeptOrg) -> Reading:
        """Read an org now, whatever it did before; who is reading it already is joined."""
        with self._lock:
            self._forget()
            running = (each for each in self._known(_key(kept)) if not each.future.done())
            reading = next(running, None) or self._new([kept])[0]
        return reading.future.result()

    def every(self, orgs: Sequence[KeptOrg]) -> Batch:
        """Read them all, or join who does; what was read for others who still wait counts as well.

        Those whose last attempt failed begin last, so that nobody waits behind them.
        """
        with self._lock:
            self._forget()
            found = {kept.org.name: next(self._known(_key(kept)), None) or self._resting(kept) for kept in orgs}
            missing = sorted(
                (kept for kept in orgs if found[kept.org.name] is None), key=lambda kept: kept.org.failure is not None
            )
            begun = dict(zip((kept.org.name for kept in missing), self._new(missing), strict=True))
        return Batch([found[kept.org.name] or begun[kept.org.name] for kept in orgs], self._monotonic)

    def _forget(self) -> None:
        """Let go of the batches that are over."""
        self._batches = [batch for batch in self._batches if not all(each.future.done() for each in batch.values())]

    def _known(self, key: Key) -> Iterator[_UnderWay]:
        """The readings of an org in those batches that are kept, the newest first."""
        return (batch[key] for batch in reversed(self._batches) if key in batch)

    def _resting(self, kept: KeptOrg) -> _UnderWay | None:
        failing = self._failing.get(_key(kept))
        left = failing.until - self._monotonic() if failing is not None else 0.0
        if failing is None or left <= 0:
            return None
        there: Future[Reading] = Future()
        there.set_result(replace(failing.reading, kept=kept, rests=left))
        return _UnderWay(there)

    def _new(self, orgs: Sequence[KeptOrg]) -> list[_UnderWay]:
        batch = {_key(kept): self._started(kept) for kept in orgs}
        self._batches.append(batch)
        return list(batch.values())

    def _started(self, kept: KeptOrg) -> _UnderWay:
        def work() -> Reading:
            reading.since = self._monotonic()
            found = self._read(kept)
            self._note(found, self._monotonic() - reading.since)
            return found

        reading = _UnderWay(Future())
        reading.future = self._begin(work)
        return reading

    def _note(self, found: Reading, seconds: float) -> None:
        key = _key(found.kept)
        with self._lock:
            before = self._failing.pop(key, None)
            if isinstance(found.outcome, Failure):
                times = before.times if before else 0
                pauses = PAUSES if seconds >= HUNG else FAILING
                pause = pauses[min(times, len(pauses) - 1)]
                self._failing[key] = _Failing(times + 1, self._monotonic() + pause, found)


def _key(kept: KeptOrg) -> Key:
    """What makes two readings equal: the same org with the same login. A session that was renewed is the same login."""
    org, login = kept.org, kept.credentials
    if isinstance(login, AssistantError):
        return (org.workspace, org.name, login.text)
    return (org.workspace, org.name, org.host, org.login, org.username, replace(login, access_token=None))
