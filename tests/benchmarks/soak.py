"""A soak: the bot under the load of a busy hour, with everything counted at its end.

    python -m tests.benchmarks.soak [--minutes 60] [--rate 27.8] [--database sqlite|postgresql]

An hour is 100,000 messages by HTTP. One in 500 is an error paste, which is answered in its thread; every ten seconds
somebody asks for an org's status or for that of all; once a digest falls due. At the end each paste must have one
answer and no more, each command its own, the digest must have come once; threads, sockets and memory of the bot's
process must be what they were after the first sixth, and SIGTERM must end it. Linux only (/proc).
"""

from __future__ import annotations

import argparse
import http.client
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from bot.sandbox.slack.payloads import event_body, message_event
from bot.sandbox.slack.records import Happening, SlackMessage
from bot.sandbox.slack.signing import signed_headers
from tests.benchmarks.bench_memory import CHAT, REST, at_rest, resident
from tests.benchmarks.faults import tally
from tests.benchmarks.faults.databases import Database, PostgresqlServer, Sqlite
from tests.benchmarks.faults.rig import Rig, Sizes, standing
from tests.benchmarks.faults.shim import Shim
from tests.benchmarks.faults.tally import Errand
from tests.read import read

RATE = 100_000 / 3600  # messages a second
PASTE_EVERY = 500
COMMAND_EVERY = 10.0  # seconds
COMMANDS = ("status prod", "status all", "status uat", "orgs")
FIRST = 6  # the part of the time after which the process is looked at for the first time
TOO_MUCH = {"MB": 10.0, "threads": 8.0, "sockets": 4.0}  # from then on
SETTLED = 20.0  # seconds after which a line that is not used is closed
GONE_WITHIN = 10.0


@dataclass(frozen=True)
class Reading:
    """What the bot's process holds."""

    mb: float
    threads: int
    sockets: int

    @classmethod
    def of(cls, rig: Rig) -> Reading:
        """Now."""
        place = Path(f"/proc/{rig.process.pid}")
        status = (place / "status").read_text(encoding="ascii").splitlines()
        threads = int(next(line.split()[1] for line in status if line.startswith("Threads:")))
        return cls(resident(rig), threads, sum(_is_socket(each) for each in (place / "fd").iterdir()))

    def __str__(self) -> str:
        return f"{self.mb:.1f} MB, {self.threads} threads, {self.sockets} sockets"

    def grown(self, late: Reading) -> Iterator[str]:
        """What is too much more than at this reading."""
        for name, before, after in (
            ("MB", self.mb, late.mb),
            ("threads", self.threads, late.threads),
            ("sockets", self.sockets, late.sockets),
        ):
            if after - before > TOO_MUCH[name]:
                yield f"{after - before:+.1f} {name} since the first sixth"


def _is_socket(descriptor: Path) -> bool:
    try:
        return str(descriptor.readlink()).startswith("socket:")
    except FileNotFoundError:  # closed meanwhile
        return False


class Soak:
    """What is sent, and what was."""

    def __init__(self, rig: Rig, rate: float) -> None:
        self.rig = rig
        self.errands: list[Future[Errand]] = []
        self.messages = self.refused = 0
        self._rate = rate
        self._line: http.client.HTTPConnection | None = None
        self._next_command = 0.0

    def run(self, seconds: float) -> None:
        """Send for so long, evenly; what is late is made up for."""
        begun, first = time.monotonic(), self.messages
        while (gone := time.monotonic() - begun) < seconds:
            if (self.messages - first) / self._rate > gone:
                time.sleep(0.005)
                continue
            self.messages += 1
            if self.messages % PASTE_EVERY == 0:
                self.errands.append(self.rig.begin(self.rig.paste))
            else:
                self._chat()
            if time.monotonic() > self._next_command:
                self._next_command = time.monotonic() + COMMAND_EVERY
                command = partial(self.rig.command, COMMANDS[len(self.errands) % len(COMMANDS)])
                self.errands.append(self.rig.begin(command))

    def _chat(self) -> None:
        state, bot = self.rig.slack.state, urlsplit(self.rig.slack.bot_url)
        self._line = self._line or http.client.HTTPConnection(bot.hostname or "", bot.port, timeout=30)
        channel = state.channels[f"C0F{self.messages % 100:05}"]
        text = f"{CHAT[self.messages % len(CHAT)]} {self.messages}"
        message = SlackMessage(channel.id, state.next_ts(), "U0YOU", text)
        event = message_event(message, channel, state.members["U0YOU"], state.team)
        body = json.dumps(event_body(event, state.next_id("Ev"), int(time.time()), state.team)).encode()
        headers = signed_headers(self.rig.slack.signing_secret, body, int(time.time()))
        self._line.request("POST", bot.path, body, headers | {"Content-Type": "application/json"})
        answer = self._line.getresponse()
        answer.read()
        self.refused += answer.status != 200

    def done(self) -> list[Errand]:
        """What was wanted, once all of it was taken."""
        return [errand.result() for errand in self.errands]


def set_digest(rig: Rig) -> str:
    """Let the digest be due in two minutes, in a channel where nobody else says anything; the channel."""
    due = datetime.now(UTC) + timedelta(minutes=2)
    quiet = next(each for each in rig.slack.state.channels.values() if each.name == "salesforce")
    person = rig.someone(admin=True, channel=quiet.id)
    assert person.command(f"remind {due:%A} {due:%H:%M} UTC", quiet.id).acked
    # It is shown as it would look before, below what is said meanwhile.
    log = rig.slack.wait(lambda log: any(_switches(shown.message) for shown in log), 60)
    shown = next(shown.message for shown in log if shown.message and _switches(shown.message))
    assert person.press(shown, "Switch it on").acked
    return quiet.id


def _switches(message: SlackMessage | None) -> bool:
    return message is not None and "Switch it on" in json.dumps(message.blocks)


def digests(rig: Rig, channel: str, since: float) -> list[str]:
    """Those that were posted there, besides the words that it is set."""
    log = [shown.message for shown in rig.slack.log if shown.happening is Happening.POSTED and shown.message]
    mine = [each for each in log if each.by_bot and each.channel == channel and each.audience is None]
    said = [read(each).text for each in mine if each.thread_ts is None and float(each.ts) > since]
    return [text for text in said if "Flosum apps:" in text]


def problems(soak: Soak, channel: str, begun: float, readings: Sequence[Reading]) -> Iterator[str]:
    """What is not as it should be."""
    rig, errands = soak.rig, soak.done()
    said = tally.answers(rig.slack.log, errands)
    untaken = sum(errand.acked is None for errand in errands)
    lost = tally.unanswered(rig.slack.log, errands)
    doubled = sum(each.doubled + each.private_twice for each in said)
    weekly = digests(rig, channel, begun)
    pastes = sum(bool(errand.thread) for errand in errands)
    _say(f"{soak.messages} messages, of them {pastes} pastes; {len(errands) - pastes} commands; {len(weekly)} digest")
    _say(f"refused {soak.refused}, not taken {untaken}, lost {len(lost)}, doubled {doubled}")
    talk = sum(call.method == "chat.postMessage" for call in rig.slack.calls) - pastes - len(weekly)
    _say(f"posted beside that: {talk}")
    if soak.refused or untaken or lost or doubled:
        yield "something was refused, lost or doubled"
    if len(weekly) != 1:
        yield f"the digest came {len(weekly)} times: {weekly}"
    yield from readings[0].grown(readings[-1])
    took, code = rig.terminate()
    _say(f"gone {took:.1f} s after SIGTERM with {code}")
    if code != 0 or took > GONE_WITHIN:
        yield "it did not end as it should"
    _say(f"the log: {rig.words() or 'nothing'}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Soak and count; 1 if something is not as it should be."""
    parser = argparse.ArgumentParser(prog="soak")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--rate", type=float, default=RATE, help="messages a second")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    given = parser.parse_args(arguments)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="soak-")))

        def database(shim: Shim) -> Database:
            if given.database == "sqlite":
                return Sqlite(folder, shim)
            return stack.enter_context(stack.enter_context(closing(PostgresqlServer())).database())

        rig = stack.enter_context(standing(folder, database, Sizes(), socket_mode=False))
        rig.start()
        found = list(_soaked(rig, given.minutes * 60, given.rate))
    for problem in found:
        _say(f"WRONG: {problem}")
    return 1 if found else 0


def _soaked(rig: Rig, seconds: float, rate: float) -> Iterator[str]:
    _say(f"at the start: {Reading.of(rig)}")
    begun = time.time()
    channel = set_digest(rig)
    soak, readings = Soak(rig, rate), list[Reading]()
    for part in (seconds / FIRST, seconds - seconds / FIRST):
        soak.run(part)
        at_rest(rig)
        time.sleep(SETTLED)
        readings.append(Reading.of(rig))
        _say(f"after {(time.time() - begun) / 60:.1f} minutes and {soak.messages} messages: {readings[-1]}")
    rig.marks_end()
    rig.waits_for(soak.done())
    time.sleep(REST)
    yield from problems(soak, channel, begun, readings)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
