"""Modals: a form with its lines, and an answer where there is no conversation to answer in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.adapters.slack.views.blocks import message
from bot.adapters.slack.views.mrkdwn import cut, mrkdwn
from bot.domain.answers import Answer, Field, Form

View = dict[str, Any]

LINE = "line"
"""The action_id of every line of a form; its block_id is the field's key."""

WAITING = Answer("One moment")
_TITLE, _PLACEHOLDER, _LABEL = 24, 150, 2000


def answer_modal(answer: Answer) -> View:
    """The view. There is no channel to share in, and Slack takes feedback buttons in messages only."""
    private = replace(answer, buttons=tuple(button for button in answer.buttons if not button.public), rates=None)
    return {"type": "modal", "title": {"type": "plain_text", "text": "Flosum"}, "blocks": message(private)["blocks"]}


def form_modal(form: Form) -> View:
    """The view of a form."""
    text = {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn(form.text)}}
    return {
        "type": "modal",
        "callback_id": form.kind,
        "private_metadata": form.subject,
        "title": _plain(form.title, _TITLE),
        "submit": _plain(form.submit, _TITLE),
        "close": _plain("Cancel", _TITLE),
        "blocks": [text, *map(_input, form.fields)],
    }


def _input(field: Field) -> View:
    element: View = {"type": "plain_text_input", "action_id": LINE}
    if field.placeholder:
        element["placeholder"] = _plain(field.placeholder, _PLACEHOLDER)
    if field.value:
        element["initial_value"] = field.value
    block: View = {
        "type": "input",
        "block_id": field.key,
        "label": _plain(field.label, _LABEL),
        "element": element,
    }
    return block | ({"hint": _plain(field.hint, _LABEL)} if field.hint else {})


def _plain(text: str, limit: int) -> View:
    return {"type": "plain_text", "text": cut(text, limit), "emoji": False}
