"""The Web API methods that the bot calls, each a function from its arguments to Slack's answer."""

from __future__ import annotations

from collections.abc import Callable

from bot.sandbox.slack.method_context import (
    ApiError,
    MethodContext,
    checked_content,
    checked_metadata,
    checked_view,
    needed,
)
from bot.sandbox.slack.people_methods import PEOPLE
from bot.sandbox.slack.records import (
    BOT,
    BOT_USER,
    Channel,
    ChannelKind,
    Happening,
    Json,
    Shown,
    SlackMessage,
    View,
)

Method = Callable[[MethodContext, Json], Json]
UPDATE_CHARACTERS = 4_000


def auth_test(method_context: MethodContext, _args: Json) -> Json:
    """Who the token belongs to; the token of a whole organization names that as its team."""
    team = method_context.state.team
    names = {"url": f"https://{team.domain}.slack.com/", "team": team.name, "user": "flosum"}
    ids = {"team_id": team.enterprise if team.org_wide else team.id, "user_id": BOT_USER, "bot_id": BOT}
    return names | ids | {"enterprise_id": team.enterprise, "is_enterprise_install": team.org_wide}


def team_info(method_context: MethodContext, args: Json) -> Json:
    """The workspace."""
    team = method_context.state.team
    if args.get("team", team.id) != team.id:
        raise ApiError("team_not_found")
    return {"team": {"id": team.id, "name": team.name, "domain": team.domain}}


def conversations_info(method_context: MethodContext, args: Json) -> Json:
    """What a channel is, and whether the bot is in it."""
    channel = method_context.channel(args)
    body: Json = {"id": channel.id, "name": channel.name, "is_archived": channel.archived}
    body |= {"is_channel": channel.kind is ChannelKind.PUBLIC, "is_im": channel.kind is ChannelKind.DIRECT}
    body |= {"is_ext_shared": channel.shared, "is_shared": channel.shared}
    body |= {"is_private": channel.kind is not ChannelKind.PUBLIC, "is_member": BOT_USER in channel.members}
    return {"channel": body}


def conversations_open(method_context: MethodContext, args: Json) -> Json:
    """The direct messages with one person."""
    users = needed(args, "users").split(",")
    member = method_context.member(users[0])
    channel = method_context.state.direct_channel(member.id)
    if len(users) > 1 or channel is None:
        raise ApiError("method_not_supported_for_channel_type")
    return {"channel": {"id": channel.id}}


def _page(messages: list[SlackMessage], args: Json) -> Json:
    start, limit = int(args.get("cursor") or 0), int(args.get("limit") or 100)
    full = args.get("include_all_metadata") in (True, "true", "1", 1)
    shown = [m.as_json(with_metadata=full) for m in messages[start : start + limit]]
    more = start + limit < len(messages)
    cursor = str(start + limit) if more else ""
    return {"messages": shown, "has_more": more, "response_metadata": {"next_cursor": cursor}}


def _between(messages: list[SlackMessage], args: Json) -> list[SlackMessage]:
    oldest, latest = str(args.get("oldest") or "0"), str(args.get("latest") or "9" * 10)
    inclusive = args.get("inclusive") in (True, "true", "1", 1)
    ends = {oldest, latest} if inclusive else set()
    return [m for m in messages if oldest < m.ts < latest or m.ts in ends]


def _readable_channel(method_context: MethodContext, args: Json) -> Channel:
    channel = method_context.channel(args)
    if BOT_USER not in channel.members:
        raise ApiError("not_in_channel")
    return channel


def conversations_history(method_context: MethodContext, args: Json) -> Json:
    """A channel's messages, newest first; threads' answers and private messages are not among them."""
    found = method_context.state.conversation(_readable_channel(method_context, args).id)
    return _page(_between(found, args)[::-1], args)


def conversations_replies(method_context: MethodContext, args: Json) -> Json:
    """A thread, its first message first."""
    channel, ts = _readable_channel(method_context, args), needed(args, "ts")
    found = method_context.state.conversation(channel.id, thread=ts)
    if not found:
        raise ApiError("thread_not_found")
    return _page(_between(found, args), args)


def _thread(method_context: MethodContext, channel: Channel, args: Json) -> str | None:
    ts = args.get("thread_ts")
    if ts is None:
        return None
    parent = method_context.state.messages.get((channel.id, str(ts)))
    if parent is None or parent.audience is not None:
        raise ApiError("cannot_reply_to_message")
    return parent.thread_ts or parent.ts


def _new_message(method_context: MethodContext, args: Json, audience: str | None = None) -> SlackMessage:
    channel = method_context.open_channel(args)
    text, blocks = checked_content(args)
    thread, metadata = _thread(method_context, channel, args), checked_metadata(args)
    ts = method_context.state.next_ts()
    return SlackMessage(channel.id, ts, BOT_USER, text, blocks, thread, metadata, audience)


def chat_post_message(method_context: MethodContext, args: Json) -> Json:
    """A message for everybody in the channel."""
    message = method_context.state.post(_new_message(method_context, args))
    return {"channel": message.channel, "ts": message.ts, "message": message.as_json()}


def chat_post_ephemeral(method_context: MethodContext, args: Json) -> Json:
    """A message for one person of the channel."""
    user, channel = needed(args, "user"), method_context.open_channel(args)
    if user not in channel.members:
        raise ApiError("user_not_in_channel")
    return {"message_ts": method_context.state.post(_new_message(method_context, args, audience=user)).ts}


def chat_update(method_context: MethodContext, args: Json) -> Json:
    """Other words for a message of the bot's own."""
    message = method_context.own_message(args, "cant_update_message")
    text, blocks = checked_content(args, UPDATE_CHARACTERS)
    edited = method_context.state.update(message, text, blocks, checked_metadata(args))
    return {"channel": edited.channel, "ts": edited.ts, "text": text, "message": edited.as_json()}


def chat_delete(method_context: MethodContext, args: Json) -> Json:
    """A message of the bot's own, gone."""
    message = method_context.own_message(args, "cant_delete_message")
    method_context.state.delete(message)
    return {"channel": message.channel, "ts": message.ts}


def chat_get_permalink(method_context: MethodContext, args: Json) -> Json:
    """A message's address."""
    channel = method_context.channel(args)
    message = method_context.message(channel, needed(args, "message_ts"))
    link = f"https://acme.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}


def views_open(method_context: MethodContext, args: Json) -> Json:
    """A modal for the person whose trigger_id this is."""
    trigger, body = needed(args, "trigger_id"), checked_view(args)
    if body["type"] != "modal":
        raise ApiError("invalid_arguments", ["unsupported type: home [json-pointer:/view/type]"])
    user = method_context.use_trigger(trigger)
    return {"view": method_context.state.open_view(View(method_context.state.next_id("V"), user, body)).as_json()}


def views_update(method_context: MethodContext, args: Json) -> Json:
    """Other content for a view that is open."""
    old = method_context.state.views.get(needed(args, "view_id"))
    if old is None:
        raise ApiError("not_found")
    return {"view": method_context.state.open_view(View(old.id, old.user, checked_view(args), old.root)).as_json()}


def views_publish(method_context: MethodContext, args: Json) -> Json:
    """A person's Home tab."""
    user, body = method_context.member(needed(args, "user_id")).id, checked_view(args)
    if body["type"] != "home":
        raise ApiError("invalid_arguments", ["unsupported type: modal [json-pointer:/view/type]"])
    old = method_context.state.homes.get(user)
    view = View(old.id if old else method_context.state.next_id("V"), user, body)
    return {"view": method_context.state.open_view(view).as_json()}


def set_suggested_prompts(method_context: MethodContext, args: Json) -> Json:
    """Prompts to press in the assistant's pane."""
    prompts = args.get("prompts")
    if not isinstance(prompts, list) or not all(p.get("title") and p.get("message") for p in prompts):
        raise ApiError("invalid_arguments", ["missing required field: prompts"])
    text, owner = " · ".join(str(prompt["title"]) for prompt in prompts), _pane_owner(method_context, args)
    method_context.state.prompts[owner] = (str(args.get("title") or ""), prompts)
    method_context.state.show(Shown(Happening.PROMPTS, user=owner, text=text))
    return {}


def set_status(method_context: MethodContext, args: Json) -> Json:
    """What the assistant is doing, shown under its name until it answers."""
    status = str(args.get("status") or "")
    method_context.state.show(Shown(Happening.STATUS, user=_pane_owner(method_context, args), text=status))
    return {}


def _pane_owner(method_context: MethodContext, args: Json) -> str | None:
    channel = method_context.channel({"channel": needed(args, "channel_id")})
    people = channel.members - {BOT_USER}
    return next(iter(people)) if channel.kind is ChannelKind.DIRECT else None


METHODS: dict[str, Method] = {
    **PEOPLE,
    "assistant.threads.setStatus": set_status,
    "assistant.threads.setSuggestedPrompts": set_suggested_prompts,
    "auth.test": auth_test,
    "chat.delete": chat_delete,
    "chat.getPermalink": chat_get_permalink,
    "chat.postEphemeral": chat_post_ephemeral,
    "chat.postMessage": chat_post_message,
    "chat.update": chat_update,
    "conversations.history": conversations_history,
    "conversations.info": conversations_info,
    "conversations.open": conversations_open,
    "conversations.replies": conversations_replies,
    "team.info": team_info,
    "views.open": views_open,
    "views.publish": views_publish,
    "views.update": views_update,
}
"""By the name in the URL."""
