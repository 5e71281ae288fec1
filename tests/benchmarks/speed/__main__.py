"""One command for each measure, each as a ratio to the baseline in the same run.

    python -m tests.benchmarks.speed commands|acks|pastes|start|memory|processes [--rounds 7]

The baseline (``bare``) and the assistant run side by side and are loaded by turns, so that what else the machine does
meets both. Processor time is counted besides the clock's, because the first hangs on nobody else.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from tests.benchmarks.faults.databases import PostgresqlServer
from tests.benchmarks.speed import process
from tests.benchmarks.speed.bare import KEYWORD
from tests.benchmarks.speed.far_end import FarEnd, far_end
from tests.benchmarks.speed.load import Make, command, message, press, send
from tests.benchmarks.speed.process import Server

REQUESTS = 1000
WARM_UP = 400
PASTE = f"the nightly job says {KEYWORD} since today"
ANSWERED_WITHIN = 60.0


@dataclass(frozen=True)
class Load:
    """What came of some requests: how many a second, processor time for each, and the acknowledgements' seconds.

    ``refused``: how many of them were acknowledged only when they were sent again.
    """

    a_second: float
    cpu_ms: float
    acks: Sequence[float]
    refused: int

    @property
    def p50(self) -> float:
        """The median acknowledgement, in ms."""
        return 1000 * statistics.median(self.acks)

    @property
    def p99(self) -> float:
        """What one of a hundred acknowledgements takes longer than, in ms."""
        return 1000 * sorted(self.acks)[int(len(self.acks) * 0.99)]


def loaded(servers: Sequence[Server], make: Make, requests: int, answers: Synchronized[int] | None) -> Load:
    """Send so many and wait until all are answered; without ``answers`` the acknowledgements are all there is."""
    before, cpu, began = answers.value if answers else 0, sum(each.cpu() for each in servers), time.perf_counter()
    sent = send([each.port for each in servers], make, requests)
    while answers and answers.value < before + requests:
        assert time.perf_counter() - began < ANSWERED_WITHIN, f"{before + requests - answers.value} not answered"
        time.sleep(0.001)
    seconds = time.perf_counter() - began
    assert not answers or answers.value == before + requests, "something was answered twice"
    cpu_ms = 1000 * (sum(each.cpu() for each in servers) - cpu) / requests
    return Load(requests / seconds, cpu_ms, sent.acks, sent.refused)


def say(text: str) -> None:
    """A line."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def compared(baseline: Callable[[], Load], measured: Callable[[], Load], rounds: int) -> None:
    """Print each round, and the medians of the ratios."""
    pairs: list[tuple[Load, Load]] = []
    for number in range(rounds):
        first, second = (baseline, measured) if number % 2 == 0 else (measured, baseline)
        a, b = first(), second()
        pairs.append((a, b) if number % 2 == 0 else (b, a))
        say("   ".join(_line(name, load) for name, load in zip(("bare", "ours"), pairs[-1], strict=True)))
    ratios: dict[str, Callable[[Load], float]] = {
        "a second": lambda load: load.a_second,
        "CPU each": lambda load: load.cpu_ms,
        "p50 of acks": lambda load: load.p50,
        "p99 of acks": lambda load: load.p99,
    }
    for name, of in ratios.items():
        each = sorted(of(b) / of(a) for a, b in pairs)
        say(f"{name}: ours against bare {statistics.median(each):.2f} x (from {each[0]:.2f} to {each[-1]:.2f})")


def _line(name: str, load: Load) -> str:
    return f"{name}: {load.a_second:5.0f}/s {load.cpu_ms:5.2f} ms CPU, acks {load.p50:5.1f} ms, p99 {load.p99:5.1f} ms"


@contextmanager
def pair(far: FarEnd, folder: Path) -> Iterator[tuple[Server, Server]]:
    """The baseline and the assistant; the first answers what the second was seen to answer."""
    with ExitStack() as stack:
        measured = process.ours(far, folder)
        stack.callback(measured.stop)
        send([measured.port], command("help", far.hook), 1, 1)
        said = {"command": far.newest()}
        send([measured.port], message(PASTE), 1, 1)
        posted = far.newest()
        said["paste"] = {name: posted[name] for name in ("text", "blocks") if name in posted}
        answers = folder / "answers.json"
        answers.write_text(json.dumps(said), encoding="utf-8")
        baseline = process.bare(far, folder, answers)
        stack.callback(baseline.stop)
        yield baseline, measured


def commands(far: FarEnd, folder: Path, rounds: int) -> None:
    """``/flosum help``, answered at its response_url."""
    make = command("help", far.hook)
    with pair(far, folder) as (baseline, measured):
        _run(baseline, measured, (make, make), far.answers, rounds)


def acks(far: FarEnd, folder: Path, rounds: int) -> None:
    """What is acknowledged and nothing more: a button that leads to an address; the rest of chat."""
    with pair(far, folder) as (baseline, measured):
        say("a button that leads somewhere, against a listener that only acknowledges")
        _run(baseline, measured, (press("ack", far.hook), press("open:1", far.hook)), None, rounds)
        say("/flosum help with its answer, against a command that is only acknowledged")
        only = lambda: loaded([baseline], command("ack", far.hook), REQUESTS, None)  # noqa: E731
        compared(only, lambda: loaded([measured], command("help", far.hook), REQUESTS, far.answers), rounds)
        say("chat that concerns nobody, on both sides")
        make = message("lunch at twelve?")
        _run(baseline, measured, (make, make), None, rounds)


def pastes(far: FarEnd, folder: Path, rounds: int) -> None:
    """An error that is answered in its thread."""
    make = message(PASTE)
    with pair(far, folder) as (baseline, measured):
        _run(baseline, measured, (make, make), far.posts, rounds)


def _run(
    baseline: Server, measured: Server, makes: tuple[Make, Make], answers: Synchronized[int] | None, rounds: int
) -> None:
    first, second = makes
    loaded([baseline], first, WARM_UP, answers)
    loaded([measured], second, WARM_UP, answers)
    compared(
        lambda: loaded([baseline], first, REQUESTS, answers),
        lambda: loaded([measured], second, REQUESTS, answers),
        rounds,
    )


def start(far: FarEnd, folder: Path, rounds: int) -> None:
    """From the start of the process until it takes requests; the database is there already."""
    with pair(far, folder):
        pass  # the files that a first start makes
    ratios: list[float] = []
    for _ in range(rounds):
        took: list[float] = []
        for server in (process.bare(far, folder, folder / "answers.json"), process.ours(far, folder)):
            cpu = server.cpu()
            say(f"{server.name}: {server.started:.2f} s, {cpu:.2f} s CPU")
            took.append(server.started)
            server.stop()
        ratios.append(took[1] / took[0])
    say(f"start: ours against bare {statistics.median(ratios):.2f} x (from {min(ratios):.2f} to {max(ratios):.2f})")


def memory(far: FarEnd, folder: Path, rounds: int) -> None:
    """Idle, and after 20,000 commands."""
    del rounds
    with pair(far, folder) as (baseline, measured):
        for name, server in (("bare", baseline), ("ours", measured)):
            say(f"{name} idle: {server.memory():.0f} MB")
            loaded([server], command("help", far.hook), 20_000, far.answers)
            say(f"{name} after 20,000 commands: {server.memory():.0f} MB")


def processes(far: FarEnd, folder: Path, rounds: int) -> None:
    """One, two and three processes on PostgreSQL: commands that are not kept, and pastes, which are."""
    postgresql, keys = PostgresqlServer(), _key()
    with ExitStack() as stack:
        stack.callback(postgresql.close)
        database = stack.enter_context(postgresql.database())
        process.migrate(far, folder, database.url, keys)
        servers: list[Server] = []
        base: dict[str, float] = {}
        for _ in range(3):
            servers.append(process.ours(far, folder, database.url, keys))
            stack.callback(servers[-1].stop)
            for name, make, answers in (
                ("commands", command("help", far.hook), far.answers),
                ("pastes", message(PASTE), far.posts),
            ):
                loaded(servers, make, WARM_UP, answers)
                found = [loaded(servers, make, REQUESTS, answers) for _ in range(rounds)]
                a_second = statistics.median(load.a_second for load in found)
                first = base.setdefault(name, a_second)
                cpu = statistics.median(load.cpu_ms for load in found)
                refused = sum(load.refused for load in found)
                told = f", {refused} of {rounds * REQUESTS} sent again" if refused else ""
                ratio = a_second / first
                say(f"{len(servers)}: {name} {a_second:.0f}/s ({ratio:.2f} x of one), {cpu:.2f} ms CPU each{told}")


def _key() -> str:
    from bot.adapters.vault import make_key

    return make_key()


MEASURES = (commands, acks, pastes, start, memory, processes)


def main() -> int:
    """Measure what is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("measure", choices=[each.__name__ for each in MEASURES])
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    measure = next(each for each in MEASURES if each.__name__ == asked.measure)
    with tempfile.TemporaryDirectory(prefix="speed-") as name, far_end() as far:
        measure(far, Path(name), asked.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
