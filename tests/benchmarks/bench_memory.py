"""How the bot's memory grows over 60,000 messages that come by HTTP.

    python -m tests.benchmarks.bench_memory [messages]

The bot is a process of its own; its resident memory is read after the first sixth and after the last message, each time
once it is at rest. Nine of ten messages are chat, the tenth is an error paste, which is answered.
"""

from __future__ import annotations

import http.client
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from bot.sandbox.slack.payloads import event_body, message_event
from bot.sandbox.slack.records import BOT_USER, SlackMessage
from bot.sandbox.slack.signing import signed_headers
from tests.benchmarks.faults.databases import Sqlite
from tests.benchmarks.faults.rig import PASTE, Rig, Sizes, standing

MESSAGES = 60_000
FIRST = 6  # the part of them after which memory is read for the first time
CALLERS = 4
EVERY = 10  # the how manieth message is a paste
LIMIT = 10.0  # MB from then on
REST = 3.0  # seconds without a new answer
CHAT = (
    "lunch at twelve?",
    "the deploy of the shop went fine, thanks everybody",
    "could somebody look at my pull request, it is only the spelling in the docs",
    "see you tomorrow :wave:",
    "I get an error when I open the report, is it only me?",
)


def send(rig: Rig, start: int, count: int) -> None:
    """Send so many messages over a few lines that stay open, each as soon as the one before is acknowledged."""
    with ThreadPoolExecutor(CALLERS) as pool:
        list(pool.map(lambda caller: _call(rig, range(start + caller, start + count, CALLERS)), range(CALLERS)))


def _call(rig: Rig, numbers: Sequence[int]) -> None:
    state, bot = rig.slack.state, urlsplit(rig.slack.bot_url)
    connection = http.client.HTTPConnection(bot.hostname or "", bot.port, timeout=30)
    channels = [channel for channel in state.channels.values() if BOT_USER in channel.members and channel.name]
    for number in numbers:
        text = f"{PASTE}, run {number}" if number % EVERY == 0 else f"{CHAT[number % len(CHAT)]} {number}"
        channel = channels[number % len(channels)]
        message = state.post(SlackMessage(channel.id, state.next_ts(), "U0YOU", text))
        event = message_event(message, channel, state.members["U0YOU"], state.team)
        body = json.dumps(event_body(event, state.next_id("Ev"), int(time.time()), state.team)).encode()
        headers = signed_headers(rig.slack.signing_secret, body, int(time.time()))
        connection.request("POST", bot.path, body, headers | {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
    connection.close()


def at_rest(rig: Rig) -> int:
    """Wait until the bot says nothing new; how much it has said."""
    said = -1
    while said != (now := sum(call.method.startswith("chat.") for call in rig.slack.calls)):
        said = now
        time.sleep(REST)
    return said


def resident(rig: Rig) -> float:
    """The process's resident memory, in MB."""
    status = Path(f"/proc/{rig.process.pid}/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))) / 1024


def main(arguments: Sequence[str]) -> int:
    """Print both readings; 1 if more than 10 MB lie between them."""
    messages = int(arguments[0]) if arguments else MESSAGES
    first = messages // FIRST
    with tempfile.TemporaryDirectory(prefix="memory-") as name:
        folder = Path(name)
        with standing(folder, lambda shim: Sqlite(folder, shim), Sizes(), socket_mode=False) as rig:
            rig.start()
            readings = [resident(rig)]
            for start, count in ((0, first), (first, messages - first)):
                begun = time.monotonic()
                send(rig, start, count)
                seconds = time.monotonic() - begun
                said = at_rest(rig)
                readings.append(resident(rig))
                sys.stdout.write(
                    f"after {start + count} messages ({count / seconds:.0f} a second, {said} calls of chat.*): "
                    f"{readings[-1]:.1f} MB\n"
                )
                sys.stdout.flush()
    at_start, early, late = readings
    sys.stdout.write(f"at the start {at_start:.1f} MB; from the first reading to the last {late - early:+.1f} MB\n")
    return int(late - early > LIMIT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
