"""When who asked sees a first word, while every org hangs: 60 commands at once, then 60 mentions, 60 direct messages.

    python -m tests.benchmarks.bench_first_word [rounds] [callers]

Counted is from the moment that Slack sends the request until the first message of the bot for it is there, by people of
one workspace; every other one asks in words of their own. The bot is a process of its own, and the workspace and the
orgs are another. Printed are the median, the 99th of 100 and the slowest of
all rounds. Fails if that 99th is a second or more.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from bot.adapters.store import SqlStore
from bot.adapters.vault import Vault, make_key
from bot.sandbox.salesforce.faults import OrgFault
from bot.sandbox.salesforce.server import BuiltInSalesforce
from bot.sandbox.slack.records import TEAM, Member, SlackMessage
from bot.sandbox.slack.user import SlackUser
from bot.sandbox.slack.workspace import Workspace
from bot.wiring.manifest import bot_events, bot_scopes
from bot.wiring.parts import utc_now
from tests.benchmarks.faults.bot import SALESFORCE
from tests.paths import ROOT
from tests.people import arrive

LIMIT = 1.0  # seconds
HANG = 60.0  # seconds, or until a round is over
WORDS = ("status prod", "is prod ready?")

Say = Callable[[SlackUser, str], object]
PLACES: dict[str, Say] = {
    "commands": lambda person, text: person.command(text),
    "mentions": lambda person, text: person.mention(text),
    "direct messages": lambda person, text: person.say(text, "dm"),
}


class Stopwatch:
    """When each person's first word came."""

    def __init__(self, workspace: Workspace) -> None:
        self._state = workspace.state
        self._seen = len(workspace.log)
        self.first: dict[str, float] = {}

    def watch(self, count: int) -> None:
        """Note it of ``count`` people; a minute at most."""
        end = time.perf_counter() + 60
        with self._state.changed:
            while len(self.first) < count and time.perf_counter() < end:
                for shown in self._state.log[self._seen :]:
                    if shown.message and shown.message.by_bot:
                        self.first.setdefault(self._whose(shown.message), time.perf_counter())
                self._seen = len(self._state.log)
                self._state.changed.wait(0.5)

    def _whose(self, said: SlackMessage) -> str:
        if said.audience:
            return said.audience
        if said.thread_ts:
            return self._state.messages[said.channel, said.thread_ts].user
        return next(user for user in self._state.channels[said.channel].members if user.startswith("U0C"))


@contextmanager
def bot_beside(folder: Path, workspace: Workspace, salesforce: BuiltInSalesforce) -> Iterator[None]:
    """The bot in a process of its own, every built-in org connected."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url, key = f"sqlite:///{folder / 'bench.db'}", make_key()
    store = SqlStore(url, Vault([key]))
    store.migrate()
    for org, credentials in salesforce.built_in(TEAM):
        store.add_org(replace(org, added_at=utc_now()), credentials)
    store.close()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT),
        SALESFORCE: salesforce.route("https://login.salesforce.com"),
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_API_URL": workspace.api_url,
        "SLACK_SIGNING_SECRET": workspace.signing_secret,
        "FLOSUM_DATABASE_URL": url,
        "FLOSUM_SECRET_KEYS": key,
        "FLOSUM_PORT": str(port),
        "FLOSUM_METRICS_ADDRESS": "127.0.0.1:0",
    }
    command = [sys.executable, "-m", "tests.benchmarks.faults.bot"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)
    try:
        _wait_until_it_listens(port)
        workspace.connect(f"http://127.0.0.1:{port}/slack/events")
        yield
    finally:
        process.terminate()
        process.wait(30)


def _wait_until_it_listens(port: int) -> None:
    end = time.perf_counter() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.perf_counter() > end:
                raise
            time.sleep(0.05)
        else:
            return


def waited(say: Say, callers: int) -> list[float]:
    """Seconds until the first word of each of ``callers`` that begin together."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Workspace(events=bot_events(), scopes=bot_scopes()) as workspace,
        BuiltInSalesforce(utc_now()) as salesforce,
        bot_beside(Path(folder), workspace, salesforce),
    ):
        names = [f"caller{number}" for number in range(callers)]
        people = [arrive(workspace, Member(f"U0C{name}", name, name)) for name in names]
        for person in people[:2]:
            person.command("help")
        workspace.settle()
        for org in list(salesforce.orgs.values()):
            salesforce.break_org(org.name, OrgFault(hang=HANG))
        begun = dict[str, float]()
        watch = Stopwatch(workspace)

        def ask(number: int) -> None:
            begun[people[number].member.id] = time.perf_counter()
            say(people[number], WORDS[number % len(WORDS)])

        watching = threading.Thread(target=watch.watch, args=(callers,))
        watching.start()
        with ThreadPoolExecutor(callers) as pool:
            list(pool.map(ask, range(callers)))
        watching.join()
        salesforce.let_go()
        return [watch.first.get(user, float("inf")) - at for user, at in begun.items()]


def main(arguments: Sequence[str]) -> int:
    """Print what was measured; 1 where the first word came late."""
    rounds, callers = (*map(int, arguments), *(5, 60)[len(arguments) :])
    late = False
    for name, say in PLACES.items():
        found = sorted(each for _ in range(rounds) for each in waited(say, callers))
        at_99 = found[min(len(found) - 1, len(found) * 99 // 100)]
        late = late or at_99 >= LIMIT
        sys.stdout.write(
            f"{callers} {name}, {rounds} rounds, load {os.getloadavg()[0]:.1f}: median {found[len(found) // 2]:.3f} s,"
            f" p99 {at_99:.3f} s, slowest {found[-1]:.3f} s\n"
        )
        sys.stdout.flush()
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
