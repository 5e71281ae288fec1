"""Signed requests over 16 connections that stay open: each sends its next as soon as the one before is acknowledged."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from itertools import count
from urllib.parse import urlencode

from bot.sandbox.slack.signing import signed_headers
from tests.benchmarks.speed.far_end import TEAM

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
CONNECTIONS = 16
_NUMBERS = count(1)

Make = Callable[[int], tuple[bytes, str]]
"""The body of a request with that number, and its content type."""


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


def send(ports: list[int], make: Make, requests: int, connections: int = CONNECTIONS) -> list[float]:
    """Send so many, spread over the ports; the seconds to each acknowledgement."""
    return asyncio.run(_send(ports, make, requests, connections))


async def _send(ports: list[int], make: Make, requests: int, connections: int) -> list[float]:
    numbers = iter([next(_NUMBERS) for _ in range(requests)])
    waits: list[float] = []
    each = (_line(ports[line % len(ports)], make, numbers, waits) for line in range(connections))
    await asyncio.gather(*each)
    return waits


async def _line(port: int, make: Make, numbers: object, waits: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for number in numbers:  # type: ignore[attr-defined]
        body, kind = make(number)
        signed = signed_headers(SECRET, body, int(time.time()))
        head = "".join(f"{name}: {value}\r\n" for name, value in signed.items())
        whole = (
            f"POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\n{head}"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        began = time.perf_counter()
        writer.write(whole.encode() + body)
        got = await reader.readuntil(b"\r\n\r\n")
        assert got.startswith(b"HTTP/1.1 200"), got
        length = int(got.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        await reader.readexactly(length)
        waits.append(time.perf_counter() - began)
    writer.close()
