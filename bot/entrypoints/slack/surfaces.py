"""What the listeners need of Slack's surfaces; ``bot.adapters.slack.surfaces`` has it, and wiring hands it over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from slack_sdk import WebClient

from bot.domain.answers import Answer
from bot.domain.conversations.policy import Message
from bot.domain.conversations.replies import Prompt
from bot.domain.model import Asker
from bot.ports import ResponsePlace
from bot.service.conversation import ReplyChannel

View = dict[str, Any]
Posted = tuple[str, str]
"""Where a message stands: its channel and its time stamp."""


class ShowAt(Protocol):
    """Shows an answer to the person alone, or to the channel. Raises SlackRefused."""

    def __call__(self, answer: Answer, *, share: bool = False) -> None:
        """Show it."""
        ...


class Surfaces(Protocol):
    """Where the bot shows something beside conversations. Every method raises SlackRefused."""

    def open_modal(self, trigger: str, view: View) -> str:
        """Open a modal, and return its id."""
        ...

    def update_modal(self, view_id: str, view: View) -> None:
        """Put something else into a modal."""
        ...

    def show_in_modal(self, view_id: str, who: Asker, answer: Answer, place: str = "") -> None:
        """Put an answer into somebody's modal; ``place`` is what the Home tab below it shows."""
        ...

    def publish_home(self, user: str, view: View) -> None:
        """Show somebody their Home tab."""
        ...

    def direct_message(self, who: Asker, answer: Answer, line: Posted | None = None) -> Posted:
        """Tell somebody in their direct messages with the bot, in the place of ``line`` if that stands there."""
        ...

    def suggest_prompts(self, channel: str, title: str, prompts: Sequence[Prompt]) -> None:
        """Show what a talk in the assistant's pane may begin with."""
        ...

    def reply_channel(self, heard: Message) -> ReplyChannel:
        """Where replies to a message go."""
        ...

    def response(self, place: ResponsePlace, who: Asker) -> ShowAt:
        """Where a command or a button is answered."""
        ...


SurfacesOf = Callable[[WebClient], Surfaces]
"""The surfaces of the workspace that a client is for."""

Call = Callable[[Callable[[], Any]], Any]
"""Makes a call of the Web API; its refusals are raised as SlackRefused, in our own words."""
