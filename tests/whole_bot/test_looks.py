"""What people see, measured: how high it stands on a phone, how many buttons it has, what the notification says."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest

from bot.wiring.demo import built_in
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
