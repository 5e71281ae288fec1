"""One bot with everything around it: its Slack, its Salesforce, its database, its machine and its log."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from bot.adapters.store import SqlStore
from bot.adapters.vault import Vault
from bot.sandbox.salesforce.faults import OrgFault
from bot.sandbox.salesforce.server import BuiltInSalesforce
from bot.sandbox.slack.payloads import command_form
from bot.sandbox.slack.records import TEAM, Json, Shown, SlackMessage, View
from bot.sandbox.slack.user import Receipt, SlackUser
from bot.wiring.parts import utc_now
from tests.benchmarks.faults import tally
from tests.benchmarks.faults.bot import SALESFORCE
from tests.benchmarks.faults.databases import Database
from tests.benchmarks.faults.line import Line
from tests.benchmarks.faults.shim import Shim
from tests.benchmarks.faults.slack import FaultySlack
from tests.benchmarks.faults.tally import Errand
from tests.paths import ROOT

PASTE = "the nightly job says OAUTH_APP_BLOCKED since today"
SENDERS = 16
IN_THE_BACKGROUND = 512  # each waits while Slack would deliver again
STARTED_WITHIN = 60.0  # seconds
QUIET = 2.0  # seconds that are still watched for something said twice


@dataclass(frozen=True)
class Sizes:
    """How much, how long and how patient.

    ``redeliveries`` are the seconds after which Slack delivers an event again that was not taken: at once, and what
    stands for its minute and its five minutes.
    """

    scale: float = 1.0
    patience: float = 70.0
    outage: float | None = None
    seed: int = 0
    redeliveries: tuple[float, ...] = (0.0, 5.0, 25.0)

    def of(self, number: int) -> int:
        """So many, scaled; one at least."""
        return max(1, round(number * self.scale))

    def seconds(self, usual: float) -> float:
        """How long a fault lasts."""
        return self.outage if self.outage is not None else usual


class Rig:
    """Starts, sends, breaks and reads. Use ``standing`` to make one."""

    def __init__(self, folder: Path, slack: FaultySlack, salesforce: BuiltInSalesforce, sizes: Sizes) -> None:
        self.folder = folder
        self.slack = slack
        self.salesforce = salesforce
        self.sizes = sizes
        self.chance = random.Random(sizes.seed)  # noqa: S311 - a seed is the point
        self.remarks: list[str] = []
        self.since = 0.0
        self.line: Line | None = None
        self.shim: Shim
        self.database: Database
        self._senders = ThreadPoolExecutor(SENDERS, thread_name_prefix="sender")
        self._pool = ThreadPoolExecutor(IN_THE_BACKGROUND, thread_name_prefix="background")
        self._process: subprocess.Popen[bytes] | None = None
        self._beside: subprocess.Popen[bytes] | None = None
        self._port = _free_port()

    # --- the process -----------------------------------------------------------------------------------

    def environment(self) -> dict[str, str]:
        """What the bot's process is given."""
        slack = self.slack
        door = {"SLACK_SIGNING_SECRET": slack.signing_secret} if self.line is None else {}
        if self.line is not None:
            slack.use_socket(self.line.url)
            door = {"SLACK_APP_TOKEN": slack.app_token}
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PYTHONPATH": str(ROOT),
            SALESFORCE: self.salesforce.route("https://login.salesforce.com"),
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_API_URL": slack.api_url,
            "FLOSUM_DATABASE_URL": self.database.url,
            "FLOSUM_SECRET_KEYS": self.database.keys,
            "FLOSUM_METRICS_ADDRESS": "127.0.0.1:0",
            "SALESFORCE_CLIENT_ID": self.salesforce.client_id,
            "SALESFORCE_CLIENT_SECRET": self.salesforce.client_secret,
            "SALESFORCE_JWT_CLIENT_ID": self.salesforce.client_id,
            "SALESFORCE_JWT_KEY": self.salesforce.private_key,
            **door,
            **self.shim.environment,
        }

    def prepare(self) -> None:
        """Make the tables and connect the built-in orgs."""
        self.run("migrate")
        store = SqlStore(self.database.url, Vault(self.database.keys.split(",")))
        for org, credentials in self.salesforce.built_in(TEAM):
            store.add_org(replace(org, added_at=utc_now()), credentials)
        store.close()

    def run(self, *arguments: str) -> str:
        """One command of ``app.py``, and what it prints."""
        command = [sys.executable, "-m", "tests.benchmarks.faults.bot", *arguments]
        done = subprocess.run(
            command, env=self.environment(), cwd=self.folder, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self) -> None:
        """Start the bot, as its supervisor would, until it is ready."""
        self._process = self._started(self._port)
        self.slack.connect(f"http://127.0.0.1:{self._port}/slack/events")
        self.marks_end()

    def start_beside(self) -> None:
        """Start a second process on the same database; Slack goes on talking to the first."""
        self._beside = self._started(_free_port())

    def left_to_other(self) -> None:
        """SIGKILL for the first process: what it had taken is left to the one beside it, which nobody starts anew."""
        self.kill()
        self._process, self._beside = self._beside, None
        self.marks_end()

    def _started(self, port: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.benchmarks.faults.bot"]
        environment = self.environment() | {"FLOSUM_PORT": str(port)}
        with self.log_file.open("ab") as log:
            process = subprocess.Popen(command, env=environment, cwd=self.folder, stderr=log)
        deadline = time.monotonic() + STARTED_WITHIN
        while not self._is_ready(port):
            gone = process.poll() is not None
            if gone or time.monotonic() > deadline:
                process.kill()
                process.wait()
                last = self.log_file.read_text(encoding="utf-8", errors="replace")[-300:]
                raise AssertionError(f"the bot {'went at its start' if gone else 'did not become ready'}: {last}")
            time.sleep(0.05)
        return process

    def _is_ready(self, port: int) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2):
                return self.line is None or self.line.wait(0)
        except (urllib.error.URLError, OSError):
            return False

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The bot that was started last."""
        assert self._process is not None
        return self._process

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        self.process.wait()

    def terminate(self, patience: float = 60) -> tuple[float, int | None]:
        """SIGTERM; how long it took to go, and its exit code, None where it had to be killed."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()
            return time.monotonic() - begun, None
        return time.monotonic() - begun, code

    def is_alive(self) -> bool:
        """Whether the process is still there."""
        return self._process is not None and self._process.poll() is None

    def close(self) -> None:
        """End what is still there."""
        for process in (self._process, self._beside):
            if process is not None and process.poll() is None:
                process.kill()
                process.wait()
        for pool in (self._senders, self._pool):
            pool.shutdown(wait=False, cancel_futures=True)

    # --- what people do --------------------------------------------------------------------------------

    def someone(self, *, admin: bool = False, channel: str = "") -> SlackUser:
        """Somebody new, in a channel of their own choice or in one of the many."""
        return self.slack.newcomer(lambda: time.time() + self.shim.clock_offset, admin=admin, channel=channel)

    def paste(self, text: str = PASTE, channel: str = "") -> Errand:
        """An error, said in a channel."""
        return self._said("paste", text, channel)

    def mention(self, text: str = "status prod") -> Errand:
        """Something said to the bot in a channel."""
        return self._said("mention", f"@flosum {text}")

    def _said(self, kind: str, text: str, channel: str = "") -> Errand:
        person = self.someone(channel=channel)
        sent = time.time()
        receipt = person.say(text, channel or self.slack.home_of(person.member))
        assert receipt.message is not None
        heard = receipt.also or receipt  # of a mention the bot hears twice; this is the one that it answers
        return Errand(kind, person.member, sent, self._delivered(person, heard, sent), receipt.message.ts)

    def _delivered(self, person: SlackUser, receipt: Receipt, sent: float) -> float | None:
        """When an event was taken; Slack sends it again until it is, three times."""
        for number, wait in enumerate(self.sizes.redeliveries, start=1):
            if receipt.acked:
                break
            time.sleep(max(0.0, sent + wait - time.time()))
            receipt = person.redeliver(receipt, number)
        return time.time() if receipt.acked else None

    def command(self, text: str = "status prod", *, admin: bool = False) -> Errand:
        """A slash command; Slack sends it once."""
        person, sent = self.someone(admin=admin), time.time()
        receipt = person.command(text, self.slack.home_of(person.member))
        return Errand(text.partition(" ")[0], person.member, sent, time.time() if receipt.acked else None)

    def envelope(self, text: str = "status prod") -> Errand:
        """A slash command over the line."""
        assert self.line is not None
        person, sent = self.someone(), time.time()
        channel = self.slack.state.channels[self.slack.home_of(person.member)]
        hook = self.slack.method_context.new_hook(channel.id, person.member.id)
        handles = {"response_url": self.slack.hook_url(hook), "trigger_id": "1.1"}
        form = command_form(person.member, channel, "/flosum", text, handles, self.slack.state.team)
        acked = self.line.send(f"E-{person.member.id}", "slash_commands", dict(parse_qsl(form.decode())))
        return Errand("socket", person.member, sent, acked)

    def form(self) -> Callable[[], Errand]:
        """A form that somebody has filled in, to be sent: it connects an org."""
        person = self.someone(admin=True)
        name, home = f"new-{person.member.id[-4:]}", self.slack.home_of(person.member)
        person.command(f"connect {name}", home)
        view = self._opened(person, self._shown_to(person, home))
        org = next(org for org in self.salesforce.orgs.values() if org.name == "uat")
        typed = {"username": org.username, "host": urlsplit(f"https://{org.host}").netloc}
        values: Json = {block: {"line": {"type": "plain_text_input", "value": typed[block]}} for block in typed}

        def send() -> Errand:
            sent = time.time()
            receipt = person.submit(view, values)
            return Errand("form", person.member, sent, time.time() if receipt.acked and not receipt.answer else None)

        return send

    def _shown_to(self, person: SlackUser, channel: str) -> SlackMessage:
        log = self.slack.wait(lambda log: any(_is_for(shown.message, person, channel) for shown in log), 20)
        return next(shown.message for shown in log if shown.message and _is_for(shown.message, person, channel))

    def _opened(self, person: SlackUser, message: SlackMessage) -> View:
        button = next(
            element["action_id"]
            for block in message.blocks
            for element in block.get("elements", ())
            if str(element.get("action_id")).startswith("form")
        )
        assert person.press(message, button).acked
        member = person.member.id
        log = self.slack.wait(lambda log: any(_is_form_of(shown, member) for shown in log), 20)
        return next(shown.view for shown in log if shown.view and _is_form_of(shown, member))

    # --- how they do it --------------------------------------------------------------------------------

    def begin(self, work: Callable[[], Errand]) -> Future[Errand]:
        """Do one thing in the background."""
        return self._pool.submit(work)

    def at_once(self, work: Sequence[Callable[[], Errand]]) -> list[Errand]:
        """Do everything, so many at a time as there are senders."""
        return [begun.result() for begun in [self._senders.submit(each) for each in work]]

    def steadily(self, work: Callable[[], Errand], per_second: float, seconds: float) -> list[Future[Errand]]:
        """Begin one thing after the other for so long."""
        begun, start = [], time.monotonic()
        for number in range(max(1, round(per_second * seconds))):
            time.sleep(max(0.0, start + number / per_second - time.monotonic()))
            begun.append(self.begin(work))
        return begun

    def slow_org(self, seconds: float, *names: str) -> None:
        """Let orgs take so long for each call; all of them where none is named."""
        for org in list(self.salesforce.orgs.values()):
            if not names or org.name in names:
                self.salesforce.break_org(org.name, OrgFault(hang=seconds))

    def mend_orgs(self) -> None:
        """Let every org answer as ever."""
        for org in list(self.salesforce.orgs.values()):
            self.salesforce.mend(org.name)

    # --- what came of it -------------------------------------------------------------------------------

    def marks_end(self) -> None:
        """The fault is over: from now on whoever was not answered yet has to be."""
        self.since = time.time()

    def remark(self, text: str, *, good: bool = True) -> None:
        """Say beside the table what else was measured."""
        self.remarks.append(text if good else f"MISSED {text}")

    def waits_for(self, errands: Sequence[Errand], patience: float | None = None) -> bool:
        """Wait until everything that was taken is answered; whether that came in time."""
        begun = max([self.since, *(errand.acked for errand in errands if errand.acked)])
        deadline = begun + (self.sizes.patience if patience is None else patience)
        while time.time() < deadline:
            if not tally.unanswered(self.slack.log, errands):
                return True
            time.sleep(0.25)
        return not tally.unanswered(self.slack.log, errands)

    @property
    def log_file(self) -> Path:
        """Where the bot's log goes, of every process."""
        return self.folder / "bot.log"

    def logged(self) -> list[Json]:
        """Every line of the log; one that is no JSON is a line of its own kind."""
        lines = self.log_file.read_text(encoding="utf-8", errors="replace").splitlines()
        return [_parsed(line) for line in lines if line.strip()]

    def words(self, most: int = 6) -> list[str]:
        """What the log says beside that the bot listens: each sentence once, with how often it stands there."""
        said = Counter(_sentence(line) for line in self.logged() if line.get("event") not in ("listening", ""))
        tracebacks = sum("Traceback" in json.dumps(line) for line in self.logged())
        told = [f"{times} x {sentence}" for sentence, times in said.most_common(most)]
        return [*told, f"{tracebacks} tracebacks"] if tracebacks else told

    def changes(self) -> list[Json]:
        """The trail of what was changed."""
        return [json.loads(line) for line in self.run("audit", "--json").splitlines()]


def _is_for(message: SlackMessage | None, person: SlackUser, channel: str) -> bool:
    return message is not None and message.audience == person.member.id and message.channel == channel


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _parsed(line: str) -> Json:
    try:
        found: Any = json.loads(line)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"event": line, "level": "raw"}


def _sentence(line: Json) -> str:
    known = ("event", "level", "timestamp", "logger", "exception", "reference")
    rest = " ".join(f"{name}={value}" for name, value in line.items() if name not in known)
    exception = str(line.get("exception") or "").strip().rpartition("\n")[2]
    words = f"{line.get('level', '')}: {line.get('event')} {rest} {exception}".strip()
    return " ".join(words.split())[:200]


@contextmanager
def standing(folder: Path, database: Callable[[Shim], Database], sizes: Sizes, *, socket_mode: bool) -> Iterator[Rig]:
    """A rig whose bot is not started yet."""
    with contextlib.ExitStack() as stack:
        slack = stack.enter_context(FaultySlack())
        salesforce = stack.enter_context(BuiltInSalesforce(utc_now()))
        rig = Rig(folder, slack, salesforce, sizes)
        stack.callback(rig.close)
        (folder / "data").mkdir(mode=0o700)
        rig.shim = Shim(folder, folder / "data")
        rig.database = database(rig.shim)
        if socket_mode:
            rig.line = stack.enter_context(Line())
        rig.prepare()
        yield rig


def _is_form_of(shown: Shown, member: str) -> bool:
    """Whether it is the form itself: the window opens before it is filled."""
    return shown.user == member and shown.view is not None and "callback_id" in shown.view.body
