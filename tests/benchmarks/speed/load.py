"""Signed requests over 16 connections that stay open: each sends its next as soon as the one before is acknowledged.

What is refused is sent again, as Slack does it.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode

from bot.sandbox.slack.signing import signed_headers
from tests.benchmarks.speed.far_end import TEAM

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
CONNECTIONS = 16
_NUMBERS = count(1)

AGAIN = 0.1
"""Seconds until what was refused is sent again: Slack does so nearly at once, then after a minute and after five."""

TRIES = 20

Make = Callable[[int], tuple[bytes, str]]
"""The body of a request with that number, and its content type."""


@dataclass
class Sent:
    """The seconds to each acknowledgement, and how many requests were refused at first."""

    acks: list[float] = field(default_factory=list)
    refused: int = 0


def command(text: str, hook: str) -> Make:
    """A slash command."""

    def make(number: int) -> tuple[bytes, str]:
        form = {
            "token": "t",
            "team_id": TEAM,
            "team_domain": "speed",
            "channel_id": "C0SPEED",
            "channel_name": "general",
            "user_id": f"U0{number % CONNECTIONS:03}",
            "user_name": "somebody",
            "command": "/flosum",
            "text": text,
            "api_app_id": "A0SPEED",
            "is_enterprise_install": "false",
            "response_url": hook,
            "trigger_id": f"{number}.1.x",
        }
        return urlencode(form).encode(), "application/x-www-form-urlencoded"

    return make


def press(action: str, hook: str) -> Make:
    """A pressed button that leads to an address: it is acknowledged, and nothing more."""

    def make(number: int) -> tuple[bytes, str]:
        payload = {
            "type": "block_actions",
            "team": {"id": TEAM, "domain": "speed"},
            "user": {"id": f"U0{number % CONNECTIONS:03}", "team_id": TEAM, "username": "somebody"},
            "api_app_id": "A0SPEED",
            "token": "t",
            "container": {"type": "message", "message_ts": "1700000000.000100", "channel_id": "C0SPEED"},
            "trigger_id": f"{number}.1.x",
            "channel": {"id": "C0SPEED", "name": "general"},
            "message": {"type": "message", "ts": "1700000000.000100", "text": "x"},
            "response_url": hook,
            "actions": [{"type": "button", "action_id": action, "block_id": "b", "action_ts": f"{number}.1"}],
        }
        return urlencode({"payload": json.dumps(payload)}).encode(), "application/x-www-form-urlencoded"

    return make


def message(text: str) -> Make:
    """Something said in a channel."""

    def make(number: int) -> tuple[bytes, str]:
        ts = f"{int(time.time())}.{number % 1_000_000:06}"
        event = {
            "type": "message",
            "user": f"U0{number % CONNECTIONS:03}",
            "text": text,
            "ts": ts,
            "team": TEAM,
            "channel": f"C0{number:06}",
            "event_ts": ts,
            "channel_type": "channel",
            "client_msg_id": f"00000000-0000-4000-8000-{number:012}",
        }
        body = {
            "token": "t",
            "team_id": TEAM,
            "context_team_id": TEAM,
            "api_app_id": "A0SPEED",
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{number:09}",
            "event_time": int(time.time()),
            "authorizations": [
                {"enterprise_id": None, "team_id": TEAM, "user_id": "U0BOT", "is_bot": True}
                | {"is_enterprise_install": False}
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{number}",
        }
        return json.dumps(body).encode(), "application/json"

    return make


def send(ports: list[int], make: Make, requests: int, connections: int = CONNECTIONS) -> Sent:
    """Send so many, spread over the ports."""
    return asyncio.run(_send(ports, make, requests, connections))


async def _send(ports: list[int], make: Make, requests: int, connections: int) -> Sent:
    numbers = iter([next(_NUMBERS) for _ in range(requests)])
    sent = Sent()
    each = (_line(ports[line % len(ports)], make, numbers, sent) for line in range(connections))
    await asyncio.gather(*each)
    return sent


async def _line(port: int, make: Make, numbers: Iterable[int], sent: Sent) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for number in numbers:
        body, kind = make(number)
        began = time.perf_counter()
        for attempt in range(TRIES):
            writer.write(_request(body, kind, attempt))
            got = await reader.readuntil(b"\r\n\r\n")
            length = int(got.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
            await reader.readexactly(length)
            if not got.startswith(b"HTTP/1.1 503"):
                break
            sent.refused += attempt == 0
            await asyncio.sleep(AGAIN)
        assert got.startswith(b"HTTP/1.1 200"), got
        sent.acks.append(time.perf_counter() - began)
    writer.close()


def _request(body: bytes, kind: str, attempt: int) -> bytes:
    headers = signed_headers(SECRET, body, int(time.time()))
    if attempt:
        headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_error"}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    whole = (
        f"POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\n{head}"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return whole.encode() + body
