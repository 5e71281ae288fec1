"""What is chosen and typed in the elements of Block Kit, as payloads say it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.slack.filled import REQUIRED, filled_in, missing, state_of

Json = dict[str, Any]
ONE, TWO = ({"text": {"type": "plain_text", "text": name}, "value": name} for name in ("one", "two"))


@pytest.mark.parametrize(
    ("element", "chosen", "said"),
    [
        ({"type": "button"}, ["x"], {}),
        ({"type": "plain_text_input"}, ["words"], {"value": "words"}),
        ({"type": "plain_text_input"}, [""], {"value": None}),
        ({"type": "timepicker"}, ["08:30"], {"selected_time": "08:30"}),
        ({"type": "users_select"}, ["U0BEN"], {"selected_user": "U0BEN"}),
        ({"type": "conversations_select"}, [], {"selected_conversation": None}),
        ({"type": "multi_users_select"}, ["U0BEN", "U0MIA"], {"selected_users": ["U0BEN", "U0MIA"]}),
        ({"type": "static_select", "options": [ONE, TWO]}, ["two"], {"selected_option": TWO}),
        ({"type": "static_select", "option_groups": [{"options": [ONE]}]}, ["one"], {"selected_option": ONE}),
        ({"type": "static_select", "options": [ONE]}, [""], {"selected_option": None}),
        ({"type": "overflow", "options": [ONE]}, ["one"], {"selected_option": ONE}),
        ({"type": "checkboxes", "options": [ONE, TWO]}, ["two", "one"], {"selected_options": [TWO, ONE]}),
        ({"type": "datetimepicker"}, ["1795919252"], {"selected_date_time": 1795919252}),
    ],
)
def test_what_is_chosen(element: Json, chosen: list[str], said: Json) -> None:
    assert state_of(element, chosen) == said


def test_what_is_not_offered_cannot_be_chosen() -> None:
    with pytest.raises(LookupError):
        state_of({"type": "static_select", "options": [ONE]}, ["three"])


def test_a_form_is_filled_in_line_by_line() -> None:
    line = {"type": "plain_text_input", "action_id": "line"}
    blocks: list[Json] = [
        {"type": "section", "block_id": "words"},
        {"type": "input", "block_id": "name", "element": line},
        {"type": "input", "block_id": "why", "element": line, "optional": True},
    ]

    assert filled_in(blocks, {"name": ["prod"]}) == {
        "name": {"line": {"type": "plain_text_input", "value": "prod"}},
        "why": {"line": {"type": "plain_text_input", "value": None}},
    }
    assert missing(blocks, {"name": [""], "why": [""]}) == {"name": REQUIRED}
    assert missing(blocks, {"name": ["prod"]}) == {}
