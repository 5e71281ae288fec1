"""Answers in a modal, for where there is no conversation to answer in: over the Home tab."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from slack_sdk import WebClient

from bot.domain.answers import Answer
from bot.entrypoints.slack.blocks import message
from bot.entrypoints.slack.outbox import asked

WAITING = Answer("One moment")
_TITLE = {"type": "plain_text", "text": "Flosum"}


def window(answer: Answer) -> dict[str, Any]:
    """The view. There is no channel to share in, and Slack takes feedback buttons in messages only."""
    private = replace(answer, buttons=tuple(button for button in answer.buttons if not button.public), rates=None)
    return {"type": "modal", "title": _TITLE, "blocks": message(private)["blocks"]}


def open_window(client: WebClient, trigger: str) -> str:
    """Open a window that says to wait, and return its id: Slack takes a trigger for 3 seconds only."""
    return str(asked(lambda: client.views_open(trigger_id=trigger, view=window(WAITING)))["view"]["id"])


def show_in(client: WebClient, view_id: str, view: dict[str, Any]) -> None:
    """Put something else into a window. Raises SlackRefused."""
    asked(lambda: client.views_update(view_id=view_id, view=view))
