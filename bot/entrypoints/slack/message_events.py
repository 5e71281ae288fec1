"""Slack's message events and payloads, read into what the bot hears: who said what, where, and to whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from slack_bolt import BoltContext

from bot.adapters.slack.views.mrkdwn import incoming, without_mention
from bot.domain.conversations.policy import Message
from bot.domain.model import Asker

Event = dict[str, Any]

_SPOKEN = (None, "thread_broadcast", "file_share", "message_share")
"""Message subtypes in which a person says something."""

_CHANGED = "message_changed"
_PARTS = ("pretext", "title", "text")


def workspace_of(context: BoltContext) -> str:
    """What orgs are scoped by: the workspace, or the whole enterprise where the app is installed org-wide."""
    scope = context.enterprise_id if context.is_enterprise_install else context.team_id
    return scope or context.team_id or context.enterprise_id or ""


def asker_in(context: BoltContext, user: str, channel: str | None = None, *, team: Any = None) -> Asker:
    """Who acts; ``team`` is whose person Slack says that they are, where it says so."""
    return Asker(workspace_of(context), user, channel, stranger=_is_elsewhere(team, context))


def _is_elsewhere(team: Any, context: BoltContext) -> bool:
    """Whether the id of a workspace or an organization alone shows another company.

    In Enterprise Grid another workspace may be of the same company, which only Slack can tell.
    """
    if not team or team in (context.team_id, context.enterprise_id):
        return False
    return str(team).startswith("E") or not context.enterprise_id


def is_shared(envelope: Event) -> bool:
    """Whether an event is from a channel that is shared with another company."""
    return envelope.get("is_ext_shared_channel") is True


def team_of(said: Event) -> Any:
    """Whose person said something, by the message of an event; None where it does not tell."""
    return said.get("user_team") or said.get("source_team")


def message_in(event: Event, context: BoltContext, *, shared: bool = False) -> Message | None:
    """What a person newly said or changed in a ``message`` event; None for everything else.

    ``shared``: its envelope says that the channel is shared with another company.
    """
    is_edit = event.get("subtype") == _CHANGED and bool(event.get("previous_message"))
    message: Event = event.get("message") or {} if is_edit else event
    if not _is_a_persons(message):
        return None
    if is_edit and event["previous_message"].get("text") == message.get("text"):
        return None  # Slack sends the same event when it adds a link's preview
    text, mine = message.get("text") or "", f"<@{context.bot_user_id}"
    is_direct, is_named = event.get("channel_type") == "im", mine in text
    if is_named and not is_direct and not is_edit:
        return None  # the same message comes once more, as a mention
    said = readable(message, own=context.bot_user_id)
    if is_named:
        said = without_mention(said, context.bot_user_id or "")
    who = asker_in(context, message["user"], event["channel"], team=team_of(message) or team_of(event))
    was_asked = is_edit and (is_direct or mine in str(event["previous_message"].get("text")))
    return Message(
        who,
        incoming(said),
        message["ts"],
        message.get("thread_ts"),
        asked=is_direct or is_named,
        edited=is_edit,
        was_asked=was_asked,
        shared=shared,
    )


def mention_in(event: Event, context: BoltContext, *, shared: bool = False) -> Message | None:
    """What was said to the bot in an ``app_mention`` event; None when a bot said it. ``shared``: as above."""
    if not _is_a_persons(event):
        return None
    text = without_mention(readable(event, own=context.bot_user_id), context.bot_user_id or "")
    who = asker_in(context, event["user"], event["channel"], team=team_of(event))
    return Message(who, incoming(text), event["ts"], event.get("thread_ts"), asked=True, shared=shared)


def readable(message: Event, *, whole: bool = False, own: str | None = None) -> str:
    """The words of a message with those of messages forwarded in it, the bot's ``own`` left out.

    ``whole``: with the words of every attachment, as alerts have them.
    """
    chosen = [each for each in message.get("attachments") or () if whole or _is_forwarded(each, message, own)]
    lines = (line for attachment in chosen for line in _words(attachment))
    return "\n".join(line for line in (message.get("text") or "", *lines) if line)


def _is_forwarded(attachment: Event, message: Event, own: str | None) -> bool:
    # Forwards are there from the beginning. Previews of linked messages carry the same mark but come later.
    mark = "is_share" if "edited" in message else "is_msg_unfurl"
    is_message = attachment.get("is_share") or attachment.get(mark)
    return bool(is_message) and not attachment.get("bot_id") and attachment.get("author_id") != (own or "")


def _words(attachment: Event) -> Iterator[str]:
    found = [str(attachment[name]) for name in _PARTS if attachment.get(name)]
    yield from found or [str(attachment.get("fallback", ""))]
    yield from (f"{field.get('title', '')}: {field.get('value', '')}" for field in attachment.get("fields") or ())


def _is_a_persons(message: Event) -> bool:
    """Whether a person wrote it: bots, this one included, and apps that post for people are left alone."""
    if message.get("subtype") not in _SPOKEN or not message.get("user"):
        return False
    return not (message.get("bot_id") or message.get("app_id") or message.get("bot_profile"))
