"""Who did what to an app: beside its state, under all that is known, and against what an error says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.conversations.entry_reply import About
from bot.domain.conversations.error_reply import first_step
from bot.domain.model import (
    BACKUP_APP,
    DEVOPS_APP,
    AppAction,
    AppEvent,
    AppFacts,
    AppState,
    Login,
    Org,
    OrgFacts,
    Policy,
    Verdict,
)
from bot.domain.orgs.app_evidence import app_evidence, in_brief
from bot.domain.orgs.app_history import closed_by, explains, last_opened, told
from bot.domain.orgs.details_report import details
from bot.domain.orgs.diagnosis import diagnose
from bot.domain.orgs.home_report import Known, home
from bot.domain.orgs.status_report import status
from tests.recognition_helpers import ARTICLE, GUIDANCE

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
PROD = Org("T1", "prod", "acme.my.salesforce.com", Login.JWT)


def event(action: AppAction | None, hours: float = 3, by: str | None = "Ada Lindt") -> AppEvent:
    return AppEvent(action, "raw", by, NOW - timedelta(hours=hours))


def app(name: str = DEVOPS_APP, state: AppState = AppState.INSTALLED, *history: AppEvent) -> AppFacts:
    installed = state is AppState.INSTALLED
    granted = ("System Administrator",) if installed else None
    policy = Policy.ADMIN_APPROVED if installed else None
    sets = () if installed else None
    users = 2 if installed else None
    connected = 1 if installed else None
    app_id = "0H4" if installed else None
    return AppFacts(name, state, app_id, policy, granted, sets, users, connected, history=history or ())


def facts(*apps: AppFacts) -> OrgFacts:
    return OrgFacts(NOW, "00D", False, apps)


@pytest.mark.parametrize(
    ("state", "history", "expected"),
    [
        (AppState.NOT_INSTALLED, (AppAction.UNINSTALLED, AppAction.INSTALLED), AppAction.UNINSTALLED),
        (AppState.NOT_INSTALLED, (AppAction.INSTALLED,), None),
        (AppState.NOT_INSTALLED, (AppAction.POLICY_CHANGED, AppAction.UNINSTALLED), AppAction.UNINSTALLED),
        (AppState.BLOCKED, (AppAction.BLOCKED, AppAction.UNBLOCKED), AppAction.BLOCKED),
        (AppState.INSTALLED, (AppAction.POLICY_CHANGED, AppAction.INSTALLED), AppAction.INSTALLED),
        (AppState.INSTALLED, (AppAction.UNBLOCKED, AppAction.BLOCKED), AppAction.UNBLOCKED),
        (AppState.INSTALLED, (None, AppAction.INSTALLED), None),
        (AppState.INSTALLED, (), None),
        (AppState.UNREADABLE, (AppAction.UNINSTALLED,), None),
    ],
)
def test_the_newest_thing_that_was_done_explains_a_state_or_nothing_does(
    state: AppState, history: tuple[AppAction | None, ...], expected: AppAction | None
) -> None:
    found = explains(app(DEVOPS_APP, state, *map(event, history)))

    assert (found.action if found else None) is expected


def test_a_trail_that_cannot_be_read_explains_nothing() -> None:
    assert explains(AppFacts(DEVOPS_APP, AppState.INSTALLED, history=None)) is None


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (event(AppAction.UNINSTALLED, 80), "uninstalled 3 days ago by Ada Lindt"),
        (event(AppAction.BLOCKED, by=None), "blocked 3 h ago"),
        (AppEvent(AppAction.UNBLOCKED, "raw", "*Ada*", None), r"unblocked by \*Ada\*"),
        (event(None), "changed in a way that I do not know 3 h ago by Ada Lindt"),
    ],
)
def test_what_the_trail_does_not_say_is_left_out(what: AppEvent, said: str) -> None:
    assert told(what, NOW) == said


CHANGED = "changeUserRuntimeAccessPolicy: Changed connected app X Permitted Users setting"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (
            f"{CHANGED} from All users may self-authorize to Admin approved users are pre-authorized",
            "Permitted Users changed to admin-approved 3 h ago by Ada Lindt",
        ),
        (
            f"{CHANGED} from Admin approved users are pre-authorized to All users may self-authorize",
            "Permitted Users changed to self-authorize 3 h ago by Ada Lindt",
        ),
        ("x: Changed Permitted Users setting in a new way", "Permitted Users changed 3 h ago by Ada Lindt"),
        ("changeIpRelaxationPolicy: Changed IP Relaxation", "policies changed 3 h ago by Ada Lindt"),
    ],
)
def test_which_policy_was_changed_is_said_as_far_as_the_trail_says_it(raw: str, said: str) -> None:
    changed = replace(event(AppAction.POLICY_CHANGED), raw=raw)

    assert told(changed, NOW) == said
    brief = in_brief(app(DEVOPS_APP, AppState.INSTALLED, changed), facts(app()), PROD, NOW)
    assert said in brief.detail


def test_an_action_that_nobody_knows_is_said_to_be_one() -> None:
    unknown = replace(event(None), raw="neverSeenAction: Did something")

    brief = in_brief(app(DEVOPS_APP, AppState.INSTALLED, unknown), facts(app()), PROD, NOW)

    assert "changed in a way that I do not know 3 h ago by Ada Lindt" in brief.detail


def test_home_and_the_digest_name_who_did_what_last() -> None:
    gone = app(DEVOPS_APP, AppState.NOT_INSTALLED, event(AppAction.UNINSTALLED))
    found = diagnose(PROD, facts(app(), gone), article=ARTICLE, now=NOW)

    rows = home(Known([found], None, (), (), NOW), 1).rows
    assert "Flosum DevOps: Web App Production: uninstalled 3 h ago by Ada Lindt" in rows[0].lines
    assert closed_by(found, NOW) == "uninstalled 3 h ago by Ada Lindt"
    assert closed_by(replace(found, last_verdict=Verdict.READY, verdict=Verdict.UNKNOWN), NOW) == ""


def test_it_stands_beside_the_state_and_whole_under_details() -> None:
    gone = app(DEVOPS_APP, AppState.NOT_INSTALLED, event(AppAction.UNINSTALLED), event(AppAction.INSTALLED, 99))
    there = app(BACKUP_APP, AppState.INSTALLED, event(AppAction.POLICY_CHANGED, 2), event(AppAction.INSTALLED, 50))
    read = facts(there, gone)

    assert "uninstalled 3 h ago by Ada Lindt" in in_brief(gone, read, PROD, NOW).detail
    assert app_evidence(gone, read, PROD, NOW).detail.startswith("not installed, uninstalled 3 h ago by Ada Lindt")
    assert app_evidence(there, read, PROD, NOW).detail.startswith("installed 2 days ago by Ada Lindt")
    whole = [
        str(details(diagnose(PROD, facts(*apps), article=ARTICLE, now=NOW), NOW).parts)
        for apps in ((app(BACKUP_APP), replace(gone, connected_users=3)), (there, app()))
    ]
    assert "uninstalled 3 h ago by Ada Lindt, installed 4 days ago by Ada Lindt" in whole[0]
    assert "policies changed 2 h ago by Ada Lindt" in whole[1]


def test_an_error_that_what_was_done_since_contradicts_is_told_so() -> None:
    entry = next(each for each in GUIDANCE.entries if each.topic == "app-not-installed" and each.steps)
    ready = facts(app(BACKUP_APP, AppState.INSTALLED), app(DEVOPS_APP, AppState.INSTALLED, event(AppAction.INSTALLED)))
    gone = facts(app(BACKUP_APP), app(DEVOPS_APP, AppState.NOT_INSTALLED, event(AppAction.UNINSTALLED)))

    about = About(PROD, (PROD,), diagnose(PROD, ready, article=ARTICLE, now=NOW), NOW)
    assert f"{DEVOPS_APP} was installed 3 h ago by Ada Lindt" in first_step(entry, about)[0]
    about = About(PROD, (PROD,), diagnose(PROD, gone, article=ARTICLE, now=NOW), NOW)
    assert f"{DEVOPS_APP} was uninstalled 3 h ago by Ada Lindt" in first_step(entry, about)[0]


def test_the_newest_opening_among_apps_counts() -> None:
    older = app(BACKUP_APP, AppState.INSTALLED, event(AppAction.INSTALLED, 50))
    newer = app(DEVOPS_APP, AppState.INSTALLED, event(AppAction.UNBLOCKED, 5))

    found = last_opened((older, newer))

    assert found is not None
    assert found[0] is newer
    assert last_opened((app(),)) is None


def test_the_status_begins_with_who_took_an_app_away_of_which_nothing_is_left() -> None:
    gone = AppFacts(DEVOPS_APP, AppState.NOT_INSTALLED, connected_users=0, history=(event(AppAction.UNINSTALLED, 3),))
    found = diagnose(PROD, OrgFacts(NOW, "00D", False, (gone,)), article=ARTICLE, now=NOW)

    told = status(found, NOW)
    assert told.headline == f"`prod` needs a step: install **{DEVOPS_APP}**"
    assert told.lead.startswith(
        f"**{DEVOPS_APP}** was uninstalled 3 h ago by Ada Lindt. In **Connected Apps OAuth Usage**"
    )
    assert told.lead.endswith("Where it is not listed, connect this org in Flosum once, and look again.")
