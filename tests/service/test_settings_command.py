"""The settings answer: made of parts, switched by words."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.domain.answers import Answer, Part, Text
from bot.domain.command import Command
from bot.domain.errors import AskerError
from bot.domain.model import Asker
from bot.service.settings import SettingsCommand

ADA = Asker("T1", "U1", "C1")


def trail(who: Asker) -> Sequence[Part]:
    return (Text(f"changes of {who.workspace}"),)


def nothing(_: Asker) -> Sequence[Part]:
    return ()


def named(who: Asker, command: Command) -> Answer:
    return Answer(f"{who.user} said {command.rest}")


def settling() -> SettingsCommand:
    return SettingsCommand((nothing, trail), {"trust": named})


def test_every_use_case_contributes_its_part() -> None:
    assert settling().command(ADA, Command("settings")).parts == (Text("changes of T1"),)


def test_a_word_leads_to_its_switch_with_the_rest_of_the_line() -> None:
    assert settling().command(ADA, Command("settings", "TRUST <@U2> please")).headline == "U1 said <@U2> please"


def test_an_unknown_word_is_refused_with_the_known_ones() -> None:
    with pytest.raises(AskerError, match=r"no setting called `trsut`\. Known ones: `/flosum settings trust`"):
        settling().command(ADA, Command("settings", "trsut <@U2>"))
