"""The built-in orgs' login in the browser refuses what Salesforce refuses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from bot.sandbox.salesforce.server import BuiltInSalesforce

CALLBACK = "https://bot.example/salesforce/callback"


@pytest.fixture(scope="module")
def salesforce() -> Iterator[BuiltInSalesforce]:
    with BuiltInSalesforce(datetime(2026, 11, 23, tzinfo=UTC)) as running:
        running.browser.callbacks.add(CALLBACK)
        yield running


def door(salesforce: BuiltInSalesforce, host: str = "acme.my.salesforce.com", **changes: str) -> requests.Response:
    asked = {
        "response_type": "code",
        "client_id": salesforce.client_id,
        "redirect_uri": CALLBACK,
        "scope": "api refresh_token",
        "state": "s",
        "code_challenge": "c" * 43,
        "code_challenge_method": "S256",
    }
    query = urlencode({name: value for name, value in (asked | changes).items() if value})
    address = salesforce.browse(f"https://{host}/services/oauth2/authorize?{query}")
    return requests.get(address, allow_redirects=False, timeout=5)


def brought(answer: requests.Response) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def test_a_my_domain_approves_and_brings_the_state_back(salesforce: BuiltInSalesforce) -> None:
    assert set(brought(door(salesforce))) == {"code", "state"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"deny": "1"}, "access_denied"),
    ],
)
def test_what_is_asked_wrongly_is_sent_back(salesforce: BuiltInSalesforce, changes: dict[str, str], error: str) -> None:
    assert brought(door(salesforce, **changes))["error"] == error


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "other"}, "invalid_client_id"),
        ({"redirect_uri": "https://evil.example/"}, "redirect_uri_mismatch"),
    ],
)
def test_nobody_is_sent_to_an_address_that_the_app_was_not_given(
    salesforce: BuiltInSalesforce, changes: dict[str, str], error: str
) -> None:
    answer = door(salesforce, **changes)

    assert (answer.status_code, error in answer.text) == (400, True)
    assert "Location" not in answer.headers


@pytest.mark.parametrize(("host", "number"), [("login.salesforce.com", 5), ("test.salesforce.com", 2)])
def test_where_everybody_logs_in_it_asks_who_it_is(salesforce: BuiltInSalesforce, host: str, number: int) -> None:
    answer = door(salesforce, host)

    assert (answer.status_code, answer.text.count("login_as=")) == (200, number)
