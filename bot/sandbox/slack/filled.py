"""What somebody chose or typed in an element, as Slack writes it into payloads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.encodings import readable
from bot.sandbox.slack.records import Json

TYPED = ("plain_text_input", "email_text_input", "url_text_input", "number_input")
ONE_BY_VALUE = {
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
}
SOME_BY_VALUE = {
    "multi_users_select": "selected_users",
    "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations",
}
ONE_OPTION = ("static_select", "external_select", "radio_buttons", "overflow")
SOME_OPTIONS = ("multi_static_select", "multi_external_select", "checkboxes")

REQUIRED = "Please complete this required field."
"""What Slack says itself, without asking the app."""


def state_of(element: Json, chosen: Sequence[str]) -> Json:
    """The part of a payload that says what was chosen: values in order, none for nothing.

    A button says nothing of the kind. Raises LookupError for a value that is not among the options.
    """
    kind, given = str(element["type"]), [readable(value) for value in chosen if value]
    one = given[0] if given else None
    if kind in TYPED:
        return {"value": one}
    if kind in ONE_BY_VALUE:
        return {ONE_BY_VALUE[kind]: one}
    if kind in SOME_BY_VALUE:
        return {SOME_BY_VALUE[kind]: given}
    if kind in ONE_OPTION:
        return {"selected_option": _option(element, one) if one else None}
    if kind in SOME_OPTIONS:
        return {"selected_options": [_option(element, value) for value in given]}
    if kind == "datetimepicker":
        return {"selected_date_time": int(one) if one else None}
    return {}


def identified(blocks: Iterable[Json]) -> list[tuple[str, Json]]:
    """Blocks, each with its block_id: one that the app gave none has its place as one."""
    return [(str(block.get("block_id") or f"b{number}"), block) for number, block in enumerate(blocks)]


def inputs(blocks: Sequence[Json]) -> list[tuple[str, Json]]:
    """The input blocks of a modal, each with its block_id."""
    return [(block_id, block) for block_id, block in identified(blocks) if block.get("type") == "input"]


def filled_in(blocks: Sequence[Json], given: Json) -> Json:
    """``given`` (``{block_id: [value …]}``) as the ``state.values`` of a view."""
    return {
        block_id: {
            str(block["element"].get("action_id")): {
                "type": block["element"]["type"],
                **state_of(block["element"], given.get(block_id) or ()),
            }
        }
        for block_id, block in inputs(blocks)
    }


def missing(blocks: Sequence[Json], given: Json) -> dict[str, str]:
    """What Slack refuses by itself, by block_id: the lines that must be filled in and are not."""
    return {
        block_id: REQUIRED
        for block_id, block in inputs(blocks)
        if not block.get("optional") and not any(given.get(block_id) or ())
    }


def _option(element: Json, value: str) -> Json:
    groups = [group.get("options") or () for group in element.get("option_groups") or ()]
    for group in (element.get("options") or (), *groups):
        for option in group:
            if option.get("value") == value:
                return dict(option)
    raise LookupError(f"{value} cannot be chosen there")
