"""SIGKILL and SIGTERM once Slack has its acknowledgement."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from functools import partial

from bot.adapters.store import SqlStore
from bot.adapters.vault import Vault
from bot.domain.digest.subscription import SlotStatus, Subscription
from bot.sandbox.slack.records import TEAM
from bot.wiring.parts import utc_now
from tests.benchmarks.faults.databases import Postgresql
from tests.benchmarks.faults.relay import Mood
from tests.benchmarks.faults.rig import Rig
from tests.benchmarks.faults.scenarios.scenario import Scenario
from tests.benchmarks.faults.slack import POSTS, SAYS, Kind, Trouble
from tests.benchmarks.faults.tally import Errand

ROUNDS = 4
SPREAD = 1.0  # seconds after the last ack within which the process dies
SLOW = 1.0  # seconds for each call of Slack and Salesforce, so that a killed bot is amid its work
GONE_WITHIN = 10.0  # seconds after SIGTERM
HANGING = 600.0

Work = Callable[[], Errand]


def killed(rig: Rig, number: int, work: Callable[[Rig], Work]) -> Sequence[Errand]:
    """In four rounds: send, die at some moment after the acks, start again."""
    rig.slow_org(SLOW)
    sent: list[Errand] = []
    with rig.slack.trouble(Trouble(Kind.DELAY, SLOW, SAYS)):
        for _ in range(ROUNDS):
            rig.start()
            sent += rig.at_once([work(rig) for _ in range(max(1, rig.sizes.of(number) // ROUNDS))])
            time.sleep(rig.chance.uniform(0, SPREAD))
            rig.kill()
        rig.start()
    return sent


def taken_over(rig: Rig) -> Sequence[Errand]:
    """Two processes on one database, and the one that Slack talks to dies; nothing is started anew."""
    rig.slow_org(SLOW)
    rig.start()
    rig.start_beside()
    kinds = (rig.paste, rig.mention, rig.command)
    with rig.slack.trouble(Trouble(Kind.DELAY, SLOW, SAYS)):
        sent = rig.at_once([rig.chance.choice(kinds) for _ in range(rig.sizes.of(40))])
        rig.left_to_other()
    return sent


def killed_at_random(rig: Rig) -> Sequence[Errand]:
    """A bot that dies every few seconds while everything comes in that is worth a record; ``help`` is not."""
    rig.slow_org(SLOW)
    rig.start()
    begun = []
    kinds = (rig.paste, rig.mention, rig.command)
    with rig.slack.trouble(Trouble(Kind.DELAY, SLOW, SAYS)):
        for _ in range(ROUNDS):
            until = time.monotonic() + rig.chance.uniform(1, 4)
            while time.monotonic() < until:
                begun.append(rig.begin(rig.chance.choice(kinds)))
                time.sleep(0.15)
            rig.kill()
            rig.start()
    return [each.result() for each in begun]


def terminated(rig: Rig) -> Sequence[Errand]:
    """SIGTERM while checks of an org that never answers run; then the next start."""
    rig.slow_org(HANGING, "prod")
    rig.start()
    sent = rig.at_once([rig.command] * rig.sizes.of(120))
    _terminate(rig)
    rig.mend_orgs()
    rig.start()
    return sent


def terminated_slack_hangs(rig: Rig) -> Sequence[Errand]:
    """SIGTERM while Slack takes a minute for every answer; then the next start."""
    rig.start()
    with rig.slack.trouble(Trouble(Kind.DELAY, 60, SAYS)):
        sent = rig.at_once([rig.paste] * rig.sizes.of(60))
        time.sleep(0.5)
        _terminate(rig)
    rig.start()
    return sent


def terminated_database_silent(rig: Rig) -> Sequence[Errand]:
    """SIGTERM while checks hang and the database does not say a word; then the next start."""
    assert isinstance(rig.database, Postgresql)
    rig.slow_org(HANGING, "prod")
    rig.start()
    sent = rig.at_once([rig.command] * rig.sizes.of(40))
    with rig.database.mood(Mood.SILENT):
        _terminate(rig)
    rig.mend_orgs()
    rig.start()
    return sent


def terminated_digests(rig: Rig, trouble: Trouble) -> Sequence[Errand]:
    """SIGTERM while eight digests hang, or Slack asks for a minute's rest; then the next start sends each once."""
    due = utc_now() - timedelta(minutes=1)
    channels = [f"C0F{number:05}" for number in range(8)]
    with closing(SqlStore(rig.database.url, Vault(rig.database.keys.split(",")))) as store:
        for channel in channels:
            clock = {"weekday": due.weekday(), "hour": due.hour, "minute": due.minute}
            store.keep_subscription(Subscription(TEAM, "", channel, **clock))  # type: ignore[arg-type]
        with rig.slack.trouble(trouble):
            rig.start()
            _wait(lambda: rig.slack.calls_of("chat.postMessage") > 0, 30)
            time.sleep(1)
            _terminate(rig)
        left = [each.slot for each in store.undelivered(due - timedelta(hours=1), utc_now())]
        claimed = sum(slot.status is SlotStatus.CLAIMED for slot in left)
        rig.remark(f"{claimed} of {len(left)} digests still claimed", good=not claimed)
        rig.start()
        came = _wait(lambda: len(rig.slack.told_in(channels)) >= len(channels), 240)
        time.sleep(1)
        told = sorted(rig.slack.told_in(channels))
        rig.remark(f"{len(told)} digests in {len(channels)} channels", good=came and told == channels)
    return []


def _wait(come: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not come():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def _terminate(rig: Rig) -> None:
    seconds, code = rig.terminate()
    good = code == 0 and seconds <= GONE_WITHIN
    rig.remark(f"gone {seconds:.1f} s after SIGTERM with {'SIGKILL' if code is None else code}", good=good)


def _remind(rig: Rig) -> Work:
    return partial(rig.command, "remind monday 09:00 #salesforce", admin=True)


SCENARIOS = (
    Scenario("paste-killed", partial(killed, number=40, work=lambda rig: rig.paste)),
    Scenario("mention-killed", partial(killed, number=40, work=lambda rig: rig.mention)),
    Scenario("status-killed", partial(killed, number=40, work=lambda rig: rig.command)),
    Scenario("form-killed", partial(killed, number=12, work=lambda rig: rig.form()), changes=True),
    Scenario("remind-killed", partial(killed, number=40, work=_remind), changes=True),
    Scenario("socket-killed", partial(killed, number=20, work=lambda rig: rig.envelope), socket_mode=True),
    Scenario("process-beside", taken_over, ("postgresql",)),
    Scenario("random-kills", killed_at_random),
    Scenario("sigterm", terminated),
    Scenario("sigterm-slack-hangs", terminated_slack_hangs),
    Scenario("sigterm-digests-hang", partial(terminated_digests, trouble=Trouble(Kind.DELAY, 120, POSTS))),
    Scenario("sigterm-digests-limited", partial(terminated_digests, trouble=Trouble(Kind.RATE_LIMIT, 60, POSTS))),
    Scenario("sigterm-database-silent", terminated_database_silent, ("postgresql",)),
)
