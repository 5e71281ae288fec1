"""What people see, measured: how high it stands on a phone, how many buttons it has, what the notification says."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest

from bot.wiring.demo import built_in
from tests import phone
from tests.running_bot import RunningBot
from tests.situations import RECORD, Situation, record, situations


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
