"""What is done for people once Slack has its acknowledgement: carried out, tried again where that helps, and shown.

A job's work and the showing of what came of it are guarded apart: an answer that Slack does not take is shown again,
and what was carried out for it is not carried out again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import structlog

from bot.domain.answers import Answer
from bot.domain.errors import AskerError, AssistantError, OperatorError, SlackRefused
from bot.domain.model import Asker
from bot.fair_pool import COMPUTING, FairPool, Place
from bot.guard import RESTARTED, Show, answer_for, failure
from bot.waits import owing

QUICK, SLOW = 64, 64
"""Threads for what is answered from what we have, and for what waits for orgs; threads that wait cost little."""

SHARES = 4
"""One in so many threads is left for other workspaces."""

WAITING_AT_MOST = 1000
"""Jobs in memory; beyond, what is kept in the database waits there."""

DELAYS = (1.0, 2.0, 5.0, 10.0, 20.0, 30.0)
"""Seconds before each further try; the last one counts for all that follow."""

TRIED_FOR = 600.0
"""Seconds: Slack and the database come back within minutes, or somebody has to act."""

_ABOUT_TO = 0.005  # seconds

SILENT_FOR = 0.3
"""Seconds after which somebody who waits is told what is being done.

Of the second within which people are to see something, the rest is for telling sixty at once: on two processors that
takes half a second (``tests.benchmarks.bench_first_word``).
"""

WAITED_FOR = 3.0
"""Seconds for which somebody who waits is not told that the database does not answer."""

log = structlog.get_logger("assistant")


class WaitsForOrgs(Exception):
    """Raised by work that turned out to wait for orgs, before it has read or changed anything there.

    It begins anew on the threads for that, and outside its lane. ``meanwhile`` is as of a Job, where it has none.
    """

    def __init__(self, meanwhile: Answer | None = None) -> None:
        super().__init__()
        self.meanwhile = meanwhile


Work = Callable[[bool], Iterable[Answer] | None]
"""Does something, and gives the answers that are to be shown.

It is called with True where it was begun before, and may have come to something.
"""


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do. ``show`` is for whoever waits, None where nobody does.

    ``slow``: it waits for orgs. ``once``: it changes something, or needs what Slack gives for seconds only, so it must
    not be done again. ``kept``: it is worth a record, by which it is done although the process ends. ``lane``: one at a
    time in it. ``after``: seconds to wait before it begins. ``meanwhile``: what whoever waits is shown if nothing came
    of it within a second, by ``show_meanwhile`` where that is another way than ``show``.
    """

    work: Work
    who: Asker
    show: Show | None = None
    slow: bool = False
    once: bool = False
    kept: bool = True
    lane: str | None = None
    after: float = 0.0
    meanwhile: Answer | None = None
    show_meanwhile: Show | None = None

    @property
    def place(self) -> Place:
        """Whose turn it takes."""
        return Place(self.who.workspace, self.who.user, self.lane)


Finished = Callable[[], None]
Held = Callable[[], bool]
"""Whether what is kept of a request is this process's. Raises OperatorError where that cannot be told."""


@dataclass(slots=True)
class Batch:
    """The jobs of one request: begun together, once it is acknowledged. ``again``: another process began them.

    ``came``: when the request did, by the clock of ``time.monotonic``. ``context`` holds what the log calls the request
    by: each line about one of its jobs says so. ``owed`` is what they began and did not wait for: the request is done
    once that is.
    """

    again: bool = False
    came: float | None = None
    context: Context = field(default_factory=copy_context)
    jobs: list[Job] = field(default_factory=list)
    owed: list[Future[Any]] = field(default_factory=list)
    held: Held = lambda: True
    finished: Finished = lambda: None
    announced: bool = False

    @property
    def kept(self) -> bool:
        """Whether one of them is worth a record."""
        return any(job.kept for job in self.jobs)

    def let_go(self) -> None:
        """It is over, and holds nobody any more who may hold it.

        What hold each other stay until all that is there is looked through for such, which holds up everybody.
        """
        self.held, self.finished = (lambda: True), (lambda: None)


@dataclass(slots=True)
class _First:
    """Whether the person was shown anything yet."""

    shown: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True, slots=True)
class _Try:
    """One try of a job."""

    job: Job
    batch: Batch
    left: _Countdown
    again: bool
    begun: float
    number: int = 0
    first: _First = field(default_factory=_First)


_gathering: ContextVar[Batch | None] = ContextVar("gathering", default=None)


@contextmanager
def gathering(batch: Batch) -> Iterator[Batch]:
    """What is submitted meanwhile is put into ``batch`` instead of being begun."""
    before = _gathering.set(batch)
    try:
        yield batch
    finally:
        _gathering.reset(before)


class Jobs:
    """Runs jobs on threads of its own, quick ones and slow ones apart."""

    def __init__(
        self,
        quick: int = QUICK,
        slow: int = SLOW,
        waiting: int = WAITING_AT_MOST,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._quick = FairPool("quick", quick, quick - quick // SHARES, computing=COMPUTING)
        self._slow = FairPool("slow", slow, slow - slow // SHARES)
        self._most = waiting
        self._now = now
        self._announced = 0
        self._lock = threading.Lock()

    def submit(self, job: Job) -> None:
        """Do it soon; where a request is being taken, once that is acknowledged."""
        batch = _gathering.get()
        if batch is None:
            self.begin(Batch(jobs=[job]))
        else:
            batch.jobs.append(job)

    def later(self, work: Callable[[], None]) -> None:
        """Do something that nobody waits for, again where Slack or the database did not answer."""
        self.submit(Job(lambda _: work(), Asker("", ""), kept=False))

    def announce(self, batch: Batch) -> None:
        """It is about to begin: its request is just being acknowledged."""
        with self._lock:
            self._announced += 1
        batch.announced = True

    def until(self, over: Future[object]) -> None:
        """Not at rest until that is over."""
        with self._lock:
            self._announced += 1
        over.add_done_callback(lambda _: self._begun())

    def begin(self, batch: Batch) -> None:
        """Begin its jobs."""
        left = _Countdown(len(batch.jobs), batch.finished)
        for job in batch.jobs:
            attempt = _Try(job, batch, left, batch.again, self._now())
            self._promise(attempt, job.meanwhile)
            self._put(attempt, job.after)
        if batch.announced:
            self._begun()

    def _begun(self) -> None:
        with self._lock:
            self._announced -= 1

    @property
    def pools(self) -> Mapping[str, FairPool]:
        """The threads for what is answered from what we have, and those for what waits for orgs."""
        return {"quick": self._quick, "slow": self._slow}

    @property
    def room(self) -> int:
        """How much more may wait here; beyond, people would wait longer than Slack lets us answer them."""
        return max(0, self._most - self.open)

    @property
    def full(self) -> bool:
        """Whether there is no room."""
        return self.room == 0

    @property
    def open(self) -> int:
        """How many jobs are running or waiting, or about to; 0 only where there is none.

        They are counted in the order in which one goes from place to place, and the last place twice, for one of it may
        put something back: counted the other way round, one that moves meanwhile would be in none of them.
        """
        announced, slow, quick = self._announced, self._slow.open, self._quick.open
        return announced + quick + max(slow, self._slow.open)

    def wait_idle(self, timeout: float) -> bool:
        """Wait until nothing runs or waits, at most ``timeout`` seconds; whether that came true."""
        deadline = time.monotonic() + timeout
        while self.open:
            for pool in (self._quick, self._slow):  # a job of one may have put something into the other
                if not pool.wait_idle(max(0.0, deadline - time.monotonic())):
                    return False
            if self._announced:
                time.sleep(_ABOUT_TO)
                if time.monotonic() > deadline:
                    return False
        return True

    def close(self, timeout: float = 8.0) -> int:
        """Let what is under way finish, at most ``timeout`` seconds, and begin nothing after; how much is left."""
        self.wait_idle(timeout)
        return self._quick.close() + self._slow.close()

    def _promise(self, attempt: _Try, meanwhile: Answer | None) -> None:
        """Say what is being done, once the person has waited for so long; a lane would hold it up with the work."""
        if meanwhile is not None:
            came = attempt.batch.came
            waited = self._now() - (attempt.begun if came is None else came)
            place = replace(attempt.job.place, lane=None)
            say = partial(self._say_meanwhile, attempt, meanwhile)
            self._quick.put(_named(attempt.batch, say), place, max(0.0, SILENT_FOR - waited), counts=False)

    def _put(self, attempt: _Try, after: float = 0.0) -> None:
        pool = self._slow if attempt.job.slow else self._quick
        pool.put(_named(attempt.batch, lambda: self._run(attempt)), attempt.job.place, after)

    # --- one try ---------------------------------------------------------------------------------------

    def _run(self, attempt: _Try) -> None:
        job, begun = attempt.job, attempt.again
        try:
            with owing() as owed:
                if attempt.batch.held():
                    begun = True
                    work = (RESTARTED,) if attempt.again and job.once else job.work(attempt.again)
                    for answer in work or ():
                        self._show(attempt, answer)
            attempt.batch.owed += owed
            with attempt.first.lock:  # also where the work showed it by itself
                attempt.first.shown = True
        except WaitsForOrgs as wait:
            self._promise(attempt, None if job.meanwhile else wait.meanwhile)
            self._put(replace(attempt, job=replace(job, slow=True, lane=None)))
            return
        except BaseException as raised:  # noqa: BLE001 - not swallowed: tried again, or told and logged
            error = failure(raised)
            if (after := self._worth_another_try(attempt, error)) is not None:
                self._put(replace(attempt, number=attempt.number + 1, again=begun), after)
                return
            self._failed(attempt, error)
        attempt.left.one_less()

    def _worth_another_try(self, attempt: _Try, error: Exception) -> float | None:
        """Seconds until the next try of what failed for now; None for none."""
        passing = isinstance(error, OperatorError) or (isinstance(error, SlackRefused) and error.passing)
        if attempt.job.once or not passing:
            return None
        patience = WAITED_FOR if attempt.job.show and isinstance(error, OperatorError) else TRIED_FOR
        return self._after(attempt, error, patience)

    def _after(self, attempt: _Try, error: Exception, patience: float) -> float | None:
        asked = error.retry_after if isinstance(error, SlackRefused) else None
        after = asked or DELAYS[min(attempt.number, len(DELAYS) - 1)]
        if self._now() + after - attempt.begun > patience:
            return None
        text = error.text if isinstance(error, AssistantError) else type(error).__name__
        log.warning("will be tried again", reason=text, seconds=after)
        return after

    def _failed(self, attempt: _Try, error: Exception) -> None:
        answer = answer_for(error)
        if attempt.job.show is not None:
            self._show(attempt, answer)
        elif not isinstance(error, AskerError):
            log.error("given up", reason=answer.headline, tries=attempt.number + 1)

    def _say_meanwhile(self, attempt: _Try, answer: Answer) -> None:
        with attempt.first.lock:  # an answer that comes just now comes after it, or instead of it
            show = attempt.job.show_meanwhile or attempt.job.show
            if attempt.first.shown or show is None:
                return
            try:
                show(answer)
            except SlackRefused as refusal:
                log.info("could not say what is being done", reason=refusal.text)

    # --- showing ---------------------------------------------------------------------------------------

    def _show(self, attempt: _Try, answer: Answer) -> None:
        """Show an answer; what Slack does not take for now is shown later, from a queue."""
        show = attempt.job.show
        if show is None:
            return
        with attempt.first.lock:
            attempt.first.shown = True
        try:
            show(answer)
        except SlackRefused as refusal:
            after = self._after(attempt, refusal, TRIED_FOR) if refusal.passing else None
            if after is None:
                log.warning("could not tell the person", answer=answer.headline, reason=refusal.text)
            else:
                self._show_later(attempt, answer, after)
        except BaseException as error:  # what was done for it counts as done all the same
            log.warning("could not tell the person", answer=answer.headline, exc_info=failure(error))

    def _show_later(self, attempt: _Try, answer: Answer, after: float) -> None:
        attempt.left.one_more()  # what is kept of the request goes when it is done, and shown
        showing = replace(attempt, number=attempt.number + 1)

        def show() -> None:
            self._show(showing, answer)
            showing.left.one_less()

        self._quick.put(_named(attempt.batch, show), replace(attempt.job.place, lane=None), after)


def _named(batch: Batch, work: Callable[[], None]) -> Callable[[], None]:
    """The same work, each line of the log from it naming the request on whatever thread it comes to."""
    context = batch.context.copy()  # of its own: no two threads can be in one
    return lambda: context.run(work)


class _Countdown:
    """Calls ``finished`` when everything is done."""

    def __init__(self, things: int, finished: Finished) -> None:
        self._left = things
        self._finished = finished
        self._lock = threading.Lock()

    def one_more(self) -> None:
        """One more is to be done; not after the last one was."""
        with self._lock:
            self._left += 1

    def one_less(self) -> None:
        """One more is done."""
        with self._lock:
            self._left -= 1
            is_over = self._left == 0
        if is_over:
            self._finished()
