#!/usr/bin/env bash
# Packages:  sf-toolkit 0.6.1, httpx 0.28.1
# Behaviour: a multi-select picklist in which nothing is selected, null in Salesforce's answer, sf-toolkit reads as the
#            four letters "None", though it prints as nothing, and saving the record writes them. So to fetch a record,
#            change its name and save it selects a value in a field that nobody touched; Salesforce takes what is not on
#            the list, unless the picklist is restricted. It never is None, and setting it to None empties it no more
#            than that. A picklist of one value and a number keep null. With only_changes the field is left alone, until
#            it is set.
# Seen:      fetched: Name 'Acme', Colors__c 'None' (is None: False), Color__c None, Size__c None
#            renamed and saved: {"Name": "Acme Ltd", "Colors__c": "None", "Color__c": null, "Size__c": null}
#            renamed and saved, only changes: {"Name": "Acme Inc"}
#            emptied and saved, only changes: {"Colors__c": "None", "Color__c": null}
# Date seen: 2026-11-30
# We:        write only the fields that a change is about, and read null as null (bot/adapters/salesforce/granting.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(sf-toolkit==0.6.1 httpx==0.28.1)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

NO_PROXY=127.0.0.1 timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
from sf_toolkit import SalesforceClient, SObject
from sf_toolkit.auth.types import SalesforceToken
from sf_toolkit.data.fields import IdField, MultiPicklistField, NumberField, PicklistField, TextField
from sf_toolkit.io import fetch, save_update

ID = "001000000000001AAA"
written = []


class Org(BaseHTTPRequestHandler):
    """Has one account, in which nothing but the name is filled."""

    timeout = 3

    def do_GET(self):
        record = {"attributes": {"type": "Account"}, "Id": ID, "Name": "Acme"}
        self.answer(200, json.dumps(record | {"Colors__c": None, "Color__c": None, "Size__c": None}))

    def do_PATCH(self):
        written.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.answer(204, "")

    def answer(self, status, text):
        self.send_response(status)
        if text:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


class Account(SObject):
    Id = IdField()
    Name = TextField()
    Colors__c = MultiPicklistField()
    Color__c = PicklistField()
    Size__c = NumberField()


server = ThreadingHTTPServer(("127.0.0.1", 0), Org)
threading.Thread(target=server.serve_forever, daemon=True).start()
place = httpx.URL(f"http://127.0.0.1:{server.server_address[1]}")
SalesforceClient(token=SalesforceToken(place, "none"), api_version=64)


def saved(what, only_changes, **changes):
    account = fetch(Account, ID)
    for field, value in changes.items():
        setattr(account, field, value)
    save_update(account, only_changes=only_changes)
    print(f"{what}: {json.dumps(written[-1])}")


account = fetch(Account, ID)
empty = account.Colors__c is None
print(
    f"fetched: Name {account.Name!r}, Colors__c {account.Colors__c!r} (is None: {empty}), "
    f"Color__c {account.Color__c!r}, Size__c {account.Size__c!r}"
)
saved("renamed and saved", False, Name="Acme Ltd")
saved("renamed and saved, only changes", True, Name="Acme Inc")
saved("emptied and saved, only changes", True, Colors__c=None, Color__c=None)
seen = [repr(account.Colors__c), empty, account.Color__c, account.Size__c, *written]
stated = [
    "'None'",
    False,
    None,
    None,
    {"Name": "Acme Ltd", "Colors__c": "None", "Color__c": None, "Size__c": None},
    {"Name": "Acme Inc"},
    {"Colors__c": "None", "Color__c": None},
]
sys.exit(0 if seen == stated else 1)
PY
