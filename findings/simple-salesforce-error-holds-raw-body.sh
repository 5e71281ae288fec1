#!/usr/bin/env bash
# Packages:  simple-salesforce 1.12.10, requests 2.34.2
# Behaviour: the text of simple-salesforce's errors holds the whole body of the answer, unmasked and of any length: that
#            of a refused call as well as that of a failed login, whose error speaks of a code and a message. Whoever
#            logs or shows str(error) passes on what a proxy or a gateway put into its page.
# Seen:      query, 401 JSON: SalesforceExpiredSession, secret in text True, body 97, text 188
#            query, 502 HTML of 100 kB: SalesforceGeneralError, secret in text True, body 100053, text 100087
#            login, 502 HTML of 100 kB: SalesforceAuthenticationFailed, secret in text True, body 100053, text 100088
# Date seen: 2026-11-28
# We:        hand it only answers that were looked at before, and never show its text
#            (bot/adapters/salesforce/transport.py, bot/adapters/salesforce/queries.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(simple-salesforce==1.12.10 requests==2.34.2)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceError
from simple_salesforce.login import token_login

SECRET = "not-a-real-secret-0123456789"
REFUSAL = json.dumps([{"errorCode": "INVALID_SESSION_ID", "message": f"Session expired: {SECRET}"}]).encode()
PAGE = f"<html><body>request held {SECRET}".encode() + b" " * 100_000
answer = {}


class Org(BaseHTTPRequestHandler):
    timeout = 3

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(answer["status"])
        self.send_header("Content-Type", answer["type"])
        self.send_header("Content-Length", str(len(answer["body"])))
        self.end_headers()
        self.wfile.write(answer["body"])

    do_POST = do_GET

    def log_message(self, *_):
        pass


class Line(requests.Session):
    def request(self, *args, **kwargs):
        return super().request(*args, **{"timeout": 3, **kwargs})


server = ThreadingHTTPServer(("127.0.0.1", 0), Org)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_address[1]}/"
line = Line()
line.trust_env = False
org = Salesforce(instance="127.0.0.1", session_id="none", session=line)
org.base_url = address


def held(what, call, status, kind, body):
    answer.update(status=status, type=kind, body=body)
    try:
        call()
    except SalesforceError as error:
        name, text = type(error).__name__, str(error)
        print(f"{what}: {name}, secret in text {SECRET in text}, body {len(body)}, text {len(text)}")
        return SECRET in text and len(text) >= len(body)
    print(f"{what}: no error")
    return False


def query():
    org.query("SELECT Id FROM User")


def login():
    token_login(address, {"grant_type": "client_credentials"}, "login", "key", None, None, line)


seen = [
    held("query, 401 JSON", query, 401, "application/json", REFUSAL),
    held("query, 502 HTML of 100 kB", query, 502, "text/html", PAGE),
    held("login, 502 HTML of 100 kB", login, 502, "text/html", PAGE),
]
sys.exit(0 if all(seen) else 1)
PY
