"""Modals: a form with its lines, and an answer where there is no conversation to answer in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.adapters.slack.views.blocks import LABEL, message
from bot.adapters.slack.views.mrkdwn import cut, mrkdwn
from bot.domain.answers import Answer, Entry, Field, Form

View = dict[str, Any]

LINE = "line"
"""The action_id of every line of a form; its block_id is the field's key."""

_ENTERED = ("value", "selected_time", "selected_conversation", "selected_user")

WAITING = Answer("One moment")
_TITLE, _PLACEHOLDER, _LABEL = 24, 150, 2000


def answer_modal(answer: Answer, place: str = "") -> View:
    """The view. There is no channel to share in, and Slack takes feedback buttons in messages only.

    ``place`` is what the Home tab below it shows; "" where that is none.
    """
    private = replace(answer, buttons=tuple(button for button in answer.buttons if not button.public), rates=None)
    view = {"type": "modal", "title": {"type": "plain_text", "text": "Flosum"}, "blocks": message(private)["blocks"]}
    return view | ({"private_metadata": place} if place else {})


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


def entered(state: Mapping[str, Any]) -> str:
    """What somebody entered into a line, as Slack sends it; "" for nothing, and for blanks."""
    chosen = state.get("selected_option") or {}
    values = (state.get(name) for name in _ENTERED)
    # A NUL is no letter of anybody's, and no database takes one.
    return next((str(value).replace("\0", "").strip() for value in (*values, chosen.get("value")) if value), "")


def _input(field: Field) -> View:
    element = {"action_id": LINE, **_element(field)}
    if field.placeholder:
        element["placeholder"] = _plain(field.placeholder, _PLACEHOLDER)
    block: View = {
        "type": "input",
        "block_id": field.key,
        "label": _plain(field.label, _LABEL),
        "element": element,
    }
    block |= {"optional": True} if field.optional else {}
    return block | ({"hint": _plain(field.hint, _LABEL)} if field.hint else {})


def _element(field: Field) -> View:
    if field.entry is Entry.TIME:
        return {"type": "timepicker"} | ({"initial_time": field.value} if field.value else {})
    if field.entry is Entry.PERSON:
        return {"type": "users_select"} | ({"initial_user": field.value} if field.value else {})
    if field.entry is Entry.CHANNEL:
        own: View = {"include": ["public", "private"], "exclude_external_shared_channels": True}
        begin: View = {"initial_conversation": field.value} if field.value else {}
        return {"type": "conversations_select", "filter": own} | begin
    if field.entry is Entry.CHOICE:
        options = [{"text": _plain(label, LABEL), "value": value} for value, label in field.choices]
        chosen = [option for option in options if option["value"] == field.value]
        return {"type": "static_select", "options": options, **({"initial_option": chosen[0]} if chosen else {})}
    return {"type": "plain_text_input"} | ({"initial_value": field.value} if field.value else {})


def _plain(text: str, limit: int) -> View:
    return {"type": "plain_text", "text": cut(text, limit), "emoji": False}
