"""Log lines: nothing in them that came in an answer, whoever logs it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient
from werkzeug import Request, Response

from bot.adapters import logs
from bot.sandbox.slack.loopback import LoopbackServer

CUT_OFF = '{"ok": true, "messages": [{"text": "planted words of Ada", "user": "U0'
PAGE = "<html><body>planted proxy of Acme</body></html>"


def _by_the_web_api(url: str) -> None:
    with pytest.raises((SlackApiError, ValueError)):
        WebClient(token="xoxb-1-2-planted", base_url=f"{url}/api/").conversations_history(channel="C1")


def _by_a_response_url(url: str) -> None:
    WebhookClient(f"{url}/hooks/planted").send(text="planted answer")


@pytest.mark.parametrize("call", [_by_the_web_api, _by_a_response_url])
@pytest.mark.parametrize(("status", "body"), [(200, CUT_OFF), (200, PAGE), (503, PAGE), (500, CUT_OFF)])
def test_what_slack_s_library_logs_holds_nothing_of_an_answer(
    call: Callable[[str], None], status: int, body: str
) -> None:
    stream = io.StringIO()
    logs.configure(stream)

    with LoopbackServer(Request.application(lambda _: Response(body, status, content_type="text/html"))) as server:
        call(server.url)

    assert "planted" not in stream.getvalue()


def test_that_an_answer_was_none_is_logged_all_the_same() -> None:
    stream = io.StringIO()
    logs.configure(stream)

    logging.getLogger("slack_sdk").error("Failed to decode: Received a response in a non-JSON format: %s", PAGE)

    (line,) = stream.getvalue().splitlines()
    assert json.loads(line)["event"] == "Failed to decode: Received a response in a non-JSON format"
