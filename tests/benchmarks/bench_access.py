"""``access`` in an org of 2,500 users and 10,000 assignments, in a workspace of 200 orgs, over real HTTP on loopback.

    python -m tests.benchmarks.bench_access [rounds]

The org is in a process of its own, so what is counted is our own time: processor seconds of this process for one look
at one person, reading, deciding and putting into words. Baseline: bare ``requests`` that posts the same first batch,
fetches its pages and parses them. Memory, by ``tracemalloc``: the most that one look takes beyond what was there
before, against a small org (the difference are the 2,500 tokens that Salesforce gives at most), and what ten leave.
"""

from __future__ import annotations

import json
import multiprocessing
import statistics
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import Any, cast
from urllib.parse import quote, urlsplit

import requests

from bot.adapters.salesforce import Salesforce
from bot.adapters.salesforce.login import API_VERSION
from bot.adapters.salesforce.overview import OVERVIEW
from bot.adapters.salesforce.user_access import users
from bot.domain.command import Command
from bot.domain.model import DEVOPS_APP, Asker, Credentials, Login, Org, Person, Standing
from bot.sandbox.salesforce.database import OrgRecords, Record
from bot.sandbox.salesforce.server import BuiltInSalesforce
from bot.service.permissions import Permissions
from bot.service.user_access import UserAccess
from tests.store_helpers import opened

ORGS, USERS, ASSIGNMENTS, TOKENS = 200, 2_500, 10_000, 2_600
LARGE, SMALL = "prod", "qa"
BAR_SECONDS = 1.0
"""Own seconds of one look at most."""


def serve(pipe: Connection) -> None:
    """The process of the orgs: says where it is, and what opens them, and serves until it is told to end."""
    with BuiltInSalesforce(datetime.now(UTC)) as salesforce:
        org = next(org for org in salesforce.orgs.values() if org.name == LARGE)
        salesforce.change(LARGE, database=OrgRecords(filled(org.database.tables)))
        orgs = {each.name: (each, credentials) for each, credentials in salesforce.built_in("T1")}
        pipe.send((salesforce.route("https://any/"), orgs[LARGE], orgs[SMALL]))
        pipe.recv()


def filled(tables: Any) -> dict[str, list[Record]]:
    """The org with so many more people, each with assignments of their own, and more tokens than Salesforce gives."""
    full: dict[str, list[Record]] = {table: list(rows) for table, rows in tables.items()}
    model, login = full["User"][0], full["UserLogin"][0]
    token = next(row for row in full["OauthToken"] if row["AppName"] == DEVOPS_APP)
    sets = [str(row["Id"]) for row in full["PermissionSet"]]
    for number in range(USERS):
        person = f"005Kd0000{number:06}XXX"
        name = {
            "Name": f"Person {number}",
            "Username": f"person{number}@acme.example",
            "Email": f"p{number}@acme.example",
        }
        full["User"].append({**model, "Id": person, **name})
        full["UserLogin"].append({**login, "Id": f"0Yw{number:06}", "UserId": person})
    for number in range(ASSIGNMENTS):
        holder, person = sets[number % len(sets)], f"005Kd0000{number % USERS:06}XXX"
        assignment = {"Id": f"0PaX{number:08}", "AssigneeId": person, "PermissionSetId": holder}
        full["PermissionSetAssignment"].append(assignment)
    for number in range(TOKENS):
        full["OauthToken"].append({**token, "Id": f"0CQ{number:06}", "UserId": f"005Kd0000{number % USERS:06}XXX"})
    return full


def _query(url: str) -> str:
    query = urlsplit(url).query
    return f"?{query}" if query else ""


class People:
    """One person, whose address in Slack is nobody's in the orgs."""

    def person(self, who: Asker) -> Person:
        """A member."""
        return Person("UTC", admin=True, standing=Standing.MEMBER, name=who.user)

    def email(self, who: Asker) -> str:
        """Nobody's."""
        return f"{who.user}@slack.example"


class MayAll:
    """Everybody may look everybody up."""

    def require(self, who: Asker, doing: str) -> None:
        """They may."""


def measured(look: Callable[[], object], rounds: int) -> list[float]:
    """Own processor seconds of each round, after one that warms up."""
    look()
    seconds = []
    for _ in range(rounds):
        began = time.process_time()
        look()
        seconds.append(time.process_time() - began)
    return seconds


def peak(look: Callable[[], object], rounds: int) -> tuple[int, int]:
    """The most bytes that a look takes beyond what was there, and how many all of them leave behind."""
    tracemalloc.start()
    look()
    before, most = tracemalloc.get_traced_memory()
    for _ in range(rounds):
        look()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most, after - before


class Bare:
    """The baseline: bare ``requests`` asks the same first batch, fetches its pages, and parses what comes."""

    def __init__(self, base: str, org: Org, credentials: Credentials) -> None:
        self._base = base
        self._session = requests.Session()
        self._session.trust_env = False
        secret = (credentials.consumer_key, credentials.consumer_secret or "")
        host = {"Host": org.host}
        form = {"grant_type": "client_credentials"}
        said = self._session.post(
            f"{base}services/oauth2/token", data=form, auth=secret, headers=host, timeout=14
        ).json()
        self._headers = {**host, "Authorization": f"Bearer {said['access_token']}"}

    def look(self) -> None:
        """One look."""
        paths = [f"v{API_VERSION}/query?q={quote(soql)}" for soql in (*OVERVIEW, users("person1"))]
        while paths:
            body = {"batchRequests": [{"method": "GET", "url": path} for path in paths]}
            answer = self._session.post(
                f"{self._base}services/data/v{API_VERSION}/composite/batch",
                data=json.dumps(body),
                headers=self._headers,
                timeout=14,
            )
            results = answer.json()["results"]
            assert all(each["statusCode"] == 200 for each in results), results
            pages = [each["result"].get("nextRecordsUrl") for each in results]
            paths = [page.removeprefix("/services/data/") for page in pages if page]


def main() -> None:
    """Measure, say, and end with 1 where a bar is missed."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs,), daemon=True)
    process.start()
    base, large, small = ours.recv()
    with tempfile.TemporaryDirectory() as folder:
        store = opened(f"sqlite:///{folder}/bench.db")
        for number in range(ORGS - 2):
            name = f"org-{number}"
            filler = Org("T1", name, f"{name}.my.salesforce.com", Login.JWT, "bot@acme.example")
            store.add_org(filler, Credentials("key", private_key="pem"))
        store.add_org(*large)
        store.add_org(*small)
        adapter = Salesforce(
            clock=lambda: datetime.now(UTC), route=lambda url: f"{base}{urlsplit(url).path[1:]}{_query(url)}"
        )
        access = UserAccess(
            store=store,
            users=adapter,
            people=People(),
            permissions=cast("Permissions", MayAll()),
            clock=lambda: datetime.now(UTC),
        )

        def look(org: str, person: str) -> Callable[[], object]:
            def one() -> object:
                answer = access.command(Asker("T1", "U1"), Command("access", f"{org} {person}"))
                assert "connect" in answer.headline, answer
                return answer

            return one

        in_large = look(LARGE, "person1@acme.example")
        seconds = measured(in_large, rounds)
        bare = measured(Bare(base, *large).look, rounds)
        in_small = look(SMALL, "ben@acme.example")
        in_small()
        (memory, left), (memory_small, _) = peak(in_large, 10), peak(in_small, 1)
        adapter.close()
        store.close()
    ours.send(None)
    process.join(10)
    took, baseline = statistics.median(seconds), statistics.median(bare)
    told = (
        f"access, own time: {took * 1000:.0f} ms (bar {BAR_SECONDS * 1000:.0f}), slowest {max(seconds) * 1000:.0f} ms",
        f"bare requests:    {baseline * 1000:.0f} ms, so ours is {took / baseline:.1f} times that",
        f"memory of a look: {memory / 1e6:.1f} MB; in a small org {memory_small / 1e6:.1f} MB",
        f"left by ten more: {left / 1e3:.0f} kB",
    )
    sys.stdout.write("\n".join((*told, "")))
    sys.exit(0 if took <= BAR_SECONDS else 1)


if __name__ == "__main__":
    main()
