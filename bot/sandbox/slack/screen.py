"""Prints what a person's Slack shows: who says it, where, to whom, and the very blocks that the bot sent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from bot.sandbox.slack.blocks import ShownButton, lay_out
from bot.sandbox.slack.markup import NameLookup, safe
from bot.sandbox.slack.mrkdwn import BOLD, DIM, mrkdwn
from bot.sandbox.slack.records import ChannelKind, Happening, Member, Shown, SlackMessage, View
from bot.sandbox.slack.state import WorkspaceState

GUTTER = "  "
NARROWEST = 20
_MARKER = re.compile(r" *(?:\[\d+\] |\d{1,3}\. |[•▏] )?")  # what the second line of a list's item stands under


@dataclass(frozen=True, slots=True)
class Pressable:
    """A numbered button and what it stands on."""

    button: ShownButton
    message: SlackMessage | None = None
    view: View | None = None

    def shows_to(self, member: str) -> bool:
        """Whether that member has it before them, too."""
        if self.message is not None:
            return self.message.audience in (None, member)
        return self.view is None or self.view.user == member


class Screen:
    """One person's screen. ``pressable`` holds the buttons of the newest answer by their numbers."""

    def __init__(self, console: Console, state: WorkspaceState, member: Member) -> None:
        self.console = console
        self.member = member
        self.pressable: dict[int, Pressable] = {}
        self._state = state
        self._forms: list[View] = []

    def show(self, log: Sequence[Shown]) -> int:
        """Print what of the log this person sees and did not write; how many entries that were."""
        seen = [shown for shown in _newest(log) if self._is_for_me(shown)]
        fresh: dict[int, Pressable] = {}
        for shown in seen:
            self._show_one(shown, fresh)
        self.pressable = fresh or self.pressable
        return len(seen)

    def hand_to(self, member: Member) -> None:
        """Somebody else sits down: what only the one before could see is no longer there to press."""
        self.member = member
        self.pressable = {number: each for number, each in self.pressable.items() if each.shows_to(member.id)}

    def take_forms(self) -> list[View]:
        """The forms that were printed since the last call, each to be filled in once."""
        forms, self._forms = self._forms, []
        return forms

    def note(self, text: str) -> None:
        """A line of the terminal's own, not of Slack."""
        self._print(Text(text, DIM), "")

    def _is_for_me(self, shown: Shown) -> bool:
        message = shown.message
        if message is None:
            return shown.user in (None, self.member.id) and shown.happening is not Happening.STATUS
        in_it = self.member.id in self._state.channels[message.channel].members
        return message.by_bot and in_it and message.audience in (None, self.member.id)

    def _show_one(self, shown: Shown, fresh: dict[int, Pressable]) -> None:
        if shown.message:
            self._show_message(shown.happening, shown.message, fresh)
        elif shown.view:
            self._show_view(shown.view, fresh)
        elif shown.happening is Happening.PROMPTS:
            self._print(Text(f"Flosum suggests: {safe(shown.text)}", DIM), "")
        else:
            self._print(Text().append("Slackbot", BOLD).append(" · only visible to you", DIM), "")
            self._print(Text(safe(shown.text)), GUTTER)
        self.console.print()

    def _show_message(self, happening: Happening, message: SlackMessage, fresh: dict[int, Pressable]) -> None:
        self._print(self._heading(happening, message), "")
        if happening is Happening.DELETED:
            return
        page = lay_out(message.blocks, self.names(), len(fresh) + 1)
        if not message.blocks:
            page.add(mrkdwn(message.text, page.names))
        for line in page.lines:
            self._print(line, GUTTER)
        fresh.update({button.number: Pressable(button, message=message) for button in page.buttons})

    def _show_view(self, view: View, fresh: dict[int, Pressable]) -> None:
        """Print a modal or a Home tab."""
        if any(block.get("type") == "input" for block in view.body.get("blocks", ())):
            self._forms.append(view)
        title = (view.body.get("title") or {}).get("text", "Home")
        kind = "Home tab" if view.kind == "home" else "a form opens"
        heading = Text().append("Flosum", BOLD).append(f" · {kind}", DIM)
        self._print(heading if view.kind == "home" else heading.append(f": {safe(title)}", BOLD), "")
        page = lay_out(view.body.get("blocks", ()), self.names(), len(fresh) + 1)
        for line in page.lines:
            self._print(line, GUTTER)
        fresh.update({button.number: Pressable(button, view=view) for button in page.buttons})

    def names(self) -> NameLookup:
        """What this person's Slack knows."""
        users = {member.id: member.name for member in self._state.members.values()}
        channels = {channel.id: channel.name for channel in self._state.channels.values()}
        return NameLookup(users, channels, ZoneInfo(self.member.zone), self._state.clock())

    def _heading(self, happening: Happening, message: SlackMessage) -> Text:
        heading = Text().append("Flosum", BOLD).append(f" · {self._place(message)}", DIM)
        if message.audience:
            heading.append(" · only visible to you", DIM)
        if happening is Happening.DELETED:
            heading.append(" · took its message away", DIM)
        elif message.edited_ts:
            heading.append(" · (edited)", DIM)
        return heading

    def _place(self, message: SlackMessage) -> str:
        channel = self._state.channels[message.channel]
        where = "direct message" if channel.kind is ChannelKind.DIRECT else f"#{channel.name}"
        parent = self._state.messages.get((message.channel, message.thread_ts or ""))
        if parent is None or parent.ts == message.ts:
            return where
        whose = "your" if parent.user == self.member.id else f"{self._state.members[parent.user].name}'s"
        return f"{where}, in the thread of {whose} message"

    def _print(self, line: Text, gutter: str) -> None:
        """Print one line, wrapped between words. An address is never cut, however narrow the terminal is."""
        width = max(self.console.width - len(gutter), NARROWEST)
        line.expand_tabs(4)
        marker = _MARKER.match(line.plain)
        indent = " " * cell_len(marker[0] if marker else "")
        for number, part in enumerate(line.divide(_breaks(line.plain, width, len(indent)))):
            part.rstrip()
            start = gutter + (indent if number else "")
            self.console.print(Text(start).append_text(part), overflow="ignore", no_wrap=True, crop=False)


def _breaks(text: str, width: int, indent: int) -> list[int]:
    """Where to break a line between words; a word longer than ``width`` cells stays whole."""
    breaks, column = [], 0
    for word in re.finditer(r"\s*\S+", text):
        gap = len(word[0]) - len(word[0].lstrip())
        cells = cell_len(word[0].lstrip())
        if column and column + gap + cells > width:
            breaks.append(word.start() + gap)
            column, gap = indent, 0
        column += gap + cells
    return breaks


def _newest(log: Sequence[Shown]) -> list[Shown]:
    """The log without what it has overtaken itself: a message is printed once, as it stands at the end."""
    latest = {_key(shown): index for index, shown in enumerate(log)}
    return [shown for index, shown in enumerate(log) if latest[_key(shown)] == index]


def _key(shown: Shown) -> object:
    if shown.message:
        return (shown.message.channel, shown.message.ts)
    return shown.view.id if shown.view else id(shown)
