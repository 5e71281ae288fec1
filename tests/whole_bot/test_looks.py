"""What people see, measured: how high it stands on a phone, how many buttons it has, what the notification says."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

import pytest

from bot.wiring.demo import built_in
from tests import phone
from tests.running_bot import RunningBot
from tests.seen import Situation
from tests.situations import RECORD, record, situations


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Situation]:
    folder, log = tmp_path_factory.mktemp("looks"), io.StringIO()
    with built_in(folder, log) as parts:
        return situations(RunningBot(*parts, log, folder))


def test_the_figures_are_those_on_record(found: Sequence[Situation]) -> None:
    """After a change that is meant: ``python -m tests.situations`` records them anew."""
    assert record(found).splitlines() == RECORD.read_text("utf-8").splitlines()


def test_each_situation_has_its_own_name(found: Sequence[Situation]) -> None:
    assert len({one.name for one in found}) == len(found) >= 40


BARS = {"error": 18, "status": 14, "all": 25, "digest": 20}
"""Lines at most, by the kind of answer."""

BUTTONS = {"error": 3, "status": 3, "details": 3}
"""Buttons at most, by the kind of answer."""


@pytest.mark.parametrize("kind", BARS)
def test_it_fits_a_phone(found: Sequence[Situation], kind: str) -> None:
    too_high = {one.name: phone.height(one.blocks) for one in found if one.kind == kind}

    assert {name: lines for name, lines in too_high.items() if lines > BARS[kind]} == {}


@pytest.mark.parametrize("kind", BUTTONS)
def test_few_buttons_ask_to_be_pressed(found: Sequence[Situation], kind: str) -> None:
    too_many = {one.name: len(phone.buttons(one.blocks)) for one in found if one.kind == kind}

    assert {name: count for name, count in too_many.items() if count > BUTTONS[kind]} == {}


def test_the_notification_is_two_lines_in_plain_words(found: Sequence[Situation]) -> None:
    for one in found:
        assert len(one.text.splitlines()) <= 2, one
        assert not _RAW.search(_MENTION.sub("", one.text)), one
        assert bool(one.text) == (one.kind != "home")


def test_no_ids_of_people_and_channels_are_shown(found: Sequence[Situation]) -> None:
    for one in found:
        shown = "\n".join(phone.lines(one.blocks))
        assert not _PERSON_OR_CHANNEL.search(shown), one
        assert one.kind == "details" or not _ORG.search(shown), one


def test_links_say_where_they_lead(found: Sequence[Situation]) -> None:
    labels = [label for one in found for label in map(_label, phone.buttons(one.blocks))]

    assert [label for label in labels if "the page" in label.casefold()] == []


@pytest.mark.parametrize(
    "words", ["granted access to both", "sign of both", "read both", "HTTP 2", "HTTP 5", "SALESFORCE_", "FLOSUM_"]
)
def test_nothing_is_said_that_can_be_read_two_ways_or_is_for_operators(found: Sequence[Situation], words: str) -> None:
    assert [one.name for one in found if words in "\n".join(phone.lines(one.blocks))] == []


_PERSON_OR_CHANNEL = re.compile(r"\b[UWCGD]0[A-Z0-9]{3,}\b")
_ORG = re.compile(r"\b00D[A-Za-z0-9]{12}")
_RAW = re.compile(rf"\*\*|`|https?://|{_PERSON_OR_CHANNEL.pattern}|{_ORG.pattern}")
_MENTION = re.compile(r"<[@#][A-Z0-9]+>")


def _label(button: phone.Json) -> str:
    return str(button["text"]["text"])
