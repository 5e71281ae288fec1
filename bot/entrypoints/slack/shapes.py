"""The form that Slack's payloads must have before a listener reads them, and what is wrong where they have not.

Only what the listeners and Bolt read is named: whatever else Slack adds is welcome.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from bot.adapters.slack.views.blocks import OPEN
from bot.adapters.slack.views.modal import LINE

Shape = Callable[[Any, str], str]
"""What is wrong with a value that stands at a path, in words; empty if nothing is."""

_LONGEST_NAME = 255


def text(value: Any, path: str) -> str:
    """Characters that can be kept and sent: JSON can spell halves of some."""
    try:
        return "" if isinstance(value, str) and value.encode() is not None else f"{path} is no text"
    except UnicodeEncodeError:
        return f"{path} holds half a character"


def name(value: Any, path: str) -> str:
    """An id, a time stamp, a kind."""
    right = isinstance(value, str) and 0 < len(value) <= _LONGEST_NAME and value.isprintable()
    return "" if right else f"{path} is no name"


def number(value: Any, path: str) -> str:
    """Seconds since 1970."""
    right = isinstance(value, int | float) and abs(value) < 1e12 and math.isfinite(value)
    return "" if right else f"{path} is no number"


def address(value: Any, path: str) -> str:
    """Where an answer can be sent."""
    try:
        parts = urlsplit(value) if isinstance(value, str) and value.isascii() and value.isprintable() else None
        right = parts is not None and parts.scheme in ("https", "http") and parts.hostname and parts.port != 0
    except ValueError:  # a port that is no number
        right = False
    return "" if right and " " not in value else f"{path} is no address"


def anything(value: Any, path: str) -> str:  # noqa: ARG001 - as every shape is called
    """There, and nothing more."""
    return ""


def several(shape: Shape, at_least: int = 0) -> Shape:
    """A list."""

    def wrong(value: Any, path: str) -> str:
        if not isinstance(value, list) or len(value) < at_least:
            return f"{path} is no list" if not isinstance(value, list) else f"{path} is empty"
        for each in value:
            if fault := shape(each, f"{path}[]"):
                return fault
        return ""

    return wrong


def each(shape: Shape) -> Shape:
    """A record whose names are anybody's."""

    def wrong(value: Any, path: str) -> str:
        if not isinstance(value, dict):
            return f"{path} is no record"
        for inner in value.values():
            if fault := shape(inner, f"{path}.*"):
                return fault
        return ""

    return wrong


def record(needed: Mapping[str, Shape] | None = None, **known: Shape) -> Shape:
    """A record; what is ``known`` may be missing, null or empty."""
    there, maybe = (needed or {}).items(), known.items()

    def wrong(value: Any, path: str) -> str:
        if not isinstance(value, dict):
            return f"{path} is no record"
        below = f"{path}." if path else ""
        for field, shape in there:
            if fault := shape(value[field], below + field) if field in value else f"{below}{field} is missing":
                return fault
        for field, shape in maybe:
            inner = value.get(field)
            if inner is not None and inner != "" and (fault := shape(inner, below + field)):
                return fault
        return ""

    return wrong


def either(*shapes: Shape) -> Shape:
    """One of them."""

    def wrong(value: Any, path: str) -> str:
        faults = [shape(value, path) for shape in shapes]
        return "" if "" in faults else faults[-1]

    return wrong


# --- what is common ------------------------------------------------------------------------------------

_HAS_ID = record({"id": name})
_PERSON = record({"id": name}, team_id=name)
_TEAM = either(name, record(id=name, enterprise_id=name))
_GRANT = record(enterprise_id=name, team_id=name)
_WHERE_FROM: Mapping[str, Shape] = {
    "team_id": name,
    "enterprise_id": name,
    "team": _TEAM,
    "enterprise": _TEAM,
    "context_team_id": name,
    "context_enterprise_id": name,
    "authorizations": several(_GRANT),
}

# --- events --------------------------------------------------------------------------------------------

# Blocks, and what stands in attachments and files, are anybody's: whatever is not of Slack's form is not read.
_MESSAGE = record(
    subtype=text,
    user=name,
    user_team=name,
    source_team=name,
    text=text,
    ts=name,
    thread_ts=name,
    bot_id=name,
    deleted_ts=name,
    attachments=several(record()),
    blocks=several(record()),
    files=several(record()),
    channel_type=text,
)
_IN_A_CHANNEL = record({"channel": name})
_HAS_TYPE, _HAS_TS = record({"type": name}), record({"ts": name})


def _said(value: Any, path: str) -> str:
    """A message; what a person wrote has its time stamp, by which it is answered."""
    return _MESSAGE(value, path) or (f"{path}.ts is missing" if value.get("user") and not value.get("ts") else "")


_INNER = record(message=_said, previous_message=_MESSAGE)


def _message(value: Any, path: str) -> str:
    return _IN_A_CHANNEL(value, path) or _INNER(value, path) or _said(value, path)


def _mention(value: Any, path: str) -> str:
    """What named the bot is answered, whoever wrote it."""
    return _message(value, path) or _HAS_TS(value, path)


_EVENTS: Mapping[str, Shape] = {
    "message": _message,
    "app_mention": _mention,
    "app_home_opened": record(
        {"user": name, "channel": name},
        tab=text,
        user_team=name,
        source_team=name,
        view=record(private_metadata=text),
    ),
    "member_joined_channel": record({"user": name, "channel": name}),
    "user_change": record({"user": _PERSON}),
    "tokens_revoked": record(tokens=record(bot=several(text), oauth=several(text))),
}


def _event(value: Any, path: str) -> str:
    return _HAS_TYPE(value, path) or _EVENTS.get(value["type"], anything)(value, path)


# --- what is typed and pressed -------------------------------------------------------------------------

COMMAND = record(
    {"command": name, "user_id": name, "channel_id": name, "response_url": address},
    text=text,
    trigger_id=name,
    team_id=name,
    enterprise_id=name,
)
_BY_A_PERSON: Mapping[str, Shape] = {"user": _PERSON}
_CHOSEN = record(value=text)
_PRESSED = record({"action_id": name}, value=text, selected_option=_CHOSEN)
_ENTERED = record(
    value=text,
    selected_time=name,
    selected_conversation=name,
    selected_user=name,
    selected_option=_CHOSEN,
)
_STATE = record({"values": each(record({LINE: _ENTERED}))})


def _action(value: Any, path: str) -> str:
    """Ours lead to an address, or say something: a button's value, or that of the line chosen from a menu."""
    if fault := _PRESSED(value, path):
        return fault
    leads = value["action_id"].startswith(f"{OPEN}:")
    said = (value.get("selected_option") or value).get("value")
    return "" if leads or said is not None else f"{path}.value is missing"


_PRESS = record(
    {**_BY_A_PERSON, "actions": several(_action, at_least=1), "trigger_id": name},
    channel=_HAS_ID,
    message=record(thread_ts=name),
    container=record(thread_ts=name),
    view=record({"id": name}, type=name, private_metadata=text),
    response_url=address,
    **_WHERE_FROM,
)
_ANSWERED_THERE = record({"response_url": address})


def _press(value: Any, path: str) -> str:
    """A button: in a view, or in a message, which is answered where it stands."""
    return _PRESS(value, path) or ("" if value.get("view") else _ANSWERED_THERE(value, path))


_KINDS: Mapping[str, Shape] = {
    "event_callback": record({"event": _event}, event_id=name, event_time=number, **_WHERE_FROM),
    "url_verification": record({"challenge": text}),
    "block_actions": _press,
    "view_submission": record(
        {
            **_BY_A_PERSON,
            "view": record({"id": name, "type": name, "callback_id": name, "private_metadata": text, "state": _STATE}),
        },
        **_WHERE_FROM,
    ),
    "message_action": record(
        {
            **_BY_A_PERSON,
            "callback_id": name,
            "channel": _HAS_ID,
            "message": _MESSAGE,
            "response_url": address,
        },
        **_WHERE_FROM,
    ),
}


SSL_CHECK = "ssl_check"
"""What a form has by which Slack only tries our certificate."""


def fault_of(payload: Any) -> str:
    """What is wrong with a payload; empty if nothing is, or if nobody here listens to its kind."""
    if not isinstance(payload, dict):
        return "the body is no record"
    if "command" in payload and "type" not in payload:
        return COMMAND(payload, "")
    if SSL_CHECK in payload and "type" not in payload:
        return ""
    kind: Any = payload.get("type")
    return name(kind, "type") or _KINDS.get(kind, anything)(payload, "")


def is_listened_to(payload: Mapping[str, Any]) -> bool:
    """Whether it is of a kind that somebody here listens to."""
    return payload.get("type", "") in _KINDS or ("command" in payload and "type" not in payload)
