"""The port ``Installations``: the Slack workspaces and enterprises that installed the bot."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager

from bot.adapters.store import records
from bot.adapters.store.base import StorePart
from bot.adapters.store.connections import REFRESH_PATIENCE
from bot.adapters.store.tables import installations
from bot.domain.errors import SlackRefused


class SqlInstallations(StorePart):
    """What Slack gave us at installation, sealed; found by Slack's own ids."""

    def save_installation(self, enterprise: str | None, team: str | None, payload: str) -> None:
        """Keep or replace what Slack gave us for a workspace, or for a whole enterprise (``team`` None)."""
        if not enterprise and not team:
            raise ValueError("an installation of nobody")
        ids = _ids(enterprise, team)
        sealed = self._vault.seal(payload, installation_context(*ids))
        with self._database.outside() as rows:
            rows.put(installations, enterprise=ids[0], team=ids[1], sealed=sealed)

    def installation(self, enterprise: str | None, team: str | None) -> str | None:
        """The payload, if installed. Raises OperatorError when no key of ours opens it."""
        ids = _ids(enterprise, team)
        with self._database.outside_reading() as rows:
            row = rows.row(installations, installations.c.enterprise == ids[0], installations.c.team == ids[1])
        if row is None:
            return None
        return self._vault.open(row.sealed, installation_context(*ids), name=installation_name(*ids))

    def installations(self) -> Sequence[tuple[str | None, str | None]]:
        """(enterprise, team) of every installation, sorted."""
        with self._database.outside_reading() as rows:
            found = sorted((row.enterprise, row.team) for row in rows.rows(installations))
        return [(enterprise or None, team or None) for enterprise, team in found]

    def drop_installation(self, enterprise: str | None, team: str | None) -> bool:
        """Forget one; False if there was none."""
        ids = _ids(enterprise, team)
        with self._database.outside() as rows:
            return rows.drop(installations, installations.c.enterprise == ids[0], installations.c.team == ids[1]) > 0

    def rotating(self, enterprise: str | None, team: str | None) -> AbstractContextManager[None]:
        """Hold the one right to refresh an installation's token, across threads and, on PostgreSQL, processes.

        Read the installation inside: whoever held it before may have refreshed it. Raises SlackRefused when that
        takes longer than 20 seconds.
        """
        busy = SlackRefused(
            "The bot's access to Slack is being renewed, and that takes long. Try again in a minute.", permanent=False
        )
        name = records.qualified("rotating", *_ids(enterprise, team))
        return self._locks.held(name, REFRESH_PATIENCE, busy)


def installation_context(enterprise: str, team: str) -> str:
    """The vault's context of an installation."""
    return records.qualified("installations", enterprise, team)


def installation_name(enterprise: str, team: str) -> str:
    """What an error calls an installation."""
    return f"Slack workspace {team}" if team else f"Slack enterprise {enterprise}"


def _ids(enterprise: str | None, team: str | None) -> tuple[str, str]:
    return enterprise or "", team or ""
