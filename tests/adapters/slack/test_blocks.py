"""What of an answer Slack has room for."""

from __future__ import annotations

import pytest

from bot.adapters.slack.views.blocks import VALUE, message
from bot.domain.answers import Answer, Button, Buttons, Item, Items
from tests.blockkit import assert_valid_message

FITS = Button("Check prod", command="status " + "a" * (VALUE - 7))
TOO_LONG = Button("Check these again", command="status " + "a" * (VALUE - 6))


@pytest.mark.parametrize(
    "answer",
    [
        Answer("Orgs", buttons=(TOO_LONG, FITS)),
        Answer("Orgs", parts=(Buttons((TOO_LONG, FITS)),)),
        Answer("Orgs", parts=(Items((Item("prod", "ready", None, (TOO_LONG, FITS)),)),)),
    ],
    ids=["below", "part", "line"],
)
def test_a_button_whose_line_does_not_fit_is_left_out_and_never_cut(answer: Answer) -> None:
    shown = message(answer)

    assert_valid_message(shown)
    assert str(FITS.command) in str(shown)
    assert TOO_LONG.label not in str(shown)


def test_a_row_in_which_no_button_fits_is_none() -> None:
    shown = message(Answer("Orgs", parts=(Buttons((TOO_LONG,)),), buttons=(TOO_LONG,)))

    assert_valid_message(shown)
    assert [block["type"] for block in shown["blocks"]] == ["section"]
