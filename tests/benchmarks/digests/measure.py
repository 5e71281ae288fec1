"""Several processes on one database, killed again and again, and what came of each slot."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from bot.adapters.store import SqlStore
from bot.adapters.vault import Vault, make_key
from bot.domain.answers import Answer
from bot.domain.digest import schedule
from bot.domain.digest.notices import Notice
from bot.domain.digest.subscription import Kind, Subscription
from tests.benchmarks.digests.process import TIMEOUT, Given
from tests.benchmarks.digests.slack import CLOSED, GONE, Chances, Slack
from tests.paths import ROOT

SETTER = "U0SETTER"
LEFT_BY_THEN = 1.0  # seconds for what Slack delivers late


@dataclass(frozen=True)
class Sizes:
    """How much. ``outside``: seconds between kills from outside, on average. ``deadly``: for how many seconds of a
    round processes die; ``patience``: for how many one may take.
    """

    processes: int = 3
    workspaces: int = 200
    rounds: int = 20
    dies: float = 0.01
    outside: float = 1.0
    deadly: float = 60.0
    patience: float = 120.0
    seed: int = 0


@dataclass
class Found:
    """What came of it, over all slots of digests, and all alerts."""

    slots: int = 0
    alerts: int = 0
    once: int = 0
    twice: list[str] = field(default_factory=list)
    told: int = 0
    missing: list[str] = field(default_factory=list)
    told_twice: list[str] = field(default_factory=list)
    kills: int = 0
    seconds: float = 0.0
    statuses: Counter[str] = field(default_factory=Counter)
    calls: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        return (
            f"{self.slots} slots and {self.alerts} alerts, {self.kills} kills, {self.seconds:.0f} s: "
            f"{self.once} once, {len(self.twice)} twice, "
            f"{self.told} not seen but told, {len(self.missing)} missing, {len(self.told_twice)} told twice; "
            f"rows {dict(self.statuses)}; calls {self.calls}"
        )


@contextmanager
def _herd(given: Given, found: Found) -> Iterator[None]:
    """The processes, kept alive by one that forks them."""
    command = [sys.executable, "-m", "tests.benchmarks.digests.process", json.dumps(asdict(given))]
    pipe = subprocess.PIPE
    herd = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
    try:
        yield
    finally:
        found.kills = int(herd.communicate()[0] or 0)


def measured(database: str, sizes: Sizes, chances: Chances | None = None) -> Found:
    """Go through all rounds on an empty database."""
    key, found, begun = make_key(), Found(), time.monotonic()
    slack = Slack(sizes.seed, TIMEOUT, chances)
    with slack.server, tempfile.TemporaryDirectory() as folder:
        subscriptions = _prepared(database, key, sizes)
        state = _State(Path(folder) / "state")
        given = Given(database, key, slack.url, str(state.path), sizes.processes, sizes.dies, sizes.outside, sizes.seed)
        with _herd(given, found):
            for week in range(1, sizes.rounds + 1):
                _alert(database, key, subscriptions, week)
                _watched(database, state, sizes, week)
        time.sleep(TIMEOUT + LEFT_BY_THEN)
        found.seconds, found.calls = time.monotonic() - begun, dict(slack.calls)
    _judge(found, slack, subscriptions, sizes.rounds)
    with _rows(database) as connection:
        counted = connection.execute(text("SELECT about || '/' || status, count(*) FROM digest_slots GROUP BY 1"))
        found.statuses = Counter({str(name): int(number) for name, number in counted})
    return found


def _alert(database: str, key: str, subscriptions: list[Subscription], week: int) -> None:
    """What alerts would say in a week."""
    store, now = SqlStore(database, Vault([key])), datetime.now(UTC)
    for each in subscriptions:
        if each.kind is Kind.ALERTS:
            said = Notice(each.workspace, _alert_key(each, week), each.target, Answer("`prod` fell"), now)
            store.add_notices(each.workspace, [said])
    store.close()


def _alert_key(subscription: Subscription, week: int) -> str:
    return f"alert:prod:{week}:{subscription.id}"


def _prepared(database: str, key: str, sizes: Sizes) -> list[Subscription]:
    """A digest in each workspace, due a moment ago in every week to come, and alerts."""
    store = SqlStore(database, Vault([key]))
    store.migrate()
    now = datetime.now(UTC)
    due, set_at = now - timedelta(minutes=1), now
    kept = []
    for number in range(sizes.workspaces):
        kind = {0: CLOSED, 1: GONE}.get(number % 20, "C0")
        wanted = Subscription(
            f"T{number:04}",
            "",
            f"{kind}{number:04}",
            weekday=due.weekday(),
            hour=due.hour,
            minute=due.minute,
            set_by=SETTER,
            set_at=set_at,
        )
        kept.append(store.keep_subscription(wanted))
        kept.append(store.keep_subscription(replace(wanted, kind=Kind.ALERTS)))
    store.close()
    return kept


class _State:
    """What the processes are told."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tell(0, deadly=False)

    def tell(self, week: int, *, deadly: bool) -> None:
        """Another week, or an end of dying; whoever reads meanwhile reads the one or the other."""
        new = self.path.with_suffix(".new")
        new.write_text(f"{week} {'deadly' if deadly else 'calm'}", encoding="ascii")
        new.replace(self.path)


def _watched(database: str, state: _State, sizes: Sizes, week: int) -> None:
    """Wait until every slot of the week has come to an end, or patience has."""
    begun = time.monotonic()
    state.tell(week, deadly=True)
    while (since := time.monotonic() - begun) < sizes.patience:
        if since > sizes.deadly:
            state.tell(week, deadly=False)
        time.sleep(0.1)
        with _rows(database) as connection:
            done = "SELECT count(*) FROM digest_slots WHERE status NOT IN ('waiting', 'claimed') AND about = ''"
            left = (
                "SELECT (SELECT count(*) FROM digest_slots WHERE status IN ('waiting', 'claimed'))"
                " + (SELECT count(*) FROM notices WHERE next_try_at IS NOT NULL)"
            )
            are_done = connection.execute(text(done)).scalar_one() >= week * sizes.workspaces
            if are_done and not connection.execute(text(left)).scalar_one():
                return


@contextmanager
def _rows(database: str) -> Iterator[Any]:
    url = database.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _judge(found: Found, slack: Slack, subscriptions: list[Subscription], rounds: int) -> None:
    now = datetime.now(UTC)
    for each in subscriptions:
        if each.kind is Kind.ALERTS:
            _judge_alerts(found, slack, each, rounds)
            continue
        due = [schedule.latest(each, now + timedelta(weeks=week)) for week in range(1, rounds + 1)]
        keys = [f"{each.workspace}:{each.id}:{slot.isoformat()}" for slot in due]
        for key in keys:
            found.slots += 1
            told = [len(slack.posts.get(f"{key}:{about}", ())) for about in ("uncertain", "given-up", "failing")]
            if any(number > 1 for number in told):
                found.told_twice.append(key)
            _judge_one(found, key, len(slack.posts.get(key, ())), is_told=any(told) or _was_told(slack, each, keys))


def _judge_alerts(found: Found, slack: Slack, alerts: Subscription, rounds: int) -> None:
    keys = [_alert_key(alerts, week) for week in range(1, rounds + 1)]
    told = {key: len(slack.posts.get(f"undelivered:{alerts.id}:{key}", ())) for key in keys}
    for key in keys:
        found.alerts += 1
        if told[key] > 1:
            found.told_twice.append(key)
        is_told = bool(told[key]) or (alerts.target.startswith(GONE) and any(told.values()))
        _judge_one(found, key, len(slack.posts.get(key, ())), is_told=is_told)


def _was_told(slack: Slack, subscription: Subscription, keys: list[str]) -> bool:
    """Whether it was told before that nothing arrives there, which is told once."""
    return subscription.target.startswith(GONE) and any(slack.posts.get(f"{key}:failing") for key in keys)


def _judge_one(found: Found, key: str, times: int, *, is_told: bool) -> None:
    if times == 1:
        found.once += 1
    elif times > 1:
        found.twice.append(key)
    elif is_told:
        found.told += 1
    else:
        found.missing.append(key)
