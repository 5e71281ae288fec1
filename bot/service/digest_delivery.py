"""Digests by the clock: finds what is due, takes it on and tells it, workspaces side by side."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable
from functools import partial

import structlog

from bot.domain.digest import delivery
from bot.guard import attempted, named_run
from bot.ports import Clock, DigestSlots, Waking
from bot.service.digest_gathering import Gather
from bot.service.digest_posting import DigestPosting, Timing

log = structlog.get_logger("assistant")

THREADS = 32
"""Served at once: they wait for Slack and for orgs, so that what hangs in some workspaces costs the others little."""

OF_ONE_WORKSPACE = 4
"""Of these: what hangs in one channel costs the others of its workspace little, too."""


RESTS = 15.0
"""Seconds for which a subscription that nobody could look at is left alone."""


class DigestDelivery:
    """Ticks. ``owner`` is this process's id; what it has claimed is nobody else's until its lease is over."""

    def __init__(
        self,
        *,
        slots: DigestSlots,
        posting: DigestPosting,
        gather: Gather,
        clock: Clock,
        owner: str,
        threads: int = THREADS,
        timing: Timing | None = None,
    ) -> None:
        self._slots = slots
        self._posting = posting
        self._gather = gather
        self._clock = clock
        self._owner = owner
        self._lease = (timing or Timing()).making
        self._stopping = threading.Event()
        self._begun = False
        self._work = _Rota(threads, self._serve)

    def tick(self, away: Collection[str] = (), patience: float = 60.0) -> None:
        """Begin what is to be done now, and wait for it, at most ``patience`` seconds. Costs one query where that is
        nothing.

        Workspaces that are ``away`` are left alone: what is due there stays due, should they come back.
        """
        if self._stopping.is_set():
            return
        self._begun = True
        now = self._clock()
        found = [each for each in self._slots.waking(now) if each.workspace not in away]
        if len(found) > delivery.CROWD:
            found = [one for one in found if delivery.has_turn(one.workspace, one.subscription, one.wake_at, now)]
        self._work.take_on(found)
        if found and patience:
            self._work.wait_idle(patience)

    def _serve(self, waking: Waking) -> None:
        if self._stopping.is_set():
            return
        now = self._clock()
        plan = partial(delivery.plan, now=now)
        step = self._slots.begin_step(waking, self._owner, now, self._lease, plan)
        if step is None:
            return
        if step.slot is not None:
            self._posting.tell(step, step.slot, self._stopping)
        elif step.gather is not None:
            self._gather(step.subscription, step.gather)

    def stop(self) -> None:
        """Take nothing more on, and begin no post."""
        self._stopping.set()

    def close(self, timeout: float) -> None:
        """Let what is under way finish, at most ``timeout`` seconds, and leave the rest to whoever takes it.

        Raises OperatorError.
        """
        self.stop()
        self._work.close(timeout)
        if not self._begun:
            return
        if left := self._slots.release_slots(self._owner, self._clock()):
            log.warning("digests are left to another process or the next start", digests=left)


class _Rota:
    """Serves subscriptions on a few threads, of each workspace so many that the others have theirs.

    Each thread ends with what its workspace waits for: there are none between digests, and one that hangs dies with
    the process.
    """

    def __init__(self, threads: int, serve: Callable[[Waking], None]) -> None:
        self._serve = serve
        self._most = threads
        self._changed = threading.Condition()
        self._waiting: dict[str, deque[Waking]] = {}  # by workspace, while it has a place
        self._places = Counter[str]()  # by workspace, those that are ready included
        self._ready: deque[str] = deque()
        self._known: set[Waking] = set()
        self._rests: dict[Waking, float] = {}
        self._running = 0

    def take_on(self, found: Iterable[Waking]) -> None:
        """Serve each soon; those that wait already, or are under way, are not served twice."""
        with self._changed:
            now = time.monotonic()
            self._rests = {waking: until for waking, until in self._rests.items() if until > now}
            for waking in found:
                if waking not in self._known and waking not in self._rests:
                    self._enter(waking)
            self._begin()

    def wait_idle(self, timeout: float) -> bool:
        """Wait until nothing is served; whether that came true."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._running, timeout)

    def close(self, timeout: float) -> None:
        """Begin nothing more, and wait for what is under way, at most ``timeout`` seconds."""
        with self._changed:
            self._most = 0
        self.wait_idle(timeout)

    def _enter(self, waking: Waking) -> None:
        self._known.add(waking)
        workspace = waking.workspace
        self._waiting.setdefault(workspace, deque()).append(waking)
        if self._places[workspace] < OF_ONE_WORKSPACE:
            self._places[workspace] += 1
            self._ready.append(workspace)

    def _begin(self) -> None:
        while self._ready and self._running < self._most:
            workspace = self._ready.popleft()
            try:
                threading.Thread(target=self._run, args=(workspace,), name="digest", daemon=True).start()
            except RuntimeError:  # the system gives no more threads: those that there are go on, or the next tick
                log.warning("no more threads to be had", threads=self._running)
                self._ready.append(workspace)
                return
            self._running += 1

    def _run(self, workspace: str) -> None:
        while (waking := self._next(workspace)) is not None:
            serve = named_run("digest", partial(self._served, waking), workspace=workspace)
            well = attempted(serve, lambda _error, _answer: False)
            with self._changed:
                self._known.discard(waking)
                if not well:
                    self._rests[waking] = time.monotonic() + RESTS

    def _next(self, workspace: str) -> Waking | None:
        """The next of a workspace; none, and the place is another one's."""
        with self._changed:
            if self._most and self._waiting[workspace]:
                return self._waiting[workspace].popleft()
            self._places[workspace] -= 1
            if not self._places[workspace]:
                del self._places[workspace], self._waiting[workspace]
            self._running -= 1
            self._begin()
            self._changed.notify_all()
            return None

    def _served(self, waking: Waking) -> bool:
        self._serve(waking)
        return True
