"""Connected orgs beyond reading them: changes, refreshed tokens, and logins under way."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.adapters.store import SqlStore, connections
from bot.adapters.store.database import Database
from bot.adapters.store.statements import UnscopedStatements
from bot.adapters.store.tables import orgs, tickets
from bot.adapters.vault import make_key
from bot.domain.errors import AskerError, OperatorError, OrgUnreachable
from bot.domain.model import DEVOPS_APP, Credentials, Login
from tests.digests import past, weekly
from tests.paths import ROOT
from tests.store_helpers import KEY, LOGIN, NOW, PROD, READING, at_once, keep_past, opened

pytest_plugins = ["tests.databases"]

SOON = NOW + timedelta(minutes=10)

# --- orgs ----------------------------------------------------------------------------------------------


def test_an_org_is_replaced_in_every_part(store: SqlStore) -> None:
    store.add_org(PROD, LOGIN)
    store.save_facts(PROD, READING)
    changed = replace(
        PROD,
        host="other.my.salesforce.com",
        login=Login.BROWSER,
        username="ada@acme.com",
        organization_id="00Dother",
        sandbox=False,
        apps=(DEVOPS_APP,),
        owner="C1",
        connected_by="U1",
        reconnect=True,
    )

    store.save_org(changed)

    assert store.orgs("T1") == [changed]
    assert store.credentials(changed) == LOGIN
    assert store.facts(changed) == READING


def test_saving_an_org_that_is_gone_does_not_bring_it_back(store: SqlStore) -> None:
    store.save_org(PROD)

    assert store.orgs("T1") == []


@pytest.mark.parametrize("new_name", ["live", "prod", "PROD", "Straße"])
def test_a_renamed_org_keeps_its_login_its_facts_and_its_weeks(store: SqlStore, new_name: str) -> None:
    store.add_org(PROD, LOGIN)
    store.save_facts(PROD, READING)
    store.keep_subscription(weekly("T1", "C1"))
    keep_past(store, "T1", "weekly", past("2026-W47", ("qa",), ("Prod", "uat")))

    renamed = store.rename_org("T1", "pROD", new_name)

    assert store.orgs("T1") == [renamed]
    assert renamed == replace(PROD, name=new_name, organization_id=READING.organization_id, sandbox=True)
    assert store.credentials(renamed) == LOGIN
    assert store.facts(renamed) == READING
    assert store.past_digests("T1", "weekly") == [past("2026-W47", ("qa",), (new_name, "uat"))]


@pytest.mark.parametrize("new_name", ["live", "PROD"])
def test_tags_stay_with_an_org_that_is_renamed_or_saved_and_go_with_it(store: SqlStore, new_name: str) -> None:
    store.add_org(PROD, LOGIN)
    before, after = store.change_tags(PROD, lambda tags: [*tags, "emea"])
    assert (before, after) == (PROD, replace(PROD, tags=("emea",)))

    store.save_org(replace(PROD, owner="U1"))  # read before it was tagged
    renamed = store.rename_org("T1", "prod", new_name)

    assert store.orgs("T1") == [renamed] == [replace(PROD, name=new_name, owner="U1", tags=("emea",))]
    assert store.remove_org("T1", new_name)
    store.add_org(PROD, LOGIN)
    assert store.orgs("T1") == [PROD]


def test_of_tags_that_are_put_on_at_once_none_is_lost(store: SqlStore) -> None:
    store.add_org(PROD, LOGIN)

    def tag(number: int) -> bool:
        before, after = store.change_tags(PROD, lambda tags: [*tags, f"tag-{number}"])
        return len(after.tags) == len(before.tags) + 1

    assert all(at_once(8, tag))
    assert {tag for org in store.orgs("T1") for tag in org.tags} == {f"tag-{number}" for number in range(8)}


def test_an_org_that_is_gone_is_not_tagged_and_a_refused_change_leaves_its_tags(store: SqlStore) -> None:
    def refuse(_: object) -> list[str]:
        raise AskerError("Too many.")

    with pytest.raises(AskerError, match="`Prod` is not connected any more"):
        store.change_tags(PROD, lambda _: ["emea"])
    store.add_org(PROD, LOGIN)
    store.change_tags(PROD, lambda _: ["emea"])
    with pytest.raises(AskerError, match="Too many"):
        store.change_tags(PROD, refuse)

    assert [org.tags for org in store.orgs("T1")] == [("emea",)]


def test_a_name_that_another_org_has_is_refused_and_nothing_moves(store: SqlStore) -> None:
    store.add_org(PROD, LOGIN)
    store.add_org(replace(PROD, name="QA"), Credentials("qa"))

    with pytest.raises(AskerError, match="An org called `qa` is connected already"):
        store.rename_org("T1", "prod", "qa")

    assert [org.name for org in store.orgs("T1")] == ["Prod", "QA"]
    assert store.credentials(PROD) == LOGIN


def test_renaming_what_is_not_there_or_to_what_nobody_can_type_is_refused(store: SqlStore) -> None:
    with pytest.raises(AskerError, match="`prod` is not connected any more"):
        store.rename_org("T1", "prod", "live")
    store.add_org(PROD, LOGIN)
    with pytest.raises(AskerError, match="cannot be stored"):
        store.rename_org("T1", "prod", "a\nb")


def test_two_orgs_renamed_to_one_name_at_once_stay_two(store: SqlStore) -> None:
    for number in range(8):
        store.add_org(replace(PROD, name=f"org{number}"), Credentials(f"key {number}"))

    def rename(number: int) -> bool:
        try:
            store.rename_org("T1", f"org{number}", "live")
        except AskerError:
            return False
        return True

    assert at_once(8, rename).count(True) == 1
    assert len({store.credentials(org).consumer_key for org in store.orgs("T1")}) == 8


def test_new_credentials_replace_the_old_ones(store: SqlStore) -> None:
    store.add_org(PROD, LOGIN)
    fresh = replace(LOGIN, refresh_token="fresh")

    store.save_credentials(PROD, fresh)

    assert store.credentials(PROD) == fresh


def test_credentials_of_an_org_that_was_removed_meanwhile_are_not_kept(store: SqlStore) -> None:
    with pytest.raises(AskerError, match="`Prod` is not connected any more"):
        store.save_credentials(PROD, LOGIN)


def test_a_token_that_is_refreshed_while_its_org_moves_is_not_lost(store: SqlStore) -> None:
    for _ in range(5):
        store.add_org(PROD, LOGIN)

        def act(number: int) -> bool:
            if number == 0:
                store.rename_org("T1", "Prod", "live")
                return True
            try:
                store.save_credentials(PROD, Credentials("fresh"))
            except AskerError:
                return False
            return True

        _, saved = at_once(2, act)

        live = replace(PROD, name="live")
        assert store.credentials(live) == (Credentials("fresh") if saved else LOGIN)
        store.remove_org("T1", "live")


def test_of_twenty_refusals_at_once_one_is_news(store: SqlStore) -> None:
    store.add_org(PROD, LOGIN)

    assert at_once(20, lambda _: store.set_reconnect(PROD, needed=True)).count(True) == 1
    assert store.orgs("T1") == [replace(PROD, reconnect=True)]
    assert store.set_reconnect(PROD, needed=False)
    assert not store.set_reconnect(PROD, needed=False)


def test_an_org_that_is_gone_needs_no_reconnecting(store: SqlStore) -> None:
    assert not store.set_reconnect(PROD, needed=True)


def test_orgs_from_before_the_migration_need_no_reconnecting(database_url: str, store: SqlStore) -> None:
    database = Database(database_url)
    columns = "workspace, key, name, host, login, apps"
    with database.exclusive() as connection:
        connection.exec_driver_sql(
            f"INSERT INTO orgs ({columns}) VALUES ('T1', 'prod', 'Prod', 'h', 'jwt', '[]')"  # noqa: S608
        )
    database.close()

    (org,) = store.orgs("T1")

    assert (org.reconnect, org.connected_by) == (False, None)


# --- refreshing ----------------------------------------------------------------------------------------


def test_of_eight_threads_never_two_refresh_one_org(database_url: str, store: SqlStore) -> None:
    """Two stores on PostgreSQL, as two processes have; and the holder still gets its other connections."""
    stores = [store, store if database_url.startswith("sqlite") else opened(database_url)]
    store.add_org(PROD, LOGIN)
    inside, most = [0], [0]

    def refresh(number: int) -> bool:
        with stores[number % 2].refreshing(PROD):
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            token = store.credentials(PROD).refresh_token or ""
            time.sleep(0.02)
            store.save_credentials(PROD, replace(LOGIN, refresh_token=f"{token}|{number}"))
            inside[0] -= 1
        return True

    assert all(at_once(8, refresh))
    assert most == [1]
    assert len((store.credentials(PROD).refresh_token or "").split("|")) == 9
    stores[1].close()


def test_many_waiting_for_one_org_leave_the_others_their_connections(store: SqlStore) -> None:
    store.add_org(PROD, LOGIN)

    def refresh() -> bool:
        with store.refreshing(PROD):
            return True

    with ThreadPoolExecutor(30) as pool:
        with store.refreshing(PROD):
            waiting = [pool.submit(refresh) for _ in range(30)]
            time.sleep(0.2)
            with store.refreshing(replace(PROD, name="QA")):
                assert store.orgs("T1") == [PROD]
            assert not any(each.done() for each in waiting)
        assert all(each.result(timeout=10) for each in waiting)


def test_many_orgs_that_are_refreshed_at_once_leave_the_others_their_connections(store: SqlStore) -> None:
    """More of them than the pool has connections."""
    store.add_org(PROD, LOGIN)

    with ExitStack() as held:
        for number in range(25):
            held.enter_context(store.refreshing(replace(PROD, name=f"org{number}")))
        assert store.orgs("T1") == [PROD]


def test_a_refresh_that_takes_too_long_is_not_waited_for(
    database_url: str, store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "REFRESH_PATIENCE", 0.1)
    other = store if database_url.startswith("sqlite") else opened(database_url)

    with (
        store.refreshing(PROD),
        pytest.raises(OrgUnreachable, match="The token of `Prod` is being refreshed"),
        other.refreshing(PROD),
    ):
        pytest.fail("two inside")

    with other.refreshing(PROD):
        pass
    other.close()


def test_a_refresh_that_fails_lets_the_next_one_in(store: SqlStore) -> None:
    with pytest.raises(TimeoutError, match="Salesforce"), store.refreshing(PROD):
        raise TimeoutError("Salesforce")

    with store.refreshing(PROD):
        pass


REFRESHER = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from bot.adapters.store import SqlStore
from bot.adapters.vault import Vault
store = SqlStore(sys.argv[1], Vault([sys.argv[2]]))
org = store.org("T1", "prod")
print("ready", flush=True)
sys.stdin.readline()
with store.refreshing(org):
    entered = time.time_ns()
    time.sleep(0.05)
    print(entered, time.time_ns())
store.close()
"""


def test_of_four_processes_never_two_refresh_one_org(postgresql: Callable[[], str], tmp_path: Path) -> None:
    url = postgresql()
    store = opened(url)
    store.add_org(PROD, LOGIN)
    store.close()
    arguments = [sys.executable, "-W", "error", "-c", REFRESHER, url, KEY]
    pipe = subprocess.PIPE
    started = [
        subprocess.Popen(
            arguments, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, text=True, stdin=pipe, stdout=pipe, stderr=pipe
        )
        for _ in range(4)
    ]
    for each in started:
        assert each.stdout is not None
        assert each.stdout.readline() == "ready\n"

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda each: each.communicate("go\n", timeout=60), started))

    assert [err for _, err in results if err] == []
    times = sorted(tuple(map(int, out.split())) for out, _ in results)
    assert all(left < entered for (_, left), (entered, _) in pairwise(times))


# --- tickets -------------------------------------------------------------------------------------------


def test_of_two_hundred_threads_exactly_one_gets_a_ticket(store: SqlStore) -> None:
    store.put_ticket("login", "ticket", "payload", SOON)

    got = at_once(200, lambda _: store.take_ticket("login", "ticket", NOW) == "payload")

    assert got.count(True) == 1


def test_a_ticket_is_good_for_its_kind_until_its_end(store: SqlStore) -> None:
    for ticket in ("a", "b"):
        store.put_ticket("login", ticket, ticket, SOON)

    assert store.take_ticket("install", "a", NOW) is None
    assert store.take_ticket("login", "A", NOW) is None
    assert store.take_ticket("login", "a", SOON) is None
    assert store.take_ticket("login", "a", SOON - timedelta(microseconds=1)) == "a"
    assert store.take_ticket("login", "a", NOW) is None
    assert store.take_ticket("login", "b", NOW) == "b"


def test_what_is_kept_of_a_ticket_can_be_neither_used_nor_read(database_url: str, store: SqlStore) -> None:
    store.put_ticket("login", "planted-ticket", "planted-payload", SOON)
    database = Database(database_url)

    ((digest, kind, sealed, _),) = [tuple(row) for row in database.everywhere(tickets)]
    database.close()

    assert store.take_ticket("login", digest, NOW) is None
    assert (len(digest), kind) == (64, "login")
    assert "planted" not in digest + sealed


def test_a_payload_that_is_copied_to_another_ticket_does_not_open(database_url: str, store: SqlStore) -> None:
    store.put_ticket("login", "mine", "mine", SOON)
    store.put_ticket("login", "theirs", "theirs", SOON)
    database = Database(database_url)
    with database.exclusive() as connection:
        connection.exec_driver_sql("UPDATE tickets SET sealed = (SELECT max(sealed) FROM tickets)")
    database.close()

    got = [refused(lambda: store.take_ticket("login", ticket, NOW)) for ticket in ("mine", "theirs")]  # noqa: B023

    assert sorted(got) == [False, True]


def refused(call: Callable[[], object]) -> bool:
    try:
        call()
    except OperatorError:
        return True
    return False


def test_old_tickets_do_not_pile_up(database_url: str, store: SqlStore) -> None:
    store.put_ticket("install", "other kind", "", NOW)
    for hour in range(72):
        store.put_ticket("login", str(hour), "", NOW + timedelta(hours=hour))
    database = Database(database_url)

    assert len(database.everywhere(tickets)) == 25 + 1
    database.close()


@settings(deadline=None, max_examples=30)
@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_any_payload_under_any_ticket_comes_back(ticket: str, payload: str) -> None:
    store = opened("sqlite://")
    store.put_ticket("login", ticket, payload, SOON)

    assert store.take_ticket("login", ticket, NOW) == payload
    store.close()


def test_a_payload_of_any_length_is_kept(store: SqlStore) -> None:
    store.put_ticket("login", "long", "x" * 100_000, SOON)

    assert store.take_ticket("login", "long", NOW) == "x" * 100_000


def test_a_ticket_under_a_lost_key_is_said(database_url: str, store: SqlStore) -> None:
    store.put_ticket("login", "ticket", "payload", SOON)
    other = opened(database_url, make_key())

    with pytest.raises(OperatorError, match="login under way"):
        other.take_ticket("login", "ticket", NOW)
    other.close()


def test_statements_without_a_workspace_are_for_tables_without_one(database_url: str) -> None:
    opened(database_url).close()
    database = Database(database_url)

    with database.outside() as rows:
        for call in (rows.rows, rows.drop, rows.take, rows.put, rows.add, rows.counts):
            with pytest.raises(ValueError, match="orgs belongs to workspaces"):
                call(orgs)
    with database.exclusive() as connection:
        assert UnscopedStatements(connection).rows(tickets) == []
        assert connection.execute(text("SELECT 1")).scalar() == 1
    database.close()
