"""What ``app.py`` asks for: the parts of the command line, and the commands that need the whole house."""

from __future__ import annotations

import gc
import logging
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.errors import AskerError, OperatorError
from bot.wiring.ending import ENDINGS, leave_in_time
from bot.wiring.parts import BotParts

if TYPE_CHECKING:
    from bot.adapters.store import SqlStore
    from bot.domain.answers import Answer
    from bot.domain.digest.subscription import Subscription
    from bot.domain.model import Change
    from bot.entrypoints.cli.parts import CheckResult, FreshKey, OrgConsole

_SHORT = 0.0002  # seconds


def _told_to_go() -> threading.Event:
    """Set once the bot is told to go. Whatever hangs, also in the middle of a start, it is gone in time after that.

    A thread of its own waits for the signal: Python runs a handler on the main thread alone, which may be waiting for
    a database or a line just then and hear of nothing.
    """
    told = threading.Event()
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)  # in this thread, and in all that come

    def wait() -> None:
        signal.sigwait(ENDINGS)
        told.set()

    leave_in_time(wait)
    return told


@contextmanager
def _giving_way() -> Iterator[None]:
    """While much is loaded in one go, let those who take requests by now go first.

    Each of the threads that a request passes would wait for as long as Python lets one thread run, five milliseconds.
    """
    usual = sys.getswitchinterval()
    sys.setswitchinterval(_SHORT)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


_NEW_AT_ONCE = 5_000
"""Objects of which none was looked at yet; after so many Python looks for garbage among them. An answer makes some
hundreds, of which none holds itself: looking after 700 takes a fortieth of the time, and finds as little. No test.
"""


def _settle() -> None:
    """Let what is there now stay: looking through it again and again would hold up everybody.

    What is garbage by now stays, too: some hundred small things, and one look for them takes a tenth of a second.
    """
    from bot.wiring.memory import give_back

    gc.freeze()
    gc.set_threshold(_NEW_AT_ONCE)
    gc.enable()
    give_back()


@contextmanager
def _without(package: str) -> Iterator[None]:
    """Let whatever is imported meanwhile find no such package, unless it is loaded already."""
    if package in sys.modules:
        yield
        return
    sys.modules[package] = None  # type: ignore[assignment]  # by Python's documentation: it cannot be imported
    try:
        yield
    finally:
        del sys.modules[package]


def _everywhere(store: SqlStore, erased: Mapping[str, int]) -> Mapping[str, int]:
    """The same, once a running bot has no memory of it left either."""
    if any(erased.values()):
        store.outlast_memories()
    return erased


def _nothing_due(coming: Mapping[Subscription, datetime]) -> str:
    from bot.domain.digest import schedule

    if not coming:
        return "No digest is on in that workspace."
    first = min(coming, key=lambda each: coming[each])
    return f"No digest is due at that time. The next one is due {schedule.slot_words(first, coming[first])}."


class CommandLineParts(BotParts):
    """The parts of the command line (``bot.entrypoints.cli.parts.CommandParts``)."""

    def run(self) -> None:
        """Run until SIGTERM or SIGINT. Raises OperatorError when a setting is missing or wrong."""
        with _without("rich"):  # structlog loads it to draw tracebacks, where it is there; a server's are plain
            from bot.adapters import logs
            from bot.guard import guarded
            from bot.wiring.one_processor import stay_together

        logs.configure()
        told = _told_to_go()
        self.refuse_unready()
        with self.bot() as bot:
            with _giving_way():
                bot.start(migrate_apart=True)
                guarded(bot.warm_up)()
            _settle()
            stay_together(told)

    def demo(self, port: int, once: str | None, *, browser: bool) -> int:
        """The built-in workspace and orgs around the real bot."""
        if browser and once is None:
            from bot.wiring.demo_page import in_browser

            return in_browser(port)
        from bot.wiring.demo import demo

        return demo(port, once)

    @contextmanager
    def console(self) -> Iterator[OrgConsole]:
        """The service on the configured database, for one terminal command."""
        from bot.domain.digest.subscription import Subscription, first_digest
        from bot.domain.model import TERMINAL, Change
        from bot.entrypoints.cli.parts import OrgConsole

        self._quiet()
        with self.bot() as bot:
            bot.store.prepare()
            workspace = bot.slack_connection.default_workspace()
            none_yet = Subscription(workspace, "", "", enabled=False)
            subscription = first_digest(bot.store.subscriptions(workspace)) or none_yet
            yield OrgConsole(
                workspace,
                bot.store,
                bot.salesforce,
                bot.uses.checks.one,
                bot.uses.checks.every,
                bot.uses.details.of,
                digest=lambda: bot.uses.making.preview(subscription),
                post_digest=lambda: bot.uses.reminders.post_now(subscription),
                record=lambda action, subject: bot.store.record(
                    Change(workspace, self.now(), TERMINAL, action, subject)
                ),
            )

    def digests(self, workspace: str | None, at: datetime | None) -> Iterator[tuple[str, Answer]]:
        """The digests of a workspace as they would be now, each with where and when it comes; those due ``at`` a time.

        Raises AskerError where there is none.
        """
        from bot.domain.digest import schedule
        from bot.domain.digest.subscription import Kind

        self._quiet()
        with self.bot() as bot:
            bot.store.prepare()
            found = bot.store.subscriptions(workspace or bot.slack_connection.default_workspace())
            on = [each for each in found if each.enabled and each.kind is Kind.DIGEST]
            since = (at or self.now()) - timedelta(seconds=1)
            coming = {each: schedule.upcoming(each, since) for each in on}
            due = [each for each in on if at is None or coming[each] < at + timedelta(minutes=1)]
            if not due:
                raise AskerError(_nothing_due(coming))
            for each in due:
                when = schedule.slot_words(each, coming[each])
                yield f"{when}, to {each.target}", bot.uses.making.preview(each)

    def log_failures(self) -> None:
        """Log as the bot does, unless the command has begun to: structlog's own way shows the values of variables."""
        import structlog

        if not structlog.is_configured():
            self._quiet()

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
            return _everywhere(store, store.forget_workspace(workspace))

    def forget_user(self, user: str) -> Mapping[str, int]:
        """Erase a person in every workspace; how many rows that concerned, by table."""
        with self._prepared() as store:
            return _everywhere(store, store.forget_user(user))

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

    def version(self) -> str:
        """The number of this version."""
        from bot.wiring.version import version

        return version()

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
        from bot.wiring.keys import sqlite_only

        sqlite_only(self._settings, "copies the database: pg_dump --format=custom --file=FILE")
        with closing(self.store()) as store:  # as it is: a copy from before an upgrade is at the old migration
            if store.migrations()[0] is None:
                raise OperatorError("There is nothing to copy yet: the database is empty.")
            store.backup(path)
        if self.settings.secret_keys:
            return "The keys of FLOSUM_SECRET_KEYS belong to it: without them no login in it can be opened."
        from bot.wiring.keys import beside

        return f"The keys in {beside(self.settings.database_url)} belong to it: keep a copy of them, in another place."

    def restore(self, path: Path) -> str:
        """Put a copy in the place of the database, as it is: an older version may be what starts on it."""
        from bot.adapters.store.restoring import restore
        from bot.wiring.keys import sqlite_file, sqlite_only

        sqlite_only(self._settings, "restores, into an empty database: pg_restore --dbname=URL FILE")
        target = sqlite_file(self.settings.database_url)
        if target is None:
            raise OperatorError("The database is in memory: there is no file to put a copy in the place of.")
        at, aside = restore(path, target, self.now())
        before = f"What was there lies in {aside} until you delete it. " if aside else ""
        keys = "FLOSUM_SECRET_KEYS" if self.settings.secret_keys else str(target.with_suffix(".key"))
        return (
            f"{target} is what was in {path} now, at migration {at}.\n"
            f"{before}The keys in {keys} must be those of that time, or newer ones beside them."
        )

    def doctor(self) -> Sequence[CheckResult]:
        """Look at everything that the bot needs."""
        from bot.wiring.doctor import examine

        self._quiet()
        return examine(self)
