"""Checks that a probe never waits for long: each is made in the background, and its newest result is remembered."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from functools import partial

from bot.domain.answers import Answer
from bot.domain.errors import AssistantError, OperatorError
from bot.guard import attempted

PATIENCE = 2.0
"""Seconds that a probe waits for a check; those that ask who is alive give up after some more."""

GIVEN_UP = 60.0
"""Seconds after which a check that hangs is made anew: what it waits for may be there again for others."""


class Remembered:
    """A check (``bot.entrypoints.web.Check``) that costs something, made at most once in ``every`` seconds.

    One that failed is made again after ``again`` seconds. While one takes long, the result before stands for as long as
    it is not older than ``stands`` seconds; then it is said that there is no answer, without waiting any more.
    """

    def __init__(
        self,
        check: Callable[[], None],
        *,
        every: float,
        again: float | None = None,
        stands: float = 0.0,
        patience: float = PATIENCE,
    ) -> None:
        self._check = check
        self._every, self._again = every, every if again is None else again
        self._stands = stands
        self._patience = patience
        self._lock = threading.Lock()
        self._newest: _Run | None = None
        self._before: _Run | None = None

    def __call__(self) -> None:
        """Raise OperatorError with what is wrong, by the newest result."""
        run, before = self.begin()
        if not run.done.wait(max(0.0, run.began + self._patience - time.monotonic())):
            if before is None or time.monotonic() - before.ended > self._stands:
                waited = time.monotonic() - run.began
                raise OperatorError(f"There has been no answer for {waited:.0f} s.")
            run = before
        if run.problem:
            raise OperatorError(run.problem)

    def begin(self) -> tuple[_Run, _Run | None]:
        """Make the check if it is time to; the newest run, which may be under way, and the one that ended before."""
        with self._lock:
            if self._newest is None or self._is_due(self._newest):
                if self._newest is not None and self._newest.done.is_set():
                    self._before = self._newest
                self._newest = _Run(self._check)
            return self._newest, self._before

    def _is_due(self, run: _Run) -> bool:
        now = time.monotonic()
        if not run.done.is_set():
            return now - run.began > GIVEN_UP
        return now - run.ended >= (self._again if run.problem else self._every)


def as_numbers(checks: Mapping[str, Callable[[], None]]) -> dict[str, Callable[[], float]]:
    """For each check what says 1 while it succeeds and else 0."""

    def number(name: str) -> float:
        for check in checks.values():
            if isinstance(check, Remembered):
                check.begin()  # all at once: a scrape asks for one after the other
        try:
            checks[name]()
        except AssistantError:
            return 0.0
        return 1.0

    return {name: partial(number, name) for name in checks}


class _Run:
    """A check under way, and what came of it."""

    def __init__(self, check: Callable[[], None]) -> None:
        self._check = check
        self.began = self.ended = time.monotonic()
        self.problem = ""
        self.done = threading.Event()
        threading.Thread(target=self._make, name="readiness", daemon=True).start()

    def _make(self) -> None:
        self.problem = attempted(self._result, _unforeseen)
        self.ended = time.monotonic()
        self.done.set()

    def _result(self) -> str:
        try:
            self._check()
        except AssistantError as error:  # told, and not logged: a probe comes every few seconds
            return error.text
        return ""


def _unforeseen(_: Exception, answer: Answer) -> str:
    return f"{answer.headline}. {answer.note}".strip()
