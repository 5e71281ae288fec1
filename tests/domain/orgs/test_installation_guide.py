"""An org's installation as a checklist: what its facts tick, what people do, and what a refresh undoes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.answers import Answer, State
from bot.domain.model import (
    BACKUP_APP,
    DEVOPS_APP,
    AppAction,
    AppEvent,
    AppFacts,
    AppState,
    Doubt,
    Login,
    Org,
    OrgFacts,
    Policy,
)
from bot.domain.orgs.diagnosis import diagnose
from bot.domain.orgs.guide_ticks import Tick
from bot.domain.orgs.install_links import InstallId, InstallIds
from bot.domain.orgs.installation_guide import BY_HAND, GuideStep, Progress, checklist, steps
from tests.recognition_helpers import ARTICLE

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
BACKUP_ONLY = Org("T1", "uat", "acme--uat.sandbox.my.salesforce.com", Login.JWT, apps=(BACKUP_APP,))
READY = AppFacts(
    BACKUP_APP,
    AppState.INSTALLED,
    app_id="0H4",
    permitted_users=Policy.ADMIN_APPROVED,
    profiles=(),
    permission_sets=("Flosum Users",),
    users_with_access=3,
    connected_users=2,
)
OPEN = replace(READY, permitted_users=Policy.SELF_AUTHORIZE, users_with_access=None)
IDS = {BACKUP_APP: InstallId("0Ci1", "00D9")}
DONE, TO_DO, UNREAD, AGAIN = Progress.DONE, Progress.OPEN, Progress.UNREAD, Progress.AGAIN


def told(
    app: AppFacts | None,
    ticks: Sequence[Tick] = (),
    org: Org = BACKUP_ONLY,
    organization: str | None = "00D1",
    refreshed: datetime | None = None,
    trouble: str | None = None,
    ids: InstallIds = IDS,
) -> tuple[list[GuideStep], Answer]:
    facts = OrgFacts(NOW, organization, True, (app,), refreshed_at=refreshed) if app else None
    found = diagnose(org, facts, article=ARTICLE, now=NOW, trouble=trouble)
    listed = steps(found, ticks, lambda user: f"<{user}>", NOW, ids)
    return listed, checklist(found, listed, NOW)


def ticked(organization: str | None = "00D1") -> list[Tick]:
    return [Tick(step, "U1", NOW - timedelta(hours=2), organization) for step in BY_HAND]


@pytest.mark.parametrize(
    ("app", "install", "policy", "grant", "confirm"),
    [
        (READY, DONE, DONE, DONE, DONE),
        (OPEN, DONE, TO_DO, DONE, DONE),
        (replace(READY, users_with_access=0, permission_sets=()), DONE, DONE, TO_DO, DONE),
        (replace(READY, users_with_access=0), DONE, DONE, TO_DO, DONE),
        (replace(READY, permission_sets=None, users_with_access=None), DONE, DONE, UNREAD, DONE),
        (replace(READY, permitted_users=None), DONE, UNREAD, UNREAD, DONE),
        (replace(READY, doubts=(Doubt.TWO_APPS,)), UNREAD, UNREAD, UNREAD, UNREAD),
        (replace(READY, doubts=(Doubt.ONE_NOT_INSTALLED,)), UNREAD, UNREAD, UNREAD, UNREAD),
        (replace(OPEN, doubts=(Doubt.BOTH_KINDS,)), UNREAD, UNREAD, UNREAD, UNREAD),
        (AppFacts(BACKUP_APP, AppState.NOT_INSTALLED), TO_DO, TO_DO, TO_DO, TO_DO),
        (AppFacts(BACKUP_APP, AppState.NOT_SEEN), TO_DO, TO_DO, TO_DO, TO_DO),
        (AppFacts(BACKUP_APP, AppState.UNREADABLE), UNREAD, UNREAD, UNREAD, UNREAD),
        (None, UNREAD, UNREAD, UNREAD, UNREAD),
    ],
)
def test_what_can_be_read_is_ticked_by_what_was_read(
    app: AppFacts | None, install: Progress, policy: Progress, grant: Progress, confirm: Progress
) -> None:
    listed, _ = told(app)

    found = {step.id: step.progress for step in listed if not step.by_hand}
    assert found == {
        f"install:{BACKUP_APP}": install,
        "permitted-users": policy,
        "grant": grant,
        "confirm-installed": confirm,
    }


NOBODY = replace(READY, name=DEVOPS_APP, users_with_access=0, permission_sets=())
TWIN = replace(READY, name=DEVOPS_APP, doubts=(Doubt.TWO_APPS,))


@pytest.mark.parametrize(
    ("apps", "evidence"),
    [
        ((replace(NOBODY, name=BACKUP_APP), NOBODY), "nobody gets in yet"),
        ((READY, NOBODY), f"nobody gets in to **{DEVOPS_APP}** yet"),
        ((replace(NOBODY, name=BACKUP_APP), TWIN), f"nobody gets in to **{BACKUP_APP}** yet"),
        ((READY, TWIN), "cannot be read"),
    ],
)
def test_who_does_not_get_in_is_told_of_the_app_that_it_is_true_of(apps: tuple[AppFacts, ...], evidence: str) -> None:
    both = replace(BACKUP_ONLY, apps=(BACKUP_APP, DEVOPS_APP))
    found = diagnose(both, OrgFacts(NOW, "00D1", True, apps), article=ARTICLE, now=NOW)

    listed = {step.id: step for step in steps(found, (), str, NOW, IDS)}

    assert listed["grant"].evidence == evidence


def test_a_blocked_app_has_a_step_of_its_own() -> None:
    listed, answer = told(replace(READY, state=AppState.BLOCKED))

    assert [step.id for step in listed][1] == "unblock"
    assert answer.lead.startswith("Next: In **Connected Apps OAuth Usage**, **Unblock**")
    assert {step.evidence for step in listed if step.id in ("permitted-users", "grant")} == {"after unblocking"}


@pytest.mark.parametrize(
    ("doubt", "step", "said"),
    [
        (Doubt.BLOCK_UNREAD, "unblock", "where **Unblock** stands beside"),
        (Doubt.TWO_APPS, f"install:{BACKUP_APP}", "look at each row called"),
        (Doubt.ONE_NOT_INSTALLED, f"install:{BACKUP_APP}", "Where **Install** stands beside that one"),
        (Doubt.BOTH_KINDS, f"install:{BACKUP_APP}", "and in **External Client App Manager**"),
    ],
)
def test_what_keeps_the_status_from_a_verdict_is_the_next_step(doubt: Doubt, step: str, said: str) -> None:
    listed, answer = told(replace(READY, doubts=(doubt,)))

    first = next(each for each in listed if each.progress is not DONE)
    assert (first.id, first.progress) == (step, UNREAD)
    assert said in answer.lead


def test_what_people_do_is_ticked_by_them_and_says_who() -> None:
    listed, answer = told(READY, ticked())

    assert {step.progress for step in listed} == {DONE}
    assert answer.headline == "`uat` is set up for Flosum"
    assert "<U1>, 2 h ago" in str(answer.parts)


def test_the_next_step_comes_with_what_it_takes() -> None:
    listed, answer = told(READY)

    assert answer.headline == f"Setting up `uat`: 4 of {len(listed)} steps done"
    assert [button.command for button in answer.buttons] == ["guide for uat done flosum-user", "guide for uat"]


def test_an_app_is_installed_on_the_page_whose_ids_are_known() -> None:
    _, answer = told(AppFacts(BACKUP_APP, AppState.NOT_INSTALLED))

    assert (answer.buttons[0].url or "").endswith("/AppInstallApprovalPage.apexp?app_id=0Ci1&app_org_id=00D9")


@pytest.mark.parametrize(
    ("before", "now", "progress"),
    [("00D1", "00D2", AGAIN), ("00D1", "00D1", DONE), (None, "00D2", DONE), ("00D1", None, DONE)],
)
def test_after_a_refresh_what_was_done_by_hand_is_to_be_done_again(
    before: str | None, now: str | None, progress: Progress
) -> None:
    refreshed = NOW - timedelta(days=1) if progress is AGAIN else None
    listed, answer = told(READY, ticked(before), organization=now, refreshed=refreshed)

    assert {step.progress for step in listed if step.by_hand} == {progress}
    assert ("To do again: The user for Flosum, Update Token in Flosum and" in str(answer.parts)) is (progress is AGAIN)


def test_a_reading_that_failed_ticks_nothing_and_says_why() -> None:
    listed, answer = told(READY, ticked(), trouble="`uat` did not answer.")

    assert {step.progress for step in listed if not step.by_hand} == {UNREAD}
    assert answer.lead == "`uat` did not answer."
    assert answer.headline == "Cannot tell how far `uat` is set up: it could not be read"
    assert answer.state is State.UNKNOWN
    assert answer.note.startswith("Last read just now · ")


@pytest.mark.parametrize(
    ("state", "headline", "said", "unsaid"),
    [
        (AppState.UNREADABLE, "0 of 7 steps done, 4 cannot be read", "look for it in", "find it in"),
        (AppState.NOT_SEEN, "0 of 7 steps done", "Where it is not listed, connect this org in Flosum once", "look for"),
        (AppState.NOT_INSTALLED, "0 of 7 steps done", "find it in", "Where it is not listed"),
    ],
)
def test_no_more_is_told_to_do_than_is_known(state: AppState, headline: str, said: str, unsaid: str) -> None:
    _, answer = told(AppFacts(BACKUP_APP, state), ids={})

    assert answer.headline == f"Setting up `uat`: {headline}"
    assert said in answer.lead
    assert unsaid not in answer.lead


def test_an_org_that_needs_one_app_has_that_apps_steps_alone() -> None:
    org = replace(BACKUP_ONLY, apps=(DEVOPS_APP,))
    event = AppEvent(AppAction.INSTALLED, "insertConnectedApplication", "Ada", NOW - timedelta(days=3))
    listed, _ = told(replace(READY, name=DEVOPS_APP, history=(event,)), org=org)

    assert "token-valid" not in {step.id for step in listed}
    assert listed[0].evidence == "installed 3 days ago by Ada"
