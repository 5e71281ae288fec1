"""Threads that workspaces share fairly: they take turns, none has all of them, and nothing waits inside one.

What has to happen one after the other (the talk in one channel) has a lane, in which the next begins when the one
before is over: it waits in a queue and not on a thread, so that a busy channel costs the others nothing. What is to
be tried again later waits in a queue, too.
"""

from __future__ import annotations

import heapq
import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import structlog

AT_ONCE = 2
"""Threads from the beginning, so that there are some whatever the system gives later."""

Work = Callable[[], None]
"""Must not raise."""

log = structlog.get_logger("assistant")


@dataclass(frozen=True, slots=True)
class Place:
    """Whose turn some work takes: a workspace's, and within it a person's. ``lane``: one at a time in it."""

    workspace: str = ""
    person: str = ""
    lane: str | None = None


@dataclass(frozen=True, slots=True)
class _Item:
    work: Work
    place: Place
    counts: bool
    put_at: float


class FairPool:
    """Runs work on ``threads``, at most ``share`` of them for one workspace, and of these two thirds for one person.

    Safe to use from every thread.
    """

    def __init__(self, name: str, threads: int, share: int, now: Callable[[], float] = time.monotonic) -> None:
        self._name = name
        self._most = threads
        self._share = share
        self._persons = max(1, share * 2 // 3)
        self._now = now
        lock = threading.Lock()
        self._changed = threading.Condition(lock)
        self._at_rest = threading.Condition(lock)  # its own, so that who waits for rest takes nobody's call to work
        self._threads: list[threading.Thread] = []
        self._idle = 0
        self._waiting = 0
        self._closed = False
        self._open = 0
        self._running = Counter[str]()
        self._busy = Counter[tuple[str, str]]()
        self._lanes: dict[str, deque[_Item]] = {}
        self._later: list[tuple[float, int, _Item]] = []
        self._order = count()
        # By workspace and person, each in the order in which it is their turn.
        self._ready: OrderedDict[str, OrderedDict[str, deque[_Item]]] = OrderedDict()
        for _ in range(min(AT_ONCE, threads)):
            self._start()

    @property
    def open(self) -> int:
        """How much runs or waits."""
        return self._open

    def busy(self) -> int:
        """How many threads do something."""
        with self._changed:
            return sum(self._running.values())

    def waited(self) -> float:
        """Seconds for which whatever is next has been waiting for a thread; 0 where nothing waits."""
        with self._changed:
            heads = [items[0].put_at for people in self._ready.values() for items in people.values()]
            return max(0.0, self._now() - min(heads)) if heads else 0.0

    def put(self, work: Work, place: Place, after: float = 0.0, *, counts: bool = True) -> bool:
        """Run ``work`` when it is its turn, ``after`` seconds at the earliest; False if this is closed.

        What does not count is waited for by nobody.
        """
        item = _Item(work, place, counts, self._now() + after)
        with self._changed:
            if self._closed:
                return False
            self._open += counts
            if after > 0:
                heapq.heappush(self._later, (item.put_at, next(self._order), item))
            else:
                self._enter(item)
            self._call()
        return True

    def wait_idle(self, timeout: float) -> bool:
        """Wait until nothing runs or waits, at most ``timeout`` seconds; whether that came true."""
        with self._at_rest:
            return self._at_rest.wait_for(lambda: self._open == 0, timeout)

    def close(self) -> int:
        """Begin nothing more; how much had not begun, or is still running. Threads under way die with the process."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            return self._open

    # --- with the lock held ----------------------------------------------------------------------------

    def _enter(self, item: _Item) -> None:
        lane = item.place.lane
        if lane is not None:
            if lane in self._lanes:
                self._lanes[lane].append(item)
                return
            self._lanes[lane] = deque()
        people = self._ready.setdefault(item.place.workspace, OrderedDict())
        people.setdefault(item.place.person, deque()).append(item)
        self._waiting += 1

    def _call(self) -> None:
        """A thread to look, and one more where those that rest are too few: a call may not have been heard yet."""
        self._changed.notify()
        if max(1, self._waiting) <= self._idle or len(self._threads) >= self._most:
            return
        try:
            self._start()
        except RuntimeError:  # the system gives no more threads: those that there are go on with it
            log.warning("no more threads to be had", pool=self._name, threads=len(self._threads))

    def _start(self) -> None:
        thread = threading.Thread(target=self._work, name=self._name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _due(self) -> float | None:
        """Let in what is due by now; seconds until the next is, None for never."""
        while self._later and self._later[0][0] <= self._now():
            self._enter(heapq.heappop(self._later)[2])
        return max(0.0, self._later[0][0] - self._now()) if self._later else None

    def _next(self) -> _Item | None:
        """The next item of the workspace that has the fewest threads, its people taking turns."""
        free = [workspace for workspace in self._ready if self._running[workspace] < self._share]
        for workspace in sorted(free, key=lambda each: self._running[each]):
            people = self._ready[workspace]
            may = (person for person in people if self._busy[workspace, person] < self._persons)
            if (person := next(may, None)) is not None:
                return self._taken_from(workspace, person)
        return None

    def _taken_from(self, workspace: str, person: str) -> _Item:
        people = self._ready[workspace]
        item = people[person].popleft()
        people.move_to_end(person)
        self._ready.move_to_end(workspace)
        if not people[person]:
            del people[person]
        if not people:
            del self._ready[workspace]
        self._waiting -= 1
        self._running[workspace] += 1
        self._busy[workspace, person] += 1
        return item

    def _over(self, item: _Item) -> None:
        workspace, lane = item.place.workspace, item.place.lane
        self._open -= item.counts
        self._running[workspace] -= 1
        self._busy[workspace, item.place.person] -= 1
        self._running += Counter()  # those that came to nothing are forgotten
        self._busy += Counter()
        if lane is not None:
            following = self._lanes.pop(lane)
            if following:
                self._enter(following.popleft())
                self._lanes[lane] = following
        if not self._open:
            self._at_rest.notify_all()

    # --- on a thread -----------------------------------------------------------------------------------

    def _work(self) -> None:
        while (item := self._taken()) is not None:
            try:
                item.work()
            except Exception:  # what is put here guards itself: this is a mistake of ours
                log.exception("a job raised")
            finally:
                with self._changed:
                    self._over(item)

    def _taken(self) -> _Item | None:
        with self._changed:
            self._idle += 1
            try:
                while not self._closed:
                    until = self._due()
                    if (item := self._next()) is not None:
                        return item
                    self._changed.wait(until)
                return None
            finally:
                self._idle -= 1
                if self._waiting or self._later:  # somebody else looks after these
                    self._call()
