"""Ready means that a person can get in: every combination of what a reading may hold, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from bot.domain.answers import Items
from bot.domain.model import (
    BACKUP_APP,
    DEVOPS_APP,
    AppAction,
    AppEvent,
    AppFacts,
    AppState,
    Diagnosis,
    Doubt,
    Login,
    Org,
    OrgFacts,
    Policy,
    Verdict,
)
from bot.domain.orgs.details_report import details
from bot.domain.orgs.diagnosis import diagnose, verdict_of
from bot.domain.orgs.findings import Finding, judge
from bot.domain.orgs.status_report import status
from tests.recognition_helpers import ARTICLE

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PROD = Org("T1", "prod", "acme.my.salesforce.com", Login.JWT, apps=(DEVOPS_APP,))
THROUGH = AppFacts(
    DEVOPS_APP,
    AppState.INSTALLED,
    app_id="0H4",
    permitted_users=Policy.ADMIN_APPROVED,
    profiles=("System Administrator",),
    permission_sets=("Flosum Users",),
    users_with_access=4,
    connected_users=3,
    history=(),
)
NEVER_READY = {Doubt.ONE_NOT_INSTALLED, Doubt.TWO_APPS, Doubt.BOTH_KINDS, Doubt.BLOCK_UNREAD}
LINKS = "https://acme.my.salesforce.com/lightning/setup"


def read(app: AppFacts, *, other_apps: tuple[str, ...] = (), missing: tuple[str, ...] = ()) -> Diagnosis:
    return diagnose(PROD, OrgFacts(NOW, "00D", False, (app,), missing, other_apps), article=ARTICLE, now=NOW)


def shown(app: AppFacts, **more: tuple[str, ...]) -> str:
    """All that a person sees."""
    answer = details(read(app, **more), NOW)
    items = [item.detail for part in answer.parts if isinstance(part, Items) for item in part.items]
    return " | ".join([answer.headline, answer.lead, *items, answer.note, str(answer.parts)])


def combinations() -> Iterator[AppFacts]:
    names = (None, (), ("A",))
    doubts = [(), *((doubt,) for doubt in Doubt)]
    policies = (
        (None, None),
        (Policy.ADMIN_APPROVED, None),
        *((Policy.SELF_AUTHORIZE, on) for on in (None, False, True)),
    )
    table = product(AppState, policies, names, names, (None, 0, 2), (0, 1), doubts, ((), ("G (Failed)",)))
    for state, (policy, controlled), profiles, sets, users, frozen, found, groups in table:
        yield AppFacts(
            *(DEVOPS_APP, state, "0H4", policy, profiles, sets, users, None, None, frozen, None, groups, found, ()),
            controlled=controlled,
        )


def test_over_all_combinations_ready_means_that_somebody_can_get_in() -> None:
    number = 0
    for app in combinations():
        number += 1
        found = read(app)
        is_open = app.permitted_users is Policy.SELF_AUTHORIZE and not app.controlled
        lets_in = is_open or (app.permitted_users and app.users_with_access)
        could = app.state is AppState.INSTALLED and bool(lets_in) and not NEVER_READY & set(app.doubts)
        assert (found.verdict is Verdict.READY) == could, app
        assert could or found.steps, app
        assert "{" not in found.headline
    assert number == 5 * 5 * 3 * 3 * 3 * 2 * 11 * 2


@pytest.mark.parametrize(
    ("changes", "verdict", "finding", "headline"),
    [
        ({"doubts": (Doubt.ONE_NOT_INSTALLED,)}, Verdict.UNKNOWN, "one-not-installed", "one installed, one not"),
        ({"doubts": (Doubt.TWO_APPS,)}, Verdict.UNKNOWN, "two-apps", "two apps of this name"),
        ({"doubts": (Doubt.BOTH_KINDS,)}, Verdict.UNKNOWN, "both-kinds", "and an external client app"),
        ({"users_with_access": None}, Verdict.UNKNOWN, "uncounted", "let in cannot be read"),
        (
            {"users_with_access": None, "doubts": (Doubt.QUESTION_REFUSED,)},
            Verdict.UNKNOWN,
            "question-refused",
            "not for lack of a permission",
        ),
        (
            {"state": AppState.UNREADABLE, "doubts": (Doubt.QUESTION_REFUSED,)},
            Verdict.UNKNOWN,
            "question-refused",
            "not for lack of a permission",
        ),
        ({"state": AppState.UNREADABLE, "doubts": (Doubt.TOKENS_CUT,)}, Verdict.UNKNOWN, "too-many", "too long"),
        ({"doubts": (Doubt.GRANT_HIDDEN,)}, Verdict.READY, "grant-unnamed", "not all that is granted"),
        ({"doubts": (Doubt.GRANTS_CUT,)}, Verdict.READY, "grants-cut", "more grants"),
        ({"stale_groups": ("Team (Outdated)",)}, Verdict.READY, "group-behind", "is not up to date"),
        ({"users_with_access": 0, "frozen_users": 2}, Verdict.ACTION_NEEDED, "only-frozen", "are frozen"),
        ({"users_with_access": 0, "ended_users": 2}, Verdict.ACTION_NEEDED, "only-ended", "have ended"),
        (
            {"users_with_access": 0, "stale_groups": ("Team (Failed)",)},
            Verdict.ACTION_NEEDED,
            "stale-group",
            "is not up to date",
        ),
        (
            {"users_with_access": 0, "doubts": (Doubt.SESSION_BASED,)},
            Verdict.ACTION_NEEDED,
            "session-only",
            "activated for a session",
        ),
        (
            {"users_with_access": 0, "permission_sets": ()},
            Verdict.ACTION_NEEDED,
            "empty-profiles",
            "no active user has a profile",
        ),
        ({"users_with_access": 0}, Verdict.ACTION_NEEDED, "nobody-active", "no active user is granted"),
        (
            {"users_with_access": 0, "profiles": (), "permission_sets": (), "doubts": (Doubt.GRANT_HIDDEN,)},
            Verdict.ACTION_NEEDED,
            "nobody-active",
            "no active user is granted",
        ),
    ],
)
def test_each_state_has_its_finding_and_its_words(
    changes: dict[str, object], verdict: Verdict, finding: str, headline: str
) -> None:
    app = replace(THROUGH, **changes)  # type: ignore[arg-type]
    found = read(app)

    assert (
        found.verdict,
        [each.word for each in judge(DEVOPS_APP, found.facts or OrgFacts(NOW, None, None, ())).findings],
    ) == (
        verdict,
        [finding],
    )
    assert headline in found.headline


@pytest.mark.parametrize(
    "changes",
    [
        *({"doubts": (doubt,)} for doubt in Doubt if doubt is not Doubt.QUESTION_REFUSED),
        {"frozen_users": 2},
        {"stale_groups": ("Team (Outdated)",)},
        {"users_with_access": None},
        {"history": None},
    ],
)
def test_nothing_that_is_less_than_certain_goes_without_a_word(changes: dict[str, object]) -> None:
    app = replace(THROUGH, connected_users=3)

    assert shown(replace(app, **changes)) != shown(app)  # type: ignore[arg-type]


def test_every_finding_has_a_verdict_and_a_word_of_its_own() -> None:
    assert len({finding.word for finding in Finding}) == len(Finding)
    verdicts = [verdict_of(finding) for finding in Finding]
    order = [Verdict.ACTION_NEEDED, Verdict.UNKNOWN, Verdict.READY]
    assert verdicts == sorted(verdicts, key=order.index)  # the most urgent first


# --- blocked -------------------------------------------------------------------------------------------


def event(action: AppAction | None) -> AppEvent:
    return AppEvent(action, "raw", None, NOW)


@pytest.mark.parametrize(
    ("history", "unseen"),
    [
        (None, True),
        ((), False),
        ((event(AppAction.INSTALLED),), False),
        ((event(None), event(AppAction.UNBLOCKED)), True),
        ((event(AppAction.POLICY_CHANGED), event(None)), True),
        ((event(AppAction.UNBLOCKED), event(None)), False),
    ],
)
def test_whether_a_block_can_be_seen_stands_in_the_evidence_and_not_in_the_headline(
    history: tuple[AppEvent, ...] | None, unseen: bool
) -> None:
    answer = details(read(replace(THROUGH, history=history)), NOW)

    assert answer.headline == "`prod` is ready"
    assert ("whether it is blocked cannot be seen" in answer.note) == unseen


@pytest.mark.parametrize("history", [None, (), (event(AppAction.POLICY_CHANGED),), (event(None),)])
@pytest.mark.parametrize("connected", [0, None])
def test_an_app_of_which_nothing_tells_that_people_get_in_is_not_called_ready_without_reserve(
    history: tuple[AppEvent, ...] | None, connected: int | None
) -> None:
    found = read(replace(THROUGH, history=history, connected_users=connected))

    assert found.verdict is Verdict.READY
    assert found.headline == f"`prod` is ready, unless **{DEVOPS_APP}** is blocked, which nothing tells"
    assert "**Unblock** does not stand beside" in found.steps[0].text
    told = shown(replace(THROUGH, history=history, connected_users=connected))
    assert "nothing tells whether it is blocked" in told
    assert "cannot be seen" not in told


@pytest.mark.parametrize(
    "changes",
    [
        {"connected_users": 1},
        {"connected_users": 0, "history": (event(AppAction.INSTALLED),)},
        {"connected_users": None, "history": (event(AppAction.POLICY_CHANGED), event(AppAction.UNBLOCKED))},
    ],
)
def test_a_token_or_a_line_that_it_was_opened_tells_that_it_is_not_blocked(changes: dict[str, object]) -> None:
    assert read(replace(THROUGH, **changes)).headline == "`prod` is ready"  # type: ignore[arg-type]


def test_what_is_open_to_all_stays_known_beside_a_block_that_nothing_tells() -> None:
    found = read(replace(THROUGH, permitted_users=Policy.SELF_AUTHORIZE, users_with_access=None, connected_users=0))

    assert found.brief.startswith("ready, unless")
    assert [step.topic for step in found.steps] == ["check-installed", "grant-permission-set", "permitted-users"]


# --- words and steps -----------------------------------------------------------------------------------


def test_an_app_that_was_not_seen_is_not_said_to_have_never_been_used() -> None:
    text = shown(AppFacts(DEVOPS_APP, AppState.NOT_SEEN, history=()))

    assert "never used" not in text
    assert "neither the app nor a token of it" in text


def test_apps_under_other_names_are_mentioned() -> None:
    unseen = AppFacts(DEVOPS_APP, AppState.NOT_SEEN)

    assert "Flosum CLI" in shown(unseen, other_apps=("Flosum CLI",))
    assert "Flosum Web" in str(status(read(unseen, other_apps=("Flosum Web",)), NOW).parts)
    assert "Flosum Web" not in str(status(read(THROUGH, other_apps=("Flosum Web",)), NOW).parts)


EXTERNAL = replace(THROUGH, app_id="0xIKd0000000001IAO")


@pytest.mark.parametrize(
    "changes",
    [
        {"permitted_users": None},
        {"permitted_users": Policy.SELF_AUTHORIZE, "users_with_access": None},
        {"profiles": (), "permission_sets": (), "users_with_access": 0},
        {"profiles": None, "permission_sets": None, "users_with_access": None},
        {"permission_sets": (), "users_with_access": 0},
        {"users_with_access": 0, "doubts": (Doubt.SESSION_BASED,)},
    ],
)
def test_the_steps_of_an_external_client_app_lead_to_its_own_manager(changes: dict[str, object]) -> None:
    steps = read(replace(EXTERNAL, **changes)).steps  # type: ignore[arg-type]
    of_policies = [step for step in steps if step.topic in ("permitted-users", "grant-permission-set")]

    assert {step.link for step in of_policies} == {f"{LINKS}/ManageExternalClientApplication/home"}
    assert all("**External Client App Manager**" in step.text for step in of_policies)
    assert all("**Edit Policies**" in step.text for step in of_policies)
    assert all("Connected Apps OAuth Usage" not in step.text for step in of_policies)


def test_people_are_let_in_before_the_policy_shuts_others_out() -> None:
    first, then = read(replace(THROUGH, permitted_users=Policy.SELF_AUTHORIZE)).steps

    assert (first.topic, first.link) == ("grant-permission-set", f"{LINKS}/PermSets/home")
    assert "Flosum's guide" in first.text
    assert "not proven" in first.text
    assert (then.topic, then.link) == ("permitted-users", f"{LINKS}/ConnectedAppsUsage/home")
    assert then.text.startswith("Only then")


@pytest.mark.parametrize(
    "app",
    [
        AppFacts(DEVOPS_APP, AppState.NOT_INSTALLED),
        replace(THROUGH, permitted_users=Policy.SELF_AUTHORIZE),
        replace(THROUGH, permitted_users=None),
    ],
)
def test_policy_steps_name_edit_policies(app: AppFacts) -> None:
    steps = [step for step in read(app).steps if step.topic == "permitted-users"]

    assert steps
    assert all("**Edit Policies**" in step.text for step in steps)


def test_two_apps_are_named_together_where_they_share_a_trouble() -> None:
    twin = replace(THROUGH, doubts=(Doubt.ONE_NOT_INSTALLED,))
    both = OrgFacts(NOW, "00D", False, (twin, replace(twin, name=BACKUP_APP)))

    found = diagnose(replace(PROD, apps=(BACKUP_APP, DEVOPS_APP)), both, article=ARTICLE, now=NOW)

    assert found.headline == (
        "Cannot tell whether `prod` is ready: "
        "there are two apps of this name: one installed, one not (both Flosum apps)"
    )
    assert [step.app for step in found.steps] == [BACKUP_APP, DEVOPS_APP]
