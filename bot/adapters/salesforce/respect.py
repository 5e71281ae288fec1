"""What is asked of one org at most: two calls at once, and none while few of its API requests are left.

An org's requests of 24 hours are for its own work. Each answer says how many are used; what it said last stands for an
hour, after which one more reading finds out whether there are enough again.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from simple_salesforce.api import Salesforce

from bot.domain.answers.markup import code, time
from bot.domain.errors import OrgUnreachable
from bot.domain.model import ApiUsage, Org

AT_ONCE = 2
STANDS_FOR = timedelta(hours=1)


def usage_in(header: str | None) -> ApiUsage | None:
    """What ``Sforce-Limit-Info`` says: ``api-usage=18/5000``, perhaps with more behind it."""
    said = Salesforce.parse_api_usage(header) if header else {}
    usage = said.get("api-usage")
    return ApiUsage(usage.used, usage.total) if usage is not None else None


@dataclass(slots=True)
class _Turn:
    """The calls of one host: how many may go at once, and how many go or wait."""

    free: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(AT_ONCE))
    wanted: int = 0


class Turns:
    """So many calls to a workspace's org at once. Safe to share between threads.

    What another workspace does at the same host is its own: none can hold up another by naming its org.
    """

    def __init__(self) -> None:
        self._turns: dict[tuple[str, str], _Turn] = {}
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, workspace: str, host: str, seconds: float) -> Iterator[bool]:
        """Wait for a turn; False, and no turn, where none came within ``seconds``."""
        key = (workspace, host)
        with self._lock:
            turn = self._turns.setdefault(key, _Turn())
            turn.wanted += 1
        came = turn.free.acquire(timeout=seconds)
        try:
            yield came
        finally:
            if came:
                turn.free.release()
            with self._lock:
                turn.wanted -= 1
                if not turn.wanted:
                    del self._turns[key]


class Usages:
    """How many API requests a workspace's orgs have used, as their last answers said. Safe to share between threads."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[datetime, ApiUsage]] = {}
        self._lock = threading.Lock()

    def note(self, org: Org, usage: ApiUsage, now: datetime) -> None:
        """Keep what an answer said; what is far from the limit need not be kept."""
        key = (org.workspace, org.host)
        with self._lock:
            self._known.pop(key, None)
            if usage.is_low:
                self._known[key] = now, usage

    def require(self, org: Org, now: datetime) -> None:
        """Raise OrgUnreachable while few are left."""
        with self._lock:
            known = self._known.get((org.workspace, org.host))
        if known is None or not timedelta(0) <= now - known[0] < STANDS_FOR:
            return
        at, usage = known
        raise OrgUnreachable(
            f"{code(org.name)} has used {usage.used:,} of its {usage.limit:,} API requests of 24 hours. With less than "
            f"a tenth left I ask it nothing: they are for its own work. I look again after {time(at + STANDS_FOR)}."
        )
