"""Clients that keep a connection and send nothing, or a byte now and then: cut, so that others are served.

Waitress gives a thread only to a request that is there as a whole, so a slow one costs a connection and no more. Of
those it takes a fixed number, and it measures from the last byte, so that one byte a minute would hold one for ever.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from waitress.channel import HTTPChannel


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds for a request to be there as a whole, and for the next one to begin; and how many may wait at all."""

    whole: float = 10
    idle: float = 75
    connections: int = 500


PATIENCE = Patience()


class BoundedChannel(HTTPChannel):
    """A connection that knows since when its client owes us something."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.waits_since = time.monotonic()
        self.served = False

    def received(self, data: bytes) -> bool:
        """Some bytes: of a request that begins, or of one that goes on, which does not buy it time."""
        if self.request is None:
            self.waits_since = time.monotonic()
        return bool(super().received(data))

    def service(self) -> None:
        """A whole request, on a thread of the server's."""
        super().service()
        self.served = True
        self.waits_since = time.monotonic()

    def is_late(self, now: float, patience: Patience) -> bool:
        """Whether the client has had its time."""
        between = self.served and self.request is None
        return not self.requests and now - self.waits_since > (patience.idle if between else patience.whole)


def cut_slow_ones(channels: Sequence[BoundedChannel], patience: Patience) -> None:
    """Close the connections of clients that had their time, and the longest waiting of those that are too many.

    For the thread that runs the sockets alone: nobody else closes or reads them.
    """
    now = time.monotonic()
    late = [channel for channel in channels if channel.is_late(now, patience)]
    if (too_many := len(channels) - len(late) - patience.connections) > 0:
        waiting = [channel for channel in channels if not channel.requests and channel not in late]
        late += sorted(waiting, key=lambda channel: channel.waits_since)[:too_many]
    for channel in late:
        channel.handle_close()
