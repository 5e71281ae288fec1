"""Fills in a modal from the keyboard, one question for each input, into the state that Slack submits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.encodings import readable
from bot.sandbox.slack.filled import ONE_BY_VALUE, TYPED, inputs
from bot.sandbox.slack.keyboard import Typed
from bot.sandbox.slack.markup import safe, unescape
from bot.sandbox.slack.records import Json, View
from bot.sandbox.slack.state import WorkspaceState

CANCEL = "/cancel"
_DATED = ("datepicker", "timepicker")
_NAMED = ("users_select", "channels_select", "conversations_select")
_ONE_OF = ("static_select", "radio_buttons")
_SOME_OF = ("multi_static_select", "checkboxes")


class GivenUpError(Exception):
    """The person closed the form, or there is nobody left to answer."""


@dataclass(frozen=True, slots=True)
class ModalInput:
    """Where questions go, and whose names count. ``say`` prints a line."""

    typed: Typed
    say: Callable[[str], None]
    state: WorkspaceState

    def fill_in(self, view: View) -> Json:
        """``{block_id: {action_id: state}}`` for every input. Raises GivenUpError."""
        return {
            block_id: {str(block["element"].get("action_id", "a")): self._answered(block)}
            for block_id, block in inputs(view.body.get("blocks", ()))
        }

    def _answered(self, block: Json) -> Json:
        element, label = block["element"], safe(unescape(str(block["label"]["text"])))
        options = " · ".join(f"{n} {_label(option)}" for n, option in enumerate(element.get("options", ()), 1))
        may_be_empty = block.get("optional") or any(name.startswith("initial_") for name in element)
        while True:
            text = self._ask(f"{label} ({options})" if options else label)
            if not text and not may_be_empty:
                self.say(f"This is needed; {CANCEL} closes the form.")
                continue
            try:
                return {"type": element["type"], **self._value(element, text)}
            except LookupError as error:
                self.say(str(error))

    def _ask(self, question: str) -> str:
        text = self.typed(f"{question}> ")
        if text is None or text.strip() == CANCEL:
            raise GivenUpError
        return readable(text.strip())

    def _value(self, element: Json, text: str) -> Json:
        kind = element["type"]
        if kind in TYPED:
            return {"value": text or element.get("initial_value")}
        if kind in (*_DATED, *_NAMED):
            part = ONE_BY_VALUE[kind]
            value = self._id(text) if text and kind in _NAMED else text
            return {part: value or element.get(part.replace("selected", "initial"))}
        if kind in _ONE_OF:
            return {"selected_option": _pick(element, text) if text else element.get("initial_option")}
        if kind in _SOME_OF:
            chosen = [_pick(element, part.strip()) for part in text.split(",") if part.strip()]
            return {"selected_options": chosen or element.get("initial_options", [])}
        self.say(f"A terminal cannot fill in a {safe(kind)}; it stays empty.")
        return {}

    def _id(self, name: str) -> str:
        found = self.state.channel_named(name) or self.state.member_named(name)
        if found is None:
            raise LookupError(f"Nobody and nothing here is called {name}.")
        return found.id


def _label(option: Json) -> str:
    return safe(unescape(str(option["text"]["text"])))


def _pick(element: Json, text: str) -> Json:
    """An option by its number or its label. Raises LookupError."""
    options: list[Json] = element["options"]
    for number, option in enumerate(options, 1):
        if text.lower() in (str(number), _label(option).lower()):
            return option
    raise LookupError(f"Choose a number from 1 to {len(options)}.")
