"""The store on a SQLite file and on a real PostgreSQL alike: what it keeps, and who wins a race."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import StatementError

from bot.adapters.store import SqlStore
from bot.adapters.store.database import Database
from bot.adapters.store.records import facts_record, facts_values, folded
from bot.domain.errors import AskerError
from bot.domain.model import DEVOPS_APP, AppFacts, AppState, Credentials, Failure, KeptOrg, OrgFacts, Policy
from tests.store_helpers import LEASE, LOGIN, NOW, PROD, READING, at_once, opened

pytest_plugins = ["tests.databases"]

# --- orgs ----------------------------------------------------------------------------------------------


def test_an_org_comes_back_as_it_was_added(store: SqlStore) -> None:
    org = replace(PROD, username="bot@acme.com", sandbox=False, apps=(DEVOPS_APP,), owner="U1")

    store.add_org(org, LOGIN)

    assert store.org("T1", "Prod") == org
    assert store.credentials(org) == LOGIN


@pytest.mark.parametrize(
    ("added", "asked"),
    [
        ("Prod", "PROD"),
        ("Straße", "STRASSE"),
        ("Caf\N{LATIN SMALL LETTER E WITH ACUTE}", "CAFE\N{COMBINING ACUTE ACCENT}"),
        ("ПРОД", "прод"),
        (
            "\N{GREEK SMALL LETTER ALPHA WITH OXIA AND YPOGEGRAMMENI}",
            "\u03b1\u0345\u0301",
        ),  # in any order, too
        ("本番", "本番 "),
    ],
)
def test_a_name_is_the_same_in_any_case_and_composition(store: SqlStore, added: str, asked: str) -> None:
    store.add_org(replace(PROD, name=added), LOGIN)

    found = store.org("T1", asked)

    assert found is not None
    assert found.name == added
    with pytest.raises(AskerError, match="is connected already"):
        store.add_org(replace(PROD, name=asked), LOGIN)


@given(st.text())
def test_folding_a_name_twice_changes_nothing_more(name: str) -> None:
    assert folded(folded(name)) == folded(name)
    folded(name).encode()  # storable


def test_a_second_org_of_that_name_leaves_the_first_as_it_was(store: SqlStore) -> None:
    store.add_org(PROD, LOGIN)

    with pytest.raises(AskerError, match="An org called `pROD` is connected already"):
        store.add_org(replace(PROD, name="pROD", host="other.my.salesforce.com"), Credentials("other"))

    assert store.orgs("T1") == [PROD]
    assert store.credentials(PROD) == LOGIN


def test_orgs_are_sorted_without_regard_to_case(store: SqlStore) -> None:
    for name in ("b", "C", "a", "Ä", "_", "10", "9"):
        store.add_org(replace(PROD, name=name), LOGIN)

    assert [org.name for org in store.orgs("T1")] == ["10", "9", "_", "a", "b", "C", "Ä"]


@pytest.mark.parametrize("name", ["", "  ", "a\0b", "a\nb", "\ud800"])
def test_a_name_that_nobody_could_type_is_refused_and_looking_it_up_finds_nothing(store: SqlStore, name: str) -> None:
    with pytest.raises(AskerError, match="cannot be stored"):
        store.add_org(replace(PROD, name=name), LOGIN)

    assert store.org("T1", name) is None
    assert not store.remove_org("T1", name)


def test_a_removed_org_takes_its_credentials_and_facts_with_it(store: SqlStore) -> None:
    store.add_org(PROD, LOGIN)
    store.save_facts(PROD, READING)

    assert store.remove_org("T1", "PROD")

    assert not store.remove_org("T1", "PROD")
    assert store.facts(PROD) is None
    with pytest.raises(AskerError, match="`Prod` is not connected any more"):
        store.credentials(PROD)
    store.add_org(PROD, LOGIN)
    assert store.all_facts("T1") == {}


def test_two_people_who_add_the_same_org_at_once_get_one(store: SqlStore) -> None:
    def add(number: int) -> bool:
        try:
            store.add_org(replace(PROD, owner=f"U{number}"), Credentials(f"key {number}"))
        except AskerError:
            return False
        return True

    assert at_once(8, add).count(True) == 1
    (org,) = store.orgs("T1")
    assert org.owner is not None
    assert store.credentials(org) == Credentials(f"key {org.owner[1:]}")


# --- facts ---------------------------------------------------------------------------------------------


def test_a_reading_comes_back_as_it_was_and_teaches_the_org_its_id(store: SqlStore) -> None:
    store.add_org(PROD, LOGIN)

    store.save_facts(PROD, READING)

    assert store.facts(PROD) == READING
    assert store.all_facts("T1") == {"Prod": READING}
    org = store.org("T1", "prod")
    assert org == replace(PROD, organization_id="00D000000000001EAA", sandbox=True)


def test_a_reading_from_before_a_field_came_is_not_lost() -> None:
    stored = facts_values(READING)
    body = json.loads(stored["facts"])
    del body["other_apps"]
    for app in body["apps"]:
        for field in ("frozen_users", "ended_users", "stale_groups", "doubts", "history", "controlled"):
            del app[field]

    found = facts_record(SimpleNamespace(**{**stored, "facts": json.dumps(body)}))  # type: ignore[arg-type]

    assert found is not None
    assert found.apps[0] == replace(
        READING.apps[0], frozen_users=None, ended_users=None, stale_groups=(), doubts=(), history=None, controlled=None
    )
    assert (found.apps[1], found.other_apps) == (READING.apps[1], ())


def test_a_reading_that_knows_less_of_the_org_does_not_unteach_it(store: SqlStore) -> None:
    store.add_org(PROD, LOGIN)
    store.save_facts(PROD, READING)
    later = replace(READING, checked_at=NOW + LEASE, organization_id=None, sandbox=None, apps=())

    store.save_facts(PROD, later)

    assert store.facts(PROD) == later
    org = store.org("T1", "prod")
    assert org is not None
    assert (org.organization_id, org.sandbox) == ("00D000000000001EAA", True)


def test_a_reading_of_an_org_that_was_removed_meanwhile_is_dropped(store: SqlStore) -> None:
    store.save_facts(PROD, READING)

    assert store.facts(PROD) is None


def test_a_reading_that_another_version_wrote_counts_as_none(database_url: str, store: SqlStore) -> None:
    store.add_org(PROD, LOGIN)
    store.save_facts(PROD, READING)
    database = Database(database_url)
    with database.exclusive() as connection:
        connection.exec_driver_sql("UPDATE org_facts SET version = 99, facts = '{}'")
    database.close()

    assert store.facts(PROD) is None
    assert store.all_facts("T1") == {}
    store.save_facts(PROD, READING)
    assert store.facts(PROD) == READING


instants = st.datetimes(
    min_value=datetime(1970, 1, 2),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(9998, 1, 1),  # noqa: DTZ001
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
names = st.none() | st.lists(st.text(max_size=9), max_size=3).map(tuple)
app_facts = st.builds(
    AppFacts,
    name=st.text(max_size=9),
    state=st.sampled_from(AppState),
    app_id=st.none() | st.text(max_size=9),
    permitted_users=st.none() | st.sampled_from(Policy),
    profiles=names,
    permission_sets=names,
    users_with_access=st.none() | st.integers(0, 10**6),
    connected_users=st.none() | st.integers(0, 10**6),
    last_used=st.none() | instants,
)
readings = st.builds(
    OrgFacts,
    checked_at=instants,
    organization_id=st.none() | st.text("0Dabc", min_size=1, max_size=18),
    sandbox=st.none() | st.booleans(),
    apps=st.lists(app_facts, max_size=3).map(tuple),
    missing_permissions=st.lists(st.text(max_size=9), max_size=2).map(tuple),
)


def test_any_reading_comes_back_equal_and_in_utc() -> None:
    store = opened("sqlite://")
    store.add_org(PROD, LOGIN)

    @settings(deadline=None)
    @given(readings)
    def keeps(reading: OrgFacts) -> None:
        store.save_org(PROD)  # which forgets when it was asked: an older reading is not kept
        store.save_facts(PROD, reading)

        back = store.facts(PROD)

        assert back == reading
        assert {back.checked_at.tzinfo, *(app.last_used.tzinfo for app in back.apps if app.last_used)} == {UTC}

    keeps()
    store.close()


def test_an_instant_comes_back_aware_in_utc_whatever_zone_it_came_in(store: SqlStore) -> None:
    kathmandu = timezone(timedelta(hours=5, minutes=45))
    store.add_org(replace(PROD, added_at=NOW.astimezone(kathmandu)), LOGIN)

    org = store.org("T1", "prod")

    assert org is not None
    assert org.added_at is not None
    assert org.added_at.isoformat() == "2026-11-23T08:00:00.123456+00:00"


def test_an_instant_without_a_zone_is_refused(store: SqlStore) -> None:
    with pytest.raises(StatementError, match="a datetime without a zone cannot be stored"):
        store.add_org(replace(PROD, added_at=datetime(2026, 1, 1)), LOGIN)  # noqa: DTZ001 - the point of it


def test_many_readings_are_kept_at_once_whoever_else_keeps_theirs(store: SqlStore) -> None:
    """Two that check all orgs at once lock the same rows, whatever order they come in."""
    names = [f"org-{number}" for number in range(20)]
    for name in names:
        store.add_org(replace(PROD, name=name), LOGIN)

    def keep(number: int) -> bool:
        order = names if number % 2 else names[::-1]
        readings = {name: replace(READING, organization_id=f"00D{number}") for name in order}
        store.save_readings("T1", {**readings, "gone": READING})
        return True

    assert all(at_once(8, keep))

    assert set(store.all_facts("T1")) == set(names)
    assert len({org.organization_id for org in store.orgs("T1")}) == 1


def test_keeping_no_reading_is_no_error(store: SqlStore) -> None:
    store.save_readings("T1", {})
    store.save_readings("T1", {"gone": READING})

    assert store.all_facts("T1") == {}


def test_a_reading_that_tells_less_than_is_known_takes_nothing_back(store: SqlStore) -> None:
    store.add_org(replace(PROD, organization_id="00D1", sandbox=True), LOGIN)

    store.save_facts(PROD, replace(READING, organization_id=None, sandbox=False))
    assert [(org.organization_id, org.sandbox) for org in store.orgs("T1")] == [("00D1", False)]

    store.save_facts(PROD, replace(READING, organization_id="00D2", sandbox=None))
    assert [(org.organization_id, org.sandbox) for org in store.orgs("T1")] == [("00D2", False)]


FAILED = Failure(NOW + timedelta(minutes=5), "`Prod` did not answer.")


def test_an_attempt_that_failed_is_kept_beside_the_newest_reading_until_one_goes_well(store: SqlStore) -> None:
    never = replace(PROD, name="never")
    for org in (PROD, never):
        store.add_org(org, LOGIN)
    store.save_facts(PROD, READING)

    there = store.save_readings("T1", {"Prod": FAILED, "never": FAILED, "gone": FAILED})

    assert set(there) == {"Prod", "never"}
    assert [(kept.org.failure, kept.facts) for kept in store.kept_orgs("T1")] == [(FAILED, None), (FAILED, READING)]
    store.save_facts(PROD, replace(READING, checked_at=FAILED.at + timedelta(minutes=1)))
    assert [org.failure for org in store.orgs("T1")] == [FAILED, None]


def test_what_was_overtaken_by_a_later_attempt_is_not_kept(store: SqlStore) -> None:
    store.add_org(PROD, LOGIN)
    later = replace(READING, checked_at=NOW + timedelta(minutes=6))
    store.save_facts(PROD, later)

    store.save_readings("T1", {"Prod": FAILED})
    store.save_facts(PROD, READING)

    assert store.facts(PROD) == later
    assert [org.failure for org in store.orgs("T1")] == [None]


def test_an_attempt_in_a_future_that_a_wrong_clock_told_stands_in_nobodys_way(store: SqlStore) -> None:
    store.add_org(PROD, LOGIN)
    store.save_facts(PROD, replace(READING, checked_at=NOW + timedelta(days=365)))

    store.save_facts(PROD, READING)

    assert store.facts(PROD) == READING


def test_a_failure_names_the_org_as_it_is_called_now(store: SqlStore) -> None:
    store.add_org(PROD, LOGIN)
    store.save_readings("T1", {"Prod": FAILED})

    for name in ("PROD", "live"):
        renamed = store.rename_org("T1", store.orgs("T1")[0].name, name)
        assert renamed.failure == Failure(FAILED.at, f"`{name}` did not answer.")
        assert store.orgs("T1") == [renamed]


def test_what_another_version_kept_of_one_org_hides_nobody_else(database_url: str, store: SqlStore) -> None:
    for name in ("abc", "prod"):
        store.add_org(replace(PROD, name=name), LOGIN)
        store.save_facts(replace(PROD, name=name), READING)
    database = Database(database_url)
    with database.exclusive() as connection:
        connection.exec_driver_sql("""UPDATE org_facts SET facts = '{"apps": 1}' WHERE org_key = 'abc'""")
    database.close()

    assert [kept.facts for kept in store.kept_orgs("T1")] == [None, READING]
    assert store.all_facts("T1") == {"prod": READING}


def test_orgs_come_with_all_that_is_kept_of_them(store: SqlStore) -> None:
    first, second = replace(PROD, name="Abc"), replace(PROD, name="prod")
    for org in (second, first):
        store.add_org(org, Credentials(org.name))
    store.save_facts(second, READING)
    read = replace(second, organization_id=READING.organization_id, sandbox=READING.sandbox)
    both = [KeptOrg(first, Credentials("Abc")), KeptOrg(read, Credentials("prod"), READING)]

    assert store.kept_orgs("T1") == both
    assert store.kept_orgs("T1", "ABC") == both[:1]
    assert store.kept_orgs("T1", "gone") == store.kept_orgs("T2") == []
