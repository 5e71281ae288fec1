"""How far the talk in each channel has come: of a message that is newer nothing is kept, so nobody has to look.

Only for a process that alone claims and answers, as with SQLite. What it forgets and what others erase makes it look
where nothing is, and no more: whatever is kept is never newer than what stands here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from bot.adapters.store.under_way import Channel

_AT_MOST = 20_000  # channels; some 8 MB

_NEVER = float("-inf")


@dataclass(frozen=True, slots=True)
class Newest:
    """The ts that no message goes beyond which was claimed or answered, and the time of the last answer, in seconds."""

    ts: str = ""
    at: float = _NEVER

    def with_more(self, ts: str, at: float) -> Newest:
        """The same after one more."""
        return Newest(max(self.ts, ts), max(self.at, at))


class NewestTalk:
    """Knows it of the channels of late by themselves, and of all others together. Safe to use from every thread."""

    def __init__(self, read: Callable[[], Newest]) -> None:
        """``read`` gives what is kept of all channels, and is asked once."""
        self._read = read
        self._others: Newest | None = None
        self._channels: dict[Channel, Newest] = {}
        self._lock = threading.Lock()

    def of(self, channel: Channel) -> Newest:
        """How far it has come there at most. Raises OperatorError."""
        with self._lock:
            return self._of(channel)

    def come(self, channel: Channel, ts: str, at: float = _NEVER) -> None:
        """A message is about to be claimed there, or was answered. Raises OperatorError."""
        with self._lock:
            known = self._of(channel).with_more(ts, at)
            if len(self._channels) >= _AT_MOST:
                newest = self._channels.values()
                last, latest = max(each.ts for each in newest), max(each.at for each in newest)
                self._others, self._channels = self._all_others().with_more(last, latest), {}
            self._channels[channel] = known

    def _of(self, channel: Channel) -> Newest:
        return self._channels.get(channel) or self._all_others()

    def _all_others(self) -> Newest:
        if self._others is None:
            self._others = self._read()
        return self._others
