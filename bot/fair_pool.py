"""Threads that workspaces share fairly: they take turns, none has all of them, and nothing waits inside one.

What has to happen one after the other (the talk in one channel) has a lane, in which the next begins when the one
before is over: it waits in a queue and not on a thread, so that a busy channel costs the others nothing. What is to
be tried again later waits in a queue, too.

Many threads may wait for something at once, but few should compute: Python runs one at a time, and each that wants to
be next holds up the others, those that take requests among them. So work begins while few of those begun compute. Who
has not ended after some milliseconds is taken to wait for somebody; who waits for another thread says so at once
(``bot.waits``), because that one may be waiting for more to do.
"""

from __future__ import annotations

import heapq
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

import structlog

from bot.waits import take_turns

AT_ONCE = 2
"""Threads from the beginning, so that there are some whatever the system gives later."""

COMPUTING = 2
"""Threads that compute at once where a pool keeps them few; read off ``tests.benchmarks.speed commands``."""

CROWD = 32
"""For so many that wait one more may compute: answers must not fall ever further behind those who ask."""

LONG = 0.005
"""Seconds after which whoever computes is taken to wait: most answers take one."""

Work = Callable[[], None]
"""Must not raise."""

log = structlog.get_logger("assistant")
Key = TypeVar("Key")


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


class _Worker:
    """A thread, and what it is called for; None: to go."""

    __slots__ = ("_pool", "called", "item")

    def __init__(self, pool: FairPool) -> None:
        self._pool = pool
        self.called = threading.Lock()
        self.called.acquire()
        self.item: _Item | None = None

    def leave(self) -> None:
        """It waits for something from now on."""
        self._pool.left(self)

    def come_back(self) -> None:
        """It goes on, however many do: what is begun is better done than something else begun."""
        self._pool.came_back(self)


class FairPool:
    """Runs work on ``threads``, at most ``share`` of them for one workspace, and of these two thirds for one person.

    ``computing``: begin something only while fewer than so many compute; None for any number. Safe to use from every
    thread.
    """

    def __init__(
        self,
        name: str,
        threads: int,
        share: int,
        now: Callable[[], float] = time.monotonic,
        *,
        computing: int | None = None,
    ) -> None:
        self._name = name
        self._most = threads
        self._at_once = threads if computing is None else computing
        self._share = share
        self._persons = max(1, share * 2 // 3)
        self._now = now
        lock = threading.Lock()
        self._changed = threading.Condition(lock)
        self._at_rest = threading.Condition(lock)  # its own, so that who waits for rest takes nobody's call to work
        self._resting: list[_Worker] = []  # who rested last works first, so that few do what few can do
        self._threads = 0
        self._computing: dict[_Worker, float] = {}  # since when, the longest first
        self._held_up = False
        self._waiting = 0
        self._closed = False
        self._open = 0
        self._running: dict[str, int] = {}
        self._busy: dict[tuple[str, str], int] = {}
        self._lanes: dict[str, deque[_Item]] = {}
        self._later: list[tuple[float, int, _Item]] = []
        self._order = count()
        # By workspace and person, each in the order in which it is their turn.
        self._ready: OrderedDict[str, OrderedDict[str, deque[_Item]]] = OrderedDict()
        threading.Thread(target=self._look_at_clock, name=f"{name} clock", daemon=True).start()
        for _ in range(min(AT_ONCE, threads)):
            self._resting.append(self._started())

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
                if self._later[0][2] is item:
                    self._changed.notify()
            else:
                self._enter(item)
                self._serve()
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
            while self._resting:
                self._resting.pop().called.release()
            return self._open

    def left(self, worker: _Worker) -> None:
        """A worker of this pool waits for something."""
        with self._changed:
            self._computing.pop(worker, None)
            self._serve()

    def came_back(self, worker: _Worker) -> None:
        """It goes on."""
        with self._changed:
            self._computing[worker] = self._now()

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

    def _serve(self) -> None:
        """Give what is ready to those who rest, or to one more, while few compute."""
        while self._may_begin() and (turn := self._turn()) is not None:
            worker = self._resting.pop() if self._resting else self._one_more()
            if worker is None:
                return
            worker.item = self._taken_from(*turn)
            self._computing[worker] = self._now()
            worker.called.release()

    def _may_begin(self) -> bool:
        if not self._waiting or self._closed:
            return False
        if len(self._computing) < self._at_once + self._waiting // CROWD:
            return True
        if not self._held_up:
            self._held_up = True
            self._changed.notify()  # for somebody to look whether they go on computing
        return False

    def _let_pass_the_long(self) -> None:
        """Whoever has computed for long holds nobody up any more."""
        self._held_up = False
        began = self._now() - LONG
        for worker in [worker for worker, since in self._computing.items() if since <= began]:
            del self._computing[worker]

    def _one_more(self) -> _Worker | None:
        if self._threads >= self._most:
            return None
        try:
            return self._started()
        except RuntimeError:  # the system gives no more threads: those that there are go on with it
            log.warning("no more threads to be had", pool=self._name, threads=self._threads)
            return None

    def _started(self) -> _Worker:
        worker = _Worker(self)
        threading.Thread(target=self._work, args=(worker,), name=self._name, daemon=True).start()
        self._threads += 1
        return worker

    def _due(self) -> float | None:
        """Let in what is due by now; seconds until the next is, None for never."""
        while self._later and self._later[0][0] <= self._now():
            self._enter(heapq.heappop(self._later)[2])
        return max(0.0, self._later[0][0] - self._now()) if self._later else None

    def _turn(self) -> tuple[str, str] | None:
        """Whose turn it is: of the workspace that has the fewest threads, its people taking turns."""
        running = self._running
        free = [workspace for workspace in self._ready if running.get(workspace, 0) < self._share]
        if len(free) > 1:
            free.sort(key=lambda each: running.get(each, 0))
        for workspace in free:
            for person in self._ready[workspace]:
                if self._busy.get((workspace, person), 0) < self._persons:
                    return workspace, person
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
        self._running[workspace] = self._running.get(workspace, 0) + 1
        self._busy[workspace, person] = self._busy.get((workspace, person), 0) + 1
        return item

    def _over(self, item: _Item, worker: _Worker) -> None:
        workspace, lane = item.place.workspace, item.place.lane
        self._computing.pop(worker, None)
        self._open -= item.counts
        _one_less(self._running, workspace)
        _one_less(self._busy, (workspace, item.place.person))
        if lane is not None:
            following = self._lanes.pop(lane)
            if following:
                self._enter(following.popleft())
                self._lanes[lane] = following
        if not self._open:
            self._at_rest.notify_all()

    # --- on a thread -----------------------------------------------------------------------------------

    def _work(self, worker: _Worker) -> None:
        take_turns(worker)
        while True:
            worker.called.acquire()
            item, worker.item = worker.item, None
            if item is None:  # closed
                return
            try:
                item.work()
            except BaseException:  # what is put here guards itself: this is a mistake of ours, and the thread goes on
                log.exception("a job raised")
            with self._changed:
                self._over(item, worker)
                self._rest(worker)
            del item  # it may be the last for long, and holds what somebody said

    def _rest(self, worker: _Worker) -> None:
        """Have it do what is next; as the last to rest it is the first that is called."""
        if self._closed:
            worker.called.release()
        else:
            self._resting.append(worker)
            self._serve()

    def _look_at_clock(self) -> None:
        """Let in what is due, on a thread of its own: the others look at nothing while they rest."""
        with self._changed:
            while not self._closed:
                until = self._due()
                self._let_pass_the_long()
                self._serve()
                looks = (until, LONG if self._held_up else None)
                self._changed.wait(min((each for each in looks if each is not None), default=None))


def _one_less(counts: dict[Key, int], key: Key) -> None:
    """What comes to nothing is forgotten."""
    counts[key] -= 1
    if not counts[key]:
        del counts[key]
