"""``/flosum settings`` as a use case: one answer, made of what every other use case has to show and to switch."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.domain.answers import Answer, Button, Item, Items, Part, State
from bot.domain.answers.humanize import listed
from bot.domain.answers.markup import as_typed, code
from bot.domain.answers.markup import channel as shown_channel
from bot.domain.command import Command, shorten, take_channel
from bot.domain.errors import AskerError, SlackRefused
from bot.domain.model import Asker, Change
from bot.domain.orgs.home_report import OVERHEARING
from bot.ports import Clock, Conversations, Governance, Outbox
from bot.service.permissions import Permissions
from bot.service.subscriptions import Channels

Contribution = Callable[[Asker], Sequence[Part]]
"""What one use case shows there; a line that can be switched carries its button in its ``Item``."""

_NEAR = 0.7  # of the letters, as with a mistyped verb

Switch = Callable[[Asker, Command], Answer]
"""What happens on ``/flosum settings <word> …``; ``rest`` is what follows the word."""


class SettingsCommand:
    """The settings of a workspace and of the channel that somebody asks in.

    ``contributions`` appear in their order. ``switches`` are the words that may follow ``settings``; who may use one
    is for the use case behind it to decide.
    """

    def __init__(self, contributions: Sequence[Contribution], switches: Mapping[str, Switch]) -> None:
        self._contributions = contributions
        self._switches = switches

    def command(self, who: Asker, command: Command) -> Answer:
        """``settings [word …]``. Raises AskerError, which names the known words."""
        if not command.rest:
            parts = tuple(part for contribution in self._contributions for part in contribution(who))
            return Answer("Settings of this workspace", parts=parts, private=True)
        word, *rest = command.rest.split(maxsplit=1)
        switch = self._switches.get(word.casefold())
        if switch is None:
            raise self._unknown(word, rest)
        return replace(switch(who, Command("settings", rest[0] if rest else "")), private=True)

    def _unknown(self, word: str, rest: Sequence[str]) -> AskerError:
        unknown = f"There is no setting called {code(shorten(word))}."
        if near := difflib.get_close_matches(word.casefold(), self._switches, n=1, cutoff=_NEAR):
            line = " ".join(("settings", *near, *rest))
            shown = f"/flosum {as_typed(line)}"
            return AskerError(f"{unknown} Did you mean {code(shown)}?", (Button(shown, line, primary=True),))
        known = listed([code(f"/flosum settings {name}") for name in self._switches])
        return AskerError(f"{unknown} Known ones: {known}.")


class Overhearing:
    """Whether the bot may answer what it overhears in a channel. Everybody there may switch it, and is told."""

    def __init__(
        self,
        *,
        conversations: Conversations,
        trail: Governance,
        outbox: Outbox,
        permissions: Permissions,
        channels: Channels,
        clock: Clock,
    ) -> None:
        self._channels = channels
        self._conversations = conversations
        self._trail = trail
        self._outbox = outbox
        self._permissions = permissions
        self._clock = clock

    def shown(self, who: Asker) -> Sequence[Part]:
        """The state of the channel, with the button that changes it; nothing where nobody is overheard."""
        if _is_private(who):
            return ()
        channel = who.channel or ""
        if deaf := self._hears_nothing(who.workspace, channel):
            return (Items((Item(shown_channel(channel), deaf, State.NEEDS_STEP),)),)
        on = self._conversations.overhears(who.workspace, channel)
        button = _QUIET if on else _LISTEN
        return (Items((Item(shown_channel(channel), _IN_WORDS[on], State.READY if on else None, (button,)),)),)

    def _hears_nothing(self, workspace: str, channel: str) -> str:
        """Why nothing that is pasted in a channel is heard, whatever is switched; "" where that is not known."""
        try:
            self._channels.check(workspace, channel)
        except SlackRefused as refusal:
            return _DEAF.get(refusal.code, "")
        return ""

    def switch(self, who: Asker, command: Command, *, on: bool) -> Answer:
        """Answer login errors in this channel unasked, or only where somebody asks."""
        if _is_private(who):
            raise AskerError("Here every message is said to me. Type that in the channel that it is about.")
        channel = who.channel or ""
        if _is_elsewhere(command, channel):
            raise AskerError(
                "That is for the channel where it is typed, and changes no other: there `/flosum settings quiet`, or "
                "`listen`."
            )
        changed = self._conversations.set_overhearing(who.workspace, channel, on=on)
        note = self._told(who, channel, on=on) if changed else ""
        back = _QUIET if on else _LISTEN
        if deaf := self._hears_nothing(who.workspace, channel) if on else "":
            return Answer(f"{shown_channel(channel)}: {deaf}", state=State.NEEDS_STEP, buttons=(back,))
        return Answer(f"{shown_channel(channel)}: {_IN_WORDS[on]}", state=State.READY, buttons=(back,), note=note)

    def _told(self, who: Asker, channel: str, *, on: bool) -> str:
        """Write it down, and say it in the channel; what to add where that was not possible."""
        now, back = self._clock(), "quiet" if on else "listen"
        self._trail.record(Change(who.workspace, now, who.user, OVERHEARING[on], channel))
        said = Answer(
            _FROM_NOW_ON[on],
            f"Switched by {self._permissions.named(who.workspace, who.user)}. Back: `/flosum settings {back}`",
        )
        try:
            self._outbox.post(who.workspace, channel, said, key=f"overhears:{channel}:{now.isoformat()}")
        except SlackRefused as refusal:
            return f"The channel could not be told. {refusal.said}"
        return ""


_QUIET = Button("Be quiet here", "settings quiet", replaces=True)
_LISTEN = Button("Listen here", "settings listen", replaces=True)
_IN_WORDS = {
    True: "login errors that are pasted here are answered in their thread",
    False: "pastes are left alone; mentions, `/flosum` and the message shortcut still work",
}


_NOT_THERE = "I am not in this channel, so nothing that is pasted here is answered: `/invite @Flosum`"
_DEAF = {
    "not_in_channel": _NOT_THERE,
    "channel_not_found": _NOT_THERE,
    "is_archived": "this channel is archived, so nothing is pasted here",
}
"""What keeps pastes from being heard, by Slack's word for it."""

_FROM_NOW_ON = {
    True: "Login errors that are pasted here are answered in their thread from now on",
    False: "Login errors that are pasted here are left alone from now on",
}


_BESIDE = frozenset("again channel here in me now on please pls the this to us".split())
"""Words beside a switch that say nothing of their own."""


def _is_elsewhere(command: Command, here: str) -> bool:
    """Whether another channel is named, or something that is not understood: it must not be done here instead."""
    named, others = take_channel(command.words)
    return named not in (None, here) or any(word.casefold().strip(".!") not in _BESIDE for word in others)


def _is_private(who: Asker) -> bool:
    """Outside Slack, or in direct messages, whose ids begin with a D."""
    return who.channel is None or who.channel.startswith("D")
