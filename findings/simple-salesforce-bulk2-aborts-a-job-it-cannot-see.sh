#!/usr/bin/env bash
# Packages:  simple-salesforce 1.12.10, requests 2.34.2
# Behaviour: while sf.bulk2 waits for what it writes (an insert here), one question about the job's state that fails, as
#            by a 503 where Salesforce is busy, makes it tell Salesforce to abort the job, which was running well. What
#            was done by then stays done, the rest is left, and the error speaks of the 503 alone: whoever begins anew
#            after it makes the first records twice. A query that meets the same goes on in Salesforce.
# Seen:      every question answered: 5 of 5 records, job JobComplete
#            one of them answered with 503: SalesforceGeneralError of the 503, 3 of 5 records, job Aborted
#            the same, a query: SalesforceGeneralError of the 503, 2 of 5 records, job InProgress
# Date seen: 2026-11-29
# We:        write one record to a call, and have each noted before, so that what was done is known whatever comes after
#            (bot/adapters/store/org_writes.py).
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

JOB = "750000000000001AAA"
CONTACTS = [{"LastName": name} for name in ("One", "Two", "Three", "Four", "Five")]
job = {}


class Org(BaseHTTPRequestHandler):
    """Has one bulk job, which gets one record further each time that its state is asked for."""

    timeout = 3

    def do_POST(self):
        job.update(state="UploadComplete" if "/query" in self.path else "Open", asked=0, done=0)
        self.answer(200)

    def do_PUT(self):
        self.answer(201)

    def do_PATCH(self):
        self.answer(200, state=json.loads(self.rfile.read(int(self.headers["Content-Length"])))["state"])

    def do_GET(self):
        job["asked"] += 1
        if job["state"] in ("UploadComplete", "InProgress"):
            job["done"] = job["asked"]
            job["state"] = "InProgress" if job["done"] < len(CONTACTS) else "JobComplete"
        self.answer(503 if job["asked"] == job["failing"] else 200)

    def answer(self, status, **change):
        if self.command in ("POST", "PUT"):
            self.rfile.read(int(self.headers["Content-Length"]))
        job.update(change)
        state = {"id": JOB, "state": job["state"], "numberRecordsProcessed": job["done"], "numberRecordsFailed": 0}
        refusal = [{"errorCode": "SERVER_UNAVAILABLE", "message": "Busy"}]
        body = json.dumps(state if status < 300 else refusal).encode()
        self.send_response(status)
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
org.bulk2_url = f"http://127.0.0.1:{server.server_address[1]}/jobs/"


def outcome(what, call, failing):
    job.update(failing=failing)
    try:
        call()
        error = ""
    except SalesforceError as raised:
        error = f"{type(raised).__name__} of the {raised.status}, "
    seen = f"{error}{job['done']} of {len(CONTACTS)} records, job {job['state']}"
    print(f"{what}: {seen}")
    return seen


def insert():
    org.bulk2.Contact.insert(records=CONTACTS, wait=0.05)


def query():
    list(org.bulk2.Contact.query("SELECT Id FROM Contact", wait=0.05))


seen = [
    outcome("every question answered", insert, failing=0),
    outcome("one of them answered with 503", insert, failing=2),
    outcome("the same, a query", query, failing=2),
]
as_stated = [
    "5 of 5 records, job JobComplete",
    "SalesforceGeneralError of the 503, 3 of 5 records, job Aborted",
    "SalesforceGeneralError of the 503, 2 of 5 records, job InProgress",
]
sys.exit(0 if seen == as_stated else 1)
PY
