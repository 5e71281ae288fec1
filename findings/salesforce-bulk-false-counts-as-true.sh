#!/usr/bin/env bash
# Packages:  salesforce-bulk 2.2.0, requests 2.34.2
# Behaviour: what get_batch_results() says of a record depends on the format of the job. By JSON, success and created
#            are True or False. By CSV, the default, they are the words "true" and "false", of which both count as true,
#            so that whoever looks for the records that failed finds none. By XML they are right again, but no record
#            has an ID, so that what was just created cannot be found. The fields have the same names each time, and the
#            readme ends where a batch is sent.
# Seen:      CSV: sent 2, successful 2, failed 0, IDs ['003000000000001AAA', '']
#            JSON: sent 2, successful 1, failed 1, IDs ['003000000000001AAA', None]
#            XML: sent 2, successful 1, failed 1, IDs [None, None]
# Date seen: 2026-11-30
# We:        write one record to a call, and take for written only what has an ID (bot/adapters/salesforce/granting.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(salesforce-bulk==2.2.0 requests==2.34.2)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

NO_PROXY=127.0.0.1 timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from salesforce_bulk import CsvDictsAdapter, SalesforceBulk

KINDS = {"CSV": "text/csv", "JSON": "application/json", "XML": "application/xml"}
WHY = "REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --"


def xml(root, body):
    return f'<{root} xmlns="{SalesforceBulk("none", "127.0.0.1").jobNS}">{body}</{root}>'


RESULTS = {
    "CSV": f'"Id","Success","Created","Error"\n"003000000000001AAA","true","true",""\n"","false","false","{WHY}"\n',
    "JSON": json.dumps(
        [
            {"id": "003000000000001AAA", "success": True, "created": True, "errors": []},
            {"id": None, "success": False, "created": False, "errors": [{"message": WHY}]},
        ]
    ),
    "XML": xml(
        "results",
        "<result><id>003000000000001AAA</id><success>true</success><created>true</created></result>"
        f"<result><errors><fields>LastName</fields><message>{WHY}</message>"
        "<statusCode>REQUIRED_FIELD_MISSING</statusCode></errors>"
        "<success>false</success><created>false</created></result>",
    ),
}


class Org(BaseHTTPRequestHandler):
    """Has one job in one format, and has done its batch, of which the second record is refused."""

    timeout = 3
    kind = "CSV"

    def do_POST(self):
        if self.headers.get("Transfer-Encoding") == "chunked":
            while size := int(self.rfile.readline(), 16):
                self.rfile.read(size + 2)
            self.rfile.readline()
        else:
            self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.endswith("/batch"):
            self.told({"id": "1", "jobId": "1", "state": "Queued"}, "batchInfo")
        else:
            self.answer("application/xml", xml("jobInfo", "<id>1</id>"))

    def do_GET(self):
        if self.path.endswith("/result"):
            self.answer(KINDS[Org.kind], RESULTS[Org.kind])
        else:
            self.told({"id": "1", "jobId": "1", "state": "Completed"}, "batchInfo")

    def told(self, values, root):
        if Org.kind == "JSON":
            self.answer("application/json", json.dumps(values))
        else:
            self.answer("application/xml", xml(root, "".join(f"<{key}>{each}</{key}>" for key, each in values.items())))

    def answer(self, kind, text):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Org)
threading.Thread(target=server.serve_forever, daemon=True).start()
contacts = [{"LastName": "Roe"}, {"LastName": ""}]


def counted(kind):
    Org.kind = kind
    bulk = SalesforceBulk(sessionId="none", host=f"http://127.0.0.1:{server.server_address[1]}")
    job = bulk.create_insert_job("Contact", contentType=kind)
    bodies = {
        "CSV": lambda: CsvDictsAdapter(iter(contacts)),
        "JSON": lambda: json.dumps(contacts),
        "XML": lambda: xml("sObjects", "<sObject><LastName>Roe</LastName></sObject><sObject/>"),
    }
    batch = bulk.post_batch(job, bodies[kind]())
    bulk.close_job(job)
    bulk.wait_for_batch(job, batch)
    results = bulk.get_batch_results(batch)
    done = sum(1 for result in results if result.success)
    failed = sum(1 for result in results if not result.success)
    ids = [result.id for result in results]
    print(f"{kind}: sent {len(contacts)}, successful {done}, failed {failed}, IDs {ids}")
    return done, failed, [bool(each) for each in ids]


seen = [counted(kind) for kind in KINDS]
sys.exit(0 if seen == [(2, 0, [True, False]), (1, 1, [True, False]), (1, 1, [False, False])] else 1)
PY
