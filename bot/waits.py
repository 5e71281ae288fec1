"""How a thread that takes turns with others says that it waits, so that others go on meanwhile.

Better still is not to wait: what need not be there before the work ends is owed, and whoever does the work sees to it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, Protocol


class TakesTurns(Protocol):
    """Whoever gives the turns."""

    def leave(self) -> None:
        """This thread waits from now on."""
        ...

    def come_back(self) -> None:
        """It goes on."""
        ...


class _ThisThread(threading.local):
    turns: TakesTurns | None = None
    owed: list[Future[Any]] | None = None


_this_thread = _ThisThread()


def take_turns(turns: TakesTurns) -> None:
    """From now on this thread tells when it waits."""
    _this_thread.turns = turns


@contextmanager
def waiting() -> Iterator[None]:
    """For what waits for another thread; where this one takes no turns it does nothing."""
    turns = _this_thread.turns
    if turns is None:
        yield
        return
    turns.leave()
    try:
        yield
    finally:
        turns.come_back()


@contextmanager
def owing() -> Iterator[list[Future[Any]]]:
    """What this thread comes to owe meanwhile, for whoever sees to it that its work counts as done only with that."""
    before, _this_thread.owed = _this_thread.owed, []
    try:
        yield _this_thread.owed
    finally:
        _this_thread.owed = before


def owed(begun: Future[Any]) -> bool:
    """Owe what was begun instead of waiting for it; False where nobody asks what this thread owes."""
    if _this_thread.owed is None:
        return False
    _this_thread.owed.append(begun)
    return True
