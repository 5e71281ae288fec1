"""The baseline: a bare Bolt app on waitress with 32 threads, as a process of its own.

    python -m tests.benchmarks.speed.bare PORT ANSWER_FILE

``/flosum`` is acknowledged, and answered at its ``response_url`` from a pool of 32; ``/flosum ack`` is acknowledged and
nothing more; a message that holds the keyword is answered in its thread. What it answers stands in two files of JSON.
"""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import waitress
from flask import Flask, Response, request
from slack_bolt import Ack, App, Respond
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_sdk import WebClient

THREADS = 32
KEYWORD = "OAUTH_APP_BLOCKED"


def main() -> None:
    """Serve until killed."""
    port, answers = int(sys.argv[1]), Path(sys.argv[2])
    given: dict[str, Any] = json.loads(answers.read_text(encoding="utf-8"))
    slack = WebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
    app = App(client=slack, signing_secret=os.environ["SLACK_SIGNING_SECRET"])
    pool = ThreadPoolExecutor(THREADS)

    @app.command("/flosum")
    def on_command(ack: Ack, command: dict[str, Any], respond: Respond) -> None:
        ack()
        if command["text"] != "ack":
            pool.submit(respond, **given["command"])

    @app.action("ack")
    def on_press(ack: Ack) -> None:
        ack()

    @app.message(KEYWORD)
    def on_message(event: dict[str, Any], client: WebClient) -> None:
        client.chat_postMessage(channel=event["channel"], thread_ts=event["ts"], **given["paste"])

    @app.event("message")
    def on_the_rest() -> None:
        """Chat: acknowledged, and left alone."""

    flask, handler = Flask(__name__), SlackRequestHandler(app)

    @flask.post("/slack/events")
    def events() -> Response:
        return handler.handle(request)

    waitress.serve(flask, host="127.0.0.1", port=port, threads=THREADS)


if __name__ == "__main__":
    main()
