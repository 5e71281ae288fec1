"""What no SOQL of the org's data tells: API Access Control, and a profile's login hours and IP ranges.

Each is one call of an API of its own, which the connection's user may lack the right for. So none of them ends a check:
whatever goes wrong with one, its answer is None, "could not be read". Nor may it use up the time: it is asked aside.
"""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from simple_salesforce.exceptions import SalesforceError
from simple_salesforce.format import format_soql

from bot.adapters.salesforce import failures
from bot.adapters.salesforce.login import API_VERSION, Session
from bot.adapters.salesforce.queries import SAYS_NOTHING, Ask
from bot.adapters.salesforce.transport import METADATA_PATH, Line
from bot.domain.errors import OrgError
from bot.domain.model import ApiUsage, Org
from bot.domain.orgs.refusal_kinds import kind_of
from bot.domain.orgs.user_access import DAYS, LoginHours, ProfileLimits

KEPT_FOR = timedelta(minutes=15)
"""How long what API Access Control was read as stands: it is switched once in an org's life."""

_KEPT_AT_MOST = 2000  # orgs; beyond that those read longest ago go
_RANGES_AT_MOST = 20  # of a profile: nobody is shown more than a few, and how many there are

# The library's own Metadata client loads a WSDL of 8,000 lines for this one question, 0.7 s each time.
_QUESTION = """<?xml version="1.0" encoding="UTF-8"?>
<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="http://soap.sforce.com/2006/04/metadata">
<e:Header><m:SessionHeader><m:sessionId>{session}</m:sessionId></m:SessionHeader></e:Header>
<e:Body><m:readMetadata><m:type>ConnectedAppSettings</m:type><m:fullNames>ConnectedApp</m:fullNames></m:readMetadata>
</e:Body></e:Envelope>"""
_HEADERS = {"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": '""', "Accept": "text/xml"}
_SWITCH = re.compile(r"<(?:\w+:)?enableAdminApprovedAppsOnly>\s*(true|false)\s*</")
_FAULT = re.compile(r"faultcode>\s*(?:[\w-]+:)?(\w+)")
_ENDED = "INVALID_SESSION_ID"
_SETTINGS = re.compile(r"<(?:\w+:)?fullName>\s*ConnectedApp\s*</")


@dataclass(frozen=True, slots=True)
class Inquiry:
    """All that one check may ask of an org.

    ``limits`` takes a profile's id. ``access_control``: whether API Access Control is on. ``usage``: what the last
    answer said of the org's API requests.
    """

    ask: Ask
    limits: Callable[[str], ProfileLimits | None]
    access_control: Callable[[], bool | None]
    usage: Callable[[], ApiUsage | None]


@dataclass(slots=True)
class AccessControls:
    """Whether API Access Control is on, org by org, kept for a while. Safe to share between threads."""

    _known: dict[tuple[str, str], tuple[datetime, bool | None]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, org: Org, session: Session, line: Line, now: datetime) -> bool | None:
        """As it was read lately, or as it is read now."""
        key = (org.workspace, session.host)
        with self._lock:
            known = self._known.get(key)
        if known is not None and timedelta(0) <= now - known[0] < KEPT_FOR:
            return known[1]
        try:
            with line.aside():
                found = _read_access_control(org, session, line)
        except OrgError:  # for now: the next who asks has it asked again
            return None
        with self._lock:
            self._known.pop(key, None)
            self._known[key] = now, found
            while len(self._known) > _KEPT_AT_MOST:
                del self._known[next(iter(self._known))]
        return found


def _read_access_control(org: Org, session: Session, line: Line) -> bool | None:
    """By the Metadata API, which holds the setting only where Salesforce's support has enabled the feature.

    None where the org refuses to tell. Raises OrgError where it did not answer.
    """
    question = _QUESTION.format(session=html.escape(session.id)).encode()
    answer = line.post(f"https://{session.host}{METADATA_PATH}{API_VERSION}", data=question, headers=_HEADERS)
    if answer.status_code >= 300:
        # A refusal comes with 500, too, and is an answer, unless it says no more than that there is none now.
        code = _FAULT.search(answer.text)
        if code is None or code[1] == _ENDED or kind_of(code[1], "") in SAYS_NOTHING:
            raise failures.busy(org.name, answer.status_code)
        return None
    if switch := _SWITCH.search(answer.text):
        return switch[1] == "true"
    return False if _SETTINGS.search(answer.text) else None


def read_limits(client: Any, line: Line, profile: str) -> ProfileLimits | None:
    """A profile's login hours and IP ranges, by the Tooling API; ``client`` is simple-salesforce's, over ``line``."""
    soql = format_soql("SELECT Metadata FROM Profile WHERE Id = {}", profile)
    try:
        with line.aside():
            answer = client.toolingexecute(f"query?q={quote(soql)}")
    except (SalesforceError, OrgError):
        return None
    records = answer.get("records") if isinstance(answer, Mapping) else None
    first = records[0] if isinstance(records, list) and records else None
    metadata = first.get("Metadata") if isinstance(first, Mapping) else None
    return _limits(metadata) if isinstance(metadata, Mapping) else None


def _limits(metadata: Mapping[str, object]) -> ProfileLimits:
    hours, ranges = metadata.get("loginHours"), metadata.get("loginIpRanges")
    return ProfileLimits(
        tuple(_hours(hours)) if isinstance(hours, Mapping) else (),
        tuple(_ranges(ranges))[:_RANGES_AT_MOST] if isinstance(ranges, list) else (),
    )


def _hours(hours: Mapping[str, object]) -> Iterator[LoginHours]:
    """The days that are restricted; Salesforce writes minutes since midnight, as texts."""
    for day in DAYS:
        start, end = (_minutes(hours.get(f"{day.lower()}{edge}")) for edge in ("Start", "End"))
        if start is not None and end is not None:
            yield LoginHours(day, start, end)


def _minutes(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isdecimal() and len(text) <= 4 else None


def _ranges(ranges: list[object]) -> Iterator[tuple[str, str]]:
    for each in ranges:
        ends = (each.get("startAddress"), each.get("endAddress")) if isinstance(each, Mapping) else (None, None)
        if isinstance(ends[0], str) and isinstance(ends[1], str):
            yield ends[0][:45], ends[1][:45]
