#!/usr/bin/env bash
# Packages:  aiosalesforce 0.6.2, httpx 0.28.1, salesforce-api 0.1.46, requests 2.34.2
# Behaviour: both clients of Salesforce set an external ID into the address as it is, although they take it as a value
#            of its own. From a "#" on, an address is a fragment, which HTTP does not send. The call reaches the record
#            whose ID is what stands before, changes or deletes that one, and tells of success: who deletes Suite 4#2
#            has deleted Suite 4. A blank or a letter beyond ASCII is sent as it should be, so that a first try passes.
#            Issues about other clients know of IDs with a slash, for which Salesforce finds nothing.
# Seen:      aiosalesforce get 'Suite 4#2': Suite 4
#            aiosalesforce upsert 'Suite 4#2': Suite 4
#            aiosalesforce delete 'Suite 4#2': Suite 4
#            aiosalesforce delete 'Süd 4': Süd 4
#            salesforce-api upsert 'Suite 4#2': Suite 4
#            salesforce-api upsert 'Süd 4': Süd 4
# Date seen: 2026-11-30
# We:        read by queries, with values quoted by simple-salesforce, and write by record IDs alone
#            (bot/adapters/salesforce/granting.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(aiosalesforce==0.6.2 httpx==0.28.1 salesforce-api==0.1.46 requests==2.34.2)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import asyncio
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import aiosalesforce
import httpx
import requests
import salesforce_api
from aiosalesforce.auth import Auth
from salesforce_api.core import Connection

met = []


def meet(target):
    """Note which record a request is for: what stands behind the field in its path, without the escapes."""
    met.append(unquote(target.partition("/Code__c/")[2]))
    return {"id": "003000000000001AAA", "created": False, "success": True, "errors": []}


class Org(BaseHTTPRequestHandler):
    timeout = 3

    def do_PATCH(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps(meet(self.path)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class NoLogin(Auth):
    async def _acquire_new_access_token(self, *_):
        return "none"


class Line(requests.Session):
    def request(self, *args, **kwargs):
        return super().request(*args, **{"timeout": 3, **kwargs})


def shown(package, did, wanted):
    print(f"{package} {did} {wanted!r}: {met[-1]}")
    return met[-1]


async def by_aiosalesforce(name="none"):
    # It takes no address but Salesforce's, so what it sends is caught before it leaves.
    org = httpx.MockTransport(lambda request: httpx.Response(200, json=meet(request.url.raw_path.decode())))
    async with httpx.AsyncClient(transport=org) as line:
        contacts = aiosalesforce.Salesforce(line, f"https://{name}.my.salesforce.com", NoLogin()).sobject
        await contacts.get("Contact", "Suite 4#2", external_id_field="Code__c")
        yield shown("aiosalesforce", "get", "Suite 4#2")
        await contacts.upsert("Contact", "Suite 4#2", external_id_field="Code__c", data={"LastName": "Roe"})
        yield shown("aiosalesforce", "upsert", "Suite 4#2")
        for wanted in ("Suite 4#2", "Süd 4"):
            await contacts.delete("Contact", wanted, external_id_field="Code__c")
            yield shown("aiosalesforce", "delete", wanted)


def by_salesforce_api():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Org)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    line = Line()
    line.trust_env = False
    org = salesforce_api.Salesforce(Connection("59.0", "none", f"http://127.0.0.1:{server.server_address[1]}", line))
    for wanted in ("Suite 4#2", "Süd 4"):
        org.sobjects.Contact.upsert("Code__c", wanted, {"LastName": "Roe"})
        yield shown("salesforce-api", "upsert", wanted)


async def all_of(each):
    return [one async for one in each]


seen = [asyncio.run(all_of(by_aiosalesforce())), list(by_salesforce_api())]
sys.exit(0 if seen == [["Suite 4"] * 3 + ["Süd 4"], ["Suite 4", "Süd 4"]] else 1)
PY
