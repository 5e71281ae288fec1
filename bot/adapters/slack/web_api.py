"""Slack's Web API: its client, its refusals in our words, and posting once."""

from __future__ import annotations

import json
import logging
import re
import ssl
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from http.client import HTTPException
from typing import Any
from urllib.request import Request

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse
from slack_sdk.web.internal_utils import get_user_agent
from slack_sdk.webhook import WebhookClient
from slack_sdk.webhook.webhook_response import WebhookResponse

from bot.adapters.slack.kept_connections import KeptConnections, Refusal, Reply
from bot.adapters.slack.views.blocks import message, without_charts
from bot.adapters.slack.views.unformatted import FORM_REFUSED, unformatted
from bot.domain.answers import Answer
from bot.domain.errors import SlackRefused
from bot.domain.model import Asker, is_person
from bot.metrics import Called, watching
from bot.ports import OfferTo

log = structlog.get_logger("assistant")

_LIBRARYS_LOG = logging.getLogger("slack_sdk")
"""Handed over, because ``logs`` gives it a level; for one without, the library words each call for a log that nobody
sees.
"""

TIMEOUT = 10  # seconds for one call
CLIENTS = 256  # of as many workspaces the clients are remembered
_AS_JSON = {"User-Agent": get_user_agent(), "Content-Type": "application/json;charset=utf-8"}
LOOKED_AT = 200
"""Messages among which one of ours is looked for."""

_PAGES = 10
"""Of so many messages each; Slack gives a few apps fifteen at most."""

EVENT_TYPE = "flosum_message"

_POSTING_IS_RESTRICTED = "This workspace does not let me post in that channel. Choose another one."
_NOBODY = "Slack knows nobody of that id in this workspace."
_TOO_LATE = "Slack did not open the window in time. Press once more."
_SENTENCES = {
    "not_in_channel": "I am not in that channel. Invite me there first: `/invite @Flosum`.",
    "channel_not_found": "I cannot see that channel. If it is private, invite me there first: `/invite @Flosum`.",
    "is_archived": "That channel is archived. Choose another one: `/flosum remind monday 09:00 #channel`.",
    "restricted_action": _POSTING_IS_RESTRICTED,
    "restricted_action_non_threadable_channel": _POSTING_IS_RESTRICTED,
    "restricted_action_read_only_channel": _POSTING_IS_RESTRICTED,
    "restricted_action_thread_locked": _POSTING_IS_RESTRICTED,
    "restricted_action_thread_only_channel": _POSTING_IS_RESTRICTED,
    "posting_to_general_channel_denied": _POSTING_IS_RESTRICTED,
    "missing_scope": "The Slack app may not ask that: whoever runs the bot adds the scopes of manifest.yml to it.",
    "user_not_found": _NOBODY,
    "user_not_visible": _NOBODY,
    "users_not_found": _NOBODY,
    "message_not_found": "My earlier answer is not there any more.",
    "expired_trigger_id": _TOO_LATE,
    "exchanged_trigger_id": _TOO_LATE,
    "trigger_expired": _TOO_LATE,
    "ratelimited": "Slack is limiting how much I may post. Try again in a minute.",
}
SILENT = "Slack did not answer. Try again in a minute."
_NO_RECORD = (AttributeError, LookupError, RecursionError)
"""For JSON that is no record, letters in a code that nobody knows, and JSON without end."""

LOST = (SlackClientError, HTTPException, OSError, ValueError, *_NO_RECORD)
"""What a lost connection or a cut-off answer looks like; whether Slack took the call is not known."""

_CODE = re.compile("[a-z_]+")
_POINTER = re.compile(r"json-pointer:([a-z0-9_/]+)")
_LIMITED = ("ratelimited", "rate_limited", "accesslimited")
_UNCLEAR = ("internal_error", "fatal_error", "service_unavailable", "request_timeout")
"""What Slack says when it does not know itself whether it took a call."""

_TOO_MANY = 429
_LONGEST_PAUSE = 120.0  # seconds


class WatchedClient(WebClient):
    """Tells of each call how it ended and how long it took, and keeps its connections.

    It repeats nothing by itself: after a lost connection Slack may have taken the first call; and where it limits us,
    whoever calls waits in a queue instead of on a thread.
    """

    def __init__(
        self,
        token: str | None,
        base_url: str,
        told: Called | None,
        connections: KeptConnections,
        *,
        context: ssl.SSLContext | None = None,
        team: str | None = None,
    ) -> None:
        given: dict[str, Any] = {"timeout": TIMEOUT, "ssl": context, "team_id": team, "retry_handlers": []}
        super().__init__(token=token, base_url=base_url, logger=_LIBRARYS_LOG, **given)
        self._told = told
        self.connections = connections

    def api_call(self, api_method: str, **arguments: Any) -> Any:
        """Call a method of the Web API, as the library does; what Slack does not take in its form is said without."""
        try:
            return self._call(api_method, **arguments)
        except SlackApiError as error:
            code, at = _refusal(error).code, _at(error)
            plain = unformatted(arguments.get("json") or {}) if code in FORM_REFUSED else None
            if plain is None:
                raise
        log.error("Slack refused the form of a message, so it is said without", code=code, method=api_method, at=at)
        return self._call(api_method, json=plain)

    def _call(self, api_method: str, **arguments: Any) -> Any:
        url = self.base_url + api_method
        with watching(self._told, SlackApiError):
            if arguments.keys() == {"json"} and not self.proxy and self.connections.lead_to(url):
                return self._sent(url, arguments["json"])
            return super().api_call(api_method, **arguments)

    def _sent(self, url: str, record: Mapping[str, Any]) -> Any:
        """What came of a record of JSON, as which messages and views are sent: without the library's detours for forms,
        files and repetitions, which take longer than the sending. Raises SlackApiError.
        """
        reply = self._reply(url, {**self.default_params, **record}, Authorization=f"Bearer {self.token}")
        try:
            came = json.loads(reply.text)
        except ValueError:
            came = {"ok": False, "error": "a page instead of JSON"}
        response: Any = SlackResponse(
            client=self,
            http_verb="POST",
            api_url=url,
            req_args={},
            data=came,
            headers=dict(reply.headers),
            status_code=reply.status,
        )
        response.validate()
        return response

    def with_token(self, token: str | None, team: str | None = None) -> WatchedClient:
        """The same for another token; ``team``: what is asked is asked of that workspace of an organization's."""
        return WatchedClient(token, self.base_url, self._told, self.connections, context=self.ssl, team=team)

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        if self.proxy or not self.connections.lead_to(url):
            return super()._perform_urllib_http_request_internal(url, req)
        headers = {name: value for name, value in req.header_items() if name != "Content-length"}
        reply = self.connections.post(url, _body(req), headers, self.timeout)
        return {"status": reply.status, "headers": reply.headers, "body": reply.text}

    def answer_at(self, url: str, body: dict[str, Any]) -> WebhookResponse:
        """Answer at a ``response_url``, as the library does; this repeats nothing by itself either."""
        if self.proxy or not self.connections.lead_to(url):
            webhook = WebhookClient(url, timeout=TIMEOUT, ssl=self.ssl, proxy=self.proxy, retry_handlers=[])
            return webhook.send_dict(body)
        reply = self._reply(url, body)
        return WebhookResponse(url=url, status_code=reply.status, body=reply.text, headers=dict(reply.headers.items()))

    def _reply(self, url: str, record: Mapping[str, Any], **headers: str) -> Reply:
        """What comes back for a record, whatever its status."""
        try:
            return self.connections.post(url, json.dumps(record).encode(), {**_AS_JSON, **headers}, self.timeout)
        except Refusal as refusal:
            return Reply(refusal.code, dict(refusal.headers), refusal.read().decode("utf-8", "replace"))


def _body(request: Request) -> bytes:
    data = request.data
    assert data is None or isinstance(data, bytes)  # noqa: S101 - Slack's library sends nothing else
    return data or b""


def client(token: str | None, base_url: str, ca_bundle: str | None = None, told: Called | None = None) -> WatchedClient:
    """A Web API client; ``told`` of each of its calls."""
    context = ssl.create_default_context(cafile=ca_bundle) if ca_bundle else None
    return WatchedClient(token, base_url, told, KeptConnections(context), context=context)


class Clients:
    """The clients for tokens, those of late remembered."""

    def __init__(self, slack: WatchedClient) -> None:
        self._made = lru_cache(CLIENTS)(slack.with_token)

    def with_token(self, token: str) -> WatchedClient:
        """The client for a token."""
        return self._made(token, None)

    def same(self, slack: WebClient) -> WatchedClient:
        """The one of ours for a client that Bolt made, which it does for each request: same token, same workspace."""
        return self._made(slack.token, slack.default_params.get("team_id"))


def called(call: Callable[[], Any], *, in_full: bool = False) -> Any:
    """The result of a Web API call. Raises SlackRefused, in our own words.

    ``in_full``: who calls tells a refusal with its code, so that the log need not.
    """
    try:
        return call()
    except SlackApiError as error:
        refusal = _refusal(error)
        if refusal.said != refusal.text and not in_full:
            log.info("Slack refused", code=refusal.code)
        raise refusal from None
    except LOST:
        raise SlackRefused(SILENT, permanent=False) from None


def posted_ts(post: Callable[[], Any]) -> str:
    """The ts of what is posted. Raises SlackRefused, also where the answer lacks it: the message may be there."""

    def ts() -> str:
        found = post()["ts"]
        if not isinstance(found, str):
            raise ValueError("a message without a time stamp")  # noqa: TRY004 - as of a body that is no JSON
        return found

    return str(called(ts))


def _refusal(error: SlackApiError) -> SlackRefused:
    response = error.response
    told = getattr(response, "data", response)
    code = str(told.get("error", "")) if isinstance(told, Mapping) else ""
    if getattr(response, "status_code", None) == _TOO_MANY or code in _LIMITED:
        pause = seconds_asked_for(getattr(response, "headers", None) or {})
        return SlackRefused(_SENTENCES["ratelimited"], permanent=False, clear=True, retry_after=pause, code=code)
    if not _CODE.fullmatch(code):  # a proxy's or an outage's page; slack_sdk puts all of it where the code belongs
        return SlackRefused(SILENT, permanent=False)
    text, unclear = _SENTENCES.get(code, f"Slack refused ({code})."), code in _UNCLEAR
    return SlackRefused(text, permanent=not unclear, clear=not unclear, code=code)


def _at(error: SlackApiError) -> list[str]:
    """Where in a message Slack finds fault with it; the rest of its words may be the message's own."""
    told = getattr(error.response, "data", error.response)
    return _POINTER.findall(json.dumps(told)) if isinstance(told, Mapping) else []


def refused_as(code: str) -> SlackRefused:
    """What Slack would say, told before it is asked."""
    return SlackRefused(_SENTENCES[code], permanent=True, clear=True, code=code)


def seconds_asked_for(headers: Mapping[str, str]) -> float | None:
    """For how long Slack asks to be left alone (``Retry-After``, in whole seconds)."""
    asked = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return min(float(asked), _LONGEST_PAUSE) if asked.isdecimal() else None


def find_posted(
    slack: WebClient, channel: str, thread: str | None, metadata: dict[str, Any], **since: str
) -> str | None:
    """The ts of a message of ours with this ``metadata``, in a thread or beside; None where Slack lets nobody look.

    Raises SlackRefused where that passes.
    """
    return next((str(each["ts"]) for each in all_posted(slack, channel, thread, metadata, **since)), None)


def all_posted(
    slack: WebClient, channel: str, thread: str | None, metadata: dict[str, Any], **since: str
) -> list[dict[str, Any]]:
    """Every message of ours with this ``metadata``, as above; none where Slack lets nobody look."""
    try:
        return _marked(slack, channel, thread, metadata, **since)
    except SlackRefused as refusal:
        if not refusal.permanent:
            raise
        log.info("cannot look for what was posted", reason=refusal.text)
        return []


def find_marked(
    slack: WebClient, channel: str, thread: str | None, metadata: dict[str, Any], **since: str
) -> str | None:
    """The first, where None says that there is none. Raises SlackRefused."""
    return next((str(each["ts"]) for each in _marked(slack, channel, thread, metadata, **since)), None)


def _marked(
    slack: WebClient, channel: str, thread: str | None, metadata: dict[str, Any], **since: str
) -> list[dict[str, Any]]:
    where: dict[str, Any] = {"channel": channel, "limit": LOOKED_AT, "include_all_metadata": True, **since}
    if thread is None:
        found = called(lambda: slack.conversations_history(**where))["messages"]
    else:
        found = called(lambda: slack.conversations_replies(ts=thread, **where))["messages"]
    return [each for each in found if _fits(each.get("metadata") or {}, metadata)]


def find_since(slack: WebClient, channel: str, metadata: dict[str, Any], oldest: str) -> str | None:
    """The ts of a message of ours with this ``metadata`` since ``oldest``; None where there is none.

    Raises SlackRefused, also where there is too much to look through.
    """
    where: dict[str, Any] = {"channel": channel, "limit": LOOKED_AT, "include_all_metadata": True, "oldest": oldest}
    for _ in range(_PAGES):
        page = called(lambda: slack.conversations_history(**where))
        ours = (each for each in page["messages"] if _fits(each.get("metadata") or {}, metadata))
        if (found := next(ours, None)) is not None:
            return str(found["ts"])
        if not page.get("has_more"):
            return None
        where["cursor"] = page["response_metadata"]["next_cursor"]
    raise SlackRefused("Too much was said there since to look through.", permanent=True)


def _fits(known: dict[str, Any], wanted: dict[str, Any]) -> bool:
    payload = known.get("event_payload") or {}
    is_same = all(payload.get(name) == value for name, value in wanted["event_payload"].items())
    return is_same and known.get("event_type") == wanted["event_type"]


def tell_privately(slack: WebClient, user: str, channel: str | None, thread: str | None, words: dict[str, Any]) -> None:
    """Say something that one person alone sees: in the channel, or in their direct messages where that cannot be.

    Raises SlackRefused.
    """
    if channel is not None:
        try:
            called(lambda: slack.chat_postEphemeral(channel=channel, user=user, thread_ts=thread, **words))
        except SlackRefused as refusal:
            if not refusal.permanent:
                raise
            log.info("told in direct messages instead", reason=refusal.text)
        else:
            return
    called(lambda: slack.chat_postMessage(channel=user, **words))


class SlackOutbox:
    """Posts on behalf of the bot. ``client_for`` gives the client of a workspace."""

    def __init__(self, client_for: Callable[[str], WebClient], offer_to: OfferTo = lambda _, answer: answer) -> None:
        """``offer_to`` fits answers to the one person who is told."""
        self._client_for = client_for
        self._offer_to = offer_to
        self._no_charts: set[str] = set()
        """Workspaces to which Slack has not given charts yet, as far as that turned out."""

    def post(self, workspace: str, channel: str, answer: Answer, key: str, thread: str | None = None) -> str:
        """Post once, in a thread or beside; ``key`` travels as metadata. Without its charts where Slack has none.

        Raises SlackRefused.
        """
        if is_person(channel):
            answer = self._offer_to(Asker(workspace, channel), answer)
        plain = without_charts(answer)
        if workspace in self._no_charts or plain == answer:
            return self._post(workspace, channel, plain, key, thread)
        try:
            return self._post(workspace, channel, answer, key, thread)
        except SlackRefused as refusal:
            if refusal.code != "invalid_blocks":
                raise
            posted = self._post(workspace, channel, plain, key, thread)
        log.info("no charts in this workspace", workspace=workspace)
        self._no_charts.add(workspace)
        return posted

    def _post(self, workspace: str, channel: str, answer: Answer, key: str, thread: str | None) -> str:
        metadata, words = _metadata(key), message(answer, alone=channel[:1] in ("D", "U", "W"))
        words |= {"thread_ts": thread} if thread else {}
        slack = self._client_for(workspace)
        return posted_ts(
            lambda: slack.chat_postMessage(
                channel=channel, metadata=metadata, unfurl_links=False, unfurl_media=False, **words
            )
        )

    def find(self, workspace: str, target: str, key: str, since: datetime, thread: str | None = None) -> str | None:
        """The ts of what was posted under ``key``, to a channel or a person, since then; None where it is not there.

        Raises SlackRefused, permanent where nobody may look.
        """
        slack = self._client_for(workspace)
        if thread is not None:
            return find_marked(slack, target, thread, _metadata(key))
        if target[:1] in ("U", "W"):
            target = called(lambda: slack.conversations_open(users=target))["channel"]["id"]
        return find_since(slack, target, _metadata(key), f"{since.timestamp():.6f}")


def _metadata(key: str) -> dict[str, Any]:
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}
