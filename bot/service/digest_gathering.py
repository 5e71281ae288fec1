"""Facts for digests, read in the hour before, so that nobody waits for orgs at nine and all are not asked at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.domain.digest.delivery import GATHERED_FROM
from bot.domain.digest.subscription import Subscription
from bot.domain.model import Diagnosis
from bot.service.org_checks import OrgChecks

Gather = Callable[[Subscription, datetime], None]
"""Reads what the digest of a slot will tell of."""


class DigestGathering:
    """What is read for a digest counts; what was read for another one of the same hour does, too."""

    def __init__(self, checks: OrgChecks) -> None:
        self._checks = checks

    def gather(self, subscription: Subscription, slot: datetime) -> None:
        """Read the orgs that were not asked yet for a digest of that hour."""
        self._checks.every_since(subscription.workspace, slot - GATHERED_FROM, failed_too=False)

    def read_for(self, workspace: str, slot: datetime) -> Sequence[Diagnosis]:
        """All orgs as read for the digest of that slot; those of which nothing good came are asked once more."""
        return self._checks.every_since(workspace, slot - GATHERED_FROM, failed_too=True)
