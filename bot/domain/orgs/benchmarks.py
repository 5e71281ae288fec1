"""What of our findings the Security Benchmark for Salesforce (0.4.1, February 2026) is about, by its controls' ids.

SBS-OAUTH-001: connected apps are formally installed. -002: access to them is by profile or permission set alone.
-003: every app is known and classified, which two apps of one name are not. SBS-ACS-003: who may approve uninstalled
connected apps is few, and written down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.model import OrgFacts
from bot.domain.orgs.findings import Finding, judge

INSTALLED, GOVERNED, KNOWN, APPROVERS = "SBS-OAUTH-001", "SBS-OAUTH-002", "SBS-OAUTH-003", "SBS-ACS-003"

_BY_FINDING: Mapping[Finding, str] = {
    Finding.MISSING: INSTALLED,
    Finding.UNINSTALLED: INSTALLED,
    Finding.ONE_NOT_INSTALLED: INSTALLED,
    Finding.OPEN: GOVERNED,
    Finding.TWO_APPS: KNOWN,
    Finding.BOTH_KINDS: KNOWN,
}
_WORDS: Mapping[str, str] = {
    INSTALLED: "formally installed",
    GOVERNED: "access by profile or permission set",
    KNOWN: "one known app of that name",
    APPROVERS: "few may approve uninstalled apps",
}


def benchmarks(name: str, facts: OrgFacts) -> tuple[str, ...]:
    """The controls that the app ``name`` does not meet."""
    found = (_BY_FINDING[finding] for finding in judge(name, facts).findings if finding in _BY_FINDING)
    return tuple(dict.fromkeys(found))


def unmet_words(facts: OrgFacts, apps: Sequence[str], *, approvers: bool) -> str:
    """The controls that an org does not meet for the apps that it needs; "" where it meets them."""
    unmet = {control for app in apps for control in benchmarks(app, facts)} | ({APPROVERS} if approvers else set())
    if not unmet:
        return ""
    told = ", ".join(f"{each} ({_WORDS[each]})" for each in sorted(unmet))
    return f"Security Benchmark for Salesforce, not met: {told}"
