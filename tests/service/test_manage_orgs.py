"""What is done to connected orgs holds their one lock: real store, and a renewal of the login under way."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, replace

import pytest

from bot.adapters.salesforce import Salesforce
from bot.adapters.salesforce.web_server_flow import WebServerFlow
from bot.adapters.store import SqlStore
from bot.domain.command import parse
from bot.domain.errors import AskerError
from bot.domain.model import Asker, Credentials, Person, Standing
from bot.service.connect_org import ConnectedOrgs, ConnectOrg
from bot.service.manage_orgs import ManageOrgs
from bot.service.membership import Membership
from bot.service.org_checks import OrgChecks
from bot.service.permissions import Permissions
from tests.recognition_helpers import ARTICLE
from tests.store_helpers import LOGIN, NOW, PROD

pytest_plugins = ["tests.databases"]

ADA, BEN = Asker("T1", "UADA"), Asker("T1", "UBEN")
NEW_LOGIN = Credentials("another-key", refresh_token="another-token")
RENEWED = replace(LOGIN, refresh_token="renewed")
FORM = {"host": "acme.my.salesforce.com", "username": "bot@acme.example"}


class People:
    """Ada is an admin, nobody else is; nobody has a link."""

    def person(self, who: Asker) -> Person:
        return Person("Europe/Berlin", admin=who == ADA, standing=Standing.MEMBER)

    def link(self, who: Asker, person: Person, name: str, host: str | None) -> str:
        raise AssertionError((who, person, name, host))


@dataclass(frozen=True)
class Managed:
    """An org that is connected, and what changes it. Nothing here reaches Salesforce."""

    store: SqlStore
    orgs: ManageOrgs
    connected: ConnectedOrgs
    connect: ConnectOrg

    def said(self, line: str, who: Asker = ADA) -> None:
        command = parse(line)
        {"rename": self.orgs.rename, "disconnect": self.orgs.disconnect}[command.verb](who, command)


@pytest.fixture
def managed(store: SqlStore) -> Managed:
    store.add_org(PROD, LOGIN)
    permissions = Permissions(Membership(People()))
    salesforce = Salesforce(clock=lambda: NOW)
    connected = ConnectedOrgs(store, OrgChecks(store, salesforce, lambda: NOW, lambda: ARTICLE), lambda: NOW)
    logins = WebServerFlow(None, None, lambda: None)
    return Managed(
        store,
        ManageOrgs(store=store, logins=logins, permissions=permissions, clock=lambda: NOW),
        connected,
        ConnectOrg(
            store=store,
            connected_orgs=connected,
            orgs=salesforce,
            permissions=permissions,
            invites=People(),
            jwt=NEW_LOGIN,
        ),
    )


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        (lambda managed: managed.said("rename prod live"), {"live": RENEWED}),
        (lambda managed: managed.said("disconnect prod yes"), {}),
        (lambda managed: managed.connected.keep(ADA, PROD, NEW_LOGIN), {"Prod": NEW_LOGIN}),
    ],
    ids=["rename", "disconnect", "reconnect"],
)
def test_a_login_that_is_being_renewed_is_waited_for(
    managed: Managed, change: Callable[[Managed], None], kept: dict[str, Credentials]
) -> None:
    """Otherwise what is renewed meanwhile is lost, comes back, or overwrites a newer login."""
    with ThreadPoolExecutor(1) as pool:
        with managed.store.refreshing(PROD):
            changing = pool.submit(change, managed)
            assert wait([changing], timeout=0.2).not_done
            managed.store.save_credentials(PROD, RENEWED)
        changing.result(timeout=30)

    assert {org.name: managed.store.credentials(org) for org in managed.store.orgs("T1")} == kept


@pytest.mark.parametrize(
    "change",
    [
        lambda managed: managed.said("rename prod live", BEN),
        lambda managed: managed.said("disconnect prod yes", BEN),
        lambda managed: managed.connect.form(BEN, "uat"),
        lambda managed: managed.connect.submit(BEN, "uat", FORM),
        lambda managed: managed.connect.command(BEN, parse("connect uat")),
    ],
    ids=["rename", "disconnect", "form", "submit", "connect"],
)
def test_who_may_not_changes_nothing_by_any_way(managed: Managed, change: Callable[[Managed], object]) -> None:
    with pytest.raises(AskerError, match="is for workspace admins"):
        change(managed)

    assert managed.store.orgs("T1") == [PROD]
    assert managed.store.changes("T1") == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("disconnect prod please", "no org called `prod please`"),
        ("disconnect prod no", "no org called `prod no`"),
        ("disconnect", "Which org"),
        ("rename prod", "What should `Prod` be called"),
    ],
)
def test_a_change_that_is_not_said_in_full_is_not_made(managed: Managed, line: str, said: str) -> None:
    with pytest.raises(AskerError, match=said):
        managed.said(line)

    assert managed.store.orgs("T1") == [PROD]


def test_each_change_is_in_the_trail(managed: Managed) -> None:
    managed.connected.keep(ADA, PROD, NEW_LOGIN)
    managed.said("rename prod live")
    managed.said("disconnect live yes")
    managed.connected.keep(ADA, PROD, NEW_LOGIN)

    assert [(change.user, change.action, change.subject) for change in reversed(managed.store.changes("T1"))] == [
        ("UADA", "connected again", "Prod (acme.my.salesforce.com)"),
        ("UADA", "renamed", "Prod → live"),
        ("UADA", "disconnected", "live (acme.my.salesforce.com)"),
        ("UADA", "connected", "Prod (acme.my.salesforce.com)"),
    ]
