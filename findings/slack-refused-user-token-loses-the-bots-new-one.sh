#!/usr/bin/env bash
# Packages:  slack_sdk 3.48.0
# Behaviour: TokenRotator renews the bot's token first, then the user's, and hands over both together. Where Slack
#            refuses the second, as it does after that person has left or taken their permission back, an error is
#            raised and the bot's new tokens are thrown away with it. Slack has revoked the refresh token that led to
#            them, so the bot cannot be renewed any more: within hours the whole workspace is without it, until somebody
#            installs it again. Bolt's own authorization goes by this call.
# Seen:      user's token good: renewed, the bot's refresh token kept bot-2, valid at Slack bot-2
#            user's token good, the bot's renewed alone afterwards: renewed
#            user's token revoked: invalid_refresh_token, the bot's refresh token kept bot-1, valid at Slack bot-2
#            user's token revoked, the bot's renewed alone afterwards: invalid_refresh_token
# Date seen: 2026-11-29
# We:        ask for the bot's token alone, by perform_bot_token_rotation, save what comes before anything else is done,
#            and keep no user tokens (bot/adapters/slack/installation_store.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(slack_sdk==3.48.0)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
    del os.environ[name]

from slack_sdk import WebClient
from slack_sdk.errors import SlackTokenRotationError
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.token_rotation import TokenRotator

valid = {}


class Slack(BaseHTTPRequestHandler):
    """Takes each refresh token once, and gives the next one for it."""

    timeout = 3

    def do_POST(self):
        given = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())["refresh_token"][0]
        kind, _, number = given.partition("-")
        if valid.get(kind) == given:
            valid[kind] = f"{kind}-{int(number) + 1}"
            answer = {"ok": True, "token_type": kind, "access_token": "none", "expires_in": 43200}
            answer["refresh_token"] = valid[kind]
        else:
            answer = {"ok": False, "error": "invalid_refresh_token"}
        body = json.dumps(answer).encode()
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
rotator = TokenRotator(client_id="1", client_secret="none", client=client)


def outcome(rotate, kept):
    try:
        return "renewed", rotate() or kept
    except SlackTokenRotationError as error:
        return error.api_error.response["error"], kept


def shown(what, **at_slack):
    valid.clear()
    valid.update(at_slack)
    due = int(time.time()) + 60
    kept = Installation(
        team_id="T1", user_id="U1",
        bot_token="none", bot_refresh_token="bot-1", bot_token_expires_at=due,
        user_token="none", user_refresh_token="user-1", user_token_expires_at=due,
    )
    both, kept = outcome(lambda: rotator.perform_token_rotation(installation=kept), kept)
    at_slack, ours = valid["bot"], kept.bot_refresh_token
    print(f"{what}: {both}, the bot's refresh token kept {ours}, valid at Slack {at_slack}")
    bot = kept.to_bot()
    alone, _ = outcome(lambda: rotator.perform_bot_token_rotation(bot=bot, minutes_before_expiration=1000), bot)
    print(f"{what}, the bot's renewed alone afterwards: {alone}")
    return both, ours, at_slack, alone


seen = [
    shown("user's token good", bot="bot-1", user="user-1"),
    shown("user's token revoked", bot="bot-1"),
]
refused = "invalid_refresh_token"
sys.exit(0 if seen == [("renewed", "bot-2", "bot-2", "renewed"), (refused, "bot-1", "bot-2", refused)] else 1)
PY
