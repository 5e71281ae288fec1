#!/usr/bin/env bash
# Packages:  Authlib 1.9.10, requests 2.34.2, joserfc 1.8.0
# Behaviour: Authlib's AssertionSession, which by its guide sees to the token itself so that one can just use it, renews
#            it only where the answer with the token says when it ends. Salesforce's answer to a JWT bearer login does not
#            (it has access_token, scope, instance_url, id and token_type). So a service works until Salesforce ends
#            the session, and from then on each request is refused with 401 until it is started again: the key is there,
#            and not used. With expires_in in the answer it logs in again by itself.
# Seen:      an answer as Salesforce gives it: 200 200 401 401 401, 1 login
#            the same with expires_in: 200 200 200 200 200, 2 logins
# Date seen: 2026-11-29
# We:        log in by simple-salesforce, and again where Salesforce says that a session has ended
#            (bot/adapters/salesforce/login.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(Authlib==1.9.10 requests==2.34.2 joserfc==1.8.0)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from authlib.integrations.requests_client import AssertionSession
from joserfc.jwk import RSAKey

LIFE = 2  # seconds, in place of the two hours that an org has by default
ends = {}
more = {}


class Org(BaseHTTPRequestHandler):
    timeout = 3

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        token = f"00D!{len(ends) + 1}"
        ends[token] = time.monotonic() + LIFE
        host = f"http://{self.headers['Host']}"
        self.answer(200, {
            "access_token": token, "scope": "api", "instance_url": host, "id": f"{host}/id/1", "token_type": "Bearer",
        } | more)

    def do_GET(self):
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        lives = ends.get(token, 0) > time.monotonic()
        self.answer(200, {}) if lives else self.answer(401, [{"errorCode": "INVALID_SESSION_ID"}])

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Org)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_address[1]}"
key = RSAKey.generate_key(2048)


def asked(what, expires_in=None):
    ends.clear()
    more.clear()
    if expires_in:
        more["expires_in"] = expires_in
    session = AssertionSession(
        token_endpoint=f"{address}/services/oauth2/token", issuer="key", subject="bot@example.com", audience=address,
        grant_type=AssertionSession.JWT_BEARER_GRANT_TYPE, key=key, header={"alg": "RS256"}, leeway=0,
    )
    session.trust_env = False

    def status():
        return session.get(f"{address}/services/data/v66.0/limits", timeout=3).status_code

    statuses = [status(), status()]
    time.sleep(LIFE + 0.2)
    statuses += [status(), status(), status()]
    logins = f"{len(ends)} login{'s' if len(ends) > 1 else ''}"
    print(f"{what}: {' '.join(map(str, statuses))}, {logins}")
    return statuses, len(ends)


seen = [asked("an answer as Salesforce gives it"), asked("the same with expires_in", expires_in=LIFE)]
sys.exit(0 if seen == [([200, 200, 401, 401, 401], 1), ([200] * 5, 2)] else 1)
PY
