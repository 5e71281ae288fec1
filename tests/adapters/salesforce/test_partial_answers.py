"""Whichever of the questions of a check is refused, or answered in part: no more is said than the whole answer says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest

from bot.domain.model import FLOSUM_APPS, AppState, Diagnosis, Verdict
from bot.domain.orgs.app_evidence import unseen_blocks
from bot.domain.orgs.diagnosis import diagnose
from bot.domain.orgs.user_access import Entry, verdict
from bot.sandbox.salesforce.database import Record
from tests.recognition_helpers import ARTICLE
from tests.salesforce_under_test import NOW, SalesforceUnderTest

Tables = dict[str, list[Record]]
Reply = dict[str, Any]


# --- orgs ----------------------------------------------------------------------------------------------


def as_it_is(tables: Tables) -> Tables:
    return tables


def without_grants(tables: Tables) -> Tables:
    return {**tables, "SetupEntityAccess": []}


def without_apps(tables: Tables) -> Tables:
    tokens: list[Record] = [{**token, "AppMenuItemId": None} for token in tables["OauthToken"]]
    return {**tables, "ConnectedApplication": [], "SetupEntityAccess": [], "OauthToken": tokens}


def with_frozen_users(tables: Tables) -> Tables:
    return {**tables, "UserLogin": [{**login, "IsFrozen": True} for login in tables["UserLogin"]]}


def with_ended_assignments(tables: Tables) -> Tables:
    held = tables["PermissionSetAssignment"]
    return {
        **tables,
        "PermissionSetAssignment": [{**each, "ExpirationDate": "2026-11-01T00:00:00.000+0000"} for each in held],
    }


def with_twins(tables: Tables) -> Tables:
    apps = tables["ConnectedApplication"]
    return {**tables, "ConnectedApplication": [*apps, *({**app, "Id": f"{app['Id']}2"} for app in apps)]}


def of_external_client_apps(tables: Tables) -> Tables:
    ids = {app["Id"]: f"0xI{str(app['Id'])[3:]}" for app in tables["ConnectedApplication"]}
    names = {app["Id"]: app["Name"] for app in tables["ConnectedApplication"]}
    policy = {"PermittedUsersPolicyType": "AdminApprovedPreAuthorized"}
    return {
        **without_apps(tables),
        "ExternalClientApplication": [{"Id": new, "MasterLabel": names[old]} for old, new in ids.items()],
        "ExtlClntAppOauthPlcyCnfg": [{"ExternalClientApplicationId": each, **policy} for each in ids.values()],
        "SetupEntityAccess": [
            {**row, "SetupEntityId": ids[row["SetupEntityId"]]} for row in tables["SetupEntityAccess"]
        ],
    }


def blocked(tables: Tables) -> Tables:
    lines: list[Record] = [
        {
            "Action": "blockConnectedApplication",
            "Display": f"Blocked Connected App {name}",
            "CreatedDate": "2026-11-01T00:00:00.000+0000",
        }
        for name in FLOSUM_APPS
    ]
    return {**tables, "SetupAuditTrail": lines}


ORGS = (
    as_it_is,
    without_grants,
    without_apps,
    with_frozen_users,
    with_ended_assignments,
    with_twins,
    of_external_client_apps,
    blocked,
)

# --- what becomes of an answer --------------------------------------------------------------------------


def refused(code: str) -> Callable[[Reply], Reply]:
    return lambda _: {"statusCode": 400, "result": [{"errorCode": code, "message": ""}]}


def cut(share: float) -> Callable[[Reply], Reply]:
    """Some of the records, and no page behind them."""

    def spoil(said: Reply) -> Reply:
        if said["statusCode"] != 200:
            return said
        records = said["result"]["records"]
        return {"statusCode": 200, "result": {"records": records[: int(len(records) * share)], "done": False}}

    return spoil


SPOILS: Mapping[str, Callable[[Reply], Reply]] = {
    "hidden": refused("INVALID_TYPE"),
    "refused": refused("BATCH_PROCESSING_HALTED"),
    "cut before all": cut(0),
    "cut half-way": cut(0.5),
}


def spoiled(question: str, spoil: Callable[[Reply], Reply], soql: str, said: Reply) -> Reply:
    """The answer to that one question, spoiled."""
    return spoil(said) if soql == question else said


def diagnosis(under_test: SalesforceUnderTest) -> Diagnosis:
    org, credentials = under_test.org("prod")
    return diagnose(org, under_test.adapter.facts(org, credentials), article=ARTICLE, now=NOW)


def questions(under_test: SalesforceUnderTest, work: Callable[[], object]) -> list[str]:
    """What is asked while ``work`` is done."""
    asked = []

    def note(soql: str, said: Reply) -> Reply:
        asked.append(soql)
        return said

    with under_test.spoiling(note):
        work()
    return list(dict.fromkeys(asked))


@pytest.mark.parametrize("spoil", SPOILS)
@pytest.mark.parametrize("change", ORGS)
def test_a_part_of_the_answers_says_no_more_of_an_org_than_all_of_them(
    under_test: SalesforceUnderTest, change: Callable[[Tables], Tables], spoil: str
) -> None:
    under_test.refill("prod", change(under_test.records("prod")))
    whole = diagnosis(under_test)
    for question in questions(under_test, lambda: diagnosis(under_test)):
        with under_test.spoiling(partial(spoiled, question, SPOILS[spoil])):
            found = diagnosis(under_test)

        assert found.verdict in (whole.verdict, Verdict.UNKNOWN) or unseen_blocks(found), question
        if found.facts is not None and whole.facts is not None:
            states = [(app.state, was.state) for app, was in zip(found.facts.apps, whole.facts.apps, strict=True)]
            cannot_tell = (AppState.UNREADABLE, AppState.NOT_SEEN)
            assert all(now in (was, *cannot_tell) for now, was in states) or unseen_blocks(found), question


@pytest.mark.parametrize("spoil", SPOILS)
@pytest.mark.parametrize("change", ORGS)
def test_a_part_of_the_answers_says_no_more_of_a_person_than_all_of_them(
    under_test: SalesforceUnderTest, change: Callable[[Tables], Tables], spoil: str
) -> None:
    def entries() -> list[Entry]:
        found = under_test.adapter.user(*under_test.org("prod"), "Finn Oduya")  # type: ignore[attr-defined]
        return [verdict(found.users[0], app).entry for app in found.apps]

    under_test.refill("prod", change(under_test.records("prod")))
    whole = entries()
    assert len(whole) == len(FLOSUM_APPS)
    for question in questions(under_test, entries):
        if "ExpirationDate" in question and spoil == "hidden":
            continue  # without that field no assignment ends
        with under_test.spoiling(partial(spoiled, question, SPOILS[spoil])):
            found = entries()

        assert all(now in (was, Entry.UNKNOWN) for now, was in zip(found, whole, strict=False)), question
