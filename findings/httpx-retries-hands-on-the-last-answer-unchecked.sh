#!/usr/bin/env bash
# Packages:  httpx-retries 0.6.0, httpx 0.28.1
# Behaviour: validate_response, new in httpx-retries 0.6.0, is by its documentation called with each answer that would
#            be handed on as a good one, and where it raises, the request is made again. With the answer to the last
#            attempt it is not called: that one is handed on as it is, with status 200, though it is what was refused
#            each time before, and nothing is raised. With total=0 nothing is checked at all. An exception of the
#            network is raised in its place. So an API that tells errors in the body of a 200, as Slack's does, looks
#            right in the end where it stays wrong.
# Seen:      refused each time, total 0: requests 1, checked 0, handed on {'ok': False}
#            refused each time, total 1: requests 2, checked 1, handed on {'ok': False}
#            refused each time, total 3: requests 4, checked 3, handed on {'ok': False}
#            refused each time, total 3, async: requests 4, checked 3, handed on {'ok': False}
#            right the second time, total 3: requests 2, checked 2, handed on {'ok': True}
#            no connection each time, total 3: requests 4, checked 0, ConnectError
# Date seen: 2026-11-30
# We:        repeat nothing below the client, and have each of Slack's answers validated by slack_sdk, which raises
#            (bot/adapters/slack/web_api.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(httpx-retries==0.6.0 httpx==0.28.1)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import asyncio
import sys

import httpx
from httpx_retries import Retry, RetryTransport


class NotOk(Exception):
    pass


class Api:
    """Answers always with status 200, and says in the body whether it is ok."""

    def __init__(self, *answers):
        self.answers, self.requests, self.checked = answers, 0, 0

    def handle(self, request):
        answer = self.answers[min(self.requests, len(self.answers) - 1)]
        self.requests += 1
        if answer is None:
            raise httpx.ConnectError("no connection")
        return httpx.Response(200, json={"ok": answer})

    def check(self, response):
        self.checked += 1
        response.read()
        if not response.json()["ok"]:
            raise NotOk

    async def check_async(self, response):
        self.checked += 1
        await response.aread()
        if not response.json()["ok"]:
            raise NotOk

    def transport(self, total, check):
        retry = Retry(total=total, validate_response=check, retry_on_exceptions=[NotOk, httpx.ConnectError])
        return RetryTransport(httpx.MockTransport(self.handle), retry)


def told(what, api, ended):
    print(f"{what}: requests {api.requests}, checked {api.checked}, {ended}")
    return api.requests, api.checked, ended


def asked(what, total, *answers):
    api = Api(*answers)
    try:
        with httpx.Client(transport=api.transport(total, api.check)) as client:
            ended = f"handed on {client.get('http://127.0.0.1/').json()}"
    except Exception as error:
        ended = type(error).__name__
    return told(f"{what}, total {total}", api, ended)


async def asked_async(what, total, *answers):
    api = Api(*answers)
    try:
        async with httpx.AsyncClient(transport=api.transport(total, api.check_async)) as client:
            ended = f"handed on {(await client.get('http://127.0.0.1/')).json()}"
    except Exception as error:
        ended = type(error).__name__
    return told(f"{what}, total {total}, async", api, ended)


seen = [
    asked("refused each time", 0, False),
    asked("refused each time", 1, False),
    asked("refused each time", 3, False),
    asyncio.run(asked_async("refused each time", 3, False)),
    asked("right the second time", 3, False, True),
    asked("no connection each time", 3, None),
]
unchecked = "handed on {'ok': False}"
stated = [
    (1, 0, unchecked),
    (2, 1, unchecked),
    (4, 3, unchecked),
    (4, 3, unchecked),
    (2, 2, "handed on {'ok': True}"),
    (4, 0, "ConnectError"),
]
sys.exit(0 if seen == stated else 1)
PY
