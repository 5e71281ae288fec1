"""An org with what logs in to it, for whoever asks it something of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.answers.markup import code
from bot.domain.errors import AskerError, AssistantError
from bot.domain.model import Credentials, KeptOrg, Org


class KeptOrgs(Protocol):
    """What opens an org."""

    def kept_orgs(self, workspace: str, name: str | None = None) -> Sequence[KeptOrg]:
        """The one of that name."""
        ...


def opened(store: KeptOrgs, org: Org) -> tuple[Org, Credentials]:
    """The org as it is kept now. Raises AskerError where it is gone, and what opening its login does."""
    kept = next(iter(store.kept_orgs(org.workspace, org.name)), None)
    if kept is None:
        raise AskerError(f"{code(org.name)} was disconnected meanwhile.")
    if isinstance(kept.credentials, AssistantError):
        raise kept.credentials
    return kept.org, kept.credentials
