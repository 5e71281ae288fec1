"""What ``app.py`` asks for, built on demand; ``bot.wiring.app`` is the whole bot.

Imports stand inside the functions that need them, because ``explain`` must not pay for Slack, SQL and Salesforce.
"""

from __future__ import annotations

import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bot.domain.model import Change, Credentials, Reminder
from bot.ports import Clock

if TYPE_CHECKING:
    from bot.adapters.settings import Settings
    from bot.adapters.store import SqlStore
    from bot.domain.recognition.guidance import Guidance
    from bot.domain.recognition.matcher import Matcher
    from bot.entrypoints.cli.parts import CheckResult, FreshKey, OrgConsole
    from bot.wiring.app import Bot

Route = Callable[[str], str]
TERMINAL = "terminal"
"""The user of the audit trail for whoever may run commands on the bot's machine."""


def utc_now() -> datetime:
    """The time now."""
    return datetime.now(UTC)


class CommandLineParts:
    """The parts of the command line (``bot.entrypoints.cli.parts.CommandParts``), built on demand."""

    def __init__(
        self,
        *,
        settings: Settings | None = None,
        clock: Clock = utc_now,
        route: Route | None = None,
        browse: Route | None = None,
    ) -> None:
        """``route`` and ``browse`` say where the bot and browsers find orgs that are not on the internet."""
        self._settings = settings
        self._clock = clock
        self._route = route
        self._browse = browse

    @cached_property
    def settings(self) -> Settings:
        """The settings. Raises OperatorError, a sentence for each wrong one."""
        from bot.adapters.settings import load

        return self._settings or load()

    def now(self) -> datetime:
        """The time now, aware, in UTC."""
        return self._clock()

    def guidance(self) -> tuple[Guidance, Matcher, Sequence[str]]:
        """The guidance with the team's own, its matcher, and the mistakes in the team's files."""
        return _guidance(self._guidance_dir())

    def _guidance_dir(self) -> Path | None:
        from bot.adapters.environment import given_names

        # Where nothing of ours is set there is nothing to read and check, and explain starts in half the time.
        if self._settings is None and not any(name.startswith("FLOSUM_") for name in given_names(".env")):
            return None
        return self.settings.flosum_guidance_dir

    def org_defaults(self) -> Credentials:
        """What the settings say of logging in to orgs."""
        from bot.adapters.settings import reveal

        settings = self.settings
        key = reveal(settings.salesforce_jwt_client_id) or settings.salesforce_client_id or ""
        return Credentials(key, reveal(settings.salesforce_client_secret), settings.jwt_key)

    def bot(self) -> Bot:
        """The whole bot, built and not started."""
        from bot.wiring.app import Bot

        guidance, matcher, mistakes = self.guidance()
        return Bot(
            self.settings,
            self.store(),
            guidance,
            matcher,
            mistakes,
            clock=self._clock,
            route=self._route,
            browse=self._browse,
        )

    def store(self) -> SqlStore:
        """The database, not yet prepared."""
        from bot.adapters.store import SqlStore
        from bot.adapters.vault import Vault, key_file
        from bot.wiring.keys import beside

        url = self.settings.database_url
        keys = self.settings.secret_keys or key_file(beside(url))
        return SqlStore(url, Vault(keys))

    def run(self) -> None:
        """Run until SIGTERM or SIGINT. Raises OperatorError when a setting is missing or wrong."""
        from bot.adapters import logs

        logs.configure()
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        with self.bot() as bot:
            bot.start()
            stop.wait()

    def demo(self, port: int, once: str | None) -> int:
        """The built-in workspace and orgs around the real bot."""
        from bot.wiring.demo import demo

        return demo(port, once)

    def console(self) -> AbstractContextManager[OrgConsole]:
        """The service on the configured database, for one terminal command."""
        return self._console()

    @contextmanager
    def _console(self) -> Iterator[OrgConsole]:
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
                bot.uses.explain,
                digest=lambda: bot.uses.weekly_digest.preview(reminder),
                post_digest=lambda: bot.uses.weekly_digest.post_now(reminder),
                record=lambda action, subject: bot.store.record(
                    Change(workspace, self._clock(), TERMINAL, action, subject)
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

    def migrate(self) -> str:
        """Bring the database to the newest migration."""
        with closing(self.store()) as store:
            before, now = store.migrate()
        return f"The database is at migration {now}." + ("" if before == now else f" It was at {before or 'none'}.")

    def doctor(self) -> Sequence[CheckResult]:
        """Look at everything that the bot needs."""
        from bot.wiring.doctor import examine

        self._quiet()
        return examine(self)


@cache
def _guidance(directory: Path | None) -> tuple[Guidance, Matcher, Sequence[str]]:
    """Read once for each process; a changed file counts from the next start."""
    from bot.adapters.library import load
    from bot.domain.recognition.matcher import Matcher

    guidance, mistakes = load(directory)
    return guidance, Matcher(guidance), mistakes
