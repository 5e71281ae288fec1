"""The finding is bold, whatever stands in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.slack.views.mrkdwn import headline, mrkdwn
from tests.phone import words


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("I have no guidance for that", "*I have no guidance for that*"),
        ("`prod` is ready", "`prod` *is ready*"),
        ("Cannot tell whether `prod` is ready: not read", "*Cannot tell whether* `prod` *is ready: not read*"),
        ("`prod` needs a step: install **Flosum A**", "`prod` *needs a step: install Flosum A*"),
        ("Disconnect `prod`?", "*Disconnect* `prod`?"),
        ("`prod`: pastes are left alone", "`prod`: *pastes are left alone*"),
        ("No. Today that is Ada Lindt.", "*No.* Today that is Ada Lindt."),
        ("I know no org `x`. Did you mean `y`?", "*I know no org* `x`. Did you mean `y`?"),
        ("Flosum assistant 0.1.0", "*Flosum assistant 0.1.0*"),
        ("The owner is {user:U1}", "*The owner is* <@U1>"),
        ("See [that](https://a.com) first", "*See* <https://a.com|that> *first*"),
        ("3 \\* 4 is 12", "3 * 4 is 12"),
        ("a < b & **c**", "*a &lt; b &amp; c*"),
        ("`prod`", "`prod`"),
    ],
)
def test_its_first_sentence_is_bold(text: str, shown: str) -> None:
    assert headline(text) == shown


@given(st.text("ab *_`.?\n[](){}<>&\\", max_size=60))
def test_no_word_of_it_is_lost(text: str) -> None:
    kept = [letter for letter in words(headline(text)) if letter in "ab"]

    assert kept == [letter for letter in text if letter in "ab"]


def test_nothing_that_is_said_again_turns_what_follows() -> None:
    assert (
        mrkdwn("until friday: \u202eyadirf\u202c, \u2066a\u2069 שלום 👩\u200d💻")
        == "until friday: yadirf, a שלום 👩\u200d💻"
    )
