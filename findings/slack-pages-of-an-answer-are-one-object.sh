#!/usr/bin/env bash
# Packages:  slack_sdk 3.48.0
# Behaviour: a loop over an answer of slack_sdk, which asks for the further pages, gets the same object for each of them
#            with other contents, so pages that are kept, as by list(), all become the last one: its members are there
#            once for each page, and all others are gone without an error. After a loop the answer itself holds the last
#            page, too. Only what is taken out of a page before the next one comes is right.
# Seen:      members taken out in the loop: U1 U2 U3
#            members of the pages as a list: U3 U3 U3
#            members of the answer, before and after a loop over it: U1, U3
# Date seen: 2026-11-29
# We:        ask for each page by its cursor, and take out what we want before the next one
#            (bot/adapters/slack/directory.py).
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
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
    del os.environ[name]

from slack_sdk import WebClient

PAGES = 3


class Slack(BaseHTTPRequestHandler):
    """Has one member to a page; its cursors are the numbers of the pages."""

    timeout = 3

    def do_POST(self):
        form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        asked = parse_qs(form) | parse_qs(urlsplit(self.path).query)
        page = int(asked.get("cursor", ["1"])[0])
        cursor = str(page + 1) if page < PAGES else ""
        answer = {"ok": True, "members": [{"id": f"U{page}"}], "response_metadata": {"next_cursor": cursor}}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Slack)
threading.Thread(target=server.serve_forever, daemon=True).start()
slack = WebClient(token="xoxb-none", base_url=f"http://127.0.0.1:{server.server_address[1]}/api/", timeout=3)


def ids(page):
    return [member["id"] for member in page["members"]]


def shown(what, *found):
    print(f"{what}: {', '.join(' '.join(each) for each in found)}")
    return found


in_the_loop = [member for page in slack.users_list(limit=1) for member in ids(page)]
as_a_list = [member for page in list(slack.users_list(limit=1)) for member in ids(page)]
answer = slack.users_list(limit=1)
before = ids(answer)
for _ in answer:
    pass
seen = [
    shown("members taken out in the loop", in_the_loop),
    shown("members of the pages as a list", as_a_list),
    shown("members of the answer, before and after a loop over it", before, ids(answer)),
]
sys.exit(0 if seen == [(["U1", "U2", "U3"],), (["U3", "U3", "U3"],), (["U1"], ["U3"])] else 1)
PY
