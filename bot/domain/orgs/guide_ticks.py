"""A step of an org's installation that somebody says is done, because no object of Salesforce tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Tick:
    """Who ticked which step when, and the organization id that the org had then: a refresh makes another."""

    step: str
    by: str
    at: datetime
    organization_id: str | None = None
