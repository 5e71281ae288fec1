"""The APIs of Setup, as far as we ask them: one setting of the Metadata API, one object of the Tooling API."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from urllib.parse import parse_qs

from bot.sandbox.salesforce.http import HttpAnswer
from bot.sandbox.salesforce.orgs import BuiltInOrg
from bot.sandbox.salesforce.soql import SoqlError

METADATA_PATH = "/services/Soap/m/"
SETTINGS = "ConnectedAppSettings"
"""Hidden from the connection's user: the Metadata API refuses."""

_ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope '
    'xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="http://soap.sforce.com/2006/04/metadata" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>{}</soapenv:Body></soapenv:Envelope>'
)
_SESSION = re.compile(r"<m:sessionId>([^<]+)</m:sessionId>")
_READ = f"<m:readMetadata><m:type>{SETTINGS}</m:type><m:fullNames>ConnectedApp</m:fullNames></m:readMetadata>"


def metadata(org: BuiltInOrg, question: str, in_session: Callable[[str], bool]) -> HttpAnswer:
    """The org's settings for connected apps; a fault for every other question."""
    session = _SESSION.search(question)
    if session is None or not in_session(html.unescape(session[1])):
        return _fault("sf:INVALID_SESSION_ID", "Invalid Session ID found in SessionHeader")
    if _READ not in question:
        return _fault("sf:INVALID_TYPE", "This type of metadata is not available for this organization")
    if SETTINGS in org.database.hidden:
        return _fault("sf:INSUFFICIENT_ACCESS", "insufficient access rights on cross-reference id")
    switch = ""
    if org.access_control is not None:
        switch = f"<enableAdminApprovedAppsOnly>{str(org.access_control).lower()}</enableAdminApprovedAppsOnly>"
    record = f'<records xsi:type="{SETTINGS}"><fullName>ConnectedApp</fullName>{switch}</records>'
    answer = f"<readMetadataResponse><result>{record}</result></readMetadataResponse>"
    return HttpAnswer(200, _ENVELOPE.format(answer), content_type="text/xml; charset=UTF-8")


def _fault(code: str, text: str) -> HttpAnswer:
    fault = f"<soapenv:Fault><faultcode>{code}</faultcode><faultstring>{code}: {text}</faultstring></soapenv:Fault>"
    return HttpAnswer(500, _ENVELOPE.format(fault), content_type="text/xml; charset=UTF-8")


def tooling(org: BuiltInOrg, query: str) -> HttpAnswer:
    """The records that answer the question ``q``."""
    try:
        records = org.database.query_tooling("".join(parse_qs(query).get("q", [])))
    except SoqlError as error:
        return HttpAnswer(400, [{"errorCode": error.code, "message": error.message}])
    return HttpAnswer(200, {"size": len(records), "totalSize": len(records), "done": True, "records": records})
