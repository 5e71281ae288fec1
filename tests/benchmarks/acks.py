"""Acks while Salesforce hangs: 60 commands at once, against a bare Bolt app in the same run.

    python -m tests.benchmarks.acks

Baseline: slack-bolt's own App, one listener that only acknowledges, behind the same web server. Printed are the
slowest and the median ack of both, their ratio, and how many missed Slack's 3 seconds.
"""

from __future__ import annotations

import io
import statistics
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from slack_bolt import Ack, App

from bot.adapters.slack.web_api import client
from bot.entrypoints.web import WebServer
from bot.sandbox.salesforce.faults import OrgFault
from bot.sandbox.slack.workspace import Workspace
from bot.wiring.demo import built_in
from tests.tiny_bot import flask_app

CALLERS = 60
HANG = 10.0  # seconds
SLACKS_LIMIT = 3.0  # seconds


def acks(command: Callable[[], float]) -> list[float]:
    """Seconds to each of the acks of ``CALLERS`` commands that start together."""
    with ThreadPoolExecutor(CALLERS) as pool:
        return sorted(pool.map(lambda _: command(), range(CALLERS)))


def bare() -> list[float]:
    """The baseline."""
    with Workspace() as workspace:
        app = App(client=client(workspace.bot_token, workspace.api_url), signing_secret=workspace.signing_secret)

        @app.command("/flosum")
        def only_ack(ack: Ack) -> None:
            ack()

        server = WebServer(flask_app(app), "127.0.0.1", 0)
        server.start()
        workspace.connect(f"{server.address}/slack/events")
        person = workspace.person()
        person.command("warm up")
        measured = acks(lambda: person.command("status prod").seconds)
        server.close()
        return measured


def ours() -> list[float]:
    """The whole bot, with every org hanging."""
    with tempfile.TemporaryDirectory() as folder, built_in(Path(folder), io.StringIO()) as (workspace, salesforce, _):
        person = workspace.person()
        person.command("help")
        for org in list(salesforce.orgs.values()):
            salesforce.break_org(org.name, OrgFault(hang=HANG))
        return acks(lambda: person.command("status prod").seconds)


def main() -> int:
    """Print both; 1 if any ack of ours missed Slack's limit."""
    baseline, measured = bare(), ours()
    missed = sum(seconds >= SLACKS_LIMIT for seconds in measured)
    for name, seconds in (("bare Bolt app", baseline), ("the assistant", measured)):
        sys.stdout.write(f"{name}: median {statistics.median(seconds):.3f} s, slowest {seconds[-1]:.3f} s\n")
    sys.stdout.write(
        f"slowest against slowest: {measured[-1] / baseline[-1]:.1f} x; {missed} of {CALLERS} missed 3 s\n"
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
