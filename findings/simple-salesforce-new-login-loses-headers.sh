#!/usr/bin/env bash
# Packages:  simple-salesforce 1.12.10, requests 2.34.2
# Behaviour: where a session has expired meanwhile, simple-salesforce logs in anew by itself and repeats the call, but
#            without the headers that the caller gave to it. So once in the life of a session a record that was to be
#            made without the org's assignment rules (or in spite of its duplicate rules) is made with them. The call
#            succeeds and nothing tells of it.
# Seen:      session good: created with Sforce-Auto-Assign FALSE, logins since 0
#            session expired: created with Sforce-Auto-Assign none, logins since 1
#            session expired, restful: created with Sforce-Auto-Assign none, logins since 1
# Date seen: 2026-11-29
# We:        use its direct mode, in which an expired session is an error that we see, and no new login
#            (bot/adapters/salesforce/login.py).
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
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from simple_salesforce import Salesforce

HEADER = "Sforce-Auto-Assign"
LEAD = {"LastName": "Doe", "Company": "Example"}
EXPIRED = [{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}]
logins, created = [], []
good = {"session": ""}


class Org(BaseHTTPRequestHandler):
    timeout = 3

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/services/oauth2/token":
            logins.append(self.path)
            good["session"] = f"made-up-{len(logins)}"
            self.answer(200, {"access_token": good["session"], "instance_url": "https://127.0.0.1"})
        elif self.headers["Authorization"] != f"Bearer {good['session']}":
            self.answer(401, EXPIRED)
        else:
            created.append(self.headers.get(HEADER, "none"))
            self.answer(201, {"id": "00Q000000000001AAA", "success": True, "errors": []})

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class ToLoopback(HTTPAdapter):
    """Every address is the server here; nothing leaves this machine."""

    def send(self, request, **kwargs):
        request.url = f"http://127.0.0.1:{server.server_address[1]}{urlsplit(request.url).path}"
        return super().send(request, **{**kwargs, "timeout": 3})


server = ThreadingHTTPServer(("127.0.0.1", 0), Org)
threading.Thread(target=server.serve_forever, daemon=True).start()
line = requests.Session()
line.trust_env = False
line.mount("https://", ToLoopback())
org = Salesforce(consumer_key="key", consumer_secret="none", domain="example.my", session=line)


def created_with(what, call, session=None):
    created.clear()
    good["session"] = session or good["session"]
    before = len(logins)
    call({HEADER: "FALSE"})
    print(f"{what}: created with {HEADER} {' '.join(created)}, logins since {len(logins) - before}")
    return created[:], len(logins) - before


def lead(headers):
    org.Lead.create(LEAD, headers=headers)


def lead_restful(headers):
    org.restful("sobjects/Lead", method="POST", json=LEAD, headers=headers)


seen = [
    created_with("session good", lead),
    created_with("session expired", lead, session="another"),
    created_with("session expired, restful", lead_restful, session="another"),
]
sys.exit(0 if seen == [(["FALSE"], 0), (["none"], 1), (["none"], 1)] else 1)
PY
