#!/usr/bin/env bash
# Packages:  sf-toolkit 0.6.1, httpx 0.28.1
# Behaviour: a query of sf-toolkit, once it is put together, gets every run of spaces made into one, in the quoted
#            values too. What is asked for by a value with two spaces in it is looked up with one: it is not found, or
#            another record is, which is then read, changed or deleted in its place; found with two, it is not found
#            again by its own name. A list of values, LIKE and a condition that is written out by hand come out the
#            same. The package offers to quote and escape values, and quote_soql_value() by itself keeps the spaces;
#            counting, bulk queries and subqueries go through the same text.
# Seen:      "Acme Corp": WHERE Name = 'Acme Corp', found 001000000000001AAA
#            "Acme  Corp": WHERE Name = 'Acme Corp', found 001000000000001AAA
#            "Suite 4  B": WHERE Name = 'Suite 4 B', found nothing
#            all that are there by their names: WHERE Name IN ('Acme Corp','Acme Corp','Suite 4 B'), found 001000000000001AAA
#            (of "Acme Corp" 001000000000001AAA, "Acme  Corp" 001000000000002AAA and "Suite 4  B" 001000000000003AAA)
# Date seen: 2026-11-30
# We:        change nothing in a query once its values are quoted (bot/adapters/salesforce/queries.py).
# Exit code: 0 as stated, 1 changed, anything else: it could not be run.
set -euo pipefail
packages=(sf-toolkit==0.6.1 httpx==0.28.1)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
timeout 40 python3 -m venv "$folder/venv"
timeout 60 "$folder/venv/bin/python" -m pip install -qq "${packages[@]}"

NO_PROXY=127.0.0.1 timeout 12 "$folder/venv/bin/python" -I - <<'PY'
import json
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx
from sf_toolkit import SalesforceClient, SObject
from sf_toolkit.auth.types import SalesforceToken
from sf_toolkit.data.fields import IdField, TextField
from sf_toolkit.io import select

NAMES = {"Acme Corp": "001000000000001AAA", "Acme  Corp": "001000000000002AAA", "Suite 4  B": "001000000000003AAA"}
asked = []


class Org(BaseHTTPRequestHandler):
    """Has three accounts, and finds those whose names are given between quotes."""

    timeout = 3

    def do_GET(self):
        soql = parse_qs(urlsplit(self.path).query)["q"][0]
        asked.append(soql.partition(" WHERE ")[2])
        names = [name for name in dict.fromkeys(re.findall("'(.*?)'", soql)) if name in NAMES]
        found = [{"attributes": {"type": "Account"}, "Id": NAMES[name], "Name": name} for name in names]
        body = json.dumps({"totalSize": len(found), "done": True, "records": found}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Account(SObject):
    Id = IdField()
    Name = TextField()


server = ThreadingHTTPServer(("127.0.0.1", 0), Org)
threading.Thread(target=server.serve_forever, daemon=True).start()
place = httpx.URL(f"http://127.0.0.1:{server.server_address[1]}")
SalesforceClient(token=SalesforceToken(place, "none"), api_version=64)


def found(what, **condition):
    ids = [account.Id for account in select(Account).where(**condition).execute()]
    print(f"{what}: WHERE {asked[-1]}, found {', '.join(ids) or 'nothing'}")
    return asked[-1], ids


seen = [found(f'"{name}"', Name=name) for name in NAMES]
seen.append(found("all that are there by their names", Name__in=list(NAMES)))
first = ["001000000000001AAA"]
stated = [
    ("Name = 'Acme Corp'", first),
    ("Name = 'Acme Corp'", first),
    ("Name = 'Suite 4 B'", []),
    ("Name IN ('Acme Corp','Acme Corp','Suite 4 B')", first),
]
sys.exit(0 if seen == stated else 1)
PY
