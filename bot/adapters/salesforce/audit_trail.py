"""Who did what to an app, and when: lines of the setup audit trail, which goes back 180 days.

Salesforce documents neither the names of the actions nor their texts, so both must fit before a line counts: one
whose action or text is not known is kept as it stands, and what it did "cannot be told".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.adapters.salesforce.queries import Reply, Row, Rows, Unproven, moment
from bot.domain.model import AppAction, AppEvent
from bot.domain.orgs.findings import bearing

TRAIL = Unproven(
    "SELECT Action, Display, CreatedDate, CreatedBy.Name FROM SetupAuditTrail "
    "WHERE Action LIKE '%ConnectedApp%' OR Action LIKE '%ExternalClientApp%' OR Action LIKE '%ExtlClntApp%' "
    "OR Action IN ('changeUserRuntimeAccessPolicy', 'changeIpRelaxationPolicy', 'addOauthClientCredentialUser') "
    "ORDER BY CreatedDate DESC"
)
"""Every action whose name speaks of such apps, known or not: the text cannot be filtered."""

_KEPT = 50  # lines of one app, which are stored with every reading

# Action -> what it means, and what its text must say for that.
_KNOWN: Mapping[str, tuple[AppAction, str]] = {
    "insertconnectedapplication": (AppAction.INSTALLED, r"\binstall"),
    "deleteconnectedapplication": (AppAction.UNINSTALLED, r"\buninstall"),
    "blockconnectedapplication": (AppAction.BLOCKED, r"\bblock"),
    "unblockconnectedapplication": (AppAction.UNBLOCKED, r"\bunblock"),
    "changeuserruntimeaccesspolicy": (AppAction.POLICY_CHANGED, r"\bpermitted users\b"),
    "changeiprelaxationpolicy": (AppAction.POLICY_CHANGED, r"\bip\b|\brelax"),
    "insertconnectedappsessionpolicy": (AppAction.POLICY_CHANGED, r"\bsession\b"),
}
# After an app's name: the end, a mark, a word in small letters, or what is known to stand there; "… Sandbox" or "… 2"
# is another app's name, and behind a dash or a bracket there may be the rest of one, so then it cannot be told.
_WORDS = r"\s+(?:[a-z]|Permitted Users\b|IP\b)"
_MAY_FOLLOW = rf"(?=\s*(?:$|[^\w\s])|{_WORDS})"
_ENDS = rf"(?=\s*(?:$|[\"'’”.,;)\]])|{_WORDS})"


def history(name: str, trail: Reply, other_names: Sequence[str] = ()) -> tuple[AppEvent, ...] | None:
    """What the trail says of the app ``name``, the newest first; None where the trail cannot be read.

    It comes newest first. One that stays cut tells of an app as far as it goes where it has a line that bears on
    whether the app is there; else such a line may be in what is missing.

    ``other_names`` are those of the org's other apps, of which one may begin like this one.
    """
    if not isinstance(trail, Rows):
        return None
    mine, longer = _naming(name, _MAY_FOLLOW), [_naming(other, _MAY_FOLLOW) for other in other_names]
    about = [
        row
        for row in trail.rows
        if mine.search(text := row.text("Display") or "") and not any(other.search(text) for other in longer)
    ]
    events = [_event(row, _naming(name, _ENDS)) for row in about]
    # Lines without a time go last; the sort keeps Salesforce's order among equals.
    if not trail.complete and bearing(events) is None:
        return None
    return tuple(sorted(events, key=lambda event: -event.at.timestamp() if event.at else 0.0))[:_KEPT]


def is_blocked(events: Sequence[AppEvent] | None) -> bool:
    """Whether the newest line that bears on it says so."""
    return _newest(events) is AppAction.BLOCKED


def is_uninstalled(events: Sequence[AppEvent] | None) -> bool:
    """Whether the newest line that bears on it says so."""
    return _newest(events) is AppAction.UNINSTALLED


def _newest(events: Sequence[AppEvent] | None) -> AppAction | None:
    newest = bearing(events)
    return newest.action if newest else None


def _naming(name: str, behind: str) -> re.Pattern[str]:
    """Finds ``name`` with any marks and spaces between its words, and ``behind`` after it."""
    words = r"[\W_]*".join(map(re.escape, re.findall(r"[^\W_]+", name)))
    return re.compile(rf"(?<![^\W_])(?i:{words}){behind}")


def _event(row: Row, mine: re.Pattern[str]) -> AppEvent:
    action, text = row.text("Action") or "", row.text("Display") or ""
    meaning, sign = _KNOWN.get(action.lower(), (None, ""))
    if meaning and not (mine.search(text) and re.search(sign, mine.sub(" ", text), re.IGNORECASE)):
        meaning = None
    return AppEvent(meaning, f"{action}: {text}", row.text("CreatedBy.Name"), moment(row.text("CreatedDate")))
