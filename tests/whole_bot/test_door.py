"""The door of the running bot: what Slack did not sign, what comes twice, who is slow, and who may see what."""

from __future__ import annotations

import http.client
import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from bot.adapters.vault import make_key
from bot.domain.errors import OperatorError
from bot.sandbox.slack.signing import signed_headers
from bot.sandbox.slack.user import Delivery
from bot.sandbox.slack.workspace import Workspace
from bot.wiring.app import Bot
from bot.wiring.command_line import CommandLineParts
from bot.wiring.manifest import bot_events, bot_scopes
from bot.wiring.parts import utc_now
from tests.databases import NewDatabase
from tests.running_bot import RunningBot
from tests.settings_of import settings_of
from tests.shared_bot import SharedBot

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
PLANTED = b"planted-in-the-body"
UNSIGNED = [
    (b"token=x&text=" + PLANTED, FORM),
    (b"{" + PLANTED, JSON),
    (b'{"a":' * 50_000 + PLANTED, JSON),
    (b"\xff\xfe" + PLANTED, JSON),
    (b"payload=%ff" + PLANTED, FORM),
    (b"", JSON),
]


def posted(bot: Bot, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    """What the door answers."""
    address = urlsplit(bot.address)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)
    connection.request("POST", "/slack/events", body, headers)
    answer = connection.getresponse()
    told = answer.read().decode()
    connection.close()
    return answer.status, told


def signed(running_bot: RunningBot, body: bytes, off: int = 0) -> dict[str, str]:
    return signed_headers(running_bot.workspace.signing_secret, body, int(utc_now().timestamp()) + off)


def logged(running_bot: RunningBot) -> list[dict[str, str]]:
    return [json.loads(line) for line in running_bot.log.getvalue().splitlines()]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": "v0=" + "0" * 64, "X-Slack-Request-Timestamp": "soon"},
        {"X-Slack-Signature": "nonsense", "X-Slack-Request-Timestamp": "1796000000"},
        {"X-Slack-Signature": "v0=" + "0" * 64, "X-Slack-Request-Timestamp": "1796000000"},
    ],
    ids=["none", "no time", "no number", "malformed", "wrong"],
)
def test_what_slack_did_not_sign_is_neither_read_nor_logged(running_bot: RunningBot, headers: dict[str, str]) -> None:
    before = len(logged(running_bot))
    for body, kind in UNSIGNED:
        answer = posted(running_bot.bot, body, headers | {"Content-Type": kind})
        assert answer == (401, '{"error":"not signed by Slack"}\n')

    (line,) = logged(running_bot)[before:]
    assert line["event"] == "requests refused"
    assert PLANTED.decode() not in running_bot.log.getvalue()
    assert "Traceback" not in running_bot.log.getvalue()


@pytest.mark.parametrize("off", [-310, 310])
def test_a_clock_that_is_off_is_told_by_how_much(running_bot: RunningBot, off: int) -> None:
    assert posted(running_bot.bot, b"x", signed(running_bot, b"x", off))[0] == 401

    (line,) = [line for line in logged(running_bot) if line["event"] == "requests refused"]
    assert f"off by {-off} s" in line["detail"] or f"off by {-off + 1} s" in line["detail"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [(body, kind) for body, kind in UNSIGNED if kind == JSON]
    + [
        (b"payload=%ff" + PLANTED, FORM),
        (b"command=/flosum", FORM),
        (b'{"type": "event_callback", "team_id": "T1", "event": {"type": "message"}}', JSON),
    ],
)
def test_what_slack_signed_and_cannot_be_read_is_refused_with_what_is_missing(
    running_bot: RunningBot, body: bytes, kind: str
) -> None:
    status, told = posted(running_bot.bot, body, signed(running_bot, body) | {"Content-Type": kind})

    assert status == 400
    assert json.loads(told)["error"]
    assert PLANTED.decode() not in told + running_bot.log.getvalue()
    assert "Traceback" not in running_bot.log.getvalue()


def test_a_command_that_speaks_of_a_payload_is_a_command_all_the_same(running_bot: RunningBot) -> None:
    """Where that word is in a form, Bolt looks for a field of that name, and finds no command."""
    answer = running_bot.ask("explain the payload says OAUTH_APP_BLOCKED")

    assert "block" in answer.text.casefold()


def again(running_bot: RunningBot, delivery: Delivery, times: int = 3) -> list[int]:
    """The very same signed request, several times."""
    headers = signed(running_bot, delivery.body) | {"Content-Type": delivery.content_type}
    return [posted(running_bot.bot, delivery.body, headers)[0] for _ in range(times)]


def test_a_signed_command_that_comes_three_times_runs_once(running_bot: RunningBot) -> None:
    delivery = running_bot.ada.command("remind now").delivery
    assert delivery is not None
    before = len(running_bot.shown())
    time.sleep(1.1)  # in another second the signature is another one

    assert again(running_bot, delivery) == [200, 200, 200]

    (answer,) = running_bot.shown()[before:]
    assert "so I did not post it again" in answer.text


def test_what_failed_at_first_runs_when_it_comes_again(
    running_bot: RunningBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = running_bot.ada.command("help").delivery
    assert delivery is not None
    time.sleep(1.1)
    before, submit = len(running_bot.shown()), running_bot.bot.jobs.submit

    def fails(*_: object) -> None:
        monkeypatch.setattr(running_bot.bot.jobs, "submit", submit)
        raise ZeroDivisionError

    monkeypatch.setattr(running_bot.bot.jobs, "submit", fails)

    assert again(running_bot, delivery) == [500, 200, 200]
    assert len(running_bot.shown()) == before + 1


@contextmanager
def process(workspace: Workspace, url: str, key: str) -> Iterator[Bot]:
    """A bot for a workspace, of several on one database."""
    settings = settings_of(workspace, url, flosum_secret_keys=key)
    with CommandLineParts(settings=settings).bot() as bot:
        bot.store.migrate()
        bot.start()
        yield bot


def test_two_processes_run_a_signed_command_once(postgresql: NewDatabase) -> None:
    url, key = postgresql(), make_key()
    with ExitStack() as stack:
        workspace = stack.enter_context(Workspace(events=bot_events(), scopes=bot_scopes()))
        bots = [stack.enter_context(process(workspace, url, key)) for _ in range(2)]
        workspace.connect(f"{bots[0].address}/slack/events", lambda: all(bot.jobs.open == 0 for bot in bots))
        delivery = workspace.person().command("orgs").delivery
        assert delivery is not None
        assert workspace.settle()
        time.sleep(1.1)
        before = len(workspace.log)
        headers = signed_headers(workspace.signing_secret, delivery.body, int(utc_now().timestamp()))

        for bot in (*bots, *bots):
            assert posted(bot, delivery.body, headers | {"Content-Type": delivery.content_type})[0] == 200
        assert workspace.settle()

        assert len([shown for shown in workspace.log[before:] if shown.message]) == 1


def test_a_command_is_answered_while_150_hold_half_a_request(running_bot: RunningBot) -> None:
    address = urlsplit(running_bot.bot.address)
    with ExitStack() as stack:
        for _ in range(150):
            held = stack.enter_context(socket.create_connection((address.hostname, address.port), timeout=10))
            held.sendall(b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
        receipt = running_bot.ada.command("help")

        assert receipt.acked
        assert receipt.seconds < 3
        assert "What orgs still need" in running_bot.shown()[-1].text


def test_everybody_sees_whether_it_is_ready_and_the_operator_sees_why(running_bot: RunningBot) -> None:
    with urlopen(f"{running_bot.bot.address}/readyz") as answer:
        assert json.load(answer) == {"status": "ready"}
    with urlopen(f"{running_bot.bot.metrics_address}/readyz") as answer:
        assert json.load(answer) == {"database": "ok", "writes": "ok", "token": "ok"}
    assert posted_get(running_bot.bot.address, "/metrics").status == 404
    assert posted_get(running_bot.bot.metrics_address, "/slack/events").status == 404


def posted_get(address: str, path: str) -> http.client.HTTPResponse:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


@pytest.mark.parametrize("address", ["off", "127.0.0.1:{taken}"])
def test_the_operators_address_is_switched_off_or_refused_in_a_sentence(tmp_path: Path, address: str) -> None:
    with socket.socket() as taken, Workspace() as workspace:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = settings_of(
            workspace,
            f"sqlite:///{tmp_path}/bot.db",
            flosum_metrics_address=address.format(taken=taken.getsockname()[1]),
        )
        with CommandLineParts(settings=settings).bot() as bot:
            if address == "off":
                bot.start()
                assert bot.metrics_address == ""
            else:
                with pytest.raises(OperatorError, match=r"^FLOSUM_METRICS_ADDRESS: 127.* cannot be listened on \(Addr"):
                    bot.start()


def test_where_nobody_chose_the_operators_address_a_taken_one_stops_no_bot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as taken, Workspace() as workspace:
        with suppress(OSError):  # somebody else has it, which is as good
            taken.bind(("127.0.0.1", 9464))
            taken.listen()
        monkeypatch.setenv("SLACK_BOT_TOKEN", workspace.bot_token)
        monkeypatch.setenv("SLACK_SIGNING_SECRET", workspace.signing_secret)
        monkeypatch.setenv("SLACK_API_URL", workspace.api_url)
        monkeypatch.setenv("FLOSUM_DATABASE_URL", f"sqlite:///{tmp_path}/bot.db")
        monkeypatch.setenv("FLOSUM_PORT", "0")

        with CommandLineParts().bot() as bot:
            bot.start()

            assert bot.address
            assert bot.metrics_address == ""


def test_every_page_and_redirect_of_a_bot_behind_https_is_guarded(shared_bot: SharedBot) -> None:
    for path in ("/slack/install", "/slack/oauth_redirect", "/salesforce/connect", "/salesforce/callback", "/healthz"):
        headers = posted_get(shared_bot.bot.address, path).headers
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Referrer-Policy"] == "no-referrer", path
        assert "default-src 'none'" in headers["Content-Security-Policy"], path
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], path
        assert headers["Strict-Transport-Security"] == "max-age=31536000", path
        assert headers["Cache-Control"] == "no-store", path
        assert all("SameSite=Lax" in cookie for cookie in headers.get_all("Set-Cookie") or ()), path
    assert "SameSite=Lax" in posted_get(shared_bot.bot.address, "/slack/install").headers["Set-Cookie"]


TAKEN = [
    (b"ssl_check=1&token=x", FORM),
    (b'{"type": "app_rate_limited", "team_id": "T0DEMO", "minute_rate_limited": 1518467820, "api_app_id": "A1"}', JSON),
    (b'{"type": "view_closed", "team": {"id": "T0DEMO"}, "user": {"id": "U0YOU"}, "view": {"id": "V1"}}', JSON),
]


def test_what_asks_nothing_is_taken(running_bot: RunningBot) -> None:
    for body, kind in TAKEN:
        status, _ = posted(running_bot.bot, body, signed(running_bot, body) | {"Content-Type": kind})

        assert status == 200
    assert running_bot.shown() == []


def test_events_that_slack_holds_back_are_told_to_the_operator(running_bot: RunningBot) -> None:
    body, kind = TAKEN[1]

    posted(running_bot.bot, body, signed(running_bot, body) | {"Content-Type": kind})

    (line,) = [line for line in logged(running_bot) if line["event"].startswith("Slack holds events back")]
    assert (line["workspace"], line["level"]) == ("T0DEMO", "warning")


def test_a_certificate_is_tried_by_slack_alone(running_bot: RunningBot) -> None:
    status, _ = posted(running_bot.bot, b"ssl_check=1&token=x", {"Content-Type": FORM})

    assert status == 401
