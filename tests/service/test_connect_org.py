"""Connecting an org again: what the login says is new, and everything else that is known of the org stays."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from bot.adapters.salesforce import Salesforce
from bot.adapters.store import SqlStore
from bot.domain.errors import LoginStopped
from bot.domain.model import BACKUP_APP, Asker, Credentials, Failure, Login, Org, Snooze, Verdict
from bot.domain.orgs.conditions import Known
from bot.domain.orgs.connection import SAID_BY_A_LOGIN
from bot.service.connect_org import ConnectedOrgs
from bot.service.org_checks import OrgChecks
from tests.recognition_helpers import ARTICLE
from tests.store_helpers import LOGIN, NOW, READING

KNOWN = Org(
    workspace="T1",
    name="Prod",
    host="acme.my.salesforce.com",
    login=Login.JWT,
    username="bot@acme.com",
    organization_id="00D000000000001EAA",
    sandbox=False,
    apps=(BACKUP_APP,),
    owner="C1",
    added_at=NOW - timedelta(days=90),
    connected_by="U1",
    reconnect=True,
    failure=Failure(NOW, "`Prod` did not answer."),
    tags=("emea", "critical"),
    grants_allowed=True,
)
"""An org with something other than the default in every field."""
BESIDE = {"snooze", "open_since"}
"""Fields that are kept beside the org, and that nobody writes with it."""
ANEW = Org("T1", "PROD", "acme2.my.salesforce.com", Login.BROWSER, organization_id="00D000000000001", sandbox=True)
NEW_LOGIN = Credentials("another-key", refresh_token="another-token")
WHO = Asker("T1", "U2")
BY_CONNECTING = {"failure": None, "connected_by": "U2", "reconnect": False}


@pytest.fixture
def connected_orgs(store: SqlStore) -> ConnectedOrgs:
    """Nothing asks Salesforce here."""
    return ConnectedOrgs(
        store, OrgChecks(store, Salesforce(clock=lambda: NOW), lambda: NOW, lambda: ARTICLE), lambda: NOW
    )


def test_the_known_org_has_something_in_every_field() -> None:
    """A field that is added to ``Org`` is added above too, and then the next test tells whether it survives."""
    assert {field.name for field in fields(Org) if getattr(KNOWN, field.name) == field.default} == BESIDE


@pytest.mark.parametrize("name", [field.name for field in fields(Org) if field.name not in BESIDE])
def test_a_field_of_an_org_survives_a_reconnect_unless_the_login_says_it_anew(
    store: SqlStore, connected_orgs: ConnectedOrgs, name: str
) -> None:
    store.add_org(KNOWN, LOGIN)

    told = connected_orgs.keep(WHO, ANEW, NEW_LOGIN)

    (kept,) = store.orgs("T1")
    expected = getattr(ANEW if name in SAID_BY_A_LOGIN else KNOWN, name)
    assert getattr(kept, name) == BY_CONNECTING.get(name, expected)
    assert told == kept
    assert store.credentials(kept) == NEW_LOGIN


def test_a_snooze_and_since_when_it_is_open_survive_a_reconnect(store: SqlStore, connected_orgs: ConnectedOrgs) -> None:
    store.add_org(KNOWN, LOGIN)
    snooze, known = Snooze(None, "sold", "U1", NOW), Known(Verdict.ACTION_NEEDED, NOW - timedelta(days=9))
    store.save_readings("T1", {"Prod": READING}, lambda _there, _before: {"Prod": known})
    store.snooze(KNOWN, snooze)

    connected_orgs.keep(WHO, ANEW, NEW_LOGIN)

    (kept,) = store.orgs("T1")
    assert (kept.snooze, kept.open_since) == (snooze, known.since)


def test_what_a_login_does_not_say_is_none_of_what_people_set() -> None:
    assert {"apps", "owner", "tags", "added_at", "name", "workspace"}.isdisjoint(SAID_BY_A_LOGIN)


def test_a_new_org_is_kept_with_the_time_and_whoever_connected_it(
    store: SqlStore, connected_orgs: ConnectedOrgs
) -> None:
    connected_orgs.keep(WHO, ANEW, NEW_LOGIN)

    assert store.orgs("T1") == [replace(ANEW, added_at=NOW, connected_by="U2")]


def test_a_name_is_not_taken_over_by_another_org(store: SqlStore, connected_orgs: ConnectedOrgs) -> None:
    store.add_org(KNOWN, LOGIN)

    with pytest.raises(LoginStopped, match="another org"):
        connected_orgs.keep(WHO, replace(ANEW, organization_id="00Dother"), NEW_LOGIN)

    assert store.orgs("T1") == [KNOWN]
    assert store.credentials(KNOWN) == LOGIN
