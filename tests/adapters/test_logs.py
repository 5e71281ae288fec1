"""Log lines: nothing in them that came in an answer, whoever logs it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable

import pytest
import structlog
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


@pytest.mark.parametrize(
    ("told", "stands"),
    [
        ("I cannot see anybody called `jane.doe@acme.example`.", "I cannot see anybody called `…@acme.example`."),
        (
            "no org called <mailto:jane@acme.example|jane@acme.example>",
            "no org called <mailto:…@acme.example|…@acme.example>",
        ),
        ("jane+x%40y@mail.acme.example.uat, j@a.b", "…@mail.acme.example.uat, …@a.b"),
        ("postgresql://flosum:[masked]@db.acme.example/flosum", "postgresql://flosum:[masked]@db.acme.example/flosum"),
        ("@flosum in #crm, 5 orgs @ 9:00", "@flosum in #crm, 5 orgs @ 9:00"),
    ],
)
@pytest.mark.parametrize("by", ["ours", "a library"])
def test_of_an_address_only_the_company_is_logged(told: str, stands: str, by: str) -> None:
    stream = io.StringIO()
    logs.configure(stream)

    if by == "ours":
        structlog.get_logger("assistant").info("refused", reason=told)
    else:
        logging.getLogger("of.a.library").warning("%s", told)

    line = json.loads(stream.getvalue())
    assert line["reason" if by == "ours" else "event"] == stands


def test_an_address_in_a_trace_is_cut_too() -> None:
    stream = io.StringIO()
    logs.configure(stream)

    structlog.get_logger("assistant").error("unexpected", exc_info=ValueError("no jane.doe@acme.example"))

    assert "jane" not in stream.getvalue()
    assert "no …@acme.example" in json.loads(stream.getvalue())["exception"]


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_what_somebody_typed_gives_no_orders_to_the_terminal_that_shows_the_log() -> None:
    stream = _Terminal()
    logs.configure(stream)

    structlog.get_logger("assistant").info("refused", reason="no `ja\x1b[2J\x9b31m\u202ene`\nhere")

    told = stream.getvalue()
    assert "\x1b[2J" not in told
    assert not {"\x9b", "\u202e"} & set(told)
    assert "here" in told
