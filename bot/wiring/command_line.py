"""What ``app.py`` asks for: the parts of the command line, and the commands that need the whole house."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.errors import OperatorError
from bot.domain.model import Change, Reminder
from bot.wiring.parts import BotParts

if TYPE_CHECKING:
    from bot.adapters.store import SqlStore
    from bot.entrypoints.cli.parts import CheckResult, FreshKey, OrgConsole

TERMINAL = "terminal"
"""The user of the audit trail for whoever may run commands on the bot's machine."""


GONE_WITHIN = 8.5
"""Seconds after which the bot is gone whatever hangs; containers are killed ten after they are told to stop."""


ENDINGS = (signal.SIGTERM, signal.SIGINT)


def _told_to_go() -> threading.Event:
    """Set once the bot is told to go. Whatever hangs, also in the middle of a start, it is gone in time after that.

    A thread of its own waits for the signal: Python runs a handler on the main thread alone, which may be waiting for
    a database or a line just then and hear of nothing.
    """
    told = threading.Event()
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)  # in this thread, and in all that come

    def wait() -> None:
        import structlog

        signal.sigwait(ENDINGS)
        told.set()
        time.sleep(GONE_WITHIN)
        structlog.get_logger("assistant").warning("gone before all was closed")
        os._exit(0)

    threading.Thread(target=wait, name="told-to-go", daemon=True).start()
    return told


class CommandLineParts(BotParts):
    """The parts of the command line (``bot.entrypoints.cli.parts.CommandParts``)."""

    def run(self) -> None:
        """Run until SIGTERM or SIGINT. Raises OperatorError when a setting is missing or wrong."""
        from bot.adapters import logs

        logs.configure()
        told = _told_to_go()
        with self.bot() as bot:
            bot.warm_up()
            bot.start()
            told.wait()

    def demo(self, port: int, once: str | None) -> int:
        """The built-in workspace and orgs around the real bot."""
        from bot.wiring.demo import demo

        return demo(port, once)

    @contextmanager
    def console(self) -> Iterator[OrgConsole]:
        """The service on the configured database, for one terminal command."""
        from bot.entrypoints.cli.parts import OrgConsole

        self._quiet()
        with self.bot() as bot:
            bot.store.prepare()
            workspace = bot.slack_connection.default_workspace()
            reminder = bot.store.reminder(workspace) or Reminder(workspace, "")
            yield OrgConsole(
                workspace,
                bot.store,
                bot.salesforce,
                bot.uses.checks.one,
                bot.uses.checks.every,
                digest=lambda: bot.uses.weekly_digest.preview(reminder),
                post_digest=lambda: bot.uses.weekly_digest.post_now(reminder),
                record=lambda action, subject: bot.store.record(
                    Change(workspace, self.now(), TERMINAL, action, subject)
                ),
            )

    def _quiet(self) -> None:
        from bot.adapters import logs

        # What a command prints is what the person asked for; only what goes wrong is said beside it.
        logs.configure(level=logging.WARNING)

    def changes(self) -> Sequence[Change]:
        """The audit trail of every workspace, newest first."""
        with self._prepared() as store:
            return store.changes(limit=sys.maxsize)

    def reseal(self) -> tuple[int, Sequence[str]]:
        """Encrypt all secrets anew under the newest key: how many, and whose no key opens."""
        with self._prepared() as store:
            return store.reseal()

    def forget_workspace(self, workspace: str) -> Mapping[str, int]:
        """Erase all that is kept of a workspace; how many rows, by table."""
        with self._prepared() as store:
            return store.forget_workspace(workspace)

    def forget_user(self, user: str) -> Mapping[str, int]:
        """Erase a person in every workspace; how many rows that concerned, by table."""
        with self._prepared() as store:
            return store.forget_user(user)

    @contextmanager
    def _prepared(self) -> Iterator[SqlStore]:
        self._quiet()
        with closing(self.store()) as store:
            store.prepare()
            yield store

    def new_key(self) -> FreshKey:
        """Make a key; where there is a key file, put it in front there."""
        from bot.wiring.keys import new_key

        return new_key(self._settings)

    def manifest(self) -> str:
        """The Slack app's manifest as it is written, with its reasons."""
        from bot import shipped

        return shipped("manifest.yml").read_text(encoding="utf-8")

    def migrate(self) -> str:
        """Bring the database to the newest migration."""
        with closing(self.store()) as store:
            before, now = store.migrate()
        return f"The database is at migration {now}." + ("" if before == now else f" It was at {before or 'none'}.")

    def backup(self, path: Path) -> str:
        """Copy the database to a new file; what belongs to it and lies elsewhere."""
        with closing(self.store()) as store:  # as it is: a copy from before an upgrade is at the old migration
            if store.migrations()[0] is None:
                raise OperatorError("There is nothing to copy yet: the database is empty.")
            store.backup(path)
        if self.settings.secret_keys:
            return "The keys of FLOSUM_SECRET_KEYS belong to it: without them no login in it can be opened."
        from bot.wiring.keys import beside

        return f"The keys in {beside(self.settings.database_url)} belong to it: keep a copy of them, in another place."

    def doctor(self) -> Sequence[CheckResult]:
        """Look at everything that the bot needs."""
        from bot.wiring.doctor import examine

        self._quiet()
        return examine(self)
