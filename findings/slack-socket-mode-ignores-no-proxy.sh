#!/usr/bin/env bash
# Packages:  slack_sdk 3.48.0, websocket-client 1.9.2
# Behaviour: the built-in Socket Mode client takes HTTP_PROXY or HTTPS_PROXY from the environment and asks the proxy for
#            a tunnel even to a host that NO_PROXY names. In the same process the package's own WebClient and its Socket
#            Mode client over websocket-client honour NO_PROXY.
# Seen:      web api: slack 1, proxy 0
#            socket mode over websocket-client: slack 1, proxy 0
#            socket mode, built in: slack 0, proxy 1
# Date seen: 2026-11-28
# We:        connect in the websocket-client flavour (bot/entrypoints/slack/socket_mode.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(slack_sdk==3.48.0 websocket-client==1.9.2)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import base64
import hashlib
import logging
import os
import socketserver
import sys
import threading
import time

from slack_sdk import WebClient
from slack_sdk.socket_mode.builtin import SocketModeClient as BuiltIn
from slack_sdk.socket_mode.websocket_client import SocketModeClient as OverWebsocketClient

logging.disable(logging.CRITICAL)
MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455
OK = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\nConnection: close\r\n\r\n{"ok":true}'


def upgraded(key: str) -> bytes:
    accept = base64.b64encode(hashlib.sha1((key + MAGIC).encode()).digest())
    head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    return head + b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"


class Slack(socketserver.StreamRequestHandler):
    timeout = 3

    def handle(self):
        first = self.rfile.readline()
        headers = {}
        while (line := self.rfile.readline().strip()):
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        self.rfile.read(int(headers.get("content-length", 0)))
        self.server.calls.append(first)
        if "sec-websocket-key" not in headers:
            self.wfile.write(OK)
            return
        self.wfile.write(upgraded(headers["sec-websocket-key"]))
        time.sleep(1)


class Proxy(socketserver.StreamRequestHandler):
    timeout = 3

    def handle(self):
        self.server.calls.append(self.rfile.readline())
        while self.rfile.readline().strip():
            pass
        self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def serve(handler):
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.calls = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


slack, proxy = serve(Slack), serve(Proxy)
for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
    del os.environ[name]
through = f"http://127.0.0.1:{proxy.server_address[1]}"
os.environ.update(HTTP_PROXY=through, http_proxy=through, HTTPS_PROXY=through, NO_PROXY="127.0.0.1")
web = WebClient(token="xoxb-none", base_url=f"http://127.0.0.1:{slack.server_address[1]}/api/", timeout=3)


def line_of(client_class):
    client = client_class(app_token="xapp-none", web_client=web, auto_reconnect_enabled=False)
    client.wss_uri = f"ws://127.0.0.1:{slack.server_address[1]}/link"
    threading.Thread(target=client.connect, daemon=True).start()


def counted(what, call):
    slack.calls.clear()
    proxy.calls.clear()
    call()
    end = time.monotonic() + 2
    while time.monotonic() < end and not (slack.calls or proxy.calls):
        time.sleep(0.05)
    print(f"{what}: slack {len(slack.calls)}, proxy {len(proxy.calls)}", flush=True)
    return len(slack.calls), len(proxy.calls)


seen = [
    counted("web api", web.api_test),
    counted("socket mode over websocket-client", lambda: line_of(OverWebsocketClient)),
    counted("socket mode, built in", lambda: line_of(BuiltIn)),
]
sys.stdout.flush()
os._exit(0 if seen == [(1, 0), (1, 0), (0, 1)] else 1)  # the clients' own threads would hold the process
PY
