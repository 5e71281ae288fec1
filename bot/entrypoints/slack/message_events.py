"""Slack's message events and payloads, read into what the bot hears: who said what, where, and to whom."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from slack_bolt import BoltContext

from bot.adapters.slack.views.mrkdwn import incoming, without_mention
from bot.adapters.slack.views.reading import has_unread, is_apps, is_cut, readable
from bot.domain.conversations.policy import Message
from bot.domain.model import Asker

Event = dict[str, Any]

_SPOKEN = (None, "thread_broadcast", "file_share", "message_share", "me_message")
"""Message subtypes in which a person says something."""

UNDERSTOOD = "understood"
"""Where the event of a message that was kept has what it was understood as. Slack sends nothing of that name."""

_KEPT = tuple(each.name for each in fields(Message) if each.name not in ("who", "text", "withheld", "again", "own_app"))
_OF_ASKER = tuple(each.name for each in fields(Asker))
_CHANGED, _DELETED = "message_changed", "message_deleted"
_STONE = "tombstone"
"""What Slack changes a deleted message into where it has replies."""


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


def _words(message: Event) -> list[str]:
    return str(message.get("text") or "").split()


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
    if UNDERSTOOD in event:
        return _understood(event[UNDERSTOOD])
    is_edit = event.get("subtype") == _CHANGED and bool(event.get("previous_message"))
    message: Event = event.get("message") or {} if is_edit else event
    if not _is_a_persons(message):
        return None
    if is_edit and _words(event["previous_message"]) == _words(message):
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
        edited_ts=str(event.get("ts") or "") if is_edit else "",
        shared=shared,
        cut=is_cut(message),
        unread=has_unread(message),
    )


def mention_in(event: Event, context: BoltContext, *, shared: bool = False) -> Message | None:
    """What was said to the bot in an ``app_mention`` event; None when a bot said it. ``shared``: as above."""
    if UNDERSTOOD in event:
        return _understood(event[UNDERSTOOD])
    is_form = _is_a_form(event)
    if not (is_form or _is_a_persons(event)):
        return None
    text = without_mention(words_of(event, context.bot_user_id), context.bot_user_id or "")
    who = asker_in(context, event.get("user") or "", event["channel"], team=team_of(event))
    where = event["ts"], event.get("thread_ts")
    return Message(
        who,
        incoming(text),
        *where,
        asked=True,
        shared=shared,
        cut=is_cut(event),
        unread=has_unread(event),
        form=is_form,
    )


def understood_as(message: Message, text: str) -> Event:
    """A message in the form in which an event of it is kept; ``text`` is what is kept of its words."""
    kept = {name: getattr(message, name) for name in _KEPT}
    who = {name: getattr(message.who, name) for name in _OF_ASKER}
    return {UNDERSTOOD: {"who": who, **kept, "text": text}}


def _understood(kept: Event) -> Message:
    return Message(**{**kept, "who": Asker(**kept["who"])})


def deleted_ts(event: Event) -> str | None:
    """The time stamp of the message that a ``message`` event says was deleted; None where it says something else."""
    inner, kind = event.get("message") or {}, event.get("subtype")
    if kind == _CHANGED and inner.get("subtype") == _STONE:
        return inner.get("ts")
    return event.get("deleted_ts") if kind == _DELETED else None


def deleted_in(event: Event, context: BoltContext) -> Message | None:
    """The message that a ``message`` event says was deleted; None where another app had written it.

    One of the bot's own, and one of which nothing is said, count as edited: there may be anything about them.
    """
    ts, before = deleted_ts(event), event.get("previous_message") or {}
    if ts is None:
        return None
    own, text = context.bot_user_id or "", str(before.get("text"))
    is_own, is_direct, is_named = before.get("user") == own, event.get("channel_type") == "im", f"<@{own}" in text
    if is_apps(before) and not (is_own or is_named):
        return None
    return Message(
        asker_in(context, before.get("user") or "", event["channel"]),
        incoming(without_mention(words_of(before, own), own)),
        ts,
        before.get("thread_ts"),
        asked=is_direct or is_named,
        edited=is_own or not before or "edited" in before,
    )


def words_of(said: Event, own: str | None) -> str:
    """The words of what was said: by a person, or by an app, which has them everywhere."""
    return readable(said, whole=is_apps(said), own=own)


def _is_a_persons(message: Event) -> bool:
    """Whether a person wrote it: bots, this one included, and apps that post for people are left alone."""
    if message.get("subtype") not in _SPOKEN or not message.get("user"):
        return False
    return not is_apps(message)


def _is_a_form(mention: Event) -> bool:
    """Whether a workflow wrote it, for somebody who is not named.

    A reply in a thread is none: of two bots that name each other in one, this one is silent.
    """
    is_reply = mention.get("thread_ts") not in (None, "", mention["ts"])
    return bool(mention.get("bot_id")) and not mention.get("user") and not is_reply
