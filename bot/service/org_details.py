"""The rest of an org, beside its reading, for somebody who asks for all that is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.errors import AssistantError, OrgError
from bot.domain.model import Diagnosis, KeptOrg
from bot.domain.orgs.org_details import OrgDetails
from bot.ports import RestOfOrgs


class KeptOrgs(Protocol):
    """What opens an org."""

    def kept_orgs(self, workspace: str, name: str | None = None) -> Sequence[KeptOrg]:
        """The one of that name."""
        ...


@dataclass(frozen=True, slots=True)
class ReadingDetails:
    """Reads the rest of an org. Its own troubles take nothing from what was read before."""

    store: KeptOrgs
    orgs: RestOfOrgs

    def of(self, found: Diagnosis) -> OrgDetails | None:
        """The rest; None where the org could not be read just now, or the rest of it could not."""
        if found.facts is None or found.trouble:
            return None
        kept = next(iter(self.store.kept_orgs(found.org.workspace, found.org.name)), None)
        if kept is None or isinstance(kept.credentials, AssistantError):
            return None
        try:
            return self.orgs.details(kept.org, kept.credentials, found.facts)
        except OrgError:
            return None  # told as "could not be read"
