"""How long the Home tab takes us with 200 orgs: database, verdicts, words and blocks, without Slack.

Run it by hand: ``python -m tests.benchmarks.bench_home [orgs]``. Times are the median and the worst of 50 pages.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial

from bot.adapters.slack.views.home import view
from bot.adapters.store import SqlStore
from bot.domain.model import Asker, Change, Credentials, Login, Org, OrgFacts, Person, Standing
from bot.domain.orgs.home_report import Place
from bot.service.home import HomeTab
from bot.service.membership import Membership
from bot.service.org_checks import OrgChecks
from bot.service.permissions import Permissions
from tests.digests import past, weekly
from tests.recognition_helpers import ARTICLE
from tests.store_helpers import READING, keep_past, opened

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
WHO = Asker("T1", "UADA")
ROUNDS = 50
AIM = 50.0  # milliseconds, for 200 orgs


class _NoSalesforce:
    def facts(self, org: Org, credentials: Credentials) -> OrgFacts:
        raise AssertionError(f"{org.name}: a Home tab asks Salesforce nothing, with {credentials}")


class _Members:
    def person(self, who: Asker) -> Person:
        return Person("UTC", admin=False, standing=Standing.MEMBER, name=who.user)


def fill(store: SqlStore, count: int) -> None:
    """``count`` orgs that were read, half a year of digests, and a month of changes."""
    names = [f"org-{number:03}" for number in range(count)]
    for name in names:
        org = Org("T1", name, f"{name}.my.salesforce.com", Login.JWT, added_at=NOW)
        store.add_org(org, Credentials("key"))
        store.save_facts(org, READING)
        store.record(Change("T1", NOW, "UADA", "connected", name))
    store.keep_subscription(weekly("T1", "C1"))
    for week in range(22, 48):
        keep_past(store, "T1", "weekly", past(f"2026-W{week}", tuple(names[: count // 2]), tuple(names[count // 2 :])))


def _shown(tab: HomeTab, place: Place) -> object:
    return view(tab.page(WHO, place))


def timed(work: Callable[[], object]) -> list[float]:
    """Milliseconds of each round, after one that warms up."""
    work()
    found = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        found.append((time.perf_counter() - begun) * 1000)
    return found


def main(arguments: Sequence[str]) -> int:
    """Print what was measured; 1 if the aim is missed."""
    count = int(arguments[0]) if arguments else 200
    with tempfile.TemporaryDirectory() as folder:
        store = opened(f"sqlite:///{folder}/home.db")
        fill(store, count)
        checks = OrgChecks(store, _NoSalesforce(), lambda: NOW, lambda: ARTICLE)
        membership = Membership(_Members())
        tab = HomeTab(
            checks=checks,
            records=store,
            membership=membership,
            permissions=Permissions(membership),
            clock=lambda: NOW,
        )
        first, last = (timed(partial(_shown, tab, Place(page))) for page in (1, 9999))
        store.close()
    for name, found in (("first page", first), ("last page", last)):
        print(f"{count} orgs, {name}: median {statistics.median(found):.1f} ms, worst {max(found):.1f} ms")  # noqa: T201
    return int(statistics.median(first) > AIM)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
