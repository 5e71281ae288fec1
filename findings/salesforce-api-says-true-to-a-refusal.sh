#!/usr/bin/env bash
# Packages:  salesforce-api 0.1.46, requests 2.34.2
# Behaviour: update, upsert and delete return True, as the readme shows for success, for each status that the package
#            has no exception of its own for: for a conflict, for an org that is down for maintenance, and for an upsert
#            whose external ID is that of two records. Salesforce has written nothing, and the caller is told that it
#            worked. An insert then returns the list of errors in the place of the new record. Salesforce lists these
#            statuses among those of its REST API. Others, as 400 and 404, are raised, so that a first try passes.
# Seen:      204: update True, upsert True, delete True
#            300: update True, upsert True, delete True
#            400: update RestRequestCouldNotBeUnderstoodError, upsert RestRequestCouldNotBeUnderstoodError, delete RestRequestCouldNotBeUnderstoodError
#            404: update RestResourceNotFoundError, upsert RestResourceNotFoundError, delete RestResourceNotFoundError
#            409: update True, upsert True, delete True
#            503: update True, upsert True, delete True
#            503: insert [{'errorCode': 'SERVER_UNAVAILABLE', 'message': 'down'}]
# Date seen: 2026-11-30
# We:        write by simple-salesforce, which raises for all of them, and tell a refusal from a call of which nothing
#            is known (bot/adapters/salesforce/granting.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(salesforce-api==0.1.46 requests==2.34.2)

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
from salesforce_api import Salesforce
from salesforce_api.core import Connection

RECORD = "/services/data/v59.0/sobjects/Contact/003000000000001AAA"
BODIES = {
    204: "",
    300: json.dumps([RECORD, RECORD.replace("1AAA", "2AAA")]),
    400: json.dumps([{"errorCode": "INVALID_FIELD", "message": "no such field"}]),
    404: json.dumps([{"errorCode": "NOT_FOUND", "message": "no such record"}]),
    409: json.dumps([{"errorCode": "CONFLICT", "message": "somebody else is writing"}]),
    503: json.dumps([{"errorCode": "SERVER_UNAVAILABLE", "message": "down"}]),
}


class Org(BaseHTTPRequestHandler):
    """Answers everything with one status, and writes nothing."""

    timeout = 3
    status = 204

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = BODIES[Org.status].encode()
        self.send_response(Org.status)
        if body:
            self.send_header("Content-Type", "application/json;charset=UTF-8")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_PATCH = do_POST = do_DELETE = answer

    def log_message(self, *_):
        pass


class Line(requests.Session):
    def request(self, *args, **kwargs):
        return super().request(*args, **{"timeout": 3, **kwargs})


server = ThreadingHTTPServer(("127.0.0.1", 0), Org)
threading.Thread(target=server.serve_forever, daemon=True).start()
line = Line()
line.trust_env = False
org = Salesforce(Connection("59.0", "none", f"http://127.0.0.1:{server.server_address[1]}", line))
contact = org.sobjects.Contact


def told(call, *values):
    try:
        return call(*values)
    except Exception as error:
        return type(error).__name__


seen = {}
for Org.status in BODIES:
    answers = {
        "update": told(contact.update, "003000000000001AAA", {"LastName": "Roe"}),
        "upsert": told(contact.upsert, "Code__c", "A1", {"LastName": "Roe"}),
        "delete": told(contact.delete, "003000000000001AAA"),
    }
    print(f"{Org.status}: {', '.join(f'{name} {answer}' for name, answer in answers.items())}")
    seen[Org.status] = [answer is True for answer in answers.values()]
inserted = told(contact.insert, {"LastName": "Roe"})
print(f"503: insert {inserted}")
stated = {status: [status not in (400, 404)] * 3 for status in BODIES}
sys.exit(0 if seen == stated and inserted == json.loads(BODIES[503]) else 1)
PY
