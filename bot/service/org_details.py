"""The rest of an org, beside its reading, for somebody who asks for all that is known of it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.errors import AskerError, OrgError
from bot.domain.model import Diagnosis
from bot.domain.orgs.org_details import OrgDetails
from bot.ports import RestOfOrgs
from bot.service.kept_org import KeptOrgs, opened


@dataclass(frozen=True, slots=True)
class ReadingDetails:
    """Reads the rest of an org. Its own troubles take nothing from what was read before."""

    store: KeptOrgs
    orgs: RestOfOrgs

    def of(self, found: Diagnosis) -> OrgDetails | None:
        """The rest; None where the org could not be read just now, or the rest of it could not."""
        if found.facts is None or found.trouble:
            return None
        try:
            kept, credentials = opened(self.store, found.org)
            return self.orgs.details(kept, credentials, found.facts)
        except (AskerError, OrgError):
            return None  # told as "could not be read"
