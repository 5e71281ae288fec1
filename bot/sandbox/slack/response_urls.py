"""What a response_url does: answer privately or openly, replace or delete the message its button stood on."""

from __future__ import annotations

from bot.sandbox.slack.method_context import ApiError, Hook, MethodContext, checked_content, checked_metadata
from bot.sandbox.slack.records import BOT_USER, Json, SlackMessage


def answer_hook(method_context: MethodContext, key: str, args: Json) -> None:
    """Spend one use of a response_url. Raises ApiError where Slack refuses."""
    hook = method_context.use_hook(key)
    if _wants(args, "delete_original"):
        method_context.state.delete(_source(method_context, hook))
    elif _wants(args, "replace_original"):
        text, blocks = checked_content(args)
        method_context.state.update(_source(method_context, hook), text, blocks, checked_metadata(args))
    else:
        show_answer(method_context, hook, args)


def show_answer(method_context: MethodContext, hook: Hook, args: Json) -> SlackMessage:
    """A new message in the bot's name: for the asker alone, unless ``response_type`` is ``in_channel``."""
    text, blocks = checked_content(args)
    audience = None if args.get("response_type") == "in_channel" else hook.user
    thread = args.get("thread_ts") or (hook.source.thread_ts if hook.source else None)
    ts = method_context.state.next_ts()
    return method_context.state.post(
        SlackMessage(hook.channel, ts, BOT_USER, text, blocks, thread, checked_metadata(args), audience)
    )


def _wants(args: Json, name: str) -> bool:
    return args.get(name) in (True, "true")


def _source(method_context: MethodContext, hook: Hook) -> SlackMessage:
    source = hook.source and method_context.state.messages.get((hook.source.channel, hook.source.ts))
    if source is None:
        raise ApiError("message_not_found")
    return source
