"""The built-in Salesforce and a fresh adapter on it, for the tests of the adapter."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch
from urllib.parse import unquote

from bot.adapters.salesforce import Salesforce
from bot.domain.errors import OrgError
from bot.domain.model import AppFacts, Credentials, Org, OrgFacts
from bot.ports import Orgs
from bot.sandbox.salesforce.database import OrgRecords, Record
from bot.sandbox.salesforce.http import HttpAnswer, Request
from bot.sandbox.salesforce.server import BuiltInSalesforce

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TOKEN, BATCH = "/services/oauth2/token", "/services/data/v67.0/composite/batch"


class SalesforceUnderTest:
    """The built-in Salesforce and a fresh adapter on it."""

    def __init__(self, salesforce: BuiltInSalesforce) -> None:
        self.salesforce = salesforce
        self.adapter: Orgs = Salesforce(clock=lambda: NOW, route=salesforce.route)
        self._before = len(salesforce.requests)
        self._orgs = dict(salesforce.orgs)

    def __enter__(self) -> SalesforceUnderTest:
        return self

    def __exit__(self, *_: object) -> None:
        """Put every org back as it was."""
        self.salesforce.orgs.update(self._orgs)
        for org in self._orgs.values():
            self.salesforce.mend(org.name)

    def hasty(self, seconds: float) -> None:
        self.adapter = Salesforce(clock=lambda: NOW, route=self.salesforce.route, deadline=seconds)

    def org(self, name: str) -> tuple[Org, Credentials]:
        return next(pair for pair in self.salesforce.built_in("T1") if pair[0].name == name)

    def facts(self, name: str) -> OrgFacts:
        return self.adapter.facts(*self.org(name))

    def apps(self, name: str) -> tuple[AppFacts, AppFacts]:
        backup, devops = self.facts(name).apps
        return backup, devops

    def calls(self) -> list[str]:
        """The paths of the calls since the last time this was asked."""
        found = [request.path for request in self.salesforce.requests[self._before :]]
        self._before += len(found)
        return found

    def records(self, name: str) -> dict[str, list[Record]]:
        """A copy of an org's tables, to be changed and put back."""
        org = next(org for org in self.salesforce.orgs.values() if org.name == name)
        return {table: list(rows) for table, rows in org.database.tables.items()}

    def refill(self, name: str, tables: dict[str, list[Record]], hidden: frozenset[str] = frozenset()) -> None:
        self.salesforce.change(name, database=OrgRecords(tables, hidden))

    @contextmanager
    def refusing(self, words: str, code: str) -> Iterator[None]:
        """Each question in which these words stand is refused with that code, whichever org is asked."""
        refused = {"statusCode": 400, "result": [{"errorCode": code, "message": ""}]}
        with self.spoiling(lambda soql, said: refused if words in soql else said):
            yield

    @contextmanager
    def spoiling(self, spoil: Callable[[str, dict[str, Any]], dict[str, Any]]) -> Iterator[None]:
        """Each answer becomes what ``spoil`` makes of it; it takes the question, too. Whichever org is asked."""
        answer = self.salesforce.answer

        def spoiled(request: Request, headers: dict[str, str], body: bytes) -> HttpAnswer:
            said = answer(request, headers, body)
            if request.path == BATCH and isinstance(said.body, dict):
                asked = [unquote(each["url"].partition("?q=")[2]) for each in json.loads(body)["batchRequests"]]
                said.body["results"] = list(map(spoil, asked, said.body["results"]))
            return said

        with patch.object(self.salesforce, "answer", spoiled):
            yield


def outcome(work: Callable[[], OrgFacts]) -> OrgFacts | OrgError:
    try:
        return work()
    except OrgError as error:
        return error
