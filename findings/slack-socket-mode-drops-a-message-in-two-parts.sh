#!/usr/bin/env bash
# Packages:  slack_sdk 3.48.0, websocket-client 1.9.2
# Behaviour: the Socket Mode client that Bolt's SocketModeHandler takes by default hands no message on that comes in two
#            parts: neither one in two frames, as WebSocket allows, of which it takes the first for the whole, nor one
#            in a single frame with a pause of more than three seconds within it, as a lost packet makes. Its wait for
#            more ends after three seconds and what has come is thrown away, so the rest is read as if it were the
#            beginning of another frame. No listener is called and nothing is acknowledged. The package's client over
#            websocket-client hands all of them on.
# Seen:      built in: whole, whole again
#            over websocket-client: whole, in two frames, whole again, in one frame with a pause
# Date seen: 2026-11-29
# We:        connect in the websocket-client flavour (bot/entrypoints/slack/socket_mode.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(slack_sdk==3.48.0 websocket-client==1.9.2)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 20 "$folder/venv/bin/python" -I - <<'PY'
import base64
import hashlib
import json
import logging
import os
import socketserver
import struct
import sys
import threading
import time

for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
    del os.environ[name]

from slack_sdk import WebClient
from slack_sdk.socket_mode.builtin import SocketModeClient as BuiltIn
from slack_sdk.socket_mode.websocket_client import SocketModeClient as OverWebsocketClient

logging.disable(logging.CRITICAL)
MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455
TEXT, CONTINUATION, LAST = 0x1, 0x0, 0x80


def message(what):
    payload = {"type": "block_actions", "what": what, "message": {"text": "What was decided. " * 60}}
    return json.dumps({"type": "interactive", "envelope_id": what, "payload": payload}).encode()


def frame(kind, data):
    return struct.pack("!BBH", kind, 126, len(data)) + data


class Slack(socketserver.StreamRequestHandler):
    """Sends four messages, each when the one before has had its time."""

    timeout = 10

    def handle(self):
        self.rfile.readline()
        headers = {}
        while (line := self.rfile.readline().strip()):
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        accept = base64.b64encode(hashlib.sha1((headers["sec-websocket-key"] + MAGIC).encode()).digest())
        head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        self.send(head + b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n", 0.7)
        self.send(frame(LAST | TEXT, message("whole")), 0.7)
        parted = message("in two frames")
        self.send(frame(TEXT, parted[:600]), 0.3)
        self.send(frame(LAST | CONTINUATION, parted[600:]), 0.7)
        self.send(frame(LAST | TEXT, message("whole again")), 0.7)
        paused = frame(LAST | TEXT, message("in one frame with a pause"))
        self.send(paused[:600], 4)
        self.send(paused[600:], 1.5)
        self.server.finished.release()
        time.sleep(3)

    def send(self, data, then_wait):
        try:
            self.wfile.write(data)
        except OSError:  # the client has hung up
            pass
        time.sleep(then_wait)

    def finish(self):
        try:
            super().finish()
        except OSError:
            pass


server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Slack)
server.daemon_threads = True
server.finished = threading.Semaphore(0)
threading.Thread(target=server.serve_forever, daemon=True).start()


def connected(client_class):
    arrived = []
    web = WebClient(token="xoxb-none", base_url="http://127.0.0.1:1/api/", timeout=3)
    client = client_class(app_token="xapp-none", web_client=web, auto_reconnect_enabled=False)
    client.wss_uri = f"ws://127.0.0.1:{server.server_address[1]}/link"
    client.socket_mode_request_listeners.append(lambda _, request: arrived.append(request.envelope_id))
    threading.Thread(target=client.connect, daemon=True).start()
    return arrived


built_in, over_websocket_client = connected(BuiltIn), connected(OverWebsocketClient)
for _ in range(2):
    server.finished.acquire(timeout=15)
print("built in:", ", ".join(built_in))
print("over websocket-client:", ", ".join(over_websocket_client))
as_stated = (
    built_in == ["whole", "whole again"]
    and over_websocket_client == ["whole", "in two frames", "whole again", "in one frame with a pause"]
)
sys.stdout.flush()
os._exit(0 if as_stated else 1)  # the clients' own threads would hold the process
PY
