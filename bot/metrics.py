"""What the bot did, in numbers: counted since the start, without anybody's words or names."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

Called = Callable[[str, float], None]
"""Told of each call of a service: how it ended (``ok``, ``refused`` or ``lost``), and the seconds that it took."""


@contextmanager
def watching(called: Called | None, refusal: type[Exception]) -> Iterator[None]:
    """Tell of the call inside; ``refusal`` is what it raises where the service answered with no."""
    began, outcome = time.perf_counter(), "lost"
    try:
        yield
        outcome = "ok"
    except refusal:
        outcome = "refused"
        raise
    finally:
        if called is not None:
            called(outcome, time.perf_counter() - began)


class DigestCounts(Protocol):
    """Counts of digests; safe to share between threads."""

    def digest(self, what: str) -> None:
        """One was due, sent, late, retried, uncertain or given up."""
        ...


class Counts(Protocol):
    """Counts; safe to share between threads."""

    def answered(self, topic: str) -> None:
        """An answer about a topic of the guidance was given."""
        ...

    def stayed_silent(self) -> None:
        """A message was overheard and left alone."""
        ...

    def rated(self, topic: str, *, helpful: bool) -> None:
        """Somebody said whether an answer helped."""
        ...

    def acknowledged(self, kind: str, seconds: float) -> None:
        """Slack was answered that it was taken: a ``command``, an ``event_callback``, ``block_actions`` and so on."""
        ...

    def sent_again(self, reason: str) -> None:
        """Slack sent something again, for that reason of its own."""
        ...

    def slack_called(self, outcome: str, seconds: float) -> None:
        """The Web API was called (``Called``)."""
        ...

    def org_read(self, outcome: str, seconds: float) -> None:
        """An org was read, login included (``Called``)."""
        ...
