"""A person at their Slack: what they do becomes the signed HTTP request that Slack would send to the bot."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import urlencode, urlsplit

from bot.sandbox.slack import payloads
from bot.sandbox.slack.composer import composed, escape
from bot.sandbox.slack.filled import identified, state_of
from bot.sandbox.slack.loopback import Response, post
from bot.sandbox.slack.method_context import MethodContext
from bot.sandbox.slack.records import (
    BOT_USER,
    Channel,
    ChannelKind,
    Exchange,
    Happening,
    Json,
    Member,
    Shown,
    SlackMessage,
    View,
)
from bot.sandbox.slack.signing import signed_headers
from bot.sandbox.slack.state import WorkspaceState

ACK_SECONDS = 3.0
_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A body as Slack sends it, kept so that it can be sent again."""

    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """How the bot took a request. ``status`` None: no answer in Slack's 3 seconds, or nothing was sent.

    ``seconds`` is the time to the ack. ``message`` is what the person wrote. ``also`` is the second request
    that a mention in a channel makes (``message`` and ``app_mention``).
    """

    status: int | None
    seconds: float = 0.0
    body: str = ""
    delivery: Delivery | None = None
    message: SlackMessage | None = None
    also: Receipt | None = None

    @property
    def acked(self) -> bool:
        """Whether the bot said 200 in time."""
        return self.status == 200

    @property
    def answer(self) -> Json:
        """The JSON object in the ack, such as a ``response_action``; empty when there is none."""
        try:
            parsed = json.loads(self.body)
        except ValueError:
            return {}
        return parsed if isinstance(parsed, dict) else {}


NOT_SENT = Receipt(None)


class Surroundings(Protocol):
    """The workspace that a person is in, as far as their hands reach: ``bot.sandbox.slack.workspace.Workspace``."""

    state: WorkspaceState
    method_context: MethodContext
    signing_secret: str
    bot_url: str
    escapes_commands: bool

    def hook_url(self, key: str) -> str:
        """A response_url's address."""
        ...

    def sends(self, subscription: str) -> bool:
        """Whether the bot is sent this event."""
        ...

    def show_ack(self, hook: str, body: str) -> SlackMessage:
        """Show the message that the bot put into the ack itself."""
        ...


class SlackUser:
    """One member's hands. Channels are named as typed (``#salesforce``); ``dm`` is a talk with the bot."""

    def __init__(self, workspace: Surroundings, member: Member, now: Callable[[], float] = time.time) -> None:
        self._workspace = workspace
        self._state = workspace.state
        self._method_context = workspace.method_context
        self._now = now
        self.member = member

    def say(
        self, text: str, channel: str = "#salesforce", thread_ts: str | None = None, extra: Json | None = None
    ) -> Receipt:
        """Write a message, with what else is in it, as files. The bot hears it only where it is a member."""
        where = self._channel(channel)
        ts, written = self._state.next_ts(), composed(self._state, text)
        message = self._state.post(
            SlackMessage(where.id, ts, self.member.id, written, thread_ts=thread_ts, extra=extra or {})
        )
        writer = (self.member, self._state.team)
        heard = self._event(f"message.{_plural(where)}", payloads.message_event(message, where, *writer), where)
        named = f"<@{BOT_USER}>" in message.text and where.kind is not ChannelKind.DIRECT
        also = self._event("app_mention", payloads.mention_event(message, where, *writer), where) if named else None
        return replace(heard, message=message, also=also)

    def mention(self, text: str, channel: str = "#salesforce", thread_ts: str | None = None) -> Receipt:
        """Write a message that starts with the bot's name."""
        return self.say(f"@flosum {text}", channel, thread_ts)

    def command(self, text: str, channel: str = "#salesforce", command: str = "/flosum") -> Receipt:
        """Type a slash command; ``text`` is what follows it."""
        where = self._channel(channel)
        hook = self._method_context.new_hook(where.id, self.member.id)
        handles = {"response_url": self._workspace.hook_url(hook), "trigger_id": self._trigger()}
        escaping = self._workspace.escapes_commands
        sent = composed(self._state, text, named=True) if escaping else escape(text)
        body = payloads.command_form(self.member, where, command, sent, handles, self._state.team)
        receipt = self.send(Delivery(body, _FORM))
        if not receipt.acked:
            code = "operation_timeout" if receipt.status is None else "dispatch_failed"
            typed = f"{command} {text}".strip()
            self._tell(f"{typed} failed with the error “{code}”")
        elif receipt.body.strip():
            self._workspace.show_ack(hook, receipt.body)
        return receipt

    def press(self, message: SlackMessage, action: str) -> Receipt:
        """Press a button of a message, by action_id or label. Raises LookupError when there is none."""
        return self._act(message, *_button(_blocks(message), action))

    def press_shown(
        self, action: str, message: SlackMessage | None, view: View | None, line: str | None = None
    ) -> Receipt:
        """Press a button, or choose a line of a menu, wherever it stands."""
        shown = message or view
        if line is not None and shown is not None:
            return self.choose(shown, action, line)
        if message is not None:
            return self.press(message, action)
        if view is not None:
            return self.press_view(view, action)
        raise LookupError(f"the button {action} stands nowhere")

    def press_view(self, view: View, action: str) -> Receipt:
        """Press a button of a modal or a Home tab."""
        return self._act(view, *_button(_blocks(view), action))

    def choose(self, shown: SlackMessage | View, menu: str, line: str) -> Receipt:
        """Choose a line, by label or value, of a menu by action_id or hint. Raises LookupError when there is none."""
        block_id, element = _menu(_blocks(shown), menu)
        return self._act(shown, block_id, element, {"selected_option": _option(element, line)})

    def use(self, shown: SlackMessage | View, place: tuple[str, str], chosen: Sequence[str], entered: Json) -> Receipt:
        """Use an element by its block_id and action_id: press it, or choose values in it.

        ``entered`` is what stands in the inputs around it, as for ``submit``. Raises LookupError when there is none.
        """
        block_id, element = _element(_blocks(shown), *place)
        return self._act(shown, block_id, element, state_of(element, chosen), entered)

    def _act(
        self,
        shown: SlackMessage | View,
        block_id: str,
        element: Json,
        chosen: Json | None = None,
        entered: Json | None = None,
    ) -> Receipt:
        body, state = self._interaction("block_actions"), {"values": entered or {}}
        if isinstance(shown, View):
            body |= {"view": shown.as_json() | {"state": state}, "container": {"type": "view", "view_id": shown.id}}
        else:
            where = self._state.channels[shown.channel]
            hook = self._method_context.new_hook(where.id, self.member.id, shown)
            body |= payloads.message_place(shown, where)
            body |= {"response_url": self._workspace.hook_url(hook), "state": state}
        body["actions"] = [payloads.block_action(element, block_id, self._state.next_ts()) | (chosen or {})]
        return self._interact(body)

    def submit(self, view: View, values: Json) -> Receipt:
        """Submit a modal; ``values`` is Slack's ``{block_id: {action_id: state}}``."""
        shown = view.as_json() | {"state": {"values": values}}
        receipt = self._interact(self._interaction("view_submission") | {"view": shown, "response_urls": []})
        answer = receipt.answer
        if answer.get("response_action") in ("update", "push"):
            own = view.id if answer["response_action"] == "update" else self._state.next_id("V")
            self._state.open_view(View(own, view.user, answer["view"], view.root or view.id))
        return receipt

    def shortcut(self, callback_id: str, message: SlackMessage | None = None) -> Receipt:
        """Use a message's shortcut, or a global one."""
        if message is None:
            return self._interact(self._interaction("shortcut") | {"callback_id": callback_id})
        where = self._state.channels[message.channel]
        hook = self._method_context.new_hook(where.id, self.member.id)
        body = self._interaction("message_action") | payloads.message_place(message, where)
        body |= {"callback_id": callback_id, "message_ts": message.ts, "message": message.as_json()}
        return self._interact(body | {"response_url": self._workspace.hook_url(hook)})

    def edit(self, message: SlackMessage, text: str) -> Receipt:
        """Change the words of a message of one's own."""
        where = self._state.channels[message.channel]
        after = self._state.update(message, composed(self._state, text), (), None)
        event = payloads.changed_event(message, after, where, self.member, self._state.team)
        return replace(self._event(f"message.{_plural(where)}", event, where), message=after)

    def share(self, files: Sequence[Json], text: str = "", channel: str = "#salesforce") -> Receipt:
        """Send files, as ``payloads.snippet`` makes them."""
        return self.say(text, channel, extra={"subtype": "file_share", "files": list(files)})

    def delete(self, message: SlackMessage) -> Receipt:
        """Delete a message; one that has replies leaves a stone behind."""
        where, writer = self._state.channels[message.channel], self._state.members.get(message.user, self.member)
        if len(self._state.conversation(where.id, thread=message.ts)) > 1:
            stone = self._state.bury(message)
            event = payloads.changed_event(message, stone, where, writer, self._state.team)
        else:
            self._state.delete(message)
            event = payloads.deleted_event(message, self._state.next_ts(), where, writer, self._state.team)
        return self._event(f"message.{_plural(where)}", event, where)

    def open_home(self, tab: str = "home") -> Receipt:
        """Open the app's ``home`` or ``messages`` tab."""
        where, view = self._channel("dm"), self._state.homes.get(self.member.id)
        event = payloads.home_event(self.member.id, tab, where.id, self._state.next_ts(), view)
        return self._event("app_home_opened", event, where)

    def invite_bot(self, channel: str) -> Receipt:
        """Invite the bot into a channel."""
        where = self._channel(channel)
        joined = self._state.add_to_channel(where.id, BOT_USER)
        event = payloads.joined_event(BOT_USER, self.member.id, joined, self._state.next_ts(), self._state.team)
        return self._event("member_joined_channel", event, joined)

    def verify_url(self, challenge: str) -> Receipt:
        """The handshake that Slack makes when an operator enters the bot's address."""
        body = {"type": "url_verification", "challenge": challenge, "token": payloads.VERIFICATION_TOKEN}
        return self.send(Delivery(json.dumps(body).encode(), _JSON))

    def redeliver(self, receipt: Receipt, number: int = 1, reason: str = "http_timeout") -> Receipt:
        """Send the very same body again, as Slack does when an ack was late or missing."""
        if receipt.delivery is None:
            raise LookupError("nothing was sent that could be sent again")
        retry = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        return replace(self.send(receipt.delivery, retry), message=receipt.message)

    def deliver(self, event: Json, channel: str = "#salesforce") -> Receipt:
        """Send any message event as Slack would, for what nobody types: other bots, joins, mentions by workflows."""
        where = self._channel(channel)
        is_mention = event.get("type") == "app_mention"
        return self._event("app_mention" if is_mention else f"message.{_plural(where)}", event, where)

    def send(self, delivery: Delivery, extra: dict[str, str] | None = None) -> Receipt:
        """Sign a body and send it to the bot."""
        headers = signed_headers(self._workspace.signing_secret, delivery.body, int(self._now()))
        headers |= {"Content-Type": delivery.content_type, "User-Agent": "Slackbot 1.0"} | (extra or {})
        answer: Response = post(self._workspace.bot_url, delivery.body, headers, ACK_SECONDS)
        path = urlsplit(self._workspace.bot_url).path
        self._state.record_exchange(Exchange(True, path, delivery.body, answer.status, answer.body, answer.seconds))
        return Receipt(answer.status, answer.seconds, answer.body, delivery)

    def _channel(self, name: str) -> Channel:
        mine = self._state.direct_channel(self.member.id)
        found = mine if name == "dm" else self._state.channel_named(name)
        if found is None or self.member.id not in found.members:
            raise LookupError(f"{self.member.name} is in no channel called {name}")
        return found

    def _event(self, subscription: str, event: Json, where: Channel) -> Receipt:
        if not self._workspace.sends(subscription) or BOT_USER not in where.members:
            return NOT_SENT
        event_id, seconds = self._state.next_id("Ev"), int(self._now())
        body = payloads.event_body(event, event_id, seconds, self._state.team, shared=where.shared)
        return self.send(Delivery(json.dumps(body).encode(), _JSON))

    def _trigger(self) -> str:
        return self._method_context.new_trigger(self.member.id)

    def _interaction(self, kind: str) -> Json:
        handles = {"trigger_id": self._trigger(), "action_ts": self._state.next_ts()}
        return payloads.interaction(kind, self.member, handles, self._state.team)

    def _interact(self, body: Json) -> Receipt:
        receipt = self.send(Delivery(urlencode({"payload": json.dumps(body)}).encode(), _FORM))
        if not receipt.acked:
            self._tell("The app did not answer in time.")
        return receipt

    def _tell(self, text: str) -> None:
        self._state.show(Shown(Happening.FAILED, user=self.member.id, text=text))


def _plural(channel: Channel) -> str:
    return {"channel": "channels", "group": "groups", "im": "im"}[channel.kind]


def _blocks(shown: SlackMessage | View) -> tuple[Json, ...]:
    return shown.blocks if isinstance(shown, SlackMessage) else tuple(shown.body.get("blocks", ()))


def _element(blocks: tuple[Json, ...], block_id: str, action_id: str) -> tuple[str, Json]:
    for own, block in identified(blocks):
        inside = (*(block.get("elements") or ()), block.get("accessory") or {}, block.get("element") or {})
        for element in inside if own == block_id else ():
            if element.get("action_id") == action_id:
                return own, element
    raise LookupError(f"nothing called {action_id} stands in {block_id}")


def _button(blocks: tuple[Json, ...], action: str) -> tuple[str, Json]:
    for block_id, block in identified(blocks):
        for element in (*(block.get("elements") or ()), block.get("accessory") or {}):
            label = (element.get("text") or {}).get("text") if isinstance(element.get("text"), dict) else None
            if action in (element.get("action_id"), label):
                return block_id, element
    raise LookupError(f"no button {action} on this message")


def _menu(blocks: tuple[Json, ...], menu: str) -> tuple[str, Json]:
    for block_id, block in identified(blocks):
        for element in (*(block.get("elements") or ()), block.get("accessory") or {}):
            hint = (element.get("placeholder") or {}).get("text")
            if element.get("options") and menu in (element.get("action_id"), hint):
                return block_id, element
    raise LookupError(f"no menu {menu} there")


def _option(element: Json, line: str) -> Json:
    options: list[Json] = element["options"]
    found = [option for option in options if line in (option["text"]["text"], option.get("value"))]
    if not found:
        raise LookupError(f"no line {line} in the menu")
    return found[0]
