"""A message without its form: what is said where Slack does not take the blocks in which it would be shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.adapters.slack.views.blocks import CHART, Block
from bot.adapters.slack.views.mrkdwn import cut, escaped

FORM_REFUSED = frozenset(
    "invalid_blocks invalid_blocks_format invalid_attachments msg_blocks_too_long msg_too_long".split()
)
"""Slack's codes for a message that it would take in another form."""

_PLAIN = 3900
"""Letters: Slack changes a message's text into 4,000 at most, and a posted one should not be longer."""


def unformatted(record: Mapping[str, Any]) -> dict[str, Any] | None:
    """The same message as text alone; None for one that has no other form, or whose sender has a better one.

    The blocks are taken off by name, for Slack leaves a changed message those that it is told nothing of.
    """
    blocks: list[Block] = record.get("blocks") or []
    if not blocks or any(block["type"] == CHART for block in blocks):  # first without it: SlackOutbox
        return None
    said = "\n".join(line for block in blocks for line in _lines(block))
    return {**record, "text": cut(said or str(record.get("text", "")), _PLAIN), "blocks": []}


def _lines(block: Block) -> Iterator[str]:
    """What a block says; a button that leads somewhere as its link, for any other there is nothing to press."""
    if block["type"] == "section":
        yield block["text"]["text"]
    elements = [*block.get("elements", ()), block.get("accessory", {})]
    if block["type"] == "context":
        yield from (element["text"] for element in elements if "text" in element)
        return
    links = (
        f"<{escaped(element['url'])}|{escaped(element['text']['text'])}>" for element in elements if "url" in element
    )
    if row := " · ".join(links):
        yield row
