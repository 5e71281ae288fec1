"""How a thread that takes turns with others says that it waits, so that others go on meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


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
