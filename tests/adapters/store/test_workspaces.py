"""One store for many workspaces: none sees another's, orgs move between them, and no secret shows."""

from __future__ import annotations

import ast
import inspect
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot import ports
from bot.adapters import store as store_module
from bot.adapters.store import SqlStore
from bot.adapters.store.database import Database
from bot.adapters.vault import Vault, make_key
from bot.domain.digest.subscription import Slot, SlotStatus
from bot.domain.errors import AskerError, OperatorError
from bot.domain.model import Credentials, Org
from bot.ports import Outcome, Step
from tests.digests import past, take, weekly
from tests.store_helpers import ANSWER, CHANGE, KEY, LEASE, LOGIN, NOW, PROD, READING, at_once, dump, keep_past, opened

pytest_plugins = ["tests.databases"]

# --- workspaces ----------------------------------------------------------------------------------------


def as_another_workspace(store: SqlStore) -> dict[str, object]:
    """Every method of the port, called by T2 for names that T1 has; with what each says."""
    theirs = replace(PROD, workspace="T2")
    calls: dict[str, Callable[[], object]] = {
        "orgs": lambda: store.orgs("T2"),
        "orgs_lately": lambda: store.orgs_lately("T2"),
        "org": lambda: store.org("T2", "Prod"),
        "credentials": lambda: refused(lambda: store.credentials(theirs)),
        "save_facts": lambda: store.save_facts(theirs, replace(READING, organization_id="00Dother", apps=())),
        "save_readings": lambda: store.save_readings("T2", {"Prod": replace(READING, apps=())}),
        "kept_orgs": lambda: store.kept_orgs("T2", "Prod"),
        "facts": lambda: store.facts(theirs),
        "all_facts": lambda: store.all_facts("T2"),
        "remove_org": lambda: store.remove_org("T2", "Prod"),
        "subscriptions": lambda: store.subscriptions("T2"),
        "waking": lambda: [each.workspace for each in store.waking(NOW)],
        "setting": lambda: set_for(store, "T2"),
        "past_digests": lambda: store.past_digests("T2", "weekly"),
        "keep_subscription": lambda: store.keep_subscription(weekly("T2", "C1")).workspace,
        "begin_step": lambda: taken_on(store, "T2"),
        "begin_posting": lambda: store.begin_posting(Slot("T2", "weekly", NOW), "me", NOW, LEASE, None),
        "end_step": lambda: store.end_step(
            Step(weekly("T2", "C1"), Slot("T2", "weekly", NOW), None), "me", Outcome(SlotStatus.SENT, NOW)
        ),
        "release_slots": lambda: store.release_slots("nobody", NOW),
        "undelivered": lambda: store.undelivered(NOW - LEASE, NOW),
        "adopt": lambda: store.adopt("T2", "T3"),
        "claim_message": lambda: store.claim_message("T2", "C1", "1", NOW + timedelta(days=99)),
        "add_org": lambda: store.add_org(theirs, Credentials("theirs")),
        "save_credentials": lambda: store.save_credentials(theirs, Credentials("theirs")),
        "save_org": lambda: store.save_org(replace(theirs, host="theirs.my.salesforce.com")),
        "change_tags": lambda: store.change_tags(theirs, lambda tags: [*tags, "theirs"])[1].workspace,
        "set_reconnect": lambda: store.set_reconnect(theirs, needed=True),
        "refreshing": lambda: refreshed(store, theirs),
        "rename_org": lambda: store.rename_org("T2", "Prod", "theirs").name,
        "trusted": lambda: store.trusted("T2"),
        "distrust": lambda: store.distrust("T2", "U1"),
        "trust": lambda: store.trust("T2", "U1"),
        "changes": lambda: store.changes("T2"),
        "record": lambda: store.record(replace(CHANGE, workspace="T2")),
        "overhears": lambda: store.overhears("T2", "C1"),
        "set_overhearing": lambda: store.set_overhearing("T2", "C1", on=True),
        "turn": lambda: in_turn(store, "T2"),
        "is_shared": lambda: store.is_shared("T2", "C1"),
        "set_shared": lambda: store.set_shared("T2", "C1", shared=False),
        "around": lambda: store.around("T2", "C1", ts="1", thread="1", since=NOW).answers,
        "begin_answer": lambda: store.begin_answer(replace(ANSWER, workspace="T2", to_ts="9", ts=""), again=False),
        "withdraw_answer": lambda: store.withdraw_answer("T2", "C1", "9"),
        "around_deleted": lambda: store.around_deleted("T2", "C1", ANSWER.to_ts).answers,
        "forget_answer": lambda: store.forget_answer(replace(ANSWER, workspace="T2")),
        "remember_answer": lambda: store.remember_answer(replace(ANSWER, workspace="T2", at=NOW + timedelta(days=99))),
        "ratings": lambda: store.ratings("T2"),
        "rate": lambda: store.rate("T2", "install", "U1", helpful=False, now=NOW),
        "guests_welcome": lambda: store.guests_welcome("T2"),
        "greet_once": lambda: store.greet_once("T2", "U1"),
        "set_guests_welcome": lambda: store.set_guests_welcome("T2", on=False),
        "forget_workspace": lambda: store.forget_workspace("T2") and None,
    }
    return {name: call() for name, call in calls.items()}


def refused(call: Callable[[], object]) -> bool:
    try:
        call()
    except AskerError:
        return True
    return False


def refreshed(store: SqlStore, org: Org) -> bool:
    """T1's lock is held meanwhile, so a lock that both shared would not be had."""
    with store.refreshing(PROD), store.refreshing(org):
        return True


def in_turn(store: SqlStore, workspace: str) -> bool:
    with store.turn("T1", "C1"), store.turn(workspace, "C1"):
        return True


def set_for(store: SqlStore, workspace: str) -> bool:
    with store.setting("T1", "C1"), store.setting(workspace, "C1"):
        return True


def taken_on(store: SqlStore, workspace: str) -> bool:
    return take(store, NOW, workspace=workspace) is not None


def ended(store: SqlStore, workspace: str) -> bool:
    step = Step(weekly(workspace, "C1"), Slot(workspace, "weekly", NOW), None)
    return store.end_step(step, "me", Outcome(SlotStatus.SENT, NOW))


WITHOUT_A_WORKSPACE = {
    "outlast_memories",
    "put_ticket",
    "take_ticket",
    "save_installation",
    "installation",
    "installations",
    "drop_installation",
    "rotating",
}
"""What is found by a key of its own, before anybody knows the workspace."""


def as_the_owner(store: SqlStore) -> list[object]:
    read = [
        store.trusted("T1"),
        store.changes("T1"),
        store.overhears("T1", "C1"),
        store.around("T1", "C1", ts="1", thread="1", since=NOW),
        store.kept_orgs("T1"),
        store.ratings("T1"),
        store.guests_welcome("T1"),
        store.is_shared("T1", "C1"),
        store.orgs("T1"),
        store.credentials(PROD),
        store.all_facts("T1"),
        store.subscriptions("T1"),
        store.past_digests("T1", "weekly"),
    ]
    return [
        *read,
        take(store, NOW),
        store.claim_message("T1", "C1", "1", NOW),
    ]


def test_no_workspace_sees_or_changes_what_another_one_has(store: SqlStore) -> None:
    store.add_org(PROD, LOGIN)
    store.save_facts(PROD, READING)
    store.keep_subscription(weekly("T1", "C1"))
    keep_past(store, "T1", "weekly", past("2026-W48", ("prod",), ()))
    take(store, NOW)
    store.claim_message("T1", "C1", "1", NOW)
    store.trust("T1", "U1")
    store.record(CHANGE)
    store.set_overhearing("T1", "C1", on=False)
    store.remember_answer(ANSWER)
    store.rate("T1", "install", "U1", helpful=True, now=NOW)
    store.set_guests_welcome("T1", on=True)
    store.greet_once("T1", "U1")
    store.set_shared("T1", "C1", shared=True)
    before = as_the_owner(store)

    seen = as_another_workspace(store)

    assert as_the_owner(store) == before
    nothing = {
        "orgs": [],
        "orgs_lately": [],
        "all_facts": {},
        "subscriptions": [],
        "past_digests": [],
        "remove_org": False,
        "adopt": 0,
        "kept_orgs": [],
        "save_readings": {},
    }
    nothing |= {"trusted": [], "changes": [], "ratings": {}, "around": (), "around_deleted": (), "distrust": False}
    nothing |= {"set_overhearing": False, "is_shared": False, "guests_welcome": False, "set_guests_welcome": False}
    first = dict.fromkeys(["credentials", "claim_message", "begin_answer", "trust", "overhears", "greet_once"], True)
    own = {
        "waking": [],
        "begin_step": True,
        "begin_posting": True,
        "end_step": True,
        "release_slots": 0,
        "undelivered": [],
        "keep_subscription": "T2",
        "setting": True,
        "set_reconnect": True,
        "change_tags": "T2",
        "refreshing": True,
        "turn": True,
        "rename_org": "theirs",
    }
    assert seen == dict.fromkeys(seen) | nothing | first | own


def test_the_walk_through_two_workspaces_leaves_out_no_method(store: SqlStore) -> None:
    kept = (
        ports.Store,
        ports.Subscriptions,
        ports.DigestSlots,
        ports.Connections,
        ports.Governance,
        ports.Installations,
        ports.Conversations,
    )
    methods = {name for port in kept for name, _ in inspect.getmembers(port, inspect.isfunction) if name[0] != "_"}

    assert set(as_another_workspace(store)) == methods - WITHOUT_A_WORKSPACE


def test_a_query_without_a_workspace_is_not_made(store: SqlStore) -> None:
    with pytest.raises(ValueError, match="without a workspace"):
        store.orgs("")


PARTS = [
    "__init__",
    "connections",
    "conversations",
    "departures",
    "forgetting",
    "governance",
    "installations",
    "keys",
    "notices",
    "snoozes",
    "subscriptions",
    "base",
]


@pytest.mark.parametrize("part", PARTS)
def test_the_parts_of_the_store_cannot_make_a_statement(part: str) -> None:
    tree = ast.parse(Path(store_module.__file__).with_name(f"{part}.py").read_text(encoding="utf-8"))
    modules = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}

    assert not {name for name in modules if name.startswith("sqlalchemy")}


def test_the_store_satisfies_the_ports() -> None:
    store = opened("sqlite://")

    port: ports.Store = store  # mypy is what checks this line, and these:
    connections: ports.Connections = store
    governance: ports.Governance = store
    installations: ports.Installations = store
    conversations: ports.Conversations = store

    assert port.orgs("T1") == []
    assert connections.take_ticket("login", "unknown", NOW) is None
    assert (governance.trusted("T1"), installations.installations(), conversations.ratings("T1")) == ([], [], {})
    store.close()


# --- adoption ------------------------------------------------------------------------------------------


def test_adopted_orgs_keep_their_logins_and_facts(store: SqlStore) -> None:
    for name in ("Prod", "QA"):
        store.add_org(replace(PROD, workspace="local", name=name), Credentials(name))
    store.add_org(replace(PROD, name="qa", host="theirs.my.salesforce.com"), LOGIN)
    store.save_facts(replace(PROD, workspace="local"), READING)

    assert store.adopt("local", "T1") == 1

    prod, qa = store.orgs("T1")
    assert (prod.name, prod.workspace, prod.sandbox) == ("Prod", "T1", True)
    assert store.credentials(prod) == Credentials("Prod")
    assert store.facts(prod) == READING
    assert (qa.host, store.credentials(qa)) == ("theirs.my.salesforce.com", LOGIN)
    assert [org.name for org in store.orgs("local")] == ["QA"]
    assert store.all_facts("local") == {}


def test_two_starts_that_adopt_at_once_lose_nothing(store: SqlStore) -> None:
    for number in range(5):
        store.add_org(replace(PROD, workspace="local", name=f"org{number}"), Credentials(f"key {number}"))

    at_once(4, lambda _: store.adopt("local", "T1") >= 0)

    assert store.orgs("local") == []
    assert [store.credentials(org).consumer_key for org in store.orgs("T1")] == [f"key {n}" for n in range(5)]


def test_adopting_from_itself_moves_nothing(store: SqlStore) -> None:
    store.add_org(PROD, LOGIN)

    assert store.adopt("T1", "T1") == 0
    assert store.credentials(PROD) == LOGIN


def test_nothing_is_adopted_when_a_key_is_lost(database_url: str, store: SqlStore) -> None:
    store.add_org(replace(PROD, workspace="local", name="a"), LOGIN)
    other = opened(database_url, make_key())
    other.add_org(replace(PROD, workspace="local", name="b"), LOGIN)
    other.close()

    with pytest.raises(OperatorError, match="login of `b`"):
        store.adopt("local", "T1")

    assert store.orgs("T1") == []
    assert len(store.orgs("local")) == 2


# --- secrets -------------------------------------------------------------------------------------------


def test_a_lost_key_names_the_org(database_url: str, store: SqlStore) -> None:
    store.add_org(PROD, LOGIN)
    other = opened(database_url, make_key())

    with pytest.raises(OperatorError, match="None of the encryption keys opens the stored login of `Prod`"):
        other.credentials(PROD)
    other.close()


@pytest.mark.parametrize("place", ["workspace = 'T2'", "org_key = 'qa'"])
def test_a_login_that_is_copied_into_another_row_does_not_open(database_url: str, store: SqlStore, place: str) -> None:
    orgs = {"workspace = 'T2'": replace(PROD, workspace="T2"), "org_key = 'qa'": replace(PROD, name="QA")}
    for org in (PROD, *orgs.values()):
        store.add_org(org, LOGIN)
    database = Database(database_url)
    copied = "SELECT sealed FROM org_credentials WHERE workspace = 'T1' AND org_key = 'prod'"
    with database.exclusive() as connection:
        connection.exec_driver_sql(f"UPDATE org_credentials SET sealed = ({copied}) WHERE {place}")  # noqa: S608
    database.close()

    with pytest.raises(OperatorError, match="is another org's"):
        store.credentials(orgs[place])
    assert store.credentials(PROD) == LOGIN


def test_neither_a_dump_of_the_database_nor_the_log_holds_a_secret(
    database_url: str, store: SqlStore, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    store.add_org(PROD, LOGIN)
    store.save_facts(PROD, READING)
    store.adopt("T1", "T2")
    store.credentials(replace(PROD, workspace="T2"))

    dumped = dump(database_url)

    assert b"acme.my.salesforce.com" in dumped
    assert b"planted" not in dumped
    assert "planted" not in caplog.text


def test_a_store_shows_neither_password_nor_key() -> None:
    store = SqlStore("postgresql://bot:planted-password@127.0.0.1:1/flosum?sslpassword=planted", Vault([KEY]))

    assert repr(store) == "SqlStore('The database flosum at 127.0.0.1:1')"
    store.close()
