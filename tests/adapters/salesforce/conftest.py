"""The built-in Salesforce, running, and the adapter over it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.sandbox.salesforce.server import BuiltInSalesforce
from tests.salesforce_under_test import NOW, SalesforceUnderTest


@pytest.fixture(scope="module")
def running() -> Iterator[BuiltInSalesforce]:
    with BuiltInSalesforce(NOW) as salesforce:
        yield salesforce


@pytest.fixture
def under_test(running: BuiltInSalesforce) -> Iterator[SalesforceUnderTest]:
    with SalesforceUnderTest(running) as under_test:
        yield under_test
