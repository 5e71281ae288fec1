"""The bodies that Slack sends to an app, as docs.slack.dev gives them."""

from __future__ import annotations

from urllib.parse import urlencode

from bot.sandbox.slack.records import APP, BOT, BOT_USER, Channel, ChannelKind, Json, Member, SlackMessage, Team, View

VERIFICATION_TOKEN = "deprecated-but-still-sent"  # noqa: S105 - Slack's old token; the signature is what counts


def event_body(event: Json, event_id: str, seconds: int, team: Team, *, shared: bool = False) -> Json:
    """An Events API envelope; ``seconds`` since 1970, ``shared``: from a channel shared with another company."""
    grant = {"enterprise_id": team.enterprise, "team_id": team.id, "user_id": BOT_USER, "is_bot": True}
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": team.id,
        "context_team_id": team.id,
        "context_enterprise_id": team.enterprise,
        "api_app_id": APP,
        "event": event,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": seconds,
        "authorizations": [{**grant, "is_enterprise_install": team.org_wide}],
        "is_ext_shared_channel": shared,
        "event_context": f"4-{event_id}",
    }


def written_by(message: SlackMessage, channel: Channel, writer: Member, team: Team) -> Json:
    """A message as events have it: in a shared channel with the workspace of who wrote it."""
    home = writer.team or team.id
    return message.as_json() | ({"user_team": home, "source_team": home, "team": home} if channel.shared else {})


def message_event(message: SlackMessage, channel: Channel, writer: Member, team: Team) -> Json:
    """Somebody said something."""
    event = written_by(message, channel, writer, team) | {
        "channel": channel.id,
        "event_ts": message.ts,
        "channel_type": str(channel.kind),
    }
    return event | {"client_msg_id": f"00000000-0000-4000-8000-{message.ts.replace('.', '')[-12:]}"}


def mention_event(message: SlackMessage, channel: Channel, writer: Member, team: Team) -> Json:
    """Somebody named the bot."""
    event = written_by(message, channel, writer, team) | {
        "type": "app_mention",
        "channel": channel.id,
        "event_ts": message.ts,
    }
    return event | {"client_msg_id": f"00000000-0000-4000-8000-{message.ts.replace('.', '')[-12:]}"}


def changed_event(before: SlackMessage, after: SlackMessage, channel: Channel, writer: Member, team: Team) -> Json:
    """Somebody edited a message: no text at the top level."""
    body = {"type": "message", "subtype": "message_changed", "hidden": True, "channel": channel.id}
    times = {"ts": after.edited_ts, "event_ts": after.edited_ts, "channel_type": str(channel.kind)}
    now, then = (written_by(message, channel, writer, team) for message in (after, before))
    return body | times | {"message": now, "previous_message": then}


def deleted_event(before: SlackMessage, ts: str, channel: Channel, writer: Member, team: Team) -> Json:
    """Somebody deleted a message that had no replies; one that had some is changed, into a stone."""
    body = {"type": "message", "subtype": "message_deleted", "hidden": True, "channel": channel.id}
    times = {"ts": ts, "event_ts": ts, "deleted_ts": before.ts, "channel_type": str(channel.kind)}
    return body | times | {"previous_message": written_by(before, channel, writer, team)}


def snippet(text: str, shown: int = 10_000) -> Json:
    """A long paste that became a file, of which an event carries the first ``shown`` characters."""
    preview = text[:shown]
    more = text[shown:].count("\n") + 1 if len(text) > shown else 0
    names = {"id": "F0SNIPPET", "name": "Untitled", "title": "Untitled", "mimetype": "text/plain", "filetype": "text"}
    size = {"size": len(text), "lines": text.count("\n") + 1, "lines_more": more}
    return {**names, **size, "mode": "snippet", "preview": preview, "preview_is_truncated": bool(more)}


def home_event(user: str, tab: str, channel: str, ts: str, view: View | None) -> Json:
    """Somebody opened the app's ``home`` or ``messages`` tab."""
    event: Json = {"type": "app_home_opened", "user": user, "channel": channel, "tab": tab, "event_ts": ts}
    return event | ({"view": view.as_json()} if view else {})


def joined_event(user: str, inviter: str, channel: Channel, ts: str, team: Team) -> Json:
    """Somebody, or the bot, was invited into a channel."""
    event: Json = {"type": "member_joined_channel", "user": user, "inviter": inviter, "channel": channel.id}
    return event | {"channel_type": "C" if channel.kind is ChannelKind.PUBLIC else "G", "team": team.id, "event_ts": ts}


def command_form(member: Member, channel: Channel, command: str, text: str, handles: Json, team: Team) -> bytes:
    """A slash command; a channel without a public name is ``directmessage`` or ``privategroup``."""
    names = {"im": "directmessage", "group": "privategroup"}
    return urlencode(
        {
            "token": VERIFICATION_TOKEN,
            "team_id": team.id,
            "team_domain": team.domain,
            **({"enterprise_id": team.enterprise} if team.enterprise else {}),
            "channel_id": channel.id,
            "channel_name": names.get(channel.kind, channel.name),
            "user_id": member.id,
            "user_name": member.name,
            "command": command,
            "text": text,
            "api_app_id": APP,
            "is_enterprise_install": str(team.org_wide).lower(),
            **handles,
        }
    ).encode()


def interaction(kind: str, member: Member, handles: Json, team: Team) -> Json:
    """What every interactive payload has."""
    user = {"id": member.id, "username": member.name, "name": member.name, "team_id": member.team or team.id}
    place = {"id": team.id, "domain": team.domain}
    common = {"type": kind, "user": user, "team": place, "api_app_id": APP, "token": VERIFICATION_TOKEN}
    enterprise = {"id": team.enterprise, "name": "Grid"} if team.enterprise else None
    return common | {"enterprise": enterprise, "is_enterprise_install": team.org_wide} | handles


def block_action(element: Json, block_id: str, ts: str) -> Json:
    """One entry of ``actions``: a button that was pressed."""
    names = ("action_id", "type", "text", "value", "style", "url")
    kept: Json = {name: element[name] for name in names if name in element}
    return {**kept, "block_id": block_id, "action_ts": ts}


def message_place(message: SlackMessage, channel: Channel) -> Json:
    """Where a pressed button stands. A private message is told by its time stamp only, without text."""
    hidden = message.audience is not None
    container: Json = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
    container["is_ephemeral"] = hidden
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    place: Json = {
        "container": container,
        "channel": {"id": channel.id, "name": channel.name or "directmessage"},
    }
    if not hidden:
        place["message"] = message.as_json() | {"bot_id": BOT}
    return place
