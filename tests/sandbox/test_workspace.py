"""The built-in workspace against a real Bolt app and Slack's own client: signed HTTP in both directions."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.sandbox.slack.faults import FaultKind, WebApiFault
from bot.sandbox.slack.loopback import post
from bot.sandbox.slack.records import Happening, Shown, SlackMessage
from bot.sandbox.slack.user import Delivery
from bot.sandbox.slack.workspace import Workspace
from tests.tiny_bot import BUTTONS, MODAL, tiny_bot

# Slack's own client leaves a refusal open, of which Python 3.14 tells.
pytestmark = pytest.mark.filterwarnings("ignore:Implicitly cleaning up <HTTPError:ResourceWarning")

Json = dict[str, Any]


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(clock: Clock) -> Iterator[Workspace]:
    with Workspace(clock=clock) as workspace:
        yield workspace


@pytest.fixture
def heard(workspace: Workspace) -> Iterator[list[Json]]:
    with tiny_bot(workspace) as heard:
        yield heard


@pytest.fixture
def client(workspace: Workspace) -> WebClient:
    return WebClient(token=workspace.bot_token, base_url=workspace.api_url, timeout=2, retry_handlers=[])


def from_bot(log: Sequence[Shown]) -> list[SlackMessage]:
    return [shown.message for shown in log if shown.message and shown.message.by_bot]


def answer(workspace: Workspace) -> SlackMessage:
    """The bot's newest message, waited for."""
    return from_bot(workspace.wait(lambda log: bool(from_bot(log))))[-1]


def refusal(error: pytest.ExceptionInfo[SlackApiError]) -> str:
    return str(error.value.response["error"])


# --- what people do ------------------------------------------------------------------------------------


def test_a_command_is_answered_to_the_asker_alone(workspace: Workspace, heard: list[Json]) -> None:
    receipt = workspace.person("ada").command("status prod")

    shown = answer(workspace)
    assert receipt.acked
    assert receipt.seconds < 3
    assert (shown.text, shown.audience, shown.blocks) == ("prod needs one step", "U0YOU", tuple(BUTTONS))
    assert heard[0]["command"] == "/flosum"
    assert heard[0]["channel_name"] == "salesforce"


@pytest.mark.parametrize(
    ("escapes", "text"),
    [
        (True, "ask <@U0BEN|ben> in <#C0RANDOM|random> &amp; see <https://a.com/?x=1&amp;y=2>"),
        (False, "ask @ben in #random &amp; see https://a.com/?x=1&amp;y=2"),
    ],
)
def test_a_commands_text_is_escaped_as_the_manifest_says(clock: Clock, escapes: bool, text: str) -> None:
    with Workspace(clock=clock, escapes_commands=escapes) as workspace, tiny_bot(workspace) as heard:
        workspace.person("ada").command("ask @ben in #random & see https://a.com/?x=1&y=2")

        assert heard[0]["text"] == text


def test_a_command_may_be_answered_to_everybody(workspace: Workspace, heard: list[Json]) -> None:
    workspace.person("ada").command("share")

    assert answer(workspace).audience is None
    assert heard


def test_words_in_the_ack_are_shown_too(workspace: Workspace, heard: list[Json]) -> None:
    workspace.person("ada").command("ack")

    assert answer(workspace).text == "straight away"
    assert heard


def test_a_paste_is_answered_in_its_thread(workspace: Workspace, heard: list[Json]) -> None:
    receipt = workspace.person("ben").say("an error & <b> at https://a.com/?x=1&y=2.")

    shown = answer(workspace)
    assert receipt.message
    assert shown.thread_ts == receipt.message.ts
    assert heard[0]["text"] == "an error &amp; &lt;b&gt; at <https://a.com/?x=1&amp;y=2>."
    assert heard[0]["channel_type"] == "channel"


def test_lunch_gets_no_answer(workspace: Workspace, heard: list[Json]) -> None:
    workspace.person("ben").say("lunch?")

    assert workspace.settle()
    assert len(heard) == 1
    assert not from_bot(workspace.log)


def test_a_mention_arrives_as_message_and_as_mention(workspace: Workspace, heard: list[Json]) -> None:
    receipt = workspace.person("ben").mention("hello")

    assert receipt.also
    assert receipt.also.acked
    assert answer(workspace).text == "You called"
    assert sorted(event["type"] for event in heard) == ["app_mention", "message"]


def test_a_direct_message_is_one_event(workspace: Workspace, heard: list[Json]) -> None:
    receipt = workspace.person("ben").mention("an error", channel="dm")

    assert receipt.also is None
    assert answer(workspace).channel == "D0BEN"
    assert heard[0]["channel_type"] == "im"


def test_the_bot_does_not_hear_where_it_is_not(workspace: Workspace, heard: list[Json]) -> None:
    receipt = workspace.person("ben").say("an error", channel="#general")

    assert receipt.status is None
    assert workspace.settle()
    assert heard == []


def test_names_become_ids(workspace: Workspace, heard: list[Json]) -> None:
    workspace.person("ben").say("@ada see #random, not me@ada.com, @channel")

    workspace.settle()
    assert heard[0]["text"] == "<@U0YOU> see <#C0RANDOM|random>, not me@ada.com, <!channel>"


def test_a_pressed_button_replaces_its_message(workspace: Workspace, heard: list[Json]) -> None:
    person = workspace.person("ada")
    person.command("status prod")

    receipt = person.press(answer(workspace), "Check prod now")

    log = workspace.wait(lambda log: log[-1].happening is Happening.UPDATED)
    assert receipt.acked
    assert log[-1].message
    assert (log[-1].message.text, log[-1].message.blocks) == ("checked", ())
    assert heard[-1]["container"]["is_ephemeral"] is True
    assert "message" not in heard[-1]


def test_a_button_that_is_not_there_cannot_be_pressed(workspace: Workspace, heard: list[Json]) -> None:
    person = workspace.person("ada")
    person.command("status prod")

    with pytest.raises(LookupError, match="no button Delete"):
        person.press(answer(workspace), "Delete")
    assert heard


def test_an_edit_arrives_without_text_at_the_top(workspace: Workspace, heard: list[Json]) -> None:
    person = workspace.person("ada")
    written = person.say("lunch?").message
    assert written

    person.edit(written, "dinner?")

    workspace.settle()
    event = heard[-1]
    assert "text" not in event
    assert (event["previous_message"]["text"], event["message"]["text"]) == ("lunch?", "dinner?")


def test_a_shortcut_carries_the_message(workspace: Workspace, heard: list[Json]) -> None:
    person = workspace.person("ada")
    written = person.say("OAUTH_APP_BLOCKED").message

    person.shortcut("explain", written)

    assert answer(workspace).text == "explained: OAUTH_APP_BLOCKED"
    assert heard


def test_an_opened_home_is_published(workspace: Workspace, heard: list[Json]) -> None:
    workspace.person("ada").open_home()

    log = workspace.wait(lambda log: bool(log) and log[-1].happening is Happening.OPENED)
    assert log[-1].view
    assert log[-1].view.kind == "home"
    assert heard[0]["tab"] == "home"


def test_a_modal_is_opened_once_filled_in_and_corrected(workspace: Workspace, heard: list[Json]) -> None:
    person = workspace.person("ada")
    person.command("settings")
    view = workspace.wait(lambda log: bool(log) and log[-1].happening is Happening.OPENED)[-1].view
    assert view

    wrong = person.submit(view, {"hour": {"typed": {"type": "plain_text_input", "value": "noon"}}})
    right = person.submit(view, {"hour": {"typed": {"type": "plain_text_input", "value": "9"}}})

    assert "An hour is a number" in wrong.body
    assert (right.status, right.body) == (200, "")
    assert heard


def test_the_address_is_verified(workspace: Workspace, heard: list[Json]) -> None:
    receipt = workspace.person("ada").verify_url("abc")

    assert '"abc"' in receipt.body
    assert heard == []


def test_a_redelivery_is_the_same_body_with_the_retry_headers(workspace: Workspace, heard: list[Json]) -> None:
    person = workspace.person("ben")
    first = person.say("lunch?")

    again = person.redeliver(first)

    workspace.settle()
    assert again.acked
    assert heard[0] == heard[1]


def test_other_bots_and_deletions_can_be_sent(workspace: Workspace, heard: list[Json]) -> None:
    event = {
        "type": "message",
        "subtype": "bot_message",
        "bot_id": "B0OTHER",
        "text": "an alert",
        "ts": "1.0",
    }

    receipt = workspace.person("ada").deliver(event | {"channel": "C0SALESFORCE"})

    workspace.settle()
    assert receipt.acked
    assert heard[0]["bot_id"] == "B0OTHER"


def test_a_forged_request_is_refused(workspace: Workspace, heard: list[Json]) -> None:
    stranger = workspace.person("ben")
    workspace.signing_secret = "guessed"

    receipt = stranger.command("status prod")

    assert receipt.status == 401
    assert heard == []
    assert workspace.log[-1].text == "/flosum status prod failed with the error “dispatch_failed”"


def test_an_old_signature_is_refused(workspace: Workspace, heard: list[Json]) -> None:
    late = type(workspace.person("ben"))(workspace, workspace.person("ben").member, now=lambda: 1_600_000_000)

    assert late.command("status prod").status == 401
    assert heard == []


def test_nobody_at_home_is_told_to_the_asker(workspace: Workspace) -> None:
    workspace.connect("http://127.0.0.1:9/slack/events")

    receipt = workspace.person("ada").command("help")

    assert receipt.status is None
    assert workspace.log[-1] == Shown(
        Happening.FAILED, user="U0YOU", text="/flosum help failed with the error “operation_timeout”"
    )


# --- the Web API ---------------------------------------------------------------------------------------


def test_tokens_are_checked(workspace: Workspace) -> None:
    with pytest.raises(SlackApiError) as wrong:
        WebClient(token="xoxb-wrong", base_url=workspace.api_url).auth_test()
    with pytest.raises(SlackApiError) as missing:
        WebClient(base_url=workspace.api_url).auth_test()

    assert (refusal(wrong), refusal(missing)) == ("invalid_auth", "not_authed")


def test_scopes_are_told_with_every_answer(client: WebClient) -> None:
    assert "chat:write" in client.auth_test().headers["x-oauth-scopes"]


@pytest.mark.parametrize(
    ("method", "args", "error"),
    [
        ("chat.postMessage", {"channel": "C404", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "G0LEADS", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "#general", "text": "x"}, "not_in_channel"),
        ("chat.postMessage", {"channel": "C0OLD", "text": "x"}, "is_archived"),
        ("chat.postMessage", {"channel": "C0RANDOM"}, "no_text"),
        ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
        ("chat.postMessage", {"channel": "C0RANDOM", "text": "x" * 40_001}, "msg_too_long"),
        ("chat.postMessage", {"channel": "C0RANDOM", "text": "x", "metadata": {}}, "invalid_metadata_format"),
        (
            "chat.postMessage",
            {"channel": "C0RANDOM", "text": "x", "thread_ts": "1.1"},
            "cannot_reply_to_message",
        ),
        ("chat.postMessage", {"channel": "C0RANDOM", "blocks": [{"type": "chart"}]}, "invalid_blocks"),
        ("chat.postEphemeral", {"channel": "C0RANDOM", "text": "x"}, "invalid_arguments"),
        ("chat.postEphemeral", {"channel": "D0BEN", "text": "x", "user": "U0YOU"}, "user_not_in_channel"),
        ("chat.update", {"channel": "C0RANDOM", "ts": "1.1", "text": "x"}, "message_not_found"),
        ("users.info", {"user": "U404"}, "user_not_found"),
        ("conversations.info", {"channel": "G0LEADS"}, "channel_not_found"),
        ("conversations.history", {"channel": "C0GENERAL"}, "not_in_channel"),
        ("conversations.replies", {"channel": "C0RANDOM", "ts": "1.1"}, "thread_not_found"),
        ("views.open", {"trigger_id": "x", "view": {"type": "home", "blocks": []}}, "invalid_arguments"),
        ("chat.teleport", {}, "unknown_method"),
        ("apps.connections.open", {}, "invalid_auth"),
    ],
)
def test_refusals_have_slacks_names(client: WebClient, method: str, args: Json, error: str) -> None:
    with pytest.raises(SlackApiError) as caught:
        client.api_call(method, json=args)

    assert refusal(caught) == error


def test_form_and_json_arguments_mean_the_same(client: WebClient) -> None:
    blocks = '[{"type": "divider"}]'

    client.api_call("chat.postMessage", params={"channel": "C0RANDOM", "text": "form", "blocks": blocks})
    client.chat_postMessage(channel="C0RANDOM", text="json", blocks=[{"type": "divider"}])

    form, body = client.conversations_history(channel="C0RANDOM")["messages"][::-1]
    assert form["blocks"] == body["blocks"]


def test_only_own_messages_can_be_updated(workspace: Workspace, client: WebClient) -> None:
    theirs = workspace.person("ada").say("mine", channel="#random").message
    assert theirs

    with pytest.raises(SlackApiError) as caught:
        client.chat_update(channel="C0RANDOM", ts=theirs.ts, text="yours")

    assert refusal(caught) == "cant_update_message"


def test_private_messages_cannot_be_updated(client: WebClient) -> None:
    reply_privately = client.chat_postEphemeral(channel="C0RANDOM", user="U0BEN", text="whisper")

    with pytest.raises(SlackApiError) as caught:
        client.chat_update(channel="C0RANDOM", ts=reply_privately["message_ts"], text="louder")

    assert refusal(caught) == "message_not_found"


def test_a_trigger_opens_one_modal_within_three_seconds(workspace: Workspace, client: WebClient, clock: Clock) -> None:
    first, second = workspace.method_context.new_trigger("U0BEN"), workspace.method_context.new_trigger("U0BEN")
    client.views_open(trigger_id=first, view=MODAL)

    with pytest.raises(SlackApiError) as again:
        client.views_open(trigger_id=first, view=MODAL)
    clock.time += timedelta(seconds=4)
    with pytest.raises(SlackApiError) as late:
        client.views_open(trigger_id=second, view=MODAL)

    assert (refusal(again), refusal(late)) == ("exchanged_trigger_id", "expired_trigger_id")


def test_settling_waits_until_the_bot_is_idle(workspace: Workspace) -> None:
    asked: list[float] = []

    def idle() -> bool:
        asked.append(time.monotonic())
        return len(asked) > 3

    workspace.connect("http://127.0.0.1:9/", idle)

    assert workspace.settle(quiet=0.02)
    assert len(asked) == 4
    workspace.connect("http://127.0.0.1:9/", lambda: False)
    assert not workspace.settle(quiet=0.02, timeout=0.1)


def test_history_finds_metadata_only_when_asked_for_it(client: WebClient) -> None:
    metadata = {"event_type": "digest", "event_payload": {"key": "T0DEMO:2026-W48"}}
    client.chat_postMessage(channel="C0RANDOM", text="weekly", metadata=metadata)

    plain = client.conversations_history(channel="C0RANDOM")["messages"]
    full = client.conversations_history(channel="C0RANDOM", include_all_metadata=True)["messages"]

    assert "metadata" not in plain[0]
    assert full[0]["metadata"] == metadata


def test_history_pages_and_leaves_out_threads_and_private_messages(client: WebClient) -> None:
    first = client.chat_postMessage(channel="C0RANDOM", text="one")
    client.chat_postMessage(channel="C0RANDOM", text="answer", thread_ts=first["ts"])
    client.chat_postEphemeral(channel="C0RANDOM", user="U0BEN", text="whisper")
    client.chat_postMessage(channel="C0RANDOM", text="two")

    page = client.conversations_history(channel="C0RANDOM", limit=1)
    cursor = page["response_metadata"]["next_cursor"]
    rest = client.conversations_history(channel="C0RANDOM", limit=1, cursor=cursor)
    thread = client.conversations_replies(channel="C0RANDOM", ts=first["ts"])

    assert [m["text"] for m in (*page["messages"], *rest["messages"])] == ["two", "one"]
    assert [m["text"] for m in thread["messages"]] == ["one", "answer"]


def test_people_have_zones_and_rights(client: WebClient) -> None:
    ada = client.users_info(user="U0YOU", include_locale=True)["user"]
    ben = client.users_info(user="U0BEN")["user"]

    assert (ada["tz"], ada["is_admin"], ada["locale"]) == ("Europe/Berlin", True, "en-US")
    assert (ben["is_admin"], "locale" in ben) == (False, False)


def test_a_person_can_be_written_to_directly(client: WebClient) -> None:
    opened = client.conversations_open(users="U0BEN")["channel"]["id"]

    assert client.chat_postMessage(channel="U0BEN", text="hello")["channel"] == opened


def test_a_socket_address_is_given_only_when_there_is_one(workspace: Workspace) -> None:
    app = WebClient(token=workspace.app_token, base_url=workspace.api_url)
    with pytest.raises(SlackApiError) as caught:
        app.apps_connections_open(app_token=workspace.app_token)

    workspace.use_socket("ws://127.0.0.1:1/link")

    assert refusal(caught) == "not_allowed"
    assert app.apps_connections_open(app_token=workspace.app_token)["url"] == "ws://127.0.0.1:1/link"


def test_what_was_not_granted_is_refused(clock: Clock) -> None:
    with (
        Workspace(clock=clock, scopes=["chat:write", "channels:history"]) as narrow,
        tiny_bot(narrow) as heard,
    ):
        client = WebClient(token=narrow.bot_token, base_url=narrow.api_url)

        client.chat_postMessage(channel="C0RANDOM", text="allowed")
        client.conversations_history(channel="C0RANDOM")
        with pytest.raises(SlackApiError) as caught:
            client.conversations_history(channel="D0BEN")

        assert refusal(caught) == "missing_scope"
        assert caught.value.response["needed"] == "im:history"
        assert narrow.person("ben").say("lunch?", channel="#random").acked
        assert narrow.person("ben").say("an error", channel="dm").status is None
        assert narrow.settle()
        assert [event["channel"] for event in heard] == ["C0RANDOM"]


def test_an_app_hears_what_it_subscribed_to(clock: Clock) -> None:
    with Workspace(clock=clock, events=["app_mention"]) as narrow, tiny_bot(narrow) as heard:
        receipt = narrow.person("ben").mention("hello")

        assert receipt.status is None
        assert receipt.also
        assert receipt.also.acked
        assert [event["type"] for event in heard] == ["app_mention"]


# --- response_urls -------------------------------------------------------------------------------------


def hook(workspace: Workspace) -> WebhookClient:
    return WebhookClient(workspace.hook_url(workspace.method_context.new_hook("C0RANDOM", "U0BEN")), retry_handlers=[])


def test_a_response_url_works_five_times(workspace: Workspace) -> None:
    webhook = hook(workspace)

    answers = [webhook.send(text=f"answer {n}") for n in range(6)]

    assert [a.status_code for a in answers] == [200] * 5 + [404]
    assert "used_url" in answers[-1].body
    assert len(from_bot(workspace.log)) == 5


def test_a_response_url_ends_after_thirty_minutes(workspace: Workspace, clock: Clock) -> None:
    webhook = hook(workspace)

    clock.time += timedelta(minutes=30)
    last = webhook.send(text="just in time")
    clock.time += timedelta(seconds=1)
    late = webhook.send(text="late")

    assert (last.status_code, late.status_code) == (200, 404)
    assert "expired_url" in late.body


def test_a_response_url_checks_blocks(workspace: Workspace) -> None:
    sent = hook(workspace).send(text="x", blocks=[{"type": "divider"}] * 51)

    assert sent.status_code == 400
    assert "no more than 50 items allowed" in sent.body
    assert not from_bot(workspace.log)


def test_a_response_url_can_delete_the_message_of_its_button(workspace: Workspace, client: WebClient) -> None:
    client.chat_postMessage(channel="C0RANDOM", text="old", blocks=BUTTONS)
    key = workspace.method_context.new_hook("C0RANDOM", "U0BEN", answer(workspace))

    WebhookClient(workspace.hook_url(key)).send(delete_original=True)

    again = WebhookClient(workspace.hook_url(key), retry_handlers=[]).send(replace_original=True, text="back")
    assert "message_not_found" in again.body
    assert workspace.log[-1].happening is Happening.DELETED
    assert client.conversations_history(channel="C0RANDOM")["messages"] == []


# --- faults --------------------------------------------------------------------------------------------


def test_a_dropped_connection_posts_once_more_for_each_retry(workspace: Workspace) -> None:
    eager = WebClient(token=workspace.bot_token, base_url=workspace.api_url)  # the sdk's own retry handler
    workspace.fail("chat.postMessage", WebApiFault(FaultKind.DROP))

    eager.chat_postMessage(channel="C0RANDOM", text="weekly")

    assert len(from_bot(workspace.log)) == 2


def test_a_dropped_connection_is_an_error_without_retries(workspace: Workspace, client: WebClient) -> None:
    workspace.fail("chat.postMessage", WebApiFault(FaultKind.DROP))

    with pytest.raises(OSError):  # noqa: PT011 - urllib's and http.client's own, by the moment of the break
        client.chat_postMessage(channel="C0RANDOM", text="weekly")
    assert len(from_bot(workspace.log)) == 1


def test_a_rate_limit_says_when_to_come_back(workspace: Workspace, client: WebClient) -> None:
    workspace.fail("chat.postMessage", WebApiFault(FaultKind.RATE_LIMIT, seconds=30))

    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel="C0RANDOM", text="weekly")

    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["retry-after"] == "30"
    assert not from_bot(workspace.log)


def test_faults_wait_for_their_method_and_end(workspace: Workspace, client: WebClient) -> None:
    workspace.fail("chat.postMessage", WebApiFault(FaultKind.SERVER_ERROR), times=2)

    assert client.auth_test()["ok"]
    for _ in range(2):
        with pytest.raises(SlackApiError):
            client.chat_postMessage(channel="C0RANDOM", text="weekly")
    assert client.chat_postMessage(channel="C0RANDOM", text="weekly")["ok"]


def test_a_refusal_can_be_ordered_by_name(workspace: Workspace, client: WebClient) -> None:
    workspace.fail("*", WebApiFault(FaultKind.REFUSE, error="token_revoked"))

    with pytest.raises(SlackApiError) as caught:
        client.auth_test()

    assert refusal(caught) == "token_revoked"


def test_a_hanging_call_ends_with_the_workspace(workspace: Workspace, client: WebClient) -> None:
    workspace.fail("auth.test", WebApiFault(FaultKind.HANG, seconds=60))
    client.timeout = 1

    with pytest.raises(TimeoutError):
        client.auth_test()
    assert [call.method for call in workspace.calls] == ["auth.test"]


def test_unknown_paths_are_not_found(workspace: Workspace) -> None:
    assert post(workspace.api_url.replace("api", "elsewhere"), b"", {}, 2).status == 404


def test_a_raw_body_can_be_sent_signed(workspace: Workspace, heard: list[Json]) -> None:
    receipt = workspace.person("ada").send(Delivery(b"\x00not json", "application/json"))

    assert receipt.status is not None
    assert heard == []
