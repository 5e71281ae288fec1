"""All that is known of an org, in words: what is named to whom, what stands for "cannot be read", and that it fits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.answers.markup import plain
from bot.domain.answers.plain_text import part_lines
from bot.domain.model import (
    BACKUP_APP,
    DEVOPS_APP,
    FLOSUM_APPS,
    AppFacts,
    AppState,
    Diagnosis,
    Doubt,
    Login,
    Org,
    OrgFacts,
    Policy,
)
from bot.domain.orgs.benchmarks import benchmarks
from bot.domain.orgs.details_report import LINES, _lines, _Room, _ways, details
from bot.domain.orgs.diagnosis import diagnose
from bot.domain.orgs.org_details import AppDetails, Holding, OrgDetails, People, RefreshPolicy, TokenHolder
from bot.domain.orgs.user_access import Way
from tests.recognition_helpers import ARTICLE

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
PROD = Org("T1", "prod", "acme.my.salesforce.com", Login.JWT)
NAMES = ("Ada Lindt", "Cleo Marsh", "Dana Voss")
ADMINS = Holding(Way.PROFILE, "System Administrator", People(12, NAMES))
GROUP = Holding(Way.GROUP, "Release", People(4, NAMES[:1]), "Outdated")
ADA = TokenHolder("005A", "Ada Lindt", True, 2, 1, NOW - timedelta(days=1))
ELI = TokenHolder("005E", "Eli Brandt", False, 1, 1, None)


def app(name: str = DEVOPS_APP, **changes: object) -> AppFacts:
    known: dict[str, object] = {
        "state": AppState.INSTALLED,
        "permitted_users": Policy.ADMIN_APPROVED,
        "profiles": ("System Administrator",),
        "permission_sets": (),
        "users_with_access": 12,
        "connected_users": 2,
        "history": (),
    }
    return AppFacts(name, **known | changes)  # type: ignore[arg-type]


def found(*apps: AppFacts) -> Diagnosis:
    return diagnose(PROD, OrgFacts(NOW, "00D", False, apps or tuple(map(app, FLOSUM_APPS))), article=ARTICLE, now=NOW)


def rest(**changes: object) -> OrgDetails:
    apps = tuple(AppDetails(name, (ADMINS, GROUP), (ADA, ELI), RefreshPolicy(30, idle=True)) for name in FLOSUM_APPS)
    known: dict[str, object] = {"apps": apps, "approvers": People(0), "any_client": People(0), "access_control": False}
    return OrgDetails(**known | changes)  # type: ignore[arg-type]


def told(more: OrgDetails | None, of: Diagnosis | None = None, *, names: bool = True) -> str:
    answer = details(of or found(), NOW, "", more, names=names)
    lines = [answer.headline, answer.lead, *(line for part in answer.parts for line in part_lines(part)), answer.note]
    return plain("\n".join(lines))


def test_what_is_the_same_of_both_apps_is_told_once() -> None:
    text = told(rest())

    assert text.count("profile System Administrator, 12 users (Ada Lindt") == 1
    assert "Let in to both Flosum apps:" in text
    assert "group Release (Outdated), 4 users" in text
    assert text.count("refresh tokens end after 30 unused") == 1
    assert "6 tokens of 2 people: Ada Lindt (4, used yesterday)" in text
    assert "4 tokens are stale" in text
    other = AppDetails(BACKUP_APP, (), (), RefreshPolicy())
    assert "Let in to Flosum Backup Org Auth: nobody is granted access" in told(rest(apps=(other, rest().apps[1])))


def test_people_are_named_to_those_who_may_know_alone() -> None:
    named = ("Ada", "Cleo", "Eli")

    assert any(name in told(rest()) for name in named)
    text = told(rest(approvers=People(2, NAMES[:2])), names=False)
    assert not any(name in text for name in named)
    assert "12 users" in text
    assert "6 tokens of 2 people, last used yesterday" in text
    assert "2 users hold Approve Uninstalled Connected Apps: they get in although nothing is installed." in text


@pytest.mark.parametrize(
    ("access_control", "policy", "said"),
    [
        (False, Policy.SELF_AUTHORIZE, "API Access Control is off: self-authorize lets in every user."),
        (False, Policy.ADMIN_APPROVED, "API Access Control is off."),
        (True, Policy.SELF_AUTHORIZE, "API Access Control is on: self-authorize lets in only who is granted access"),
        (True, Policy.ADMIN_APPROVED, "API Access Control is on: only granted users get in"),
        (None, Policy.SELF_AUTHORIZE, "cannot be read: if it is on, self-authorize lets in only who is granted access"),
        (None, Policy.ADMIN_APPROVED, "Whether API Access Control is on cannot be read."),
    ],
)
def test_what_self_authorize_really_means(access_control: bool | None, policy: Policy, said: str) -> None:
    apps = [app(name, permitted_users=policy) for name in FLOSUM_APPS]

    assert said in told(rest(access_control=access_control), found(*apps))


def test_what_could_not_be_read_is_said_and_never_counted_as_nobody() -> None:
    unread = rest(
        apps=tuple(AppDetails(name) for name in FLOSUM_APPS), approvers=None, any_client=None, access_control=None
    )
    text = told(unread)

    assert "Who holds Approve Uninstalled Connected Apps cannot be read." in text
    assert "Nobody" not in text
    assert "nobody" not in text
    assert "2 people connected" in text  # from the reading itself
    assert "who gets in through what, and tokens: could not be read" in told(None)


def test_a_trail_that_is_hidden_is_said_to_be() -> None:
    hidden = found(app(BACKUP_APP, history=None), app(history=None))

    assert "Who did what cannot be read" in told(rest(), hidden)
    assert "Who did what" not in told(rest())


def test_beyond_what_salesforce_gives_there_are_at_least_so_many_tokens() -> None:
    assert "At least 6 tokens of 2 people" in told(rest(cut=True))


@pytest.mark.parametrize("access_control", [True, False, None])
@pytest.mark.parametrize("names", [True, False])
@pytest.mark.parametrize("state", [AppState.INSTALLED, AppState.NOT_INSTALLED])
def test_it_fits_whatever_was_read(state: AppState, names: bool, access_control: bool | None) -> None:
    many = tuple(
        replace(ADMINS, name=f"Profile of a department with a long name {number}", people=People(900, NAMES * 3))
        for number in range(40)
    )
    holders = tuple(replace(ADA, user=str(number), name=f"Person Number {number}") for number in range(900))
    full = rest(
        apps=tuple(AppDetails(name, many, holders, RefreshPolicy(30, idle=True), True) for name in FLOSUM_APPS),
        approvers=People(40, NAMES),
        any_client=People(40, NAMES),
        access_control=access_control,
    )
    apps = (app(BACKUP_APP), app(state=state, permitted_users=Policy.SELF_AUTHORIZE))

    answer = details(found(*apps), NOW, "", full, names=names)

    assert _lines(answer) <= LINES


@pytest.mark.parametrize(
    ("changes", "controls"),
    [
        ({}, ()),
        ({"state": AppState.NOT_INSTALLED}, ("SBS-OAUTH-001",)),
        ({"doubts": (Doubt.ONE_NOT_INSTALLED,)}, ("SBS-OAUTH-001",)),
        ({"permitted_users": Policy.SELF_AUTHORIZE}, ("SBS-OAUTH-002",)),
        ({"doubts": (Doubt.TWO_APPS,)}, ("SBS-OAUTH-003",)),
        ({"doubts": (Doubt.BOTH_KINDS,)}, ("SBS-OAUTH-003",)),
        ({"state": AppState.NOT_SEEN}, ()),
        ({"state": AppState.UNREADABLE}, ()),
    ],
)
def test_which_control_of_the_benchmark_is_not_met(changes: dict[str, object], controls: tuple[str, ...]) -> None:
    assert benchmarks(DEVOPS_APP, OrgFacts(NOW, "00D", False, (app(DEVOPS_APP, **changes),))) == controls


def test_controls_that_are_not_met_stand_at_the_end_and_none_where_all_are() -> None:
    open_to_all = found(app(BACKUP_APP), app(permitted_users=Policy.SELF_AUTHORIZE))

    assert "Security Benchmark" not in told(rest())
    text = told(rest(approvers=People(2)), open_to_all)
    assert "not met: SBS-ACS-003 (few may approve uninstalled apps), SBS-OAUTH-002 (access by profile" in text


def test_of_two_apps_of_one_name_it_is_not_said_whom_they_let_in() -> None:
    twins = found(app(BACKUP_APP), app(doubts=(Doubt.BOTH_KINDS,)))
    none = replace(rest().apps[1], ways=())

    text = told(rest(apps=(rest().apps[0], none)), twins)

    assert "Let in to Flosum Backup Org Auth:" in text
    assert "nobody is granted access" not in text


@pytest.mark.parametrize(("number", "said"), [(1, "1 profile or permission set"), (2, "2 profiles or permission sets")])
def test_grants_that_have_no_room_are_counted(number: int, said: str) -> None:
    assert list(_ways((ADMINS, GROUP)[:number], _Room(0, 0))) == [said]
