"""Ways in which the Web API can misbehave on demand."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """What goes wrong."""

    DROP = "drop"
    RATE_LIMIT = "rate-limit"
    SERVER_ERROR = "server-error"
    HANG = "hang"
    REFUSE = "refuse"
    SAY = "say"


@dataclass(frozen=True, slots=True)
class WebApiFault:
    """One misbehaviour. ``seconds`` is Retry-After, or how long to hang; ``error`` is the refusal's code.

    ``DROP`` does what was asked and then breaks the connection: who repeats the call does it twice. ``SAY`` does it,
    too, and then says what it is told to, in JSON.
    """

    kind: FaultKind
    seconds: float = 0
    error: str = "internal_error"
    said: object = None


class Faults:
    """Faults waiting for the next calls, per method; ``*`` is any method."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: defaultdict[str, deque[WebApiFault]] = defaultdict(deque)
        self._released = threading.Event()

    def add(self, method: str, fault: WebApiFault, times: int = 1) -> None:
        """Let the next ``times`` calls of ``method`` go wrong."""
        with self._lock:
            self._waiting[method].extend([fault] * times)

    def take(self, method: str) -> WebApiFault | None:
        """The fault of this very call, if one waits."""
        with self._lock:
            for name in (method, "*"):
                if self._waiting[name]:
                    return self._waiting[name].popleft()
        return None

    def hang(self, seconds: float) -> None:
        """Wait, but no longer than the workspace lives."""
        self._released.wait(seconds)

    def release(self) -> None:
        """Let every hanging call go."""
        self._released.set()
