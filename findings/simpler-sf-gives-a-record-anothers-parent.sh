#!/usr/bin/env bash
# Packages:  simpler-sf 1.0.4, simple-salesforce 1.12.10, pandas 3.1.1, tqdm 4.70.1
# Behaviour: smart_query() of simpler-sf, which lays out the fields of related records as columns, keeps one dictionary for
#            all records of all queries. A record without a parent, as a contact without an account, shows the parent of
#            the record before it. In another order it is another one, and the first record of a query gets that of the
#            query before, from another org too. The readme tells of such related fields as the first advantage, and the
#            code means to write "-" where one is missing.
# Seen:      Hopper, who has no account, asked for first: Hopper has no such column
#            Lovelace, Hopper, Turing: Lovelace Acme, Hopper Acme, Turing Globex
#            Turing, Hopper, Lovelace: Turing Globex, Hopper Globex, Lovelace Acme
#            Hopper, asked for again: Hopper Acme
# Date seen: 2026-11-30
# We:        read each record for itself, and a null on the way to a parent is none (bot/adapters/salesforce/queries.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(simpler-sf==1.0.4 simple-salesforce==1.12.10 pandas==3.1.1 tqdm==4.70.1)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 90 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 20 "$folder/venv/bin/python" -I - <<'PY'
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests
import simpler_sf

simpler_sf.simple_salesforce()
from simple_salesforce import Salesforce  # noqa: E402 - as in its readme, after the line before


def contact(name, account):
    parent = {"attributes": {"type": "Account"}, "Name": account} if account else None
    return {"attributes": {"type": "Contact"}, "LastName": name, "Account": parent}


LOVELACE, HOPPER, TURING = contact("Lovelace", "Acme"), contact("Hopper", None), contact("Turing", "Globex")


class Org(BaseHTTPRequestHandler):
    """Has one bulk query, whose result is what is to be found."""

    timeout = 3
    found = []

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer({"id": "1", "jobId": "1", "state": "Queued" if self.path.endswith("/batch") else "Open"})

    def do_GET(self):
        if self.path.endswith("/result/1"):
            self.answer(Org.found)
        elif self.path.endswith("/result"):
            self.answer(["1"])
        else:
            self.answer({"id": "1", "jobId": "1", "state": "Completed"})

    def answer(self, value):
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Line(requests.Session):
    def request(self, *args, **kwargs):
        return super().request(*args, **{"timeout": 3, **kwargs})


server = ThreadingHTTPServer(("127.0.0.1", 0), Org)
threading.Thread(target=server.serve_forever, daemon=True).start()
line = Line()
line.trust_env = False
org = Salesforce(instance="127.0.0.1", session_id="none", session=line)
org.bulk_url = f"http://127.0.0.1:{server.server_address[1]}/async/"


def asked(what, *contacts):
    Org.found = list(contacts)
    frame = org.smart_query("SELECT LastName, Account.Name FROM Contact")
    if "Account.Name" in frame:
        told = ", ".join(f"{name} {account}" for name, account in zip(frame["LastName"], frame["Account.Name"]))
    else:
        told = f"{', '.join(frame['LastName'])} has no such column"
    print(f"{what}: {told}")
    return told


seen = [
    asked("Hopper, who has no account, asked for first", HOPPER),
    asked("Lovelace, Hopper, Turing", LOVELACE, HOPPER, TURING),
    asked("Turing, Hopper, Lovelace", TURING, HOPPER, LOVELACE),
    asked("Hopper, asked for again", HOPPER),
]
stated = [
    "Hopper has no such column",
    "Lovelace Acme, Hopper Acme, Turing Globex",
    "Turing Globex, Hopper Globex, Lovelace Acme",
    "Hopper Acme",
]
sys.exit(0 if seen == stated else 1)
PY
