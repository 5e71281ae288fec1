"""A request of Slack's in the form in which it is kept until it is done: redacted, and no more than listeners read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import BoltContext

from bot.adapters.slack.views.modal import LINE
from bot.adapters.slack.views.mrkdwn import incoming
from bot.adapters.slack.views.reading import is_cut, readable
from bot.domain.conversations.withheld import NOTHING, Withheld
from bot.domain.secrets import Redacted, Secret
from bot.domain.secrets.redaction import redact, shows_session
from bot.entrypoints.slack.message_events import deleted_ts, is_shared, mention_in, message_in, understood_as
from bot.service.conversation import Heard

Payload = dict[str, Any]

WITHHELD = "withheld"
"""Where a kept payload says what its texts do not show any more. Slack sends nothing of that name."""

KEPT = "kept"
"""What a kept payload is known by: it says what was the case then, not now."""

PLAIN = "plain"
"""Where a text is in plain words already: secrets are found in those, not behind Slack's escapes."""

HEARD = "heard"
"""Where the context of a message says as what a listener heard it, so that nobody has to read and redact it again."""

IsOwn = Callable[[str], bool]
"""Whether a text, secrets and all, is about the assistant's own app in an org."""

_ADDRESSED = (
    "team_id",
    "enterprise_id",
    "is_enterprise_install",
    "authorizations",
    "is_ext_shared_channel",
    "event_time",
)
_FROM_WHERE = ("type", "team", "enterprise", "user", "trigger_id", "response_url", "is_enterprise_install")
_OF_A_MESSAGE = (
    *("type", "subtype", "user", "bot_id", "channel", "channel_type", "ts", "thread_ts", "user_team", "source_team"),
)
_OF_A_VIEW = ("id", "type", "callback_id", "private_metadata", "app_installed_team_id", "team_id")
_IDS = ("id", "team_id", "enterprise_id")
_OF_A_COMMAND = (
    *("command", "user_id", "channel_id", "team_id", "enterprise_id", "is_enterprise_install", "response_url"),
    "trigger_id",
)


class _Texts:
    """Redacts texts, and remembers what they showed."""

    def __init__(self, is_own: IsOwn) -> None:
        self._is_own = is_own
        self.secrets: list[Secret] = []
        self.opens_org = self.own_app = False

    def safe(self, text: str, known: Redacted | None = None) -> str:
        """A text without its secrets, which are ``known`` where it was looked through before."""
        found = redact(text) if known is None else known
        self.secrets += found.secrets
        self.opens_org = self.opens_org or shows_session(text)
        self.own_app = self.own_app or self._is_own(text)
        return found.text

    @property
    def withheld(self) -> Payload:
        """As JSON."""
        return {"secrets": self.secrets, "opens_org": self.opens_org, "own_app": self.own_app}


def kept_form(payload: Mapping[str, Any], context: BoltContext, is_own: IsOwn) -> Payload:
    """The payload without anything that should not lie about. Read again it means the same."""
    texts = _Texts(is_own)
    kept = {**_kept(payload, context, texts), KEPT: True}
    if texts.secrets or texts.own_app:
        kept[WITHHELD] = texts.withheld
    return kept


def withheld_in(payload: Mapping[str, Any]) -> Withheld:
    """What a kept payload says that its texts do not show any more; of one fresh from Slack, nothing."""
    known = payload.get(WITHHELD)
    if not known:
        return NOTHING
    secrets = tuple(map(Secret, known["secrets"]))
    return Withheld(secrets, opens_org=known["opens_org"], own_app=known["own_app"])


def _kept(payload: Mapping[str, Any], context: BoltContext, texts: _Texts) -> Payload:
    if "command" in payload and "type" not in payload:
        text = texts.safe(incoming(payload.get("text") or ""))
        return {**_part(payload, _OF_A_COMMAND), "text": text, PLAIN: True}
    match payload["type"]:
        case "event_callback":
            event = _event(payload, context, texts)
            return {**_part(payload, ("type", *_ADDRESSED)), "event": event}
        case "message_action":
            return _shortcut(payload, texts)
        case "view_submission":
            view = payload["view"]
            values = {block: _lines(state, texts) for block, state in view["state"]["values"].items()}
            shown = {**_part(view, _OF_A_VIEW), "state": {"values": values}}
            return {**_where(payload), "view": shown}
        case _:
            return _press(payload)


def _event(payload: Mapping[str, Any], context: BoltContext, texts: _Texts) -> Payload:
    """A message as it was understood, without the payload that it was told in; any other event as it came."""
    event: Payload = payload["event"]
    if event["type"] == "user_change":  # it brings the whole profile, of which nothing else is needed
        return {"type": event["type"], "user": _part(event["user"], ("id", "deleted", "team_id"))}
    if event["type"] not in ("message", "app_mention"):
        return event
    kept = _part(event, _OF_A_MESSAGE)
    if (gone := deleted_ts(event)) is not None:  # of its words nothing is needed any more
        before = _part(event.get("previous_message") or {}, ("user", "thread_ts"))
        return {**kept, "subtype": "message_deleted", "deleted_ts": gone, "previous_message": {**before, "edited": {}}}
    heard: Heard | None = context.get(HEARD)
    if heard is not None:
        return {**kept, **understood_as(heard.message, texts.safe(heard.given, heard.safe))}
    read = message_in if event["type"] == "message" else mention_in
    message = read(event, context, shared=is_shared(dict(payload)))
    return {**kept, **(understood_as(message, texts.safe(message.text)) if message else {})}


def _shortcut(payload: Mapping[str, Any], texts: _Texts) -> Payload:
    shown = payload["message"]
    kept = {**_where(payload), **_part(payload, ("callback_id", "channel"))}
    words = _words(shown, texts.safe(incoming(readable(shown, whole=True))))
    return {**kept, "message": {**_part(shown, ("type", "ts", "thread_ts")), **words, PLAIN: True}}


def _words(message: Payload, text: str) -> Payload:
    """One text instead of a message's blocks, attachments and files; of these, whether one was cut."""
    return {"text": text, **({"files": [{"preview_is_truncated": True}]} if is_cut(message) else {})}


def _press(payload: Mapping[str, Any]) -> Payload:
    """What is pressed and chosen are buttons and menus of ours, which say words of ours."""
    kept = {**_where(payload), **_part(payload, ("channel", "container"))}
    kept["actions"] = [_pressed(each) for each in payload["actions"]]
    for name, fields in (("message", ("ts", "thread_ts")), ("view", _OF_A_VIEW)):
        if isinstance(there := payload.get(name), dict):
            kept[name] = _part(there, fields)
    return kept


def _pressed(action: Mapping[str, Any]) -> Payload:
    chosen = action.get("selected_option")
    kept = _part(action, ("type", "action_id", "block_id", "value"))
    return {**kept, "selected_option": _part(chosen, ("value",))} if chosen else kept


def _lines(state: Payload, texts: _Texts) -> Payload:
    line = state.get(LINE) or {}
    kept = _part(line, ("type", "selected_time", "selected_conversation", "selected_user"))
    if chosen := line.get("selected_option"):
        kept["selected_option"] = {"value": texts.safe(str(chosen.get("value") or ""))}
    return {LINE: {**kept, "value": texts.safe(str(line.get("value") or ""))}}


def _where(payload: Mapping[str, Any]) -> Payload:
    """Where it comes from, by ids alone."""
    kept = _part(payload, _FROM_WHERE)
    return {name: _part(each, _IDS) if isinstance(each, dict) else each for name, each in kept.items()}


def _part(record: Mapping[str, Any], names: tuple[str, ...]) -> Payload:
    return {name: record[name] for name in names if name in record}
