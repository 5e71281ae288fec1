"""``python -m tests.benchmarks.faults``: go through scenarios, and print what each lost and doubled."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.benchmarks.faults import tally
from tests.benchmarks.faults.databases import Database, PostgresqlServer, Sqlite
from tests.benchmarks.faults.rig import QUIET, Rig, Sizes, standing
from tests.benchmarks.faults.scenarios import ALL
from tests.benchmarks.faults.scenarios.scenario import BOTH, Scenario
from tests.benchmarks.faults.shim import Shim
from tests.benchmarks.faults.tally import Errand, Outcome

COLUMNS = ("sent", "acked", "lost", "doubled", "twice*", "deeds", "again", "last s")
NOTE = (
    "lost: acked and not answered in time; doubled: posts too many in channels; twice*: private answers that came "
    "twice;\ndeeds: changes made twice; again: told to do it again; last s: the last answer after the fault's end."
)


def judged(scenario: Scenario, rig: Rig, database: str) -> Outcome:
    """Go through a scenario and see what came of it."""
    errands = _gone_through(scenario, rig)
    rig.waits_for(errands)
    time.sleep(QUIET)
    said = tally.answers(rig.slack.log, errands)
    pairs = [(errand, each) for errand, each in zip(errands, said, strict=True) if errand.acked is not None]
    if not rig.is_alive():
        rig.remark("the bot is gone", good=False)
    return Outcome(
        scenario=scenario.name,
        database=database,
        sent=len(errands),
        acked=len(pairs),
        lost=sum(not each.all for _, each in pairs),
        doubled=sum(each.doubled for each in said),
        private_twice=sum(each.private_twice for each in said),
        deeds_twice=tally.deeds_twice(rig.changes(), errands) if scenario.changes else 0,
        told_again=sum(each.told_again for _, each in pairs),
        last=max([0.0, *(each.first - rig.since for _, each in pairs if each.first is not None)]),
        words=rig.words(),
        remarks=rig.remarks,
    )


def _gone_through(scenario: Scenario, rig: Rig) -> Sequence[Errand]:
    try:
        return scenario.run(rig)
    except Exception as error:  # noqa: BLE001 - a bot that does not start any more is a result, and the others go on
        rig.remark(f"broke off: {type(error).__name__} {' '.join(str(error).split())[-300:]}", good=False)
        return ()


def shown(outcome: Outcome) -> str:
    """One outcome in full."""
    lines = [f"{outcome.scenario} on {outcome.database}: {'good' if outcome.is_good else 'NOT GOOD'}"]
    lines += [f"  {name} {value}" for name, value in zip(COLUMNS, _values(outcome), strict=True)]
    lines += [f"  {remark}" for remark in outcome.remarks]
    lines += ["  the log says:", *(f"    {words}" for words in outcome.words or ["nothing"])]
    return "\n".join(lines) + "\n"


def _values(outcome: Outcome) -> list[str]:
    counted = (outcome.sent, outcome.acked, outcome.lost, outcome.doubled, outcome.private_twice)
    return [*map(str, (*counted, outcome.deeds_twice, outcome.told_again)), f"{outcome.last:.1f}"]


def table(outcomes: Sequence[Outcome]) -> str:
    """All outcomes, a row each."""
    rows = [("scenario", "database", *COLUMNS, ""), *(_row(each) for each in outcomes)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([*lines, NOTE, ""])


def _row(outcome: Outcome) -> tuple[str, ...]:
    remarks = "; ".join(outcome.remarks)
    return (outcome.scenario, outcome.database, *_values(outcome), remarks or ("" if outcome.is_good else "NOT GOOD"))


@contextmanager
def _server(kinds: Sequence[str]) -> Iterator[PostgresqlServer | None]:
    server = PostgresqlServer() if "postgresql" in kinds else None
    try:
        yield server
    finally:
        if server is not None:
            server.close()


def go_through(
    scenario: Scenario, kind: str, server: PostgresqlServer | None, sizes: Sizes, keep: Path | None
) -> Outcome:
    """One scenario on one database."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="faults-")))

        def database(shim: Shim) -> Database:
            if kind == "sqlite":
                return Sqlite(folder, shim)
            assert server is not None
            return stack.enter_context(server.database())

        rig = stack.enter_context(standing(folder, database, sizes, socket_mode=scenario.socket_mode))
        outcome = judged(scenario, rig, kind)
        if keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{scenario.name}-{kind}.log").write_bytes(rig.log_file.read_bytes())
        return outcome


def main(arguments: Sequence[str] | None = None) -> int:
    """1 if anything was lost or doubled, or not as it should be."""
    options = _parser().parse_args(arguments)
    chosen = [ALL[name] for name in options.scenario or ALL]
    kinds = [options.database] if options.database else list(BOTH)
    sizes = Sizes(options.scale, options.patience, options.outage, options.seed)
    outcomes = []
    with _server(kinds) as server:
        for scenario in chosen:
            for kind in (kind for kind in kinds if kind in scenario.databases):
                begun = time.monotonic()
                outcome = go_through(scenario, kind, server, sizes, options.keep_logs)
                sys.stdout.write(f"{shown(outcome)}  ({time.monotonic() - begun:.0f} s)\n\n")
                sys.stdout.flush()
                outcomes.append(outcome)
    sys.stdout.write(table(outcomes))
    return int(not all(outcome.is_good for outcome in outcomes))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.faults", description=__doc__)
    parser.add_argument("scenario", nargs="*", choices=[[], *ALL], metavar="scenario", help=", ".join(ALL))
    parser.add_argument("--database", choices=BOTH, help="only this one")
    parser.add_argument("--scale", type=float, default=1.0, help="how many of the usual number are sent")
    parser.add_argument("--patience", type=float, default=70.0, help="seconds after which an answer counts as lost")
    parser.add_argument("--outage", type=float, help="seconds that faults last; each scenario has its own")
    parser.add_argument("--seed", type=int, default=0, help="of the moments at which processes die")
    parser.add_argument("--keep-logs", type=Path, help="a folder for the bot's logs")
    return parser


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that bots and servers are ended when this is
    sys.exit(main())
