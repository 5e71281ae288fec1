"""Salesforce that hangs, a machine without threads, a clock that jumps."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial

from tests.benchmarks.faults.rig import Rig
from tests.benchmarks.faults.scenarios.scenario import Scenario
from tests.benchmarks.faults.shim import HOUR, YEAR
from tests.benchmarks.faults.slack import SAYS, Kind, Trouble
from tests.benchmarks.faults.tally import Errand

PER_SECOND = 4.0
NO_THREADS = 8.0
HANGS = 30.0
A_LITTLE = 3.0
SLOW = 1.0


def salesforce_hangs(rig: Rig) -> Sequence[Errand]:
    """No org answers for a while, and people go on."""
    rig.start()
    seconds = rig.sizes.seconds(HANGS)
    rig.slow_org(600)
    kinds: list[Callable[[], Errand]] = [rig.command, rig.paste, partial(rig.command, "help"), rig.mention]
    begun = rig.steadily(lambda: rig.chance.choice(kinds)(), PER_SECOND, seconds)
    rig.mend_orgs()
    rig.marks_end()
    return [each.result() for each in begun]


def threads_exhausted(rig: Rig) -> Sequence[Errand]:
    """No thread can be started for a while, right after the start, when most are still to be."""
    rig.start()
    kinds: list[Callable[[], Errand]] = [rig.paste, rig.command, rig.mention, partial(rig.command, "help")]

    def one() -> Errand:
        return rig.chance.choice(kinds)()

    with rig.shim.no_threads():
        begun = rig.steadily(one, PER_SECOND, rig.sizes.seconds(NO_THREADS))
    rig.marks_end()
    begun += rig.steadily(one, PER_SECOND, A_LITTLE)
    return [each.result() for each in begun]


def clock_jumps(rig: Rig, seconds: int) -> Sequence[Errand]:
    """The clock is put, everybody's, amid work; the bot dies by that clock, and the clock is put right again."""
    rig.start()
    kinds: list[Callable[[], Errand]] = [rig.paste, rig.command, rig.mention]

    def some() -> list[Errand]:
        return rig.at_once([rig.chance.choice(kinds) for _ in range(rig.sizes.of(8))])

    with rig.slack.trouble(Trouble(Kind.DELAY, SLOW, SAYS)):
        sent = some()
        with rig.shim.clock(seconds):
            sent += some()
            time.sleep(A_LITTLE)
            sent += some()
            rig.kill()
        rig.start()
        sent += some()
    return sent


SCENARIOS = (
    Scenario("salesforce-hangs", salesforce_hangs),
    Scenario("threads-exhausted", threads_exhausted),
    Scenario("clock-back", partial(clock_jumps, seconds=-HOUR)),
    Scenario("clock-forward", partial(clock_jumps, seconds=5 * YEAR)),
)
