"""The settings answer: made of parts, switched by words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from bot.adapters.store import SqlStore
from bot.domain.answers import Answer, Items, Part, State, Text
from bot.domain.command import Command
from bot.domain.errors import AskerError, SlackRefused
from bot.domain.model import Asker, Person, Standing
from bot.domain.orgs.home_report import told
from bot.service.membership import Membership
from bot.service.permissions import Permissions
from bot.service.settings import Overhearing, SettingsCommand
from tests.store_helpers import NOW

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
    with pytest.raises(AskerError, match=r"no setting called `loud`\. Known ones: `/flosum settings trust`"):
        settling().command(ADA, Command("settings", "loud <@U2>"))


def test_a_mistyped_word_leads_to_the_right_one_with_the_rest_of_the_line() -> None:
    with pytest.raises(
        AskerError, match=r"no setting called `trsut`\. Did you mean `/flosum settings trust @ben`"
    ) as it:
        settling().command(ADA, Command("settings", "trsut <@U2|ben>"))
    assert it.value.buttons[0].command == "settings trust <@U2|ben>"


@dataclass
class Said:
    """What the bot says of itself, where Slack lets it; and who people are."""

    refuse: bool = False
    code: str = ""
    headlines: list[str] = field(default_factory=list)
    leads: list[str] = field(default_factory=list)

    def post(self, workspace: str, channel: str, answer: Answer, key: str) -> str:
        assert (workspace, channel, key.startswith("overhears:C1:")) == ("T1", "C1", True)
        if self.refuse:
            raise SlackRefused("I am not in that channel.", permanent=True)
        self.headlines.append(answer.headline)
        self.leads.append(answer.lead)
        return "1.0"

    def check(self, workspace: str, channel: str) -> None:
        assert (workspace, channel) == ("T1", "C1")
        if self.code:
            raise SlackRefused("Slack says no.", permanent=True, code=self.code)

    def person(self, who: Asker) -> Person:
        return Person("UTC", admin=False, standing=Standing.MEMBER, name="Ada" if who.user == "U1" else "")


def overhearing_of(store: SqlStore, said: Said) -> Overhearing:
    permissions = Permissions(Membership(said))
    return Overhearing(
        conversations=store, trail=store, outbox=said, permissions=permissions, channels=said, clock=lambda: NOW
    )


# --- whether the bot listens ---------------------------------------------------------------------------


def switch(parts: Sequence[Part]) -> tuple[State | None, str, str | None]:
    """What the settings show of a channel: its state, what that means, what the button says."""
    (items,) = parts
    assert isinstance(items, Items)
    (item,) = items.items
    assert item.name == "{channel:C1}"
    return item.state, item.detail.split()[0], item.buttons[0].command


def test_a_channel_shows_its_state_and_the_button_that_changes_it(store: SqlStore) -> None:
    said = Said()
    overhearing = overhearing_of(store, said)
    assert switch(overhearing.shown(ADA)) == (State.READY, "login", "settings quiet")

    quiet = overhearing.switch(ADA, Command("settings"), on=False)

    assert [button.command for button in quiet.buttons] == ["settings listen"]
    assert quiet.headline.startswith("{channel:C1}: pastes are left alone")
    assert switch(overhearing.shown(ADA)) == (None, "pastes", "settings listen")
    assert not store.overhears("T1", "C1")
    assert store.overhears("T1", "C2")

    listening = overhearing.switch(ADA, Command("settings"), on=True)

    assert [button.command for button in listening.buttons] == ["settings quiet"]
    assert store.overhears("T1", "C1")
    overhearing.switch(ADA, Command("settings"), on=True)  # which is no news
    assert [headline.rpartition("pasted here ")[2] for headline in said.headlines] == [
        "are left alone from now on",
        "are answered in their thread from now on",
    ]
    assert said.leads[0] == "Switched by Ada. Back: `/flosum settings listen`"
    assert [(change.user, change.action, change.subject) for change in reversed(store.changes("T1"))] == [
        ("U1", "let pastes be left alone in", "C1"),
        ("U1", "let pastes be answered in", "C1"),
    ]
    assert told(store.changes("T1")[0]).endswith("{user:U1} · let pastes be answered in {channel:C1}")


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("not_in_channel", "I am not in this channel, so nothing that is pasted here is answered: `/invite @Flosum`"),
        (
            "channel_not_found",
            "I am not in this channel, so nothing that is pasted here is answered: `/invite @Flosum`",
        ),
        ("is_archived", "this channel is archived, so nothing is pasted here"),
        ("ratelimited", "login errors that are pasted here are answered in their thread"),
    ],
)
def test_a_channel_in_which_nothing_is_heard_is_not_said_to_be_answered(store: SqlStore, code: str, told: str) -> None:
    (items,) = overhearing_of(store, Said(code=code)).shown(ADA)

    assert isinstance(items, Items)
    assert [(item.name, item.detail) for item in items.items] == [("{channel:C1}", told)]
    listening = overhearing_of(store, Said(code=code)).switch(ADA, Command("settings"), on=True)
    assert listening.headline == f"{{channel:C1}}: {told}"


def test_a_channel_that_cannot_be_told_is_switched_all_the_same(store: SqlStore) -> None:
    answer = overhearing_of(store, Said(refuse=True)).switch(ADA, Command("settings"), on=False)

    assert answer.note == "The channel could not be told. I am not in that channel."
    assert not store.overhears("T1", "C1")
    assert len(store.changes("T1")) == 1


@pytest.mark.parametrize("channel", [None, "D1"])
def test_where_nobody_is_overheard_there_is_nothing_to_switch(store: SqlStore, channel: str | None) -> None:
    alone = Asker("T1", "U1", channel)

    assert overhearing_of(store, Said()).shown(alone) == ()
    with pytest.raises(AskerError, match="every message is said to me"):
        overhearing_of(store, Said()).switch(alone, Command("settings", "quiet"), on=False)
