"""What an org needs in a few words, for lists in which each org has one line of a phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.model import BACKUP_APP, DEVOPS_APP, Diagnosis, Verdict
from bot.domain.orgs.findings import Finding, judge, leading

_WORDS: Mapping[Finding, str] = {
    Finding.BLOCKED: "unblock {apps}",
    Finding.MISSING: "install {apps}",
    Finding.UNINSTALLED: "install {apps}",
    Finding.NOBODY_GRANTED: "grant access to {apps}",
    Finding.CONTROLLED: "grant access to {apps}",
    Finding.ONLY_FROZEN: "unfreeze its users",
    Finding.ONLY_ENDED: "its assignments ended",
    Finding.STALE_GROUP: "recalculate a group",
    Finding.SESSION_ONLY: "access in sessions only",
    Finding.EMPTY_PROFILES: "nobody has the profiles",
    Finding.NOBODY_ACTIVE: "no active user has access",
    Finding.REFRESHED: "refreshed: Update Token",
    Finding.ONE_NOT_INSTALLED: "two apps of one name",
    Finding.TWO_APPS: "two apps of one name",
    Finding.BOTH_KINDS: "two apps of one name",
    Finding.BLOCK_UNREAD: "was blocked when last read",
    Finding.QUESTION_REFUSED: "a question was refused",
    Finding.HIDDEN: "may not be read",
    Finding.TOO_MANY: "too many tokens to tell",
    Finding.HIDDEN_POLICY: "policies cannot be read",
    Finding.HIDDEN_GRANTS: "grants cannot be read",
    Finding.UNCOUNTED: "grants cannot be read",
    Finding.UNSEEN: "{neither} seen",
    Finding.BLOCK_UNTOLD: "ready, unless blocked",
    Finding.OPEN: "ready, open to everybody",
    Finding.CONTROL_UNREAD: "ready, self-authorize",
    Finding.GROUP_BEHIND: "ready, a group is behind",
}
"""Where nothing is said of a finding the org is ready."""

_SHORT = {BACKUP_APP: "Backup", DEVOPS_APP: "DevOps"}
_BEFORE: Mapping[Verdict, str] = {
    Verdict.READY: "not read now, was ready",
    Verdict.ACTION_NEEDED: "not read now, needed a step",
    Verdict.UNKNOWN: "not read now, was unclear",
}


def need(found: Diagnosis) -> str:
    """What an org needs, or why that is not known, in about twenty letters."""
    if found.org.reconnect:
        return "reconnect needed"
    if found.facts is None:
        return "could not be read" if found.trouble else "not read yet"
    if found.last_verdict is not None:
        return _BEFORE[found.last_verdict]
    worst, apps = leading([judge(name, found.facts) for name in found.org.apps])
    names = [_SHORT.get(name, name) for name in apps]
    return _WORDS.get(worst, "ready").format(apps=_all(names), neither=_none(names))


def _all(names: Sequence[str]) -> str:
    return "both apps" if len(names) > 1 else "".join(names)


def _none(names: Sequence[str]) -> str:
    return "neither app" if len(names) > 1 else f"{''.join(names)} not"
