"""Answers that are none: each becomes one sentence, and nothing else escapes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.salesforce import Salesforce
from bot.domain.errors import OrgError, OrgUnreachable
from bot.domain.model import AppState
from bot.sandbox.salesforce.faults import CUT_OFF_JSON, DATA, EMPTY, LOGIN, WEB_PAGE, OrgFault
from tests.salesforce_under_test import NOW, SalesforceUnderTest, outcome

FAULTS: dict[str, tuple[OrgFault, str]] = {
    "a web page": (WEB_PAGE, "a web page"),
    "nothing": (EMPTY, "nothing"),
    "cut-off JSON": (CUT_OFF_JSON, "cut off"),
    "a cut-off body": (OrgFault(truncate=True), "cut off"),
    "plain text": (OrgFault(body=b"Bad_OAuth_Token"), "plain text"),
    "a list": (OrgFault(body=b"[]"), "something else"),
    "null": (OrgFault(body=b"null"), "something else"),
    "a number": (OrgFault(body=b"7"), "something else"),
    "deep JSON": (OrgFault(body=b"[" * 100_000), "cut off"),
    "not UTF-8": (OrgFault(body=b'{"a": "\xff\xfe"}'), "cut off"),
    "500": (OrgFault(status=500, body=b"<html>"), "not available now"),
    "503": (OrgFault(status=503, body=b'[{"errorCode": "SERVER_UNAVAILABLE"}]'), "not available now"),
    "429": (OrgFault(status=429, body=b""), "not available now"),
    "a reset": (OrgFault(reset=True), "broke off"),
    "a redirect": (OrgFault(status=302, location="https://evil.example/"), "another address"),
    "a redirect that keeps the body": (OrgFault(status=307, location="https://evil.example/"), "another address"),
}


@pytest.mark.parametrize("path", [LOGIN, DATA])
@pytest.mark.parametrize("fault", FAULTS)
def test_an_unusable_answer_becomes_a_sentence(under_test: SalesforceUnderTest, fault: str, path: str) -> None:
    broken, words = FAULTS[fault]
    under_test.salesforce.break_org("prod", replace(broken, path=path))

    with pytest.raises(OrgUnreachable, match=words) as caught:
        under_test.facts("prod")

    assert "`prod`" in caught.value.text
    assert caught.value.text.endswith(".")
    # A kept connection that breaks off may have been closed meanwhile, which a fresh one tells.
    again = fault == "a reset" and path == DATA
    assert len(under_test.calls()) == (1 if path == LOGIN else 2) + again


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"results": None},
        {"results": []},
        {"results": [{"statusCode": 200, "result": {"done": True, "records": []}}] * 5},
        {"results": ["x"] * 6},
        {"results": [{"statusCode": "200"}] * 6},
        {"results": [{"statusCode": 200, "result": []}] * 6},
        {"results": [{"statusCode": 200, "result": {"records": [7]}}] * 6},
        {"results": [{"statusCode": 500, "result": None}] * 6},
        {"results": [{"statusCode": 400, "result": [{"errorCode": "QUERY_TIMEOUT"}]}] * 6},
    ],
    ids=str,
)
def test_a_batch_that_answers_nothing_is_no_fact_about_the_org(under_test: SalesforceUnderTest, body: object) -> None:
    under_test.salesforce.break_org("prod", OrgFault(body=json.dumps(body).encode(), path=DATA))

    with pytest.raises(OrgUnreachable, match="`prod` did not answer the questions about its apps"):
        under_test.facts("prod")


OK = b"HTTP/1.1 200 OK\r\n"
RAW = [
    b"",
    b"220 smtp.example ESMTP\r\n",
    b"HTTP/9.9 2000\r\n\r\n",
    b"HTTP/1.1 200",
    OK + b"Content-Length: many\r\n\r\n{}",
    OK + b"Content-Length: 5\r\nContent-Length: 7\r\n\r\n{}",
    OK + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
    OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}",
    OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{}",
    OK + b"X: " + b"y" * 70_000 + b"\r\n\r\n{}",
    OK + b"X: y\r\n" * 200 + b"\r\n{}",
    OK + b"Set-Cookie: \xff\xfe=\x00\r\nContent-Type: \xff\r\nContent-Length: 2\r\n\r\n[]",
    b"HTTP/1.1 301 Moved\r\nLocation: https://[::1\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n" * 3,
]


@pytest.mark.parametrize("path", [LOGIN, DATA])
@pytest.mark.parametrize("raw", RAW, ids=lambda raw: repr(raw[:40]))
def test_broken_http_becomes_a_sentence(under_test: SalesforceUnderTest, raw: bytes, path: str) -> None:
    under_test.salesforce.break_org("prod", OrgFault(raw=raw, path=path))

    with pytest.raises(OrgUnreachable, match=r"`prod`.*\.$"):
        under_test.facts("prod")


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"access_token": "x"},
        {"access_token": None, "instance_url": "https://acme.my.salesforce.com"},
        {"access_token": "x", "instance_url": 7},
        {"access_token": "x", "instance_url": "https://evil.example"},
        {"access_token": "x", "instance_url": "https://acme.my.salesforce.com.evil.example"},
        {"access_token": "x", "instance_url": "https://[::1"},
        {"access_token": "x", "instance_url": "https://acme.my.salesforce.com:99999"},
        {"access_token": "x", "instance_url": "https://acme.my.salesforce.com@evil.example"},
        {"access_token": "x", "instance_url": "http://acme.my.salesforce.com"},
        {"access_token": "", "instance_url": "https://acme.my.salesforce.com"},
        {"access_token": "x\r\nX: y", "instance_url": "https://acme.my.salesforce.com"},
        {"access_token": "\u2603", "instance_url": "https://acme.my.salesforce.com"},
    ],
    ids=str,
)
def test_a_login_without_a_session_of_salesforce_is_unusable(
    under_test: SalesforceUnderTest, answer: dict[str, Any]
) -> None:
    under_test.salesforce.break_org("prod", OrgFault(body=json.dumps(answer).encode(), path=LOGIN))

    with pytest.raises(OrgUnreachable, match=r"a login without a session|not Salesforce's"):
        under_test.facts("prod")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["results", "result", "statusCode", "records", "done", "Name", "error", "access_token"]),
            inner,
        )
    ),
    max_leaves=12,
)
_BATCHES = st.lists(
    st.fixed_dictionaries({"statusCode": st.sampled_from([200, 400, 401, 500]), "result": _JSON})
    | st.fixed_dictionaries(
        {"statusCode": st.just(200), "result": st.fixed_dictionaries({"records": st.lists(_JSON, max_size=2)})}
    ),
    min_size=6,
    max_size=6,
).map(lambda results: {"results": results})


@given(body=_JSON | _BATCHES, status=st.sampled_from([200, 201, 400, 401, 403]), path=st.sampled_from([LOGIN, DATA]))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_json_comes_the_answer_is_facts_or_a_sentence(
    under_test: SalesforceUnderTest, body: object, status: int, path: str
) -> None:
    under_test.salesforce.break_org("prod", OrgFault(status=status, body=json.dumps(body).encode(), path=path))

    adapter = Salesforce(clock=lambda: NOW, route=under_test.salesforce.route)
    found = outcome(lambda: adapter.facts(*under_test.org("prod")))

    if isinstance(found, OrgError):
        assert found.text.endswith(".")
    else:
        assert AppState.NOT_INSTALLED not in {app.state for app in found.apps}
