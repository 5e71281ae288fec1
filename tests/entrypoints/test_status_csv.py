"""The table for auditors: one line an org and app, and nothing unread that looks like nothing there."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.model import (
    BACKUP_APP,
    DEVOPS_APP,
    AppAction,
    AppEvent,
    AppFacts,
    AppState,
    Diagnosis,
    Login,
    Org,
    OrgFacts,
    Policy,
)
from bot.domain.orgs.diagnosis import diagnose
from bot.entrypoints.cli.status_csv import COLUMNS, status_csv
from tests.recognition_helpers import ARTICLE

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
PROD = Org("T1", "prod", "acme.my.salesforce.com", Login.JWT, apps=(DEVOPS_APP,), tags=("emea", "critical"))
OPEN = AppFacts(
    DEVOPS_APP,
    AppState.INSTALLED,
    permitted_users=Policy.SELF_AUTHORIZE,
    controlled=False,
    profiles=(),
    permission_sets=None,
    connected_users=3,
    last_used=NOW - timedelta(days=1),
    history=(AppEvent(AppAction.INSTALLED, "raw", "Ada Lindt", NOW - timedelta(days=2)),),
)
GONE = AppFacts(BACKUP_APP, AppState.NOT_INSTALLED, profiles=("=HYPERLINK(1)", 'A, "B"'), history=None)


def table(*found: Diagnosis) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(status_csv(found))))


def of(org: Org, *apps: AppFacts) -> Diagnosis:
    facts = OrgFacts(NOW, "00D", False, apps) if apps else None
    return diagnose(org, facts, article=ARTICLE, now=NOW)


def test_an_app_of_an_org_is_a_line() -> None:
    first, second = table(of(PROD, OPEN, GONE))

    assert list(first) == list(COLUMNS)
    assert first == {
        "org": "prod",
        "organization_id": "00D",
        "sandbox": "no",
        "verdict": "ready",
        "read": "ok",
        "checked_at": "2026-11-28T09:00:00Z",
        "app": DEVOPS_APP,
        "required": "yes",
        "state": "installed",
        "permitted_users": "self-authorize",
        "profiles": "none",
        "permission_sets": "",
        "users_with_access": "",
        "people_connected": "3",
        "last_used": "2026-11-27T09:00:00Z",
        "findings": "open",
        "benchmarks": "SBS-OAUTH-002",
        "last_change": "installed",
        "last_change_by": "Ada Lindt",
        "last_change_at": "2026-11-26T09:00:00Z",
        "tags": "emea; critical",
    }
    assert (second["required"], second["benchmarks"], second["last_change"]) == ("no", "SBS-OAUTH-001", "")


def test_what_a_spreadsheet_would_run_stays_text() -> None:
    assert table(of(PROD, GONE))[0]["profiles"] == '\'=HYPERLINK(1); A, "B"'


def test_an_org_that_was_never_read_has_its_lines() -> None:
    both = replace(PROD, apps=(BACKUP_APP, DEVOPS_APP))

    lines = table(of(both))

    assert [(line["app"], line["verdict"], line["state"]) for line in lines] == [
        (BACKUP_APP, "unknown", ""),
        (DEVOPS_APP, "unknown", ""),
    ]


@pytest.mark.parametrize("action", [None, AppAction.BLOCKED])
def test_an_action_that_is_not_known_stands_as_it_came(action: AppAction | None) -> None:
    event = AppEvent(action, "newAction: Did something", None, None)

    (line,) = table(of(PROD, replace(OPEN, history=(event,))))

    assert line["last_change"] == ("blocked" if action else "newAction: Did something")
    assert (line["last_change_by"], line["last_change_at"]) == ("", "")
