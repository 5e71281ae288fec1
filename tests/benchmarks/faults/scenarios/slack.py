"""Slack that is slow, limits, fails, answers nonsense or hangs up; and one slow thing that holds nobody else up."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from tests.benchmarks.faults.rig import PASTE, Rig
from tests.benchmarks.faults.scenarios.scenario import Scenario
from tests.benchmarks.faults.slack import POSTS, SAYS, Kind, Trouble
from tests.benchmarks.faults.tally import Errand, answers

OUTAGE = 15.0
PER_SECOND = 4.0
AT_ONCE = 1.0  # seconds within which somebody else is answered
TIMES_USUAL = 2.0  # or, on a machine that is busy with other things, as often the time that it takes with nothing hung
HANGING = 600.0


def burst(rig: Rig) -> Sequence[Errand]:
    """1,500 pastes in a row, while every post takes a second."""
    rig.start()
    with rig.slack.trouble(Trouble(Kind.DELAY, 1, POSTS)):
        sent = rig.at_once([rig.paste] * rig.sizes.of(1500))
        rig.marks_end()
        rig.waits_for(sent)
    return sent


def every_tenth(rig: Rig, trouble: Trouble) -> Sequence[Errand]:
    """Every tenth post goes wrong."""
    rig.start()
    with rig.slack.trouble(trouble):
        sent = rig.at_once([rig.paste] * rig.sizes.of(60))
        rig.marks_end()
        rig.waits_for(sent)
    return sent


def outage(rig: Rig, trouble: Trouble) -> Sequence[Errand]:
    """For a while all of Slack's answers are wrong; people go on as ever."""
    rig.start()
    seconds = rig.sizes.seconds(OUTAGE)
    kinds: list[Callable[[], Errand]] = [rig.paste, rig.mention, rig.command, partial(rig.command, "help")]
    begun = [rig.begin(kind) for kind in kinds]
    with rig.slack.trouble(trouble):
        begun += rig.steadily(lambda: rig.chance.choice(kinds)(), PER_SECOND, seconds)
        rig.marks_end()
    return [each.result() for each in begun]


def held_up_by_orgs(rig: Rig) -> Sequence[Errand]:
    """64 checks of an org that never answers, and somebody else."""
    rig.start()
    first, usual = _answered(rig), _answered(rig)  # of the first some is the start's
    rig.slow_org(HANGING, "prod")
    rig.at_once([rig.command] * rig.sizes.of(64))
    others = _others(rig, usual)
    rig.mend_orgs()
    return [*first, *usual, *others]


def held_up_by_slack(rig: Rig) -> Sequence[Errand]:
    """40 answers in one channel that Slack limits, and somebody else."""
    rig.start()
    first, usual = _answered(rig), _answered(rig)  # of the first some is the start's
    there = rig.someone().member
    limited = rig.slack.home_of(there)
    with rig.slack.trouble(Trouble(Kind.RATE_LIMIT, 30, POSTS, limited)):
        held = rig.at_once([partial(rig.paste, PASTE, limited)] * rig.sizes.of(40))
        others = _others(rig, usual)
    rig.marks_end()
    return [*first, *usual, *held, *others]


def _answered(rig: Rig) -> dict[Errand, float | None]:
    """What somebody else says, and how many seconds it took until they were answered; None for never."""
    time.sleep(1)
    sent = rig.at_once([partial(rig.command, "help"), rig.paste])
    rig.waits_for(sent)
    said = answers(rig.slack.log, sent)
    return {
        errand: None if each.first is None else each.first - errand.sent
        for errand, each in zip(sent, said, strict=True)
    }


def _others(rig: Rig, usual: Mapping[Errand, float | None]) -> dict[Errand, float | None]:
    """The same while something hangs, against the ``usual``."""
    found = _answered(rig)
    for (errand, seconds), before in zip(found.items(), usual.values(), strict=True):
        limit = max(AT_ONCE, TIMES_USUAL * (before or 0.0))
        words = f"{errand.kind} not answered" if seconds is None else f"{errand.kind} answered after {seconds:.2f} s"
        rig.remark(f"{words}, usually {before or 0.0:.2f} s", good=seconds is not None and seconds < limit)
    return found


_TENTH = {
    "500": Trouble(Kind.SERVER_ERROR, methods=POSTS, every=10),
    "html": Trouble(Kind.PAGE, methods=POSTS, every=10),
    "refused": Trouble(Kind.REFUSE, methods=POSTS, every=10),
    "dropped": Trouble(Kind.DROP, methods=POSTS, every=10),
}
_OUTAGES = {
    "429": Trouble(Kind.RATE_LIMIT, 5),
    "500": Trouble(Kind.SERVER_ERROR),
    "html": Trouble(Kind.PAGE),
    "slow": Trouble(Kind.DELAY, 8),
    "drops": Trouble(Kind.DROP, methods=SAYS),
}

SCENARIOS = (
    Scenario("burst", burst),
    *(Scenario(f"tenth-post-{name}", partial(every_tenth, trouble=trouble)) for name, trouble in _TENTH.items()),
    *(Scenario(f"slack-{name}", partial(outage, trouble=trouble)) for name, trouble in _OUTAGES.items()),
    Scenario("others-salesforce", held_up_by_orgs),
    Scenario("others-slack", held_up_by_slack),
)
