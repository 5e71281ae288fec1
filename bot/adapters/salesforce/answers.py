"""Bodies of answers: which are usable, and in which form they are handed on.

simple-salesforce and Authlib stumble over what they do not expect (some of their errors carry the raw body), so they
only get to see JSON in UTF-8, and of a login only the fields and types that they are made for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from bot.adapters.salesforce import failures
from bot.adapters.salesforce.refusals import refused_login
from bot.domain.model import Login

_TOKEN = re.compile(r"[!-~]{1,4000}")  # what a header can carry
_INSTANCE = re.compile(r"https://(?:[a-z0-9-]+\.)+salesforce\.com/?", re.IGNORECASE)
_TOKEN_FIELDS = ("access_token", "instance_url", "id", "refresh_token", "token_type")
_GRANTS = {
    "urn:ietf:params:oauth:grant-type:jwt-bearer": Login.JWT,
    "client_credentials": Login.CLIENT_CREDENTIALS,
    "authorization_code": Login.BROWSER,
    "refresh_token": Login.BROWSER,
}


def in_utf8(body: bytes) -> bytes:
    """``body`` without a byte order mark, and in UTF-8 where it is JSON in UTF-16 or UTF-32."""
    try:
        return body.decode(json.detect_encoding(body)).removeprefix("\ufeff").encode()
    except ValueError:
        return body


def json_object(org: str, status: int, body: bytes) -> dict[str, Any]:
    """What an answer with ``body`` holds. Raises OrgUnreachable where that is no JSON object."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
        what = failures.kind_of(body)
    else:
        what = "something else"
    if not isinstance(answer, dict):
        raise failures.unusable(org, status, what)
    return answer


def token_answer(org: str, status: int, body: bytes, login: Login | None) -> bytes:
    """The fields of a token endpoint's answer that are of use. Raises OrgRefused and OrgUnreachable.

    simple-salesforce would warn of a refusal with an authorize address that holds the consumer key; it never sees one.
    """
    answer = json_object(org, status, body)
    if status >= 300 or (isinstance(answer.get("error"), str) and "access_token" not in answer):
        raise refused_login(org, answer, login)
    if not _fits(_TOKEN, answer.get("access_token")):
        raise failures.unusable(org, status, "a login without a session")
    if not _fits(_INSTANCE, answer.get("instance_url")):
        raise failures.unusable(org, status, "a session for an address that is not Salesforce's")
    return json.dumps({name: value for name in _TOKEN_FIELDS if _fits(_TOKEN, value := answer.get(name))}).encode()


def login_way(body: object) -> Login | None:
    """The way of logging in that a request to the token endpoint takes, by its grant type."""
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body
    fields: Mapping[str, str] = dict(parse_qsl(text)) if isinstance(text, str) else {}
    return _GRANTS.get(fields.get("grant_type", ""))


def _fits(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None
