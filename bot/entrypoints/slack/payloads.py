"""From the bytes of a signed request to the payload that Bolt and the listeners read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from slack_bolt.request import BoltRequest

from bot.entrypoints.slack.message_events import workspace_of
from bot.entrypoints.slack.shapes import fault_of, is_listened_to, name

_MOST_FIELDS = 100
_READ_BY_BOLT = ("enterprise_id", "team_id", "user_id", "channel_id", "thread_ts")


class Malformed(Exception):
    """A payload that cannot be read; the text says what is missing or wrong, and nothing that the payload holds."""


class NobodyListens(Exception):
    """A payload of a kind that this app has nothing for."""


def payload_in(body: bytes, content_type: str) -> Any:
    """JSON, alone or in a form, or the form itself. Raises Malformed."""
    try:
        if content_type.partition(";")[0].strip().casefold() == "application/json":
            return json.loads(body)
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict"))
        return json.loads(fields["payload"]) if "payload" in fields else fields
    except (ValueError, RecursionError):
        raise Malformed("the body is no JSON and no form, or is nested too deeply") from None


def bolt_request(payload: Any, headers: Mapping[str, str]) -> BoltRequest:
    """The request as Bolt takes it: of the payload that was looked at, not of bytes that it would read its own way.

    Raises Malformed, or NobodyListens.
    """
    if fault := fault_of(payload):
        raise Malformed(fault)
    if not is_listened_to(payload):
        raise NobodyListens
    request = _read_by_bolt(payload, headers)
    for field in _READ_BY_BOLT:
        if (value := request.context.get(field)) is not None and (fault := name(value, field)):
            raise Malformed(fault)
    if payload.get("type") != "url_verification" and not workspace_of(request.context):
        raise Malformed("team_id is missing")
    return request


def _read_by_bolt(payload: Any, headers: Mapping[str, str]) -> BoltRequest:
    try:
        return BoltRequest(body=payload, headers=dict(headers), mode="socket_mode")
    except (TypeError, AttributeError, LookupError, ValueError):  # it only reads, so this is the payload's
        raise Malformed("an id stands where there cannot be one") from None
