"""Reading orgs live: real store; the orgs answer as a test says."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

import pytest

from bot.adapters.store import SqlStore
from bot.adapters.vault import make_key
from bot.domain.errors import AskerError, OrgRefused, OrgUnreachable
from bot.domain.model import Credentials, Org, OrgFacts, Read, Verdict
from bot.service.org_checks import OrgChecks
from tests.recognition_helpers import ARTICLE
from tests.store_helpers import LOGIN, NOW, PROD, READING, opened

pytest_plugins = ["tests.databases"]

NAMES = ("abc", "Prod", "uat")
FRESH = replace(READING, checked_at=NOW + timedelta(days=1))


@dataclass
class ScriptedOrgs:
    """The port ``Orgs``: every org reads well, unless ``instead`` says what happens there."""

    instead: dict[str, Callable[[], OrgFacts]] = field(default_factory=dict)
    read: list[tuple[str, Credentials]] = field(default_factory=list)

    def facts(self, org: Org, credentials: Credentials) -> OrgFacts:
        self.read.append((org.name, credentials))
        return self.instead.get(org.name, lambda: FRESH)()


def unreachable() -> OrgFacts:
    raise OrgUnreachable("No answer came.")


@pytest.fixture
def scripted_orgs(store: SqlStore) -> ScriptedOrgs:
    for name in NAMES:
        store.add_org(replace(PROD, name=name), replace(LOGIN, consumer_key=name))
    return ScriptedOrgs()


@pytest.fixture
def checks(store: SqlStore, scripted_orgs: ScriptedOrgs) -> OrgChecks:
    return OrgChecks(store, scripted_orgs, lambda: NOW + timedelta(days=1), lambda: ARTICLE)


def test_every_org_is_read_with_its_own_credentials_and_what_was_read_is_kept(
    checks: OrgChecks, store: SqlStore, scripted_orgs: ScriptedOrgs
) -> None:
    found = checks.every("T1")

    assert [(each.org.name, each.facts, each.trouble) for each in found] == [(name, FRESH, None) for name in NAMES]
    assert scripted_orgs.read == [(name, replace(LOGIN, consumer_key=name)) for name in NAMES]
    assert store.all_facts("T1") == dict.fromkeys(NAMES, FRESH)
    assert {org.organization_id for org in store.orgs("T1")} == {FRESH.organization_id}
    assert checks.every("T2") == []


def test_an_org_that_cannot_be_read_shows_what_was_known_and_the_others_are_read(
    checks: OrgChecks, store: SqlStore, scripted_orgs: ScriptedOrgs
) -> None:
    store.save_facts(PROD, READING)
    scripted_orgs.instead = {"Prod": unreachable, "abc": unreachable}

    first, prod, uat = checks.every("T1")

    assert (prod.facts, prod.trouble) == (READING, "No answer came.")
    assert (first.facts, first.verdict) == (None, Verdict.UNKNOWN)
    assert (uat.facts, uat.trouble) == (FRESH, None)
    assert store.all_facts("T1") == {"Prod": READING, "uat": FRESH}


def test_an_org_whose_connection_has_just_ended_is_shown_as_to_be_reconnected(
    checks: OrgChecks, store: SqlStore, scripted_orgs: ScriptedOrgs
) -> None:
    def ends() -> OrgFacts:
        store.set_reconnect(PROD, needed=True)
        raise OrgRefused("The login was refused.", "invalid_grant")

    scripted_orgs.instead = {"Prod": ends}

    found = checks.named("T1", "prod")

    assert found is not None
    assert found.org.reconnect


def test_credentials_that_no_key_opens_are_that_orgs_trouble(
    database_url: str, store: SqlStore, scripted_orgs: ScriptedOrgs
) -> None:
    other = opened(database_url, make_key())
    other.add_org(replace(PROD, name="foreign"), LOGIN)
    other.close()

    found = {
        each.org.name: each.trouble
        for each in OrgChecks(store, scripted_orgs, lambda: NOW, lambda: ARTICLE).every("T1")
    }

    assert found.pop("foreign")
    assert found == dict.fromkeys(NAMES)


def test_an_error_that_nobody_foresaw_is_that_orgs_own(
    checks: OrgChecks, store: SqlStore, scripted_orgs: ScriptedOrgs
) -> None:
    def breaks() -> OrgFacts:
        raise KeyError("planted-detail")

    scripted_orgs.instead = {"Prod": breaks}

    _, prod, _ = checks.every("T1")

    assert prod.trouble is not None
    assert re.fullmatch(r"Something went wrong on the bot's side \(Reference [0-9a-f]{8}\)\.", prod.trouble)
    assert set(store.all_facts("T1")) == {"abc", "uat"}
    named = checks.named("T1", "Prod")
    assert named is not None
    assert (named.trouble or "").startswith("Something went wrong on the bot's side (")


def removed(store: SqlStore) -> OrgFacts:
    """A reading during which somebody removes the org."""
    store.remove_org("T1", "prod")
    return FRESH


def test_an_org_that_is_removed_while_it_is_read_leaves_nothing_behind(
    checks: OrgChecks, store: SqlStore, scripted_orgs: ScriptedOrgs
) -> None:
    scripted_orgs.instead = {"Prod": partial(removed, store)}

    found = {each.org.name: each for each in checks.every("T1")}

    assert (found["Prod"].verdict, found["Prod"].trouble) == (
        Verdict.UNKNOWN,
        "`Prod` was removed or renamed meanwhile.",
    )
    assert [found[name].trouble for name in ("abc", "uat")] == [None, None]
    assert set(store.all_facts("T1")) == {"abc", "uat"}


def test_one_org_is_found_by_its_name_in_any_case(checks: OrgChecks, scripted_orgs: ScriptedOrgs) -> None:
    found = checks.named("T1", "PROD")

    assert found is not None
    assert found.org.name == "Prod"
    assert [name for name, _ in scripted_orgs.read] == ["Prod"]
    assert checks.named("T1", "prd") is None
    with pytest.raises(AskerError, match="`gone` is not connected any more"):
        checks.one(replace(PROD, name="gone"))


def test_facts_that_cannot_be_kept_are_that_orgs_trouble(
    checks: OrgChecks, store: SqlStore, scripted_orgs: ScriptedOrgs
) -> None:
    odd = replace(FRESH, apps=(replace(FRESH.apps[0], last_used=NOW.replace(tzinfo=None)),))
    scripted_orgs.instead = {"Prod": lambda: odd}

    _, prod, _ = checks.every("T1")

    assert (prod.verdict, (prod.trouble or "")[:20]) == (Verdict.UNKNOWN, "Something went wrong")
    assert set(store.all_facts("T1")) == {"abc", "uat"}


def test_that_the_latest_attempt_failed_is_known_where_nothing_is_asked(
    checks: OrgChecks, scripted_orgs: ScriptedOrgs
) -> None:
    checks.every("T1")
    assert {each.unread for each in checks.known("T1")} == {False}

    scripted_orgs.instead = {"Prod": unreachable}
    checks.named("T1", "prod")

    _, prod, _ = checks.known("T1")
    assert (prod.verdict, prod.read, prod.trouble) == (Verdict.UNKNOWN, Read.FAILED, "No answer came.")
    assert prod.last_read_at == FRESH.checked_at
    scripted_orgs.instead = {}
    checks.named("T1", "prod")
    assert {each.unread for each in checks.known("T1")} == {False}


def test_an_org_that_is_removed_while_somebody_checks_it_is_not_connected_any_more(
    checks: OrgChecks, store: SqlStore, scripted_orgs: ScriptedOrgs
) -> None:
    scripted_orgs.instead = {"Prod": partial(removed, store)}

    with pytest.raises(AskerError, match="`Prod` is not connected any more"):
        checks.one(PROD)


def refused(error: str, description: str, text: str) -> OrgFacts:
    raise OrgRefused(text, error, description)


@pytest.mark.parametrize(
    ("fails", "is_passing"),
    [
        (unreachable, True),
        (partial(refused, "login_rate_exceeded", "login rate exceeded", "Too many logins."), True),
        (partial(refused, "invalid_grant", "expired access/refresh token", "It was revoked."), False),
    ],
)
def test_what_passes_is_told_behind_a_connection_that_is_over(
    checks: OrgChecks, store: SqlStore, scripted_orgs: ScriptedOrgs, fails: Callable[[], OrgFacts], is_passing: bool
) -> None:
    scripted_orgs.instead["uat"] = fails
    before = checks.named("T1", "uat")
    assert before is not None
    assert before.trouble is not None
    store.set_reconnect(before.org, needed=True)

    now = checks.named("T1", "uat")
    assert now is not None
    assert now.trouble is not None
    over = "Its connection is over: only connecting it again helps. Just now there is this, too: "
    assert now.trouble == (over if is_passing else "") + before.trouble
    assert now.read is Read.OVER
    assert checks.known_of(store.orgs("T1")[-1]).trouble == now.trouble
