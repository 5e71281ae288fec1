"""What this process is just writing of the talk in channels, while nobody waits for it but who reads there next."""

from __future__ import annotations

import threading
from concurrent.futures import Future, wait
from typing import Any

from bot.waits import waiting

_LOOKED_THROUGH = 1000  # channels or claims, from which on those are forgotten of which all is written

_OVER = Future[Any]()
_OVER.set_result(None)

Channel = tuple[str, str]
"""A workspace and a channel of it."""


class UnderWay:
    """The newest writing in each channel, and of each claim of a message. Safe to use from every thread."""

    def __init__(self) -> None:
        self._writing: dict[Channel, Future[Any]] = {}
        self._claims: dict[tuple[Channel, str], Future[Any] | None] = {}
        self._lock = threading.Lock()

    def begun(self, channel: Channel, writing: Future[Any]) -> None:
        """It is being written, after whatever was begun before."""
        with self._lock:
            self._writing[channel] = writing
            if len(self._writing) > _LOOKED_THROUGH:
                self._writing = {place: each for place, each in self._writing.items() if not each.done()}

    def settle(self, channel: Channel) -> None:
        """Wait until what is being written there is over; whoever owes it hears of what failed."""
        writing = self._writing.get(channel)
        if writing is not None and not writing.done():
            with waiting():
                wait((writing,))

    def claim(self, channel: Channel, ts: str) -> bool:
        """Whether no other thread is claiming that message; until it ``claimed`` it or gave it back this one is."""
        with self._lock:
            writing = self._claims.get((channel, ts), _OVER)
            if writing is None or not writing.done():
                return False
            self._claims[channel, ts] = None
            return True

    def claimed(self, channel: Channel, ts: str, writing: Future[Any]) -> None:
        """The claim is being written, which nobody has to notice."""
        with self._lock:
            self._claims[channel, ts] = writing
            if len(self._claims) > _LOOKED_THROUGH:
                there = self._claims.items()
                self._claims = {message: each for message, each in there if each is None or not each.done()}

    def give_back(self, channel: Channel, ts: str) -> None:
        """It is kept by now, or was no claim."""
        with self._lock:
            self._claims.pop((channel, ts), None)
