"""Another app of the workspace: it posts alerts, and a workflow's forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.sandbox.slack import payloads
from bot.sandbox.slack.composer import composed
from bot.sandbox.slack.records import BOT_USER, Json, Member, SlackMessage
from bot.sandbox.slack.state import WorkspaceState
from bot.sandbox.slack.user import Receipt, SlackUser

ALERTS = Member("U0ALERTS", "alerts", "Alerts", bot=True)
_ALERTS = {"subtype": "bot_message", "bot_id": "B0ALERTS", "app_id": "A0ALERTS"}
_WORKFLOW = {"subtype": "bot_message", "bot_id": "B0WORKFLOW"}


class OtherApp:
    """Posts where ``beside`` is: one of the people there, whose line to the bot Slack uses here."""

    def __init__(self, beside: SlackUser, state: WorkspaceState) -> None:
        self._beside = beside
        self._state = state

    def alert(self, text: str = "", blocks: Sequence[Json] = (), attachments: Sequence[Json] = ()) -> Receipt:
        """An alert in #salesforce."""
        extra = {**_ALERTS, **({"attachments": list(attachments)} if attachments else {})}
        return self._post(SlackMessage("C0SALESFORCE", "", ALERTS.id, text, tuple(blocks), extra=extra))

    def form(self, text: str, blocks: Sequence[Json] = (), thread_ts: str | None = None) -> Receipt:
        """What somebody filled in, posted by a workflow: nobody is named as its author."""
        written = composed(self._state, text)
        return self._post(SlackMessage("C0SALESFORCE", "", "", written, tuple(blocks), thread_ts, extra=_WORKFLOW))

    def _post(self, message: SlackMessage) -> Receipt:
        posted = self._state.post(replace(message, ts=self._state.next_ts()))
        where, team = self._state.channels[posted.channel], self._state.team
        heard = self._beside.deliver(payloads.message_event(posted, where, ALERTS, team), where.id)
        named = f"<@{BOT_USER}>" in posted.text + str(posted.blocks)
        mention = payloads.mention_event(posted, where, ALERTS, team)
        also = self._beside.deliver(mention, where.id) if named else None
        return replace(heard, message=posted, also=also)
