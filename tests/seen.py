"""One thing that somebody sees of the bot, and how it is got from a running one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.adapters.slack.views.blocks import message
from bot.domain.answers import Answer
from bot.sandbox.slack.records import SlackMessage
from bot.sandbox.slack.user import SlackUser
from tests.running_bot import RunningBot


@dataclass(frozen=True, slots=True)
class Situation:
    """What somebody sees. ``text`` is the notification's; a view has none. ``window`` is that of a modal."""

    name: str
    kind: str
    blocks: Sequence[Any]
    text: str = ""
    window: Mapping[str, Any] | None = None

    @property
    def view(self) -> dict[str, Any] | None:
        """The modal or the Home tab that it is; None for a message."""
        home = {"type": "home", "blocks": list(self.blocks)} if self.kind == "home" else None
        return dict(self.window) if self.window else home


def said(name: str, kind: str, read: SlackMessage, bot: RunningBot) -> Situation:
    """A message with the text that Slack got."""
    logged = (shown.message for shown in reversed(bot.workspace.log) if shown.message)
    text = next(message.text for message in logged if (message.channel, message.ts) == (read.channel, read.ts))
    return Situation(name, kind, read.blocks, text)


def newest(name: str, kind: str, bot: RunningBot) -> Situation:
    """The message that came last."""
    return said(name, kind, bot.shown()[-1], bot)


def asked(bot: RunningBot, text: str, kind: str, name: str = "", person: SlackUser | None = None) -> Situation:
    """The answer to a command."""
    return said(name or f"/flosum {text}", kind, bot.ask(text, person), bot)


def home_tab(bot: RunningBot, name: str, person: SlackUser | None = None) -> Situation:
    """The Home tab of Ada, or of somebody else."""
    person = person or bot.ada
    assert person.open_home().acked
    assert bot.workspace.settle()
    return Situation(name, "home", bot.workspace.state.homes[person.member.id].body["blocks"])


def window(bot: RunningBot, name: str) -> Situation:
    """The newest window over everything."""
    assert bot.workspace.settle()
    view = [shown.view for shown in bot.workspace.log if shown.view and shown.view.kind == "modal"][-1].body
    return Situation(name, "window", view["blocks"], window=view)


def told(name: str, kind: str, answer: Answer) -> Situation:
    """An answer whose way takes more than the built-in workspace: a browser, or a lost process."""
    shown = message(answer)
    return Situation(name, kind, shown["blocks"], shown["text"])
