#!/usr/bin/env bash
# Packages:  slack_bolt 1.30.0, slack_sdk 3.48.0
# Behaviour: with token rotation, Bolt erases the stored user token of whoever installed the app as soon as anybody else
#            uses the bot while the bot's token is due. To see that it acts for the right person, it strikes the
#            installer's token out of what it has read; then it renews the bot's token on that same record and saves it
#            whole. What was allowed in the installer's name (to search, to set a status) is lost until they install the
#            app again, with no error and no line in the log.
# Seen:      before: the installer's user token user-1, to be renewed by user-1-again
#            the installer writes to the bot: the installer's user token user-3, to be renewed by user-3-again
#            somebody else writes to the bot: the installer's user token none, to be renewed by none
#            the same, the bot's token not due: the installer's user token user-1, to be renewed by user-1-again
# Date seen: 2026-11-29
# We:        authorize by a class of our own, which reads installations and saves none; a store of our own renews the
#            bot's token, and keeps no user tokens (bot/entrypoints/slack/install/authorize.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(slack_bolt==1.30.0 slack_sdk==3.48.0)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import json
import os
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

for name in [name for name in os.environ if name.startswith("SLACK_") or name.lower().endswith("_proxy")]:
    del os.environ[name]

from slack_bolt import App, BoltRequest
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk import WebClient
from slack_sdk.oauth.installation_store import FileInstallationStore, Installation

renewed = []


class Slack(BaseHTTPRequestHandler):
    """Gives a new pair of tokens for each refresh token, and knows whose token is whose."""

    timeout = 3

    def do_POST(self):
        form = parse_qs(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode())
        if self.path.endswith("oauth.v2.access"):
            kind = form["refresh_token"][0].partition("-")[0]
            renewed.append(kind)
            token = f"{kind}-{len(renewed) + 1}"
            answer = {"token_type": kind, "access_token": token, "refresh_token": f"{token}-again", "expires_in": 43200}
        elif "user-" in self.headers.get("Authorization", ""):
            answer = {"team_id": "T1", "user_id": "UINSTALLER"}
        else:
            answer = {"team_id": "T1", "user_id": "UBOT", "bot_id": "B1"}
        body = json.dumps({"ok": True} | answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Slack)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = WebClient(base_url=f"http://127.0.0.1:{server.server_address[1]}/api/", timeout=3)


def installed(due):
    ends = int(time.time()) + (60 if due else 40000)
    return Installation(
        app_id="A1", team_id="T1", bot_id="B1", bot_user_id="UBOT", bot_scopes="chat:write",
        bot_token="bot-1", bot_refresh_token="bot-1-again", bot_token_expires_at=ends,
        user_id="UINSTALLER", user_scopes="search:read",
        user_token="user-1", user_refresh_token="user-1-again", user_token_expires_at=ends,
    )


def after(what, user=None, due=True):
    renewed.clear()
    handled = []
    with tempfile.TemporaryDirectory() as folder:
        store = FileInstallationStore(base_dir=folder, client_id="1")
        store.save(installed(due))
        settings = OAuthSettings(client_id="1", client_secret="none", installation_store=store)
        app = App(
            signing_secret="none", request_verification_enabled=False, process_before_response=True,
            client=client, installation_store=store, oauth_settings=settings,
        )
        app.event("app_mention")(lambda event: handled.append(event["user"]))
        if user:
            event = {"type": "app_mention", "user": user, "channel": "C1", "text": "hello", "ts": "1.1"}
            body = {"type": "event_callback", "team_id": "T1", "event": event}
            app.dispatch(BoltRequest(body=json.dumps(body), headers={"content-type": ["application/json"]}))
            assert handled == [user], "the message did not come to its listener"
        kept = store.find_installation(enterprise_id=None, team_id="T1", user_id="UINSTALLER")
    token, again = kept.user_token or "none", kept.user_refresh_token or "none"
    print(f"{what}: the installer's user token {token}, to be renewed by {again}")
    return token, again


seen = [
    after("before"),
    after("the installer writes to the bot", "UINSTALLER"),
    after("somebody else writes to the bot", "USOMEBODY"),
    after("the same, the bot's token not due", "USOMEBODY", due=False),
]
as_stated = [("user-1", "user-1-again"), ("user-3", "user-3-again"), ("none", "none"), ("user-1", "user-1-again")]
sys.exit(0 if seen == as_stated else 1)
PY
