"""An answer as Block Kit. The limits are Slack's; what does not fit is cut visibly, never dropped silently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from bot.adapters.slack.views.mrkdwn import cut, headline, mrkdwn, notification
from bot.domain.answers import Answer, Button, Buttons, Chart, Item, Items, Menu, Part, Text
from bot.domain.answers.markup import plain, spans
from bot.domain.answers.plain_text import item_line, marked, part_lines

Block = dict[str, Any]

SECTION = 3000
LABEL = 75
PLACEHOLDER = 150
OPTIONS = 100
OPTION = 150  # letters of what an option says for whoever chooses it
VALUE = 2000
BLOCKS = 50
NOTE = 2000
TEXT = 400  # a phone's notification shows about half of that
NOTIFIED = 2
"""Lines of an answer that its notification and screen readers get; the rest is in the blocks."""

PRESSED = 3
"""Buttons of an answer at most, those of its lists aside; the least important gives way."""
CHART = "data_visualization"
CHART_TITLE, CHART_LABEL, CHART_POINTS = 50, 20, 20

SAY, HERE, SHARE, OPEN, FORM = "say", "here", "share", "open", "form"
"""What a button does, by the first part of its action_id. ``here``: as ``say``, its answer in the message's place."""


def without_charts(answer: Answer) -> Answer:
    """What every workspace can show: Slack gives charts to one after the other."""
    return replace(answer, parts=tuple(part for part in answer.parts if not isinstance(part, Chart)))


def message(answer: Answer, *, alone: bool = False) -> dict[str, Any]:
    """``text`` for notifications and screen readers, and ``blocks`` for the eye.

    ``alone``: nobody else reads along, so there is no channel to share it in.
    """
    if alone:
        answer = replace(answer, buttons=tuple(button for button in answer.buttons if not button.public))
    told = (line for line in _told(answer) if line)
    text = cut(notification("\n".join(islice(told, NOTIFIED))), TEXT)
    return {"text": text, "blocks": [_unfolded(block) for block in _numbered(_blocks(answer))]}


def _unfolded(block: Block) -> Block:
    """A block whose lines are all shown: Slack hides those of a high section behind "see more", by its height."""
    return block | {"expand": True} if block["type"] == "section" else block


def _told(answer: Answer) -> Iterator[str]:
    """What is said, line by line; the first two hold the whole fact."""
    yield marked(answer.state, answer.headline)
    yield answer.lead
    for part in answer.parts:
        yield from part_lines(part)


def _blocks(answer: Answer) -> list[Block]:
    top = "\n".join(
        (marked(answer.state, headline(answer.headline)), *(mrkdwn(line) for line in (answer.lead,) if line))
    )
    *parts, last = answer.parts or (None,)
    menus = _menus(last) if isinstance(last, Menu) else []  # at the end it stands in one row with the buttons
    shown = [part for part in (*parts, None if menus else last) if part]
    body = [block for part in shown for block in _part(part)]
    tail: list[Block] = []
    if below := [*menus, *map(_button, _fitting(answer.buttons)[:24]), *_was_it_helpful(answer)]:
        tail.append({"type": "actions", "elements": below})
    if answer.note:
        tail.append({"type": "context", "elements": [mrkdwn_text(answer.note, NOTE)]})
    head = [_raw_section(top)]
    room = BLOCKS - len(head) - len(tail)
    if len(body) > room:
        left_out = len(body) - room + 1
        body = [
            *body[: room - 1],
            {"type": "context", "elements": [mrkdwn_text(f"{left_out} more are not shown.", NOTE)]},
        ]
    return [*head, *body, *tail]


def _was_it_helpful(answer: Answer) -> list[Block]:
    """The question whether it was helpful, quietly beside the other buttons: as much of it as they leave room for."""
    asked = _VERDICTS[: max(PRESSED - len(answer.buttons), 0)] if answer.rates else ()
    return [
        _button(Button(label, command=f"helpful {answer.rates} {verdict}")) | {"accessibility_label": spoken}
        for label, verdict, spoken in reversed(asked)
    ]


_VERDICTS = (
    ("Not helpful", "no", "No, this answer was not helpful"),
    ("Helpful", "yes", "Yes, this answer was helpful"),
)
"""What can be said of an answer; the first one tells more."""


def _part(part: Part) -> Iterator[Block]:
    if isinstance(part, Text):
        yield section(part.text)
    elif isinstance(part, Chart):
        yield _chart(part)
    elif isinstance(part, Buttons):
        if fitting := _fitting(part.buttons):
            yield {"type": "actions", "elements": [_button(button) for button in fitting]}
    elif isinstance(part, Menu):
        yield from ({"type": "actions", "elements": [menu]} for menu in _menus(part))
    elif isinstance(part, Items) and any(item.buttons for item in part.items):
        for item in part.items:
            yield from _pressed(item)
    else:
        yield from _joined(part_lines(part))


def _pressed(item: Item) -> Iterator[Block]:
    """A line with its buttons: one stands beside it, several in a row below."""
    told, buttons = section(item_line(item)), [_of_a_line(button, item) for button in _fitting(item.buttons)]
    if len(buttons) > 1:
        yield from (told, {"type": "actions", "elements": buttons})
    else:
        yield told | ({"accessory": buttons[0]} if buttons else {})


def _of_a_line(button: Button, item: Item) -> Block:
    """A button that stands below each line says by ear which one it is for: "Snooze" five times says nothing."""
    name, ids = plain(item.name), any(span.style in ("user", "channel") for span in spans(item.name))
    spoken = {} if ids or name in button.label else {"accessibility_label": cut(f"{button.label}: {name}", LABEL)}
    return _button(button) | spoken


def _chart(part: Chart) -> Block:
    """Slack's own chart, which some workspaces have not got yet; the text beside it says the numbers that matter."""
    points = [(cut(label, CHART_LABEL), value) for label, value in part.points[-CHART_POINTS:]]
    series = {
        "name": cut(part.title, CHART_LABEL),
        "data": [{"label": label, "value": value} for label, value in points],
    }
    axes = {"categories": [label for label, _ in points]}
    return {
        "type": CHART,
        "title": cut(part.title, CHART_TITLE),
        "chart": {"type": "line", "series": [series], "axis_config": axes},
    }


def _joined(lines: Iterable[str]) -> Iterator[Block]:
    """Lines in as few sections as they fit in."""
    held = ""
    for line in map(mrkdwn, lines):
        if held and len(held) + len(line) + 1 > SECTION:
            yield _raw_section(held)
            held = ""
        held = f"{held}\n{line}" if held else line
    if held:
        yield _raw_section(held)


def section(text: str) -> Block:
    """A paragraph of our light markup."""
    return _raw_section(mrkdwn(text))


def _raw_section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": cut(text, SECTION)}}


def mrkdwn_text(text: str, limit: int) -> Block:
    """Our light markup as a text object of at most ``limit`` characters."""
    return {"type": "mrkdwn", "text": cut(mrkdwn(text), limit)}


def _fitting(buttons: Sequence[Button]) -> Sequence[Button]:
    """Those whose line Slack takes whole: half of one would mean other orgs."""
    return [button for button in buttons if button.url is not None or len(button.command or "") <= VALUE]


def _button(button: Button) -> Block:
    element: Block = {
        "type": "button",
        "text": {"type": "plain_text", "text": cut(button.label, LABEL), "emoji": False},
    }
    if button.url is not None:
        element |= {"action_id": OPEN, "url": button.url}
    elif button.form is not None:
        element |= {"action_id": f"{FORM}-{button.form}", "value": button.command or "-"}
    else:
        said = HERE if button.replaces else SAY
        element |= {"action_id": SHARE if button.public else said, "value": button.command or "help"}
    return element | ({"style": "primary"} if button.primary else {})


def _menus(menu: Menu) -> list[Block]:
    """A menu of the lines that Slack takes; none where it takes no line."""
    fitting = [choice for choice in menu.choices if len(choice.command) <= OPTION][:OPTIONS]
    if not fitting:
        return []
    hint = {"type": "plain_text", "text": cut(menu.hint, PLACEHOLDER), "emoji": False}
    options = [option(choice.label, choice.command) for choice in fitting]
    return [{"type": "static_select", "action_id": SAY, "placeholder": hint, "options": options}]


def option(label: str, value: str) -> Block:
    """One line of a menu."""
    return {"text": {"type": "plain_text", "text": cut(label, LABEL), "emoji": False}, "value": value}


def _numbered(blocks: list[Block]) -> Iterator[Block]:
    """Action ids must be unique in a message: each gets its place behind a colon."""
    count = 0
    for block in blocks:
        for element in (*block.get("elements", ()), block.get("accessory", {})):
            if "action_id" in element:
                element["action_id"] = f"{element['action_id']}:{count}"
                count += 1
        yield block
