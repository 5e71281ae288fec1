#!/usr/bin/env bash
# Packages:  simple-salesforce 1.12.10, requests 2.34.2
# Behaviour: None in a record empties the field with sf.Contact.update and with sf.bulk, which send null. With sf.bulk2
#            it changes nothing: the records become CSV, None an empty cell, and Salesforce's rule for those is to leave
#            the field as it is (it wants #N/A there). The record counts as processed, without an error, and the old
#            number, owner or date stands. So a program that goes from bulk to bulk2, with the same records, no longer
#            empties fields, of which the package's documents say nothing.
# Seen:      Contact.update: Phone null
#            bulk.Contact.update: Phone null
#            bulk2.Contact.update: Phone an empty cell
#            bulk2.Contact.update with '#N/A': Phone '#N/A'
# Date seen: 2026-11-29
# We:        write one record to a call, as JSON (bot/adapters/salesforce/granting.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(simple-salesforce==1.12.10 requests==2.34.2)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import csv
import io
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests
from simple_salesforce import Salesforce

CONTACT = "003000000000001AAA"
came = []


class Org(BaseHTTPRequestHandler):
    """Takes what it is sent, and has done each job at once."""

    timeout = 3

    def do_POST(self):
        body = json.loads(self.read())
        if self.path.endswith("/batch"):  # of the first bulk API
            came.extend(body)
        self.answer({"id": "1", "jobId": "1", "state": "Open"})

    def do_PUT(self):  # of the second one
        came.extend(csv.DictReader(io.StringIO(self.read())))
        self.answer(None, 201)

    def do_PATCH(self):
        body = json.loads(self.read())
        if self.path.endswith(CONTACT):
            came.append(body)
            self.answer(None, 204)
        else:
            self.answer({"id": "1", "state": "UploadComplete"})

    def do_GET(self):
        if self.path.endswith("/result"):
            self.answer([{"success": True, "created": False, "id": CONTACT, "errors": []}])
        else:
            state = "Completed" if "/async/" in self.path else "JobComplete"
            self.answer({"id": "1", "state": state, "numberRecordsProcessed": 1, "numberRecordsFailed": 0})

    def read(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()

    def answer(self, value, status=200):
        body = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if status != 204:
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
address = f"http://127.0.0.1:{server.server_address[1]}"
line = Line()
line.trust_env = False
org = Salesforce(instance="127.0.0.1", session_id="none", session=line)
org.bulk_url, org.bulk2_url = f"{address}/async/", f"{address}/jobs/"
contacts = org.Contact
contacts.base_url = f"{address}/sobjects/Contact/"


def phone_sent(what, update):
    came.clear()
    update()
    (record,) = came
    value = record["Phone"]
    shown = {None: "null", "": "an empty cell"}.get(value, repr(value))
    print(f"{what}: Phone {shown}")
    return value


def records(value):
    return [{"Id": CONTACT, "Title": "CEO", "Phone": value}]


seen = [
    phone_sent("Contact.update", lambda: contacts.update(CONTACT, {"Title": "CEO", "Phone": None})),
    phone_sent("bulk.Contact.update", lambda: org.bulk.Contact.update(records(None))),
    phone_sent("bulk2.Contact.update", lambda: org.bulk2.Contact.update(records=records(None), wait=0.05)),
    phone_sent(
        "bulk2.Contact.update with '#N/A'", lambda: org.bulk2.Contact.update(records=records("#N/A"), wait=0.05)
    ),
]
sys.exit(0 if seen == [None, None, "", "#N/A"] else 1)
PY
