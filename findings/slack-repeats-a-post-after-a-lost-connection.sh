#!/usr/bin/env bash
# Packages:  slack_sdk 3.48.0
# Behaviour: a WebClient as it comes repeats a call once when the connection ends without an answer. It does so for
#            chat.postMessage too, which Slack may have carried out by then, so one call of the program can become two
#            messages. Retry handlers that are named at construction replace that default.
# Seen:      as it comes: chat.postMessage arrived 2 times with the same text for one call
#            retry_handlers=[]: chat.postMessage arrived 1 times with the same text for one call
# Date seen: 2026-11-28
# We:        name our own handlers, for Slack's rate limit only (bot/adapters/slack/web_api.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(slack_sdk==3.48.0)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import logging
import os
import sys
import threading
from http.client import RemoteDisconnected
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from slack_sdk import WebClient

logging.disable(logging.CRITICAL)
for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
    del os.environ[name]
arrived = []


class Slack(BaseHTTPRequestHandler):
    timeout = 3

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        arrived.append((self.path, body))  # taken, and then the line is lost
        self.close_connection = True

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Slack)
threading.Thread(target=server.serve_forever, daemon=True).start()


def times(what, **options):
    arrived.clear()
    address = f"http://127.0.0.1:{server.server_address[1]}/api/"
    try:
        WebClient(token="xoxb-none", base_url=address, timeout=3, **options).chat_postMessage(channel="C1", text="once")
    except RemoteDisconnected:
        pass
    texts = "the same text" if len(set(arrived)) == 1 else "several texts"
    print(f"{what}: chat.postMessage arrived {len(arrived)} times with {texts} for one call")
    return len(arrived), texts


seen = [times("as it comes"), times("retry_handlers=[]", retry_handlers=[])]
sys.exit(0 if seen == [(2, "the same text"), (1, "the same text")] else 1)
PY
