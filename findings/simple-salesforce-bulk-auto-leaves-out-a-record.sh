#!/usr/bin/env bash
# Packages:  simple-salesforce 1.12.10, requests 2.34.2
# Behaviour: with batch_size="auto", sf.bulk does not send the last record where that would be alone in its batch: a
#            list of one record is not sent at all, and of 10,001 the last one is not, since a batch holds 10,000. The
#            job is opened and closed, the call returns the results of what was sent and raises nothing; who does not
#            count them has a record less in Salesforce. A batch_size in numbers sends all.
# Seen:      auto, 1 records: 0 sent in 0 batches, 0 results
#            auto, 2 records: 2 sent in 1 batches, 2 results
#            auto, 10001 records: 10000 sent in 1 batches, 10000 results
#            auto, 10002 records: 10002 sent in 2 batches, 10002 results
#            10000, 1 records: 1 sent in 1 batches, 1 results
#            10000, 10001 records: 10001 sent in 2 batches, 10001 results
# Date seen: 2026-11-29
# We:        write one record to a call, and look at the answer to each (bot/adapters/salesforce/granting.py).
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

batches = []


class Org(BaseHTTPRequestHandler):
    """Has one bulk job, and does each batch as it comes."""

    timeout = 3

    def do_POST(self):
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path.endswith("/batch"):
            batches.append(len(sent))
            self.answer({"id": str(len(batches) - 1), "jobId": "1", "state": "Queued"})
        else:
            self.answer({"id": "1", "state": sent.get("state", "Open")})

    def do_GET(self):
        if self.path.endswith("/result"):
            size = batches[int(self.path.split("/")[-2])]
            self.answer([{"success": True, "created": True, "id": "003000000000001AAA", "errors": []}] * size)
        else:
            self.answer({"id": self.path.split("/")[-1], "jobId": "1", "state": "Completed"})

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


def sent(batch_size, number):
    batches.clear()
    contacts = [{"LastName": f"Contact {each}"} for each in range(number)]
    results = org.bulk.Contact.insert(contacts, batch_size=batch_size)
    print(f"{batch_size}, {number} records: {sum(batches)} sent in {len(batches)} batches, {len(results)} results")
    return sum(batches), len(results)


seen = [sent("auto", 1), sent("auto", 2), sent("auto", 10001), sent("auto", 10002), sent(10000, 1), sent(10000, 10001)]
counts = [0, 2, 10000, 10002, 1, 10001]
sys.exit(0 if seen == [(count, count) for count in counts] else 1)
PY
