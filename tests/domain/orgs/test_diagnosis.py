from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.model import (
    BACKUP_APP,
    DEVOPS_APP,
    FLOSUM_APPS,
    TWINS,
    AppFacts,
    AppState,
    Diagnosis,
    Doubt,
    Login,
    Org,
    OrgFacts,
    Policy,
    Read,
    Verdict,
)
from bot.domain.orgs.diagnosis import diagnose
from bot.domain.orgs.findings import judge, leading
from tests.recognition_helpers import ARTICLE

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PROD = Org("T1", "prod", "acme.my.salesforce.com", Login.JWT)
USAGE = "https://acme.my.salesforce.com/lightning/setup/ConnectedAppsUsage/home"
MANAGE = "https://acme.my.salesforce.com/lightning/setup/ConnectedApplication/home"
PERMISSION_SETS = "https://acme.my.salesforce.com/lightning/setup/PermSets/home"

THROUGH = AppFacts(
    DEVOPS_APP,
    AppState.INSTALLED,
    permitted_users=Policy.ADMIN_APPROVED,
    profiles=("System Administrator",),
    permission_sets=("Flosum Users",),
    users_with_access=4,
    connected_users=3,
)
SELF_AUTHORIZE = replace(THROUGH, permitted_users=Policy.SELF_AUTHORIZE, users_with_access=0)
WHY_NOBODY: tuple[dict[str, object], ...] = (
    {},
    {"profiles": (), "permission_sets": ()},
    {"permission_sets": ()},
    {"frozen_users": 2},
    {"ended_users": 2},
    {"stale_groups": ("Team (Failed)",)},
    {"doubts": (Doubt.SESSION_BASED,)},
)
INSTALL = ["install", "permitted-users", "grant-permission-set", "refresh-token", "confirm-installed"]
GRANT = ["grant-permission-set", "refresh-token"]
READY, ACTION, UNKNOWN = Verdict.READY, Verdict.ACTION_NEEDED, Verdict.UNKNOWN


def told(app: AppFacts, *, missing: tuple[str, ...] = (), trouble: str | None = None) -> Diagnosis:
    """What is said of an org whose backup app is through and whose DevOps app is ``app``."""
    facts = OrgFacts(NOW, "00D", False, (replace(THROUGH, name=BACKUP_APP), app), missing)
    return diagnose(PROD, facts, article=ARTICLE, now=NOW + timedelta(hours=3), trouble=trouble)


def topics(found: Diagnosis) -> list[str]:
    return [step.topic for step in found.steps]


@pytest.mark.parametrize(
    ("app", "verdict", "headline", "steps"),
    [
        (THROUGH, READY, "`prod` is ready", []),
        (
            replace(THROUGH, users_with_access=None),
            UNKNOWN,
            f"Cannot tell whether `prod` is ready: whom the grants of **{DEVOPS_APP}** let in cannot be read",
            ["grant-permission-set"],
        ),
        (replace(THROUGH, profiles=None, permission_sets=None), READY, "`prod` is ready", []),
        (
            replace(SELF_AUTHORIZE, controlled=False),
            READY,
            f"`prod` is ready, and open to all its users: anybody may connect with **{DEVOPS_APP}**",
            ["grant-permission-set", "permitted-users"],
        ),
        (
            SELF_AUTHORIZE,
            READY,
            (
                f"`prod` is ready, with **{DEVOPS_APP}** open to all its users unless API Access Control is on, "
                "which was not read"
            ),
            ["grant-permission-set", "permitted-users"],
        ),
        (replace(SELF_AUTHORIZE, controlled=True, users_with_access=2), READY, "`prod` is ready", []),
        (
            replace(SELF_AUTHORIZE, controlled=True),
            ACTION,
            f"`prod` needs a step: no active user is granted access to **{DEVOPS_APP}**",
            GRANT,
        ),
        (
            replace(SELF_AUTHORIZE, controlled=True, profiles=(), permission_sets=()),
            ACTION,
            (
                "`prod` needs a step: API Access Control is on, so self-authorize is not enough, and nobody is granted "
                f"access to **{DEVOPS_APP}**"
            ),
            ["permitted-users", *GRANT],
        ),
        (
            replace(SELF_AUTHORIZE, controlled=True, profiles=None, permission_sets=None, users_with_access=None),
            UNKNOWN,
            f"Cannot tell whether `prod` is ready: who is granted access to **{DEVOPS_APP}** cannot be read",
            ["grant-permission-set"],
        ),
        (
            AppFacts(DEVOPS_APP, AppState.NOT_INSTALLED),
            ACTION,
            f"`prod` needs a step: install **{DEVOPS_APP}**",
            INSTALL,
        ),
        (
            AppFacts(DEVOPS_APP, AppState.BLOCKED),
            ACTION,
            f"`prod` needs a step: unblock **{DEVOPS_APP}**",
            ["unblock", "refresh-token"],
        ),
        (
            replace(THROUGH, profiles=(), permission_sets=(), users_with_access=0),
            ACTION,
            f"`prod` needs a step: nobody is granted access to **{DEVOPS_APP}** yet",
            GRANT,
        ),
        (
            replace(THROUGH, profiles=(), permission_sets=(), users_with_access=None),
            ACTION,
            f"`prod` needs a step: nobody is granted access to **{DEVOPS_APP}** yet",
            GRANT,
        ),
        (
            replace(THROUGH, users_with_access=0),
            ACTION,
            f"`prod` needs a step: no active user is granted access to **{DEVOPS_APP}**",
            GRANT,
        ),
        (
            AppFacts(DEVOPS_APP, AppState.NOT_SEEN),
            UNKNOWN,
            f"Cannot tell whether `prod` is ready: it shows no sign of **{DEVOPS_APP}**",
            ["check-installed"],
        ),
        (
            AppFacts(DEVOPS_APP, AppState.UNREADABLE),
            UNKNOWN,
            f"Cannot tell whether `prod` is ready: its connection may not read **{DEVOPS_APP}**",
            ["check-installed"],
        ),
        (
            replace(THROUGH, permitted_users=None),
            UNKNOWN,
            f"Cannot tell whether `prod` is ready: the Permitted Users of **{DEVOPS_APP}** cannot be read",
            ["permitted-users"],
        ),
        (
            replace(THROUGH, profiles=None, permission_sets=None, users_with_access=None),
            UNKNOWN,
            f"Cannot tell whether `prod` is ready: who is granted access to **{DEVOPS_APP}** cannot be read",
            ["grant-permission-set"],
        ),
    ],
)
def test_the_facts_decide_verdict_headline_and_steps(
    app: AppFacts, verdict: Verdict, headline: str, steps: list[str]
) -> None:
    found = told(app)

    assert (found.verdict, found.headline, topics(found)) == (verdict, headline, steps)


def test_the_first_step_of_a_missing_app_lands_on_the_page_with_the_install_button() -> None:
    first = told(AppFacts(DEVOPS_APP, AppState.NOT_INSTALLED)).steps[0]

    assert (first.topic, first.app, first.link) == ("install", DEVOPS_APP, USAGE)
    assert DEVOPS_APP in first.text


def test_two_missing_apps_share_the_steps_that_are_done_once() -> None:
    facts = OrgFacts(NOW, "00D", False, tuple(AppFacts(name, AppState.NOT_INSTALLED) for name in FLOSUM_APPS))

    found = diagnose(PROD, facts, article=ARTICLE, now=NOW)

    assert found.headline == "`prod` needs a step: install both Flosum apps"
    assert [(step.topic, step.app) for step in found.steps] == [
        ("install", BACKUP_APP),
        ("install", DEVOPS_APP),
        ("permitted-users", BACKUP_APP),
        ("permitted-users", DEVOPS_APP),
        ("grant-permission-set", BACKUP_APP),
        ("grant-permission-set", DEVOPS_APP),
        ("refresh-token", None),
        ("confirm-installed", None),
    ]
    assert found.steps[-1].link == MANAGE


def test_what_is_only_recommended_is_said_once_for_all_apps() -> None:
    open_app = replace(THROUGH, permitted_users=Policy.SELF_AUTHORIZE)
    facts = OrgFacts(NOW, "00D", False, tuple(replace(open_app, name=name) for name in FLOSUM_APPS))

    found = diagnose(PROD, facts, article=ARTICLE, now=NOW)

    assert [(step.topic, step.app) for step in found.steps] == [
        ("grant-permission-set", None),
        ("permitted-users", None),
    ]
    assert all("both Flosum apps" in step.text for step in found.steps)


def test_an_app_that_the_org_does_not_need_is_no_reason_for_a_step() -> None:
    facts = OrgFacts(
        NOW, "00D", False, (replace(THROUGH, name=BACKUP_APP), AppFacts(DEVOPS_APP, AppState.NOT_INSTALLED))
    )

    found = diagnose(replace(PROD, apps=(BACKUP_APP,)), facts, article=ARTICLE, now=NOW)

    assert (found.verdict, found.steps) == (READY, ())


def test_a_needed_app_without_facts_is_unknown() -> None:
    found = diagnose(PROD, OrgFacts(NOW, "00D", False, (replace(THROUGH, name=BACKUP_APP),)), article=ARTICLE, now=NOW)

    assert found.verdict is UNKNOWN


def test_the_worst_finding_leads_and_the_others_keep_their_steps() -> None:
    facts = OrgFacts(
        NOW, "00D", False, (AppFacts(BACKUP_APP, AppState.NOT_SEEN), AppFacts(DEVOPS_APP, AppState.NOT_INSTALLED))
    )

    found = diagnose(PROD, facts, article=ARTICLE, now=NOW)

    assert found.verdict is ACTION
    assert found.headline == f"`prod` needs a step: install **{DEVOPS_APP}**"
    assert set(topics(found)) == {"check-installed", *INSTALL}


TWIN = replace(THROUGH, name=DEVOPS_APP, doubts=(Doubt.TWO_APPS,))
OPEN = replace(THROUGH, name=BACKUP_APP, permitted_users=Policy.SELF_AUTHORIZE, users_with_access=None)
NOBODY = replace(THROUGH, name=BACKUP_APP, users_with_access=0, profiles=(), permission_sets=())
UNSEEN = AppFacts(BACKUP_APP, AppState.NOT_SEEN)


@pytest.mark.parametrize(
    ("backup", "devops", "order"),
    [
        (UNSEEN, AppFacts(DEVOPS_APP, AppState.NOT_INSTALLED), [*INSTALL[:3], "check-installed", *INSTALL[3:]]),
        (AppFacts(BACKUP_APP, AppState.BLOCKED), TWIN, ["unblock", "check-installed", "refresh-token"]),
        (NOBODY, TWIN, ["grant-permission-set", "check-installed", "refresh-token"]),
        (OPEN, AppFacts(DEVOPS_APP, AppState.BLOCKED), ["unblock", *GRANT[:1], "permitted-users", "refresh-token"]),
        (UNSEEN, TWIN, ["check-installed", "check-installed"]),
        (OPEN, replace(THROUGH, permitted_users=None), ["permitted-users", "grant-permission-set", "permitted-users"]),
        (UNSEEN, replace(THROUGH, users_with_access=None), ["grant-permission-set", "check-installed"]),
    ],
)
def test_the_steps_come_in_the_order_of_what_was_found(backup: AppFacts, devops: AppFacts, order: list[str]) -> None:
    found = diagnose(PROD, OrgFacts(NOW, "00D", False, (backup, devops)), article=ARTICLE, now=NOW)

    assert topics(found) == order


# An app for each finding that has steps, as a reading shows it.
CONTROLLED = replace(SELF_AUTHORIZE, controlled=True, profiles=(), permission_sets=())
EVERY: tuple[AppFacts, ...] = (
    *(AppFacts(DEVOPS_APP, state) for state in AppState if state is not AppState.INSTALLED),
    *(
        AppFacts(DEVOPS_APP, AppState.UNREADABLE, doubts=(doubt,))
        for doubt in (Doubt.QUESTION_REFUSED, Doubt.TOKENS_CUT)
    ),
    *(replace(THROUGH, doubts=(doubt,)) for doubt in (*TWINS, Doubt.BLOCK_UNREAD)),
    *(replace(THROUGH, users_with_access=0, **why) for why in WHY_NOBODY),  # type: ignore[arg-type]
    replace(THROUGH, permitted_users=None),
    replace(THROUGH, users_with_access=None),
    replace(THROUGH, profiles=None, permission_sets=None, users_with_access=None),
    replace(THROUGH, stale_groups=("Team (Outdated)",)),
    replace(THROUGH, connected_users=3),
    SELF_AUTHORIZE,
    CONTROLLED,
)


@pytest.mark.parametrize("refreshed", [None, NOW])
def test_the_first_step_is_that_of_what_the_org_is_said_to_need(refreshed: datetime | None) -> None:
    for one, other in product(EVERY, EVERY):
        facts = OrgFacts(NOW, "00D", True, (replace(one, name=BACKUP_APP), other), refreshed_at=refreshed)
        worst, apps = leading([judge(name, facts) for name in FLOSUM_APPS])
        found = diagnose(PROD, facts, article=ARTICLE, now=NOW)
        alone = diagnose(replace(PROD, apps=(apps[0],)), facts, article=ARTICLE, now=NOW)

        assert topics(found)[:1] == topics(alone)[:1], (worst, found.headline)
        first = found.steps[0].app if found.steps else None
        assert first is None or first in apps, (worst, found.headline)


def test_what_is_needed_for_certain_comes_before_what_the_connection_lacks() -> None:
    apps = (AppFacts(BACKUP_APP, AppState.UNREADABLE), AppFacts(DEVOPS_APP, AppState.NOT_INSTALLED))
    facts = OrgFacts(NOW, "00D", False, apps, ("View Setup and Configuration",))

    found = diagnose(PROD, facts, article=ARTICLE, now=NOW)

    assert topics(found)[0] == "install"
    assert "**View Setup and Configuration**" in found.steps[-1].text


def test_what_the_connection_lacks_is_the_first_step_where_something_is_unreadable() -> None:
    first = told(AppFacts(DEVOPS_APP, AppState.UNREADABLE), missing=("View Setup and Configuration",)).steps[0]

    assert (first.topic, first.app, first.link) == ("check-installed", None, PERMISSION_SETS)
    assert "**View Setup and Configuration**" in first.text


def test_what_the_connection_lacks_is_not_mentioned_where_all_was_answered() -> None:
    assert told(THROUGH, missing=("Customize Application",)).steps == ()


def test_after_an_attempt_that_failed_the_verdict_is_unknown_and_the_old_one_is_told_as_old() -> None:
    found = told(AppFacts(DEVOPS_APP, AppState.NOT_INSTALLED), trouble="`prod` did not answer within 15 s.")

    assert (found.verdict, found.last_verdict, found.last_read_at) == (UNKNOWN, ACTION, NOW)
    assert found.headline == (
        f"Cannot tell whether `prod` is ready: it needed a step when last read, 3 h ago: install **{DEVOPS_APP}**"
    )
    assert found.trouble == "`prod` did not answer within 15 s."


def test_a_login_of_ours_that_was_refused_as_blocked_does_not_block_flosums_apps() -> None:
    found = diagnose(
        PROD,
        None,
        article=ARTICLE,
        now=NOW,
        trouble="Salesforce refused this assistant's login to `prod`: `app_blocked`.",
    )

    assert found.verdict is UNKNOWN
    assert topics(found) == ["check-installed"]
    assert "blocked" not in found.headline


@pytest.mark.parametrize(
    ("trouble", "why"),
    [(None, "not read yet"), ("`prod` did not answer.", "it could not be read")],
)
def test_an_org_without_any_reading_is_unknown_and_can_be_looked_at(trouble: str | None, why: str) -> None:
    found = diagnose(PROD, None, article=ARTICLE, now=NOW, trouble=trouble)

    assert (found.verdict, found.facts) == (UNKNOWN, None)
    assert found.headline == f"Cannot tell whether `prod` is ready: {why}"
    assert [step.link for step in found.steps] == ([USAGE] if trouble else [])


@pytest.mark.parametrize(
    ("app", "was"),
    [
        (None, ""),
        (THROUGH, ": it was ready when last read, 3 h ago"),
        (AppFacts(DEVOPS_APP, AppState.NOT_SEEN), ": it was unclear when last read, 3 h ago: it shows no sign of"),
        (AppFacts(DEVOPS_APP, AppState.NOT_INSTALLED), ": it needed a step when last read, 3 h ago: install"),
    ],
)
def test_that_its_connection_is_over_is_the_finding(app: AppFacts | None, was: str) -> None:
    org = replace(PROD, reconnect=True, apps=(DEVOPS_APP,))
    facts = None if app is None else OrgFacts(NOW, "00D", False, (app,))
    later = NOW + timedelta(hours=3)

    found = diagnose(org, facts, article=ARTICLE, now=later, trouble="Salesforce refused the login.")

    assert (found.verdict, found.read) == (UNKNOWN, Read.OVER)
    assert found.headline.startswith(f"`prod` must be connected again{was}")


_NAMES = st.none() | st.lists(st.sampled_from(["A", "B"]), max_size=2).map(tuple)
_APPS = st.builds(
    AppFacts,
    name=st.sampled_from(FLOSUM_APPS),
    state=st.sampled_from(AppState),
    permitted_users=st.none() | st.sampled_from(Policy),
    profiles=_NAMES,
    permission_sets=_NAMES,
    users_with_access=st.none() | st.integers(0, 2),
    app_id=st.sampled_from([None, "0H4", "0xI"]),
    frozen_users=st.none() | st.integers(0, 2),
    ended_users=st.none() | st.integers(0, 2),
    stale_groups=st.sampled_from([(), ("Team (Failed)",)]),
    doubts=st.lists(st.sampled_from(Doubt), unique=True).map(tuple),
)
_FACTS = st.builds(
    OrgFacts,
    checked_at=st.just(NOW),
    organization_id=st.none(),
    sandbox=st.none() | st.booleans(),
    apps=st.lists(_APPS, max_size=2, unique_by=lambda app: app.name).map(tuple),
    missing_permissions=st.sampled_from([(), ("Customize Application",)]),
)


@given(
    _FACTS | st.none(), st.none() | st.just("`prod` did not answer."), st.sampled_from([FLOSUM_APPS, (BACKUP_APP,), ()])
)
def test_whatever_the_facts_what_is_said_holds(
    facts: OrgFacts | None, trouble: str | None, apps: tuple[str, ...]
) -> None:
    found = diagnose(replace(PROD, apps=apps), facts, article=ARTICLE, now=NOW, trouble=trouble)
    states = {app.state for app in facts.apps if app.name in apps} if facts else set()

    assert ("install" in topics(found)) == (AppState.NOT_INSTALLED in states)
    assert ("unblock" in topics(found)) == (AppState.BLOCKED in states)
    assert "not installed" not in found.headline
    assert (found.verdict is READY) <= (states <= {AppState.INSTALLED} and facts is not None)
    if facts or trouble:  # before the first try there is nothing but to read it
        assert READY in (found.verdict, found.last_verdict) or found.steps or not apps
    assert all("{" not in text for text in [found.headline, *(step.text for step in found.steps)])
    assert all(step.text.endswith(".") for step in found.steps)
    for step in found.steps:
        assert (step.link is None) == (step.topic == "refresh-token")  # that one happens in Flosum
        assert step.link is None or step.link.startswith("https://acme.my.salesforce.com/lightning/setup/")
