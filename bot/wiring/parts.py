"""What a bot is made of, built on demand: for the command line, ``doctor`` and the demo.

Imports stand inside the functions that need them, because ``explain`` must not pay for Slack, SQL and Salesforce.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.adapters.settings import Settings
    from bot.adapters.store import SqlStore
    from bot.domain.model import Credentials
    from bot.domain.recognition.guidance import Guidance
    from bot.domain.recognition.matcher import Matcher
    from bot.ports import Clock
    from bot.wiring.app import Bot

Route = Callable[[str], str]


def utc_now() -> datetime:
    """The time now."""
    return datetime.now(UTC)


class BotParts:
    """The settings, the guidance, the store and the whole bot, each built when it is first asked for."""

    def __init__(
        self,
        *,
        settings: Settings | None = None,
        clock: Clock | None = None,
        route: Route | None = None,
        browse: Route | None = None,
    ) -> None:
        """Without a ``clock`` it is this machine's, and what must not hang on it the database's.

        ``route`` and ``browse`` say where the bot and browsers find orgs that are not on the internet."""
        self._settings = settings
        self.now = clock or utc_now
        self._is_told_time = clock is not None
        self._route = route
        self._browse = browse

    @cached_property
    def settings(self) -> Settings:
        """The settings. Raises OperatorError, a sentence for each wrong one."""
        from bot.adapters.settings import load

        return self._settings or load()

    def refuse_unready(self) -> None:
        """Raise OperatorError with a sentence for each setting that is wrong, or missing for a start, all at once."""
        from bot.adapters.settings import load
        from bot.wiring.slack_app import missing

        if self._settings is None:
            self._settings = load(lacking=missing)

    def guidance(self) -> tuple[Guidance, Matcher, Sequence[str]]:
        """The guidance with the team's own, its matcher, and the mistakes in the team's files."""
        from bot.adapters.environment import given_names

        # Where nothing of ours is set there is nothing to read and check, and explain starts in half the time.
        is_set = self._settings is not None or any(name.startswith("FLOSUM_") for name in given_names(".env"))
        return _guidance(self.settings.flosum_guidance_dir if is_set else None)

    def _guidance_for_later(self) -> tuple[Guidance, Matcher, Sequence[str]]:
        """The same, the built-in one read when it is first needed; what a team adds may have mistakes to be told."""
        from bot.wiring.deferred import Deferred

        if self.settings.flosum_guidance_dir is not None:
            return self.guidance()
        return Deferred(lambda: self.guidance()[0]).itself, Deferred(lambda: self.guidance()[1]).itself, ()

    def org_defaults(self) -> Credentials:
        """What the settings say of logging in to orgs."""
        from bot.adapters.settings import reveal
        from bot.domain.model import Credentials

        settings = self.settings
        key = reveal(settings.salesforce_jwt_client_id) or settings.salesforce_client_id or ""
        return Credentials(key, reveal(settings.salesforce_client_secret), settings.jwt_key)

    def bot(self, *, leaves_no_file: bool = False) -> Bot:
        """The whole bot, built and not started; to be looked at alone, it can be on a database in memory."""
        from bot.service.shared_clock import SharedClock
        from bot.wiring.app import Bot

        guidance, matcher, mistakes = self._guidance_for_later()
        store = self._store_in_memory() if leaves_no_file else self.store()
        return Bot(
            self.settings,
            store,
            guidance,
            matcher,
            mistakes,
            clock=self.now,
            shared_clock=SharedClock(self.now, (lambda: None) if self._is_told_time else store.now),
            route=self._route,
            browse=self._browse,
        )

    def store(self) -> SqlStore:
        """The database, not yet prepared."""
        from bot.adapters.store import SqlStore
        from bot.adapters.vault import Vault
        from bot.wiring.keys import kept_keys

        url = self.settings.database_url
        return SqlStore(url, Vault(self.settings.secret_keys or kept_keys(url)))

    def _store_in_memory(self) -> SqlStore:
        from bot.adapters.store import SqlStore
        from bot.adapters.vault import Vault, make_key

        return SqlStore("sqlite://", Vault(self.settings.secret_keys or (make_key(),)))


@cache
def _guidance(directory: Path | None) -> tuple[Guidance, Matcher, Sequence[str]]:
    """Read once for each process; a changed file counts from the next start."""
    if directory is None and hasattr(os, "getuid"):
        from platformdirs import user_cache_path

        from bot.wiring.compiled_guidance import built_in

        return (*built_in(user_cache_path("flosum-assistant", appauthor=False)), ())
    from bot.adapters.library import load
    from bot.domain.recognition.matcher import Matcher

    guidance, mistakes = load(directory)
    return guidance, Matcher(guidance), mistakes
