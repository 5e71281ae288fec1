#!/usr/bin/env bash
# Packages:  simple-salesforce 1.12.10, requests 2.34.2
# Behaviour: sf.deploy() writes its own Content-Type and SOAPAction into the headers that the Salesforce object keeps
#            for all its calls, and so do checking on a deployment and retrieving. Whatever is then sent by restful(),
#            toolingexecute() or apexecute() is JSON that is said to be XML, until there is a new login or a new object;
#            for a body in a format that a call does not take, Salesforce's REST API has the status 415. The methods of
#            single objects, such as sf.Contact.create(), build headers of their own and go on as before.
# Seen:      before: restful sends JSON as application/json, SOAPAction none
#            before: toolingexecute sends JSON as application/json, SOAPAction none
#            before: create sends JSON as application/json, SOAPAction none
#            deploy: Queued
#            after: restful sends JSON as text/xml, SOAPAction deploy: SalesforceGeneralError 415
#            after: toolingexecute sends JSON as text/xml, SOAPAction deploy: SalesforceGeneralError 415
#            after: create sends JSON as application/json, SOAPAction none
# Date seen: 2026-11-30
# We:        deploy nothing, and make a new object for each login, since what we write goes by restful()
#            (bot/adapters/salesforce/login.py, bot/adapters/salesforce/granting.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(simple-salesforce==1.12.10 requests==2.34.2)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import io
import json
import sys
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceError
from simple_salesforce.metadata import SfdcMetadataApi

NAMES = SfdcMetadataApi._XML_NAMESPACES
DEPLOYED = (
    f'<s:Envelope xmlns:s="{NAMES["soapenv"]}" xmlns="{NAMES["mt"]}"><s:Body><deployResponse><result>'
    "<done>false</done><id>0Af000000000001AAA</id><state>Queued</state>"
    "</result></deployResponse></s:Body></s:Envelope>"
).encode()
got = []


class Org(BaseHTTPRequestHandler):
    """Takes XML at the address of the Metadata API, and JSON at all others."""

    timeout = 3

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        kind = self.headers["Content-Type"]
        got.append((kind, self.headers["SOAPAction"]))
        if self.path.startswith("/soap"):
            self.answer(200, "text/xml", DEPLOYED)
        elif kind == "application/json":
            self.answer(201, kind, json.dumps({"id": "003000000000001AAA", "success": True, "errors": []}).encode())
        else:
            error = {"errorCode": "UNSUPPORTED_MEDIA_TYPE", "message": "no such format"}
            self.answer(415, "application/json", json.dumps([error]).encode())

    def answer(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
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
org.base_url, org.tooling_url, org.metadata_url = (f"{address}/{part}/" for part in ("rest", "tooling", "soap"))
contacts = org.Contact
contacts.base_url = f"{address}/rest/sobjects/Contact/"


def sent(when):
    calls = {
        "restful": lambda: org.restful("composite", method="POST", json={"compositeRequest": []}),
        "toolingexecute": lambda: org.toolingexecute("sobjects/ApexClass", method="POST", data={"Name": "One"}),
        "create": lambda: contacts.create({"LastName": "Roe"}),
    }
    seen = []
    for name, call in calls.items():
        try:
            call()
            refused = ""
        except SalesforceError as error:
            refused = f": {type(error).__name__} {error.status}"
        kind, action = got[-1]
        print(f"{when}: {name} sends JSON as {kind}, SOAPAction {action or 'none'}{refused}")
        seen.append((kind, action, bool(refused)))
    return seen


seen = sent("before")
package = io.BytesIO()
with zipfile.ZipFile(package, "w") as archive:
    archive.writestr("package.xml", "<Package><version>59.0</version></Package>")
package.seek(0)
print(f"deploy: {org.deploy(package, sandbox=True)['state']}")
seen += sent("after")
right, wrong = ("application/json", None, False), ("text/xml", "deploy", True)
sys.exit(0 if seen == [right, right, right, wrong, wrong, right] else 1)
PY
