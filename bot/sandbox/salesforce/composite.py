"""The composite batch of a built-in org: several queries in one call, and the further pages of long answers."""

from __future__ import annotations

import base64
import binascii
import json
import re
from urllib.parse import unquote

from bot.sandbox.salesforce.http import HttpAnswer
from bot.sandbox.salesforce.orgs import BuiltInOrg
from bot.sandbox.salesforce.soql import SoqlError

_REQUESTS_TO_A_BATCH = 25
_RECORDS_TO_A_PAGE, _TOKENS_TO_A_PAGE = 2000, 500
_TOKENS_IN_ALL = 2500
"""After so many Salesforce calls its answer about tokens done, however many there are."""

_PAGE = re.compile(r"/query/(?P<locator>[\w-]+)-(?P<start>\d+)$")


def batch(org: BuiltInOrg, body: bytes) -> HttpAnswer:
    """What the org answers to each request of a batch."""
    requests = json.loads(body)["batchRequests"]
    if len(requests) > _REQUESTS_TO_A_BATCH:
        message = f"The number of requests in a batch is limited to {_REQUESTS_TO_A_BATCH}"
        return HttpAnswer(400, [{"errorCode": "LIMIT_EXCEEDED", "message": message}])
    results = [_subrequest(org, str(request.get("url", ""))) for request in requests]
    return HttpAnswer(200, {"hasErrors": any(result["statusCode"] != 200 for result in results), "results": results})


def _subrequest(org: BuiltInOrg, url: str) -> dict[str, object]:
    page = _PAGE.search(url)
    try:
        if page:
            return _answer(org, url, _soql(page["locator"]), int(page["start"]))
        return _answer(org, url, unquote(url.partition("/query?q=")[2].replace("+", " ")), 0)
    except SoqlError as error:
        return {"statusCode": 400, "result": [{"errorCode": error.code, "message": error.message}]}


def _answer(org: BuiltInOrg, url: str, soql: str, start: int) -> dict[str, object]:
    tokens = "FROM OauthToken" in soql
    records = org.database.query(soql)[: _TOKENS_IN_ALL if tokens else None]
    end = start + (_TOKENS_TO_A_PAGE if tokens else _RECORDS_TO_A_PAGE)
    result = {"totalSize": len(records), "done": end >= len(records), "records": records[start:end]}
    if not result["done"]:
        version = url.lstrip("/").partition("/")[0]
        # Stands for the query. Salesforce keeps a cursor; this one holds the question itself.
        locator = base64.urlsafe_b64encode(soql.encode()).decode().rstrip("=")
        result["nextRecordsUrl"] = f"/services/data/{version}/query/{locator}-{end}"
    return {"statusCode": 200, "result": result}


def _soql(locator: str) -> str:
    try:
        return base64.urlsafe_b64decode(locator + "=" * (-len(locator) % 4)).decode()
    except (binascii.Error, ValueError):
        raise SoqlError("INVALID_QUERY_LOCATOR", "invalid query locator") from None
