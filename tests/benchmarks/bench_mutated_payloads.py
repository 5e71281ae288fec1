"""Spoiled payloads through the signed door for as long as you like.

    python -m tests.benchmarks.bench_mutated_payloads [SECONDS] [SEED OF THE FIRST ROUND]

Printed are how often the door answered what, and the tracebacks in the log; 1 if there was one, or an answer beside 2xx
and 4xx.
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from bot.wiring.demo import built_in
from tests.mutated_payloads import statuses
from tests.running_bot import RunningBot

ROUND = 5000


def main(seconds: float = 600, seed: int = 0) -> int:
    """The number of answers that are neither 2xx nor 4xx, and of tracebacks."""
    until, answers, tracebacks = time.monotonic() + seconds, Counter[int](), 0
    while time.monotonic() < until:
        log = io.StringIO()
        with tempfile.TemporaryDirectory() as name, built_in(Path(name), log) as (workspace, salesforce, bot):
            answers += statuses(RunningBot(workspace, salesforce, bot, log, Path(name)), seed, ROUND)
        if found := log.getvalue().count("Traceback"):
            lines = [line for line in log.getvalue().splitlines() if "Traceback" in line]
            sys.stdout.write("\n".join([f"seed {seed}:", *lines, ""]))
        tracebacks += found
        seed += 1
    sys.stdout.write(f"{sum(answers.values())} payloads, {dict(answers)}, {tracebacks} tracebacks\n")
    return tracebacks + sum(count for status, count in answers.items() if status // 100 not in (2, 4))


if __name__ == "__main__":
    sys.exit(1 if main(*map(int, sys.argv[1:])) else 0)
