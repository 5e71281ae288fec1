"""The settings answer: made of parts, switched by words."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.adapters.store import SqlStore
from bot.domain.answers import Answer, Items, Part, State, Text
from bot.domain.command import Command
from bot.domain.errors import AskerError
from bot.domain.model import Asker
from bot.service.settings import Overhearing, SettingsCommand

pytest_plugins = ["tests.databases"]

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


# --- whether the bot listens ---------------------------------------------------------------------------


def switch(parts: Sequence[Part]) -> tuple[State | None, str, str | None]:
    """What the settings show of a channel: its state, what that means, what the button says."""
    (items,) = parts
    assert isinstance(items, Items)
    (item,) = items.items
    assert item.name == "{channel:C1}"
    return item.state, item.detail.split()[0], item.buttons[0].command


def test_a_channel_shows_its_state_and_the_button_that_changes_it(store: SqlStore) -> None:
    overhearing = Overhearing(store)
    assert switch(overhearing.shown(ADA)) == (State.READY, "login", "settings quiet")

    quiet = overhearing.switch(ADA, Command("settings", "quiet"), on=False)

    assert [button.command for button in quiet.buttons] == ["settings listen"]
    assert quiet.headline.startswith("{channel:C1}: pastes are left alone")
    assert switch(overhearing.shown(ADA)) == (None, "pastes", "settings listen")
    assert not store.overhears("T1", "C1")
    assert store.overhears("T1", "C2")

    listening = overhearing.switch(ADA, Command("settings", "listen"), on=True)

    assert [button.command for button in listening.buttons] == ["settings quiet"]
    assert store.overhears("T1", "C1")


@pytest.mark.parametrize("channel", [None, "D1"])
def test_where_nobody_is_overheard_there_is_nothing_to_switch(store: SqlStore, channel: str | None) -> None:
    alone = Asker("T1", "U1", channel)

    assert Overhearing(store).shown(alone) == ()
    with pytest.raises(AskerError, match="every message is said to me"):
        Overhearing(store).switch(alone, Command("settings", "quiet"), on=False)
