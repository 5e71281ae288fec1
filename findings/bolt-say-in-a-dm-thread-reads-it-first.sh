#!/usr/bin/env bash
# Packages:  slack_bolt 1.30.0, slack_sdk 3.48.0
# Behaviour: Bolt takes each message in a thread of a direct message for one to an AI assistant, also in an App that has
#            none. There its say() first asks conversations.replies for the bot's first message and takes whatever
#            metadata that carries for the assistant's own. So where the bot marks its messages with metadata, or Slack
#            does not let it read just then, say() raises and nothing is posted. Everywhere else it is one call of
#            chat.postMessage.
# Seen:      thread in a channel: chat.postMessage, said
#            direct message: chat.postMessage, said
#            thread in a direct message: conversations.replies, chat.postMessage, said
#            the same, marked by the bot: conversations.replies, KeyError
#            the same, reading too often: conversations.replies, SlackApiError
# Date seen: 2026-11-29
# We:        never use say(): answers go out by the client, and carry metadata (bot/adapters/slack/reply_channel.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(slack_bolt==1.30.0 slack_sdk==3.48.0)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import json
import logging
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

for name in [name for name in os.environ if name.startswith("SLACK_") or name.lower().endswith("_proxy")]:
    del os.environ[name]

from slack_bolt import App, BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

logging.disable(logging.CRITICAL)
FIRST = {"type": "message", "user": "UBOT", "ts": "1.1", "thread_ts": "1.1", "text": "Task 7 is yours."}
MARK = {"metadata": {"event_type": "task_given", "event_payload": {"task": 7}}}
AUTHORIZED = AuthorizeResult(
    enterprise_id=None, team_id="T1", user_id="U1", bot_token="xoxb-none", bot_user_id="UBOT", bot_id="B1"
)
called, came = [], []
replies = {}


class Slack(BaseHTTPRequestHandler):
    timeout = 3

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        method = self.path.rpartition("/")[2].partition("?")[0]
        called.append(method)
        answer = replies if method == "conversations.replies" else {"ok": True, "ts": "1.3"}
        body = json.dumps(answer).encode()
        self.send_response(200 if answer["ok"] else 429)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Slack)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = WebClient(token="xoxb-none", base_url=f"http://127.0.0.1:{server.server_address[1]}/api/", timeout=3)
app = App(
    signing_secret="none",
    request_verification_enabled=False,
    process_before_response=True,
    client=client,
    authorize=lambda **_: AUTHORIZED,
)


@app.event("message")
def answer(say):
    try:
        say("Done.")
        came.append("said")
    except Exception as error:
        came.append(type(error).__name__)


def seen_in(what, channel, answered, **thread):
    called.clear()
    came.clear()
    replies.clear()
    replies.update(answered)
    kind = "im" if channel.startswith("D") else "channel"
    event = {"type": "message", "channel": channel, "channel_type": kind, "user": "U1", "text": "done", "ts": "1.2"}
    body = {"type": "event_callback", "team_id": "T1", "event": event | thread}
    app.dispatch(BoltRequest(body=json.dumps(body), headers={"content-type": ["application/json"]}))
    line = ", ".join(called + came)
    print(f"{what}: {line}")
    return line


IN_THREAD = {"thread_ts": "1.1"}
PLAIN = {"ok": True, "messages": [FIRST]}
seen = [
    seen_in("thread in a channel", "C1", PLAIN, **IN_THREAD),
    seen_in("direct message", "D1", PLAIN),
    seen_in("thread in a direct message", "D1", PLAIN, **IN_THREAD),
    seen_in("the same, marked by the bot", "D1", {"ok": True, "messages": [FIRST | MARK]}, **IN_THREAD),
    seen_in("the same, reading too often", "D1", {"ok": False, "error": "ratelimited"}, **IN_THREAD),
]
as_stated = [
    "chat.postMessage, said",
    "chat.postMessage, said",
    "conversations.replies, chat.postMessage, said",
    "conversations.replies, KeyError",
    "conversations.replies, SlackApiError",
]
sys.exit(0 if seen == as_stated else 1)
PY
