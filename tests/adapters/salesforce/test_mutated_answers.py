"""Whatever an org answers ends in facts or in a sentence; nothing else leaves the adapter, and no body in an error.

A longer run: ``pytest -o addopts= -s tests/benchmarks/bench_mutated_answers.py``.
"""

from __future__ import annotations

import gc
import json
import random
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bot.adapters.salesforce import Salesforce
from bot.adapters.salesforce.web_server_flow import WebServerFlow
from bot.domain.errors import OrgError, OrgRefused, OrgUnreachable
from bot.domain.model import Credentials, Granted, Login, OrgFacts
from bot.sandbox.salesforce.server import BuiltInSalesforce
from tests.adapters.salesforce.mutations import ACCESS, LOGIN, MARK, OVERVIEW, Reply, ScriptedOrg, serving, spoiled
from tests.salesforce_under_test import NOW

QUERIES = [*((OVERVIEW, number) for number in range(7)), *((ACCESS, number) for number in range(7))]
IDENTITY = "https://login.salesforce.com/id/00DKd0000000001EAA/005Kd0000000001AAA"


@pytest.fixture(autouse=True)
def _nothing_is_collected_at_the_bottom() -> Iterator[None]:
    """Answers nested without end lead to the bottom of the stack, where what is collected just then could not end."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


class Target:
    """One org behind the adapter, its sessions kept; logged in to once, rightly."""

    def __init__(self, salesforce: BuiltInSalesforce, scripted: ScriptedOrg) -> None:
        self.scripted = scripted
        self.org, self.credentials = next(pair for pair in salesforce.built_in("T1") if pair[0].name == "prod")
        self.browser_org = replace(self.org, login=Login.BROWSER)
        self.kept = Credentials("key", refresh_token="refresh", access_token="session")
        self.adapter = self.fresh()
        self.expected = self.facts()
        login = json.loads(scripted.right[LOGIN].body) | {"id": IDENTITY, "refresh_token": "5Aep861next"}
        self.right = scripted.right | {LOGIN: replace(scripted.right[LOGIN], body=json.dumps(login).encode())}
        self.flow = WebServerFlow("key", "secret", lambda: "https://bot.example", route=scripted.route)

    def fresh(self) -> Salesforce:
        return Salesforce(clock=lambda: NOW, route=self.scripted.route, deadline=10)

    def facts(self) -> OrgFacts:
        return self.adapter.facts(self.org, self.credentials)

    def first_facts(self) -> OrgFacts:
        with closing(self.fresh()) as adapter:
            return adapter.facts(self.org, self.credentials)

    def exchange(self) -> Granted:
        return self.flow.exchange("prod", self.org.host, "code", "v" * 64)

    def renewed(self) -> Credentials:
        return self.flow.renewed(self.browser_org, self.kept)

    def revoke(self) -> None:
        self.flow.revoke(self.browser_org, self.kept)

    def reach(self) -> None:
        self.fresh().reach(self.org.host)


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    with BuiltInSalesforce(NOW) as salesforce, serving(ScriptedOrg(salesforce.route("https://x/"))) as scripted:
        yield Target(salesforce, scripted)


def outcome(work: Callable[[], object]) -> object:
    """What ``work`` gives; an error of ours is looked at: its sentence, and what it is made of."""
    with capture_logs() as logs:
        try:
            found = work()
        except OrgError as error:
            _assert_tells_no_body(error)
            found = error
    foreseen = ("not available", "unusable answer")  # told with their status, for the operator
    assert [line for line in logs if line["event"] not in foreseen] == [], "an error that nobody foresaw"
    return found


def _assert_tells_no_body(error: OrgError) -> None:
    assert error.text.endswith(".")
    assert len(error.text) < 800
    assert error.text.isprintable()
    assert (error.__cause__, error.__context__) == (None, None)
    assert MARK not in "".join(traceback.format_exception(error)) + repr(vars(error))


def spoil(target: Target, kind: str, work: Callable[[], object], times: int, inside: tuple[str | int, ...] = ()) -> int:
    """Let ``work`` meet that many spoiled answers; how many it could make nothing of."""
    rng, troubles = random.Random(f"{kind}{inside}{work.__name__}"), 0  # noqa: S311 - the same spoils in every run
    for number in range(times):
        target.scripted.script = {kind: spoiled(rng, target.right[kind], inside)}
        try:
            troubles += isinstance(outcome(work), OrgError)
        except BaseException as error:
            error.add_note(f"spoiled answer {number}: {target.scripted.script[kind]!r:.2000}")
            raise
        finally:
            target.scripted.script = {}
    return troubles


@pytest.mark.parametrize(
    ("way", "times"), [("first_facts", 500), ("exchange", 250), ("renewed", 150), ("revoke", 100), ("reach", 50)]
)
def test_a_spoiled_answer_to_a_login_ends_in_a_sentence(target: Target, way: str, times: int) -> None:
    assert spoil(target, LOGIN, getattr(target, way), times) <= times


@pytest.mark.parametrize("kind", [OVERVIEW, ACCESS])
def test_a_spoiled_batch_ends_in_facts_or_a_sentence(target: Target, kind: str) -> None:
    assert 100 < spoil(target, kind, target.facts, 250) < 250


@pytest.mark.parametrize(("kind", "number"), QUERIES)
def test_a_spoiled_answer_to_one_question_ends_in_facts_or_a_sentence(target: Target, kind: str, number: int) -> None:
    assert spoil(target, kind, target.facts, 80, ("results", number)) < 80


# --- odd, and right all the same -----------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
@pytest.mark.parametrize("kind", [LOGIN, OVERVIEW, ACCESS])
def test_json_in_another_encoding_is_read(target: Target, kind: str, encoding: str) -> None:
    right = target.right[kind]
    target.scripted.script = {kind: replace(right, body=right.body.decode().encode(encoding))}

    assert outcome(target.first_facts) == target.expected


@pytest.mark.parametrize("status", [201, 202, 203, 206, 226])
@pytest.mark.parametrize("kind", [LOGIN, OVERVIEW, ACCESS])
def test_another_success_than_200_is_one(target: Target, kind: str, status: int) -> None:
    target.scripted.script = {kind: replace(target.right[kind], status=status)}

    assert outcome(target.first_facts) == target.expected


def test_a_charset_that_is_not_so_spoils_no_name(target: Target) -> None:
    right = target.right[ACCESS]
    body = json.loads(right.body)
    body["results"][0]["result"]["records"][0]["Parent"] = {"Label": "Übergabe ☃", "IsOwnedByProfile": False}
    wrong = (("Content-Type", "application/json;charset=ISO-8859-1"),)
    target.scripted.script = {ACCESS: Reply(200, json.dumps(body, ensure_ascii=False).encode(), wrong)}

    assert "Übergabe ☃" in repr(outcome(target.first_facts))


@pytest.mark.parametrize(
    "odd",
    [{"expires_in": "soon"}, {"expires_at": {}}, {"token_type": 7}, {"scope": ["api"]}, {"error": None}, {"id": 7}],
    ids=str,
)
def test_a_field_of_another_kind_that_nobody_needs_spoils_no_renewal(target: Target, odd: dict[str, object]) -> None:
    body = json.loads(target.right[LOGIN].body) | odd
    target.scripted.script = {LOGIN: replace(target.right[LOGIN], body=json.dumps(body).encode())}

    renewed = outcome(target.renewed)

    assert isinstance(renewed, Credentials)
    assert renewed.refresh_token == "5Aep861next"


def test_a_refresh_token_of_another_kind_leaves_the_one_there_is(target: Target) -> None:
    body = json.loads(target.right[LOGIN].body) | {"refresh_token": 7}
    target.scripted.script = {LOGIN: replace(target.right[LOGIN], body=json.dumps(body).encode())}

    renewed = outcome(target.renewed)

    assert isinstance(renewed, Credentials)
    assert renewed.refresh_token == "refresh"


@pytest.mark.parametrize("name", ["\ud800", "a\x00b", "x" * 5000])
def test_a_name_that_no_database_takes_is_made_fit(target: Target, name: str) -> None:
    body = json.loads(target.right[ACCESS].body)
    body["results"][0]["result"]["records"][0]["Parent"] = {"Label": name, "IsOwnedByProfile": False}
    target.scripted.script = {ACCESS: Reply(200, json.dumps(body).encode())}

    facts = outcome(target.first_facts)

    assert isinstance(facts, OrgFacts)
    labels = [label for app in facts.apps for label in app.permission_sets or ()]
    assert any(label[:1] in ("\ufffd", "a", "x") for label in labels)
    assert all(len(label.encode()) <= 1000 and "\x00" not in label for label in labels)


def test_an_id_that_cannot_be_asked_for_ends_in_facts_or_a_sentence(target: Target) -> None:
    body = json.loads(target.right[OVERVIEW].body)
    body["results"][1]["result"]["records"][0]["Id"] = "\ud800"
    target.scripted.script = {OVERVIEW: Reply(200, json.dumps(body).encode())}

    assert isinstance(outcome(target.first_facts), OrgFacts)


@pytest.mark.parametrize("body", [b'"\\ud800"', b"7", b"null", b"<html>", b"\xff"])
def test_a_refusal_in_another_shape_is_no_answer(target: Target, body: bytes) -> None:
    target.scripted.script = {OVERVIEW: Reply(400, body)}

    assert isinstance(outcome(target.first_facts), OrgUnreachable)


def test_a_refusal_behind_a_success_is_a_refusal(target: Target) -> None:
    target.scripted.script = {LOGIN: Reply(200, b'{"error": "invalid_grant", "error_description": "inactive user"}')}

    assert isinstance(outcome(target.first_facts), OrgRefused)


def test_an_error_that_nobody_foresaw_becomes_the_orgs_own_sentence(target: Target) -> None:
    def broken() -> None:
        raise KeyError(MARK)

    adapter = Salesforce(clock=broken, route=target.scripted.route, deadline=10)  # type: ignore[arg-type]
    target.scripted.script = {}
    with capture_logs() as logs, pytest.raises(OrgUnreachable, match="`prod` gave an answer") as caught:
        adapter.facts(target.org, target.credentials)

    _assert_tells_no_body(caught.value)
    assert [entry["kind"] for entry in logs] == ["KeyError"]
    assert MARK not in repr(logs)


@pytest.mark.parametrize("host", ["", "a" * 300 + ".example", "acme..example", "[::1", "*.example"])
def test_a_host_that_no_address_can_hold_is_out_of_reach(host: str) -> None:
    assert isinstance(outcome(lambda: Salesforce(clock=lambda: NOW, deadline=2).reach(host)), OrgUnreachable)
