"""``demo``: the real bot, over real HTTP, between a built-in Slack workspace and built-in Salesforce orgs."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from rich.console import Console

from bot.adapters import logs
from bot.adapters.environment import reach_loopback_directly
from bot.adapters.settings import given
from bot.adapters.vault import make_key
from bot.domain.digest.subscription import Subscription
from bot.domain.errors import OperatorError
from bot.ports import Clock
from bot.sandbox.salesforce.server import BuiltInSalesforce
from bot.sandbox.slack.records import TEAM
from bot.sandbox.slack.terminal import run
from bot.sandbox.slack.workspace import Workspace
from bot.wiring.app import Bot
from bot.wiring.manifest import bot_events, bot_scopes
from bot.wiring.parts import BotParts, utc_now

LOG = "flosum-demo.log"
ZONE = "Europe/Berlin"


def demo(port: int, once: str | None) -> int:
    """Run the demo in this terminal until it is left; with ``once``, send one message. The exit code."""
    refuse_taken(port)
    with demo_folder() as folder, (folder / LOG).open("w") as log, built_in(folder, log, port) as running:
        workspace, salesforce, _ = running
        return run(workspace, once=once, console=Console(), page_for=salesforce.page_for)


def refuse_taken(port: int) -> None:
    """Raise OperatorError where the demo cannot have its port, before anything is built."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            raise OperatorError(f"--port {port}: another program has it, or there is no such port.") from None


@contextmanager
def demo_folder() -> Iterator[Path]:
    """Where a demo keeps what it has, as long as it runs."""
    reach_loopback_directly()  # the demo has no network to go to, and many a network has a proxy
    with tempfile.TemporaryDirectory(prefix="flosum-demo-") as name:
        yield Path(name)


@contextmanager
def built_in(
    folder: Path, log: TextIO, port: int = 0, url: str | None = None, clock: Clock = utc_now
) -> Iterator[tuple[Workspace, BuiltInSalesforce, Bot]]:
    """The workspace, the orgs, and the running bot with every org connected and a digest set for #salesforce.

    ``url`` is that of another database, at its newest migration; ``clock`` is the bot's, and Slack's.
    """
    logs.configure(log)
    slack = Workspace(clock=clock, events=bot_events(), scopes=bot_scopes())
    with slack as workspace, BuiltInSalesforce(clock(), clock) as salesforce:
        settings = given(
            slack_bot_token=workspace.bot_token,
            slack_signing_secret=workspace.signing_secret,
            slack_api_url=workspace.api_url,
            flosum_database_url=url or f"sqlite:///{folder / 'demo.db'}",
            flosum_secret_keys=make_key(),
            flosum_port=port,
            flosum_org_writes=True,
            salesforce_client_id=salesforce.client_id,
            salesforce_client_secret=salesforce.client_secret,
            salesforce_jwt_client_id=salesforce.client_id,
            salesforce_jwt_key=salesforce.private_key,
        )
        parts = BotParts(settings=settings, clock=clock, route=salesforce.route, browse=salesforce.browse)
        with parts.bot() as bot:
            bot.store.prepare()
            for org, credentials in salesforce.built_in(TEAM):
                bot.store.add_org(org, credentials)
            channel = workspace.state.channel_named("#salesforce")
            assert channel is not None  # noqa: S101 - the built-in workspace has it
            subscription = Subscription(TEAM, "", channel.id, zone=ZONE, set_at=clock())
            bot.store.keep_subscription(subscription)
            bot.start()
            salesforce.browser.callbacks.add(f"{bot.address}/salesforce/callback")
            workspace.connect(f"{bot.address}/slack/events", lambda: bot.jobs.open == 0)
            yield workspace, salesforce, bot
